"""Ingest: verify an entry, store it once, know the gaps, put aside what cannot be digested.

Idempotent by the database's own key (branch, till, series, number): the same content again gets the
same answer and no effect; other content under a taken key is evidence, kept apart.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from schemas import xml
from schemas.journal import Acknowledgement, Entry, Refused
from schemas.keys import Digest
from schemas.receipt import Receipt
from services.database.sales import EntryRow, QuarantineRow
from services.spool import marks, rows
from services.spool.rows import Row


@dataclass(frozen=True, slots=True)
class _Read:
    """An entry that was read, or why it could not be."""

    series: str
    number: int
    data: bytes
    digest: Digest
    entry: Entry | None
    wrong: str | None


def ingest(
    connection: sa.Connection,
    branch: str,
    till: str,
    entries: Sequence[tuple[str, int, bytes]],
    now: datetime | None = None,
) -> Acknowledgement:
    """Take in what a till sent, in one transaction of the caller's; answers where the till stands.

    Anything that is wrong with an entry puts it into quarantine, and the next ones go on.
    """
    at = now or datetime.now(UTC)
    read = [_read(branch, till, *each) for each in entries]
    places = {series: (branch, till, series) for series in sorted({e.series for e in read})}
    before = {series: marks.lock(connection, *place) for series, place in places.items()}
    new = _store(connection, branch, till, read, at)
    fresh = [e for e in read if (e.series, e.number) in new]
    refused = _put_aside(connection, branch, till, read, new, at)
    sound = [(e, e.entry.receipt) for e in fresh if e.entry and e.wrong is None]
    rows.derive(connection, [(e.number, receipt) for e, receipt in sound if receipt], at)
    for series, place in places.items():
        came = {e.number: e.digest for e in fresh if e.series == series}
        marks.advance(connection, place, before[series], list(came.items()))
    return Acknowledgement(marks.standing(connection, branch, till), tuple(refused))


def acknowledged(connection: sa.Connection, branch: str, till: str) -> Acknowledgement:
    """How far each series of a till is here without a gap."""
    return Acknowledgement(marks.standing(connection, branch, till))


@functools.cache
def _storing(dialect: str) -> Any:
    """One statement for all calls: building it costs more than running it."""
    table = EntryRow.__table__
    statement = rows.insert(dialect, table).on_conflict_do_nothing()
    return statement.returning(table.c.series, table.c.number)


def _read(branch: str, till: str, series: str, number: int, data: bytes) -> _Read:
    digest = xml.digest(data)
    try:
        entry = xml.load(Entry, data)
    except xml.DocumentRefused as error:
        return _Read(series, number, data, digest, None, str(error))
    wrong = None
    if (entry.branch, entry.till) != (branch, till):
        wrong = f"the entry is of till {entry.branch}-{entry.till}"
    elif (entry.series, entry.number) != (series, number):
        wrong = f"the entry is number {entry.number} of series {entry.series}"
    elif entry.receipt is not None:
        wrong = _does_not_add_up(branch, till, entry.receipt)
    return _Read(series, number, data, digest, entry, wrong)


def _does_not_add_up(branch: str, till: str, receipt: Receipt) -> str | None:
    if (receipt.branch, receipt.till) != (branch, till):
        return f"the receipt is of till {receipt.till_name}"
    lines = sum(line.amount.minor for line in receipt.lines if line.counts)
    paid = sum(payment.amount.minor for payment in receipt.payments)
    taxed = sum(row.gross.minor for row in receipt.taxes)
    if not lines == receipt.total.minor == paid - receipt.change.minor == taxed:
        return (
            f"receipt {receipt.number} does not add up: lines {lines}, total "
            f"{receipt.total.minor}, paid less change {paid - receipt.change.minor}, taxed {taxed}"
        )
    return None


def _store(
    connection: sa.Connection, branch: str, till: str, read: Iterable[_Read], at: datetime
) -> set[tuple[str, int]]:
    """Insert every entry, sound or not: its bytes are kept in any case. Answers the new ones."""
    kept: dict[tuple[str, int], Row] = {}
    for each in read:
        kept.setdefault(
            (each.series, each.number),
            {
                "branch": branch,
                "till": till,
                "series": each.series,
                "number": each.number,
                "kind": "quarantine" if each.wrong or each.entry is None else each.entry.kind,
                "digest": each.digest,
                "received_at": at,
                "document": each.data,
            },
        )
    if not kept:
        return set()
    stored = connection.execute(_storing(connection.dialect.name), list(kept.values()))
    return {(row.series, row.number) for row in stored}


def _put_aside(
    connection: sa.Connection,
    branch: str,
    till: str,
    read: Sequence[_Read],
    new: set[tuple[str, int]],
    at: datetime,
) -> list[Refused]:
    """Quarantine what is unsound, and what has other content than the entry stored before."""
    old = [each for each in read if (each.series, each.number) not in new]
    stored = _stored_digests(connection, branch, till, old)
    refused: list[Refused] = []
    aside: list[Row] = []
    for each in read:
        reason = each.wrong
        before = stored.get((each.series, each.number))
        if before is not None and before != each.digest:
            reason = "another content has been sent under this number before"
        if reason is None:
            continue
        refused.append(Refused(each.series, each.number, reason))
        aside.append(
            {
                "branch": branch,
                "till": till,
                "series": each.series,
                "number": each.number,
                "digest": each.digest,
                "reason": reason,
                "received_at": at,
                "document": each.data,
            }
        )
    if aside:
        statement = rows.insert(
            connection.dialect.name, QuarantineRow.__table__
        ).on_conflict_do_nothing()
        connection.execute(statement, aside)
    return refused


def _stored_digests(
    connection: sa.Connection, branch: str, till: str, old: Iterable[_Read]
) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for series in {each.series for each in old}:
        rows = connection.execute(
            sa.select(EntryRow.number, EntryRow.digest).where(
                EntryRow.branch == branch,
                EntryRow.till == till,
                EntryRow.series == series,
                EntryRow.number.in_({each.number for each in old if each.series == series}),
            )
        )
        found.update({(series, row.number): row.digest for row in rows})
    return found
