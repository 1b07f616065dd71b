"""Questions to the drawers: Z reports, differences, bags on their way, and whether all agrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database.sales import ClosingRow, DrawerRow, EntryRow, ReceiptRow


@dataclass(frozen=True, slots=True)
class Closed:
    """A Z report with what head office has of the same period. Amounts are minor units.

    arrived   what the receipts of the period that are here come to
    missing   entries of the period that are not here yet
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

    @property
    def difference(self) -> int | None:
        """Over, or below zero short; None where nobody counted."""
        return None if self.counted is None else self.counted - self.cash

    @property
    def agrees(self) -> bool:
        """Do the receipts that are here come to what the till said?"""
        return self.missing == 0 and self.arrived == self.total


def closings(
    session: Session, branch: str | None, first: date, last: date, limit: int = 500
) -> list[Closed]:
    """The Z reports of business days from `first` to `last`, newest first."""
    wanted = (
        sa.select(ClosingRow)
        .where(ClosingRow.day >= first, ClosingRow.day <= last)
        .order_by(ClosingRow.at.desc())
        .limit(limit)
    )
    if branch is not None:
        wanted = wanted.where(ClosingRow.branch == branch)
    return [_closed(session, row) for row in session.scalars(wanted)]


def _closed(session: Session, row: ClosingRow) -> Closed:
    def within(table: Any, number: Any) -> list[Any]:
        return [
            table.branch == row.branch, table.till == row.till, table.series == row.series,
            number > row.after, number <= row.through,
        ]  # fmt: skip

    entries = sa.select(sa.func.count(EntryRow.number)).where(*within(EntryRow, EntryRow.number))
    sums = sa.select(sa.func.coalesce(sa.func.sum(ReceiptRow.total), 0))
    here = session.scalar(entries)
    arrived = session.scalar(sums.where(*within(ReceiptRow, ReceiptRow.entry)))
    return Closed(
        row.branch, row.till, row.series, row.number, row.day, row.at, row.cashier_name,
        row.currency, row.receipts, row.total, row.cash, row.counted, int(arrived or 0),
        row.through - row.after - int(here or 0),
    )  # fmt: skip


def bags(session: Session, branch: str | None, limit: int = 500) -> list[DrawerRow]:
    """Bags that went to the safe, newest first."""
    wanted = (
        sa.select(DrawerRow)
        .where(DrawerRow.kind == "safe-drop")
        .order_by(DrawerRow.at.desc())
        .limit(limit)
    )
    if branch is not None:
        wanted = wanted.where(DrawerRow.branch == branch)
    return list(session.scalars(wanted))
