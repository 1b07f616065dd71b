"""A model's variants as a matrix, and the ones that are still to be made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import spelling
from schemas.article import Article, Option
from schemas.keys import ArticleKey, TaxClass
from schemas.model import Model
from services.database.articles import ArticleRow
from services.evaluation.assortment import Offer
from services.register import variants
from services.register.variants import Options

MOST: Final = 200
"""Variants that are proposed at once."""
_UNFIT: Final = re.compile(r"[^0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Table:
    """One page of the matrix: the value on the third axis, and rows by columns of variants."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Offer, ...], ...]], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A variant that is not there: its options, and the number that it would have."""

    options: Options
    number: str


def matrix(model: Model, offers: Sequence[Offer]) -> list[Table]:
    """Which variants there are: the first axis down, the second across, the third page by page."""
    if not model.axes:
        return []
    by_options: dict[Options, list[Offer]] = {}
    for offer in offers:
        by_options.setdefault(tuple(offer.article.options or ()), []).append(offer)
    names = [axis.names for axis in model.axes]
    columns = names[1] if len(names) > 1 else ("",)
    tables = []
    for page in names[2] if len(names) > 2 else ("",):
        rows = tuple(
            (row, tuple(tuple(by_options.get(_options((row, column, page), len(names)), ()))
                        for column in columns))
            for row in names[0]
        )  # fmt: skip
        tables.append(Table(page, columns, rows))
    return tables


def _options(said: tuple[str, str, str], axes: int) -> Options:
    return said[:axes]


def strays(model: Model, offers: Iterable[Offer]) -> list[Offer]:
    """Variants with options that the model does not name."""
    names = [axis.names for axis in model.axes]
    return [
        offer
        for offer in offers
        if len(offer.article.options or ()) != len(names)
        or any(value not in there for value, there in zip(offer.article.options or (), names, strict=True))
    ]  # fmt: skip


def proposals(session: Session, model: Model, rows: Sequence[ArticleRow]) -> list[Proposal]:
    """The variants that are missing, each with a number that is free.

    Where all siblings have plain numbers, the next ones; else the model's key with the options.
    """
    documents = [row.document() for row in rows]
    wanted = variants.missing(model, documents, MOST)
    numbers = [row.key for row in rows]
    if numbers and all(number.isdecimal() and number.isascii() for number in numbers):
        width, last = len(numbers[-1]), max(map(int, numbers))
        taken = _taken_from(session, last, width)
        found: list[str] = []
        while len(found) < len(wanted):
            last += 1
            if str(last).zfill(width) not in taken:
                found.append(str(last).zfill(width))
        return [Proposal(o, n) for o, n in zip(wanted, found, strict=True)]
    named = [(options, _key(model, options)) for options in wanted]
    there = _taken(session, [key for _, key in named])
    seen: set[str] = set()
    made = []
    for options, key in named:
        number, again = key, 2
        while number in there or number in seen:
            number, again = f"{key[:36]}-{again}", again + 1
        seen.add(number)
        made.append(Proposal(options, number))
    return made


def _key(model: Model, options: Options) -> str:
    parts = (_UNFIT.sub("", spelling.plain(value)) or "x" for value in options)
    return "-".join((model.key, *parts))[:40].strip("-. ")


def _taken(session: Session, numbers: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for begin in range(0, len(numbers), 500):
        some = ArticleRow.key.in_(numbers[begin : begin + 500])
        found.update(session.scalars(sa.select(ArticleRow.key).where(some)))
    return found


def _taken_from(session: Session, last: int, width: int) -> set[str]:
    """Numbers that the next ones could meet."""
    return _taken(
        session, [str(number).zfill(width) for number in range(last + 1, last + 1 + 2 * MOST)]
    )


def made(model: Model, sibling: Article | None, proposal: Proposal, tax: str) -> Article:
    """A new variant: named by the model and its options; the rest is the model's or a sibling's.

    tax  the class where neither says one
    """
    base = replace(sibling, codes=()) if sibling else Article(ArticleKey("_"), tax=TaxClass(tax))
    tail = " ".join(proposal.options)

    def name(own: str | None) -> str | None:
        return f"{own} {tail}"[:200] if own else None

    return replace(
        base, key=ArticleKey(proposal.number), de=name(model.de), en=name(model.en),
        es=name(model.es), model=model.key,
        options=tuple(Option(value) for value in proposal.options),
        group=model.group or base.group, tax=model.tax or base.tax,
    )  # fmt: skip
