"""Text in the columns of a slip: each row at most as wide as its paper."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_LEAST: Final = 8
"""Columns that a name keeps beside its amount; an amount that leaves less goes below it."""


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
    """Words that nobody overlooks, in double height; more than one row where they are long."""
    half = columns // 2
    parts = textwrap.wrap(printable(text), half) or [""]
    return [*(Row(part.center(half), bold=True, double=True) for part in parts), Row("")]


def placed(text: str, columns: int, align: str | None) -> str:
    """`text` at its side of the paper."""
    if align == "centre":
        return text.center(columns).rstrip()
    return text.rjust(columns) if align == "right" else text


def pair(left: str, right: str, columns: int) -> list[str]:
    """`left` wrapped beside `right`, whose amount stays on the first row.

    Where the amount leaves no room for a name, it stands below it.
    """
    left, right = printable(left), right[:columns]
    room = columns - len(right) - 1
    indent = left[: len(left) - len(left.lstrip())]
    if room < min(_LEAST, len(left)):
        parts = textwrap.wrap(left, columns, initial_indent=indent) or [""]
        return [*parts, right.rjust(columns)]
    parts = textwrap.wrap(left, room) or [""]
    first = parts[0].ljust(columns - len(right)) + right
    return [first, *(f"  {part}" for part in _again(parts[1:], columns))]


def _again(parts: Sequence[str], columns: int) -> list[str]:
    """The rest of a name over the whole width, but for its indent."""
    return textwrap.wrap(" ".join(parts), columns - 2) if parts else []


def paired(left: str, right: str, columns: int, *, bold: bool = False) -> list[Row]:
    """The same as rows."""
    return [Row(text, bold) for text in pair(left, right, columns)]


def table(cells: Sequence[Sequence[str]], columns: int, most: int) -> list[str] | None:
    """Cells in columns, the first at the left, the others at the right, each `most` wide or less.

    None where the paper is too narrow for them.
    """
    wide = [max(len(row[n]) for row in cells) for n in range(len(cells[0]))]
    needed = sum(wide) + len(wide) - 1
    if needed > columns:
        return None
    spare = (columns - needed) // max(1, len(wide) - 1)
    others = [min(most, each + spare) for each in wide[1:]]
    others = [max(each, least) for each, least in zip(others, wide[1:], strict=True)]
    first = columns - sum(others) - len(others)
    return [
        row[0].ljust(first)
        + "".join(" " + cell.rjust(width) for cell, width in zip(row[1:], others, strict=True))
        for row in cells
    ]
