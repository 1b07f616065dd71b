"""The parts of a set as somebody types them: a number or a code, and how much of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import MultiDict

from backoffice.articles.refused import FieldRefused
from schemas.article import Article, Part
from schemas.quantity import Quantity, QuantityRefused
from services.register import wording

MOST: Final = 50
"""Parts of one set. Source: schemas/article.xsd."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One row: the article's number or code, the quantity, and what the article is called."""

    article: str = ""
    many: str = ""
    name: str = ""


def typed(form: MultiDict[str, str]) -> tuple[Typed, ...]:
    """The rows that a form holds, after the one that was to go or to come."""
    numbers, many = form.getlist("part")[:MOST], form.getlist("part_many")[:MOST]
    rows = [
        Typed(number[:48].strip(), (many[n] if n < len(many) else "")[:20].strip())
        for n, number in enumerate(numbers)
    ]
    row = form.get("row", "")
    if row == "more" and len(rows) < MOST:
        rows.append(Typed())
    elif row.isdecimal() and int(row[:3]) < len(rows):
        del rows[int(row[:3])]
    return tuple(rows)


def shown(
    parts: Iterable[Part], known: Callable[[str], Article | None], language: str
) -> tuple[Typed, ...]:
    """The rows of parts that are there."""
    return named(
        [Typed(part.article, wording.quantity(part.quantity, language)) for part in parts],
        known, language,
    )  # fmt: skip


def named(
    rows: Sequence[Typed], known: Callable[[str], Article | None], language: str
) -> tuple[Typed, ...]:
    """The same rows, each with what its article is called."""
    found = []
    for row in rows:
        article = known(row.article) if row.article else None
        found.append(Typed(row.article, row.many, article.name(language) if article else ""))
    return tuple(found)


def read(rows: Iterable[Typed], known: Callable[[str], Article | None]) -> tuple[Part, ...]:
    """The parts; rows without an article say nothing. Raises FieldRefused.

    known  the article with a number, or that bears a code
    """
    return tuple(_part(row, known) for row in rows if row.article)


def _part(row: Typed, known: Callable[[str], Article | None]) -> Part:
    article = known(row.article)
    if article is None:
        raise FieldRefused("parts.unknown", article=row.article)
    number = row.many.replace(",", ".").removesuffix(article.unit).strip() or "1"
    try:
        quantity = Quantity.parse(number, article.unit)
    except QuantityRefused as refused:
        raise FieldRefused("parts.many", article=article.key) from refused
    if quantity.thousandths <= 0:
        raise FieldRefused("parts.many", article=article.key)
    return Part(article.key, quantity)
