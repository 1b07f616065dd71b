"""A page of keys as the till paints it: each key's box, face and tint, for SVG to draw."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas import tokens
from schemas.keyboard import Key, Keyboard, Tab
from services.evaluation.keyboards import Goods
from services.register import keyboardface, keyboardgrid
from services.register.keyboardface import Face
from services.register.keyboardgrid import Box, Room

ART = Path(__file__).parents[1] / "static" / "art"


@dataclass(frozen=True, slots=True)
class Spot:
    """A key's place, its size, and the key itself."""

    row: int
    column: int
    wide: int
    tall: int
    key: Key


@dataclass(frozen=True, slots=True)
class Painted:
    """A key in its box. `gone`: tills leave it out, for there is no such article.

    photo  the digest of the article's photograph: it goes before `picture`, which is an illustration
    """

    spot: Spot
    box: Box
    face: Face
    name: str
    colour: str
    picture: str | None
    badge: str
    gone: bool
    photo: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A free cell in its box."""

    row: int
    column: int
    box: Box


@dataclass(frozen=True, slots=True)
class Page:
    """A page of keys on a screen, and how many pages the tab becomes there."""

    room: Room
    keys: tuple[Painted, ...]
    free: tuple[Cell, ...]
    pages: int


def page(board: Keyboard, tab: Tab, room: Room, goods: Mapping[str, Goods], at: int = 0) -> Page:
    """A tab's keys in the room for them; on a narrow screen one of its pages."""
    spots = [Spot(k.row, k.column, k.wide or 1, k.tall or 1, k) for k in tab.keys]
    pages, columns = [tuple(spots)], board.columns
    if room.narrow and columns > keyboardgrid.NARROW:
        columns = keyboardgrid.NARROW
        pages = keyboardgrid.narrowed([s for s in spots if s.key.article in goods], board.rows)
    shown = pages[min(max(at, 0), len(pages) - 1)]
    gap, size = keyboardgrid.px(keyboardgrid.GAP, room.u), (room.width, room.height)

    def box(row: int, column: int, wide: int = 1, tall: int = 1) -> Box:
        return keyboardgrid.place(row, column, wide, tall, board.rows, columns, size, gap)

    keys = tuple(
        _painted(spot, box(spot.row, spot.column, spot.wide, spot.tall), room, goods)
        for spot in shown
    )
    taken = {cell for spot in shown for cell in keyboardgrid.cells(spot)}
    free = tuple(
        Cell(row, column, box(row, column))
        for row in range(board.rows)
        for column in range(columns)
        if (row, column) not in taken
    )
    return Page(room, keys, free, len(pages))


def _painted(spot: Spot, box: Box, room: Room, goods: Mapping[str, Goods]) -> Painted:
    key, known = spot.key, goods.get(spot.key.article)
    name = key.label or (known.name if known else key.article)
    price = known.price if known else "–"
    face = keyboardface.face(name, price, box.width, box.height, room.u)
    colour = key.colour or (known.colour if known else None) or ""
    picture = key.picture or (known.picture if known else None)
    return Painted(
        spot, box, face, name, colour if colour in tokens.group_colours("light") else "",
        picture if picture in pictures() else None, str(known.age) if known and known.age else "",
        known is None, known.photo if known else None,
    )  # fmt: skip


@functools.cache
def pictures() -> list[str]:
    """The pictures that tills have."""
    names = sorted(path.stem for path in ART.glob("*.svg"))
    return [name for name in names if not name.startswith("logo")]
