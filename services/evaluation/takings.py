"""Takings: is today normal? What came in up to now, against the same time of another day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database.sales import HourRow, ReceiptRow
from services.evaluation.places import Place


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over receipts. `total` in minor units."""

    total: int = 0
    receipts: int = 0
    items: int = 0

    @property
    def average(self) -> int:
        """What a receipt comes to, rounded half up; nothing where there is none."""
        return (2 * self.total + self.receipts) // (2 * self.receipts) if self.receipts else 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.total + other.total, self.receipts + other.receipts, self.items + other.items
        )


@dataclass(frozen=True, slots=True)
class Today:
    """A day so far, and the same stretch of the day that it is compared with."""

    day: date
    compared: date
    now: Figures
    before: Figures
    hours: dict[int, int]
    hours_before: dict[int, int]
    recent: int
    branches: dict[str, Figures]
    branches_before: dict[str, Figures]
    last: dict[str, datetime]


def sums(*group: Any) -> Any:
    """The sums of the hourly figures, by the columns in `group`."""
    return sa.select(
        *group,
        sa.func.coalesce(sa.func.sum(HourRow.total), 0),
        sa.func.coalesce(sa.func.sum(HourRow.receipts), 0),
        sa.func.coalesce(sa.func.sum(HourRow.items), 0),
    ).group_by(*group)


def today(session: Session, place: Place, now: datetime) -> Today:
    """The local day of `now`, against the same weekday a week before up to the same time."""
    local = now.astimezone(place.zone)
    day, compared = local.date(), local.date() - timedelta(days=7)
    until = (local.replace(tzinfo=None) - timedelta(days=7)).replace(tzinfo=place.zone)
    branches = _per_branch(session, place, day)
    before = _until(session, place, compared, local.hour, until)
    return Today(
        day=day,
        compared=compared,
        now=sum(branches.values(), Figures()),
        before=sum(before.values(), Figures()),
        hours=_per_hour(session, place, day),
        hours_before=_per_hour(session, place, compared),
        recent=_sold_since(session, place, day, now - timedelta(minutes=5)),
        branches=branches,
        branches_before=before,
        last=_last(session, place),
    )


def within(query: Any, table: Any, place: Place) -> Any:
    """`query` for this place and its currency only."""
    query = query.where(table.currency == place.currency)
    return query.where(table.branch == place.branch) if place.branch else query


def _per_branch(session: Session, place: Place, day: date) -> dict[str, Figures]:
    query = within(sums(HourRow.branch), HourRow, place).where(HourRow.day == day)
    return {row[0]: Figures(*map(int, row[1:])) for row in session.execute(query)}


def _per_hour(session: Session, place: Place, day: date) -> dict[int, int]:
    query = within(sums(HourRow.hour), HourRow, place).where(HourRow.day == day)
    return {row[0]: int(row[1]) for row in session.execute(query)}


def _until(
    session: Session, place: Place, day: date, hour: int, until: datetime
) -> dict[str, Figures]:
    """Whole hours from the hourly sums; of the hour that has begun, the receipts themselves."""
    whole = within(sums(HourRow.branch), HourRow, place).where(
        HourRow.day == day, HourRow.hour < hour
    )
    begun = within(
        sa.select(
            ReceiptRow.branch,
            sa.func.sum(ReceiptRow.total),
            sa.func.count(),
            sa.func.sum(ReceiptRow.items),
        ),
        ReceiptRow,
        place,
    ).where(ReceiptRow.day == day, ReceiptRow.hour == hour, ReceiptRow.ends_at <= until)
    found: dict[str, Figures] = {}
    for query in (whole, begun.group_by(ReceiptRow.branch)):
        for row in session.execute(query):
            found[row[0]] = found.get(row[0], Figures()) + Figures(*map(int, row[1:]))
    return found


def _sold_since(session: Session, place: Place, day: date, moment: datetime) -> int:
    """Receipts of this day that ended since then, whenever they came: a late till is not busy."""
    query = within(sa.select(sa.func.count()).select_from(ReceiptRow), ReceiptRow, place)
    query = query.where(ReceiptRow.day == day, ReceiptRow.ends_at >= moment)
    return session.scalar(query) or 0


def _last(session: Session, place: Place) -> dict[str, datetime]:
    """When each branch's newest receipt ended: of the newest day that the branch has."""
    newest = sa.select(HourRow.branch, sa.func.max(HourRow.day).label("day")).group_by(
        HourRow.branch
    )
    days = newest.subquery()
    query = (
        sa.select(ReceiptRow.branch, sa.func.max(ReceiptRow.ends_at))
        .join(days, sa.and_(days.c.branch == ReceiptRow.branch, days.c.day == ReceiptRow.day))
        .group_by(ReceiptRow.branch)
    )
    return {row[0]: row[1] for row in session.execute(within(query, ReceiptRow, place))}
