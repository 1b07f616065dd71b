"""Promotions: which goods are cheaper together, when, where and for whom. Data; nothing in one runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from schemas.binding import attribute, children
from schemas.keys import ArticleKey, BranchKey, GroupKey, PromotionKey
from schemas.money import Money


@dataclass(frozen=True, slots=True)
class Goods:
    """Which goods: those of `articles` and `groups`, or all where both are empty, but for the rest.

    many  how many pieces of them a bundle needs
    """

    articles: tuple[ArticleKey, ...] = attribute(default=())
    groups: tuple[GroupKey, ...] = attribute(default=())
    not_articles: tuple[ArticleKey, ...] = attribute(default=())
    not_groups: tuple[GroupKey, ...] = attribute(default=())
    many: int = attribute(default=1)


@dataclass(frozen=True, slots=True)
class Tier:
    """From so many pieces, or from such a value, on: so much less on all of them."""

    pieces: int | None = attribute(default=None)
    value: Money | None = attribute(default=None)
    percent: Decimal | None = attribute(default=None)
    off: Money | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Promotion:
    """One promotion.

    Without `tiers` it is a bundle: as often as the basket holds all its `goods`, up to `most`
    times, they cost `price` together, or `off` or `percent` less; `cheapest` limits that to so
    many of the cheapest pieces. N for M is a bundle of N with the cheapest N - M at 100 percent.
    With tiers, the highest tier that the first of `goods` reach holds for all of them.

    layer      promotions of a layer see what the layers before them left of the prices; within
               one, a piece takes part in one promotion only
    priority   within a layer, higher ones take their pieces first; equals are weighed against each
               other, and what is best for the customer holds
    exclusive  its pieces take part in no later layer
    days       1 Monday to 7 Sunday, local time; empty means every day
    begin_time, end_time  local, as 17:00; the end is not included, and may lie after midnight
    customers  only for customers of this group
    coupon     only where a code that begins so was scanned, once a bundle. A longer code has a serial
               part: it is one piece of paper, and counts once a receipt however often it is
               scanned. The bare code is the same on every paper, and counts each time, up to `most`
    """

    key: PromotionKey = attribute()
    begins: datetime = attribute("from")
    de: str | None = attribute(default=None)
    en: str | None = attribute(default=None)
    es: str | None = attribute(default=None)
    ends: datetime | None = attribute("until", default=None)
    branches: tuple[BranchKey, ...] = attribute(default=())
    layer: int = attribute(default=1)
    priority: int = attribute(default=0)
    exclusive: bool = attribute(default=False)
    days: tuple[str, ...] = attribute(default=())
    begin_time: str | None = attribute(default=None)
    end_time: str | None = attribute(default=None)
    customers: str | None = attribute(default=None)
    coupon: str | None = attribute(default=None)
    most: int | None = attribute(default=None)
    percent: Decimal | None = attribute(default=None)
    off: Money | None = attribute(default=None)
    price: Money | None = attribute(default=None)
    cheapest: int | None = attribute(default=None)
    goods: tuple[Goods, ...] = children("goods")
    tiers: tuple[Tier, ...] = children("tier")

    def name(self, language: str) -> str:
        """The name in `language`, else in any language, else the key."""
        return getattr(self, language, None) or self.de or self.en or self.es or self.key

    def coupons(self, codes: Iterable[str]) -> int:
        """How many coupons of it are among the codes that were scanned."""
        wanted = self.coupon or ""
        mine = [code for code in codes if self.coupon is not None and code.startswith(wanted)]
        return mine.count(wanted) + len(set(mine) - {wanted})

    def holds(self, at: datetime, branch: BranchKey) -> bool:
        """Is it on, in `branch`, at a local instant?"""
        if at < self.begins or (self.ends is not None and at >= self.ends):
            return False
        if self.branches and branch not in self.branches:
            return False
        day, clock = at.isoweekday(), at.strftime("%H:%M")
        begin, end = self.begin_time or "00:00", self.end_time or "24:00"
        if begin <= end:
            return begin <= clock < end and (not self.days or str(day) in self.days)
        if clock >= begin:
            return not self.days or str(day) in self.days
        before = (day + 5) % 7 + 1  # after midnight it is still the evening of the day before
        return clock < end and (not self.days or str(before) in self.days)
