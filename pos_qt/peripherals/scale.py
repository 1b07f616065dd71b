"""Scales: what a till asks of one. The scale weighs, holds the tare and vouches for the result.

A till that subtracts a tare itself would be a weighing instrument in law, so no driver does.
Source: Directive 2014/31/EU (non-automatic weighing instruments), annex I.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from schemas.money import Money, UnitPrice
from schemas.quantity import Quantity


class ScaleRefused(Exception):
    """This scale cannot do what it was asked, or was asked wrongly. Fit to show."""


@dataclass(frozen=True, slots=True)
class Stable:
    """The scale stands still at a net weight, in kilograms."""

    quantity: Quantity
    to_pay: Money | None = None
    """What the scale itself reckoned, where it knows the price."""


@dataclass(frozen=True, slots=True)
class NoWeight:
    """No weight that may be sold by.

    moving    it does not stand still yet
    negative  below zero, e.g. the tared bowl is off
    overload  more than it bears
    empty     nothing on it, or less than it may weigh
    unmoved   the goods were weighed already; they must be lifted once
    """

    why: Literal["moving", "negative", "overload", "empty", "unmoved"]


@dataclass(frozen=True, slots=True)
class NotThere:
    """The scale does not answer, or not in its own language; `words` are for the technician."""

    words: str


Weight = Stable | NoWeight | NotThere


class Scale(Protocol):
    """A scale at the till. A call takes up to a second: never on the screen's thread."""

    def weight(self, price: UnitPrice | None = None, name: str = "") -> Weight:
        """What lies on it. `price` per kilogram and `name` are shown to the customer where it can.

        Raises ScaleRefused where the scale cannot show such a price.
        """

    def tare(self, tare: Quantity | None = None) -> None:
        """Count off a known tare, or what lies on the scale now where none is given.

        Zero takes a known tare away. Raises ScaleRefused where this scale cannot.
        """

    def close(self) -> None:
        """Let the scale go."""


def grams(tare: Quantity) -> int:
    """A tare in whole grams. Raises ScaleRefused where it is none."""
    thousandths = tare.thousandths if tare.unit == "kg" else tare.thousandths // 1000
    if tare.unit not in {"kg", "g"} or (tare.unit == "g" and tare.thousandths % 1000):
        raise ScaleRefused(f"{tare} is no tare in grams")
    if not 0 <= thousandths <= 9999:
        raise ScaleRefused(f"{tare} is no tare that a scale takes")
    return thousandths


class PretendScale:
    """A scale in memory, for training and for tests of screens; `lying` is what it answers."""

    def __init__(self) -> None:
        self.lying: Weight = NoWeight("empty")
        self.tared: Quantity | None = None

    def weight(self, price: UnitPrice | None = None, name: str = "") -> Weight:
        """What a test put on it, for the price where there is one."""
        if isinstance(self.lying, Stable) and price is not None and name != "?":
            return Stable(self.lying.quantity, price.times(self.lying.quantity.thousandths))
        return self.lying

    def tare(self, tare: Quantity | None = None) -> None:
        """Keep it."""
        self.tared = tare

    def close(self) -> None:
        """Nothing to let go."""
