"""What of a set's price falls on each of its parts, to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from schemas.money import Currency, Money, UnitPrice
from services.pricing.sharing import share


class Worth(NamedTuple):
    """A part as the sharing sees it: what a unit costs alone, if anything, and thousandths of it.

    The thousandths are those of one set.
    """

    alone: UnitPrice | None
    thousandths: int


def shares(price: UnitPrice, sets: int, parts: Sequence[Worth]) -> list[int]:
    """Minor units of so many sets' price that each part bears; together what the sets cost.

    In proportion to what the parts cost alone; where none costs anything, by their quantities. Each
    set is shared by itself, so that two of them are twice one, part for part, and one that comes
    back is exactly its price; but for prices finer than a minor unit, which only many sets show.
    """
    weights = [part.alone.fine * part.thousandths if part.alone else 0 for part in parts]
    if not any(weights):
        weights = [part.thousandths for part in parts]
    total, one = price.times(sets * 1000).minor, price.times(1000).minor
    if one * sets == total:
        return [sets * minor for minor in share(one, weights)]
    return share(total, weights)


def unit(minor: int, thousandths: int, currency: Currency) -> UnitPrice:
    """What falls on one unit of a part that bears so much, to five decimals, half up."""
    fine = UnitPrice.of(Money(minor, currency)).fine * 1000
    return UnitPrice((2 * fine + thousandths) // (2 * thousandths), currency)
