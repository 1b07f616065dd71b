"""Head office's answer to a till's question; what is granted is held until the sale's end has come.

One question at a time is answered for one voucher, customer or account, on every worker: so two
tills that ask in the same moment cannot both be granted the last of it.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.authorisation import Answer, Question
from schemas.customer import Programme
from schemas.keys import ProgrammeKey
from schemas.money import Money
from services.database import changes, customers
from services.database.customers import DebitRow, HoldRow
from services.database.sales import ReceiptRow, VoucherRow
from services.pricing import loyalty

_LOCK: Final = 0x7472_6861


def grant(session: Session, branch: str, till: str, question: Question) -> Answer:
    """The answer, and what is held with it, in one transaction of the caller's."""
    _alone(session, question)
    key, found, reason, kind = _looked_up(session, question)
    now = datetime.now(UTC)
    if found is None:
        return Answer(question.id, "refused", now, None, reason)
    programme = question.programme or ""
    others = customers.held(session, question.kind, key, programme, question.sale)
    left = Money(max(0, found - others), question.amount.currency)
    if reason or question.amount.minor > left.minor:
        return Answer(question.id, "refused", now, left, reason or "left", kind)
    if not _ended(session, question.sale):
        _hold(session, branch, till, question, key, now)
    return Answer(question.id, "granted", now, left, None, kind)


def _alone(session: Session, question: Question) -> None:
    """Wait for whoever asks for the same; SQLite lets only one write in any case."""
    if session.get_bind().dialect.name == "postgresql":
        said = hashlib.sha256(f"{question.kind}|{question.key}".encode()).digest()
        number = int.from_bytes(said[:4], "big", signed=True)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK, number)))


def _looked_up(
    session: Session, question: Question
) -> tuple[str, int | None, str | None, str | None]:
    """The key it is held under, what there is in minor units, why not, and a voucher's kind."""
    currency = question.amount.currency
    if question.kind == "voucher":
        row = session.get(VoucherRow, (question.key, currency))
        if row is None or not row.issued:
            return question.key, None, "unknown", None
        return question.key, row.issued - row.redeemed, None, row.kind
    if question.kind == "debit":
        came_back = sa.select(sa.func.count()).where(
            DebitRow.account == question.key, DebitRow.state == "returned"
        )
        reason = "blocked" if session.scalar(came_back) else None
        return question.key, question.amount.minor, reason, None
    customer = customers.find(session, question.key)
    if customer is None:
        return question.key, None, "unknown", None
    blocked = "blocked" if customer.blocked else None
    if question.kind == "account":
        if customer.most is None or customer.currency != currency:
            return customer.key, None, "blocked", None
        debt = customers.owed(session, customer.key, currency)
        return customer.key, customer.most - debt, blocked, None
    programme = _programme(session, question.programme or ProgrammeKey(""))
    if programme is None or programme.worth.currency != currency:
        return customer.key, None, "unknown", None
    thousandths = customers.collected(session, customer.key, programme.key).get(programme.key, 0)
    points = max(0, thousandths // 1000)
    return customer.key, loyalty.worth(points, programme).minor, blocked, None


def _programme(session: Session, key: ProgrammeKey) -> Programme | None:
    row = session.get(changes.Published, (changes.CHAIN, "programme", key))
    return xml.load(Programme, row.document) if row else None


def _ended(session: Session, sale: str) -> bool:
    """Did the sale's receipt come already? A question that was long on its way holds nothing then."""
    found = session.scalar(sa.select(ReceiptRow.number).where(ReceiptRow.ref == sale).limit(1))
    return found is not None


def _hold(
    session: Session, branch: str, till: str, question: Question, key: str, at: datetime
) -> None:
    where = (question.sale, question.kind, key, question.programme or "")
    row = session.get(HoldRow, where)
    if question.amount.minor == 0:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        sale, kind, _, programme = where
        row = HoldRow(sale=sale, kind=kind, key=key, programme=programme)
    row.branch, row.till, row.at = branch, till, at
    row.currency, row.amount = question.amount.currency, question.amount.minor
    session.add(row)
