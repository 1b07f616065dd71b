"""Labels of scales: codes that carry an article with its weight, count or price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from schemas.coderule import CodeRule
from schemas.keys import Barcode
from schemas.money import Currency, Money
from schemas.quantity import ONE, Quantity

_WEIGHTS: Final[dict[int, tuple[str, ...]]] = {
    4: ("2-", "2-", "3", "5-"),
    5: ("5+", "2-", "5-", "5+", "2-"),
}
"""How each digit of a value counts towards its check digit. Source: GS1 General Specifications,
section 7.9, price or weight check digits of four and five digits."""
_TABLES: Final = {
    "2-": (0, 2, 4, 6, 8, 9, 1, 3, 5, 7),
    "3": (0, 3, 6, 9, 2, 5, 8, 1, 4, 7),
    "5+": (0, 5, 1, 6, 2, 7, 3, 8, 4, 9),
    "5-": (0, 5, 9, 4, 8, 3, 7, 2, 6, 1),
}


class LabelRefused(ValueError):
    """The code belongs to a rule, and a check digit is wrong: it was not read well."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says: the article's code, and one of weight, count and price."""

    article: Barcode
    quantity: Quantity | None = None
    price: Money | None = None


def read(code: str, rules: Iterable[CodeRule], currency: Currency) -> Label | None:
    """What `code` says by the first rule that fits it; None where none does.

    Raises LabelRefused where a check digit is wrong.
    """
    for rule in rules:
        parts = _parts(rule.digits, code)
        if parts is not None:
            _check(code, parts)
            return _label(rule, parts, currency)
    return None


def _parts(digits: str, code: str) -> dict[str, str] | None:
    if len(digits) != len(code) or not code.isascii() or not code.isdigit():
        return None
    parts: dict[str, str] = {}
    for sign, digit in zip(digits, code, strict=True):
        if sign.isdigit():
            if sign != digit:
                return None
        else:
            parts[sign] = parts.get(sign, "") + digit
    return parts


def _check(code: str, parts: dict[str, str]) -> None:
    if "c" in parts and gs1_digit(code[:-1]) != int(code[-1]):
        raise LabelRefused("The code was not read well. Scan it again.")
    if "p" in parts and value_digit(parts["v"]) != int(parts["p"]):
        raise LabelRefused("The label's value was not read well. Scan it again.")


def gs1_digit(digits: str) -> int:
    """The check digit over `digits`. Source: GS1 General Specifications, section 7.9.1."""
    summed = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(reversed(digits)))
    return -summed % 10


def value_digit(value: str) -> int | None:
    """The check digit over a value of four or five digits; None for other lengths."""
    factors = _WEIGHTS.get(len(value))
    if factors is None:
        return None
    summed = sum(_TABLES[factor][int(digit)] for factor, digit in zip(factors, value, strict=True))
    if len(value) == 5:
        return _TABLES["5-"].index(-summed % 10)
    return summed * 3 % 10


def _label(rule: CodeRule, parts: dict[str, str], currency: Currency) -> Label:
    article, value = Barcode(parts.get("a", "")), int(parts.get("v", "0"))
    if rule.value == "price":
        return Label(article, price=Money(value, currency))
    if rule.value == "count":
        return Label(article, ONE * value)
    return Label(article, Quantity(value * 10 ** (3 - rule.decimals), "kg"))
