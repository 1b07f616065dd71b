"""Turnover by branch, day or article, over a period and against the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database.sales import HourRow, LineRow, ReceiptRow
from services.evaluation.places import Place
from services.evaluation.takings import Figures, sums, within


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to another, both included."""

    first: date
    last: date

    @property
    def count(self) -> int:
        """How many days that is."""
        return (self.last - self.first).days + 1

    def latest(self, most: int) -> Days:
        """The last `most` days of it."""
        return Days(max(self.first, self.last - timedelta(days=most - 1)), self.last)

    @property
    def compared(self) -> Days:
        """The stretch before, moved by whole weeks, so that weekdays meet their like."""
        weeks = -(-self.count // 7)
        back = timedelta(days=7 * weeks)
        return Days(self.first - back, self.last - back)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: what it is of, its figures, and those of the period before.

    quantity  thousandths, for articles; 0 elsewhere
    """

    key: str
    name: str
    now: Figures
    before: Figures
    quantity: int = 0


def by_branch(session: Session, place: Place, days: Days) -> list[Row]:
    """A row a branch that sold in either period, highest first."""
    return _ordered(_hourly(session, place, days, HourRow.branch), place.names)


def by_till(session: Session, place: Place, days: Days) -> list[Row]:
    """A row a till, called `branch-till`, highest first."""
    name = HourRow.branch + "-" + HourRow.till
    return _ordered(_hourly(session, place, days, name), {})


def by_hour(session: Session, place: Place, days: Days) -> list[Row]:
    """A row a local hour of the day, in order: 7 is from 7:00 to 7:59."""
    return sorted(_hourly(session, place, days, HourRow.hour), key=lambda row: int(row.key))


def by_day(session: Session, place: Place, days: Days) -> list[Row]:
    """A row a day, each against its like in the period before, in order."""
    back = days.first - days.compared.first
    now = _grouped(session, place, days, HourRow.day)
    before = _grouped(session, place, days.compared, HourRow.day)
    found = []
    for n in range(days.count):
        day = days.first + timedelta(days=n)
        found.append(
            Row(day.isoformat(), "", now.get(day, Figures()), before.get(day - back, Figures()))
        )
    return found


def by_article(session: Session, place: Place, days: Days) -> list[Row]:
    """A row an article, highest first. Deposits count with the article they belong to."""
    now, before = (_articles(session, place, each) for each in (days, days.compared))
    rows = [
        Row(key, name, figures, before[key][1] if key in before else Figures(), quantity)
        for key, (name, figures, quantity) in now.items()
    ]
    rows += [
        Row(key, name, Figures(), figures)
        for key, (name, figures, _) in before.items()
        if key not in now
    ]
    return sorted(rows, key=lambda row: (-row.now.total, row.key))


def whole(session: Session, place: Place, days: Days) -> Row:
    """The total of a period, and of the one before."""
    now, before = (
        session.execute(_limited(sums(), place, each)).one() for each in (days, days.compared)
    )
    return Row("", "", Figures(*map(int, now)), Figures(*map(int, before)))


def other_currencies(session: Session, place: Place, days: Days) -> list[str]:
    """The currencies that were sold in too, and that these figures leave out."""
    query = (
        sa.select(HourRow.currency)
        .distinct()
        .where(
            HourRow.day >= days.first, HourRow.day <= days.last, HourRow.currency != place.currency
        )
    )
    if place.branch:
        query = query.where(HourRow.branch == place.branch)
    return sorted(session.scalars(query))


def _limited(query: Any, place: Place, days: Days) -> Any:
    return within(query, HourRow, place).where(HourRow.day >= days.first, HourRow.day <= days.last)


def _grouped(session: Session, place: Place, days: Days, column: Any) -> dict[Any, Figures]:
    query = _limited(sums(column), place, days)
    return {row[0]: Figures(*map(int, row[1:])) for row in session.execute(query)}


def _hourly(session: Session, place: Place, days: Days, column: Any) -> list[Row]:
    now = _grouped(session, place, days, column)
    before = _grouped(session, place, days.compared, column)
    return [
        Row(str(key), "", now.get(key, Figures()), before.get(key, Figures()))
        for key in {*now, *before}
    ]


def _ordered(rows: list[Row], names: Mapping[str, str]) -> list[Row]:
    named = [Row(row.key, names.get(row.key, row.key), row.now, row.before) for row in rows]
    return sorted(named, key=lambda row: (-row.now.total, row.key))


def _articles(session: Session, place: Place, days: Days) -> dict[str, tuple[str, Figures, int]]:
    """Of each article: a name it was sold under, its figures (receipts are lines here), quantity."""
    goods = sa.case((LineRow.kind == "deposit", 0), else_=1)
    query = (
        sa.select(
            LineRow.article,
            sa.func.max(sa.case((LineRow.kind != "deposit", LineRow.name), else_="")),
            sa.func.sum(LineRow.amount),
            sa.func.sum(goods),
            sa.func.sum(sa.case((LineRow.kind == "deposit", 0), else_=LineRow.quantity)),
        )
        .join(
            ReceiptRow,
            sa.and_(
                ReceiptRow.branch == LineRow.branch,
                ReceiptRow.till == LineRow.till,
                ReceiptRow.series == LineRow.series,
                ReceiptRow.number == LineRow.receipt,
            ),
        )
        .where(LineRow.day >= days.first, LineRow.day <= days.last)
        .group_by(LineRow.article)
    )
    return {
        row[0]: (row[1], Figures(int(row[2]), int(row[3]), int(row[3])), int(row[4]))
        for row in session.execute(within(query, ReceiptRow, place))
    }


def day_of(row: Row) -> date:
    """The day that a row of `by_day` is of."""
    return date.fromisoformat(row.key)
