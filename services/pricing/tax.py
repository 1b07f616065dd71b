"""Taxes of a receipt: inside prices or on top of them, per class, as a receipt prints them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from schemas.keys import TaxClass
from schemas.money import Currency, Money, half_up
from schemas.receipt import Line, TaxTotal


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
    """What the counting `lines` hold of each tax class, in the order of the classes' letters.

    What came back has the rate and the tax that it was sold with; where that is the rate of here and
    now it is in the class's row, else in a row of its own.
    """
    amounts: dict[TaxClass, Money] = {}
    backs: dict[tuple[TaxClass, Levy], list[Money]] = {}
    for line in lines:
        if not line.counts:
            continue
        nothing = Money.zero(line.amount.currency)
        if line.levied is not None and line.percent is not None:
            back = backs.setdefault(
                (line.tax, Levy(line.percent, bool(line.added))), [nothing, nothing]
            )
            back[0] += line.amount
            back[1] += line.levied
        else:
            amounts[line.tax] = amounts.get(line.tax, nothing) + line.amount
    rows = []
    for class_, amount in amounts.items():
        levy = levies(class_)
        row = _row(class_, amount, levy)
        back = backs.pop((class_, levy), [])
        rows.append(_with(row, *back) if back else row)
    rows += [
        _with(_row(class_, Money.zero(back[0].currency), levy), *back, alone=True)
        for (class_, levy), back in backs.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.class_, bool(row.back), row.percent)))


def _row(class_: TaxClass, amount: Money, levy: Levy) -> TaxTotal:
    if levy.added:
        tax = on_top(amount, levy.percent)
        return TaxTotal(class_, levy.percent, amount + tax, amount, tax, added=True)
    tax = inside(amount, levy.percent)
    return TaxTotal(class_, levy.percent, amount, amount - tax, tax)


def _with(row: TaxTotal, amount: Money, tax: Money, *, alone: bool = False) -> TaxTotal:
    """The row with what came back in it."""
    gross = amount + tax if row.added else amount
    return replace(
        row,
        gross=row.gross + gross,
        net=row.net + gross - tax,
        tax=row.tax + tax,
        back=alone or None,
    )


def added(lines: Iterable[Line], levies: Levies, currency: Currency) -> Money:
    """What comes on top of the lines."""
    rows = totals(lines, levies)
    return Money(sum(row.tax.minor for row in rows if row.added), currency)
