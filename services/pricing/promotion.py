"""Promotions over a basket: which pieces take part in what, best for the customer.

Layer by layer; in a layer the higher priority first; among equals the best outcome is searched.
Where a search would take too long, the better of two quick answers holds: it is never worse than
taking the largest saving first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas.promotion import Promotion
from services.pricing.choice import best_of, rivalries
from services.pricing.rivalry import FINE, Counts, Item, Lot, Shelf, Taken
from services.pricing.sharing import share


@dataclass(frozen=True, slots=True)
class Saving:
    """So much less on a line by one promotion."""

    line: int
    promotion: Promotion
    minor: int


def savings(
    items: Sequence[Item], promotions: Iterable[Promotion], coupons: Mapping[str, int] | None = None
) -> list[Saving]:
    """What each line saves by each promotion, in the order of layers.

    promotions  those that hold now, here and for this customer
    coupons     for each promotion that needs coupons, how many were scanned
    """
    left = {item.line: item.minor for item in items}
    free = dict.fromkeys(left, True)
    found: list[Saving] = []
    by_layer: dict[int, list[Promotion]] = {}
    for promotion in promotions:
        by_layer.setdefault(promotion.layer, []).append(promotion)
    for layer in sorted(by_layer):
        open_ = [item for item in items if free[item.line] and left[item.line] > 0]
        for saving in _layer(open_, left, by_layer[layer], coupons or {}):
            found.append(saving)
            left[saving.line] -= saving.minor
            if saving.promotion.exclusive:
                free[saving.line] = False
    return found


def _layer(
    items: list[Item], left: dict[int, int], promotions: list[Promotion], coupons: Mapping[str, int]
) -> Iterator[Saving]:
    counts = _lots(items, left)
    all_ = Shelf(items, counts, promotions).rivals(coupons)
    for priority in sorted({rival.promotion.priority for rival in all_}, reverse=True):
        rivals = [rival for rival in all_ if rival.promotion.priority == priority]
        for group in rivalries([rival for rival in rivals if rival.can_apply(counts)]):
            found = best_of(group, counts)
            for taken in found:
                for lot, many in taken.pieces.items():
                    counts[lot] -= many
            yield from _by_line(found)


def _lots(items: list[Item], left: dict[int, int]) -> Counts:
    counts: Counts = {}
    for item in items:
        if item.pieces is None:
            counts[Lot(item.line, left[item.line], whole=False)] = 1
            continue
        each, more = divmod(left[item.line], item.pieces)
        if more:
            counts[Lot(item.line, each + 1, whole=True)] = more
        counts[Lot(item.line, each, whole=True)] = item.pieces - more
    return counts


def _by_line(found: list[Taken]) -> Iterator[Saving]:
    by_promotion: dict[str, list[Taken]] = {}
    for taken in found:
        by_promotion.setdefault(taken.promotion.key, []).append(taken)
    for same in by_promotion.values():
        worth: dict[int, int] = {}
        for taken in same:
            for lot, minor in taken.worth.items():
                worth[lot.line] = worth.get(lot.line, 0) + minor
        saved = (2 * sum(taken.fine for taken in same) + FINE) // (2 * FINE)  # half up; above zero
        for line, minor in zip(worth, share(saved, list(worth.values())), strict=True):
            if minor:
                yield Saving(line, same[0].promotion, minor)
