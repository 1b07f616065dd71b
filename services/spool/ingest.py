"""Ingest: verify an entry, store it once, know the gaps, put aside what cannot be digested.

Idempotent by the database's own key (branch, till, series, number): the same content again gets the
same answer and no effect; other content under a taken key is evidence, kept apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from schemas import xml
from schemas.journal import Acknowledgement, Entry, Refused, Through
from schemas.keys import Digest
from schemas.receipt import Receipt
from services.database.sales import (
    EntryRow,
    HourRow,
    LineRow,
    PaymentRow,
    QuarantineRow,
    ReceiptRow,
    SeriesRow,
    TaxRow,
)

Row = dict[str, Any]
_INSERTS: Final = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


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
    session: Session,
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
    for series in sorted({each.series for each in read}):
        _lock_series(session, branch, till, series)
    new = _store(session, branch, till, read, at)
    fresh = [e for e in read if (e.series, e.number) in new]
    refused = _put_aside(session, branch, till, read, new, at)
    sound = [(e, e.entry.receipt) for e in fresh if e.entry and e.wrong is None]
    _derive(session, [(e.number, receipt) for e, receipt in sound if receipt], at)
    for series in sorted({each.series for each in read}):
        _advance(session, branch, till, series, [e.number for e in fresh if e.series == series])
    return Acknowledgement(acknowledged(session, branch, till).through, tuple(refused))


def acknowledged(session: Session, branch: str, till: str) -> Acknowledgement:
    """How far each series of a till is here without a gap."""
    rows = session.execute(
        sa.select(SeriesRow.series, SeriesRow.through, SeriesRow.digest)
        .where(SeriesRow.branch == branch, SeriesRow.till == till)
        .order_by(SeriesRow.series)
    )
    return Acknowledgement(
        tuple(Through(row.series, row.through, Digest(row.digest)) for row in rows)
    )


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


def _insert(session: Session, table: Any) -> Any:
    return _INSERTS[session.get_bind().dialect.name](table)


def _lock_series(session: Session, branch: str, till: str, series: str) -> None:
    """One upload at a time for a series; others of the same till wait here."""
    where = {"branch": branch, "till": till, "series": series}
    session.execute(
        _insert(session, SeriesRow)
        .values(**where, through=0, highest=0, received=0, digest="0" * 64)
        .on_conflict_do_nothing()
    )
    session.execute(sa.select(SeriesRow.through).filter_by(**where).with_for_update())


def _store(
    session: Session, branch: str, till: str, read: Iterable[_Read], at: datetime
) -> set[tuple[str, int]]:
    """Insert every entry, sound or not: its bytes are kept in any case. Answers the new ones."""
    rows: dict[tuple[str, int], Row] = {}
    for each in read:
        rows.setdefault(
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
    if not rows:
        return set()
    table = EntryRow.__table__
    statement = (
        _insert(session, table).on_conflict_do_nothing().returning(table.c.series, table.c.number)
    )
    return {(row.series, row.number) for row in session.execute(statement, list(rows.values()))}


def _put_aside(
    session: Session,
    branch: str,
    till: str,
    read: Sequence[_Read],
    new: set[tuple[str, int]],
    at: datetime,
) -> list[Refused]:
    """Quarantine what is unsound, and what has other content than the entry stored before."""
    old = [each for each in read if (each.series, each.number) not in new]
    stored = _stored_digests(session, branch, till, old)
    refused, rows = [], []
    for each in read:
        reason = each.wrong
        before = stored.get((each.series, each.number))
        if before is not None and before != each.digest:
            reason = "another content has been sent under this number before"
        if reason is None:
            continue
        refused.append(Refused(each.series, each.number, reason))
        rows.append(
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
    if rows:
        statement = _insert(session, QuarantineRow.__table__).on_conflict_do_nothing()
        session.execute(statement, rows)
    return refused


def _stored_digests(
    session: Session, branch: str, till: str, old: Iterable[_Read]
) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for series in {each.series for each in old}:
        rows = session.execute(
            sa.select(EntryRow.number, EntryRow.digest).where(
                EntryRow.branch == branch,
                EntryRow.till == till,
                EntryRow.series == series,
                EntryRow.number.in_({each.number for each in old if each.series == series}),
            )
        )
        found.update({(series, row.number): row.digest for row in rows})
    return found


def _derive(session: Session, receipts: list[tuple[int, Receipt]], at: datetime) -> None:
    """The rows that evaluation reads, from receipts (with their entry's number) that are new here."""
    if not receipts:
        return
    rows: dict[Any, list[Row]] = {
        ReceiptRow: [], LineRow: [], PaymentRow: [], TaxRow: []
    }  # fmt: skip
    hours: dict[tuple[object, ...], list[int]] = {}
    for entry, receipt in receipts:
        key = {"branch": receipt.branch, "till": receipt.till, "series": receipt.series}
        rows[ReceiptRow].append(_receipt_row(receipt, entry, at))
        key["receipt"] = receipt.number  # type: ignore[assignment]
        day = receipt.ends.date()
        rows[LineRow] += [
            {
                **key,
                "number": line.number,
                "day": day,
                "kind": line.kind,
                "article": line.article,
                "name": line.name,
                "article_group": line.group,
                "quantity": -line.quantity.thousandths if line.kind == "return"
                else line.quantity.thousandths,
                "price": line.price.fine,
                "amount": line.amount.minor,
                "tax": line.tax,
            }
            for line in receipt.lines
            if line.counts
        ]  # fmt: skip
        rows[PaymentRow] += [
            {**key, "number": n, "tender": p.tender, "kind": p.kind, "amount": p.amount.minor}
            for n, p in enumerate(receipt.payments, 1)
        ]
        rows[TaxRow] += [
            {
                **key,
                "tax": t.class_,
                "percent": int(t.percent * 1000),
                "gross": t.gross.minor,
                "net": t.net.minor,
                "amount": t.tax.minor,
            }
            for t in receipt.taxes
        ]
        hour = (receipt.branch, day, receipt.till, receipt.ends.hour, receipt.currency)
        sums = hours.setdefault(hour, [0, 0, 0])
        sums[0] += 1
        sums[1] += _items(receipt)
        sums[2] += receipt.total.minor
    for table, some in rows.items():
        if some:
            session.execute(sa.insert(table.__table__), some)
    _add_hours(session, hours)


def _items(receipt: Receipt) -> int:
    return sum(1 for line in receipt.lines if line.kind in {"sale", "return"})


def _receipt_row(receipt: Receipt, entry: int, at: datetime) -> Row:
    return {
        "branch": receipt.branch,
        "till": receipt.till,
        "series": receipt.series,
        "number": receipt.number,
        "entry": entry,
        "kind": receipt.kind,
        "day": receipt.ends.date(),
        "business_day": receipt.day,
        "hour": receipt.ends.hour,
        "ends_at": receipt.ends,
        "received_at": at,
        "cashier": receipt.cashier,
        "cashier_name": receipt.cashier_name,
        "currency": receipt.currency,
        "total": receipt.total.minor,
        "change": receipt.change.minor,
        "items": _items(receipt),
        "ref": receipt.ref,
    }


def _add_hours(session: Session, hours: dict[tuple[object, ...], list[int]]) -> None:
    table = HourRow.__table__
    statement = _insert(session, table)
    statement = statement.on_conflict_do_update(
        index_elements=["branch", "day", "till", "hour", "currency"],
        set_={
            name: table.c[name] + statement.excluded[name]
            for name in ("receipts", "items", "total")
        },
    )
    names = ("branch", "day", "till", "hour", "currency", "receipts", "items", "total")
    rows = [
        dict(zip(names, (*key, *sums), strict=True)) for key, sums in sorted(hours.items(), key=str)
    ]
    session.execute(statement, rows)


def _advance(session: Session, branch: str, till: str, series: str, numbers: list[int]) -> None:
    """Move the series' marks over what has come; look at stored numbers only past the mark."""
    if not numbers:
        return
    where = {"branch": branch, "till": till, "series": series}
    row = session.execute(
        sa.select(SeriesRow.through, SeriesRow.highest, SeriesRow.received).filter_by(**where)
    ).one()
    following = session.execute(
        sa.select(EntryRow.number, EntryRow.digest)
        .filter_by(**where)
        .where(EntryRow.number > row.through)
        .order_by(EntryRow.number)
    )
    through, digest = row.through, None
    for each in following:
        if each.number != through + 1:
            break
        through, digest = each.number, each.digest
    marks: Row = {
        "through": through,
        "highest": max(row.highest, *numbers),
        "received": row.received + len(numbers),
    }
    if digest is not None:
        marks["digest"] = digest
    session.execute(sa.update(SeriesRow).filter_by(**where).values(**marks))
