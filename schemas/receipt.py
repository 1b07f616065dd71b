"""Receipts: what was sold, to the cent, with the world it was sold in; and the basket before that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from schemas.binding import attribute, child, children
from schemas.keys import (
    ArticleKey,
    Barcode,
    BranchKey,
    Digest,
    GroupKey,
    LayoutKey,
    StaffKey,
    TaxClass,
    TenderKey,
    TillKey,
    till_name,
)
from schemas.money import Currency, Money, UnitPrice
from schemas.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way to a line's price: the rule, and the unit price after it."""

    rule: str = attribute()
    price: UnitPrice = attribute()
    by: StaffKey | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sale.

    kind    sale, return, deposit or void
    amount  what the line adds to the total: below zero for a return; a void line keeps the
            amount it had, and it is not counted
    of      the number of the line that a deposit belongs to
    was     the kind of a void line before
    """

    number: int = attribute()
    kind: str = attribute()
    article: ArticleKey = attribute()
    name: str = attribute()
    quantity: Quantity = attribute()
    price: UnitPrice = attribute()
    amount: Money = attribute()
    tax: TaxClass = attribute()
    group: GroupKey | None = attribute(default=None)
    code: Barcode | None = attribute(default=None)
    of: int | None = attribute(default=None)
    was: str | None = attribute(default=None)
    age: int | None = attribute(default=None)
    steps: tuple[Step, ...] = children("step")

    @property
    def counts(self) -> bool:
        """Does the line add to the total?"""
        return self.kind != "void"


@dataclass(frozen=True, slots=True)
class Payment:
    """What was given in one tender, before change; below zero where money was paid out."""

    tender: TenderKey = attribute()
    kind: str = attribute()
    name: str = attribute()
    amount: Money = attribute()


@dataclass(frozen=True, slots=True)
class Basket:
    """A sale that is not finished. It lies on disk after each step and survives the till's death.

    revision  the mirror's revision when the sale began, and its digest
    payments  what has been given in part already
    """

    cashier: StaffKey = attribute()
    currency: Currency = attribute()
    begins: datetime | None = attribute(default=None)
    ref: str | None = attribute(default=None)
    revision: int | None = attribute(default=None)
    digest: Digest | None = attribute(default=None)
    lines: tuple[Line, ...] = children("line")
    payments: tuple[Payment, ...] = children("payment")

    @property
    def total(self) -> Money:
        """What the sale comes to."""
        cents = sum(line.amount.minor for line in self.lines if line.counts)
        return Money(cents, self.currency)

    @property
    def open(self) -> Money:
        """What is still to be paid; below zero where money is to be paid out."""
        given = sum(payment.amount.minor for payment in self.payments)
        return Money(self.total.minor - given, self.currency)

    @property
    def is_empty(self) -> bool:
        """Is there no line that counts?"""
        return not any(line.counts for line in self.lines)


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """What a receipt holds of one tax class, as printed."""

    class_: TaxClass = attribute()
    percent: Decimal = attribute()
    gross: Money = attribute()
    net: Money = attribute()
    tax: Money = attribute()


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the law's module says of a receipt; `chain` covers the receipt and the chain before it."""

    scheme: str = attribute()
    state: str = attribute()
    previous: Digest = attribute()
    chain: Digest = attribute()


@dataclass(frozen=True, slots=True)
class Receipt:
    """A finished sale. Σ lines that count = total = Σ payments − change.

    ends      with the branch's offset, so that the local day can be told from it
    day       the business day
    revision  the mirror's revision when the sale began, and its digest
    ref       the caller's own name for the sale: the same ref is never sold twice
    """

    branch: BranchKey = attribute()
    till: TillKey = attribute()
    series: str = attribute()
    number: int = attribute()
    kind: str = attribute()
    begins: datetime = attribute()
    ends: datetime = attribute()
    day: date = attribute()
    cashier: StaffKey = attribute()
    cashier_name: str = attribute()
    currency: Currency = attribute()
    total: Money = attribute()
    change: Money = attribute()
    revision: int = attribute()
    digest: Digest = attribute()
    layout: LayoutKey = attribute()
    layout_version: int = attribute()
    software: str = attribute()
    ref: str | None = attribute(default=None)
    lines: tuple[Line, ...] = children("line")
    taxes: tuple[TaxTotal, ...] = children("tax-total")
    payments: tuple[Payment, ...] = children("payment")
    stamp: Stamp | None = child(default=None)

    @property
    def till_name(self) -> str:
        """The till's name in the whole company."""
        return till_name(self.branch, self.till)
