"""Prices: what an article costs from a moment on, in the chain or in one branch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schemas.binding import attribute
from schemas.keys import ArticleKey, BranchKey
from schemas.money import UnitPrice
from schemas.period import utc


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit of an article costs from a moment on.

    The newest price that has begun holds; a price for one branch goes before the chain's.
    `sample` marks a price that a demonstration made up, because its data has none.
    """

    article: ArticleKey = attribute()
    begins: datetime = attribute("from")
    amount: UnitPrice = attribute()
    branch: BranchKey | None = attribute(default=None)
    sample: bool | None = attribute(default=None)

    @property
    def key(self) -> str:
        """Article, branch and beginning: no two prices share all three."""
        return f"{self.article}|{self.branch or ''}|{utc(self.begins).isoformat()}"
