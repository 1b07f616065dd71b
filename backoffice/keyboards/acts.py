"""What can be done to a keyboard: put, carry, clear and size keys; add, move and remove tabs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from schemas.keyboard import Key, Keyboard, Tab
from schemas.keys import ArticleKey, KeyRefused, article_key
from services.register import keyboardgrid

MOST_TABS: Final = 40
_CELL: Final = r"(\d{1,2})-(\d{1,2})"
_PUT: Final = re.compile(rf"put-{_CELL}-(.{{1,40}})")
_CARRY: Final = re.compile(rf"carry-{_CELL}-(?:to-)?{_CELL}")
_CLEAR: Final = re.compile(rf"clear-{_CELL}")
_TAB: Final = re.compile(r"tab-(add|left|right|remove|\d{1,2})")


class ActRefused(ValueError):
    """This cannot be done; `said` names the sentence."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class At:
    """What is selected: a tab, and a cell of it."""

    tab: int = 0
    row: int = 0
    column: int = 0


def key_at(board: Keyboard, at: At) -> Key | None:
    """The key that covers the selected cell."""
    if not 0 <= at.tab < len(board.tabs):
        return None
    return next((key for key in board.tabs[at.tab].keys if covers(key, at.row, at.column)), None)


def covers(key: Key, row: int, column: int) -> bool:
    """Does a key lie on a cell?"""
    return (row, column) in span(key)


def span(key: Key) -> set[tuple[int, int]]:
    """The cells that a key covers."""
    return {
        (row, column)
        for row in range(key.row, key.row + (key.tall or 1))
        for column in range(key.column, key.column + (key.wide or 1))
    }


def done(board: Keyboard, act: str, at: At) -> tuple[Keyboard, At]:
    """The keyboard after an act, and what is selected then; raises ActRefused.

    act  `put-ROW-COLUMN-ARTICLE`, `carry-ROW-COLUMN-ROW-COLUMN` (swaps where there is one),
         `clear-ROW-COLUMN`, `tab-add`, `tab-left`, `tab-right`, `tab-remove`, `tab-NUMBER`
    """
    if said := _TAB.fullmatch(act):
        return _tabbed(board, said.group(1), at)
    if not board.tabs:
        return board, at
    if said := _PUT.fullmatch(act):
        row, column = int(said.group(1)), int(said.group(2))
        return put(board, At(at.tab, row, column), said.group(3)), At(at.tab, row, column)
    if said := _CARRY.fullmatch(act):
        row, column, to_row, to_column = map(int, said.groups())
        return _carried(board, at.tab, (row, column), (to_row, to_column))
    if said := _CLEAR.fullmatch(act):
        row, column = map(int, said.groups())
        keys = board.tabs[at.tab].keys
        return _with(board, at.tab, [k for k in keys if not covers(k, row, column)]), at
    return board, at


def put(board: Keyboard, at: At, article: str) -> Keyboard:
    """An article at a cell; the key that was there keeps its size, its place and nothing else."""
    try:
        number = article_key(article.strip())
    except KeyRefused as refused:
        raise ActRefused("keys.no-article") from refused
    old = key_at(board, at)
    if old is not None and old.article == number:
        return board
    fresh = Key(at.row, at.column, ArticleKey(number))
    if old is not None:
        fresh = replace(fresh, row=old.row, column=old.column, wide=old.wide, tall=old.tall)
    keys = [key for key in board.tabs[at.tab].keys if key is not old]
    return _checked(board, at.tab, keys, fresh)


def sized(board: Keyboard, at: At, changed: Key) -> Keyboard:
    """The selected key as it is said anew: its place and size among the rest."""
    old = key_at(board, at)
    keys = [key for key in board.tabs[at.tab].keys if key is not old]
    return _checked(board, at.tab, keys, changed)


def _checked(board: Keyboard, tab: int, others: list[Key], key: Key) -> Keyboard:
    inside = all(0 <= r < board.rows and 0 <= c < board.columns for r, c in span(key))
    if not inside:
        raise ActRefused("keys.outside")
    if any(span(key) & span(other) for other in others):
        raise ActRefused("keys.covers")
    return _with(board, tab, [*others, key])


def _carried(
    board: Keyboard, tab: int, cell: tuple[int, int], to: tuple[int, int]
) -> tuple[Keyboard, At]:
    """A key to another cell; one that is there comes here instead."""
    keys = board.tabs[tab].keys
    moving = next((key for key in keys if covers(key, *cell)), None)
    there = next((key for key in keys if covers(key, *to) and key is not moving), None)
    if moving is None:
        return board, At(tab, *cell)
    moved = replace(moving, row=to[0], column=to[1])
    rest = [key for key in keys if key is not moving and key is not there]
    if there is not None:
        moved = replace(moved, row=there.row, column=there.column)
        back = replace(there, row=moving.row, column=moving.column)
        board = _checked(board, tab, [*rest], back)
        rest.append(back)
    return _checked(board, tab, rest, moved), At(tab, moved.row, moved.column)


def _with(board: Keyboard, tab: int, keys: list[Key]) -> Keyboard:
    ordered = tuple(sorted(keys, key=lambda key: (key.row, key.column)))
    changed = replace(board.tabs[tab], keys=ordered)
    return replace(board, tabs=(*board.tabs[:tab], changed, *board.tabs[tab + 1 :]))


def _tabbed(board: Keyboard, verb: str, at: At) -> tuple[Keyboard, At]:
    tabs, here = list(board.tabs), at.tab
    if verb.isdecimal():
        return board, At(min(int(verb), max(0, len(tabs) - 1)))
    if verb == "add":
        if len(tabs) >= MOST_TABS:
            raise ActRefused("keys.many-tabs")
        tabs.append(Tab())
        return replace(board, tabs=tuple(tabs)), At(len(tabs) - 1)
    if not 0 <= here < len(tabs):
        return board, at
    if verb == "remove":
        del tabs[here]
        return replace(board, tabs=tuple(tabs)), At(max(0, here - 1))
    to = min(max(here + (1 if verb == "right" else -1), 0), len(tabs) - 1)
    tabs.insert(to, tabs.pop(here))
    return replace(board, tabs=tuple(tabs)), At(to)


def gridded(board: Keyboard, rows: int, columns: int) -> Keyboard:
    """The keyboard with another grid; raises ActRefused where a key would lie beyond it."""
    if not (1 <= rows <= 12 and 1 <= columns <= 12):
        raise ActRefused("keys.no-grid")
    for tab in board.tabs:
        if any(r >= rows or c >= columns for key in tab.keys for r, c in span(key)):
            raise ActRefused("keys.grid-small")
    return replace(board, rows=rows, columns=columns)


SCREENS: Final = ((1366, 768), (1024, 768), (1920, 1080), (768, 1366))
"""Screens that the preview knows. Source: DESIGN.md, section 4."""


def screen(text: str) -> tuple[int, int]:
    """The screen that a text like `1024x768` names; else the usual one."""
    return next((each for each in SCREENS if f"{each[0]}x{each[1]}" == text), SCREENS[0])


def room(text: str) -> keyboardgrid.Room:
    """The room for keys on a screen."""
    return keyboardgrid.Room.on(*screen(text))
