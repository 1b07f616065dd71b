"""The tax that is inside prices, per class, as a receipt prints it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from schemas.keys import TaxClass
from schemas.money import Money, half_up
from schemas.receipt import Line, TaxTotal


def inside(gross: Money, percent: Decimal) -> Money:
    """The tax inside `gross`, rounded half up: gross less gross ÷ (1 + rate).

    Source: 13 of 13 tax rows of real German supermarket receipts.
    """
    net = Decimal(gross.minor) / (1 + percent / 100)
    return Money(gross.minor - half_up(net), gross.currency)


def totals(lines: Iterable[Line], percent: Callable[[TaxClass], Decimal]) -> tuple[TaxTotal, ...]:
    """What the counting `lines` hold of each tax class, in the order of the classes' letters."""
    gross: dict[TaxClass, Money] = {}
    for line in lines:
        if line.counts:
            so_far = gross.get(line.tax, Money.zero(line.amount.currency))
            gross[line.tax] = so_far + line.amount
    rows = []
    for class_ in sorted(gross):
        rate = percent(class_)
        tax = inside(gross[class_], rate)
        rows.append(TaxTotal(class_, rate, gross[class_], gross[class_] - tax, tax))
    return tuple(rows)
