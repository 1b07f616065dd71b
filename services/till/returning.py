"""Goods that come back to this till, and receipts of it that are taken back whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol

from schemas.journal import Note
from schemas.keys import Digest, VoucherNumber
from schemas.money import Money
from schemas.quantity import Quantity
from schemas.receipt import Basket, Line, Payment, Receipt
from schemas.settings import Settings
from services.mirror.catalogue import Catalogue
from services.register import extent, returns, slipcode, voucher
from services.register.refusal import StepRefused
from services.register.returns import Given, Sold
from services.till.archive import Archive
from services.till.book import Book
from services.till.clientele import Clientele
from services.till.paying import Paying
from services.till.rights import Rights
from services.till.vouchers import Vouchers

BOOKED: Final = {"cash", "card", "other"}
"""Kinds of tenders that only say where the money lies."""


class Counter(Protocol):
    """What a return asks of its till."""

    basket: Basket
    catalogue: Catalogue
    rights: Rights
    book: Book
    archive: Archive
    paying: Paying
    vouchers: Vouchers
    clientele: Clientele
    training: bool

    def need(self, right: str, value: Decimal | None = None) -> None:
        """Go on only where the cashier may, or somebody approved it."""

    def need_all(self, *extents: extent.Extent) -> None:
        """Go on only where all of these rights are there."""

    def now(self) -> datetime:
        """The branch's local time."""

    def step(self, basket: Basket) -> Basket:
        """Make `basket` the one in hand."""


class Returning:
    """Finding what was sold, and taking it back."""

    def __init__(self, till: Counter) -> None:
        self._till = till
        self._unasked: frozenset[VoucherNumber] = frozenset()

    def find(self, said: str) -> Sold:
        """What a slip's code, a receipt's name or its number sold.

        Raises StepRefused for a receipt that is not known here, or a code that is not sound.
        """
        if said.startswith(slipcode.PREFIX):
            key = self._own.slip_key
            if not key:
                raise StepRefused("unknown-receipt", receipt="")
            try:
                return slipcode.sold(said, key)
            except slipcode.SlipCodeRefused as refused:
                raise StepRefused("bad-label", reason=refused) from refused
        receipt = self._till.archive.receipt(said)
        if receipt is None or receipt.kind == "void":
            raise StepRefused("unknown-receipt", receipt=said[:40])
        return Sold.of(receipt)

    def left(self, sold: Sold) -> list[tuple[Line, Quantity]]:
        """What of it can still come back."""
        if self._till.archive.voided(sold.name):
            return []
        return returns.left(sold, self._till.archive.taken(sold.name))

    def take_back(self, sold: Sold, line: int, quantity: Quantity, given: Given) -> Basket:
        """Add what comes back of one line to the sale in hand. Raises StepRefused."""
        till = self._till
        if till.archive.voided(sold.name):
            raise StepRefused("voided", receipt=sold.name)
        taken = till.archive.taken(sold.name)
        found = next((each for each in sold.lines if each.number == line), None)
        article = till.catalogue.by_key(found.article) if found else None
        if article is not None and article.voucher:
            raise StepRefused("voucher-return")
        basket = returns.take_back(till.basket, sold, line, quantity, taken, given)
        if basket.customer is None:  # whoever collected for it gives it back
            basket = replace(basket, customer=sold.customer)
        elif sold.customer != basket.customer:
            till.clientele.check_buyer(till.clientele.buyer(), sold.customer)
        self._check(sold, basket)
        return till.step(basket)

    def _check(self, sold: Sold, basket: Basket) -> None:
        back = sum(line.whole.minor for line in basket.lines if line.counts and line.origin)
        wanted: list[extent.Extent] = [("return", extent.units(Money(back, basket.currency)))]
        if sold.branch != self._own.branch:
            wanted.append(("return-other-branch", None))
        days = self._own.return_days
        if days is not None and (self._till.now().date() - sold.day).days > days:
            wanted.append(("return-late", None))
        self._till.need_all(*wanted)

    def void(self, said: str) -> tuple[Receipt, Digest]:
        """Take a receipt of this till back whole, by a counter-receipt; money goes back as it came.

        Raises StepRefused for a receipt that is not of this period, was taken back before, or of
        which something came back already.
        """
        receipt = self._may_void(said)
        self._till.need("void-receipt", extent.units(receipt.total))
        return self._voided(receipt, self._till.vouchers.whole(receipt, _void_name(receipt)))

    def prepare_void(self, said: str) -> Receipt:
        """Before a card terminal undoes payments: whatever speaks against the void is said now.

        Answers it with its payments as they are booked now. An approval is used up. Raises StepRefused as `void`.
        """
        if self._till.basket.lines:
            raise StepRefused("sale-open")
        receipt = self._may_void(said)
        self._till.need("void-receipt", extent.units(receipt.total))
        self._unasked = self._till.vouchers.whole(receipt, _void_name(receipt))
        return replace(receipt, payments=self._booked(receipt, as_paid=True))

    def void_undone(self, said: str) -> tuple[Receipt, Digest]:
        """The void of a receipt whose money went back already; rights were asked in `prepare_void`."""
        unasked, self._unasked = self._unasked, frozenset()
        return self._voided(self._may_void(said), unasked)

    def _may_void(self, said: str) -> Receipt:
        till = self._till
        _earnest(till)
        receipt = till.archive.receipt(said)
        if receipt is None:
            raise StepRefused("unknown-receipt", receipt=said[:40])
        if till.archive.voided(receipt.name):
            raise StepRefused("voided", receipt=receipt.number)
        if till.archive.taken(receipt.name):
            raise StepRefused("voided", receipt=receipt.number)
        entry = till.archive.entry_of(receipt.name)
        if entry is None or entry[1] <= till.book.period.after or entry[0] != till.book.series:
            raise StepRefused("closed-period", receipt=receipt.number)
        for number, line in voucher.sold(receipt):
            left = till.vouchers.worth(number)
            if left is None or left.minor < line.amount.minor:
                raise StepRefused("voucher-left", number=number, left=left or line.amount)
        return receipt

    def _voided(
        self, receipt: Receipt, unasked: frozenset[VoucherNumber]
    ) -> tuple[Receipt, Digest]:
        booked = self._booked(receipt, as_paid=True)
        return self._till.paying.take_back_whole(receipt, booked, _void_name(receipt), unasked)

    def booked(self, receipt: Receipt) -> tuple[Payment, ...]:
        """What was kept of a receipt, without change, in the tenders it is booked under now."""
        return self._booked(receipt, as_paid=False)

    def _booked(self, receipt: Receipt, *, as_paid: bool) -> tuple[Payment, ...]:
        """How a receipt's payments are booked now; `as_paid`: with change still in them."""
        note = self._till.archive.retendered(receipt.name)
        if note is not None:
            return note.after
        return receipt.payments if as_paid else less_change(receipt)

    def change_tender(self, said: str, after: tuple[Payment, ...], reason: str) -> Note:
        """A receipt's payments were booked under the wrong tenders: both are on record.

        What head office keeps an account of (vouchers, customers' accounts and points, debits) was
        taken as it was, and stays; only what is booked beside it is put right. Raises StepRefused
        unless they sum to the same, in the period that is still open.
        """
        till = self._till
        _earnest(till)
        approval = till.rights.need("change-tender")
        receipt = till.archive.receipt(said)
        entry = till.archive.entry_of(receipt.name) if receipt else None
        if receipt is None or entry is None:
            raise StepRefused("unknown-receipt", receipt=said[:40])
        if entry[1] <= till.book.period.after or entry[0] != till.book.series:
            raise StepRefused("closed-period", receipt=receipt.number)
        if not reason.strip():
            raise StepRefused("reason-missing")
        before = self._booked(receipt, as_paid=False)
        if _fixed(before) != _fixed(after):
            raise StepRefused("tender-fixed")
        right = all(self._bookable(p, receipt) for p in after if p.kind in BOOKED)
        if _sum(before) != _sum(after) or not right:
            raise StepRefused("same-tender")
        note = Note(
            "tender",
            till.now(),
            till.basket.cashier,
            receipt.number,
            reason=reason.strip(),
            approval=approval,
            before=before,
            after=after,
        )
        till.book.record(note)
        return note

    def _bookable(self, payment: Payment, receipt: Receipt) -> bool:
        """May a payment be booked so? In a tender that there is, and that needs no number."""
        tender = self._till.catalogue.tender(payment.tender)
        if tender is None or tender.kind != payment.kind or payment.given is not None:
            return False
        right_way = payment.amount.minor * (1 if receipt.total.minor >= 0 else -1) >= 0
        return right_way

    @property
    def _own(self) -> Settings:
        return self._till.catalogue.own


def _void_name(receipt: Receipt) -> str:
    """The void's own name as a sale: what head office holds for it ends when it has come up."""
    return f"void {receipt.name}"


def _sum(payments: tuple[Payment, ...]) -> int:
    return sum(payment.amount.minor for payment in payments)


def _fixed(payments: tuple[Payment, ...]) -> list[Payment]:
    return [payment for payment in payments if payment.kind not in BOOKED]


def less_change(receipt: Receipt) -> tuple[Payment, ...]:
    """What was kept in each tender: change is taken from cash."""
    cash = next((n for n, p in enumerate(receipt.payments) if p.kind == "cash"), None)
    return tuple(
        replace(payment, amount=payment.amount - receipt.change) if n == cash else payment
        for n, payment in enumerate(receipt.payments)
    )


def _earnest(till: Counter) -> None:
    """Raise StepRefused in practice: what is real is not touched then."""
    if till.training:
        raise StepRefused("in-training")
