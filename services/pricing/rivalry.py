"""What one promotion wants of a basket, and what an application of it saves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from schemas.money import Money
from schemas.promotion import Goods, Promotion, Tier

FINE: Final = 100_000
"""Parts of a minor unit that savings are counted in before they are rounded."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line as promotions see it.

    pieces  whole pieces; None for what is weighed: it is one piece of its whole value, counts for
            tiers, and never goes into a bundle
    minor   the line's value in minor units
    groups  the article's group and all above it
    """

    line: int
    article: str
    groups: frozenset[str]
    pieces: int | None
    minor: int


@dataclass(frozen=True, slots=True, eq=False)
class Lot:
    """Pieces of one line that are worth the same. Each is itself only: hashing is in every step."""

    line: int
    minor: int
    whole: bool


@dataclass(slots=True)
class Taken:
    """One application of a promotion.

    pieces  what it took
    worth   minor units of the pieces that share the saving, by lot
    fine    what it saves, in 100,000ths of a minor unit: rounded once a promotion, not once a bundle
    """

    promotion: Promotion
    pieces: dict[Lot, int]
    worth: dict[Lot, int]
    fine: int


Counts = dict[Lot, int]


def wants(goods: Goods, item: Item) -> bool:
    """Does the item belong to the goods?"""
    if item.article in goods.not_articles or not item.groups.isdisjoint(goods.not_groups):
        return False
    if not goods.articles and not goods.groups:
        return True
    return item.article in goods.articles or not item.groups.isdisjoint(goods.groups)


class Shelf:
    """The lots of a basket, dearest first, found by article and by group."""

    def __init__(self, items: Iterable[Item], counts: Counts) -> None:
        self._items = {item.line: item for item in items}
        self._all = sorted(counts, key=dearest_first)
        self._by: dict[str, list[Lot]] = {}
        for lot in self._all:
            item = self._items[lot.line]
            for name in (f"a {item.article}", *(f"g {group}" for group in item.groups)):
                self._by.setdefault(name, []).append(lot)

    def of(self, goods: Goods) -> list[Lot]:
        """The lots that belong to the goods, dearest first."""
        if not goods.articles and not goods.groups:
            found = self._all
        else:
            names = [f"a {key}" for key in goods.articles] + [f"g {key}" for key in goods.groups]
            parts = [self._by[name] for name in names if name in self._by]
            if len(parts) < 2:
                found = parts[0] if parts else []
            else:
                found = sorted({lot for part in parts for lot in part}, key=dearest_first)
        if not goods.not_articles and not goods.not_groups:
            return found
        return [lot for lot in found if wants(goods, self._items[lot.line])]


class Rival:
    """One promotion with the lots of this basket that it wants, dearest first."""

    def __init__(self, promotion: Promotion, shelf: Shelf, coupons: Mapping[str, int]) -> None:
        self.promotion = promotion
        self.wanted = [shelf.of(goods) for goods in promotion.goods]
        if not promotion.tiers:
            self.wanted = [[lot for lot in wanted if lot.whole] for wanted in self.wanted]
        self.lots = {lot for wanted in self.wanted for lot in wanted}
        self.most = promotion.most
        if promotion.coupon is not None:
            scanned = coupons.get(promotion.key, 0)
            self.most = scanned if self.most is None else min(scanned, self.most)

    def can_apply(self, counts: Counts) -> bool:
        """Are there enough pieces for one application at least?"""
        if self.most == 0 or not self.lots:
            return False
        if self.promotion.tiers:
            return True
        return all(
            sum(counts[lot] for lot in wanted) >= goods.many
            for wanted, goods in zip(self.wanted, self.promotion.goods, strict=True)
        )

    def dearest(self, counts: Counts) -> Taken | None:
        """The application over the dearest pieces that are left."""
        pieces: dict[Lot, int] = {}
        for wanted, goods in zip(self.wanted, self.promotion.goods, strict=True):
            need = goods.many
            for lot in wanted:
                take = min(need, counts[lot] - pieces.get(lot, 0))
                if take > 0:
                    pieces[lot] = pieces.get(lot, 0) + take
                    need -= take
                    if not need:
                        break
            if need:
                return None
        return self.applied(pieces)

    def bundles(self, counts: Counts) -> Iterator[dict[Lot, int]]:
        """Every choice of pieces for one application, each once."""
        seen: set[frozenset[tuple[Lot, int]]] = set()
        for pieces in self._choose(0, dict(counts), {}):
            choice = frozenset(pieces.items())
            if choice not in seen:
                seen.add(choice)
                yield pieces

    def _choose(self, at: int, left: Counts, pieces: dict[Lot, int]) -> Iterator[dict[Lot, int]]:
        if at == len(self.wanted):
            yield dict(pieces)
            return
        lots = self.wanted[at]

        def from_(place: int, need: int) -> Iterator[dict[Lot, int]]:
            if not need:
                yield from self._choose(at + 1, left, pieces)
                return
            if place == len(lots):
                return
            lot = lots[place]
            before = pieces.get(lot, 0)
            for take in range(min(need, left[lot]), 0, -1):
                left[lot] -= take
                pieces[lot] = before + take
                yield from from_(place + 1, need - take)
                left[lot] += take
                pieces[lot] = before
            if not before:
                pieces.pop(lot, None)
            yield from from_(place + 1, need)

        yield from from_(0, self.promotion.goods[at].many)

    def applied(self, pieces: dict[Lot, int]) -> Taken | None:
        """What the bundle of these pieces saves; None where that is nothing.

        All its pieces share the saving, also where only the cheapest are reduced: else the two
        that were paid of three could come back for their full price, and the third be kept.
        """
        promotion = self.promotion
        reduced = pieces
        if promotion.cheapest is not None:
            reduced = _cheapest(pieces, promotion.cheapest)
        base = sum(lot.minor * many for lot, many in reduced.items())
        fine = _less(base, promotion.percent, promotion.off, promotion.price)
        worth = {lot: lot.minor * many for lot, many in pieces.items()}
        return Taken(promotion, pieces, worth, fine) if fine > 0 else None

    def tiered(self, counts: Counts) -> Taken | None:
        """All its goods that are left, at the highest tier that they reach."""
        pieces = {lot: counts[lot] for lot in self.wanted[0] if counts[lot]}
        worth = {lot: lot.minor * many for lot, many in pieces.items()}
        whole = sum(worth.values())
        reached = [t for t in self.promotion.tiers if _reaches(t, sum(pieces.values()), whole)]
        fine = max((_less(whole, t.percent, t.off, None) for t in reached), default=0)
        return Taken(self.promotion, pieces, worth, fine) if fine > 0 else None

    @property
    def needs_choice(self) -> bool:
        """May other pieces than the dearest save more? Where goods overlap, or `off` can exceed them."""
        promotion = self.promotion
        if promotion.tiers:
            return False
        if sum(map(len, self.wanted)) > len(self.lots):
            return True
        if promotion.off is None:
            return False
        least = sum(
            goods.many * min(lot.minor for lot in wanted)
            for wanted, goods in zip(self.wanted, promotion.goods, strict=True)
        )
        return least < promotion.off.minor


def dearest_first(lot: Lot) -> tuple[int, int]:
    """The order in which promotions take pieces."""
    return -lot.minor, lot.line


def _cheapest(pieces: dict[Lot, int], most: int) -> dict[Lot, int]:
    found: dict[Lot, int] = {}
    for lot in sorted(pieces, key=lambda each: (each.minor, -each.line)):
        take = min(most, pieces[lot])
        if take:
            found[lot] = take
            most -= take
    return found


def _less(worth: int, percent: Decimal | None, off: Money | None, price: Money | None) -> int:
    """What is saved of `worth`, in 100,000ths of a minor unit; never more than it."""
    if percent is not None:
        return min(worth * FINE, worth * int(percent * 1000))
    if off is not None:
        return min(worth, off.minor) * FINE
    if price is not None:
        return (worth - price.minor) * FINE
    return 0


def _reaches(tier: Tier, pieces: int, worth: int) -> bool:
    if tier.pieces is not None and pieces < tier.pieces:
        return False
    return tier.value is None or worth >= tier.value.minor
