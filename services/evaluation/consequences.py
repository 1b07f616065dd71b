"""What a price means before anybody pays it: margin, price per kilogram or litre, and what is odd about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.money import Money, UnitPrice, half_up
from schemas.quantity import Quantity
from schemas.tax import Tax
from services.database.articles import ArticleRow
from services.database.changes import CHAIN, Published

_BASES: Final = {"kg": ("kg", 1), "g": ("kg", 1000), "l": ("l", 1), "ml": ("l", 1000), "m": ("m", 1),
                 "cm": ("m", 100), "m2": ("m2", 1)}  # fmt: skip
"""The unit that a price per unit is said in, and how many of ours make one of it.

Source: Directive 98/6/EC, article 2 b.
"""
_FAR: Final = 5
"""A price that is so many times what it was before was probably typed with a wrong comma."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a price means.

    cost    what a piece costs to buy, without tax; None where no supplier says so
    margin  the share of the price without tax that stays, as 0.27; None without a cost
    per     the price of a kilogram, litre or metre, and which of them; None where no size is known
    odd     what is odd: below-cost, far-up, far-down
    """

    cost: UnitPrice | None = None
    margin: float | None = None
    per: tuple[UnitPrice, str] | None = None
    odd: tuple[str, ...] = ()


def rates(session: Session, zone: str, at: datetime) -> dict[str, Decimal]:
    """The percent of each tax class in a zone at an instant, as far as prices include it."""
    documents = session.scalars(
        sa.select(Published.document).where(Published.scope == CHAIN, Published.kind == "tax")
    )
    found = {}
    for tax in (xml.load(Tax, document) for document in documents):
        if tax.zone == zone and not tax.added:
            found[str(tax.class_)] = tax.percent(at) or Decimal(0)
    return found


def meaning(
    article: ArticleRow, price: UnitPrice, before: UnitPrice | None, cost: UnitPrice | None,
    percent: Decimal,
) -> Meaning:  # fmt: skip
    """What a price of an article means; `percent` is the tax that it includes."""
    net = Decimal(price.fine) * 100 / (100 + percent)
    odd = []
    margin = None
    if cost is not None and cost.currency == price.currency and net:
        margin = float((net - cost.fine) / net)
        if net < cost.fine:
            odd.append("below-cost")
    if before is not None and before.fine:
        if price.fine >= before.fine * _FAR:
            odd.append("far-up")
        if price.fine * _FAR <= before.fine:
            odd.append("far-down")
    size = article.document().size
    return Meaning(cost, margin, per_unit(price, size) if size else None, tuple(odd))


def per_unit(price: UnitPrice, size: Quantity) -> tuple[UnitPrice, str] | None:
    """The price of a kilogram, a litre or a metre of what holds so much, rounded half up to the cent."""
    if size.unit not in _BASES or not size.thousandths:
        return None
    unit, many = _BASES[size.unit]
    one = UnitPrice.of(Money(1, price.currency)).fine
    exact = Decimal(price.fine) * 1000 * many / size.thousandths / one
    return UnitPrice.of(Money(half_up(exact), price.currency)), unit
