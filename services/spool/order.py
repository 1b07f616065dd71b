"""Does an entry stand where it belongs? Chained to the one before it, its receipt number its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa

from schemas.journal import Entry
from schemas.keys import Digest
from schemas.receipt import Receipt
from services.database.sales import EntryRow, ReceiptRow
from services.spool.marks import Marks

Place = tuple[str, int]
"""Series and number."""


def _of(table: Any, number: Any) -> Any:
    return sa.and_(
        table.branch == sa.bindparam("of_branch"),
        table.till == sa.bindparam("of_till"),
        table.series == sa.bindparam("of_series"),
        number.in_(sa.bindparam("some", expanding=True)),
    )


# Statements are made once: building one costs more than running it.
_TAKEN: Final = sa.select(ReceiptRow.number, ReceiptRow.entry).where(
    _of(ReceiptRow, ReceiptRow.number)
)
_STORED: Final = sa.select(EntryRow.number, EntryRow.digest).where(_of(EntryRow, EntryRow.number))


@dataclass(frozen=True, slots=True)
class Incoming:
    """An entry that came: what it says, or why it is put aside."""

    series: str
    number: int
    data: bytes
    digest: Digest
    entry: Entry | None
    wrong: str | None

    @property
    def place(self) -> Place:
        """Series and number."""
        return self.series, self.number

    @property
    def receipt(self) -> Receipt | None:
        """The receipt that the entry holds."""
        return self.entry.receipt if self.entry else None


def in_place(
    connection: sa.Connection,
    branch: str,
    till: str,
    came: list[Incoming],
    before: dict[str, Marks],
) -> list[Incoming]:
    """`came`, where what does not fit into the till's journal says so.

    before  how each series stood before this call
    """
    known: dict[Place, Digest] = {
        (series, mark.through): mark.digest for series, mark in before.items()
    }
    batch = {each.place: each.digest for each in came}
    asked = {(e.series, e.number - 1) for e in came if e.number > 1} - set(known) - set(batch)
    asked |= {place for place in batch if place[1] <= before[place[0]].highest}
    known |= stored_digests(connection, branch, till, asked)
    digests = batch | known
    taken = _taken(connection, branch, till, came)
    placed = []
    for each in came:
        wrong = each.wrong or _misplaced(each, digests, taken)
        if each.receipt is not None and wrong is None and not each.receipt.training:
            taken.setdefault((each.series, each.receipt.number), each.number)
        placed.append(replace(each, wrong=wrong))
    return placed


def _misplaced(each: Incoming, digests: dict[Place, Digest], taken: dict[Place, int]) -> str | None:
    if each.entry is None:
        return None
    previous = digests.get((each.series, each.number - 1))
    if previous is not None and each.entry.previous != previous:
        return f"the entry is not chained to entry {each.number - 1} as it came"
    if each.receipt is not None:
        other = taken.get((each.series, each.receipt.number), each.number)
        if other != each.number:
            return f"receipt number {each.receipt.number} came before, in entry {other}"
    return None


def _taken(
    connection: sa.Connection, branch: str, till: str, came: Iterable[Incoming]
) -> dict[Place, int]:
    """Which entries hold the receipt numbers that came now, of those that are here already."""
    numbers: dict[str, set[int]] = {}
    for each in came:
        if each.receipt is not None:
            numbers.setdefault(each.series, set()).add(each.receipt.number)
    found: dict[Place, int] = {}
    for series, some in numbers.items():
        where = {"of_branch": branch, "of_till": till, "of_series": series, "some": list(some)}
        rows = connection.execute(_TAKEN, where)
        found |= {(series, row.number): row.entry for row in rows}
    return found


def stored_digests(
    connection: sa.Connection, branch: str, till: str, places: Iterable[Place]
) -> dict[Place, Digest]:
    """The digests of entries that are here already."""
    numbers: dict[str, set[int]] = {}
    for series, number in places:
        numbers.setdefault(series, set()).add(number)
    found: dict[Place, Digest] = {}
    for series, some in numbers.items():
        where = {"of_branch": branch, "of_till": till, "of_series": series, "some": list(some)}
        rows = connection.execute(_STORED, where)
        found |= {(series, row.number): Digest(row.digest) for row in rows}
    return found
