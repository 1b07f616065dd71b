"""Quantities: exact thousandths of a unit, so that grams of a kilogram are whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

UNITS: Final = ("pcs", "kg", "g", "l", "ml", "m", "cm", "m2", "h")
"""The units that goods are sold in. The first is the piece."""

_LARGEST: Final = 10**9


class QuantityRefused(ValueError):
    """What was written is not a quantity; the message is fit to show."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """So many thousandths of a unit; `0.342 kg` is 342."""

    thousandths: int
    unit: str = "pcs"

    @classmethod
    def parse(cls, number: str, unit: str = "pcs") -> Quantity:
        """The quantity written `number`, with a dot; raises QuantityRefused beyond three decimals."""
        try:
            exact = Decimal(number) * 1000
        except InvalidOperation:
            raise QuantityRefused(f"“{number[:40]}” is not a quantity") from None
        if not exact.is_finite() or abs(exact) > _LARGEST:
            raise QuantityRefused(f"“{number[:40]}” is not a quantity")
        if exact != exact.to_integral_value():
            raise QuantityRefused(f"“{number}” is finer than a thousandth")
        if unit not in UNITS:
            raise QuantityRefused(f"“{unit[:20]}” is not a unit")
        return cls(int(exact), unit)

    @property
    def number(self) -> str:
        """The quantity with a dot, without zeros that say nothing."""
        whole, part = divmod(abs(self.thousandths), 1000)
        sign = "-" if self.thousandths < 0 else ""
        return f"{sign}{whole}" + (f".{part:03d}".rstrip("0") if part else "")

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"

    def __neg__(self) -> Quantity:
        return Quantity(-self.thousandths, self.unit)

    def __add__(self, other: Quantity) -> Quantity:
        if other.unit != self.unit:
            raise ValueError(f"{self.unit} and {other.unit} do not add up")
        return Quantity(self.thousandths + other.thousandths, self.unit)

    def __mul__(self, times: int) -> Quantity:
        return Quantity(self.thousandths * times, self.unit)


ONE = Quantity(1000)
"""One piece."""
