"""The entry: digits first, then a verb that says what they mean."""

from __future__ import annotations

from schemas.money import AmountRefused, Money, UnitPrice
from schemas.quantity import ONE, Quantity, QuantityRefused

_LONGEST = 20


class Entry:
    """What the cashier has typed, and how many of the next article that makes."""

    def __init__(self) -> None:
        self.text = ""
        self.times: Quantity | None = None

    @property
    def is_empty(self) -> bool:
        """Has nothing been typed?"""
        return not self.text and self.times is None

    def typed(self, text: str) -> None:
        """Digits or a decimal sign; anything that cannot be part of a number is left out."""
        for char in text:
            if char.isascii() and char.isdigit():
                self.text = (self.text + char)[:_LONGEST]
            elif char in ",." and "," not in self.text:
                self.text = (self.text or "0") + ","

    def back(self) -> None:
        """Take the last digit away, or the quantity where there is none."""
        if self.text:
            self.text = self.text[:-1]
        else:
            self.times = None

    def clear(self) -> None:
        """Forget all."""
        self.text = ""
        self.times = None

    def multiply(self) -> bool:
        """`×`: what was typed is the quantity of the next article. Says whether it can be one."""
        quantity = self.quantity("pcs")
        if quantity is None:
            return False
        self.times, self.text = quantity, ""
        return True

    def take_times(self) -> Quantity:
        """The quantity for the next article; it counts once."""
        many, self.times = self.times or ONE, None
        return many

    @property
    def plain(self) -> str:
        """What was typed, with a dot."""
        return self.text.replace(",", ".").rstrip(".")

    def quantity(self, unit: str) -> Quantity | None:
        """What was typed as a quantity; None where it is none."""
        try:
            found = Quantity.parse(self.plain, unit)
        except QuantityRefused:
            return None
        return found if found.thousandths > 0 else None

    def money(self, currency: str) -> Money | None:
        """What was typed as an amount; None where it is none."""
        try:
            return Money.parse(self.plain, currency) if self.text else None
        except AmountRefused:
            return None

    def price(self, currency: str) -> UnitPrice | None:
        """What was typed as a price; None where it is none."""
        try:
            return UnitPrice.parse(self.plain, currency) if self.text else None
        except AmountRefused:
            return None
