"""Money: whole minor units with their currency, and unit prices that may be finer.

Rounding is half up and always said aloud: no operation here rounds but those named so.
Source: ARCHITECTURE.md, decision 1 (129 of 129 real receipt lines round half up).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final, NewType

Currency = NewType("Currency", str)

FINENESS: Final = 100_000
"""Parts of one currency unit that a unit price counts in (five decimals)."""

_EXPONENTS: Final = {"JPY": 0, "KRW": 0, "ISK": 0, "CLP": 0, "BHD": 3, "KWD": 3, "TND": 3, "JOD": 3}
"""Decimals of the currencies that do not have two. Source: ISO 4217."""

_LARGEST: Final = 10**15


class AmountRefused(ValueError):
    """What was written is not an amount of money; the message is fit to show."""


def exponent(currency: Currency) -> int:
    """How many decimals `currency` has."""
    return _EXPONENTS.get(currency, 2)


def half_up(value: Decimal) -> int:
    """The whole number nearest to `value`; a half goes away from zero."""
    return int(value.to_integral_value(ROUND_HALF_UP))


def scaled(text: str, decimals: int) -> int | None:
    """The number in `text`, times ten to the power of `decimals`; None where it is finer than that.

    Raises AmountRefused where `text` is no number, or one that no amount reaches.
    """
    whole, _, part = text.partition(".")
    digits = whole.removeprefix("-")
    if (digits + part).isascii() and digits.isdecimal() and len(digits) <= 15:  # the usual case
        if not part:
            return int(whole) * 10**decimals if "." not in text else _scaled_slowly(text, decimals)
        if part.isdecimal() and len(part) <= decimals:
            return int(whole + part.ljust(decimals, "0"))
    return _scaled_slowly(text, decimals)


def _scaled_slowly(text: str, decimals: int) -> int | None:
    exact = _decimal(text).scaleb(decimals)
    return int(exact) if exact == exact.to_integral_value() else None


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise AmountRefused(f"“{text[:40]}” is not an amount") from None
    if not value.is_finite() or abs(value) > _LARGEST:
        raise AmountRefused(f"“{text[:40]}” is not an amount")
    return value


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units (cents) of one currency."""

    minor: int
    currency: Currency

    @classmethod
    def parse(cls, number: str, currency: str) -> Money:
        """The amount written `number`, with a dot; raises AmountRefused where it has too many decimals."""
        minor = scaled(number, exponent(Currency(currency)))
        if minor is None:
            raise AmountRefused(f"“{number}” has more decimals than {currency} has")
        return cls(minor, Currency(currency))

    @classmethod
    def zero(cls, currency: Currency) -> Money:
        """Nothing, in `currency`."""
        return cls(0, currency)

    @property
    def number(self) -> str:
        """The amount with a dot and all its decimals, without the currency."""
        return str(Decimal(self.minor).scaleb(-exponent(self.currency)))

    def __str__(self) -> str:
        return f"{self.number} {self.currency}"

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.minor


def total(amounts: list[Money], currency: Currency) -> Money:
    """The sum of `amounts`, nothing where there are none."""
    return sum(amounts, Money.zero(currency))


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What one unit of an article costs, in 100,000ths of the currency's unit."""

    fine: int
    currency: Currency

    @classmethod
    def parse(cls, number: str, currency: str) -> UnitPrice:
        """The price written `number`, with a dot; raises AmountRefused beyond five decimals."""
        fine = scaled(number, 5)
        if fine is None:
            raise AmountRefused(f"“{number}” has more than five decimals")
        return cls(fine, Currency(currency))

    @classmethod
    def of(cls, amount: Money) -> UnitPrice:
        """The unit price that is this amount of money."""
        return cls(amount.minor * FINENESS // 10 ** exponent(amount.currency), amount.currency)

    @property
    def number(self) -> str:
        """The price with a dot, with at least the currency's decimals and no further zeros."""
        units, fine = divmod(abs(self.fine), FINENESS)
        decimals = f"{fine:05d}".rstrip("0").ljust(exponent(self.currency), "0")
        sign = "-" if self.fine < 0 else ""
        return f"{sign}{units}.{decimals}" if decimals else f"{sign}{units}"

    def __str__(self) -> str:
        return f"{self.number} {self.currency}"

    def times(self, thousandths: int) -> Money:
        """What a quantity of `thousandths` costs, rounded half up to whole minor units."""
        exact = self.fine * thousandths * 10 ** exponent(self.currency)
        whole = (2 * abs(exact) + FINENESS * 1000) // (2 * FINENESS * 1000)
        return Money(whole if exact >= 0 else -whole, self.currency)
