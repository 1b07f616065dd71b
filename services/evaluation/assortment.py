"""The assortment as a list: articles that match, with what each costs now and next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.keyboard import Keyboard, Tab
from services.database import articles, changes, pictures, prices
from services.database.articles import ArticleGroup, ArticleRow
from services.database.prices import PriceRow
from services.database.sales import LineRow

SORTS: Final = ("name", "number", "group", "changed")
MATCH: Final = "match"
"""The order of a search: the article with this very number, numbers that begin so, then the names."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An article with its group, its price and the one that comes next; the digest of its picture."""

    article: ArticleRow
    group: ArticleGroup | None
    price: PriceRow | None
    coming: PriceRow | None
    photo: str | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """What was sold of an article in a month; thousandths of its unit, minor units of money."""

    first: date
    many: int
    money: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles, in which order, and which page of them, counted from 1."""

    text: str = ""
    task: str = ""
    group: str = ""
    tag: str = ""
    model: str = ""
    sort: str = "name"
    down: bool = False
    size: int = 50
    page: int = 1


def page(
    session: Session, wanted: Wanted, branch: str | None, language: str, now: datetime
) -> tuple[list[Offer], int]:
    """One page of the articles that are wanted, and how many there are in all."""
    query = matching(
        wanted.text, wanted.task, wanted.group, branch, model=wanted.model, tag=wanted.tag
    )
    if wanted.text.strip():  # every word is looked for in every article: once is enough
        found = session.execute(_gathered(query, wanted, language)).all()
        listed, many = [row.key for row in found], found[0].many if found else 0
        if not found and wanted.page > 1:
            many = _count(session, query)
    else:
        keys = ordered(wanted, branch, language).with_only_columns(ArticleRow.key)
        some = keys.limit(wanted.size).offset((wanted.page - 1) * wanted.size)
        listed, many = list(session.scalars(some)), _count(session, query)
    by_key = {
        row.key: row
        for row in session.scalars(sa.select(ArticleRow).where(ArticleRow.key.in_(listed)))
    }
    return offers(session, [by_key[key] for key in listed], branch, now), many


def _gathered(query: sa.Select[Any], wanted: Wanted, language: str) -> sa.Select[Any]:
    """One page of what a search finds, and how much it finds.

    Gathered first and then sorted: PostgreSQL else walks all articles in the order of their names.
    """
    names = [f"by{n}" for n, _ in enumerate(_by(wanted, language))]
    by = [each.label(name) for each, name in zip(_by(wanted, language), names, strict=True)]
    all_ = query.with_only_columns(ArticleRow.key, *by, maintain_column_froms=True)
    found = all_.cte("found").prefix_with("MATERIALIZED")
    page = sa.select(found.c.key, sa.func.count().over().label("many"))
    page = page.order_by(*_directed([found.c[name] for name in names], wanted))
    return page.limit(wanted.size).offset((wanted.page - 1) * wanted.size)


def ordered(wanted: Wanted, branch: str | None, language: str) -> sa.Select[Any]:
    """All articles that are wanted, in the order that is wanted."""
    query = matching(
        wanted.text, wanted.task, wanted.group, branch, model=wanted.model, tag=wanted.tag
    )
    return query.order_by(*_directed(_by(wanted, language), wanted))


def _by(wanted: Wanted, language: str) -> list[Any]:
    """What is sorted by; see `_directed` for which way."""
    if wanted.sort == MATCH:
        return [*_by_match(wanted.text, language), ArticleRow.key]
    return [_order(wanted.sort, language), ArticleRow.key]


def _directed(columns: list[Any], wanted: Wanted) -> list[Any]:
    first, *rest = columns
    down = wanted.down and wanted.sort != MATCH
    return [first.desc() if down else first, *rest]


def _count(session: Session, query: sa.Select[Any]) -> int:
    return (
        session.scalar(
            query.with_only_columns(sa.func.count(ArticleRow.key), maintain_column_froms=True)
        )
        or 0
    )


def _by_match(text: str, language: str) -> list[Any]:
    if not any(sign.isdigit() for sign in text):  # words are no number: ranking them costs as much
        return [_named(language)]
    number, sought = sa.func.lower(ArticleRow.key), text.strip().casefold()
    begins = number.startswith(sought, autoescape=True)
    rank = sa.case((number == sought, 0), (begins, 1), else_=2)
    return [rank, sa.case((begins, ArticleRow.key), else_=_order("name", language))]


def _order(sort: str, language: str) -> Any:
    return {
        "number": ArticleRow.key,
        "group": sa.func.coalesce(ArticleRow.group, ""),
        "changed": ArticleRow.changed_at,
    }.get(sort, _named(language))


def _named(language: str) -> sa.ColumnElement[str]:
    """The name that a list is sorted by: literally the expression that has an index."""
    return sa.literal_column(articles.sort_text(language), sa.String)


def offers(
    session: Session, rows: list[ArticleRow], branch: str | None, now: datetime
) -> list[Offer]:
    """What each article costs, in the chain or in one branch."""
    keys = [row.key for row in rows]
    holding = prices.current_prices(session, keys, now, branch or "")
    coming = prices.coming_prices(session, keys, now, branch or "")
    known, photos = groups(session), pictures.of(session, keys)
    return [
        Offer(
            row,
            known.get(row.group or ""),
            holding.get(row.key),
            coming.get(row.key),
            photos.get(row.key),
        )
        for row in rows
    ]


def offer(session: Session, key: str, branch: str | None, now: datetime) -> Offer | None:
    """One article with its price; None where there is no such article."""
    row = session.get(ArticleRow, key)
    return offers(session, [row], branch, now)[0] if row else None


def months(session: Session, article: str, branch: str | None, last: date) -> list[Month]:
    """What was sold of an article in each of the twelve months up to that of `last`."""
    first = date(last.year - 1, last.month, 1)
    first = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    query = sa.select(
        LineRow.day,
        sa.func.sum(LineRow.quantity).label("many"),
        sa.func.sum(LineRow.amount).label("money"),
    ).where(LineRow.article == article, LineRow.day.between(first, last))
    if branch is not None:
        query = query.where(LineRow.branch == branch)
    found: dict[date, list[int]] = {}
    at = first
    while at <= last:
        found[at] = [0, 0]
        at = (at + timedelta(days=32)).replace(day=1)
    for row in session.execute(query.group_by(LineRow.day)):
        month = found[row.day.replace(day=1)]
        month[0], month[1] = month[0] + int(row.many), month[1] + int(row.money)
    return [Month(at, many, money) for at, (many, money) in found.items()]


def keyed(session: Session, *numbers: str) -> list[tuple[Keyboard, Tab]]:
    """Where an article, or the model that it is of, has a key: the keyboards, each with its tab."""
    keys = changes.keys(session, changes.CHAIN, "keyboard")
    boards = [
        xml.load(Keyboard, each.document)
        for each in changes.currents(session, changes.CHAIN, "keyboard", sorted(keys)).values()
        if each.document
    ]
    return [
        (board, tab) for board in boards for tab in board.tabs
        if any(key.article in numbers for key in tab.keys)
    ]  # fmt: skip


def groups(session: Session) -> dict[str, ArticleGroup]:
    """All groups, by key."""
    return {row.key: row for row in session.scalars(sa.select(ArticleGroup))}


def called(group: ArticleGroup, language: str) -> str:
    """What a group is called in a language, else in any, else its key."""
    name: str | None = getattr(group, language)
    return name or group.de or group.en or group.es or group.key


def tasks(session: Session, branch: str | None) -> dict[str, int]:
    """How many articles there are, how many lack a price, how many a name."""
    return {task: count(session, task, branch) for task in ("", "price", "name")}


def count(session: Session, task: str, branch: str | None) -> int:
    """How many articles lack a `price` or a `name`; all where no task is named."""
    return _count(session, matching(task=task, branch=branch))


def matching(
    text: str = "",
    task: str = "",
    group: str = "",
    branch: str | None = None,
    *,
    model: str = "",
    tag: str = "",
) -> sa.Select[Any]:
    """The articles that match; one that only other branches have a price for lacks it in `branch`."""
    query = articles.find(text, task, group, model=model, tag=tag)
    if task != "price":
        return query
    elsewhere = sa.exists().where(PriceRow.article == ArticleRow.key, PriceRow.branch != "")
    if branch is not None:
        elsewhere = elsewhere.where(PriceRow.branch == branch)
    return query.where(sa.text("NOT article.priced"), ~elsewhere)
