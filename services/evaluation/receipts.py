"""Receipts: finding them, and showing one as the slip that was printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.journal import Entry
from schemas.receipt import Receipt
from schemas.settings import Settings
from schemas.tender import Tender
from services.database import layouts, organisation
from services.database.changes import CHAIN, Change, Published
from services.database.sales import EntryRow, LineRow, PaymentRow, ReceiptRow
from services.fiscal import seam
from services.register import slip, slipcode
from services.register.columns import Row

SORTS: Final = {
    "newest": (ReceiptRow.ends_at.desc(),),
    "oldest": (ReceiptRow.ends_at,),
    "highest": (ReceiptRow.total.desc(), ReceiptRow.ends_at.desc()),
    "lowest": (ReceiptRow.total, ReceiptRow.ends_at.desc()),
}
"""The orders a list can have; the key breaks ties."""
_CLOCKS_DIFFER: Final = timedelta(minutes=10)
"""How far a till's clock may be ahead of head office's."""
_KEY: Final = (ReceiptRow.branch, ReceiptRow.till, ReceiptRow.series, ReceiptRow.number)


@dataclass(frozen=True, slots=True)
class Question:
    """Which receipts are wanted; None: any. `total` in minor units, of either sign."""

    branch: str | None = None
    till: str | None = None
    number: int | None = None
    total: int | None = None
    first: date | None = None
    last: date | None = None
    hour: int | None = None
    article: str | None = None
    kind: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, with the count and the sum of all of it."""

    rows: list[ReceiptRow]
    tenders: dict[tuple[str, str, str, int], list[str]]
    count: int
    total: int


def matching(question: Question) -> sa.Select[Any]:
    """The receipts that are wanted."""
    query = sa.select(ReceiptRow)
    for name in ("branch", "till", "number", "hour", "kind", "currency"):
        value = getattr(question, name)
        if value is not None:
            query = query.where(getattr(ReceiptRow, name) == value)
    if question.total is not None:
        query = query.where(ReceiptRow.total.in_([question.total, -question.total]))
    if question.first is not None:
        query = query.where(ReceiptRow.day >= question.first)
    if question.last is not None:
        query = query.where(ReceiptRow.day <= question.last)
    if question.article is not None:
        query = query.where(
            sa.exists().where(
                LineRow.branch == ReceiptRow.branch,
                LineRow.till == ReceiptRow.till,
                LineRow.series == ReceiptRow.series,
                LineRow.receipt == ReceiptRow.number,
                LineRow.article == question.article,
            )
        )
    return query


def page(
    session: Session, question: Question, sort: str = "newest", size: int = 50, number: int = 1
) -> Page:
    """One page of the receipts that are wanted, counted from 1."""
    inner = matching(question).subquery()
    count, total = session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(inner.c.total), 0))
    ).one()
    rows = list(session.scalars(ordered(question, sort).limit(size).offset((number - 1) * size)))
    return Page(rows, paid_by(session, rows), count, int(total))


def ordered(question: Question, sort: str = "newest") -> sa.Select[Any]:
    """The receipts that are wanted, in the order that is wanted."""
    return matching(question).order_by(*SORTS.get(sort, SORTS["newest"]), *_KEY)


def paid_by(
    session: Session, rows: Sequence[ReceiptRow]
) -> dict[tuple[str, str, str, int], list[str]]:
    """How each receipt was paid: the kinds of its tenders."""
    if not rows:
        return {}
    key = sa.tuple_(PaymentRow.branch, PaymentRow.till, PaymentRow.series, PaymentRow.receipt)
    query = sa.select(PaymentRow).where(
        key.in_([(row.branch, row.till, row.series, row.number) for row in rows])
    )
    found: dict[tuple[str, str, str, int], list[str]] = {}
    for payment in session.scalars(query.order_by(PaymentRow.number)):
        found.setdefault(
            (payment.branch, payment.till, payment.series, payment.receipt), []
        ).append(payment.tender)
    return found


def tenders(session: Session) -> dict[str, Tender]:
    """The tenders that tills have, by key."""
    query = sa.select(Published.document).where(
        Published.scope == CHAIN, Published.kind == "tender"
    )
    found = [xml.load(Tender, document) for document in session.scalars(query)]
    return {tender.key: tender for tender in found}


def is_ahead(row: ReceiptRow) -> bool:
    """Is the receipt of a time when it was already here? Then its till's clock is wrong."""
    return row.ends_at > row.received_at + _CLOCKS_DIFFER


def newest(session: Session, branch: str | None, limit: int) -> list[ReceiptRow]:
    """The receipts that were made last; one that arrives late stands where its time is."""
    query = sa.select(ReceiptRow).order_by(
        ReceiptRow.day.desc(), ReceiptRow.ends_at.desc(), ReceiptRow.number.desc()
    )
    if branch:
        query = query.where(ReceiptRow.branch == branch)
    return list(session.scalars(query.limit(limit)))


def arrived(session: Session, since: datetime) -> list[ReceiptRow]:
    """The receipts that arrived at `since` or later, oldest first."""
    return list(
        session.scalars(
            sa.select(ReceiptRow)
            .where(ReceiptRow.received_at >= since)
            .order_by(ReceiptRow.received_at, ReceiptRow.number)
            .limit(200)
        )
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A receipt with all that is known of it. No rows where its layout is not known any more.

    fiscal  the rows that the law wants printed; None where the stamp's module is not known here
    """

    row: ReceiptRow
    entry: EntryRow
    receipt: Receipt
    settings: Settings | None
    columns: int
    rows: tuple[Row, ...]
    fiscal: tuple[str, ...] | None


def show(session: Session, branch: str, till: str, series: str, number: int) -> Shown | None:
    """One receipt, its slip computed from the stored document by the layout it was printed with."""
    row = session.get(ReceiptRow, (branch, till, series, number))
    entry = session.get(EntryRow, (branch, till, series, row.entry)) if row else None
    if row is None or entry is None:
        return None
    receipt = xml.load(Entry, entry.document).receipt
    if receipt is None:
        return None
    found = layouts.version(session, receipt.layout, receipt.layout_version)
    unit = organisation.place(session, receipt.till_name)
    fiscal = _fiscal(receipt)
    if found is None or unit is None:
        return Shown(row, entry, receipt, None, 0, (), fiscal)
    settings = _settings(session, receipt) or organisation.settings_of(session, unit.till)
    code = slipcode.code(receipt, settings.slip_key) if settings.slip_key else None
    rows = slip.render(receipt, found, settings, fiscal or (), slip.Print(code=code))
    return Shown(row, entry, receipt, settings, slip.columns_of(found, settings), rows, fiscal)


def last(session: Session) -> Receipt | None:
    """The receipt that was sold last, of any branch; practice is none."""
    query = (
        sa.select(EntryRow.document)
        .join(
            ReceiptRow,
            sa.and_(
                ReceiptRow.branch == EntryRow.branch, ReceiptRow.till == EntryRow.till,
                ReceiptRow.series == EntryRow.series, ReceiptRow.entry == EntryRow.number,
            ),
        )
        .order_by(ReceiptRow.ends_at.desc())
        .limit(1)
    )  # fmt: skip
    document = session.scalar(query)
    return xml.load(Entry, document).receipt if document else None


def _fiscal(receipt: Receipt) -> tuple[str, ...] | None:
    if receipt.stamp is None:
        return ()
    try:
        module = seam.module(receipt.stamp.scheme)
    except ValueError:
        return None  # stamped by a till that has a module which this head office has not got
    return module.receipt_rows(receipt.stamp)


def _settings(session: Session, receipt: Receipt) -> Settings | None:
    """The settings that the receipt was made with, from all that its till was ever sent."""
    documents = session.scalars(
        sa.select(Change.document)
        .where(
            Change.kind == "settings",
            Change.key == receipt.till_name,
            Change.document.is_not(None),
        )
        .order_by(Change.id.desc())
    )
    for document in documents:
        if document and xml.digest(document) == receipt.settings:
            return xml.load(Settings, document)
    return None
