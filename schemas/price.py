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

    Of the prices without an end, the newest that has begun holds; a price for one branch goes
    before one for a price list, and that before the chain's. A price with an end is special: while
    it lasts it goes before all of these, and then they hold again. A price for a group of
    customers holds for them where it is lower.
    `sample` marks a price that a demonstration made up, because its data has none.
    """

    article: ArticleKey = attribute()
    begins: datetime = attribute("from")
    amount: UnitPrice = attribute()
    branch: BranchKey | None = attribute(default=None)
    sample: bool | None = attribute(default=None)
    ends: datetime | None = attribute("until", default=None)
    price_list: str | None = attribute(default=None)
    customers: str | None = attribute(default=None)

    @property
    def key(self) -> str:
        """Article, branch and beginning, then what else it is for: no two prices share all."""
        plain = f"{self.article}|{self.branch or ''}|{utc(self.begins).isoformat()}"
        if not (self.ends or self.price_list or self.customers):
            return plain
        special = "special" if self.ends else ""
        return f"{plain}|{special}|{self.price_list or ''}|{self.customers or ''}"
