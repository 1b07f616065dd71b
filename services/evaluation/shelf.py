"""The shelf of a branch: which labels say another price than the till will take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas.article import Article
from schemas.keys import BranchKey
from schemas.money import UnitPrice
from services.database import labels
from services.database.articles import ArticleRow
from services.database.prices import PriceRow
from services.evaluation import pricelists
from services.evaluation.consequences import per_unit
from services.evaluation.pricelists import Column

LOOKED: Final = timedelta(days=60)
"""Price changes that are looked at: a label that is wrong for longer was never printed here."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a shelf label has to say.

    per      the price of a kilogram, litre or metre, and which; None where no content is known
    before   what the label on the shelf says; None: none was printed here
    special  is it a special price?
    """

    article: Article
    price: UnitPrice
    per: tuple[UnitPrice, str] | None
    before: UnitPrice | None
    special: bool


def due(session: Session, branch: str, until: datetime, most: int = 2000) -> list[Label]:
    """The labels of a branch that will be wrong at an instant, by article name."""
    since = until - LOOKED
    column = Column("branch", branch, pricelists.list_of(session, branch))
    moved = sa.or_(
        PriceRow.begins.between(since, until), PriceRow.ends.between(since, until),
        PriceRow.changed_at.between(since, until),
    )  # fmt: skip
    lists = ["", *([column.list_] if column.list_ else [])]
    query = sa.select(PriceRow.article).where(
        moved, PriceRow.branch.in_(["", branch]), PriceRow.price_list.in_(lists),
        PriceRow.customers == "",
    )  # fmt: skip
    keys = list(session.scalars(query.distinct().order_by(PriceRow.article).limit(most)))
    return [each for each in wanted(session, branch, keys, until) if each.before != each.price]


def wanted(session: Session, branch: str, articles: Iterable[str], at: datetime) -> list[Label]:
    """The labels of some articles as they have to be at an instant; what is not sold here has none."""
    keys = sorted(set(articles))
    column = Column("branch", branch, pricelists.list_of(session, branch))
    cells = pricelists.grid(session, keys, [column], at)
    there = labels.printed(session, branch, keys)
    found = []
    for row in _rows(session, keys):
        cell = cells[row.key][0] if row.key in cells else None
        article = row.document()
        if cell is None or cell.amount is None or not article.listed(BranchKey(branch)):
            continue
        old = there.get(row.key)
        found.append(
            Label(
                article, cell.amount, per_unit(cell.amount, article.size) if article.size else None,
                UnitPrice(old.fine, cell.amount.currency) if old else None, cell.special,
            )
        )  # fmt: skip
    return found


def _rows(session: Session, keys: list[str]) -> list[ArticleRow]:
    found: list[ArticleRow] = []
    for begin in range(0, len(keys), 500):
        query = sa.select(ArticleRow).where(ArticleRow.key.in_(keys[begin : begin + 500]))
        found += session.scalars(query.order_by(ArticleRow.key))
    return found
