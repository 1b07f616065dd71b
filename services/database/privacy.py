"""One customer's own data: erased where they ask for it, and handed out as a whole."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.period import written
from services.database import audit, changes, customers, erasing
from services.database.changes import CUSTOMERS, Change
from services.database.changesets import SetEdit
from services.database.customers import AccountMove, CardRow, CustomerRow, DebitRow, PointsMove
from services.database.mails import MailRow
from services.database.sales import EntryRow, LineRow, ReceiptRow


class ErasureRefused(ValueError):
    """The customer cannot be erased yet; `fact` names why."""

    def __init__(self, fact: str) -> None:
        self.fact = fact
        super().__init__(fact)


def numbers(session: Session, key: str) -> list[str]:
    """A customer's number, and those they had before."""
    row = customers.find(session, key)
    if row is None:
        return []
    also = session.scalars(sa.select(CustomerRow.key).where(CustomerRow.into == row.key))
    return [row.key, *also]


def erase(session: Session, key: str, by: str) -> None:
    """Take away all that says who a customer is. Receipts, moves and their number stay: the law wants them.

    Raises ErasureRefused where they owe something, or are owed it; LookupError where there is none.
    Edits of them that wait for their revision are published first, so that nothing names them later.
    """
    keys = numbers(session, key)
    if not keys:
        raise LookupError(key)
    moves = sa.select(sa.func.sum(AccountMove.amount)).where(AccountMove.customer.in_(keys))
    if any(session.scalars(moves.group_by(AccountMove.currency))):
        raise ErasureRefused("owes")
    waiting = sa.select(Change.id).where(
        Change.scope == CUSTOMERS, Change.key.in_(keys), Change.revision.is_(None)
    )
    if session.scalar(waiting.limit(1)) is not None:
        raise ErasureRefused("waiting")
    for row in session.scalars(sa.select(CustomerRow).where(CustomerRow.key.in_(keys))):
        row.name = row.folded = erasing.NOBODY
        row.phone = row.digits = row.email = row.mail = row.address = row.language = None
        row.customers = row.consent = row.most = None
        row.blocked, row.changed_at, row.changed_by = True, datetime.now(UTC), by
    session.execute(sa.delete(CardRow).where(CardRow.customer.in_(keys)))
    session.execute(
        sa.delete(SetEdit).where(SetEdit.scope == CUSTOMERS, SetEdit.key.in_(keys), ~SetEdit.done)
    )
    session.execute(
        sa.update(SetEdit)
        .where(SetEdit.scope == CUSTOMERS, SetEdit.key.in_(keys))
        .values(document=erasing.redacted(keys[0]))
    )
    for mail in session.scalars(_mails(keys)):
        mail.address = ""
        mail.state = "refused" if mail.state == "waiting" else mail.state
    erasing.take_out_of_history(session, keys)
    row = session.get_one(CustomerRow, keys[0])
    changes.record(session, customers.document(session, row), CUSTOMERS, by)
    audit.note(session, by, "customer-erased", keys[0])


def _receipts(keys: list[str]) -> sa.Select[Any]:
    return sa.select(ReceiptRow).where(ReceiptRow.customer.in_(keys)).order_by(ReceiptRow.ends_at)


def _mails(keys: list[str]) -> sa.Select[Any]:
    """Letters with a customer's receipts."""
    bought = sa.exists().where(
        ReceiptRow.branch == MailRow.branch, ReceiptRow.till == MailRow.till,
        ReceiptRow.series == MailRow.receipt_series, ReceiptRow.number == MailRow.receipt,
        ReceiptRow.customer.in_(keys),
    )  # fmt: skip
    return sa.select(MailRow).where(bought).order_by(MailRow.made_at)


def handed_out(session: Session, key: str) -> bytes:
    """All that is known about a customer, as a zip of JSON and XML. Source: GDPR, articles 15 and 20.

    Raises LookupError where there is none.
    """
    keys = numbers(session, key)
    if not keys:
        raise LookupError(key)
    row = session.get_one(CustomerRow, keys[0])
    receipts = session.scalars(_receipts(keys)).all()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("customer.xml", xml.dump(customers.document(session, row)))
        told = json.dumps(_told(session, row, keys, receipts), ensure_ascii=False, indent=1)
        bundle.writestr("customer.json", told)
        for receipt in receipts:
            where = (receipt.branch, receipt.till, receipt.series, receipt.entry)
            entry = session.get(EntryRow, where)
            if entry is not None:
                name = f"{receipt.branch}-{receipt.till}-{receipt.series}-{receipt.number}"
                bundle.writestr(f"receipts/{name}.xml", entry.document)
    return packed.getvalue()


def _told(
    session: Session, row: CustomerRow, keys: list[str], receipts: Any
) -> dict[str, Any]:  # fmt: skip
    moves = sa.select(AccountMove).where(AccountMove.customer.in_(keys)).order_by(AccountMove.at)
    points = sa.select(PointsMove).where(PointsMove.customer.in_(keys)).order_by(PointsMove.at)
    history = sa.select(Change).where(
        Change.scope == CUSTOMERS, Change.kind == "customer", Change.key.in_(keys)
    )
    return {
        "numbers": keys,
        "name": row.name, "telephone": row.phone, "e_mail": row.email, "address": row.address,
        "language": row.language, "price_group": row.customers, "blocked": row.blocked,
        "consent_to_be_written_to": row.consent,
        "cards": [card.code for card in customers.document(session, row).cards],
        "known_since": written(row.made_at), "changed": written(row.changed_at),
        "receipts": [_receipt(session, each) for each in receipts],
        "account": [_move(each, each.amount, each.currency) for each in session.scalars(moves)],
        "points": [
            _move(each, each.thousandths, f"thousandths of {each.programme}")
            for each in session.scalars(points)
        ],
        "direct_debits": [_debit(each) for each in session.scalars(_debits(keys))],
        "letters": [
            {"receipt": f"{m.branch}-{m.till}-{m.receipt_series}-{m.receipt}", "to": m.address,
             "state": m.state, "made": written(m.made_at)}
            for m in session.scalars(_mails(keys))
        ],
        "edits_of_this_data": [
            {"at": written(each.made_at), "by": each.by}
            for each in session.scalars(history.order_by(Change.id))
        ],
    }  # fmt: skip


def _receipt(session: Session, row: ReceiptRow) -> dict[str, Any]:
    where = {"branch": row.branch, "till": row.till, "series": row.series, "receipt": row.number}
    lines = session.scalars(sa.select(LineRow).filter_by(**where).order_by(LineRow.number))
    return {
        **where, "at": written(row.ends_at), "total_minor": row.total, "currency": row.currency,
        "lines": [
            {"article": line.article, "name": line.name, "quantity_thousandths": line.quantity,
             "amount_minor": line.amount}
            for line in lines
        ],
    }  # fmt: skip


def _move(row: AccountMove | PointsMove, many: int, of: str) -> dict[str, Any]:
    return {
        "at": written(row.at), "till": f"{row.branch}-{row.till}", "entry": row.entry, "many": many,
        "of": of,
    }  # fmt: skip


def _debits(keys: list[str]) -> sa.Select[Any]:
    bought = sa.exists().where(
        ReceiptRow.branch == DebitRow.branch, ReceiptRow.till == DebitRow.till,
        ReceiptRow.series == DebitRow.series, ReceiptRow.number == DebitRow.receipt,
        ReceiptRow.customer.in_(keys),
    )  # fmt: skip
    return sa.select(DebitRow).where(bought).order_by(DebitRow.at)


def _debit(row: DebitRow) -> dict[str, Any]:
    return {
        "at": written(row.at), "account": row.account, "amount_minor": row.amount,
        "currency": row.currency, "state": row.state,
    }  # fmt: skip
