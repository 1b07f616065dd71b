"""What a price means before anybody pays it: margin, price per kilogram or litre, and what is odd about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.money import Money, UnitPrice, half_up
from schemas.price import Price
from schemas.quantity import Quantity
from schemas.tax import Tax
from services.database import prices, supplies
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


def of_set(plain: Meaning, cost: Money | None, margin: float | None) -> Meaning:
    """The same of a set, whose cost and margin are those of its parts."""
    odd = plain.odd if margin is None or margin >= 0 else ("below-cost", *plain.odd)
    return replace(plain, cost=UnitPrice.of(cost) if cost else None, margin=margin, odd=odd)


def per_unit(price: UnitPrice, size: Quantity) -> tuple[UnitPrice, str] | None:
    """The price of a kilogram, a litre or a metre of what holds so much, rounded half up to the cent."""
    if size.unit not in _BASES or not size.thousandths:
        return None
    unit, many = _BASES[size.unit]
    one = UnitPrice.of(Money(1, price.currency)).fine
    exact = Decimal(price.fine) * 1000 * many / size.thousandths / one
    return UnitPrice.of(Money(half_up(exact), price.currency)), unit


def of_drafts(
    session: Session, drafts: Sequence[Price], zone: str, at: datetime
) -> dict[str, tuple[UnitPrice | None, Meaning]]:
    """Of prices that are to be: what holds now in their place, and what they mean; by their keys."""
    percents = rates(session, zone, at)
    found: dict[str, tuple[UnitPrice | None, Meaning]] = {}
    costs = supplies.costs(session, {str(draft.article) for draft in drafts})
    for branch in {draft.branch or "" for draft in drafts}:
        here = [draft for draft in drafts if (draft.branch or "") == branch]
        numbers = sorted({str(draft.article) for draft in here})
        rows: dict[str, ArticleRow] = {}
        for begin in range(0, len(numbers), 500):
            some = sa.select(ArticleRow).where(ArticleRow.key.in_(numbers[begin : begin + 500]))
            rows.update({row.key: row for row in session.scalars(some)})
        now = prices.current_prices(session, numbers, at, branch)
        for draft in here:
            before = now[draft.article].amount if draft.article in now else None
            row = rows.get(draft.article)
            if row is None:
                found[draft.key] = (before, Meaning())
                continue
            percent = percents.get(row.tax, Decimal(0))
            means = meaning(row, draft.amount, before, costs.get(draft.article), percent)
            found[draft.key] = (before, means)
    return found
