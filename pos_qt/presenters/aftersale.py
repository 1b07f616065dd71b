"""The slip's menu: the receipt in hand as a whole, and what can be done with finished ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pos_qt.presenters.card import CardPresenter
from pos_qt.presenters.desk import Desk
from pos_qt.presenters.digital import DigitalPresenter
from pos_qt.presenters.page import ACT, Blank, Page
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.sheets import SheetPresenter
from pos_qt.presenters.shown import Fact, Sheet, Tile
from pos_qt.presenters.slips import Prints
from pos_qt.translations.words import Words
from schemas.journal import Note
from schemas.keys import Digest
from schemas.money import Money
from schemas.receipt import Payment, Receipt
from schemas.tender import Tender
from services.register import tendering
from services.register.columns import Row
from services.register.refusal import StepRefused
from services.till.returning import BOOKED, less_change

_REASONS: Final = ("wrong-key", "customer", "other")
_DONE: Final = (
    ("view", "receipt"), ("copy", "printer"), ("gift", "gift"),
    ("mail", "note-pencil"), ("void", "prohibit"), ("tender", "swap"), ("return", "arrow-u-up-left"),
)  # fmt: skip


class AfterSalePresenter:
    """Copy, gift slip, void and change of tender of a receipt that is in the journal."""

    def __init__(
        self, desk: Desk, sale: SalePresenter, sheets: SheetPresenter, queue: Prints
    ) -> None:
        self._desk = desk
        self._sale = sale
        self._sheets = sheets
        self._queue = queue
        self._said = ""
        self._booked: tuple[Payment, ...] = ()
        self.on_view: Callable[[Receipt], None] = lambda _: None
        self.on_return: Callable[[str], None] = lambda _: None
        self.on_discount: Callable[[], None] = lambda: None
        self.on_enquiry: Callable[[], None] = lambda: None
        self.on_training: Callable[[], None] = lambda: None
        self.on_voided: Callable[[Receipt], None] = lambda _: None
        self.on_more: Callable[[], None] = lambda: None
        self.on_customer: Callable[[], None] = lambda: None
        self.cards: CardPresenter | None = None
        self.digital = DigitalPresenter(desk, sale, sheets)

    def menu(self) -> None:
        """What concerns the whole receipt, and those before it."""
        words = self._desk.words
        empty = self._desk.till.basket.is_empty
        last, practice = self._desk.till.last, self._desk.till.training
        number = words("sale.receipt", number=last.number) if last else words("preview.none")
        tiles = (
            Tile("discount", words("menu.discount"), "", "percent", enabled=not empty),
            Tile("abort", words("menu.abort"), "", "prohibit", kind="danger", enabled=not empty),
            Tile("customer", words("customer.title"), words("menu.customer.text"), "user"),
            Tile("last", words("function.last"), number, "receipt", enabled=last is not None),
            Tile("find", words("menu.find"), words("menu.find.text"), "magnifying-glass"),
            Tile("enquiry", words("enquiry.title"), words("menu.enquiry.text"), "barcode"),
            Tile("more", words("function.more"), words("function.more.text"), "dots-three"),
            Tile(
                "training",
                words("menu.training.end" if practice else "menu.training"),
                words("menu.training.text"),
                "graduation-cap",
                enabled=empty,
            ),
        )
        look = Sheet(words("menu.title"), words("menu.lead"), tiles=tiles)
        does = {
            "discount": self.on_discount,
            "abort": self._abort,
            "customer": self.on_customer,
            "last": self.last,
            "find": self._find,
            "enquiry": self.on_enquiry,
            "more": self.on_more,
            "training": self.on_training,
        }
        self._sheets.start(Page(lambda: look, does))

    def last(self) -> None:
        """The newest receipt."""
        if self._desk.till.last is not None:
            self._open(self._desk.till.last)

    def _abort(self) -> None:
        self._sheets.close()
        self._sale.abort()

    def _find(self) -> None:
        words = self._desk.words
        number = Blank("number", words("return.number"), "code", hint=words("return.number.hint"))
        look = Sheet(words("menu.find"), words("menu.find.text"), act=words("return.find"))

        def find() -> None:
            self._desk.go(
                lambda: self._desk.till.archive.receipt(number.text.strip()),
                self._found,
                self._sale.failed,
            )

        self._sheets.open(Page(lambda: look, {ACT: find}, blanks=(number,)))

    def _found(self, receipt: Receipt | None) -> None:
        if receipt is None:
            self._sale.strips.warn(self._desk.words("return.none"), kind="warn", icon="receipt")
            self._sale.show_strips()
        else:
            self._open(receipt)

    def _open(self, receipt: Receipt) -> None:
        self._said, self._booked = "", less_change(receipt)
        self._sheets.open(
            Page(
                lambda: self._sheet(receipt),
                {
                    "view": lambda: self._view(receipt),
                    "copy": lambda: self._print(lambda: self._desk.till.prints.copy(receipt)),
                    "gift": lambda: self._print(lambda: self._desk.till.prints.gift(receipt)),
                    "mail": lambda: self.digital.after(receipt),
                    "void": lambda: self._void(receipt),
                    "tender": lambda: self._tender(receipt),
                    "return": lambda: self.on_return(receipt.name),
                },
            )
        )
        self._desk.go(
            lambda: self._desk.till.returning.booked(receipt), self._kept, self._sale.failed
        )

    def _kept(self, booked: tuple[Payment, ...]) -> None:
        """The journal knows under which tenders the receipt is booked now."""
        self._booked = booked
        if self._sheets.is_open:
            self._sheets.show()

    def _view(self, receipt: Receipt) -> None:
        """The receipt as it was printed, in the sheet's place."""
        self._sheets.close()
        self.on_view(receipt)

    def _sheet(self, receipt: Receipt) -> Sheet:
        words = self._desk.words
        ends = receipt.ends.astimezone(self._desk.till.now().tzinfo)
        facts = (
            Fact(words("counter.total"), words.amount(receipt.total), "strong"),
            *self._facts(),
        )
        tiles = tuple(
            Tile(
                key,
                words(f"menu.{key}"),
                words(f"menu.{key}.text"),
                icon,
                kind="danger" if key == "void" else "plain",
                enabled=receipt.kind != "void" or key in {"view", "copy"},
            )
            for key, icon in _DONE
        )
        lead = self._said or f"{ends:%d.%m.%Y %H:%M} · {receipt.cashier_name}"
        return Sheet(words("sale.receipt", number=receipt.number), lead, facts, tiles)

    def _facts(self) -> tuple[Fact, ...]:
        """What was kept in which tender."""
        words = self._desk.words
        return tuple(Fact(self._desk.tender_name(p), words.amount(p.amount)) for p in self._booked)

    def _print(self, make: Callable[[], tuple[Row, ...]]) -> None:
        """That it was printed once more is on record before it prints."""

        def done(rows: tuple[Row, ...]) -> None:
            self._queue.put(rows)
            self._said = self._desk.words("menu.printing")
            self._sheets.show()

        self._desk.go(make, done, self._sale.failed)

    def _void(self, receipt: Receipt) -> None:
        """Asked once more, on a page of its own: a counter-receipt cannot be undone."""
        words = self._desk.words
        title = words("menu.void.title", number=receipt.number)

        def sheet() -> Sheet:
            facts = tuple(
                Fact(words("menu.back", tender=self._desk.tender_name(p)), words.amount(p.amount))
                for p in self._booked
            )
            return Sheet(title, words("menu.void.lead"), facts, act=words("menu.void"))

        def done(answer: tuple[Receipt, Digest]) -> None:
            void = answer[0]
            tenders = [self._desk.till.catalogue.tender(p.tender) for p in void.payments]
            kick = any(tender is not None and tender.drawer for tender in tenders)
            self._queue.put(self._desk.till.prints.rows(void), kick=kick)
            self._sheets.close()
            self._sale.fresh()
            self.on_voided(void)
            said = words("menu.void.done", number=receipt.number, amount=void.total)
            self._sale.strips.warn(said, kind="info", icon="prohibit")
            self._sale.show_strips()

        def void() -> None:
            if self.cards is not None and self.cards.undoes(receipt):
                self.cards.on_voided = done
                self.cards.void(receipt.name)
                return
            self._desk.go(
                lambda: self._desk.till.returning.void(receipt.name), done, self._sale.failed
            )

        self._sheets.open(Page(sheet, {ACT: void}))

    def _tender(self, receipt: Receipt) -> None:
        """It was booked under the wrong tender: the right one, and why."""
        words, till = self._desk.words, self._desk.till
        tenders = [t for t in till.catalogue.tenders() if t.kind in {"cash", "card"}]
        names = tuple((t.key, t.name(words.language)) for t in tenders)
        reasons = tuple((key, words(f"menu.reason.{key}")) for key in _REASONS)
        to = Blank("to", words("menu.to"), "chips", names)
        reason = Blank("reason", words("shift.reason"), "chips", reasons, text=_REASONS[0])

        def sheet() -> Sheet:
            lead = words("menu.tender.text")
            return Sheet(words("menu.tender"), lead, self._facts(), act=words("shift.book"))

        def done(note: Note) -> None:
            self._said, self._booked = words("menu.tender.done"), note.after
            self._sheets.back()

        def book() -> None:
            chosen = next((t for t in tenders if t.key == to.text), None)
            branch = Words(till.catalogue.own.language)
            said = branch(f"menu.reason.{reason.text}") if reason.text in _REASONS else reason.text
            if chosen is not None and not any(p.kind in BOOKED for p in receipt.payments):
                self._sale.failed(StepRefused("tender-fixed"))
            elif chosen is not None:
                after = self._payments(receipt, chosen)
                self._desk.go(
                    lambda: till.returning.change_tender(receipt.name, after, said),
                    done,
                    self._sale.failed,
                )

        self._sheets.open(Page(sheet, {ACT: book}, blanks=(to, reason)))

    def _payments(self, receipt: Receipt, tender: Tender) -> tuple[Payment, ...]:
        language = self._desk.till.catalogue.own.language
        kept = tuple(p for p in receipt.payments if p.kind not in BOOKED)
        minor = sum(p.amount.minor for p in receipt.payments if p.kind in BOOKED)
        handed = tendering.Handed(tender, Money(minor, receipt.currency) - receipt.change)
        return (*kept, tendering.payment(handed, receipt.currency, language))
