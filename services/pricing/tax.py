"""Taxes of a receipt: inside prices or on top of them, per class, as a receipt prints them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple

from schemas.keys import TaxClass
from schemas.money import Currency, Money, half_up
from schemas.receipt import Line, TaxTotal
from services.pricing.sharing import share


class Levy(NamedTuple):
    """What a class costs here and now; `added` where it comes on top of prices."""

    percent: Decimal
    added: bool = False


Levies = Callable[[TaxClass], Levy]


def inside(gross: Money, percent: Decimal) -> Money:
    """The tax inside `gross`, rounded half up: gross less gross ÷ (1 + rate).

    Source: 13 of 13 tax rows of real German supermarket receipts.
    """
    net = Decimal(gross.minor) / (1 + percent / 100)
    return Money(gross.minor - half_up(net), gross.currency)


def on_top(net: Money, percent: Decimal) -> Money:
    """The tax that comes on top of `net`, rounded half up.

    Source: the tax rows of 18 receipts of a real supermarket in the United States.
    """
    return Money(half_up(net.minor * percent / 100), net.currency)


def totals(lines: Iterable[Line], levies: Levies) -> tuple[TaxTotal, ...]:
    """What the counting `lines` hold of each tax class, in the order of the classes' letters."""
    amounts: dict[TaxClass, Money] = {}
    for line in lines:
        if line.counts:
            so_far = amounts.get(line.tax, Money.zero(line.amount.currency))
            amounts[line.tax] = so_far + line.amount
    return tuple(_row(class_, amounts[class_], levies(class_)) for class_ in sorted(amounts))


def _row(class_: TaxClass, amount: Money, levy: Levy) -> TaxTotal:
    if levy.added:
        tax = on_top(amount, levy.percent)
        return TaxTotal(class_, levy.percent, amount + tax, amount, tax, added=True)
    tax = inside(amount, levy.percent)
    return TaxTotal(class_, levy.percent, amount, amount - tax, tax)


def added(lines: Iterable[Line], levies: Levies, currency: Currency) -> Money:
    """What comes on top of the lines."""
    rows = totals(lines, levies)
    return Money(sum(row.tax.minor for row in rows if row.added), currency)


def less_coupons(
    lines: Iterable[Line], rows: tuple[TaxTotal, ...], coupon: Money
) -> tuple[TaxTotal, ...]:
    """What a coupon that is given as payment takes from the taxed amounts, class by class.

    It is shared over the lines by what they cost before any discount. Source: a real German
    receipt (ebon R5), whose bonus comes out so, and not by what discounts left.
    """
    bearing = [line for line in lines if line.counts and not line.fixed and line.amount.minor > 0]
    weights = [line.price.times(line.quantity.thousandths).minor for line in bearing]
    shares = share(coupon.minor, weights)
    gross: dict[TaxClass, int] = {}
    for line, minor in zip(bearing, shares, strict=True):
        gross[line.tax] = gross.get(line.tax, 0) - minor
    found = []
    for row in rows:
        amount = Money(gross.get(row.class_, 0), coupon.currency)
        if amount:
            tax = inside(amount, row.percent)
            found.append(TaxTotal(row.class_, row.percent, amount, amount - tax, tax, coupon=True))
    return tuple(found)
