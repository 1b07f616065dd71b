"""What tills without a line gave or took twice: goods that came back at two of them, vouchers spent twice.

Each till did right by what it knew; only head office sees both. Nothing is refused for it: the newest
entry that takes part lies in quarantine as evidence beside what was counted, with the receipts' names.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from schemas.money import Money
from schemas.quantity import Quantity
from schemas.receipt import Receipt
from services.database.sales import EntryRow, LineRow, QuarantineRow, ReturnedRow, VoucherRow
from services.register import voucher
from services.spool.order import Incoming
from services.spool.rows import REFUSALS, Row, insert

log = logging.getLogger(__name__)

_LOCK: Final = 0x7472_6475
_NAME: Final = re.compile(
    r"([0-9A-Za-z]{1,12})-([0-9A-Za-z]{1,12})-([0-9A-Za-z]{1,12})-([0-9]{1,9})"
)
_LONGEST: Final = 2000
_LARGEST_LINE: Final = 1_000_000

Origin = tuple[str, str, str, int]
"""Branch, till, series and number of the receipt that goods were bought with."""
_ORIGIN: Final = (
    ReturnedRow.origin_branch, ReturnedRow.origin_till, ReturnedRow.origin_series,
    ReturnedRow.origin_receipt,
)  # fmt: skip


class Finding(NamedTuple):
    """An entry that takes part in something double, and what."""

    branch: str
    till: str
    series: str
    entry: int
    reason: str


def find(connection: sa.Connection, came: Sequence[Incoming], at: datetime) -> None:
    """Keep what came back with entries that are new here, and raise what is double now.

    Whatever order the receipts come in, the last of them raises it. Nothing here stops an entry.
    """
    receipts = [
        (each.number, each.receipt)
        for each in sorted(came, key=lambda each: each.place)
        if each.receipt and not each.receipt.training
    ]
    if not receipts:
        return
    try:
        with connection.begin_nested():
            back = _keep(connection, receipts)
            _in_turn(connection, alone=bool(back))
            back |= _sold_now(connection, [receipt for _, receipt in receipts])
            found = [*_returned(connection, back), *_spent(connection, receipts)]
            _raise(connection, found, at)
    except REFUSALS:
        log.exception("doubles not looked for till=%s", receipts[0][1].till_name)


def _in_turn(connection: sa.Connection, *, alone: bool) -> None:
    """Two tills' returns of one line may come in the same moment: the second sees the first."""
    if connection.dialect.name == "postgresql":
        lock = sa.func.pg_advisory_xact_lock if alone else sa.func.pg_advisory_xact_lock_shared
        connection.execute(sa.select(lock(_LOCK)))


def _keep(connection: sa.Connection, receipts: list[tuple[int, Receipt]]) -> set[Origin]:
    """Make the rows of what came back; answers with the receipts that it was bought with."""
    touched: set[Origin] = set()
    for entry, receipt in receipts:
        made = _rows(connection, entry, receipt)
        if made:
            table = ReturnedRow.__table__
            connection.execute(
                insert(connection.dialect.name, table).on_conflict_do_nothing(), made
            )
        touched |= {_origin(row) for row in made}
    return touched


def _rows(connection: sa.Connection, entry: int, receipt: Receipt) -> list[Row]:
    back = [
        (line, named)
        for line in receipt.lines
        if line.counts and line.origin and (named := _NAME.fullmatch(line.origin))
        and 0 < (line.origin_line or 0) < _LARGEST_LINE and line.number < _LARGEST_LINE
    ]  # fmt: skip
    undone = _undone(connection, receipt) if receipt.kind == "void" and back else {}
    found = []
    for line, named in back:
        branch, till, series, number = named.groups()
        origin: tuple[Any, ...] = (branch, till, series, int(number), line.origin_line)
        thousandths = line.quantity.thousandths
        if line.origin_line in undone:  # what the voided receipt took back is out again
            row = undone[line.origin_line]
            origin, thousandths = (*_origin(row._mapping), row.origin_line), -row.thousandths
        found.append(
            {
                "branch": receipt.branch, "till": receipt.till, "series": receipt.series,
                "receipt": receipt.number, "number": line.number, "entry": entry,
                "at": receipt.ends, "thousandths": thousandths,
                **dict(zip(_COLUMNS, origin, strict=True)),
            }
        )  # fmt: skip
    return found


_COLUMNS: Final = (
    "origin_branch", "origin_till", "origin_series", "origin_receipt", "origin_line",
)  # fmt: skip


def _origin(row: Any) -> Origin:
    branch, till, series, number = (row[name] for name in _COLUMNS[:4])
    return branch, till, series, number


def _undone(connection: sa.Connection, void: Receipt) -> dict[int | None, Any]:
    """What the receipt that is voided took back, by its lines."""
    named = _NAME.fullmatch(void.origin or "")
    if named is None:
        return {}
    branch, till, series, number = named.groups()
    table = ReturnedRow.__table__
    query = sa.select(table).where(
        table.c.branch == branch, table.c.till == till, table.c.series == series,
        table.c.receipt == int(number),
    )  # fmt: skip
    return {row.number: row for row in connection.execute(query)}


def _sold_now(connection: sa.Connection, receipts: list[Receipt]) -> set[Origin]:
    """Those of the receipts that something came back of before they were here themselves."""
    one = receipts[0]
    numbers: dict[str, list[int]] = {}
    for receipt in receipts:
        numbers.setdefault(receipt.series, []).append(receipt.number)
    found: set[Origin] = set()
    for series, some in numbers.items():
        query = sa.select(*_ORIGIN).distinct()
        query = query.where(
            ReturnedRow.origin_branch == one.branch, ReturnedRow.origin_till == one.till,
            ReturnedRow.origin_series == series, ReturnedRow.origin_receipt.in_(some),
        )  # fmt: skip
        found |= {(row[0], row[1], row[2], row[3]) for row in connection.execute(query)}
    return found


def _returned(connection: sa.Connection, origins: Iterable[Origin]) -> Iterable[Finding]:
    for branch, till, series, number in sorted(origins):
        sold = {
            row.number: row
            for row in connection.execute(
                sa.select(LineRow.number, LineRow.name, LineRow.quantity).where(
                    LineRow.branch == branch, LineRow.till == till, LineRow.series == series,
                    LineRow.receipt == number, LineRow.quantity > 0,
                )
            )
        }  # fmt: skip
        backs = connection.execute(
            sa.select(ReturnedRow.__table__)
            .where(*(mine == value for mine, value in zip(_ORIGIN, (branch, till, series, number),
                                                          strict=True)))
            .order_by(ReturnedRow.at, ReturnedRow.branch, ReturnedRow.till, ReturnedRow.entry)
        ).all()  # fmt: skip
        for line, bought in sold.items():
            mine = [row for row in backs if row.origin_line == line]
            came_back = sum(row.thousandths for row in mine)
            if came_back <= bought.quantity:
                continue
            last = [row for row in mine if row.thousandths > 0][-1]
            names = dict.fromkeys(f"{r.branch}-{r.till}-{r.series}-{r.receipt}" for r in mine)
            reason = (
                f"more of receipt {branch}-{till}-{series}-{number} came back than was sold: line "
                f"{line} ({bought.name}), {_number(came_back)} of {_number(bought.quantity)}, in "
                f"{', '.join(names)}"
            )
            yield Finding(last.branch, last.till, last.series, last.entry, reason)


def _number(thousandths: int) -> str:
    return Quantity(thousandths, "pcs").number


def _spent(connection: sa.Connection, receipts: list[tuple[int, Receipt]]) -> Iterable[Finding]:
    moved = {}
    for entry, receipt in receipts:
        for number, _ in (*voucher.sold(receipt), *voucher.redeemed(receipt)):
            moved[number, receipt.currency] = (entry, receipt)
    if not moved:
        return
    query = sa.select(
        VoucherRow.number, VoucherRow.currency, VoucherRow.issued, VoucherRow.redeemed
    )
    # One that was not sold here yet has no kind: its sale is still on its way.
    query = query.where(
        VoucherRow.number.in_({number for number, _ in moved}),
        VoucherRow.kind.is_not(None), VoucherRow.redeemed > VoucherRow.issued,
    )  # fmt: skip
    for row in connection.execute(query):
        if (row.number, row.currency) in moved:
            entry, last = moved[row.number, row.currency]
            reason = (
                f"more of voucher {row.number} was taken than it was sold for: "
                f"{Money(row.redeemed, row.currency)} of {Money(row.issued, row.currency)}, last in "
                f"{last.name}"
            )
            yield Finding(last.branch, last.till, last.series, entry, reason)


def _raise(connection: sa.Connection, found: list[Finding], at: datetime) -> None:
    """Each entry once, with all that it takes part in."""
    reasons: dict[tuple[str, str, str, int], list[str]] = {}
    for each in found:
        reasons.setdefault(each[:4], []).append(each.reason)
    for (branch, till, series, number), said in reasons.items():
        entry = connection.execute(
            sa.select(EntryRow.digest, EntryRow.document).filter_by(
                branch=branch, till=till, series=series, number=number
            )
        ).one()
        row = {
            "branch": branch, "till": till, "series": series, "number": number,
            "digest": entry.digest, "reason": "; ".join(said)[:_LONGEST], "received_at": at,
            "document": entry.document,
        }  # fmt: skip
        table = QuarantineRow.__table__
        connection.execute(insert(connection.dialect.name, table).on_conflict_do_nothing(), row)
