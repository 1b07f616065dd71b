"""The chain's voucher ledger, moved as receipts come in: each entry once, in any order."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from schemas.receipt import Receipt
from services.database.sales import VoucherMove, VoucherRow
from services.register import voucher
from services.spool.rows import insert


def derive(connection: sa.Connection, receipts: Iterable[Receipt]) -> None:
    """Count what receipts that are new here sold and redeemed."""
    moves: dict[tuple[str, str], dict[str, Any]] = {}
    each: dict[tuple[str, str, str], dict[str, Any]] = {}
    for receipt in receipts:
        if receipt.training:
            continue
        for number, line in voucher.sold(receipt):
            move = _move(moves, receipt, number)
            move["issued"] += line.amount.minor
            move["kind"], move["article"] = line.voucher_kind, line.article
            _single(each, receipt, number)["issued"] += line.amount.minor
        for number, amount in voucher.redeemed(receipt):
            _move(moves, receipt, number)["redeemed"] += amount.minor
            _single(each, receipt, number)["redeemed"] += amount.minor
    if moves:
        connection.execute(_moving(connection.dialect.name), list(moves.values()))
        connection.execute(sa.insert(VoucherMove), list(each.values()))


def _single(
    each: dict[tuple[str, str, str], dict[str, Any]], receipt: Receipt, number: str
) -> dict[str, Any]:
    """What one receipt did with one voucher."""
    return each.setdefault(
        (receipt.name, number, receipt.currency),
        {
            "branch": receipt.branch, "till": receipt.till, "series": receipt.series,
            "receipt": receipt.number, "number": number, "currency": receipt.currency, "issued": 0,
            "redeemed": 0, "at": receipt.ends,
        },
    )  # fmt: skip


def _move(
    moves: dict[tuple[str, str], dict[str, Any]], receipt: Receipt, number: str
) -> dict[str, Any]:
    return moves.setdefault(
        (number, receipt.currency),
        {
            "number": number, "currency": receipt.currency, "kind": None, "article": None, "issued": 0,
            "redeemed": 0, "branch": receipt.branch, "moved_at": receipt.ends, "blocked": False,
        },
    )  # fmt: skip


@functools.cache
def _moving(dialect: str) -> Any:
    table = VoucherRow.__table__
    statement = insert(dialect, table)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["number", "currency"],
        set_={
            "issued": table.c.issued + new.issued,
            "redeemed": table.c.redeemed + new.redeemed,
            "kind": sa.func.coalesce(new.kind, table.c.kind),
            "article": sa.func.coalesce(new.article, table.c.article),
            "branch": new.branch,
            "moved_at": new.moved_at,
        },
    )
