"""Gaps: which numbers of a till's series head office does not have, though later ones came."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database.sales import EntryRow, SeriesRow


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers from `first` to `last`, both missing."""

    branch: str
    till: str
    series: str
    first: int
    last: int


def gaps(session: Session) -> list[Gap]:
    """All gaps of all tills; opens only the series that have one."""
    found = []
    for row in session.scalars(sa.select(SeriesRow).where(SeriesRow.received < SeriesRow.highest)):
        expected = row.through + 1
        numbers = session.scalars(
            sa.select(EntryRow.number)
            .filter_by(branch=row.branch, till=row.till, series=row.series)
            .where(EntryRow.number > row.through)
            .order_by(EntryRow.number)
        )
        for number in numbers:
            if number > expected:
                found.append(Gap(row.branch, row.till, row.series, expected, number - 1))
            expected = number + 1
    return found
