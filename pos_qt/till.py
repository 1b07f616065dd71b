"""Puts the till's face together and owns all of it: window, presenters, printer, doorbell."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from pos_qt.background import Background
from pos_qt.cardslips import CardSlips
from pos_qt.commands import Commands
from pos_qt.doorbell import Doorbell
from pos_qt.outlook import Outlook
from pos_qt.peripherals.cardnote import CardNotes
from pos_qt.peripherals.cardterminal import CardTerminal
from pos_qt.peripherals.printer import Printer, PrintQueue
from pos_qt.peripherals.speaker import Speaker
from pos_qt.peripherals.wedge import Wedge
from pos_qt.plugs import Plugs
from pos_qt.presenters.aftersale import AfterSalePresenter
from pos_qt.presenters.approval import ABOUT, ApprovalPresenter
from pos_qt.presenters.authorised import AuthorisedPresenter
from pos_qt.presenters.card import CardPresenter
from pos_qt.presenters.clientele import ClientelePresenter
from pos_qt.presenters.counting import CountPresenter
from pos_qt.presenters.customer import CustomerPresenter
from pos_qt.presenters.desk import Desk
from pos_qt.presenters.discount import DiscountPresenter
from pos_qt.presenters.enquiry import EnquiryPresenter
from pos_qt.presenters.functions import FunctionsPresenter
from pos_qt.presenters.keys import keys_of
from pos_qt.presenters.parking import ParkingPresenter
from pos_qt.presenters.payment import PaymentPresenter
from pos_qt.presenters.preview import PreviewPresenter
from pos_qt.presenters.questions import AgePresenter, WeightPresenter
from pos_qt.presenters.replies import ReplyPresenter
from pos_qt.presenters.returning import ReturnPresenter
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.search import SearchPresenter
from pos_qt.presenters.sheets import SheetPresenter
from pos_qt.presenters.shift import ShiftPresenter
from pos_qt.presenters.signin import SignInPresenter
from pos_qt.presenters.system import SystemPresenter
from pos_qt.presenters.training import TrainingPresenter
from pos_qt.presenters.unknown import UnknownPresenter
from pos_qt.presenters.variants import VariantPresenter
from pos_qt.screens.window import TillWindow
from pos_qt.sounds import Sounds
from pos_qt.systemports import SystemPorts
from pos_qt.translations.words import Words
from pos_qt.weighing import ScaleWatch
from schemas.keys import StaffKey
from schemas.receipt import Receipt
from services.disk.box import Box
from services.mirror.catalogue import MirrorMissing
from services.mirror.pictures import Pictures
from services.till.till import Till

log = logging.getLogger(__name__)

_RETRY_MS: Final = 1000
_CHIP_MS: Final = 60_000


class TillFace(QObject):
    """One till with its face. Keep it as long as its window: it owns what the window talks to."""

    def __init__(
        self,
        box: Box,
        now: Callable[[], datetime],
        *,
        theme: str = "light",
        left: bool = False,
        large: bool = False,
        printer: Printer | None = None,
        speaker: Speaker | None = None,
    ) -> None:
        """Raises BoxRefused where the box is not enrolled, or another till sells on it."""
        super().__init__()
        self.box = box
        self._now = now
        self._printer, self._theme = printer, theme
        self.sounds = Sounds(speaker)
        self.window = TillWindow(theme, left=left, large=large)
        self.window.sale.selling.photos.ask = Pictures(box.mirror).webp
        self.worker = Background("till-work")
        self.printing = Background("till-print")
        self.asking = Background("till-ask")
        self.till: Till | None = None
        self._locked_by: StaffKey | None = None
        self._chip = QTimer(self)
        self._chip.setSingleShot(True)
        self._retry = QTimer(self)
        self._retry.timeout.connect(self.open)
        self.open()

    def open(self) -> None:
        """Begin to sell, or wait for master data."""
        try:
            self.till = Till(self.box, self._now, self.worker.latest)
        except MirrorMissing as missing:
            log.info("waiting for master data why=%s", missing)
            words = Words("de")
            self.window.loading.show_loading(words("loading.title"), words("loading.text"))
            self.window.show_screen(self.window.loading)
            self._retry.start(_RETRY_MS)
            return
        self._retry.stop()
        self._assemble(self.till)

    def close(self) -> None:
        """Finish what is being written and let the box go."""
        self._retry.stop()
        self._chip.stop()
        if self.till is not None:
            QApplication.instance().removeEventFilter(self.wedge)  # type: ignore[union-attr]
            ends = (self.doorbell.close, self.outlook.close, self.plugs.close, self.scale.close)
            for end in (*ends, self.window.sale.selling.photos.close):
                end()
        self.worker.close()
        self.printing.close()
        self.asking.close(1)
        self.sounds.close()
        if self.till is not None:
            self.till.close()

    def _assemble(self, till: Till) -> None:
        screen = self.window.sale
        self.desk = Desk(till, Words(till.catalogue.own.language), self.worker)
        self.sale = SalePresenter(self.desk, screen)
        self.approval = ApprovalPresenter(self.desk, self.sale)
        self.sheets = SheetPresenter(self.sale, screen)
        self.payment = PaymentPresenter(self.desk, self.sale, screen)
        self.search = SearchPresenter(self.desk, self.sale, screen)
        self.signin = SignInPresenter(self.desk, self.window.signin)
        self.print_queue = PrintQueue(self._printer, self.printing, self._on_printer)
        on_sheets = (self.desk, self.sale, self.sheets)
        self.ages = AgePresenter(self.desk, self.sale)
        self.weights = WeightPresenter(self.desk, self.sale)
        self.scale = self.weights.scale = ScaleWatch(self)
        self.plugs = Plugs(
            self.box.path, self._theme, self.scale, self.printing, self, handed=self._printer,
            on_printer=self.print_queue.plug, on_terminal=self._on_terminal,
        )  # fmt: skip
        self.customer = CustomerPresenter(self.desk, self.plugs.showing.show)
        notes, cards = CardNotes(self.box.hand), self.plugs.cards
        self.cards = CardPresenter(self.desk, self.sale, screen, notes, cards, cards.tell)
        self.card_slips = CardSlips(self.desk, self.sale, self.print_queue)
        self.discount = DiscountPresenter(*on_sheets)
        self.parking = ParkingPresenter(*on_sheets)
        self.returning = ReturnPresenter(*on_sheets)
        self.counting = CountPresenter(self.desk, self.sale, self.window.count, self.print_queue)
        self.shift = ShiftPresenter(*on_sheets, self.print_queue, self.counting)
        self.enquiry = EnquiryPresenter(*on_sheets)
        self.training = TrainingPresenter(self.desk, self.sale)
        self.aftersale = AfterSalePresenter(*on_sheets, self.print_queue)
        self.functions = FunctionsPresenter(*on_sheets)
        self.replies = ReplyPresenter(*on_sheets)
        self.unknown = UnknownPresenter(self.desk, self.sale, self.window)
        self.variants = VariantPresenter(self.desk, self.sale)
        self.preview = PreviewPresenter(self.desk, self.sale, screen, self.print_queue)
        self.clientele = ClientelePresenter(*on_sheets)
        self.authorised = AuthorisedPresenter(*on_sheets, self.payment, self.clientele, self.asking)
        self.outlook = Outlook(self.desk, self.window, self.print_queue, self)
        self.wedge = Wedge(self.window)
        QApplication.instance().installEventFilter(self.wedge)  # type: ignore[union-attr]
        self.commands = Commands(self)
        self.doorbell = Doorbell(self.box.path, self._on_bell, self)
        self.worker.on_fault = self.sale.failed
        self.outlook.on_tick = self._on_tick
        self._tie()
        self._tie_devices()
        self._chip.timeout.connect(self.payment.forget_change)
        self.window.speak(self.desk.words)
        self.renew_keys()
        self.lock()

    def _tie(self) -> None:
        """What one presenter asks of another."""
        self.sale.on_change = self._on_change
        self.sale.on_act = self._on_act
        self.sale.on_search = self._on_search
        self.payment.on_paid = self._on_paid
        self.signin.on_signed_in = self._on_signed_in
        self.sheets.on_change = self._on_sheet
        self.payment.asks = self._asks
        self.payment.on_asking = self._jump
        self.outlook.returning = lambda: self.returning.stage
        self.outlook.closing = lambda: self.shift.is_closing
        self.training.on_change = self._on_training
        self.aftersale.on_training = self.training.toggle
        self.parking.on_count = self._on_parked
        self.shift.waiting = lambda: self.outlook.waiting
        self.shift.is_online = lambda: self.outlook.link == "online"
        self.shift.on_closed = self.lock
        self.counting.on_open = lambda: self.window.show_screen(self.window.count)
        self.counting.on_close = self._on_counted
        self.counting.on_handed_over = self._on_handed_over
        self.aftersale.on_view = self.preview.show
        self.aftersale.on_return = self.returning.found
        self.aftersale.on_discount = self.discount.receipt
        self.aftersale.on_enquiry = self.enquiry.open
        self.aftersale.on_voided = self.payment.show_due
        self.aftersale.on_customer = self.clientele.open
        self.clientele.on_paid_in = lambda: self.print_queue.put(None, kick=True)
        takers = (self.replies.took, self.clientele.took, self.authorised.took, self.functions.took)
        self.sale.on_code = lambda code: any(takes(code) for takes in takers)
        self.aftersale.on_more = self.functions.open
        self.functions.on_parked = self.parking.look

    def _tie_devices(self) -> None:
        """What devices and presenters tell each other."""
        self.sale.on_sold = self.sounds.sold
        self.sale.strips.on_open = self.sounds.strip
        self.unknown.on_heard = self.sounds.play
        self.payment.tie(self.cards)
        self.payment.on_show = self.customer.show
        self.customer.is_paying = lambda: self.payment.is_open
        self.aftersale.cards = self.cards
        self.cards.on_lines = self.card_slips.told
        self.cards.on_voided = self.card_slips.voided
        self._chip.timeout.connect(self.customer.rest)
        self.outlook.faults = self.plugs.faults
        self.plugs.scanned.connect(self.commands.scanned)
        self.window.sale.payment.card_acted.connect(self.cards.act)
        self._plug()
        ports = SystemPorts(self.box, self.plugs, self.outlook, self.print_queue)
        self.system = SystemPresenter(self.desk, self.sheets, ports)
        self.window.status.pill_tapped.connect(self._on_pill)

    def _asks(self) -> str:
        """What must be answered before money is taken."""
        asking = ((self.ages.is_open, "age"), (self.replies.is_open, "reply"),
                  (self.unknown.is_open, "unknown"), (self.weights.is_open, "weight"))  # fmt: skip
        return next((key for is_so, key in asking if is_so), "")

    def _jump(self) -> None:
        """To what must be answered before money is taken."""
        jumps = {"age": self.ages.jump, "reply": self.replies.jump, "unknown": self.unknown.jump}
        jumps.get(self._asks(), self.weights.jump)()

    def _on_pill(self, key: str) -> None:
        """A pill opens the system sheet at its row."""
        if self.desk.till.cashier is not None and not self.payment.is_open:
            self.system.open(key)

    def _plug(self) -> None:
        """Devices as the settings say now. Only between two receipts."""
        if self.desk.till.basket.is_empty and not self.cards.is_pending:
            self.plugs.change(self.desk.till.catalogue.own)
            self.sounds.tune(self.desk.till.catalogue.own)

    def _on_terminal(self, terminal: CardTerminal | None) -> None:
        self.cards.terminal = terminal

    def lock(self) -> None:
        """Nobody sells; an open receipt stays. Whoever signs in goes on with it."""
        self.desk.take(self._lock)

    def _lock(self) -> None:
        chosen = self.desk.till.cashier
        self._locked_by = chosen.key if chosen else None
        self.window.sale.show_preview(open_=False)
        self.unknown.go_on()
        if self.payment.is_open:
            self.payment.back()
        if self.search.is_open:
            self.search.close()
        self.sheets.close()
        self.counting.is_open = False
        self.sale.strips.close(ABOUT)
        self.sale.strips.rest()
        self.desk.till.sign_out()
        self.window.status.show_cashier("", "")
        self.signin.open(chosen)
        self.window.show_screen(self.window.signin)

    def renew_keys(self) -> None:
        """Draw the article keys from the mirror."""
        till, words = self.desk.till, self.desk.words
        keys = keys_of(till.catalogue, words, till.now())
        self.window.sale.show_keys(keys, words("sale.no-keys"))

    def fault(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Something nobody foresaw: the receipt stays, a strip says so, the details are kept."""
        log.error("unexpected fault", exc_info=(kind, error, trace))
        if self.till is not None and isinstance(error, Exception):
            self.sale.failed(error)

    # What happens

    def _on_tick(self) -> None:
        if self.desk.till.cashier is None and not self.desk.is_busy:
            self.signin.tick()
        self.parking.tick()
        if self.sheets.is_open:
            self.sheets.show()

    def _on_change(self) -> None:
        """The sale, or the sheet beside it, is another."""
        self.ages.look()
        self.replies.look()
        self.payment.show()
        self.sheets.show_entry()
        self.outlook.changed()

    def _on_training(self) -> None:
        """What was practised is not shown as sold, nor what was sold as practised."""
        self.sheets.close()
        self.payment.forget_change()

    def _on_sheet(self) -> None:
        """A sheet lies over keys and search: one of them is in front."""
        if self.sheets.is_open and self.search.is_open:
            self.search.close()
        self._on_change()

    def _on_search(self, text: str) -> None:
        self.sheets.close()
        self.search.open(text)

    def _on_counted(self) -> None:
        self.window.show_screen(self.window.sale)
        self.sheets.show()

    def _on_handed_over(self, to: StaffKey) -> None:
        """The drawer is another's: who counted is signed off."""
        self.lock()
        self.signin.choose(to)

    def _on_parked(self, many: int, late: bool) -> None:
        self.outlook.parked_late = late
        self.window.sale.selling.pad.show_badge("recall", str(many) if many else "")

    def _on_signed_in(self) -> None:
        till = self.desk.till
        if (cashier := till.cashier) is None:
            return
        if cashier.key != self._locked_by:
            self.payment.forget_change()
            self.customer.rest()
        before = self.desk.words.language
        self.desk.words = Words(cashier.language or till.catalogue.own.language)
        self.window.speak(self.desk.words)
        self.weights.speak(before)
        self.window.status.show_cashier(cashier.initials, cashier.name)
        self.window.show_screen(self.window.sale)
        self.renew_keys()
        self.sale.speak()
        self.parking.look()
        self.outlook.look()
        self.cards.begin()

    def _on_paid(self, receipt: Receipt) -> None:
        till = self.desk.till
        tenders = (till.catalogue.tender(payment.tender) for payment in receipt.payments)
        kick = not receipt.training and any(
            tender is not None and tender.drawer for tender in tenders
        )
        self.print_queue.put([*till.prints.rows(receipt), *self.card_slips.taken()], kick=kick)
        self.sounds.play("paid")
        self.print_queue.put_all(till.prints.shop(receipt))
        self.customer.paid(receipt)
        self._plug()
        self._chip.start(_CHIP_MS)
        self.renew_keys()
        self.outlook.look()

    def _on_act(self) -> None:
        """Something was done for the next receipt: change due and preview make way."""
        self.payment.shrink()
        if self.payment.is_open:
            self.payment.show()
        elif not self.search.is_open and self.window.sale.is_previewing:
            self.window.sale.show_preview(open_=False)

    def _on_bell(self) -> None:
        if not self.desk.is_busy and self.desk.till.renew():
            self.renew_keys()
            self.sale.show()
            if self.desk.till.cashier is None:
                self.signin.open(None)
        if not self.desk.is_busy:
            self._plug()
            self.print_queue.put_all(self.desk.till.prints.proofs())
        self.plugs.showing.again()
        self.print_queue.retry()
        self.parking.look_around()
        self.outlook.look()

    def _on_printer(self) -> None:
        self.outlook.show()
