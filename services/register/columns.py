"""Text in the columns of a slip: each row exactly as wide as its paper."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row, exactly as wide as it says; `double` is twice as high and wide.

    code  what stands there as a QR code; then `text` is for people who cannot scan
    """

    text: str
    bold: bool = False
    double: bool = False
    code: str | None = None


def printable(text: str) -> str:
    """`text` without control characters, so that no name can command the printer."""
    return "".join(c if c.isprintable() else " " for c in text)


def banner(text: str, columns: int) -> list[Row]:
    """Words that nobody overlooks, in double height."""
    half = columns // 2
    return [Row(text[:half].center(half), bold=True, double=True), Row("")]


def placed(text: str, columns: int, align: str | None) -> str:
    """`text` at its side of the paper."""
    if align == "centre":
        return text.center(columns).rstrip()
    return text.rjust(columns) if align == "right" else text


def pair(left: str, right: str, columns: int) -> list[str]:
    """`left` wrapped beside `right`, whose amount stays on the first row."""
    room = max(8, columns - len(right) - 1)
    parts = textwrap.wrap(printable(left), room) or [""]
    first = parts[0].ljust(columns - len(right)) + right
    return [first, *(f"  {part}" for part in parts[1:])]


def paired(left: str, right: str, columns: int, *, bold: bool = False) -> list[Row]:
    """The same as rows."""
    return [Row(text, bold) for text in pair(left, right, columns)]
