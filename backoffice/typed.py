"""Amounts and moments as people type them: what can be read in two ways is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

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


_AHEAD: Final = timedelta(days=3653)
"""How far ahead something may begin: ten years. Tills reckon with it in their own time zones."""


def local(text: str, zone: ZoneInfo) -> datetime | None:
    """The instant that a field for day and time holds, by a place's clock; None where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)


def ahead(text: str, zone: ZoneInfo) -> tuple[datetime | None, str | None]:
    """An instant to come; or why what was typed is none, as a word's name."""
    found, now = local(text, zone), datetime.now(UTC)
    if found is None:
        return None, "price.no-moment"
    if found > now + _AHEAD:
        return None, "price.too-far"
    return (found, None) if found > now else (None, "price.past")
