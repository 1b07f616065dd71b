"""Article keys as tills show them: names, prices and tints; and what sells without a key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import pictures, prices
from services.database.articles import ArticleGroup, ArticleRow, find
from services.database.models import ModelRow, variants
from services.database.sales import LineRow
from services.register import wording

_UP: Final = 8
"""Groups above an article that are looked at for a colour."""


@dataclass(frozen=True, slots=True)
class Goods:
    """An article as its key shows it, without what the key says itself."""

    key: str
    name: str
    price: str
    colour: str | None
    picture: str | None
    age: int | None
    photo: str | None = None
    """The digest of its picture, which goes before every illustration."""


def goods(
    session: Session, keys: Sequence[str], language: str, at: datetime, branch: str = ""
) -> dict[str, Goods]:
    """What keys of these articles show; those that there are not are left out."""
    rows = list(session.scalars(sa.select(ArticleRow).where(ArticleRow.key.in_(keys))))
    costs = prices.current_prices(session, [row.key for row in rows], at, branch)
    photos = pictures.of(session, [row.key for row in rows])
    groups = {group.key: group for group in session.scalars(sa.select(ArticleGroup))}
    found = {}
    for row in rows:
        group = _coloured(groups, row.group)
        unit = "" if row.unit == "pcs" else f"/{row.unit}"
        cost = costs.get(row.key)
        price = wording.amount(cost.amount, language) + unit if cost else "?"
        found[row.key] = Goods(
            row.key, row.name(language), price, group.colour if group else None,
            group.picture if group else None, row.age, photos.get(row.key),
        )  # fmt: skip
    return found | _models(session, [key for key in keys if key not in found], language, at, branch)


def _models(
    session: Session, keys: Sequence[str], language: str, at: datetime, branch: str
) -> dict[str, Goods]:
    """What keys of these models show: what their variants cost from."""
    models = (
        session.scalars(sa.select(ModelRow).where(ModelRow.key.in_(keys))).all() if keys else []
    )
    groups = {group.key: group for group in session.scalars(sa.select(ArticleGroup))}
    found = {}
    for model in models:
        some = variants(session, model.key)
        costs = prices.current_prices(session, [row.key for row in some], at, branch)
        amounts = sorted((cost.amount for cost in costs.values()), key=lambda amount: amount.fine)
        price = wording.amount(amounts[0], language) if amounts else "?"
        if len({amount.fine for amount in amounts}) > 1:
            price = f"{_FROM[language]} {price}"
        group = _coloured(groups, model.group or (some[0].group if some else None))
        if some:
            found[model.key] = Goods(
                model.key, model.name(language), price, group.colour if group else None,
                group.picture if group else None, some[0].age,
            )  # fmt: skip
    return found


_FROM: Final = {"de": "ab", "en": "from", "es": "desde"}


def _coloured(groups: dict[str, ArticleGroup], key: str | None) -> ArticleGroup | None:
    """An article's group, or the nearest above it that has a colour, as tills look for it."""
    group = groups.get(key or "")
    for _ in range(_UP):
        if group is None or group.colour or not group.parent:
            break
        group = groups.get(group.parent)
    return group


def sold(
    session: Session, branches: Iterable[str], since: date, only: Sequence[str] | None = None
) -> dict[str, int]:
    """On how many lines of receipts each article was sold in some branches, the most first."""
    many = sa.func.count().label("many")
    query = (
        sa.select(LineRow.article, many)
        .where(
            LineRow.day >= since, LineRow.kind == "sale", LineRow.branch.in_(sorted(set(branches)))
        )
        .group_by(LineRow.article)
        .order_by(many.desc(), LineRow.article)
    )
    if only is not None:
        query = query.where(LineRow.article.in_(only))
    return {row.article: row.many for row in session.execute(query)}


def searched(session: Session, text: str, most: int) -> list[str]:
    """The articles that a search finds, by number."""
    rows = session.scalars(find(text).order_by(ArticleRow.key).limit(most))
    return [row.key for row in rows]
