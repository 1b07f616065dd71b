"""What is drawn on an article key, and where: picture, price and name, cut alike on every screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from services.register import keyboardfont
from services.register.keyboardgrid import Box, px

NAME: Final = 16.5
PRICE: Final = 16
"""Letter sizes at scale 1."""
ROUND: Final = 9
"""How round a photograph's corners are, at scale 1."""
_CAPITAL: Final = 0.697
"""How high a capital letter is, of the letter size."""
_TOGETHER: Final = re.compile(r"(?<=[\d×]) (?=\S{1,2}(?: |$))")
"""Between a number and its unit no line breaks."""
Measure = Callable[[str], float]


def wrapped(text: str, measure: Measure, width: float, most: int = 2) -> list[str]:
    """`text` in at most `most` rows; breaks at spaces and soft hyphens, then is cut with dots."""
    rows: list[str] = []
    row = ""
    text = _TOGETHER.sub("\u00a0", text)
    words = text.split(" ")
    for at, word in enumerate(words):
        longer = f"{row} {word}".strip()
        if measure(longer.replace("\u00ad", "")) <= width or not row:
            row = longer
            continue
        rows.append(row)
        row = word
        if len(rows) == most:
            rows[-1] = " ".join([rows[-1], *words[at:]])
            row = ""
            break
    if row:
        rows.append(row)
    if len(rows) == 1 and most > 1 and "\u00ad" in rows[0]:
        rows = _hyphened(rows[0], measure, width)
    return [cut(each.replace("\u00ad", ""), measure, width) for each in rows[:most]]


def _hyphened(word: str, measure: Measure, width: float) -> list[str]:
    if measure(word.replace("\u00ad", "")) <= width:
        return [word]
    head, _, tail = word.partition("\u00ad")
    return [f"{head}-", tail]


def cut(text: str, measure: Measure, width: float) -> str:
    """`text`, or as much of it as fits with dots behind."""
    if measure(text) <= width:
        return text
    short = text
    while short and measure(f"{short.rstrip()}…") > width:
        short = short[:-1]
    return f"{short.rstrip()}…"


@dataclass(frozen=True, slots=True)
class Face:
    """A key's parts, in pixels from its own corner.

    price, price_size   its rows, and their letters' size
    rows, baselines     the name's, from above; name_size is their letters'
    """

    picture: Box
    chip: Box
    price: tuple[str, ...]
    price_size: int
    rows: tuple[str, ...]
    baselines: tuple[int, ...]
    name_size: int
    margin: int


def face(name: str, price: str, width: int, height: int, u: float, text: float = 1.0) -> Face:
    """The face of a key of a size.

    u     the screen's scale
    text  how much larger letters are than drawn
    """
    side = px(46, u)
    price_size, name_size = (max(6, round(size * text * u)) for size in (PRICE, NAME))
    rows: tuple[str, ...] = (price,)
    high = px(23 * text, u)
    wide = keyboardfont.width(price, price_size, 700) + px(14, u)
    if wide + px(58, u) > width and "/" in price:
        amount, _, unit = price.partition("/")
        rows, high = (amount, f"/{unit}"), px(42 * text, u)  # amount and unit below each other
        wide = keyboardfont.width(amount, price_size, 700) + px(14, u)
    chip = Box(round(width - wide - px(9, u)), px(8, u), round(wide), high)
    margin, line = px(10, u), px(18.5, u)
    base = height - px(13, u)
    below = chip.top + chip.height
    most = 2 if base - line - _CAPITAL * name_size >= below else 1
    named = wrapped(
        name, lambda each: keyboardfont.width(each, name_size), width - 2 * margin, most
    )
    baselines = tuple(base - line * up for up in reversed(range(len(named))))
    picture = Box(px(11, u), px(11, u), side, side)
    return Face(picture, chip, rows, price_size, tuple(named), baselines, name_size, margin)
