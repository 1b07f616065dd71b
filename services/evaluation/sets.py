"""What a set means: its parts' prices beside its own, and what stays of it over their costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas.money import Money, UnitPrice, total
from schemas.quantity import Quantity
from services.database import prices, supplies
from services.database.articles import ArticleRow
from services.evaluation import consequences
from services.pricing import sets as pricing
from services.pricing.sets import Worth


@dataclass(frozen=True, slots=True)
class PartMeaning:
    """One part: what so much of it costs alone, what it bears of the set's price, and costs to buy."""

    article: ArticleRow | None
    number: str
    quantity: Quantity
    alone: Money | None
    bears: Money | None
    cost: Money | None


@dataclass(frozen=True, slots=True)
class SetMeaning:
    """A set as a whole.

    alone   what its parts cost alone together; None where one has no price
    saved   how much less the set costs; None where it has no price, or `alone` is not known
    cost    what its parts cost to buy, without tax; None where nobody says so of one
    margin  the share of the price without taxes that stays, as 0.27; None without a cost or a price
    """

    parts: tuple[PartMeaning, ...]
    alone: Money | None
    saved: Money | None
    cost: Money | None
    margin: float | None


def meaning(
    session: Session, article: ArticleRow, price: UnitPrice | None, branch: str, zone: str,
    now: datetime,
) -> SetMeaning | None:  # fmt: skip
    """What a set means at a price; None for an article that is no set."""
    if not article.parts:
        return None
    keys = [part.article for part in article.parts]
    rows = {
        r.key: r for r in session.scalars(sa.select(ArticleRow).where(ArticleRow.key.in_(keys)))
    }
    holding = prices.current_prices(session, keys, now, branch)
    costs = supplies.costs(session, keys)
    alone = {key: row.amount for key, row in holding.items()}
    bears = _bears(article, price, alone)
    found = tuple(
        PartMeaning(
            rows.get(part.article), part.article, Quantity(part.quantity, part.unit),
            _times(alone, part.article, part.quantity), bears[n],
            _times(costs, part.article, part.quantity),
        )
        for n, part in enumerate(article.parts)
    )  # fmt: skip
    sum_alone, sum_cost = _sum([p.alone for p in found]), _sum([p.cost for p in found])
    whole = price.times(1000) if price else None
    same = whole is not None and sum_alone is not None and whole.currency == sum_alone.currency
    net = _net(found, consequences.rates(session, zone, now))
    margin = float((net - sum_cost.minor) / net) if net and sum_cost is not None else None
    saved = sum_alone - whole if same and sum_alone and whole else None
    return SetMeaning(found, sum_alone, saved, sum_cost, margin)


def _bears(
    article: ArticleRow, price: UnitPrice | None, alone: Mapping[str, UnitPrice]
) -> list[Money | None]:
    if price is None:
        return [None] * len(article.parts)
    worths = [Worth(alone.get(part.article), part.quantity) for part in article.parts]
    return [Money(minor, price.currency) for minor in pricing.shares(price, 1, worths)]


def _times(amounts: Mapping[str, UnitPrice], key: str, thousandths: int) -> Money | None:
    return amounts[key].times(thousandths) if key in amounts else None


def _sum(amounts: list[Money | None]) -> Money | None:
    known = [amount for amount in amounts if amount is not None]
    currencies = {amount.currency for amount in known}
    if len(known) < len(amounts) or len(currencies) != 1:
        return None
    return total(known, currencies.pop())


def _net(parts: tuple[PartMeaning, ...], percents: Mapping[str, Decimal]) -> Decimal:
    """What stays of the price without the tax of each part, in minor units."""
    net = Decimal(0)
    for part in parts:
        if part.bears is not None:
            percent = percents.get(part.article.tax, Decimal(0)) if part.article else Decimal(0)
            net += Decimal(part.bears.minor) * 100 / (100 + percent)
    return net
