"""Promotions that want the same pieces: which choice is best for the customer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import permutations
from typing import Final

from schemas.money import Money
from schemas.promotion import Goods, Promotion, Tier

NODES: Final = 2000
"""Steps of the search for the best outcome, for promotions that want the same pieces."""
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


@dataclass(frozen=True, slots=True)
class Lot:
    """Pieces of one line that are worth the same."""

    line: int
    minor: int
    whole: bool


@dataclass(slots=True)
class Taken:
    """One application of a promotion.

    pieces  what it took
    worth   minor units of the pieces that it makes cheaper, by lot
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


class Rival:
    """One promotion with the lots of this basket that it wants."""

    def __init__(
        self,
        promotion: Promotion,
        items: dict[int, Item],
        counts: Counts,
        coupons: Mapping[str, int],
    ) -> None:
        self.promotion = promotion
        whole = not promotion.tiers
        self.wanted = [
            [lot for lot in counts if (lot.whole or not whole) and wants(goods, items[lot.line])]
            for goods in promotion.goods
        ]
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
        left = dict(counts)
        pieces: dict[Lot, int] = {}
        for wanted, goods in zip(self.wanted, self.promotion.goods, strict=True):
            need = goods.many
            for lot in sorted(wanted, key=_dearest_first):
                take = min(need, left[lot])
                if take:
                    left[lot] -= take
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
        lots = sorted(self.wanted[at], key=_dearest_first)

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
        """What the bundle of these pieces saves; None where that is nothing."""
        promotion = self.promotion
        reduced = dict(pieces)
        if promotion.cheapest is not None:
            reduced = _cheapest(pieces, promotion.cheapest)
        worth = {lot: lot.minor * many for lot, many in reduced.items()}
        fine = _less(sum(worth.values()), promotion.percent, promotion.off, promotion.price)
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


def _dearest_first(lot: Lot) -> tuple[int, int]:
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


def rivalries(rivals: list[Rival]) -> list[list[Rival]]:
    """Groups of promotions that want common pieces; those of different groups do not meet."""
    group_of: dict[Lot, int] = {}
    groups: dict[int, list[Rival]] = {}
    for number, rival in enumerate(rivals):
        meet = {group_of[lot] for lot in rival.lots if lot in group_of}
        members = [rival]
        for each in sorted(meet):
            members = groups.pop(each) + members
        groups[number] = members
        for member in members:
            for lot in member.lots:
                group_of[lot] = number
    return list(groups.values())


def best_of(rivals: list[Rival], counts: Counts) -> list[Taken]:
    """The applications of promotions that save the customer most."""
    if len(rivals) == 1 and not rivals[0].needs_choice:
        return _alone(rivals[0], counts)
    search = _Search(rivals, counts)
    return search.best()


def _alone(rival: Rival, counts: Counts) -> list[Taken]:
    """A promotion without rivals takes the dearest pieces first: no choice saves more."""
    if rival.promotion.tiers:
        taken = rival.tiered(counts)
        return [taken] if taken else []
    left = dict(counts)
    found: list[Taken] = []
    while rival.most is None or len(found) < rival.most:
        taken = rival.dearest(left)
        if taken is None:
            break
        found.append(taken)
        for lot, many in taken.pieces.items():
            left[lot] -= many
    return found


@dataclass(slots=True)
class _Search:
    """The best outcome of promotions that want the same pieces.

    Bundles are tried in every number and choice; then tiers take what is left, in every order.
    """

    rivals: list[Rival]
    counts: Counts
    nodes: int = 0
    _known: dict[tuple[int, int, tuple[int, ...]], tuple[int, tuple[Taken, ...]]] = field(
        default_factory=dict
    )

    def best(self) -> list[Taken]:
        """The applications that save most; the better of two quick answers where it takes too long."""
        quick = max(
            (self._quick(reverse=False), self._quick(reverse=True)),
            key=lambda found: sum(t.fine for t in found),
        )
        lots = sorted({lot for rival in self.rivals for lot in rival.lots}, key=_dearest_first)
        bundles = [r for r in self.rivals if not r.promotion.tiers]
        tiers = [r for r in self.rivals if r.promotion.tiers]
        start = tuple(self.counts[lot] for lot in lots)
        try:
            _, exact = self._from(0, 0, start, lots, bundles, tiers)
        except _TooLong:
            return quick
        return list(exact)

    def _quick(self, *, reverse: bool) -> list[Taken]:
        """The largest saving first; tiers after bundles, or before them."""
        left, times = dict(self.counts), dict.fromkeys(map(id, self.rivals), 0)
        found: list[Taken] = []

        def take(taken: Taken) -> None:
            found.append(taken)
            for lot, many in taken.pieces.items():
                left[lot] -= many

        def bundles() -> None:
            while True:
                offers = [
                    (taken, rival)
                    for rival in self.rivals
                    if not rival.promotion.tiers
                    and (rival.most is None or times[id(rival)] < rival.most)
                    and (taken := rival.dearest(left))
                ]
                if not offers:
                    return
                taken, rival = max(offers, key=lambda offer: offer[0].fine)
                times[id(rival)] += 1
                take(taken)

        def tiers() -> None:
            for rival in self.rivals:
                taken = rival.tiered(left) if rival.promotion.tiers else None
                if taken:
                    take(taken)

        steps: list[Callable[[], None]] = [bundles, tiers]
        for step in reversed(steps) if reverse else steps:
            step()
        return found

    def _from(
        self,
        at: int,
        times: int,
        state: tuple[int, ...],
        lots: list[Lot],
        bundles: list[Rival],
        tiers: list[Rival],
    ) -> tuple[int, tuple[Taken, ...]]:
        """The best that can be had from bundle `at` on, which was applied so many `times` already."""
        key = at, times if at < len(bundles) and bundles[at].most is not None else 0, state
        if key in self._known:
            return self._known[key]
        self._count()
        counts = dict(zip(lots, state, strict=True))
        if at == len(bundles):
            best = self._tiers(counts, tiers)
        else:
            best = self._from(at + 1, 0, state, lots, bundles, tiers)
            rival = bundles[at]
            if rival.most is None or times < rival.most:
                for pieces in rival.bundles(counts):
                    self._count()
                    taken = rival.applied(pieces)
                    if taken is None:
                        continue
                    after = tuple(counts[lot] - pieces.get(lot, 0) for lot in lots)
                    fine, more = self._from(at, times + 1, after, lots, bundles, tiers)
                    if fine + taken.fine > best[0]:
                        best = (fine + taken.fine, (taken, *more))
        self._known[key] = best
        return best

    def _count(self) -> None:
        self.nodes += 1
        if self.nodes > NODES:
            raise _TooLong

    def _tiers(self, counts: Counts, tiers: list[Rival]) -> tuple[int, tuple[Taken, ...]]:
        best: tuple[int, tuple[Taken, ...]] = (0, ())
        orders: Iterable[Sequence[Rival]] = permutations(tiers) if len(tiers) <= 4 else [tiers]
        for order in orders:
            left = dict(counts)
            found: list[Taken] = []
            for rival in order:
                taken = rival.tiered(left)
                if taken:
                    found.append(taken)
                    for lot, many in taken.pieces.items():
                        left[lot] -= many
            fine = sum(t.fine for t in found)
            if fine > best[0]:
                best = (fine, tuple(found))
        return best


class _TooLong(Exception):
    """The search was given up."""
