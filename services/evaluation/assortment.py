"""The assortment as a list: articles that match, with what each costs now and next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import articles, prices
from services.database.articles import ArticleGroup, ArticleRow
from services.database.prices import PriceRow

_LANGUAGES: Final = ("de", "en", "es")
SORTS: Final = ("name", "number", "group", "changed")
MATCH: Final = "match"
"""The order of a search: the article with this very number, numbers that begin so, then the names."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An article with its group, its price and the one that comes next."""

    article: ArticleRow
    group: ArticleGroup | None
    price: PriceRow | None
    coming: PriceRow | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles, in which order, and which page of them, counted from 1."""

    text: str = ""
    task: str = ""
    group: str = ""
    sort: str = "name"
    down: bool = False
    size: int = 50
    page: int = 1


def page(
    session: Session, wanted: Wanted, branch: str | None, language: str, now: datetime
) -> tuple[list[Offer], int]:
    """One page of the articles that are wanted, and how many there are in all."""
    query = matching(wanted.text, wanted.task, wanted.group, branch)
    many = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = ordered(wanted, branch, language).limit(wanted.size)
    some = list(session.scalars(rows.offset((wanted.page - 1) * wanted.size)))
    return offers(session, some, branch, now), many


def ordered(wanted: Wanted, branch: str | None, language: str) -> sa.Select[Any]:
    """The articles that are wanted, in the order that is wanted."""
    order = _by_match(wanted.text, language)
    if wanted.sort != MATCH:
        by = _order(wanted.sort, language)
        order = [by.desc() if wanted.down else by]
    query = matching(wanted.text, wanted.task, wanted.group, branch)
    return query.order_by(*order, ArticleRow.key)


def _by_match(text: str, language: str) -> list[Any]:
    number, sought = sa.func.lower(ArticleRow.key), text.strip().casefold()
    begins = number.startswith(sought, autoescape=True)
    rank = sa.case((number == sought, 0), (begins, 1), else_=2)
    return [rank, sa.case((begins, ArticleRow.key), else_=_order("name", language))]


def _order(sort: str, language: str) -> Any:
    names = [getattr(ArticleRow, language)]
    names += [getattr(ArticleRow, each) for each in _LANGUAGES if each != language]
    return {
        "number": ArticleRow.key,
        "group": sa.func.coalesce(ArticleRow.group, ""),
        "changed": ArticleRow.changed_at,
    }.get(sort, sa.func.lower(sa.func.coalesce(*names, ArticleRow.key)))


def offers(
    session: Session, rows: list[ArticleRow], branch: str | None, now: datetime
) -> list[Offer]:
    """What each article costs, in the chain or in one branch."""
    keys = [row.key for row in rows]
    holding = prices.current_prices(session, keys, now, branch or "")
    coming = prices.coming_prices(session, keys, now, branch or "")
    known = groups(session)
    return [
        Offer(row, known.get(row.group or ""), holding.get(row.key), coming.get(row.key))
        for row in rows
    ]


def offer(session: Session, key: str, branch: str | None, now: datetime) -> Offer | None:
    """One article with its price; None where there is no such article."""
    row = session.get(ArticleRow, key)
    return offers(session, [row], branch, now)[0] if row else None


def groups(session: Session) -> dict[str, ArticleGroup]:
    """All groups, by key."""
    return {row.key: row for row in session.scalars(sa.select(ArticleGroup))}


def tasks(session: Session, branch: str | None) -> dict[str, int]:
    """How many articles there are, how many lack a price, how many a name."""
    return {task: count(session, task, branch) for task in ("", "price", "name")}


def count(session: Session, task: str, branch: str | None) -> int:
    """How many articles lack a `price` or a `name`; all where no task is named."""
    query = matching(task=task, branch=branch).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(query)) or 0


def matching(
    text: str = "", task: str = "", group: str = "", branch: str | None = None
) -> sa.Select[Any]:
    """The articles that match; one that only other branches have a price for lacks it in `branch`."""
    query = articles.find(text, task, group)
    if task != "price":
        return query
    priced = sa.exists().where(PriceRow.article == ArticleRow.key)
    if branch is not None:
        priced = priced.where(PriceRow.branch.in_(["", branch]))
    return query.where(~priced)
