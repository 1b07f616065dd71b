"""Questions to the drawers: Z reports, differences, bags on their way, and whether all agrees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Session

from schemas import xml
from schemas.drawer import Closing
from schemas.journal import Entry
from schemas.money import Currency, exponent
from services.database import layouts, organisation
from services.database.people import StaffRow
from services.database.sales import (
    ClosingRow,
    DrawerRow,
    EntryRow,
    NoteRow,
    ReceiptRow,
    SeriesRow,
)
from services.register import report, slip
from services.register.columns import Row

_COLUMNS: Final = 42
"""A slip's width where the layout that the till prints with is not known here."""
_EVENTS: Final = ("opened", "pay-in", "pay-out")
_COUNTS: Final = ("float", "hand-over")
"""Counts beside the closing's own: they are events where they differ."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A Z report with what head office has of the same period. Amounts are minor units.

    arrived   what the receipts of the period that are here come to
    missing   entries of the period that are not here yet
    lacking   how many of these are receipts
    addendum  0 for a till's own; else head office made it for what no Z covered
    replaced  an addendum whose Z came after all: the Z counts
    """

    branch: str
    till: str
    series: str
    number: int
    day: date
    at: datetime
    cashier_name: str
    currency: str
    receipts: int
    total: int
    cash: int
    counted: int | None
    arrived: int
    missing: int
    lacking: int = 0
    addendum: int = 0
    replaced: bool = False

    @property
    def difference(self) -> int | None:
        """Over, or below zero short; None where nobody counted."""
        return None if self.counted is None else self.counted - self.cash

    @property
    def agrees(self) -> bool:
        """Do the receipts that are here come to what the till said?"""
        return self.missing == 0 and self.arrived == self.total


@dataclass(frozen=True, slots=True)
class Sum:
    """All Z reports of a period in one currency: how many, and what their differences come to."""

    currency: str
    many: int
    receipts: int
    total: int
    difference: int


@dataclass(frozen=True, slots=True)
class Event:
    """What happened at a drawer beside sales, and X reports. Amounts are minor units."""

    branch: str
    till: str
    kind: str
    at: datetime
    cashier: str
    currency: str | None
    amount: int | None
    difference: int | None
    reason: str | None
    bag: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A Z report as a slip. No rows where its till or its document is not known any more."""

    closed: Closed
    closing: Closing | None
    rows: tuple[Row, ...]


def closings(
    session: Session,
    branch: str | None,
    first: date,
    last: date,
    limit: int = 500,
    *,
    differing: bool = False,
    after: int = 0,
) -> list[Closed]:
    """The Z reports of business days from `first` to `last`, newest first.

    differing  only those that were counted and differ
    after      so many are left out, the newest
    """
    wanted = _wanted(sa.select(ClosingRow), branch, first, last, differing)
    ordered = wanted.order_by(
        ClosingRow.at.desc(), ClosingRow.branch, ClosingRow.till, ClosingRow.number.desc(),
        ClosingRow.addendum.desc(),
    )  # fmt: skip
    return [_closed(session, row) for row in session.scalars(ordered.limit(limit).offset(after))]


def sums(
    session: Session, branch: str | None, first: date, last: date, *, differing: bool = False
) -> list[Sum]:
    """What all these Z reports come to, a currency at a time; where a Z came after all, it counts."""
    query: Any = sa.select(
        ClosingRow.currency,
        sa.func.count(),
        sa.func.sum(ClosingRow.receipts),
        sa.func.sum(ClosingRow.total),
        sa.func.coalesce(sa.func.sum(ClosingRow.counted - ClosingRow.cash), 0),
    ).group_by(ClosingRow.currency)
    wanted = _wanted(query, branch, first, last, differing).where(~_replaced(ClosingRow))
    rows = session.execute(wanted.order_by(ClosingRow.currency))
    return [Sum(currency, *map(int, figures)) for currency, *figures in rows]


def _wanted(
    query: sa.Select[Any], branch: str | None, first: date, last: date, differing: bool
) -> sa.Select[Any]:
    query = query.where(ClosingRow.day >= first, ClosingRow.day <= last)
    if differing:
        query = query.where(ClosingRow.counted != ClosingRow.cash)
    return query if branch is None else query.where(ClosingRow.branch == branch)


def _replaced(row: Any) -> Any:
    """Is it an addendum whose Z has come after all?"""
    z = orm.aliased(ClosingRow)
    there = sa.exists().where(
        z.branch == row.branch, z.till == row.till, z.series == row.series,
        z.number == row.number, z.addendum == 0,
    )  # fmt: skip
    return sa.and_(row.addendum != 0, there)


def _within(table: Any, number: Any, row: ClosingRow) -> list[Any]:
    return [
        table.branch == row.branch, table.till == row.till, table.series == row.series,
        number > row.after, number <= row.through,
    ]  # fmt: skip


def _closed(session: Session, row: ClosingRow) -> Closed:
    if row.addendum:
        return _addendum(session, row)
    entries = sa.select(EntryRow.kind, sa.func.count()).group_by(EntryRow.kind)
    here = dict(session.execute(entries.where(*_within(EntryRow, EntryRow.number, row))).all())
    missing = row.through - row.after - sum(here.values())
    lacking = max(0, min(missing, row.receipts - here.get("receipt", 0)))
    return Closed(
        row.branch, row.till, row.series, row.number, row.day, row.at, row.cashier_name,
        row.currency, row.receipts, row.total, row.cash, row.counted, _arrived(session, row),
        missing, lacking,
    )  # fmt: skip


def _addendum(session: Session, row: ClosingRow) -> Closed:
    """It was made of what is here; only numbers that never came can be missing."""
    here = sa.select(sa.func.count()).where(*_within(EntryRow, EntryRow.number, row))
    missing = row.through - row.after - (session.scalar(here) or 0)
    z = session.get(ClosingRow, (row.branch, row.till, row.series, row.number, 0))
    return Closed(
        row.branch, row.till, row.series, row.number, row.day, row.at, row.cashier_name,
        row.currency, row.receipts, row.total, row.cash, None, row.total, missing,
        addendum=row.addendum, replaced=z is not None,
    )  # fmt: skip


def _arrived(session: Session, row: ClosingRow) -> int:
    """What the period's receipts come to: found by the numbers that the Z names, which are a key."""
    query = sa.select(sa.func.coalesce(sa.func.sum(ReceiptRow.total), 0))
    closing = document(session, row)
    if closing is not None and closing.first is not None:
        query = query.where(ReceiptRow.number.between(closing.first, closing.last))
    return int(session.scalar(query.where(*_within(ReceiptRow, ReceiptRow.entry, row))) or 0)


def document(session: Session, row: ClosingRow) -> Closing | None:
    """The Z report itself, from the entry as the till sent it, or the addendum as it was made."""
    if row.document is not None:
        return xml.load(Closing, row.document)
    entry = session.get(EntryRow, (row.branch, row.till, row.series, row.entry))
    return xml.load(Entry, entry.document).closing if entry else None


def show(
    session: Session, branch: str, till: str, series: str, number: int, addendum: int = 0
) -> Shown | None:
    """One Z report, as the slip that the till printed, or one addendum; None where there is none."""
    row = session.get(ClosingRow, (branch, till, series, number, addendum))
    if row is None:
        return None
    closing = document(session, row)
    place = organisation.place(session, f"{branch}-{till}")
    if closing is None or place is None:
        return Shown(_closed(session, row), closing, ())
    settings = organisation.settings_of(session, place.till)
    found = layouts.in_force(session, settings.layout, closing.at)
    columns = slip.columns_of(found, settings) if found else _COLUMNS
    return Shown(_closed(session, row), closing, report.closing_rows(closing, settings, columns))


# What needs somebody


def differing(session: Session, branch: str | None, since: date, units: int) -> list[ClosingRow]:
    """Z reports of `since` or later that differ by more than so many units of their currency."""
    query = sa.select(ClosingRow).where(
        ClosingRow.day >= since, sa.func.abs(ClosingRow.counted - ClosingRow.cash) > units
    )
    if branch is not None:
        query = query.where(ClosingRow.branch == branch)
    return [
        row
        for row in session.scalars(query.order_by(ClosingRow.at))
        if abs((row.counted or 0) - row.cash) > units * 10 ** exponent(Currency(row.currency))
    ]


def incomplete(session: Session, branch: str | None, before: datetime) -> list[Closed]:
    """Z reports that arrived before a moment, and whose entries are still not all here.

    Only those can be that reach beyond what has come in without a gap, so this asks few.
    """
    query = (
        sa.select(ClosingRow)
        .join(
            SeriesRow,
            sa.and_(
                SeriesRow.branch == ClosingRow.branch,
                SeriesRow.till == ClosingRow.till,
                SeriesRow.series == ClosingRow.series,
                SeriesRow.through < ClosingRow.through,
            ),
        )
        .join(
            EntryRow,
            sa.and_(
                EntryRow.branch == ClosingRow.branch,
                EntryRow.till == ClosingRow.till,
                EntryRow.series == ClosingRow.series,
                EntryRow.number == ClosingRow.entry,
                EntryRow.received_at < before,
            ),
        )
    )
    if branch is not None:
        query = query.where(ClosingRow.branch == branch)
    found = (_closed(session, row) for row in session.scalars(query.order_by(ClosingRow.at)))
    return [each for each in found if each.missing]


# Beside sales


def events(
    session: Session, branch: str | None, first: date, last: date, limit: int = 500, after: int = 0
) -> tuple[list[Event], int]:
    """What happened at the drawers beside sales, newest first, and how much there is of it.

    Pay-ins, pay-outs, openings without a sale, X reports; floats and hand-overs only where they
    differ.
    """
    kinds = sa.or_(
        DrawerRow.kind.in_(_EVENTS),
        sa.and_(DrawerRow.kind.in_(_COUNTS), DrawerRow.difference != 0),
    )
    looks = _selected(NoteRow).where(NoteRow.kind.in_(("x-report", "difference")))
    both = [_within_days(query, table, branch, (first, last)) for query, table in
            ((_selected(DrawerRow).where(kinds), DrawerRow), (looks, NoteRow))]  # fmt: skip
    return _newest(session, sa.union_all(*both).subquery(), limit, after)


def bags_between(
    session: Session, branch: str | None, first: date, last: date, limit: int = 500, after: int = 0
) -> tuple[list[Event], int]:
    """Bags that went to the safe in a period, newest first, and how many there are."""
    drops = _selected(DrawerRow).where(DrawerRow.kind == "safe-drop")
    found = _within_days(drops, DrawerRow, branch, (first, last)).subquery()
    return _newest(session, found, limit, after)


def _selected(table: Any) -> sa.Select[Any]:
    """What is shown of an event. A note moved no money."""
    nothing: dict[str, Any] = {"currency": sa.String(3), "amount": sa.BigInteger(), "difference": sa.BigInteger(),
               "bag": sa.String(40)}  # fmt: skip
    columns: list[Any] = [
        getattr(table, name, None) or sa.type_coerce(sa.null(), kind).label(name)
        for name, kind in nothing.items()
    ]
    return sa.select(
        table.branch, table.till, table.series, table.entry, table.kind, table.at, table.day,
        table.cashier, table.reason, *columns,
    )  # fmt: skip


def _within_days(
    query: sa.Select[Any], table: Any, branch: str | None, days: tuple[date, date]
) -> sa.Select[Any]:
    query = query.where(table.day.between(*days))
    return query if branch is None else query.where(table.branch == branch)


def _newest(
    session: Session, found: sa.Subquery, limit: int, after: int
) -> tuple[list[Event], int]:
    many = session.scalar(sa.select(sa.func.count()).select_from(found))
    row = found.c
    ordered = sa.select(found).order_by(row.at.desc(), row.branch, row.till, row.entry)
    rows = session.execute(ordered.limit(limit).offset(after))
    return [
        Event(r.branch, r.till, r.kind, r.at, r.cashier, r.currency, r.amount, r.difference,
              r.reason, r.bag)
        for r in rows
    ], many or 0  # fmt: skip


def bags(session: Session, branch: str | None, limit: int = 500) -> list[Event]:
    """Bags that went to the safe, newest first."""
    return bags_between(session, branch, date.min, date.max, limit)[0]


def cashiers(session: Session, rows: Iterable[Event]) -> dict[tuple[str, str], str]:
    """What the people of these events are called, by branch and key; who has left is not there."""
    keys = {(row.branch, row.cashier) for row in rows}
    query = sa.select(StaffRow.branch, StaffRow.key, StaffRow.name).where(
        StaffRow.key.in_({key for _, key in keys})
    )
    return {(branch, key): name for branch, key, name in session.execute(query)}
