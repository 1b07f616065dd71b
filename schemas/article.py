"""Articles and their groups: what can be sold, under which codes, in which unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from schemas.binding import attribute, children
from schemas.keys import ArticleKey, Barcode, BranchKey, GroupKey, ModelKey, TaxClass
from schemas.money import Money
from schemas.quantity import Quantity

MOST_TAGS: Final = 20
"""Tags of one article."""
_TAG: Final = re.compile(r"[^\W_][\w.+&%/\-]{0,39}")


class TagRefused(ValueError):
    """These are no tags; the message is fit to show, and `tag` is what was written."""

    def __init__(self, tag: str, why: str = "is not a tag: a word of at most 40 letters") -> None:
        self.tag = tag[:60]
        super().__init__(f"“{self.tag}” {why}")


def tag(text: str) -> str:
    """`text` as a tag: one short word in small letters; blanks inside it become hyphens.

    Raises TagRefused.
    """
    found = "-".join(unicodedata.normalize("NFC", text).lower().split())
    if not _TAG.fullmatch(found):
        raise TagRefused(text)
    return found


def tags(words: Iterable[str]) -> tuple[str, ...]:
    """Words as an article's tags: each once, in order. Raises TagRefused; also where they are too many."""
    found = tuple(sorted({tag(word) for word in words if word.strip()}))
    if len(found) > MOST_TAGS:
        raise TagRefused(" ".join(found), f"and so on are {len(found)} tags; at most {MOST_TAGS}")
    return found


@dataclass(frozen=True, slots=True)
class Code:
    """One barcode of an article, and how many pieces a scan of it sells."""

    value: Barcode = attribute()
    pack: int = attribute(default=1)


@dataclass(frozen=True, slots=True)
class Part:
    """What a set holds: so much of an article, for one set."""

    article: ArticleKey = attribute()
    quantity: Quantity = attribute()


@dataclass(frozen=True, slots=True)
class Option:
    """What a variant has on one axis of its model: `M`, on the axis of sizes."""

    value: str = attribute()


@dataclass(frozen=True, slots=True)
class Article:
    """Something that can be sold. What it costs is a Price, so that a price change is small.

    deposit  what is charged and given back for one piece's container, at the article's own tax
    age      how old a customer must be, in years
    fixed    takes part in no discount and no promotion: books, tobacco, deposits
    asks     what a sale of it must be told: a price, a weight, a serial number, or an answer to
             `question`; several may be asked
    voucher  `single` where its tax is known and due when it is sold, `multi` where it is due when
             it is redeemed
    least, most  the limits of a price that a cashier may give it
    size     what one piece holds, for its price per kilogram or litre
    branches  where it is sold; empty: everywhere
    tags     short words that it is found and filtered by, in order (see `tags`)
    parts    what it is put together of, where it is a set: its price is shared over them
    model, options  the model that it is a variant of, and its value on each axis, in their order
    """

    key: ArticleKey = attribute()
    de: str | None = attribute(default=None)
    en: str | None = attribute(default=None)
    es: str | None = attribute(default=None)
    group: GroupKey | None = attribute(default=None)
    unit: str = attribute(default="pcs")
    tax: TaxClass = attribute(default=TaxClass("A"))
    deposit: Money | None = attribute(default=None)
    age: int | None = attribute(default=None)
    fixed: bool | None = attribute(default=None)
    asks: tuple[str, ...] = attribute(default=())
    question: str | None = attribute(default=None)
    voucher: str | None = attribute(default=None)
    least: Money | None = attribute(default=None)
    most: Money | None = attribute(default=None)
    size: Quantity | None = attribute(default=None)
    branches: tuple[BranchKey, ...] = attribute(default=())
    tags: tuple[str, ...] = attribute(default=())
    model: ModelKey | None = attribute(default=None)
    codes: tuple[Code, ...] = children("code")
    parts: tuple[Part, ...] = children("part")
    options: tuple[Option, ...] = children("option")

    def listed(self, branch: BranchKey) -> bool:
        """Is it sold in a branch?"""
        return not self.branches or branch in self.branches

    def name(self, language: str) -> str:
        """The name in `language`, else in any language, else the article's number."""
        return getattr(self, language, None) or self.de or self.en or self.es or self.key


@dataclass(frozen=True, slots=True)
class Group:
    """A group of articles; groups form a tree. `colour` names a tint of the design."""

    key: GroupKey = attribute()
    de: str | None = attribute(default=None)
    en: str | None = attribute(default=None)
    es: str | None = attribute(default=None)
    parent: GroupKey | None = attribute(default=None)
    colour: str | None = attribute(default=None)
    picture: str | None = attribute(default=None)

    def name(self, language: str) -> str:
        """The name in `language`, else in any language, else the key."""
        return getattr(self, language, None) or self.de or self.en or self.es or self.key
