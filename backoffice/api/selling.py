"""What programs read of the selling: receipts, whole and as the till wrote them, and turnover."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import sqlalchemy as sa

from backoffice.api import dealings, paging, plain
from backoffice.api.operation import Call, Told, operation
from backoffice.api.problem import missing, wrong
from services.database.sales import EntryRow, LineRow, PaymentRow, ReceiptRow, TaxRow
from services.evaluation import turnover
from services.evaluation.turnover import Days

PLACE: Final = r"^[0-9A-Za-z]{1,12}$"
COUNT: Final = r"^[0-9]{1,9}$"
OF_A_TILL: Final = {"branch": PLACE, "till": PLACE, "series": PLACE, "number": COUNT}
_KEY: Final = (ReceiptRow.branch, ReceiptRow.till, ReceiptRow.series, ReceiptRow.number)


@operation("GET", "/receipts", "receipts:read", answers=dealings.ReceiptSaid, many=True,
           query=dealings.AskedReceipts, wrong=(404,))  # fmt: skip
def list_receipts(call: Call) -> Told:
    """Receipts, in the order in which they came in.

    `first` and `last` are the local days on which they ended. To follow them, give
    `received_since` the `as_of` of the last call: one may come twice then, none is missed, however
    late a till sends it.
    """
    asked = call.query
    place = call.place(asked.branch)
    query = sa.select(ReceiptRow)
    if place.branch:
        query = query.where(ReceiptRow.branch == place.branch)
    if asked.till:
        query = query.where(ReceiptRow.till == asked.till)
    if asked.customer:
        query = query.where(ReceiptRow.customer == asked.customer)
    if asked.received_since:
        query = query.where(ReceiptRow.received_at >= plain.instant(asked.received_since))
    if asked.first:
        query = query.where(ReceiptRow.day >= asked.first)
    if asked.last:
        query = query.where(ReceiptRow.day <= asked.last)
    rows, following = paging.keyed(
        call, query, (ReceiptRow.received_at, *_KEY), (str, str, str, str, int)
    )
    items = _whole(call, rows) if asked.whole else [plain.receipt(row) for row in rows]
    return paging.page(call, items, following)


def _whole(call: Call, rows: Sequence[ReceiptRow]) -> list[dict[str, Any]]:
    """Receipts with their lines, payments and taxes: three questions for all of them."""
    keys = [(row.branch, row.till, row.series, row.number) for row in rows]
    parts: dict[str, dict[tuple[str, str, str, int], list[Any]]] = {}
    tables: tuple[tuple[str, Any, Any], ...] = (
        ("lines", LineRow, LineRow.number), ("payments", PaymentRow, PaymentRow.number),
        ("taxes", TaxRow, TaxRow.tax),
    )  # fmt: skip
    for name, table, order in tables:
        found = parts.setdefault(name, {})
        key = sa.tuple_(table.branch, table.till, table.series, table.receipt)
        for begin in range(0, len(keys), 200):
            query = sa.select(table).where(key.in_(keys[begin : begin + 200])).order_by(order)
            for each in call.session.scalars(query):
                of = (each.branch, each.till, each.series, each.receipt)
                found.setdefault(of, []).append(each)
    said: dict[str, Callable[[Any, str], dict[str, Any]]] = {
        "lines": plain.line,
        "payments": plain.payment,
        "taxes": plain.tax,
    }
    return [
        plain.receipt(row) | {
            name: [tell(each, row.currency) for each in parts[name].get(key, [])]
            for name, tell in said.items()
        }
        for row, key in zip(rows, keys, strict=True)
    ]  # fmt: skip


def _receipt(call: Call) -> ReceiptRow:
    key = tuple(call.path[name] for name in ("branch", "till", "series"))
    row = call.session.get(ReceiptRow, (*key, int(call.path["number"])))
    if row is None or not call.sees(row.branch):
        raise missing("api.no-receipt")
    return row


@operation("GET", "/receipts/{branch}/{till}/{series}/{number}", "receipts:read",
           answers=dealings.ReceiptSaid, wrong=(404,), keys=OF_A_TILL)  # fmt: skip
def get_receipt(call: Call) -> Told:
    """One receipt, with its lines, payments and taxes."""
    return Told(_whole(call, [_receipt(call)])[0])


@operation("GET", "/receipts/{branch}/{till}/{series}/{number}/document", "receipts:read",
           raw="application/xml", wrong=(404,), keys=OF_A_TILL)  # fmt: skip
def get_receipt_document(call: Call) -> Told:
    """The journal's entry of a receipt, byte for byte as its till wrote and sealed it."""
    row = _receipt(call)
    entry = call.session.get(EntryRow, (row.branch, row.till, row.series, row.entry))
    if entry is None:
        raise missing("api.no-receipt")
    return Told(entry.document, etag=entry.digest)


_SPLIT = {
    "branch": turnover.by_branch, "till": turnover.by_till, "day": turnover.by_day,
    "hour": turnover.by_hour, "article": turnover.by_article,
}  # fmt: skip
_MOST_DAYS = 400


@operation("GET", "/turnover", "turnover:read", answers=dealings.TurnoverSaid,
           query=dealings.AskedTurnover, wrong=(404,))  # fmt: skip
def get_turnover(call: Call) -> Told:
    """The turnover of some days, by branch, till, day, hour or article, against the stretch before.

    At most 400 days.
    """
    asked = call.query
    if asked.last < asked.first:
        raise wrong("last", "api.last-first")
    if (asked.last - asked.first).days >= _MOST_DAYS or asked.first.year < 1971:
        raise wrong("first", "api.most-days", days=_MOST_DAYS)
    place = call.place(asked.branch)
    rows = _SPLIT[asked.by](call.session, place, Days(asked.first, asked.last))
    return Told(
        {
            "by": asked.by, "first": asked.first, "last": asked.last, "currency": place.currency,
            "rows": [plain.turnover(row, place.currency) for row in rows],
        }
    )  # fmt: skip
