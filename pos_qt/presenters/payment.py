"""Paying: the counter's one-tap tenders, the payment screen, and the change due afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from pos_qt.presenters import change, counter
from pos_qt.presenters.card import CardPresenter
from pos_qt.presenters.desk import Desk
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.shown import ChangeDue, Counter, Method, Note, Part
from schemas.keys import Digest, TenderKey
from schemas.money import Money, exponent
from schemas.receipt import Receipt
from schemas.tender import Tender
from services.disk.durable import DiskRefused, Unconfirmed
from services.register import tendering, wording
from services.register.refusal import StepRefused
from services.register.tendering import NOTES, likely_notes

CASH = TenderKey("cash")
ASKED = frozenset({"voucher", "account", "points", "debit"})
_ICONS = {
    "cash": "money", "card": "contactless-payment", "voucher": "gift", "account": "user",
    "points": "star", "debit": "file-text",
}  # fmt: skip


class PaymentView(Protocol):
    """What shows the counter, the payment and the change due."""

    def show_counter(self, counter: Counter) -> None:
        """The bar at the bottom."""

    def show_payment(
        self, methods: Sequence[Method], given: str, notes: Sequence[Note], parts: Sequence[Part]
    ) -> None:
        """The payment screen's parts."""

    def show_paying(self, *, paying: bool) -> None:
        """Whether the payment screen is in front."""

    def show_change(self, due: ChangeDue | None, *, small: bool) -> None:
        """The change due: large in the slip, small in its head, or gone."""


class PaymentPresenter:
    """Takes money. The sale is in the journal before anything else happens."""

    def __init__(self, desk: Desk, sale: SalePresenter, view: PaymentView) -> None:
        self.desk = desk
        self.is_open = False
        self.on_paid: Callable[[Receipt], None] = lambda _: None
        self.asks: Callable[[], str] = lambda: ""
        """What must be answered in the slip before money is taken: age or reply; empty: nothing."""
        self.on_asking: Callable[[], None] = lambda: None
        self._sale = sale
        self._view = view
        self._method = CASH
        self._chosen = ""
        self._tenders: dict[TenderKey, Tender] = {}
        self._due: ChangeDue | None = None
        self.cards: CardPresenter | None = None
        self.on_show: Callable[[], None] = lambda: None
        self.on_asked: Callable[[Tender, Money | None], None] = lambda *_: None
        """A tender was chosen that head office is asked about; what was typed before it."""

    def tie(self, cards: CardPresenter) -> None:
        """Card payments go through a terminal, where there is one."""
        self.cards = cards
        cards.on_booked = self.card_booked
        cards.on_show(self.card_shown)
        cards.on_free = self.card_freed

    @property
    def open_amount(self) -> Money:
        """What is still to be paid."""
        return self.desk.till.basket.open

    # What the cashier does

    def quick(self, key: str) -> None:
        """A tender on the counter: one tap completes."""
        self.desk.take(lambda: self._quick(key))

    def pay(self) -> None:
        """*Pay*: opens the payment, or finishes it."""
        self.desk.take(self._go_on)

    def back(self) -> None:
        """To the receipt; what was given in part stays. A terminal at work is waited for."""
        if self.cards is not None and self.cards.is_asking:
            return
        self.is_open = False
        self._chosen = ""
        self._sale.entry.clear()
        self._view.show_paying(paying=False)
        self.show()
        self._sale.show_entry()

    def choose(self, method: str) -> None:
        """Another way to pay; what must be asked about has a page of its own."""
        tender = self._tenders.get(TenderKey(method))
        if tender is not None and tender.kind in ASKED and not self._is_pending:
            typed = self._sale.entry.money(self.open_amount.currency)
            self.back()
            self.on_asked(tender, typed)
            return
        self._method = TenderKey(method)
        self._chosen = ""
        self.show()

    def give(self, method: TenderKey, given: Money, reference: str | None = None) -> None:
        """So much is given in a tender whose page asked for what it needs; the rest stays open."""
        self.desk.take(lambda: self._give(method, given, reference))

    def reopen(self) -> None:
        """The payment again, where something is still open."""
        self.desk.take(self._open)

    def note(self, key: str) -> None:
        """A proposed sum: the first tap fills it in, the second finishes."""
        if key == self._chosen:
            self.pay()
            return
        self._chosen = key
        self._sale.entry.clear()
        self._sale.typed(Money(int(key), self.open_amount.currency).number)
        self.show()

    def drop(self, part: int) -> None:
        """A partial tender is taken back."""
        self.desk.take(lambda: self._drop(part))

    def shrink(self) -> None:
        """The next receipt began: the change due becomes a chip."""
        if self._due is not None:
            self._view.show_change(self._due, small=True)

    def forget_change(self) -> None:
        """The chip has been there long enough."""
        self._due = None
        self._view.show_change(None, small=True)

    # Steps

    def _by_card(self, method: TenderKey, given: Money) -> bool:
        """Ask the terminal, where this tender goes through one; says whether it did."""
        if self.cards is None or not given or not self.cards.takes(method):
            return False
        if not self.is_open:
            self._open()
        self._method = method
        self._sale.strips.close("card")
        self.cards.pay(method, given)
        self.show()
        return True

    def card_shown(self) -> None:
        """A terminal is at work, or left something open: that is seen in the payment."""
        if not self.is_open:
            self._open()

    def card_freed(self) -> None:
        """The terminal is done; where there is no sale, selling begins again."""
        if self.is_open and self.desk.till.basket.is_empty:
            self.back()

    def card_booked(self, _: object) -> None:
        """The terminal's money is in the basket: the sale is finished where all is paid."""
        basket = self.desk.till.basket
        left = basket.open.minor * (1 if basket.total.minor >= 0 else -1)
        if basket.payments and left <= 0:
            self._settle(self._method, self.open_amount)
        self.show()

    @property
    def _is_pending(self) -> bool:
        """Is a terminal's answer missing? Then nothing else is paid, and its box is shown."""
        if self.cards is None or not self.cards.is_pending:
            return False
        if not self.is_open:
            self._open()
        return True

    def _drop(self, part: int) -> None:
        if self._is_pending:
            return
        if self.cards is not None and self.cards.gives_back(part):
            self.cards.drop(part)
            return
        try:
            self.desk.till.paying.give_back(part)
        except DiskRefused as refused:
            self._sale.disk_refused(refused)
        self.show()

    def _quick(self, key: str) -> None:
        due = self.open_amount
        if self._is_pending or self.desk.till.basket.is_empty:
            return
        if self.asks():
            self.on_asking()
            return
        if key == "exact":
            self._settle(CASH, due)
        elif key.isdigit():
            self._settle(CASH, Money(int(key), due.currency))
        else:
            self._settle(TenderKey(key), due)

    def _go_on(self) -> None:
        """A second tap that waited while the sale was written finds an empty basket: it is over."""
        if self._is_pending or self.desk.till.basket.is_empty:
            return
        if self.asks():
            if self.is_open:
                self.back()
            self.on_asking()
        elif self.is_open:
            self._finish()
        else:
            self._open()

    def _open(self) -> None:
        self._tenders = {tender.key: tender for tender in self.desk.till.catalogue.tenders()}
        self._method, self._chosen, self.is_open = CASH, "", True
        self._sale.entry.times = None
        self._view.show_paying(paying=True)
        self.show()

    def _finish(self) -> None:
        entry = self._sale.entry
        given = self._typed()
        if given is None:
            self._sale.failed(StepRefused("bad-value", reason=entry.text))
            return
        self._sale.erase(whole=True)
        self._chosen = ""
        if 0 < self._worth(given).minor < self.open_amount.minor:
            self._take(given)
        else:
            self._settle(self._method, given)

    def _typed(self) -> Money | None:
        """What was typed, in the tender's own currency; else all that is open. None: no amount."""
        entry, tender = self._sale.entry, self._tenders.get(self._method)
        if tender is not None and tender.currency is not None and tender.rate:
            if entry.text:
                return entry.money(tender.currency)
            return tendering.foreign(self.open_amount, tender)
        return entry.money(self.open_amount.currency) if entry.text else self.open_amount

    def _worth(self, given: Money) -> Money:
        """What it is worth in the till's currency."""
        tender = self._tenders.get(self._method)
        if tender is None or given.currency == self.open_amount.currency:
            return given
        handed = tendering.Handed(tender, given)
        return tendering.payment(handed, self.open_amount.currency, "en").amount

    def _take(self, given: Money) -> None:
        """Less than is open: a part."""
        if self._by_card(self._method, given):
            return
        try:
            self.desk.till.paying.tender(self._method, given)
        except StepRefused as refused:
            if not self.desk.asks(refused, lambda: self._take(given)):
                self._sale.failed(refused)
        except DiskRefused as refused:
            self._sale.disk_refused(refused)
        self.show()

    def _give(self, method: TenderKey, given: Money, reference: str | None) -> None:
        if self._is_pending or self.desk.till.basket.is_empty:
            return
        if abs(given.minor) < abs(self.open_amount.minor):
            try:
                self.desk.till.paying.tender(method, given, reference=reference)
            except StepRefused as refused:
                if not self.desk.asks(refused, lambda: self._give(method, given, reference)):
                    self._sale.failed(refused)
                return
            self._open()
            return
        paid = [(method, given, reference)]
        self.desk.go(lambda: self.desk.till.pay(paid), self._paid, self._not_paid)
        self.show()

    def _settle(self, method: TenderKey, given: Money) -> None:
        basket = self.desk.till.basket
        left = basket.open.minor * (1 if basket.total.minor >= 0 else -1)
        covered = left <= 0 and bool(basket.payments)
        if not covered and self._by_card(method, given):
            return
        tenders = [] if covered else [(method, given)]
        self._sale.strips.close("abort")
        self.desk.go(lambda: self.desk.till.pay(tenders), self._paid, self._not_paid)
        self.show()

    def _paid(self, answer: tuple[Receipt, Digest]) -> None:
        receipt = answer[0]
        self._close()
        self.show_due(receipt)
        self.on_paid(receipt)

    def show_due(self, receipt: Receipt) -> None:
        """What the customer gets back, large, until the next receipt begins."""
        self._due = change.due(receipt, self.desk.words, self.desk.tender_name)
        self._view.show_change(self._due, small=False)

    def _not_paid(self, error: Exception) -> None:
        if isinstance(error, Unconfirmed):
            self._close()  # it is sold all the same
        self._sale.failed(error)
        self.show()

    def _close(self) -> None:
        self._chosen = ""
        self.is_open = False
        self._view.show_paying(paying=False)
        self._sale.fresh()

    # What is seen

    def show(self) -> None:
        """The counter, and the payment where it is open."""
        self.on_show()
        if self.is_open:
            tender = self._tenders.get(self._method)
            self._view.show_counter(
                counter.paying(self.desk, self._worth(self._typed() or self.open_amount), tender)
            )
        else:
            self._view.show_counter(counter.selling(self.desk, self.asks()))
        if self.is_open:
            self._view.show_payment(
                self._methods(),
                self._given_in(),
                self._notes(),
                [
                    Part(self.desk.tender_name(payment), self.desk.words.amount(payment.amount))
                    for payment in self.desk.till.basket.payments
                ],
            )

    def _given_in(self) -> str:
        """What the amount is given in; of a foreign currency, how much of it is due."""
        words, tender = self.desk.words, self._tenders.get(self._method)
        out = self.open_amount.minor < 0
        said = words("payment.out" if out else "payment.given", tender=self._name(self._method))
        if tender is None or tender.currency is None or not tender.rate:
            return said
        due = tendering.foreign(self.open_amount, tender)
        return f"{said} · {words.amount(due)} {wording.sign(due.currency)}"

    def _name(self, key: TenderKey) -> str:
        tender = self._tenders.get(key)
        return tender.name(self.desk.words.language) if tender else key

    def _methods(self) -> list[Method]:
        tenders = sorted(self._tenders.values(), key=lambda t: t.kind != "cash")
        language = self.desk.words.language
        return [
            Method(t.key, t.name(language), _ICONS.get(t.kind, "tag"), t.key == self._method)
            for t in tenders
        ]

    def _notes(self) -> list[Note]:
        due, words = self.open_amount, self.desk.words
        exact = Note(
            str(due.minor),
            words.amount(due),
            words("counter.exact" if due.minor >= 0 else "counter.payout"),
            "",
            self._is(due.minor),
        )
        tender = self._tenders.get(self._method)
        if tender is None or not tender.change:
            return [exact]
        unit = 10 ** exponent(due.currency)
        known = NOTES.get(due.currency, ())
        return [exact] + [
            Note(
                str(sum_.minor),
                words.amount(sum_) if sum_.minor % unit else str(sum_.minor // unit),
                words("counter.back", amount=words.amount(sum_ - due)),
                str(sum_.minor // unit) if sum_.minor // unit in known else "other",
                self._is(sum_.minor),
            )
            for sum_ in likely_notes(due, 5)
        ]

    def _is(self, minor: int) -> bool:
        return self._chosen == str(minor)
