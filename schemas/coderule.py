"""Code rules: what the digits of a scale's label mean, in this company."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.binding import attribute


@dataclass(frozen=True, slots=True)
class CodeRule:
    """One range of codes that carry an article with its weight, count or price.

    digits   the whole code as a pattern, a sign a digit: a digit stands for itself, `a` is one of
             the article's code, `v` one of the value, `p` the check digit over the value, `x` any
             one, `c` the check digit of the whole code by GS1. `21aaaaapvvvvc` is common in
             Germany for prices.
    value    weight (in `decimals` of the article's unit), price (in minor units) or count
    """

    key: str = attribute()
    digits: str = attribute()
    value: str = attribute()
    decimals: int = attribute(default=3)
