"""Customers: finding them, what they owe and have collected, and the debits that a till risked.

Who sees one branch sees the customers that bought there, and what moved there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from schemas import spelling, xml
from schemas.customer import Customer, Programme
from services.database import customers
from services.database.changes import CHAIN, Published
from services.database.customers import (
    AccountMove,
    CardRow,
    CustomerRow,
    DebitRow,
    PointsMove,
)
from services.database.sales import ReceiptRow
from services.register import clientele

MOVES = 50
"""Moves and receipts that a customer's page shows."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A customer in a list; what is owed in minor units, points in thousandths by programme."""

    row: CustomerRow
    owed: int
    points: dict[str, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """A customer's page."""

    row: CustomerRow
    customer: Customer
    owed: int
    points: dict[str, int]
    moves: Sequence[AccountMove]
    receipts: Sequence[ReceiptRow]


def page(
    session: Session, branch: str | None, text: str, size: int = 50, number: int = 1
) -> tuple[list[Listed], int]:
    """Customers whose name, number, telephone, e-mail or card hold what was typed; and how many."""
    query = matching(branch, text)
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    order = query.order_by(CustomerRow.folded, CustomerRow.key)
    rows = session.scalars(order.limit(size).offset((number - 1) * size)).all()
    return listed(session, branch, rows), count


def listed(session: Session, branch: str | None, rows: Sequence[CustomerRow]) -> list[Listed]:
    """Customers with what they owe and have collected."""
    owed, points = _sums(session, branch, [row.key for row in rows])
    return [Listed(row, owed.get(row.key, 0), points.get(row.key, {})) for row in rows]


def matching(branch: str | None, text: str) -> sa.Select[Any]:
    """The customers that a branch, or the company, sees and that hold what was typed."""
    query = sa.select(CustomerRow).where(CustomerRow.into.is_(None), *_seen_by(branch))
    for word in clientele.wanted(text):
        like = f"%{word}%"
        carded = sa.select(CardRow.customer).where(CardRow.code == text.strip())
        query = query.where(
            sa.or_(
                CustomerRow.folded.like(like), CustomerRow.mail.like(like),
                CustomerRow.folded.like(f"%{spelling.contracted(word)}%"),
                CustomerRow.digits.like(f"%{word.lstrip('0')}%"), CustomerRow.key == word,
                CustomerRow.key.in_(carded),
            )
        )  # fmt: skip
    return query


def _seen_by(branch: str | None) -> list[Any]:
    """Who sees a branch sees who bought there, whatever number they showed then."""
    if branch is None:
        return []
    also = aliased(CustomerRow)
    former = sa.select(also.key).where(also.into == CustomerRow.key)
    bought = sa.exists().where(
        ReceiptRow.branch == branch,
        sa.or_(ReceiptRow.customer == CustomerRow.key, ReceiptRow.customer.in_(former)),
    )
    return [bought]


def _sums(
    session: Session, branch: str | None, keys: list[str]
) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    accounts = sa.select(AccountMove.customer, sa.func.sum(AccountMove.amount))
    accounts = accounts.where(AccountMove.customer.in_(keys)).group_by(AccountMove.customer)
    collected = sa.select(
        PointsMove.customer, PointsMove.programme, sa.func.sum(PointsMove.thousandths)
    )
    collected = collected.where(PointsMove.customer.in_(keys))
    collected = collected.group_by(PointsMove.customer, PointsMove.programme)
    if branch is not None:
        accounts = accounts.where(AccountMove.branch == branch)
        collected = collected.where(PointsMove.branch == branch)
    owed = {key: int(many) for key, many in session.execute(accounts)}
    points: dict[str, dict[str, int]] = {}
    for key, programme, many in session.execute(collected):
        points.setdefault(key, {})[programme] = int(many)
    return owed, points


def show(session: Session, branch: str | None, key: str) -> Shown | None:
    """A customer, by their number or one they had before; None where there is none to be seen."""
    row = customers.find(session, key)
    if row is None:
        return None
    seen = sa.select(CustomerRow.key).where(CustomerRow.key == row.key, *_seen_by(branch))
    if session.scalar(seen) is None:
        return None
    owed, points = _sums(session, branch, [row.key])
    keys = [row.key, *customers.document(session, row).also]
    moves = sa.select(AccountMove).where(AccountMove.customer == row.key)
    receipts = sa.select(ReceiptRow).where(ReceiptRow.customer.in_(keys))
    if branch is not None:
        moves = moves.where(AccountMove.branch == branch)
        receipts = receipts.where(ReceiptRow.branch == branch)
    return Shown(
        row,
        customers.document(session, row),
        owed.get(row.key, 0),
        points.get(row.key, {}),
        session.scalars(moves.order_by(AccountMove.at.desc()).limit(MOVES)).all(),
        session.scalars(receipts.order_by(ReceiptRow.ends_at.desc()).limit(MOVES)).all(),
    )


def programmes(session: Session) -> dict[str, Programme]:
    """What customers collect, as it is published."""
    rows = session.scalars(
        sa.select(Published.document)
        .where(Published.scope == CHAIN, Published.kind == "programme")
        .order_by(Published.key)
    )
    found = (xml.load(Programme, document) for document in rows)
    return {programme.key: programme for programme in found}


def debits(
    session: Session, branch: str | None, *, risk: bool, size: int = 50, number: int = 1
) -> tuple[Sequence[DebitRow], int]:
    """Direct debits, newest first; `risk`: those that no till could ask about. And how many."""
    query = debits_matching(branch, risk=risk)
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    return session.scalars(query.limit(size).offset((number - 1) * size)).all(), count


def debits_matching(branch: str | None, *, risk: bool) -> sa.Select[Any]:
    """The debits of a branch, or of all, newest first."""
    query = sa.select(DebitRow)
    if branch is not None:
        query = query.where(DebitRow.branch == branch)
    if risk:
        query = query.where(DebitRow.offline)
    return query.order_by(DebitRow.at.desc(), DebitRow.entry.desc())


@dataclass(frozen=True, slots=True)
class Statement:
    """An account over a period, in minor units of one currency: owed before, moves, owed after."""

    currency: str
    before: int
    moves: Sequence[AccountMove]
    after: int


def statement(
    session: Session, branch: str | None, key: str, begin: datetime, end: datetime
) -> list[Statement]:
    """What moved on a customer's account from one instant until before another, by currency."""
    mine = [AccountMove.customer == key]
    if branch is not None:
        mine.append(AccountMove.branch == branch)
    sums = (
        sa.select(AccountMove.currency, sa.func.sum(AccountMove.amount))
        .where(*mine, AccountMove.at < begin)
        .group_by(AccountMove.currency)
    )
    before = {currency: int(many) for currency, many in session.execute(sums)}
    within = sa.select(AccountMove).where(*mine, AccountMove.at >= begin, AccountMove.at < end)
    moves = session.scalars(within.order_by(AccountMove.at)).all()
    currencies = sorted({*before, *(move.currency for move in moves)})
    found = []
    for currency in currencies:
        some = [move for move in moves if move.currency == currency]
        first = before.get(currency, 0)
        found.append(Statement(currency, first, some, first + sum(m.amount for m in some)))
    return found
