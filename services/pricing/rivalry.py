"""What one promotion wants of a basket, and what an application of it saves."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from schemas.money import Money
from schemas.promotion import Goods, Promotion, Tier

FINE: Final = 100_000
"""Parts of a minor unit that savings are counted in before they are rounded."""


class Item(NamedTuple):
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


@dataclass(slots=True, eq=False)
class Lot:
    """Pieces of one line that are worth the same. Each is itself only: hashing is in every step.

    Not frozen, though nothing changes one: a scan makes hundreds, and frozen ones take thrice as long.
    """

    line: int
    minor: int
    whole: bool


@dataclass(slots=True)
class Taken:
    """One application of a promotion.

    pieces  what it took; all of them share the saving
    fine    what it saves, in 100,000ths of a minor unit: rounded once a promotion, not once a bundle
    """

    promotion: Promotion
    pieces: dict[Lot, int]
    fine: int

    @property
    def worth(self) -> dict[Lot, int]:
        """Minor units of what it took, by lot."""
        return {lot: lot.minor * many for lot, many in self.pieces.items()}


Counts = dict[Lot, int]


def ancestors(parents: Mapping[str, str | None]) -> dict[str, frozenset[str]]:
    """For each group of articles, itself and all above it; a circle ends where it closes.

    parents  by group, the one that it lies in
    """
    found: dict[str, frozenset[str]] = {}
    for key in parents:
        above: list[str] = []
        at: str | None = key
        while at is not None and at not in above:
            above.append(at)
            at = parents.get(at)
        found[key] = frozenset(above)
    return found


def wants(goods: Goods, item: Item) -> bool:
    """Does the item belong to the goods?"""
    if item.article in goods.not_articles or not item.groups.isdisjoint(goods.not_groups):
        return False
    if not goods.articles and not goods.groups:
        return True
    return item.article in goods.articles or not item.groups.isdisjoint(goods.groups)


class _Seekers:
    """Promotions by what they seek. Made once for those that hold together: each scan asks again."""

    def __init__(self, promotions: Sequence[Promotion]) -> None:
        self.promotions = list(promotions)  # so that their ids stay theirs
        self.by_article: dict[str, list[tuple[int, int]]] = {}
        self.by_group: dict[str, list[tuple[int, int]]] = {}
        self.of_all: list[tuple[int, int]] = []
        for number, promotion in enumerate(promotions):
            for part, goods in enumerate(promotion.goods):
                place = number, part
                for article in set(goods.articles):
                    self.by_article.setdefault(article, []).append(place)
                for group in set(goods.groups):
                    self.by_group.setdefault(group, []).append(place)
                if not goods.articles and not goods.groups:
                    self.of_all.append(place)


_SEEKERS: Final[OrderedDict[tuple[int, ...], _Seekers]] = OrderedDict()
_MOST_SEEKERS: Final = 64


def _seekers(promotions: Sequence[Promotion]) -> _Seekers:
    key = tuple(map(id, promotions))
    found = _SEEKERS.get(key)
    if found is None:
        found = _SEEKERS[key] = _Seekers(promotions)
        if len(_SEEKERS) > _MOST_SEEKERS:
            _SEEKERS.popitem(last=False)
    return found


class Shelf:
    """The lots of a basket, dearest first, with the promotions that want them."""

    def __init__(
        self, items: Iterable[Item], counts: Counts, promotions: Sequence[Promotion]
    ) -> None:
        self._items = {item.line: item for item in items}
        self._promotions = promotions
        self._all = sorted(counts, key=dearest_first)
        seekers = _seekers(promotions)
        by_article, by_group = seekers.by_article, seekers.by_group
        wanted: dict[tuple[int, int], list[Lot]] = {}
        for lot in self._all:
            item = self._items[lot.line]
            for place in by_article.get(item.article, ()):
                wanted.setdefault(place, []).append(lot)
            for group in item.groups:
                for place in by_group.get(group, ()):
                    there = wanted.setdefault(place, [])
                    if not there or there[-1] is not lot:
                        there.append(lot)
        for place in seekers.of_all:
            wanted[place] = self._all
        self._wanted = wanted

    def rivals(self, coupons: Mapping[str, int]) -> list[Rival]:
        """The promotions for which all that they want is there, in their order; tiers want their first."""
        numbers = sorted({number for number, _ in self._wanted})
        found = []
        for number in numbers:
            promotion = self._promotions[number]
            wanted = [
                self._but(goods, self._wanted.get((number, part), ()), promotion)
                for part, goods in enumerate(promotion.goods)
            ]
            if wanted[0] if promotion.tiers else all(wanted):
                found.append(Rival(promotion, wanted, coupons))
        return found

    def _but(self, goods: Goods, lots: Iterable[Lot], promotion: Promotion) -> list[Lot]:
        """Without what is weighed, in a bundle, and what the goods leave out."""
        found = list(lots) if promotion.tiers else [lot for lot in lots if lot.whole]
        if goods.not_articles or goods.not_groups:
            found = [lot for lot in found if wants(goods, self._items[lot.line])]
        return found


class _Less:
    """What a promotion or a tier saves, read once: applications are reckoned by the hundred."""

    __slots__ = ("_off", "_part", "_price")

    def __init__(self, percent: Decimal | None, off: Money | None, price: Money | None) -> None:
        self._part = None if percent is None else min(FINE, int(percent * 1000))
        self._off = None if off is None else off.minor
        self._price = None if price is None else price.minor

    def of(self, worth: int) -> int:
        """What is saved of `worth`, in 100,000ths of a minor unit; never more than it."""
        if self._part is not None:
            return worth * self._part
        if self._off is not None:
            return min(worth, self._off) * FINE
        if self._price is not None:
            return (worth - self._price) * FINE
        return 0


class Rival:
    """One promotion with the lots of this basket that it wants, for each of its goods, dearest first."""

    def __init__(
        self, promotion: Promotion, wanted: list[list[Lot]], coupons: Mapping[str, int]
    ) -> None:
        self.promotion = promotion
        self.wanted = wanted
        self.lots = set(wanted[0]) if len(wanted) == 1 else set().union(*wanted)
        self._less = _Less(promotion.percent, promotion.off, promotion.price)
        self._tiers = [(t, _Less(t.percent, t.off, None)) for t in promotion.tiers]
        self.most = promotion.most
        if promotion.coupon is not None:
            scanned = coupons.get(promotion.key, 0)
            self.most = scanned if self.most is None else min(scanned, self.most)

    def can_apply(self, counts: Counts) -> bool:
        """Can it save anything, though it had all its pieces to itself?

        What cannot is nobody's rival: without it there are fewer to choose among.
        """
        if self.most == 0 or not self.lots:
            return False
        if self.promotion.tiers:
            return self.tiered(counts) is not None
        if len(self.wanted) == 1:  # the dearest save most: where they save nothing, none does
            return self.dearest(counts) is not None
        return all(
            sum([counts[lot] for lot in wanted]) >= goods.many
            for wanted, goods in zip(self.wanted, self.promotion.goods, strict=True)
        )

    def dearest(self, counts: Counts) -> Taken | None:
        """The application over the dearest pieces that are left."""
        pieces: dict[Lot, int] = {}
        if len(self.wanted) == 1:  # the usual case, and asked most of all
            need = self.promotion.goods[0].many
            for lot in self.wanted[0]:
                there = counts[lot]
                if there >= need:
                    pieces[lot] = need
                    return self.applied(pieces)
                if there > 0:
                    pieces[lot] = there
                    need -= there
            return None
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
        promotion, reduced = self.promotion, pieces
        if promotion.cheapest is not None:
            reduced = _cheapest(pieces, promotion.cheapest)
        base = 0
        for lot, many in reduced.items():
            base += lot.minor * many
        fine = self._less.of(base)
        return Taken(promotion, pieces, fine) if fine > 0 else None

    def tiered(self, counts: Counts) -> Taken | None:
        """All its goods that are left, at the highest tier that they reach."""
        pieces = {lot: counts[lot] for lot in self.wanted[0] if counts[lot]}
        whole = sum([lot.minor * many for lot, many in pieces.items()])
        many = sum(pieces.values())
        reached = [less.of(whole) for tier, less in self._tiers if _reaches(tier, many, whole)]
        fine = max(reached, default=0)
        return Taken(self.promotion, pieces, fine) if fine > 0 else None

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
    if len(pieces) == 1:
        return {lot: min(most, many) for lot, many in pieces.items() if most}
    for lot in sorted(pieces, key=lambda each: (each.minor, -each.line)):
        take = min(most, pieces[lot])
        if take:
            found[lot] = take
            most -= take
    return found


def _reaches(tier: Tier, pieces: int, worth: int) -> bool:
    if tier.pieces is not None and pieces < tier.pieces:
        return False
    return tier.value is None or worth >= tier.value.minor
