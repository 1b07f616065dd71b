"""Where the till's article keys lie: the room for them on each screen, and each key's place in it.

The till's window and the editor's preview both ask here, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, Self, TypeVar

WIDTH: Final = 1366
HEIGHT: Final = 768
WIDE: Final = "wide"
SMALL: Final = "small"
TALL: Final = "tall"
_SIZES: Final = {WIDE: (WIDTH, HEIGHT), SMALL: (1024, 768), TALL: (768, 1366)}
PARTS: Final = {
    WIDE: {"slip": 432, "pad": 280, "pay": 280, "gap": 16, "paper": 376},
    SMALL: {"slip": 348, "pad": 240, "pay": 240, "gap": 12, "paper": 236},
    TALL: {"slip": 736, "pad": 280, "pay": 280, "gap": 16, "paper": 440},
}
"""Widths of the parts in each form. Source: DESIGN.md, section 4."""
_ABOVE: Final = (5, 48, 13, 52, 10, 48, 10)
"""Edge, status bar, gap, search, gap, tabs, gap."""
_BELOW: Final = {WIDE: (12, 116), SMALL: (12, 116), TALL: (12, 206)}
"""Gap and counter."""
_SLIP_ABOVE: Final = 500
"""In the tall form the slip lies above, so high."""
GAP: Final = 10
"""Between two keys."""
NARROW: Final = 3
"""Columns of keys where there is less room. Source: DESIGN.md, section 4."""


def form_for(width: int, height: int) -> str:
    """How the parts are laid out in a window: side by side, closer, or above each other."""
    if width < height:
        return TALL
    return SMALL if width / height < 1.5 else WIDE


def scale_for(width: int, height: int) -> float:
    """The scale at which the till's face fills a window. Source: DESIGN.md, section 4."""
    wide, high = _SIZES[form_for(width, height)]
    return min(2.2, max(0.6, min(width / wide, height / high)))


def px(length: float, u: float) -> int:
    """A length of the design in pixels of the screen, at a scale."""
    return max(1, round(length * u))


@dataclass(frozen=True, slots=True)
class Room:
    """The room for the keys of a page on one screen, in its pixels.

    narrow  are keys put into three columns?
    """

    width: int
    height: int
    u: float
    narrow: bool

    @classmethod
    def on(cls, width: int, height: int) -> Self:
        """On a screen of this size, in the usual state: no sentence in the edge."""
        form, u = form_for(width, height), scale_for(width, height)
        part = {name: px(length, u) for name, length in PARTS[form].items()}
        beside = part["pad"] + 3 * part["gap"] if form == TALL else (
            part["slip"] + part["pad"] + 4 * part["gap"]
        )  # fmt: skip
        others = [px(each, u) for each in (*_ABOVE, *_BELOW[form])]
        if form == TALL:
            others += [px(_SLIP_ABOVE, u), part["gap"]]
        return cls(width - beside, height - sum(others), u, form != WIDE)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: int
    top: int
    width: int
    height: int


def place(
    row: int, column: int, wide: int, tall: int, rows: int, columns: int, size: tuple[int, int],
    gap: int,
) -> Box:  # fmt: skip
    """Where a key lies in a grid that fills `size`, so many cells wide and tall.

    A key that would reach beyond the grid ends at its border.
    """
    columns, rows = max(1, columns), max(1, rows)
    cell_wide = (size[0] - gap * (columns - 1)) / columns
    cell_high = (size[1] - gap * (rows - 1)) / rows
    wide, tall = max(1, min(wide, columns - column)), max(1, min(tall, rows - row))
    left, top = column * (cell_wide + gap), row * (cell_high + gap)
    right = left + wide * cell_wide + (wide - 1) * gap
    bottom = top + tall * cell_high + (tall - 1) * gap
    return Box(round(left), round(top), round(right) - round(left), round(bottom) - round(top))


class Spot(Protocol):
    """A key's place in its grid."""

    @property
    def row(self) -> int:
        """From 0."""

    @property
    def column(self) -> int:
        """From 0."""

    @property
    def wide(self) -> int:
        """Cells beside each other."""

    @property
    def tall(self) -> int:
        """Cells below each other."""


S = TypeVar("S", bound=Spot)


def cells(key: Spot) -> set[tuple[int, int]]:
    """The cells that a key covers, by row and column."""
    return {
        (row, column)
        for row in range(key.row, key.row + key.tall)
        for column in range(key.column, key.column + key.wide)
    }


def narrowed(keys: Iterable[S], rows: int) -> list[tuple[S, ...]]:
    """Keys in three columns, page by page, as near to their order as their sizes allow.

    Each is put into the first cells that are free for it, so none hides another.
    """
    pages: list[list[S]] = []
    taken: list[set[tuple[int, int]]] = []
    for key in sorted(keys, key=lambda each: (each.row, each.column)):
        slim: Any = replace(key, wide=min(key.wide, NARROW), tall=min(key.tall, rows))  # type: ignore[type-var]
        for page in range(len(pages) + 1):
            if page == len(pages):
                pages.append([])
                taken.append(set())
            found = _free(slim, taken[page], rows)
            if found is not None:
                pages[page].append(found)
                taken[page] |= cells(found)
                break
    return [tuple(page) for page in pages] or [()]


def _free(key: Any, taken: set[tuple[int, int]], rows: int) -> Any:
    for row in range(rows - key.tall + 1):
        for column in range(NARROW - key.wide + 1):
            moved = replace(key, row=row, column=column)
            if not cells(moved) & taken:
                return moved
    return None


def overlapping(keys: Sequence[S]) -> list[S]:
    """The keys that lie on a cell of one before them."""
    taken: set[tuple[int, int]] = set()
    found = []
    for key in keys:
        if cells(key) & taken:
            found.append(key)
        taken |= cells(key)
    return found
