"""Of promotions that want the same pieces: which choice is best for the customer."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Final

from schemas.promotion import Promotion
from services.pricing.rivalry import Counts, Lot, Rival, Taken, dearest_first

NODES: Final = 400
"""Steps of the search for the best outcome, for promotions that want the same pieces."""
LOTS: Final = 8
PIECES: Final = 14
"""Rivals over more lots or pieces than these are not searched: a quick answer holds at once."""


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


_Places = tuple[tuple[int, int], ...]
_Answer = tuple[tuple[Promotion, _Places, int], ...]
_ANSWERS: Final[OrderedDict[tuple[object, ...], tuple[list[Promotion], _Answer]]] = OrderedDict()
"""Answers by what was asked, with the promotions, so that their ids stay theirs."""
_MOST_ANSWERS: Final = 512


def best_of(rivals: list[Rival], counts: Counts) -> list[Taken]:
    """The applications of promotions that save the customer most.

    Answers are kept: a scan changes the pieces of few promotions, and the others' stay the same.
    """
    lots = sorted({lot for rival in rivals for lot in rival.lots}, key=dearest_first)
    place = {lot: n for n, lot in enumerate(lots)}
    key = (
        *[(id(rival.promotion), rival.most) for rival in rivals],
        *[(lot.line, lot.minor, lot.whole, counts[lot]) for lot in lots],
        *[tuple([place[lot] for lot in wanted]) for rival in rivals for wanted in rival.wanted],
    )
    known = _ANSWERS.get(key)
    if known is not None:
        answer = known[1]
    else:
        answer = tuple(
            (
                taken.promotion,
                tuple([(place[lot], many) for lot, many in taken.pieces.items()]),
                taken.fine,
            )
            for taken in _reckoned(rivals, counts)
        )
        _ANSWERS[key] = ([rival.promotion for rival in rivals], answer)
        if len(_ANSWERS) > _MOST_ANSWERS:
            _ANSWERS.popitem(last=False)
    return [
        Taken(promotion, {lots[n]: many for n, many in pieces}, fine)
        for promotion, pieces, fine in answer
    ]


def _reckoned(rivals: list[Rival], counts: Counts) -> list[Taken]:
    if len(rivals) == 1 and not rivals[0].needs_choice:
        return _alone(rivals[0], counts)
    return _Search(rivals, counts).best()


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
        lots = sorted({lot for rival in self.rivals for lot in rival.lots}, key=dearest_first)
        bundles = [r for r in self.rivals if not r.promotion.tiers]
        tiers = [r for r in self.rivals if r.promotion.tiers]
        start = tuple(self.counts[lot] for lot in lots)
        if len(lots) <= LOTS and sum(start) <= PIECES:
            try:
                _, exact = self._from(0, 0, start, lots, bundles, tiers)
                return list(exact)
            except _TooLong:
                pass
        if not bundles or not tiers:
            return self._quick(tiers_first=False)
        return max(
            (self._quick(tiers_first=False), self._quick(tiers_first=True)),
            key=lambda found: sum(taken.fine for taken in found),
        )

    def _quick(self, *, tiers_first: bool) -> list[Taken]:
        """The largest saving first; tiers take what bundles leave, or the other way round."""
        left = {lot: self.counts[lot] for rival in self.rivals for lot in rival.lots}
        found: list[Taken] = []

        def take(taken: Taken) -> None:
            found.append(taken)
            for lot, many in taken.pieces.items():
                left[lot] -= many

        def tiers() -> None:
            for rival in self.rivals:
                taken = rival.tiered(left) if rival.promotion.tiers else None
                if taken:
                    take(taken)

        if tiers_first:
            tiers()
        self._bundles(left, take)
        if not tiers_first:
            tiers()
        return found

    def _bundles(self, left: Counts, take: Callable[[Taken], None]) -> None:
        """Offers wait by what they save; one whose pieces went elsewhere is made anew."""
        rivals = [rival for rival in self.rivals if not rival.promotion.tiers]
        times = [0] * len(rivals)
        waiting: list[tuple[int, int]] = []
        offers: dict[int, Taken] = {}

        def offer(place: int) -> None:
            most = rivals[place].most
            taken = None
            if most is None or times[place] < most:
                taken = rivals[place].dearest(left)
            if taken is not None:
                offers[place] = taken
                heapq.heappush(waiting, (-taken.fine, place))

        for place in range(len(rivals)):
            offer(place)
        while waiting:
            _, place = heapq.heappop(waiting)
            taken = offers[place]
            for lot, many in taken.pieces.items():
                if left[lot] < many:
                    break
            else:
                times[place] += 1
                take(taken)
            offer(place)

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
