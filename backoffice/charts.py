"""Charts: where each mark of an SVG goes. Templates only draw what stands here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 800.0
WIDE: Final = 1120.0
"""How wide a chart is drawn: beside something, or alone."""
_LEFT: Final = 64.0
_TOP: Final = 14.0
_BASE: Final = 178.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn: its label, what it came to, what it was compared with; `state` now or done."""

    label: str
    now: int
    before: int | None
    state: str = "done"
    href: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A mark with its place in the picture."""

    mark: Mark
    x: float
    y: float
    width: float
    height: float
    before: float | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A line of the grid, and what it stands for."""

    at: float
    value: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart's picture."""

    width: float
    height: float
    base: float
    bars: tuple[Bar, ...]
    grid: tuple[Grid, ...]


def step(most: int) -> int:
    """The distance of grid lines: 1, 2 or 5 with zeros, so that at most five reach `most`."""
    size = 100
    while True:
        for times in (1, 2, 5):
            if size * times * 4 >= most:
                return size * times
        size *= 10


def _scale(marks: Sequence[Mark]) -> tuple[int, int]:
    most = max((max(mark.now, mark.before or 0) for mark in marks), default=0)
    each = step(max(most, 1))
    return each, each * max(1, -(-most // each))


def columns(marks: Sequence[Mark], width: float = WIDTH) -> Chart:
    """Upright bars in order, each with a tick for what it is compared with."""
    each, most = _scale(marks)
    room = (width - _LEFT - 8) / max(1, len(marks))
    thick = min(40.0, room * 0.62)

    def y(value: int) -> float:
        return round(_BASE - (_BASE - _TOP) * max(0, value) / most, 1)

    bars = tuple(
        Bar(
            mark,
            round(_LEFT + room * n + (room - thick) / 2, 1),
            y(mark.now),
            round(thick, 1),
            round(_BASE - y(mark.now), 1),
            None if mark.before is None else y(mark.before),
        )
        for n, mark in enumerate(marks)
    )
    grid = tuple(Grid(y(value), value) for value in range(0, most + 1, each))
    return Chart(width, 206.0, _BASE, bars, grid)


def rows(marks: Sequence[Mark], left: float = 230.0) -> Chart:
    """Lying bars, one below the other, each with a tick for what it is compared with."""
    each, most = _scale(marks)
    room = WIDE - left - 110

    def x(value: int) -> float:
        return round(left + room * max(0, value) / most, 1)

    bars = tuple(
        Bar(
            mark,
            left,
            9.0 + 36 * n,
            round(x(mark.now) - left, 1),
            24.0,
            None if mark.before is None else x(mark.before),
        )
        for n, mark in enumerate(marks)
    )
    base = 36.0 * len(marks) + 4
    grid = tuple(Grid(x(value), value) for value in range(0, most + 1, each))
    return Chart(WIDE, base + 20, base, bars, grid)
