"""Charts: where each mark of an SVG goes. Templates only draw what stands here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from backoffice.shown import Shown

WIDTH: Final = 800.0
WIDE: Final = 1120.0
NARROW: Final = 340.0
"""How wide a chart is drawn: beside something, alone, or on a telephone."""
_LETTER: Final = 7.5
"""How wide a letter of a label is, about."""
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
    """A mark with its place in the picture. `label`: empty where there is no room for it."""

    mark: Mark
    label: str
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
    """A chart's picture. `left`: where its bars begin; before them stand numbers or names."""

    width: float
    left: float
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


def _labels(marks: Sequence[Mark], room: float) -> list[str]:
    """The labels that find room below bars `room` apart; that of the running one always does."""
    longest = max((len(mark.label) for mark in marks), default=0)
    every = max(1, -int(-(longest * _LETTER + 5) // room))
    now = [n for n, mark in enumerate(marks) if mark.state == "now"]
    return [
        mark.label
        if mark.state == "now" or (n % every == 0 and all(abs(n - m) >= every for m in now))
        else ""
        for n, mark in enumerate(marks)
    ]


def columns(marks: Sequence[Mark], width: float = WIDTH) -> Chart:
    """Upright bars in order, each with a tick for what it is compared with."""
    each, most = _scale(marks)
    left = 44.0 if width == NARROW else 64.0
    room = (width - left - 8) / max(1, len(marks))
    thick = min(40.0, room * 0.62)

    def y(value: int) -> float:
        return round(_BASE - (_BASE - _TOP) * max(0, value) / most, 1)

    bars = tuple(
        Bar(
            mark,
            label,
            round(left + room * n + (room - thick) / 2, 1),
            y(mark.now),
            round(thick, 1),
            round(_BASE - y(mark.now), 1),
            None if mark.before is None else y(mark.before),
        )
        for n, (mark, label) in enumerate(zip(marks, _labels(marks, room), strict=True))
    )
    grid = tuple(Grid(y(value), value) for value in range(0, most + 1, each))
    return Chart(width, left, 206.0, _BASE, bars, grid)


def rows(marks: Sequence[Mark], width: float = WIDE) -> Chart:
    """Lying bars, one below the other, each with a tick for what it is compared with.

    The name stands before the bar and the value at the right edge, in a column of its own, so that
    it is never read as the tick's; on a telephone both stand above the bar.
    """
    each, most = _scale(marks)
    narrow = width == NARROW
    left, right = (4.0, 8.0) if narrow else (230.0, 120.0)
    top, apart, thick = (23.0, 48.0, 16.0) if narrow else (9.0, 36.0, 24.0)
    room = width - left - right

    def x(value: int) -> float:
        return round(left + room * max(0, value) / most, 1)

    bars = tuple(
        Bar(
            mark,
            mark.label,
            left,
            top + apart * n,
            round(x(mark.now) - left, 1),
            thick,
            None if mark.before is None else x(mark.before),
        )
        for n, mark in enumerate(marks)
    )
    base = apart * len(marks) + 4
    grid = tuple(Grid(x(value), value) for value in range(0, most + 1, each))
    return Chart(width, left, base + 20, base, bars, grid)


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when something holds, in a calendar. `open_`: its end lies beyond, or nowhere."""

    key: str
    label: str
    x: float
    width: float
    y: float
    open_: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weeks as columns of days, and a row for each thing that holds in them."""

    width: float
    height: float
    days: tuple[tuple[float, str, bool], ...]
    """Where a day begins, its label (empty but on Mondays), and whether it is today."""
    day: float
    spans: tuple[Span, ...]


def calendar(
    things: Sequence[tuple[str, str, datetime, datetime | None]],
    first: date,
    days: int,
    shown: Shown,
) -> Calendar:
    """Things with key, name, beginning and end, over some days from `first` on, by the place's clock."""
    width = WIDE / days
    start = datetime.combine(first, time(), shown.zone)
    last = start + timedelta(days=days)
    spans: list[Span] = []
    for key, name, begins, ends in things:
        if begins >= last or (ends is not None and ends <= start):
            continue
        left = max(0.0, (begins - start) / timedelta(days=1)) * width
        right = min(float(days), ((ends or last) - start) / timedelta(days=1)) * width
        spans.append(Span(key, name, left, max(6.0, right - left), 26.0 + 28 * len(spans),
                          ends is None or ends > last))  # fmt: skip
    today = shown.local(shown.now).date()
    columns = tuple(
        (n * width, shown.short(day) if day.weekday() == 0 else "", day == today)
        for n in range(days)
        for day in [first + timedelta(days=n)]
    )
    return Calendar(WIDE, 34.0 + 28 * len(spans), columns, width, tuple(spans))


@dataclass(frozen=True, slots=True)
class Stair:
    """A price over time as a line that steps: what was, and dashed what is to come.

    marks  where each step begins, with its label and whether it is still to come
    """

    width: float
    height: float
    past: str
    coming: str
    now: float
    marks: tuple[tuple[float, float, str, bool], ...]


def stair(
    steps: Sequence[tuple[datetime, int, str]], first: datetime, last: datetime, now: datetime
) -> Stair | None:
    """Steps with beginning, height and label, in order of time; None where there are not two."""
    inside = [each for each in steps if each[0] < last]
    begun = [each for each in inside if each[0] <= first][-1:]
    shown = [(max(first, at), height, label) for at, height, label in
             [*begun, *(each for each in inside if each[0] > first)]]  # fmt: skip
    if len(shown) < 2:
        return None
    width, height = WIDTH, 150.0
    low, high = (pick(each[1] for each in shown) for pick in (min, max))
    span = max(1, high - low)

    def x(at: datetime) -> float:
        return round(8 + (width - 80) * ((at - first) / (last - first)), 1)

    def y(value: int) -> float:
        return round(118 - 84 * (value - low) / span, 1)

    ends = [*(each[0] for each in shown[1:]), last]
    past: list[str] = []
    coming: list[str] = []
    marks: list[tuple[float, float, str, bool]] = []
    before: float | None = None
    for (at, value, label), end in zip(shown, ends, strict=True):
        piece = f"M{x(at)} {y(value)}" if before is None else f"V{y(value)}"
        piece += f"H{x(end)}"
        if at > now and not coming and before is not None:
            piece = f"M{x(at)} {before}V{y(value)}H{x(end)}"
        (coming if at > now else past).append(piece)
        before = y(value)
        marks.append((x(at), y(value), label, at > now))
    return Stair(
        width, height, "".join(past), "".join(coming), x(min(max(now, first), last)), tuple(marks)
    )
