"""Which price holds: the newest that has begun, the branch's before the chain's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from schemas.keys import BranchKey
from schemas.price import Price


def holding(prices: Iterable[Price], branch: BranchKey, at: datetime) -> Price | None:
    """The price of one article that holds in `branch` at an instant; None where none has begun."""
    begun = [p for p in prices if p.begins <= at and p.branch in {None, branch}]
    return max(begun, key=lambda p: (p.branch is not None, p.begins), default=None)
