"""Price enquiry: what a code costs here and now, why, and what it will cost next; nothing is sold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas.article import Article
from schemas.keys import ArticleKey, Barcode
from schemas.money import UnitPrice
from schemas.promotion import Promotion
from schemas.receipt import Basket
from services.mirror.catalogue import Catalogue
from services.pricing.rivalry import Item, wants
from services.register.refusal import StepRefused
from services.till.rights import Rights


@dataclass(frozen=True, slots=True)
class Enquiry:
    """An article's price.

    steps       how it came about; the last one holds; empty where it has none
    promotions  that are on now and want the article
    coming      the next price that is known already, and from when
    """

    article: Article
    steps: tuple[tuple[str, UnitPrice], ...]
    promotions: tuple[Promotion, ...]
    coming: tuple[datetime, UnitPrice] | None

    @property
    def price(self) -> UnitPrice | None:
        """What a unit costs; None where it has no price."""
        return self.steps[-1][1] if self.steps else None


class Counter(Protocol):
    """What an enquiry asks of its till."""

    basket: Basket
    catalogue: Catalogue
    rights: Rights

    def now(self) -> datetime:
        """The branch's local time."""


def enquire(till: Counter, code: Barcode) -> Enquiry:
    """What bears `code`, and what it costs the customer of the sale in hand. Raises StepRefused."""
    till.rights.need("price-enquiry")
    catalogue, at, customers = till.catalogue, till.now(), till.basket.customers
    found = catalogue.by_code(code)
    article = found[0] if found else catalogue.by_key(ArticleKey(code))
    if article is None:
        raise StepRefused("unknown-code", code=code)
    rules = catalogue.rules(at, customers)
    above = (rules.above or {}).get(article.group or "", frozenset({article.group or ""}))
    item = Item(0, article.key, above, 1, 0)
    promotions = tuple(
        promotion
        for promotion in rules.promotions
        if not article.fixed and any(wants(goods, item) for goods in promotion.goods)
    )
    steps = tuple(catalogue.price_steps(article.key, at, customers))
    return Enquiry(article, steps, promotions, catalogue.coming_price(article.key, at))
