"""Pictures of articles: a record of their own, so that a price or a name never carries one along."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from schemas.binding import attribute
from schemas.keys import ArticleKey, Digest

SIDE: Final = 256
"""Pixels of each side. Source: DESIGN.md, 3.2."""
LARGEST: Final = 48 * 1024
"""Bytes of the largest; what head office makes has a quarter of that."""


@dataclass(frozen=True, slots=True)
class Picture:
    """How an article looks on keys and in lists. Tills have it in a replica of its own.

    key   the article's number
    webp  the picture itself: square, `SIDE` pixels wide and high, nothing in it but what is seen
    """

    key: ArticleKey = attribute()
    webp: bytes = attribute()

    @property
    def digest(self) -> Digest:
        """What tells this picture from every other; its address at head office."""
        return digest(self.webp)


def digest(webp: bytes) -> Digest:
    """The digest over a picture's own bytes, whichever articles have it."""
    return Digest(hashlib.sha256(webp).hexdigest())
