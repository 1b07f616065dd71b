"""Receipt layouts: which blocks a slip has, in which order. Declarative; nothing in one can run."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.binding import attribute, children
from schemas.keys import LayoutKey


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a slip.

    kind   firm, text, head, lines, total, tenders, taxes, fiscal, code, rule, space
    text   for `text`: what is printed, as written; a `|` begins a new line
    align  left, centre or right; bold and double are the printer's
    """

    kind: str = attribute()
    text: str | None = attribute(default=None)
    align: str | None = attribute(default=None)
    bold: bool | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Layout:
    """A slip's layout in one version."""

    key: LayoutKey = attribute()
    version: int = attribute()
    columns: int = attribute()
    blocks: tuple[Block, ...] = children("block")
