"""Addenda: what no Z report of a till ever covers, because its series ended without one.

A box that was replaced or damaged begins a new series. What the old one sold since its last Z is
closed here, at head office, from the entries that came. What comes still later gets an addendum of
its own; none is ever changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.drawer import Closing
from schemas.journal import Entry
from schemas.keys import RoleKey, StaffKey
from schemas.money import Currency
from schemas.settings import Settings
from schemas.staff import Staff
from services.database import organisation
from services.database.sales import ClosingRow, EntryRow, SeriesRow
from services.evaluation import cash
from services.journal.read import series_order
from services.register.drawer import Period, closing

QUIET: Final = timedelta(hours=1)
"""So long nothing of a series came before it is closed here: an upload may still be under way."""
_KINDS: Final = ("receipt", "drawer")
"""Entries that move money; without one there is nothing to close."""


def make(session: Session, now: datetime | None = None) -> list[ClosingRow]:
    """Close what lies open in series that have ended, in the caller's transaction; answers the new ones.

    Asked again it makes nothing twice: each addendum covers what came since the one before.
    """
    now = now or datetime.now(UTC)
    made = []
    for row in _ended(session):
        found = _addendum(session, row, now)
        if found is not None:
            session.add(found)
            made.append(found)
    return made


def _ended(session: Session) -> Iterator[SeriesRow]:
    """The series after which the same till has begun another."""
    several = (
        sa.select(SeriesRow.branch, SeriesRow.till)
        .where(SeriesRow.received > 0)
        .group_by(SeriesRow.branch, SeriesRow.till)
        .having(sa.func.count() > 1)
        .subquery()
    )
    query = sa.select(SeriesRow).join(
        several, sa.and_(SeriesRow.branch == several.c.branch, SeriesRow.till == several.c.till)
    )
    tills: dict[tuple[str, str], list[SeriesRow]] = {}
    for row in session.scalars(query.where(SeriesRow.received > 0)):
        tills.setdefault((row.branch, row.till), []).append(row)
    for rows in tills.values():
        yield from sorted(rows, key=lambda row: series_order(row.series))[:-1]


def _of(table: Any, series: SeriesRow) -> list[Any]:
    return [
        table.branch == series.branch, table.till == series.till, table.series == series.series,
    ]  # fmt: skip


def _addendum(session: Session, series: SeriesRow, now: datetime) -> ClosingRow | None:
    last, entry = _before(session, series)
    open_ = [*_of(EntryRow, series), EntryRow.number > entry, EntryRow.kind != "quarantine"]
    until = now - QUIET
    if last is not None and last.until is not None:
        open_.append(EntryRow.received_at > last.until)
    moved = sa.func.sum(sa.case((EntryRow.kind.in_(_KINDS), 1), else_=0))
    many, newest = session.execute(
        sa.select(moved, sa.func.max(EntryRow.received_at)).where(*open_)
    ).one()
    place = organisation.place(session, f"{series.branch}-{series.till}") if many else None
    if place is None or newest > until:
        return None
    settings = organisation.settings_of(session, place.till)
    bare = session.scalars(sa.select(EntryRow.document).where(*open_).order_by(EntryRow.number))
    entries = [xml.load(Entry, document) for document in bare]
    at = now.astimezone(ZoneInfo(settings.time_zone))
    return _row(series, last, _closed(session, last, entries, settings, at), until)


def _before(session: Session, series: SeriesRow) -> tuple[ClosingRow | None, int]:
    """The closing of a series that goes before what is open, and the entry of its newest Z.

    A Z that came after all takes the place of the addenda that were made in its stead.
    """
    rows = list(session.scalars(sa.select(ClosingRow).where(*_of(ClosingRow, series))))
    last = max(rows, key=lambda row: (row.number, row.addendum == 0, row.addendum), default=None)
    return last, max((row.entry for row in rows if not row.addendum), default=0)


def _closed(
    session: Session,
    last: ClosingRow | None,
    entries: Sequence[Entry],
    settings: Settings,
    at: datetime,
) -> Closing:
    """What these entries come to, after the Z or the addendum before them."""
    period = Period(_currency(last, entries, settings))
    before = cash.document(session, last) if last else None
    if last is not None and before is not None:
        number = last.number if last.addendum else last.number + 1
        left = before.counted if before.counted is not None else before.cash
        period = Period(
            period.currency, number, carried=left.minor, grand_total=before.grand_total.minor
        )
    period.after = entries[0].number - 1
    for entry in entries:
        period.add(entry)
    company = organisation.company(session)
    name = company.name if company and company.name else "head office"
    who = Staff(StaffKey("head-office"), name, RoleKey("head-office"), pin="")
    return closing(period, "addendum", who, at)


def _currency(last: ClosingRow | None, entries: Sequence[Entry], settings: Settings) -> Currency:
    if last is not None:
        return Currency(last.currency)
    sold = (entry.receipt.currency for entry in entries if entry.receipt is not None)
    return next(sold, settings.currency)


def _row(series: SeriesRow, last: ClosingRow | None, made: Closing, until: datetime) -> ClosingRow:
    return ClosingRow(
        branch=series.branch,
        till=series.till,
        series=series.series,
        number=made.number,
        addendum=last.addendum + 1 if last else 1,
        entry=0,
        day=made.day,
        at=made.at,
        cashier=made.cashier,
        cashier_name=made.cashier_name,
        currency=made.total.currency,
        after=made.after,
        through=made.through,
        receipts=made.receipts,
        total=made.total.minor,
        cash=made.cash.minor,
        counted=None,
        grand_total=made.grand_total.minor,
        until=until,
        document=xml.dump(made),
    )
