"""What can be done to a layout's blocks: add, copy, remove, move."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from backoffice.layouts.forms import KINDS
from schemas.layout import Block, Layout

_ACT: Final = re.compile(
    r"(add|select|copy|remove|up|down|move|to)-([a-z0-9]{1,10})(?:-(\d{1,3}))?"
)
_MOST: Final = 100


def done(layout: Layout, act: str, selected: int) -> tuple[Layout, int]:
    """The layout after an act, and which block is selected then. What cannot be done changes nothing.

    act  `whole` for the layout's own widths, `add-text`, `select-3`, `copy-3`, `remove-3`, `up-3`, `down-3`, or `move-3-0`: to the first place
    """
    if act == "whole":
        return layout, -1
    said = _ACT.fullmatch(act)
    if said is None:
        return layout, selected
    verb, what, where = said.groups()
    blocks = list(layout.blocks)
    if verb == "add":
        if what not in KINDS or len(blocks) >= _MOST:
            return layout, selected
        at = min(max(selected + 1, 0), len(blocks))
        blocks.insert(at, Block(what))
        return replace(layout, blocks=tuple(blocks)), at
    if not what.isdecimal() or int(what) >= len(blocks):
        return layout, selected
    at = int(what)
    if verb == "select":
        return layout, at
    if verb == "copy" and len(blocks) < _MOST:
        blocks.insert(at + 1, blocks[at])
        return replace(layout, blocks=tuple(blocks)), at + 1
    if verb == "remove" and len(blocks) > 1:
        del blocks[at]
        return replace(layout, blocks=tuple(blocks)), min(at, len(blocks) - 1)
    to = {"up": at - 1, "down": at + 1, "move": int(where or at)}.get(verb, at)
    to = min(max(to, 0), len(blocks) - 1)
    blocks.insert(to, blocks.pop(at))
    return replace(layout, blocks=tuple(blocks)), to
