"""Pricing 200 lines with 200 running promotions, against pricing them without any.

Run: python -m bench.promotions     limit: one more line within 5 ms
"""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from schemas.keys import ArticleKey, GroupKey, PromotionKey, StaffKey, TaxClass
from schemas.money import Currency, Money, UnitPrice
from schemas.promotion import Goods, Promotion, Tier
from schemas.quantity import Quantity
from schemas.receipt import Basket, Line, Step
from services.pricing import choice
from services.pricing.basket import Rules, priced

EUR = Currency("EUR")
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
GROUPS = 40
ROUNDS = 7


def promotions(many: int) -> list[Promotion]:
    """Bundles, N for M, tiers and percents over articles and groups; some want the same goods."""
    chance = random.Random(3)
    found = []
    for n in range(many):
        groups = (GroupKey(f"g{chance.randrange(GROUPS)}"),)
        articles = tuple(ArticleKey(f"a{chance.randrange(4000)}") for _ in range(20))
        wanted = Goods(groups=groups, many=2) if n % 4 == 0 else Goods(articles=articles, many=2)
        base = Promotion(PromotionKey(f"p{n}"), BEGAN, goods=(wanted,))
        kind = n % 3
        if kind == 0:
            found.append(replace(base, percent=Decimal(100), cheapest=1))
        elif kind == 1:
            found.append(replace(base, price=Money(300, EUR)))
        else:
            found.append(replace(base, tiers=(Tier(pieces=3, percent=Decimal(10)),)))
    return found


def basket(lines: int) -> Basket:
    """So many lines of one to three pieces."""
    chance = random.Random(5)
    made = []
    for n in range(1, lines + 1):
        price = UnitPrice(chance.randrange(20, 1000) * 1000, EUR)
        many = Quantity(1000 * chance.randint(1, 3))
        article = chance.randrange(4000)
        made.append(
            Line(
                n, "sale", ArticleKey(f"a{article}"), f"Article {article}", many, price,
                price.times(many.thousandths), TaxClass("A"), GroupKey(f"g{article % GROUPS}"),
                steps=(Step("base", price),),
            )
        )  # fmt: skip
    return Basket(StaffKey("x"), EUR, lines=tuple(made))


def measured(rules: Rules, sale: Basket, times: int = 30) -> tuple[float, float]:
    """Milliseconds, the median: of a basket never seen, and of one more line in a known one."""
    cold, one_more = [], []
    for n in range(times):
        choice._ANSWERS.clear()
        began = time.perf_counter()
        known = priced(replace(sale, lines=sale.lines[:-1]), rules)
        cold.append(time.perf_counter() - began)
        last = replace(sale.lines[-1], article=sale.lines[n].article, group=sale.lines[n].group)
        began = time.perf_counter()
        priced(replace(known, lines=(*known.lines, last)), rules)
        one_more.append(time.perf_counter() - began)
    return sorted(cold)[times // 2] * 1000, sorted(one_more)[times // 2] * 1000


def main() -> None:
    """Print the ratios."""
    sale = basket(200)
    above = {f"g{n}": frozenset({f"g{n}"}) for n in range(GROUPS)}
    none, some = Rules([], above), [(many, Rules(promotions(many), above)) for many in (50, 200)]
    for many, rules in some:
        rounds = [(*measured(rules, sale), measured(none, sale)[1]) for _ in range(ROUNDS)]
        cold, one_more, bare = (min(each) for each in zip(*rounds, strict=True))
        ratios = sorted(more / without for _, more, without in rounds)
        print(
            f"200 lines, {many} promotions: one more line {one_more:.2f} ms, without any {bare:.2f}"
            f" ms, ratio {ratios[ROUNDS // 2]:.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f}); all anew"
            f" {cold:.2f} ms; {ROUNDS} rounds in turn, of medians the least"
        )


if __name__ == "__main__":
    main()
