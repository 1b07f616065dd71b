"""The slip's language: the cashier's choice for this sale, else the customer's, else the till's."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Protocol

from schemas.customer import Customer
from schemas.receipt import Basket, Line, Reduction
from services.mirror.catalogue import Catalogue

LANGUAGES: Final = ("de", "en", "es")


class Clientele(Protocol):
    """Who buys."""

    def buyer(self) -> Customer | None:
        """The customer of the sale in hand."""


class Counter(Protocol):
    """What is asked of the till."""

    basket: Basket
    catalogue: Catalogue

    @property
    def clientele(self) -> Clientele:
        """Its customers."""


def chosen(till: Counter) -> str | None:
    """The language of the slip in hand; None where it is the till's own."""
    buyer = till.clientele.buyer() if till.basket.customer else None
    language = till.basket.language or (buyer.language if buyer else None)
    return language if language in LANGUAGES and language != till.catalogue.own.language else None


def spoken(basket: Basket, catalogue: Catalogue, language: str | None) -> Basket:
    """The sale with its goods and promotions named in the slip's language.

    Names that somebody else gave (a label, an article that is gone) stay as they are.
    """
    if language is None:
        return replace(basket, language=None)
    lines = tuple(_line(line, catalogue, language) for line in basket.lines)
    return replace(basket, language=language, lines=lines)


def _line(line: Line, catalogue: Catalogue, language: str) -> Line:
    article, own = catalogue.by_key(line.article), catalogue.own.language
    if line.part is not None:
        whole = catalogue.by_key(line.part.article)
        if whole is not None and line.part.name == whole.name(own):
            line = replace(line, part=replace(line.part, name=whole.name(language)))
    reductions = tuple(_reduction(each, catalogue, language) for each in line.reductions)
    if article is None or line.name != article.name(own):
        return replace(line, reductions=reductions)
    return replace(line, name=article.name(language), reductions=reductions)


def _reduction(reduction: Reduction, catalogue: Catalogue, language: str) -> Reduction:
    promotion = catalogue.promotion(reduction.rule) if reduction.kind == "promotion" else None
    if promotion is None or reduction.name != promotion.name(catalogue.own.language):
        return reduction
    return replace(reduction, name=promotion.name(language))
