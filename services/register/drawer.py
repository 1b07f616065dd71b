"""The drawer and its period: what should be in it, and the X and Z reports that sum it up.

A period goes from one Z report to the next. It is folded from the journal's entries, so it says the
same after any death of the till.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from schemas.drawer import (
    CashierSum,
    Closing,
    Drawer,
    GroupSum,
    TaxSum,
    TenderSum,
)
from schemas.journal import Entry, Note
from schemas.keys import GroupKey, StaffKey, TaxClass, TenderKey
from schemas.money import Currency, Money
from schemas.receipt import Payment, Receipt
from schemas.staff import Staff

COINS: Final = {
    "EUR": (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000),
    "GBP": (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000),
    "CHF": (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000),
    "USD": (1, 5, 10, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000),
}
"""Coins and notes in use, in minor units. Source: the central banks' lists, 2026."""
_MONEY: Final = (
    "total",
    "returned",
    "voided",
    "discounts",
    "rounding",
    "paid_in",
    "paid_out",
    "dropped",
)
_COUNTS: Final = ("receipts", "line_voids", "aborted", "opened", "training")


@dataclass(slots=True)
class _Person:
    name: str
    receipts: int = 0
    total: int = 0
    cash: int = 0


@dataclass(slots=True)
class Period:
    """What happened since the last Z report, in minor units of one currency.

    after, through  entries that it covers: those after the one, up to the other
    number   of the Z report that will end it
    carried  what the last period left in the drawer
    opened_with  what was counted at its beginning; None where nobody did
    """

    currency: Currency
    number: int = 1
    after: int = 0
    through: int = 0
    carried: int = 0
    grand_total: int = 0
    opened_with: int | None = None
    begins: datetime | None = None
    counted: int | None = None
    attempts: int = 0
    first: int | None = None
    last: int | None = None
    sums: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*_MONEY, *_COUNTS), 0))
    tenders: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    taxes: dict[tuple[str, Decimal], list[int]] = field(default_factory=dict)
    groups: dict[str, list[int]] = field(default_factory=dict)
    people: dict[str, _Person] = field(default_factory=dict)
    cash_kept: int = 0

    @property
    def day(self) -> date | None:
        """The business day, where somebody opened the drawer with a float; else each sale's own."""
        return self.begins.date() if self.begins and self.opened_with is not None else None

    @property
    def float_(self) -> int:
        """What was in the drawer when the period began."""
        return self.carried if self.opened_with is None else self.opened_with

    @property
    def cash(self) -> int:
        """What should be in the drawer now."""
        sums = self.sums
        moved = sums["paid_in"] - sums["paid_out"] - sums["dropped"]
        return self.float_ + self.cash_kept + moved

    def add(self, entry: Entry) -> None:
        """Count one more entry of the journal."""
        self.through = entry.number
        if entry.closing is not None:
            if entry.closing.kind == "z":
                self._begin_anew(entry.closing, entry.number)
            return
        if entry.receipt is not None:
            self._begun(entry.receipt.ends)
            self._receipt(entry.receipt)
        elif entry.drawer is not None:
            if entry.drawer.kind == "float":
                self.begins = entry.at  # looking into the drawer the evening before began no day
            self._drawer(entry.drawer)
        elif entry.aborted is not None:
            self.sums["aborted"] += 1
        elif entry.note is not None:
            self._note(entry.note)

    def practised(self, receipt: Receipt) -> None:
        """Count a practice receipt, which no entry of the journal holds."""
        self._begun(receipt.ends)
        self.sums["training"] += 1

    def _begun(self, at: datetime) -> None:
        self.begins = self.begins or at

    def _begin_anew(self, closing: Closing, entry: int) -> None:
        left = closing.counted if closing.counted is not None else closing.cash
        fresh = Period(
            self.currency, closing.number + 1, entry, entry, left.minor, closing.grand_total.minor
        )
        for name in Period.__slots__:
            setattr(self, name, getattr(fresh, name))

    def _receipt(self, receipt: Receipt) -> None:
        self.first = self.first or receipt.number
        self.last = receipt.number
        sums = self.sums
        sums["receipts"] += 1
        sums["total"] += receipt.total.minor
        sums["voided"] -= receipt.total.minor if receipt.kind == "void" else 0
        sums["rounding"] += receipt.rounding.minor if receipt.rounding else 0
        for line in receipt.lines:
            if not line.counts:
                sums["line_voids"] += 1
                continue
            if line.kind == "return" and receipt.kind != "void":
                sums["returned"] -= line.whole.minor
            sums["discounts"] += sum(reduction.amount.minor for reduction in line.reductions)
            group = self.groups.setdefault(line.group or "", [0, 0])
            group[0] += line.amount.minor
            group[1] += 1
        for row in receipt.taxes:
            tax = self.taxes.setdefault((row.class_, row.percent), [0, 0, 0])
            tax[0] += row.gross.minor
            tax[1] += row.net.minor
            tax[2] += row.tax.minor
        person = self.people.setdefault(receipt.cashier, _Person(receipt.cashier_name))
        person.receipts += 1
        person.total += receipt.total.minor
        self._payments(receipt.payments, receipt.change, person)

    def _payments(self, payments: Iterable[Payment], change: Money, person: _Person) -> None:
        for payment in payments:
            tender = self.tenders.setdefault((payment.tender, payment.name), [0, 0])
            tender[0] += payment.amount.minor
            tender[1] += 1
            if payment.kind == "cash":
                self.counted = None  # what was counted before is not what is in it now
                self.cash_kept += payment.amount.minor
                person.cash += payment.amount.minor
        if change:
            key = next(((p.tender, p.name) for p in payments if p.kind == "cash"), ("cash", "cash"))
            self.tenders.setdefault(key, [0, 0])[0] -= change.minor
            self.cash_kept -= change.minor
            person.cash -= change.minor

    def _drawer(self, event: Drawer) -> None:
        amount = event.amount.minor if event.amount else 0
        if event.kind == "float":
            self.opened_with = amount
        elif event.kind == "count":
            self.counted = amount
            self.attempts = event.attempt or self.attempts + 1
        elif event.kind == "opened":
            self.sums["opened"] += 1
        elif event.kind != "hand-over":
            name = {"pay-in": "paid_in", "pay-out": "paid_out", "safe-drop": "dropped"}[event.kind]
            self.sums[name] += amount
        if event.kind in {"pay-in", "pay-out", "safe-drop"}:
            self.counted = None  # what was counted before is not what is in it now

    def _note(self, note: Note) -> None:
        if note.kind != "tender":
            return
        for payments, sign in ((note.before, -1), (note.after, 1)):
            for payment in payments:
                tender = self.tenders.setdefault((payment.tender, payment.name), [0, 0])
                tender[0] += sign * payment.amount.minor
                tender[1] += sign
                if payment.kind == "cash":
                    self.counted = None
                    self.cash_kept += sign * payment.amount.minor
                    if note.cashier in self.people:
                        self.people[note.cashier].cash += sign * payment.amount.minor


def closing(period: Period, kind: str, cashier: Staff, at: datetime) -> Closing:
    """An X (`x`) or Z (`z`) report of the period. It asks nobody and can always be had."""

    def money(minor: int) -> Money:
        return Money(minor, period.currency)

    begins = period.begins or at
    sums: dict[str, Any] = {name: money(period.sums[name]) for name in _MONEY}
    counts: dict[str, Any] = {name: period.sums[name] for name in _COUNTS}
    return Closing(
        kind=kind,
        number=period.number,
        day=begins.date(),
        begins=begins,
        at=at,
        cashier=cashier.key,
        cashier_name=cashier.name,
        after=period.after,
        through=period.through,
        first=period.first,
        last=period.last,
        float_=money(period.float_),
        cash=money(period.cash),
        carried=money(period.carried),
        floated=period.opened_with is not None,
        attempts=period.attempts,
        counted=None if period.counted is None else money(period.counted),
        grand_total=money(period.grand_total + period.sums["total"]),
        tenders=tuple(
            TenderSum(TenderKey(key), name, money(amount), many)
            for (key, name), (amount, many) in sorted(period.tenders.items())
        ),
        taxes=tuple(
            TaxSum(TaxClass(class_), percent, *(money(each) for each in amounts))
            for (class_, percent), amounts in sorted(period.taxes.items())
        ),
        groups=tuple(
            GroupSum(money(amount), many, GroupKey(key) if key else None)
            for key, (amount, many) in sorted(period.groups.items())
        ),
        cashiers=tuple(
            CashierSum(StaffKey(key), p.name, p.receipts, money(p.total), money(p.cash))
            for key, p in sorted(period.people.items())
        ),
        **sums,
        **counts,
    )


def of_closing(x: Closing, currency: Currency) -> Period:
    """The period that an X report describes: what was folded once need not be folded again."""
    period = Period(currency, x.number, x.after, x.through)
    period.grand_total = x.grand_total.minor - x.total.minor
    period.begins = x.begins
    period.carried = x.carried.minor
    period.opened_with = x.float_.minor if x.floated else None
    period.attempts = x.attempts
    period.counted = None if x.counted is None else x.counted.minor
    period.first, period.last = x.first, x.last
    for name in _MONEY:
        period.sums[name] = getattr(x, name).minor
    for name in _COUNTS:
        period.sums[name] = getattr(x, name)
    period.tenders = {(t.tender, t.name): [t.amount.minor, t.many] for t in x.tenders}
    period.taxes = {
        (t.class_, t.percent): [t.gross.minor, t.net.minor, t.tax.minor] for t in x.taxes
    }
    period.groups = {g.group or "": [g.amount.minor, g.many] for g in x.groups}
    period.people = {
        c.cashier: _Person(c.name, c.receipts, c.total.minor, c.cash.minor) for c in x.cashiers
    }
    moved = x.paid_in - x.paid_out - x.dropped
    period.cash_kept = (x.cash - x.float_ - moved).minor
    return period
