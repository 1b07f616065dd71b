"""Which price holds: base, special or the customer's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from schemas.keys import BranchKey
from schemas.money import UnitPrice
from schemas.price import Price


class Buyer(NamedTuple):
    """Where and for whom a price is asked."""

    branch: BranchKey
    price_list: str | None = None
    customers: str | None = None


def steps(prices: Iterable[Price], buyer: Buyer, at: datetime) -> list[tuple[str, UnitPrice]]:
    """How the price of one article came about at an instant: rule and price, the last one holds.

    Empty where none has begun.
    """
    here = [p for p in prices if p.begins <= at and _is_for(p, buyer)]
    base = _newest(p for p in here if p.ends is None and p.customers is None)
    special = _newest(p for p in here if p.ends is not None and at < p.ends and p.customers is None)
    own = [
        found
        for found in (
            _newest(p for p in here if p.customers and p.ends is None),
            _newest(p for p in here if p.customers and p.ends is not None and at < p.ends),
        )
        if found
    ]
    found = [("base", base.amount)] if base else []
    if special is not None:
        found.append(("special", special.amount))
    if own:
        lowest = min(own, key=lambda p: p.amount.fine)
        if not found or lowest.amount.fine < found[-1][1].fine:
            found.append(("customer", lowest.amount))
    return found


def _is_for(price: Price, buyer: Buyer) -> bool:
    return (
        price.branch in {None, buyer.branch}
        and price.price_list in {None, buyer.price_list}
        and price.customers in {None, buyer.customers}
    )


def _newest(prices: Iterable[Price]) -> Price | None:
    """The branch's before the price list's before the chain's; of equals, the newest."""
    return max(
        prices,
        key=lambda p: (p.branch is not None, p.price_list is not None, p.begins),
        default=None,
    )
