"""Receipts that somebody wants by e-mail, out of what tills sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from schemas.journal import Entry
from services.database.mails import MailRow
from services.spool.rows import Row, insert


def derive(connection: sa.Connection, entries: Iterable[Entry], at: datetime) -> None:
    """Queue what entries that are new here ask for; each asks once, however often it comes."""
    found = [row for entry in entries if (row := _wanted(entry, at)) is not None]
    if found:
        table = MailRow.__table__
        connection.execute(insert(connection.dialect.name, table).on_conflict_do_nothing(), found)


def _wanted(entry: Entry, at: datetime) -> Row | None:
    receipt, note = entry.receipt, entry.note
    if receipt is not None and receipt.mail and not receipt.training:
        series, number, address = receipt.series, receipt.number, receipt.mail
    elif note is not None and note.kind == "mail" and note.mail:
        till, _, text = (note.reason or "").rpartition("-")
        till, _, series = till.rpartition("-")
        if till != f"{entry.branch}-{entry.till}" or not text.isdecimal():
            return None  # a till sends its own receipts only
        number, address = int(text), note.mail
    else:
        return None
    return {
        "branch": entry.branch, "till": entry.till, "series": entry.series, "number": entry.number,
        "receipt_series": series, "receipt": number, "address": address, "state": "waiting",
        "perhaps": False, "tries": 0, "made_at": at, "next_at": at,
    }  # fmt: skip
