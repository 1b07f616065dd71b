"""The rows that evaluation reads, derived from receipts as they come in."""

from __future__ import annotations

import functools
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from schemas.receipt import Line, Receipt
from services.database.sales import HourRow, LineRow, PaymentRow, ReceiptRow, TaxRow

Row = dict[str, Any]
REFUSALS: Final = (sa.exc.IntegrityError, sa.exc.DataError, OverflowError, ValueError)
"""What the tables may say to rows that no sound till makes."""
_DIALECTS: Final = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_INSERTS: Final[dict[Any, Any]] = {
    table: sa.insert(table) for table in (ReceiptRow, LineRow, PaymentRow, TaxRow)
}


def insert(dialect: str, table: Any) -> Any:
    """An insert that can say what happens where the key is taken."""
    return _DIALECTS[dialect](table)


def derive(connection: sa.Connection, receipts: list[tuple[int, Receipt]], at: datetime) -> None:
    """The rows that evaluation reads, from receipts (with their entry's number) that are new here."""
    if not receipts:
        return
    rows: dict[Any, list[Row]] = {
        ReceiptRow: [], LineRow: [], PaymentRow: [], TaxRow: []
    }  # fmt: skip
    hours: dict[tuple[object, ...], list[int]] = {}
    for entry, receipt in receipts:
        if receipt.training:
            continue  # kept as an entry, and outside turnover
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
                "quantity": _pieces(line),
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
        rows[TaxRow] += [{**key, **taxed} for taxed in _taxes(receipt)]
        hour = (receipt.branch, day, receipt.till, receipt.ends.hour, receipt.currency)
        sums = hours.setdefault(hour, [0, 0, 0])
        sums[0] += 1
        sums[1] += _items(receipt)
        sums[2] += receipt.total.minor
    for table, some in rows.items():
        if some:
            connection.execute(_INSERTS[table], some)
    _add_hours(connection, hours)


def _pieces(line: Line) -> int:
    """Thousandths that went out; below zero where they came back."""
    back = line.amount.minor < 0 or (line.kind == "return" and line.amount.minor == 0)
    return -line.quantity.thousandths if back else line.quantity.thousandths


def _taxes(receipt: Receipt) -> list[Row]:
    """A row a class and rate; what coupons took from a class is taken from its row."""
    found: dict[tuple[str, Decimal], Row] = {}
    for total in receipt.taxes:
        row = found.setdefault(
            (total.class_, total.percent),
            {
                "tax": total.class_,
                "percent": int(total.percent * 1000),
                "gross": 0,
                "net": 0,
                "amount": 0,
            },
        )
        row["gross"] += total.gross.minor
        row["net"] += total.net.minor
        row["amount"] += total.tax.minor
    return list(found.values())


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
        "customer": receipt.customer,
    }


def _add_hours(connection: sa.Connection, hours: dict[tuple[object, ...], list[int]]) -> None:
    names = ("branch", "day", "till", "hour", "currency", "receipts", "items", "total")
    if not hours:
        return
    rows = [
        dict(zip(names, (*key, *sums), strict=True)) for key, sums in sorted(hours.items(), key=str)
    ]
    connection.execute(_adding_hours(connection.dialect.name), rows)


@functools.cache
def _adding_hours(dialect: str) -> Any:
    """One statement for all calls: building it costs more than running it."""
    table = HourRow.__table__
    statement = insert(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=["branch", "day", "till", "hour", "currency"],
        set_={
            name: table.c[name] + statement.excluded[name]
            for name in ("receipts", "items", "total")
        },
    )
