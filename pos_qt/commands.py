"""What keys and signals do in each state: the one place that ties screens to presenters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from pos_qt.peripherals.wedge import Wedge
from pos_qt.presenters.aftersale import AfterSalePresenter
from pos_qt.presenters.approval import ApprovalPresenter
from pos_qt.presenters.card import CardPresenter
from pos_qt.presenters.clientele import ClientelePresenter
from pos_qt.presenters.counting import CountPresenter
from pos_qt.presenters.desk import Desk
from pos_qt.presenters.discount import DiscountPresenter
from pos_qt.presenters.functions import FunctionsPresenter
from pos_qt.presenters.parking import ParkingPresenter
from pos_qt.presenters.payment import PaymentPresenter
from pos_qt.presenters.preview import PreviewPresenter
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
from services.register import slipcode


class Face(Protocol):
    """What commands need of the till that is put together."""

    window: TillWindow
    desk: Desk
    wedge: Wedge
    sale: SalePresenter
    payment: PaymentPresenter
    search: SearchPresenter
    sheets: SheetPresenter
    discount: DiscountPresenter
    parking: ParkingPresenter
    returning: ReturnPresenter
    shift: ShiftPresenter
    aftersale: AfterSalePresenter
    approval: ApprovalPresenter
    clientele: ClientelePresenter
    preview: PreviewPresenter
    functions: FunctionsPresenter
    cards: CardPresenter
    system: SystemPresenter
    training: TrainingPresenter
    counting: CountPresenter
    signin: SignInPresenter
    unknown: UnknownPresenter
    variants: VariantPresenter

    def lock(self) -> None:
        """Nobody sells any more."""


class Commands:
    """Connects everything that a cashier can press, tap or scan."""

    def __init__(self, face: Face) -> None:
        self._face = face
        self._connect_sale()
        self._connect_rest()
        face.wedge.scanned.connect(self.scanned)
        face.wedge.typed.connect(self.typed)
        face.wedge.pressed.connect(self.pressed)
        self._keys: dict[str, Callable[[], None]] = {
            "F3": self._search,
            "F4": self._on_line(face.sale.quantity),
            "F5": self._on_line(face.sale.price),
            "F6": self._on_line(face.discount.line),
            "F8": self._on_line(face.parking.toggle),
            "Ctrl+D": self._on_line(face.shift.open),
            "Ctrl+R": self._on_line(face.returning.open),
            "Ctrl+M": self._on_line(face.aftersale.menu),
            "Ctrl+S": self._on_line(self._system),
            "Ctrl+K": self._on_line(face.clientele.open),
            "Ctrl+F": self._on_line(face.functions.open),
            "Ctrl+T": self._on_line(face.training.toggle),
            "Left": lambda: self._turn(-1),
            "Right": lambda: self._turn(1),
            "F7": self._on_line(face.sale.void),
            "Del": self._on_line(face.sale.void),
            "F9": lambda: self.quick("exact"),
            "F10": lambda: self.quick("card"),
            "F12": self.pay,
            "Esc": self.escape,
            "Ctrl+Z": self._on_line(face.sale.undo),
            "Ctrl+O": face.shift.open_drawer,
            "Ctrl+L": face.lock,
            "Backspace": lambda: self.pad("back"),
            "Return": self.enter,
            "Enter": self.enter,
            "Up": lambda: self._move(-1),
            "Down": lambda: self._move(1),
            "Tab": lambda: face.sale.strip_step(1),
            "Shift+Tab": lambda: face.sale.strip_step(-1),
            "Shift+Backtab": lambda: face.sale.strip_step(-1),
            "Space": self._space,
        }
        for n in range(1, 10):
            self._keys[f"Alt+{n}"] = partial(face.window.sale.selling.keys.show_tab, n - 1)

    def _connect_sale(self) -> None:
        face, screen = self._face, self._face.window.sale
        slip, selling = screen.slip, screen.selling
        slip.line_chosen.connect(face.sale.select)
        slip.added.connect(face.sale.add)
        slip.discount_wished.connect(self._on_line(face.discount.line))
        slip.price_asked.connect(self._why)
        slip.menu_wished.connect(self._on_line(face.aftersale.menu))
        slip.voided.connect(face.sale.void)
        slip.undone.connect(face.sale.undo)
        slip.strip_acted.connect(face.sale.strip_acted)
        slip.chip_tapped.connect(face.preview.last)
        slip.reprint_wished.connect(face.preview.print_last)
        slip.view_wished.connect(face.preview.last)
        selling.keys.pressed.connect(face.variants.pressed)
        selling.pad.pad_pressed.connect(self.pad)
        selling.pad.function_pressed.connect(self.function)
        selling.sheet.tapped.connect(face.sheets.tap)
        selling.row_tapped.connect(face.search.sell)
        selling.search.edited.connect(self._searched)
        selling.search.closed.connect(face.search.close)
        selling.search.tapped.connect(self._search)
        selling.letter_pressed.connect(self._letter)

    def _connect_rest(self) -> None:
        face, screen = self._face, self._face.window.sale
        count = face.window.count
        count.row_tapped.connect(face.counting.choose)
        count.pad_pressed.connect(self.pad)
        count.emptied.connect(face.counting.empty)
        count.acted.connect(face.counting.act)
        face.window.hold.went_on.connect(face.unknown.go_on)
        count.more_wished.connect(face.counting.more)
        count.strip_acted.connect(face.sale.strip_acted)
        screen.counter.tendered.connect(self.quick)
        screen.counter.pay_pressed.connect(self.pay)
        screen.payment.method_chosen.connect(face.payment.choose)
        screen.payment.note_tapped.connect(face.payment.note)
        screen.payment.part_dropped.connect(face.payment.drop)
        screen.payment.pad_pressed.connect(self.pad)
        screen.payment.back_wished.connect(face.payment.back)
        screen.preview.print_wished.connect(face.preview.print_last)
        screen.preview.closed.connect(self.escape)
        face.window.signin.person_chosen.connect(face.signin.choose)
        face.window.signin.pad_pressed.connect(self.pad)
        face.window.status.lock_wished.connect(face.lock)
        face.window.edge.clicked.connect(self._on_edge)

    @property
    def _signed_in(self) -> bool:
        return self._face.desk.till.cashier is not None

    def scanned(self, code: str) -> None:
        """A scan means *sell*, wherever the cashier is; nobody signed in sells nothing."""
        face = self._face
        if face.unknown.is_held:
            face.unknown.scanned()
            return
        if not self._signed_in and not face.desk.is_busy:
            face.signin.scanned(code)
            return
        if face.approval.scanned(code):
            return
        if code.startswith(slipcode.PREFIX):
            face.returning.found(code)
            return
        face.counting.later()
        if face.sheets.scanned(code):
            return
        if face.payment.is_open:
            face.payment.back()
        face.sale.scanned(code)

    def typed(self, text: str) -> None:
        """Characters that a person typed, outside the search field."""
        if self._face.unknown.is_held:
            return
        for char in text:
            if (self._signed_in and self._face.sheets.is_open) or char.isdigit() or char in ",.":
                self.pad(char)
            elif self._signed_in and char in "*x":
                self.pad("×")
            elif self._signed_in and char == "/":
                self._search()
            elif self._signed_in and char in "+-" and not self._face.payment.is_open:
                self._face.sale.add(1 if char == "+" else -1)

    def pad(self, name: str) -> None:
        """A key of the number pad, on screen or on the keyboard."""
        face = self._face
        if not self._signed_in:
            if name in {"back", "C"}:
                face.signin.erase(whole=name == "C")
            else:
                face.signin.typed(name)
            return
        if face.sale.strip_typed(name):
            return
        if face.counting.is_open:
            face.counting.enter() if name == "go" else face.counting.typed(name)
        elif face.sheets.is_open:
            face.sheets.enter() if name == "go" else self._write(name)
        elif name == "go":
            self.enter() if face.payment.is_open else face.sale.sell_number()
        elif name == "×" and not face.payment.is_open:
            face.sale.multiply()
        elif name in {"back", "C"}:
            face.sale.erase(whole=name == "C")
            face.payment.show()
        elif name != "×":
            face.sale.typed(name)

    def function(self, name: str) -> None:
        """A key of the function pad."""
        face = self._face
        acts: dict[str, Callable[[], None]] = {
            "discount": face.discount.line,
            "price": face.sale.price,
            "return": face.returning.open,
            "drawer": face.shift.open,
            "park": face.parking.park,
            "recall": face.parking.recall,
        }
        acts[name]()

    def _space(self) -> None:
        """Does what the ring is at in the slip; where words are typed, it is a character."""
        face = self._face
        if face.sheets.takes_words and not face.sale.strips.is_ringed:
            face.sheets.typed(" ")
        else:
            face.sale.strip_press()

    def _write(self, name: str) -> None:
        for char in name if name not in {"back", "C"} else (name,):
            self._face.sheets.typed(char)

    def _system(self) -> None:
        self._face.system.open()

    def _on_edge(self) -> None:
        """What stands at the edge's end: practice ends, or the System sheet says more."""
        if self._signed_in and not (self._face.payment.is_open or self._face.counting.is_open):
            if self._face.training.is_on:
                self._face.training.toggle()
            else:
                self._face.system.open("link")

    def _search(self) -> None:
        self._face.sheets.close()
        self._face.search.open()

    def _why(self, line: int) -> None:
        if not self._face.payment.is_open:
            self._face.discount.why(line)

    def quick(self, key: str) -> None:
        """One tap of a tender; what lies over the keys makes way."""
        self._face.sheets.close()
        self._face.payment.quick(key)

    def pay(self) -> None:
        """*Pay*; a sheet makes way for it. A count is handed in."""
        if self._face.counting.is_open:
            self._face.counting.act()
            return
        self._face.sheets.close()
        self._face.payment.pay()

    def pressed(self, name: str) -> None:
        """A key that is no character. Where nobody is signed in, only those of the sign-in."""
        if self._face.unknown.is_held:
            if name in {"Esc", "Space"}:
                self._face.unknown.go_on()
        elif self._signed_in:
            self._keys.get(name, lambda: None)()
        elif name in {"Up", "Left"}:
            self._face.signin.move(-1)
        elif name in {"Down", "Right"}:
            self._face.signin.move(1)
        elif name in {"Backspace", "Esc"}:
            self._face.signin.erase(whole=name == "Esc")

    def enter(self) -> None:
        """Finishes a payment, sells a search result or a typed number; presses nothing."""
        face = self._face
        if face.sale.strip_typed("go"):
            return
        if face.counting.is_open:
            face.counting.enter()
        elif face.payment.is_open:
            face.payment.pay()
        elif face.sheets.is_open:
            face.sheets.enter()
        elif face.search.is_open:
            face.search.sell()
        else:
            face.sale.sell_number()

    def escape(self) -> None:
        """One step back; nothing is lost."""
        face = self._face
        if face.cards.is_asking:
            face.cards.act("cancel")
        elif face.window.sale.is_previewing:
            face.window.sale.show_preview(open_=False)
        elif face.search.is_open:
            face.search.close()
        elif face.sale.strips.is_ringed and face.sale.strips.close_newest():
            face.sale.show()
        elif face.counting.is_open:
            face.counting.later()
        elif face.sheets.is_open:
            face.sheets.back()
        elif face.payment.is_open:
            face.payment.back()
        elif face.sale.strips.close_newest():
            face.sale.show()
        elif not face.sale.entry.is_empty:
            face.sale.erase(whole=True)

    def _on_line(self, act: Callable[[], None]) -> Callable[[], None]:
        def unless_paying() -> None:
            if not (self._face.payment.is_open or self._face.counting.is_open):
                act()

        return unless_paying

    def _move(self, rows: int) -> None:
        if self._face.counting.is_open:
            self._face.counting.move(rows)
        elif self._face.search.is_open:
            self._face.search.move(rows)
        elif self._face.sheets.is_open:
            self._face.sheets.move(rows)
        elif not self._face.payment.is_open:
            self._face.sale.move(rows)

    def _turn(self, steps: int) -> None:
        face = self._face
        face.counting.turn(steps) if face.counting.is_open else face.sheets.turn(steps)

    def _letter(self, sign: str) -> None:
        """A letter that was tapped goes to the sheet's field, or into the search."""
        if self._face.sheets.is_open:
            self._face.sheets.typed(sign)
        else:
            self._face.window.sale.selling.search.write(sign)

    def _searched(self, text: str) -> None:
        if text and not self._face.search.is_open:
            self._face.search.open()
        if self._face.search.is_open:
            self._face.search.typed(text)
