"""Amounts as people type them: what can be read in two ways is refused."""

from __future__ import annotations

import re
from typing import Final

_AMBIGUOUS: Final = re.compile(r"\d{1,3}(?:[.]\d{3})+|\d{1,3}(?:,\d{3})+")


def plain(typed: str, language: str) -> tuple[str, str | None]:
    """`16,49` and `16.49` are 16.49; `1.234` could be two things. Or why not, as a word's name."""
    text = typed.replace("\N{NO-BREAK SPACE}", "").replace(" ", "").rstrip("€£$")
    if not re.fullmatch(r"[\d.,]+", text):
        return "", "price.not-a-price"
    point = "." if language == "en" else ","
    if _AMBIGUOUS.fullmatch(text) and point not in text:
        return "", "price.ambiguous"
    mark = "," if point == "." else "."
    number = text.replace(mark, "") if point in text and mark in text else text
    return number.replace(",", "."), None
