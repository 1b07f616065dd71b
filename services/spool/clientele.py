"""Customers out of what tills sent: who was met, what moved on their accounts, and holds that end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas.journal import Entry
from schemas.receipt import Receipt
from services.database import changes, customers
from services.database.customers import AccountMove, DebitRow, HoldRow, PointsMove
from services.register import clientele
from services.spool.rows import Row, insert

BY: Final = "till"
_LOCK: Final = 0x7472_6375


def derive(connection: sa.Connection, entries: Iterable[Entry]) -> None:
    """Count what entries that are new here say of customers; most say nothing, and cost nothing."""
    found = [entry for entry in entries if _touches(entry)]
    if found:
        with Session(connection) as session:
            _in_turn(session, alone=any(entry.registration for entry in found))
            _derive(session, found)
            session.commit()
        connection.info["changed"] = True


def _in_turn(session: Session, *, alone: bool) -> None:
    """Who somebody is, is decided alone: two tills may bring one person in the same moment.

    Moves go on beside each other, and not beside that: none is put on a number that is merged away.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = sa.func.pg_advisory_xact_lock if alone else sa.func.pg_advisory_xact_lock_shared
        session.execute(sa.select(lock(_LOCK)))


def release(connection: sa.Connection, branch: str, entries: Iterable[Entry]) -> None:
    """What was held for sales that have come to their end is held no longer.

    A sale may have been parked at one till of the branch and finished at another.
    """
    sales = [ref for entry in entries if (ref := _sale(entry))]
    if not sales:
        return
    own = HoldRow.branch == branch
    if connection.scalar(sa.select(HoldRow.sale).where(own).limit(1)) is not None:
        connection.execute(sa.delete(HoldRow).where(own, HoldRow.sale.in_(sales)))


def _sale(entry: Entry) -> str | None:
    if entry.receipt is not None:
        return entry.receipt.ref
    return entry.aborted.ref if entry.aborted is not None else None


def _touches(entry: Entry) -> bool:
    if entry.receipt is not None:
        debited = any(p.kind == "debit" for p in entry.receipt.payments)
        return entry.receipt.customer is not None or debited
    if entry.drawer is not None:
        return entry.drawer.customer is not None
    return entry.registration is not None


def _derive(session: Session, entries: list[Entry]) -> None:
    moved: dict[tuple[str, str], str] = {}
    for entry in entries:
        if entry.registration is not None:
            said = entry.registration
            customers.register(session, said.customer, said.at, BY)
            continue
        receipt = entry.receipt
        said_key = receipt.customer if receipt else entry.drawer.customer if entry.drawer else None
        known = customers.find(session, said_key) if said_key else None
        rows = _rows(entry, known.key if known else said_key)
        for table, new in rows.items():
            if new:
                session.execute(_once(session, table), new)
        if known is not None and (rows[AccountMove] or rows[PointsMove]):
            moved[known.key, entry.branch] = _currency(entry)
    session.flush()
    now = datetime.now(UTC)
    for (key, branch), currency in moved.items():
        told = customers.balance(session, key, currency, now)
        changes.follow(session, told, f"branch-{branch}", BY)


def _once(session: Session, table: Any) -> Any:
    """The row's key is the entry's: the same again moves nothing."""
    return insert(session.get_bind().dialect.name, table.__table__).on_conflict_do_nothing()


def _currency(entry: Entry) -> str:
    if entry.receipt is not None:
        return entry.receipt.currency
    assert entry.drawer is not None
    assert entry.drawer.amount is not None
    return entry.drawer.amount.currency


def _rows(entry: Entry, customer: str | None) -> dict[Any, list[Row]]:
    place = {"branch": entry.branch, "till": entry.till, "series": entry.series}
    place["entry"] = entry.number  # type: ignore[assignment]
    found: dict[Any, list[Row]] = {AccountMove: [], PointsMove: [], DebitRow: []}
    if entry.drawer is not None and entry.drawer.amount is not None and customer:
        amount = entry.drawer.amount
        found[AccountMove].append(
            {**place, "customer": customer, "at": entry.at, "currency": amount.currency,
             "amount": -amount.minor, "offline": False}
        )  # fmt: skip
    receipt = entry.receipt
    if receipt is None or receipt.training:
        return found
    if customer is not None:
        found[AccountMove] += _account(receipt, place, customer)
        found[PointsMove] += [
            {**place, "programme": programme, "customer": customer, "at": receipt.ends,
             "thousandths": many}
            for programme, many in clientele.moved(receipt).items()
        ]  # fmt: skip
    found[DebitRow] += [
        {**place, "number": n, "receipt": receipt.number, "account": p.reference or "",
         "at": receipt.ends, "currency": receipt.currency, "amount": p.amount.minor,
         "offline": bool(p.offline), "state": "open"}
        for n, p in enumerate(receipt.payments)
        if p.kind == "debit"
    ]  # fmt: skip
    return found


def _account(receipt: Receipt, place: dict[str, Any], customer: str) -> list[Row]:
    payments = [p for p in receipt.payments if p.kind == "account"]
    if not payments:
        return []
    amount = sum(p.amount.minor for p in payments)
    unasked = any(p.offline for p in payments)
    return [
        {**place, "customer": customer, "at": receipt.ends, "currency": receipt.currency,
         "amount": amount, "offline": unasked}
    ]  # fmt: skip
