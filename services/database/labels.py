"""Shelf labels: what price each branch printed last for each article."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.database.sales import Place
from services.database.tables import Instant, Table


class ShelfLabel(Table):
    """The newest label of an article in a branch; its price in 100,000ths."""

    __tablename__ = "shelf_label"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    article: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    fine: Mapped[int] = mapped_column(sa.BigInteger)
    printed_at: Mapped[datetime] = mapped_column(Instant)
    printed_by: Mapped[str] = mapped_column(sa.String(60))


def printed(session: Session, branch: str, articles: Iterable[str]) -> dict[str, ShelfLabel]:
    """The labels that a branch has of some articles."""
    keys, found = sorted(set(articles)), {}
    for begin in range(0, len(keys), 500):
        query = sa.select(ShelfLabel).where(
            ShelfLabel.branch == branch, ShelfLabel.article.in_(keys[begin : begin + 500])
        )
        found.update({row.article: row for row in session.scalars(query)})
    return found


def keep(session: Session, branch: str, prices: dict[str, int], by: str, now: datetime) -> None:
    """Note that labels with these prices were printed."""
    there = printed(session, branch, prices)
    for article, fine in prices.items():
        row = there.get(article)
        if row is None:
            row = ShelfLabel(branch=branch, article=article)
            session.add(row)
        row.fine, row.printed_at, row.printed_by = fine, now, by
