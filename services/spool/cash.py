"""The rows of closings, drawer events and notes, derived as they come in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa

from schemas.journal import Entry
from services.database.sales import ClosingRow, DrawerRow, NoteRow, PaymentRow, ReceiptRow

_INSERTS: Final[dict[Any, Any]] = {
    table: sa.insert(table) for table in (ClosingRow, DrawerRow, NoteRow)
}
Row = dict[str, Any]


def derive(connection: sa.Connection, entries: Iterable[Entry]) -> None:
    """The rows of entries that are new here and hold a Z report, a drawer event or a note."""
    rows: dict[Any, list[Row]] = {ClosingRow: [], DrawerRow: [], NoteRow: []}
    for entry in entries:
        if entry.closing is not None and entry.closing.kind == "z":
            rows[ClosingRow].append(_closing(entry))
        elif entry.drawer is not None:
            rows[DrawerRow].append(_drawer(entry))
        elif entry.note is not None:
            rows[NoteRow].append(_note(entry))
            if entry.note.kind == "tender":
                _put_right(connection, entry)
    for table, some in rows.items():
        if some:
            connection.execute(_INSERTS[table], some)


def _place(entry: Entry) -> Row:
    return {
        "branch": entry.branch, "till": entry.till, "series": entry.series, "entry": entry.number,
    }  # fmt: skip


def _closing(entry: Entry) -> Row:
    z = entry.closing
    assert z is not None
    return _place(entry) | {
        "number": z.number,
        "addendum": 0,
        "day": z.day,
        "at": z.at,
        "cashier": z.cashier,
        "cashier_name": z.cashier_name,
        "currency": z.total.currency,
        "after": z.after,
        "through": z.through,
        "receipts": z.receipts,
        "total": z.total.minor,
        "cash": z.cash.minor,
        "counted": None if z.counted is None else z.counted.minor,
        "grand_total": z.grand_total.minor,
    }


def _drawer(entry: Entry) -> Row:
    event = entry.drawer
    assert event is not None
    difference = event.difference
    return _place(entry) | {
        "kind": event.kind,
        "at": event.at,
        "day": event.at.date(),
        "cashier": event.cashier,
        "currency": event.amount.currency if event.amount else None,
        "amount": None if event.amount is None else event.amount.minor,
        "difference": None if difference is None else difference.minor,
        "reason": event.reason,
        "bag": event.bag,
    }


def _note(entry: Entry) -> Row:
    note = entry.note
    assert note is not None
    return _place(entry) | {
        "kind": note.kind,
        "at": note.at,
        "day": note.at.date(),
        "cashier": note.cashier,
        "receipt": note.receipt,
        "reason": note.reason,
    }


def _put_right(connection: sa.Connection, entry: Entry) -> None:
    """The payments of a receipt are others now; change was taken off them at the till.

    Nothing where the receipt is not here: then its payments come as they were, and the note says
    that they are not so.
    """
    note = entry.note
    assert note is not None
    place = {"branch": entry.branch, "till": entry.till, "series": entry.series}
    there = connection.execute(
        sa.update(ReceiptRow).filter_by(**place, number=note.receipt).values(change=0)
    )
    if not there.rowcount:
        return
    connection.execute(sa.delete(PaymentRow).filter_by(**place, receipt=note.receipt))
    rows = [
        {
            **place,
            "receipt": note.receipt,
            "number": n,
            "tender": p.tender,
            "kind": p.kind,
            "amount": p.amount.minor,
        }
        for n, p in enumerate(note.after, 1)
    ]
    if rows:
        connection.execute(sa.insert(PaymentRow), rows)
