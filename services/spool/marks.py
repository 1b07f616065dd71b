"""The marks of a till's series: how far it is here without a gap, and the highest that came."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from schemas.journal import Missing, Through
from schemas.keys import Digest
from services.database.sales import EntryRow, SeriesRow
from services.spool.rows import Row, insert

_SERIES: Final = SeriesRow.__table__.c
_ENTRY: Final = EntryRow.__table__.c


def _of_series(columns: Any) -> Any:
    return sa.and_(
        columns.branch == sa.bindparam("of_branch"),
        columns.till == sa.bindparam("of_till"),
        columns.series == sa.bindparam("of_series"),
    )


# Statements are made once: building one costs more than running it.
_LOCK: Final = (
    sa.select(_SERIES.through, _SERIES.highest, _SERIES.received, _SERIES.digest)
    .where(_of_series(_SERIES))
    .with_for_update()
)
_FOLLOWING: Final = (
    sa.select(_ENTRY.number, _ENTRY.digest)
    .where(_of_series(_ENTRY), _ENTRY.number > sa.bindparam("mark"))
    .order_by(_ENTRY.number)
)
_MOVE: Final = sa.update(SeriesRow).where(_of_series(_SERIES))
_STANDING: Final = (
    sa.select(_SERIES.series, _SERIES.through, _SERIES.digest, _SERIES.highest)
    .where(_SERIES.branch == sa.bindparam("of_branch"), _SERIES.till == sa.bindparam("of_till"))
    .order_by(_SERIES.series)
)


@functools.cache
def _making(dialect: str) -> Any:
    return insert(dialect, SeriesRow.__table__).on_conflict_do_nothing()


@dataclass(frozen=True, slots=True)
class Marks:
    """Where a series stood when it was locked."""

    through: int
    highest: int
    received: int
    digest: Digest


def lock(connection: sa.Connection, branch: str, till: str, series: str) -> Marks:
    """Where a series stands; one upload at a time holds it, others of the same till wait here."""
    where = {"of_branch": branch, "of_till": till, "of_series": series}
    row = connection.execute(_LOCK, where).one_or_none()
    if row is None:
        made: Row = {"branch": branch, "till": till, "series": series, "digest": "0" * 64}
        made |= {"through": 0, "highest": 0, "received": 0}
        connection.execute(_making(connection.dialect.name), made)
        row = connection.execute(_LOCK, where).one()
    return Marks(row.through, row.highest, row.received, Digest(row.digest))


def advance(
    connection: sa.Connection,
    place: tuple[str, str, str],
    before: Marks,
    new: list[tuple[int, Digest]],
) -> None:
    """Move a series' marks over what has come (numbers with digests).

    place  branch, till and series
    """
    if not new:
        return
    where = dict(zip(("of_branch", "of_till", "of_series"), place, strict=True))
    numbers = sorted(new)
    in_order = before.highest == before.through and [number for number, _ in numbers] == list(
        range(before.through + 1, before.through + len(numbers) + 1)
    )
    following: Any = numbers
    if not in_order:
        following = connection.execute(_FOLLOWING, {**where, "mark": before.through})
    through, digest = before.through, None
    for number, each in following:
        if number != through + 1:
            break
        through, digest = number, each
    marks: Row = {
        "through": through,
        "highest": max(before.highest, numbers[-1][0]),
        "received": before.received + len(numbers),
    }
    if digest is not None:
        marks["digest"] = digest
    connection.execute(_MOVE, {**where, **marks})


def standing(connection: sa.Connection, branch: str, till: str) -> tuple[Through, ...]:
    """How far each series of a till is here, and what is missing before its newest entry."""
    where = {"of_branch": branch, "of_till": till}
    return tuple(
        Through(
            row.series,
            row.through,
            Digest(row.digest),
            row.highest,
            tuple(_missing(connection, {**where, "of_series": row.series, "mark": row.through})),
        )
        if row.highest > row.through
        else Through(row.series, row.through, Digest(row.digest))
        for row in connection.execute(_STANDING, where).all()
    )


def _missing(connection: sa.Connection, where: Row, most: int = 1000) -> Iterator[Missing]:
    expected = where["mark"] + 1
    for number, _ in connection.execute(_FOLLOWING, where):
        if number > expected and most:
            yield Missing(expected, number - 1)
            most -= 1
        expected = number + 1
