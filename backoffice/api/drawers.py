"""What programs read of the money: Z reports, what happened at drawers, and vouchers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from backoffice.api import dealings, models, paging, plain
from backoffice.api.models import AskedDays, Writing
from backoffice.api.operation import Call, Told, operation
from backoffice.api.problem import missing
from backoffice.api.putting import WRONG, Into, one
from backoffice.api.selling import COUNT, OF_A_TILL
from schemas import xml
from services.database import audit
from services.database.sales import ClosingRow, DrawerRow, EntryRow, VoucherRow
from services.evaluation import cash, vouchers

_CARD = r"^[!-.0-~]{1,40}$"
"""What is on a voucher: any sign but blank and slash."""


def _within(call: Call, query: sa.Select[Any], table: Any, entry: Any) -> sa.Select[Any]:
    """Of the branch and the days that are asked for, and what came in since."""
    asked = call.query
    branch = call.place(asked.branch).branch
    if branch:
        query = query.where(table.branch == branch)
    if asked.first:
        query = query.where(table.day >= asked.first)
    if asked.last:
        query = query.where(table.day <= asked.last)
    if asked.received_since:
        came = sa.exists().where(
            EntryRow.branch == table.branch, EntryRow.till == table.till,
            EntryRow.series == table.series, EntryRow.number == entry,
            EntryRow.received_at >= plain.instant(asked.received_since),
        )  # fmt: skip
        query = query.where(came)
    return query


@operation("GET", "/closings", "cash:read", answers=dealings.ClosingSaid, many=True,
           query=AskedDays, wrong=(404,))  # fmt: skip
def list_closings(call: Call) -> Told:
    """Z reports, by business day, branch and till.

    With `addendum` above 0 head office made it, for receipts that no Z of a till covers.
    """
    query = _within(call, sa.select(ClosingRow), ClosingRow, ClosingRow.entry)
    key = (ClosingRow.day, ClosingRow.branch, ClosingRow.till, ClosingRow.series,
           ClosingRow.number, ClosingRow.addendum)  # fmt: skip
    rows, following = paging.keyed(call, query, key, (str, str, str, str, int, int))
    return paging.page(call, [plain.closing(row) for row in rows], following)


def _closing(call: Call) -> ClosingRow:
    place = tuple(call.path[name] for name in ("branch", "till", "series"))
    key = (*place, int(call.path["number"]), int(call.path["addendum"]))
    row = call.session.get(ClosingRow, key)
    if row is None or not call.sees(row.branch):
        raise missing("api.no-closing")
    return row


_OF_A_Z = OF_A_TILL | {"addendum": COUNT}


@operation("GET", "/closings/{branch}/{till}/{series}/{number}/{addendum}", "cash:read",
           answers=dealings.ClosingSaid, wrong=(404,), keys=_OF_A_Z)  # fmt: skip
def get_closing(call: Call) -> Told:
    """One Z report; `addendum` is 0 for a till's own."""
    return Told(plain.closing(_closing(call)))


@operation("GET", "/closings/{branch}/{till}/{series}/{number}/{addendum}/document", "cash:read",
           raw="application/xml", wrong=(404,), keys=_OF_A_Z)  # fmt: skip
def get_closing_document(call: Call) -> Told:
    """A Z report whole, as XML: the journal's entry as its till wrote it, or the addendum."""
    row = _closing(call)
    entry = call.session.get(EntryRow, (row.branch, row.till, row.series, row.entry))
    if row.document is None and entry is not None:
        return Told(entry.document, etag=entry.digest)
    document = cash.document(call.session, row)
    if document is None:
        raise missing("api.no-closing")
    return Told(xml.dump(document), etag=plain.tag(document))


@operation("GET", "/cash-movements", "cash:read", answers=dealings.MovementSaid, many=True,
           query=dealings.AskedMovements, wrong=(404,))  # fmt: skip
def list_cash_movements(call: Call) -> Told:
    """What happened at drawers beside sales: floats, pay-ins and pay-outs, bags to the safe, counts."""
    query = _within(call, sa.select(DrawerRow), DrawerRow, DrawerRow.entry)
    if call.query.kind:
        query = query.where(DrawerRow.kind == call.query.kind)
    key = (DrawerRow.day, DrawerRow.branch, DrawerRow.till, DrawerRow.series, DrawerRow.entry)
    rows, following = paging.keyed(call, query, key, (str, str, str, str, int))
    return paging.page(call, [plain.movement(row) for row in rows], following)


# Vouchers


@operation("GET", "/vouchers", "vouchers:read", answers=dealings.VoucherSaid, many=True,
           query=dealings.AskedVouchers)  # fmt: skip
def list_vouchers(call: Call) -> Told:
    """Vouchers with what is left of each, by number and currency.

    A token for one branch sees those that were sold or taken there.
    """
    query = vouchers.seen(call.branch)
    if call.query.moved_since:
        query = query.where(VoucherRow.moved_at >= plain.instant(call.query.moved_since))
    if call.query.blocked is not None:
        query = query.where(VoucherRow.blocked == call.query.blocked)
    key = (VoucherRow.number, VoucherRow.currency)
    rows, following = paging.keyed(call, query, key, (str, str))
    return paging.page(call, [plain.voucher(row) for row in rows], following)


@operation("GET", "/vouchers/{number}", "vouchers:read", answers=dealings.VoucherWhole,
           keys={"number": _CARD}, wrong=(404,))  # fmt: skip
def get_voucher(call: Call) -> Told:
    """What is left of a voucher, and each receipt that sold or took of it.

    What tills without a line took of it comes once they have one again.
    """
    number = call.path["number"]
    rows = vouchers.of_number(call.session, call.branch, number)
    if not rows:
        raise missing("api.no-voucher")
    moves = vouchers.moves(call.session, call.branch, number)
    said = {
        "balances": [plain.voucher(row) for row in rows],
        "moves": [plain.voucher_move(row) for row in moves],
    }
    return Told(said, etag=_tag(rows))


def _tag(rows: list[VoucherRow]) -> str:
    return "-".join(f"{row.currency}{row.issued}.{row.redeemed}.{int(row.blocked)}" for row in rows)


@operation("PUT", "/vouchers/{number}/blocked", "vouchers:write", answers=models.Outcome,
           query=Writing, body=dealings.VoucherBody, keys={"number": _CARD}, wrong=WRONG)  # fmt: skip
def put_voucher_blocked(call: Call) -> Told:
    """Shut a voucher, or open it again: tills that ask are told at once."""
    number = call.path["number"]

    def now(into: Into) -> str | None:
        rows = vouchers.of_number(into.session, call.branch, number)
        if not rows:
            raise missing("api.no-voucher")
        return _tag(rows)

    def put(into: Into, item: dealings.VoucherBody) -> str:
        became = "unchanged"
        for row in vouchers.of_number(into.session, call.branch, number):
            kept = into.session.get_one(
                VoucherRow, (row.number, row.currency), with_for_update=True
            )
            if kept.blocked != item.blocked:
                kept.blocked, became = item.blocked, "changed"
        if became == "changed":
            done = "voucher-blocked" if item.blocked else "voucher-freed"
            audit.note(into.session, into.by, done, number[:40])
        return became

    return one(call, call.body, put, number, now)
