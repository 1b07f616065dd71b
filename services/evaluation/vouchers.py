"""Vouchers in lists: who sees one branch sees those that were sold or taken there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database.sales import VoucherMove, VoucherRow

_STATES: dict[str, Any] = {
    "open": (VoucherRow.issued > VoucherRow.redeemed) & ~VoucherRow.blocked,
    "spent": VoucherRow.issued == VoucherRow.redeemed,
    "blocked": VoucherRow.blocked,
    "odd": VoucherRow.redeemed > VoucherRow.issued,
}
"""What a list can show of them; odd: more was taken than it was sold for."""


def page(
    session: Session, branch: str | None, text: str, state: str, size: int, number: int
) -> tuple[Sequence[VoucherRow], int]:
    """One page of the vouchers that match, and how many do."""
    query = matching(branch, text, state)
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    return session.scalars(query.limit(size).offset((number - 1) * size)).all(), count


def matching(branch: str | None, text: str, state: str) -> sa.Select[Any]:
    """A question for vouchers whose number begins with what was typed, the last moved first."""
    query = seen(branch)
    if text.strip():
        query = query.where(VoucherRow.number.startswith(text.strip(), autoescape=True))
    if state in _STATES:
        query = query.where(_STATES[state])
    return query.order_by(VoucherRow.moved_at.desc(), VoucherRow.number)


def seen(branch: str | None) -> sa.Select[Any]:
    """A question for the vouchers that a branch, or the company, sees."""
    return sa.select(VoucherRow).where(*_seen(branch))


def of_number(session: Session, branch: str | None, number: str) -> list[VoucherRow]:
    """A voucher, in each currency that moved it."""
    query = sa.select(VoucherRow).where(VoucherRow.number == number, *_seen(branch))
    return list(session.scalars(query.order_by(VoucherRow.currency)))


def moves(session: Session, branch: str | None, number: str) -> Sequence[VoucherMove]:
    """Each receipt that sold or took of a voucher, the oldest first."""
    query = sa.select(VoucherMove).where(VoucherMove.number == number)
    if branch is not None:
        query = query.where(VoucherMove.branch == branch)
    return session.scalars(query.order_by(VoucherMove.at)).all()


def _seen(branch: str | None) -> list[Any]:
    if branch is None:
        return []
    moved = sa.exists().where(
        VoucherMove.number == VoucherRow.number, VoucherMove.currency == VoucherRow.currency,
        VoucherMove.branch == branch,
    )  # fmt: skip
    return [sa.or_(VoucherRow.branch == branch, moved)]
