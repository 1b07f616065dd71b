"""Erasing a customer: what says who they are goes, what the law keeps stays.

Receipts, points and the moves of an account keep the customer's number and nothing else of them.
What stood in the history is taken out too, and only its digest is left, so that the audit log still
proves what was written; nothing but the empty form can stand in its place (see audit).
"""

from __future__ import annotations

import hashlib
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.customer import Customer
from schemas.keys import CustomerKey
from services.database.changes import CUSTOMERS, Change

NOBODY: Final = "–"
"""The name of somebody who was erased."""


def form(key: str) -> Customer:
    """What is left of a customer with this number: the number, and that nothing is sold to them."""
    return Customer(CustomerKey(key), NOBODY, blocked=True)


def redacted(key: str) -> bytes:
    """The only document that may stand where an erased customer's history stood."""
    return xml.dump(form(key))


def take_out_of_history(session: Session, keys: list[str]) -> int:
    """Take what is said of these customers out of their history; answers of how many changes."""
    rows = session.scalars(
        sa.select(Change).where(
            Change.scope == CUSTOMERS, Change.kind == "customer", Change.key.in_(keys),
            Change.document.is_not(None), Change.erased.is_(None), Change.revision.is_not(None),
        )
    ).all()  # fmt: skip
    for row in rows:
        assert row.document is not None
        row.erased = hashlib.sha256(row.document).hexdigest()
        row.document = redacted(row.key)
    session.flush()
    return len(rows)
