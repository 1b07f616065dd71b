"""Suppliers in lists: how much each delivers, and what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import spelling
from services.database.articles import ArticleRow
from services.database.supplies import SupplierRow, SupplyRow


@dataclass(frozen=True, slots=True)
class Delivered:
    """An article as a supplier delivers it; None: there is no such article any more."""

    supply: SupplyRow
    article: ArticleRow | None


def matching(session: Session, text: str) -> sa.Select[Any]:
    """Suppliers whose name, key or number holds each of the words that were typed; accents aside.

    They are few, and compared here: SQLite knows no capitals but those of English.
    """
    query, words = sa.select(SupplierRow), spelling.folded(text).split()[:8]
    if not words:
        return query
    rows = session.execute(sa.select(SupplierRow.key, SupplierRow.name, SupplierRow.number))
    found = [
        row.key for row in rows
        for said in [spelling.findable(" ".join(filter(None, row)))]
        if all(word in said for word in words)
    ]  # fmt: skip
    return query.where(SupplierRow.key.in_(found))


def page(
    session: Session, text: str, size: int, number: int
) -> tuple[list[tuple[SupplierRow, int]], int]:
    """One page of the suppliers that match, by name, each with how many articles; and how many."""
    query = matching(session, text)
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(SupplierRow.name, SupplierRow.key)
    rows = list(session.scalars(ordered.limit(size).offset((number - 1) * size)))
    many = (
        sa.select(SupplyRow.supplier, sa.func.count().label("many"))
        .where(SupplyRow.supplier.in_([row.key for row in rows]))
        .group_by(SupplyRow.supplier)
    )
    counts = {row.supplier: row.many for row in session.execute(many)}
    return [(row, counts.get(row.key, 0)) for row in rows], count


def count(session: Session, supplier: str) -> int:
    """How many articles a supplier delivers."""
    query = sa.select(sa.func.count()).where(SupplyRow.supplier == supplier)
    return session.scalar(query) or 0


def of(session: Session, supplier: str, size: int, number: int) -> tuple[list[Delivered], int]:
    """One page of what a supplier delivers, by article number; and how much in all."""
    query = sa.select(SupplyRow).where(SupplyRow.supplier == supplier).order_by(SupplyRow.article)
    rows = list(session.scalars(query.limit(size).offset((number - 1) * size)))
    known = sa.select(ArticleRow).where(ArticleRow.key.in_([row.article for row in rows]))
    articles = {row.key: row for row in session.scalars(known)}
    return [Delivered(row, articles.get(row.article)) for row in rows], count(session, supplier)
