"""Ingest: verify an entry, store it once, know the gaps, put aside what cannot be digested.

Idempotent by the database's own key (branch, till, series, number): the same content again gets the
same answer and no effect; other content under a taken key is evidence, kept apart.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from schemas import xml
from schemas.journal import Acknowledgement, Entry, Refused
from services.database.sales import EntryRow, QuarantineRow
from services.spool import (
    cash,
    checks,
    clientele,
    doubles,
    hooks,
    mails,
    marks,
    order,
    rows,
    vouchers,
)  # fmt: skip
from services.spool.order import Incoming
from services.spool.rows import Row


def ingest(
    connection: sa.Connection,
    branch: str,
    till: str,
    entries: Sequence[tuple[str, int, bytes]],
    now: datetime | None = None,
    *,
    carefully: bool = False,
) -> Acknowledgement:
    """Take in what a till sent, in one transaction of the caller's; answers where the till stands.

    Anything that is wrong with an entry puts it into quarantine, and the next ones go on.

    carefully  one by one, each undone on its own where the tables refuse it; without it, what they
               refuse is raised (as one of `REFUSALS`) and the caller tries again, carefully
    """
    at = now or datetime.now(UTC)
    read = [_read(branch, till, *each) for each in entries]
    places = {series: (branch, till, series) for series in sorted({e.series for e in read})}
    before = {series: marks.lock(connection, *place) for series, place in places.items()}
    read = order.in_place(connection, branch, till, read, before)
    new = _store(connection, branch, till, read, at)
    if carefully:
        read = _derived(connection, read, new, at)
    else:
        _derive(connection, _sound(read, new), at)
    clientele.release(connection, branch, (e.entry for e in _sound(read, new) if e.entry))
    doubles.find(connection, _sound(read, new), at)
    refused = _put_aside(connection, branch, till, read, new, at)
    for series, place in places.items():
        came = {e.number: e.digest for e in read if e.series == series and e.place in new}
        marks.advance(connection, place, before[series], list(came.items()))
    return Acknowledgement(marks.standing(connection, branch, till), tuple(refused))


def _derived(
    connection: sa.Connection, read: list[Incoming], new: set[tuple[str, int]], at: datetime
) -> list[Incoming]:
    """Make the rows of what is new and sound; what the tables refuse is wrong from here on."""
    sound = _sound(read, new)
    unfit = {e.place: why for e in sound if (why := _unfit(connection, e, at)) is not None}
    for series, number in unfit:
        first = next(e for e in read if e.place == (series, number)).entry
        assert first is not None
        connection.execute(
            sa.update(EntryRow)
            .filter_by(branch=first.branch, till=first.till, series=series, number=number)
            .values(kind="quarantine")
        )
    return [replace(e, wrong=unfit.get(e.place, e.wrong)) for e in read]


REFUSALS: Final = rows.REFUSALS


def _sound(read: list[Incoming], new: set[tuple[str, int]]) -> list[Incoming]:
    return [e for e in read if e.entry and e.wrong is None and e.place in new]


def _derive(connection: sa.Connection, sound: list[Incoming], at: datetime) -> None:
    rows.derive(connection, [(e.number, e.receipt) for e in sound if e.receipt], at)
    cash.derive(connection, (e.entry for e in sound if e.entry))
    vouchers.derive(connection, (e.receipt for e in sound if e.receipt))
    clientele.derive(connection, (e.entry for e in sound if e.entry))
    mails.derive(connection, (e.entry for e in sound if e.entry), at)
    hooks.derive(connection, (e.entry for e in sound if e.entry), at)


def _unfit(connection: sa.Connection, each: Incoming, at: datetime) -> str | None:
    """Make the rows of one entry, all or none; says why not."""
    try:
        with connection.begin_nested():
            _derive(connection, [each], at)
    except REFUSALS as error:
        return f"its rows cannot be made: {str(error).splitlines()[0][:200]}"
    return None


def acknowledged(connection: sa.Connection, branch: str, till: str) -> Acknowledgement:
    """How far each series of a till is here without a gap."""
    return Acknowledgement(marks.standing(connection, branch, till))


@functools.cache
def _storing(dialect: str) -> Any:
    """One statement for all calls: building it costs more than running it."""
    table = EntryRow.__table__
    statement = rows.insert(dialect, table).on_conflict_do_nothing()
    return statement.returning(table.c.series, table.c.number)


def _read(branch: str, till: str, series: str, number: int, data: bytes) -> Incoming:
    digest = xml.digest(data)
    try:
        entry = xml.load(Entry, data)
    except xml.DocumentRefused as error:
        return Incoming(series, number, data, digest, None, str(error))
    return Incoming(
        series, number, data, digest, entry, checks.wrong(branch, till, entry, series, number)
    )


def _store(
    connection: sa.Connection, branch: str, till: str, read: Iterable[Incoming], at: datetime
) -> set[tuple[str, int]]:
    """Insert every entry, sound or not: its bytes are kept in any case. Answers the new ones."""
    kept: dict[tuple[str, int], Row] = {}
    for each in read:
        kept.setdefault(
            each.place,
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
    read: Sequence[Incoming],
    new: set[tuple[str, int]],
    at: datetime,
) -> list[Refused]:
    """Quarantine what is unsound, and what has other content than the entry stored before."""
    old = [each for each in read if each.place not in new]
    stored = order.stored_digests(connection, branch, till, {each.place for each in old})
    refused: list[Refused] = []
    aside: list[Row] = []
    for each in read:
        reason = each.wrong
        before = stored.get(each.place)
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
