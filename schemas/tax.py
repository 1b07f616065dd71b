"""Taxes: the rate of a class in a zone, from a moment on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from schemas.binding import attribute, children
from schemas.keys import TaxClass, TaxZone


@dataclass(frozen=True, slots=True)
class Rate:
    """So many percent from a moment on."""

    begins: datetime = attribute("from")
    percent: Decimal = attribute()


@dataclass(frozen=True, slots=True)
class Tax:
    """What a tax class costs in a zone.

    added  comes on top of prices, as in North America; else prices include it
    `class_` is also the letter that a slip prints beside the amount.
    """

    class_: TaxClass = attribute()
    zone: TaxZone = attribute()
    name: str = attribute()
    rates: tuple[Rate, ...] = children("rate")
    added: bool | None = attribute(default=None)

    @property
    def key(self) -> str:
        """Class and zone."""
        return f"{self.class_}|{self.zone}"

    def percent(self, at: datetime) -> Decimal | None:
        """The rate that holds at an instant; None before the first begins."""
        begun = [rate for rate in self.rates if rate.begins <= at]
        return max(begun, key=lambda rate: rate.begins).percent if begun else None
