"""Receipt layouts: which blocks a slip has, in which order, and when. Nothing in one can run.

A condition is a list of plain facts about the receipt, not an expression: reading one takes the same
short time whatever somebody wrote into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from schemas.binding import attribute, child, children
from schemas.keys import LayoutKey
from schemas.money import Money


@dataclass(frozen=True, slots=True)
class When:
    """When a block is printed: all that is said here must hold; what is not said does not matter.

    customer       is the customer known?
    kinds          sale, return, void
    tenders        kinds of tender, of which one was used
    least, below   the total is at least so much, or less than so much
    saved          was something taken off by promotions or discounts?
    training, copy, gift  is it practice, a reprint, a slip without prices?
    days           days of the week of the sale, 1 is Monday
    begins, ends   the first and the last day of the sale
    languages      the slip's language
    otherwise      turns it round: printed when not all of it holds
    """

    customer: bool | None = attribute(default=None)
    kinds: tuple[str, ...] = attribute(default=())
    tenders: tuple[str, ...] = attribute(default=())
    least: Money | None = attribute(default=None)
    below: Money | None = attribute(default=None)
    saved: bool | None = attribute(default=None)
    training: bool | None = attribute(default=None)
    copy: bool | None = attribute(default=None)
    gift: bool | None = attribute(default=None)
    days: tuple[str, ...] = attribute(default=())
    begins: date | None = attribute("from", default=None)
    ends: date | None = attribute("until", default=None)
    languages: tuple[str, ...] = attribute(default=())
    otherwise: bool | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a slip.

    kind        firm, text, head, lines, total, tenders, taxes, fiscal, code, customer, mandate, rule, space
    text        for `text`: what is printed, as written; a `|` begins a new line
    de, en, es  for `text`: the same for slips of one language, before `text`
    align       left, centre or right; bold is the printer's
    """

    kind: str = attribute()
    text: str | None = attribute(default=None)
    align: str | None = attribute(default=None)
    bold: bool | None = attribute(default=None)
    de: str | None = attribute(default=None)
    en: str | None = attribute(default=None)
    es: str | None = attribute(default=None)
    when: When | None = child(default=None)

    def said(self, language: str) -> str:
        """The block's text in a language."""
        return getattr(self, language, None) or self.text or ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A slip's layout in one version; the newest that has begun holds, by the till's own clock.

    columns  on paper of 80 mm
    narrow   on paper of 58 mm
    begins   from then on; without it, from ever
    """

    layout: LayoutKey = attribute("key")
    version: int = attribute()
    columns: int = attribute()
    blocks: tuple[Block, ...] = children("block")
    narrow: int = attribute(default=32)
    begins: datetime | None = attribute("from", default=None)

    @property
    def key(self) -> str:
        """The record's key: versions that begin at different times lie beside each other."""
        if self.begins is None:
            return self.layout
        return f"{self.layout}|{self.begins.astimezone(UTC).isoformat(timespec='seconds')}"

    def width(self, millimetres: int) -> int:
        """How many columns a slip has on paper of so many millimetres."""
        return self.narrow if millimetres == 58 else self.columns
