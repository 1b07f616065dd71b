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
from schemas.keys import ArticleKey, ProgrammeKey
from schemas.money import Money
from services.database import changes, customers
from services.database.customers import DebitRow, HoldRow
from services.database.sales import ReceiptRow, VoucherRow
from services.pricing import loyalty

_LOCK: Final = 0x7472_6861


def grant(session: Session, branch: str, till: str, question: Question) -> Answer:
    """The answer, and what is held with it, in one transaction of the caller's."""
    _alone(session, question.kind, _name(session, question))
    now = datetime.now(UTC)
    if question.amount.minor <= 0:  # what goes back takes nothing, and must not lend either
        _free(session, branch, question)
        return Answer(question.id, "granted", now, question.amount)
    key, found, reason = _looked_up(session, question)
    if found is None:
        return Answer(question.id, "refused", now, None, reason)
    sold = _sold(session, question)
    programme = question.programme or ""
    others = customers.held(session, question.kind, key, programme, question.sale)
    left = Money(max(0, found - others), question.amount.currency)
    if reason or question.amount.minor > left.minor:
        return Answer(question.id, "refused", now, left, reason or "left", *sold)
    if not _ended(session, question.sale):
        _hold(session, branch, till, question, key, now)
    return Answer(question.id, "granted", now, left, None, *sold)


def _name(session: Session, question: Question) -> str:
    """What it is asked of: a customer may still be called by a number they had before."""
    if question.kind in {"account", "points"}:
        found = customers.find(session, question.key)
        return found.key if found else question.key
    return question.key


def _alone(session: Session, kind: str, key: str) -> None:
    """Wait for whoever asks for the same; SQLite lets only one write in any case."""
    if session.get_bind().dialect.name == "postgresql":
        said = hashlib.sha256(f"{kind}|{key}".encode()).digest()
        number = int.from_bytes(said[:4], "big", signed=True)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK, number)))


def _sold(session: Session, question: Question) -> tuple[str | None, ArticleKey | None]:
    """A voucher's kind, and the article that sold it."""
    if question.kind != "voucher":
        return None, None
    row = session.get(VoucherRow, (question.key, question.amount.currency))
    return (row.kind, ArticleKey(row.article) if row.article else None) if row else (None, None)


def _looked_up(session: Session, question: Question) -> tuple[str, int | None, str | None]:
    """The key it is held under, what there is in minor units, and why it is not given."""
    currency = question.amount.currency
    if question.kind == "voucher":
        row = session.get(VoucherRow, (question.key, currency))
        if row is None or not row.issued:
            return question.key, None, "unknown"
        if row.blocked:
            return question.key, 0, "blocked"
        return question.key, row.issued - row.redeemed, None
    if question.kind == "debit":
        came_back = sa.select(sa.func.count()).where(
            DebitRow.account == question.key, DebitRow.state == "returned"
        )
        reason = "blocked" if session.scalar(came_back) else None
        return question.key, question.amount.minor, reason
    customer = customers.find(session, question.key)
    if customer is None:
        return question.key, None, "unknown"
    blocked = "blocked" if customer.blocked else None
    if question.kind == "account":
        if customer.most is None or customer.currency != currency:
            return customer.key, None, "blocked"
        debt = customers.owed(session, customer.key, currency)
        return customer.key, customer.most - debt, blocked
    programme = _programme(session, question.programme or ProgrammeKey(""))
    if programme is None or programme.worth.currency != currency:
        return customer.key, None, "unknown"
    thousandths = customers.collected(session, customer.key, programme.key).get(programme.key, 0)
    points = max(0, thousandths // 1000)
    return customer.key, loyalty.worth(points, programme).minor, blocked


def _programme(session: Session, key: ProgrammeKey) -> Programme | None:
    row = session.get(changes.Published, (changes.CHAIN, "programme", key))
    return xml.load(Programme, row.document) if row else None


def _ended(session: Session, sale: str) -> bool:
    """Did the sale's receipt come already? A question that was long on its way holds nothing then."""
    found = session.scalar(sa.select(ReceiptRow.number).where(ReceiptRow.ref == sale).limit(1))
    return found is not None


def _free(session: Session, branch: str, question: Question) -> None:
    """Nothing of it is wanted any more; a branch frees only what its own sales hold of just this."""
    session.execute(
        sa.delete(HoldRow).where(
            HoldRow.sale == question.sale, HoldRow.kind == question.kind, HoldRow.branch == branch,
            HoldRow.key == _name(session, question),
            HoldRow.programme == (question.programme or ""),
        )
    )  # fmt: skip


def _hold(
    session: Session, branch: str, till: str, question: Question, key: str, at: datetime
) -> None:
    where = (question.sale, question.kind, key, question.programme or "")
    row = session.get(HoldRow, where)
    if row is None:
        sale, kind, _, programme = where
        row = HoldRow(sale=sale, kind=kind, key=key, programme=programme)
    row.branch, row.till, row.at = branch, till, at
    row.currency, row.amount = question.amount.currency, question.amount.minor
    session.add(row)
