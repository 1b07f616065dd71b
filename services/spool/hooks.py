"""What programs of others hear of what tills sent: receipts, Z reports and cash, told with their rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from schemas.journal import Entry
from services.database.hooks import Happening, tell


def derive(connection: sa.Connection, entries: Iterable[Entry], at: datetime) -> None:
    """Queue messages of entries that are new here, in the transaction that keeps them."""
    found = [told for entry in entries if (told := _told(entry)) is not None]
    if found:
        tell(connection, found, at)


def _told(entry: Entry) -> Happening | None:
    receipt, closing = entry.receipt, entry.closing
    data: dict[str, Any] = {"branch": entry.branch, "till": entry.till, "series": entry.series}
    source = f"{entry.branch}-{entry.till}-{entry.series}-{entry.number}"
    if receipt is not None and not receipt.training:
        data |= {
            "number": receipt.number, "kind": receipt.kind, "ended_at": receipt.ends.isoformat(),
            "total": receipt.total.number, "currency": str(receipt.currency),
        }  # fmt: skip
        return Happening("receipt.received", f"entry:{source}", entry.branch, data)
    if closing is not None and closing.kind == "z":
        data |= {
            "number": closing.number, "business_day": closing.day.isoformat(),
            "receipts": closing.receipts, "total": closing.total.number,
            "currency": str(closing.total.currency),
        }  # fmt: skip
        return Happening("z.received", f"entry:{source}", entry.branch, data)
    drawer = entry.drawer
    if drawer is not None:
        amount = drawer.amount
        data |= {
            "entry": entry.number, "kind": drawer.kind, "at": drawer.at.isoformat(),
            "amount": amount.number if amount else None,
            "currency": str(amount.currency) if amount else None,
        }  # fmt: skip
        return Happening("cash.moved", f"entry:{source}", entry.branch, data)
    return None
