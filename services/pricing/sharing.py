"""Sharing an amount over parts, so that the parts sum to it: largest remainders first."""

from __future__ import annotations

from collections.abc import Sequence


def share(total: int, weights: Sequence[int]) -> list[int]:
    """`total` minor units over `weights` (none below zero), each part within one of its exact share.

    What is left after rounding down goes to the largest remainders, the first of equals first.
    Source: the receipt discounts of the real German receipts in tests/data/ebon_* come out to
    the cent by this rule over lines, and by no other that was tried.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    sign, amount = (-1, -total) if total < 0 else (1, total)
    parts, remainders = [], []
    for place, weight in enumerate(weights):
        part, remainder = divmod(amount * weight, whole)
        parts.append(part)
        remainders.append((-remainder, place))
    for _, place in sorted(remainders)[: amount - sum(parts)]:
        parts[place] += 1
    return [sign * part for part in parts]


def part_of(total: int, taken: int, more: int, whole: int) -> int:
    """What `more` of `whole` pieces are worth of `total`, after `taken` have been counted.

    However the pieces are taken apart, all parts together are `total`.
    """
    before = _rounded(total * taken, whole)
    return _rounded(total * (taken + more), whole) - before


def _rounded(number: int, by: int) -> int:
    """Half up, away from zero."""
    sign = -1 if number < 0 else 1
    return sign * ((2 * abs(number) + by) // (2 * by))
