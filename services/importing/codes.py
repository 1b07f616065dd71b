"""Barcodes as people's files have them: what is taken, what is refused, and why."""

from __future__ import annotations

import re
from typing import Final

from schemas.article import Code
from schemas.keys import KeyRefused, barcode
from services.importing.refusal import ImportRefused

_MANGLED: Final = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_PACKED: Final = re.compile(r"(.+?)\s*[*x×]\s*(\d{1,5})")
GTIN_LENGTHS: Final = (8, 12, 13, 14)
_SHORTEST_GTIN_LIKE: Final = 7
"""Digits from which a code of digits only must be a GTIN; shorter ones are a shop's own."""


class CodeRefused(ImportRefused):
    """A code that cannot be taken."""


def check_digit_fits(digits: str) -> bool:
    """Is the last digit the GS1 check digit? Source: GS1 General Specifications, 7.9."""
    weighted = sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(reversed(digits)))
    return weighted % 10 == 0


def code(text: str) -> Code:
    """One code, possibly with a pack size as in `4001234567890*6`. Raises CodeRefused."""
    packed = _PACKED.fullmatch(text)
    value, pack = (packed.group(1).strip(), int(packed.group(2))) if packed else (text, 1)
    if _MANGLED.fullmatch(value):
        raise CodeRefused("mangled", typed=value)
    if pack < 1:
        raise CodeRefused("without-pack", typed=text)
    if value.isascii() and value.isdigit() and len(value) >= _SHORTEST_GTIN_LIKE:
        if len(value) not in GTIN_LENGTHS:
            raise CodeRefused("digits", typed=value, count=len(value))
        if not check_digit_fits(value):
            raise CodeRefused("check-digit", typed=value)
    try:
        return Code(barcode(value), pack)
    except KeyRefused as error:
        raise CodeRefused("barcode", typed=value[:60]) from error


def codes(text: str) -> tuple[Code, ...]:
    """All codes of a field, separated by `;`, `|` or line breaks. Raises CodeRefused."""
    parts = [part.strip() for part in re.split(r"[;|\n]", text) if part.strip()]
    found = {each.value: each for each in map(code, parts)}
    return tuple(found.values())
