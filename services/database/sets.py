"""What may be a set, and what may be in one: asked before an article is kept."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas.article import Article
from services.database.articles import ArticlePart


class PartsRefused(ValueError):
    """An article cannot be the set, or the part of one, that it would be.

    fact   own-kind, itself, unknown, nested, odd, twice, unit, or used: it is itself a part
    parts  the article or the set that it is about
    """

    def __init__(self, fact: str, **parts: str) -> None:
        self.fact = fact
        self.parts = parts
        super().__init__(_ENGLISH[fact].format(**parts))


_ENGLISH = {
    "own-kind": "a set is sold in pieces, has no deposit, is no voucher and asks nothing",
    "itself": "a set cannot hold itself",
    "unknown": "there is no article {article}",
    "nested": "{article} is a set itself",
    "odd": "{article} is a voucher, has a fixed price or asks for one",
    "twice": "{article} is in it twice",
    "unit": "{article} is sold in {unit}",
    "used": "it is a part of the set {article}",
}


def check(session: Session, document: Article, known: Callable[[str], Article | None]) -> None:
    """Raise PartsRefused where the article is a set, or the part of one, that no till could sell.

    known  the article with a number, as the person who asks left it
    """
    if document.parts:
        _check_set(document, known)
    if document.parts or _is_odd(document):
        _check_use(session, document, known)


def _check_set(document: Article, known: Callable[[str], Article | None]) -> None:
    if document.unit != "pcs" or document.deposit or document.voucher or document.asks:
        raise PartsRefused("own-kind")
    seen: set[str] = set()
    for part in document.parts:
        number = str(part.article)
        if number == document.key:
            raise PartsRefused("itself")
        if number in seen:
            raise PartsRefused("twice", article=number)
        seen.add(number)
        article = known(number)
        if article is None:
            raise PartsRefused("unknown", article=number)
        if article.parts:
            raise PartsRefused("nested", article=number)
        if _is_odd(article):
            raise PartsRefused("odd", article=number)
        whole = article.unit != "pcs" or part.quantity.thousandths % 1000 == 0
        if article.unit != part.quantity.unit or not whole:
            raise PartsRefused("unit", article=number, unit=article.unit)


def _is_odd(article: Article) -> bool:
    """Would its price be another's, or is it to stay as it is?"""
    return bool(article.voucher or article.fixed or "price" in article.asks)


def _check_use(session: Session, document: Article, known: Callable[[str], Article | None]) -> None:
    for number in uses(session, document.key):
        whole = known(number)
        if whole is not None and any(part.article == document.key for part in whole.parts):
            raise PartsRefused("used", article=number)


def uses(session: Session, article: str) -> list[str]:
    """The sets that an article is a part of, by number."""
    query = sa.select(ArticlePart.whole).where(ArticlePart.article == article)
    return list(session.scalars(query.order_by(ArticlePart.whole)))
