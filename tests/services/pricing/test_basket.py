"""Baskets: whatever is scanned and discounted, lines, reductions, taxes and total add up."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.keys import ArticleKey, BranchKey, GroupKey, PromotionKey, StaffKey, TaxClass
from schemas.money import Currency, Money, UnitPrice
from schemas.price import Price
from schemas.promotion import Goods, Promotion, Tier
from schemas.quantity import Quantity
from schemas.receipt import Basket, Discount, Line, Step
from services.pricing import tax
from services.pricing.basket import Rules, full, priced
from services.pricing.lookup import Buyer, steps
from services.pricing.tax import Levy

EUR = Currency("EUR")
MIRA = StaffKey("mira")
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
BASKETS = 10_000 if os.environ.get("TRESEN_THOROUGH") else 2_000
LEVIES = {
    TaxClass("A"): Levy(Decimal(19)), TaxClass("B"): Levy(Decimal(7)),
    TaxClass("T"): Levy(Decimal("10.1"), added=True), TaxClass("Z"): Levy(Decimal(0)),
}  # fmt: skip
ON = [
    Promotion(PromotionKey("3for2"), BEGAN, percent=Decimal(100), cheapest=1,
              goods=(Goods(groups=(GroupKey("g1"),), many=3),)),
    Promotion(PromotionKey("2for3"), BEGAN, price=Money(300, EUR),
              goods=(Goods(groups=(GroupKey("g1"), GroupKey("g2")), many=2),)),
    Promotion(PromotionKey("ten"), BEGAN, layer=2, tiers=(Tier(percent=Decimal(10)),),
              goods=(Goods(not_groups=(GroupKey("g3"),)),)),
    Promotion(PromotionKey("off"), BEGAN, layer=3, tiers=(Tier(value=Money(2000, EUR), off=Money(500, EUR)),),
              goods=(Goods(),)),
]  # fmt: skip


def line(number: int, chance: random.Random) -> Line:
    weighed = chance.random() < 0.2
    many = (
        Quantity(chance.randint(10, 3000), "kg")
        if weighed
        else Quantity(1000 * chance.randint(1, 4))
    )
    price = UnitPrice(chance.randint(1, 2000) * 1000 + chance.choice((0, 0, 333)), EUR)
    made = Line(
        number, chance.choice(("sale", "sale", "sale", "sale", "return", "deposit")),
        ArticleKey(f"a{chance.randint(1, 9)}"), "Ware", many, price, price.times(many.thousandths),
        TaxClass(chance.choice("ABTZ")), GroupKey(f"g{chance.randint(1, 4)}"),
        fixed=chance.random() < 0.1 or None, steps=(Step("base", price),),
    )  # fmt: skip
    if made.kind == "return":
        made = replace(made, amount=-made.amount)
    if made.kind == "sale" and not made.fixed and chance.random() < 0.2:
        made = replace(made, discount=discount(chance))
    if chance.random() < 0.1:
        made = replace(made, kind="void", was=made.kind)
    return made


def discount(chance: random.Random) -> Discount:
    kind = chance.randint(0, 2)
    if kind == 0:
        return Discount(MIRA, percent=Decimal(chance.randint(1, 100)))
    amount = Money(chance.randint(0, 2500), EUR)
    on_list = chance.random() < 0.3 or None
    if kind == 1:
        return Discount(MIRA, off=amount, on_list=on_list)
    return Discount(MIRA, target=amount)


def test_ten_thousand_baskets_add_up() -> None:
    """A tenth of them in a quick run."""
    chance = random.Random(20261125)
    for _ in range(BASKETS):
        lines = tuple(line(n, chance) for n in range(1, chance.randint(2, 13)))
        given_ = tuple(discount(chance) for _ in range(chance.choice((0, 0, 1, 2))))
        before = Basket(MIRA, EUR, lines=lines, discounts=given_)
        basket = priced(before, Rules(ON if chance.random() < 0.8 else [], None))
        adds_up(basket)
        assert priced(basket, Rules(ON, None)) == priced(before, Rules(ON, None)), (
            "pricing anew is the same"
        )


def adds_up(basket: Basket) -> None:
    rows = tax.totals(basket.lines, LEVIES.__getitem__)
    on_top = tax.added(basket.lines, LEVIES.__getitem__, EUR)
    total = replace(basket, added_tax=on_top or None).total
    assert sum(row.gross.minor for row in rows) == total.minor
    assert all(row.net + row.tax == row.gross for row in rows)
    for each in basket.lines:
        if each.kind == "sale":
            assert each.amount == full(each) - _sum(each)
            assert 0 <= each.amount.minor <= full(each).minor
            assert all(reduction.amount.minor > 0 for reduction in each.reductions)
        if each.kind in {"return", "deposit", "void"} or each.fixed:
            assert each.kind == "void" or not each.reductions


def _sum(each: Line) -> Money:
    return Money(sum(reduction.amount.minor for reduction in each.reductions), EUR)


def test_a_target_for_the_whole_receipt_is_met_to_the_cent() -> None:
    chance = random.Random(3)
    for _ in range(300):
        lines = tuple(
            replace(line(n, chance), kind="sale", fixed=None, discount=None) for n in range(1, 8)
        )
        lines = tuple(replace(each, amount=full(each)) for each in lines)
        whole = sum(each.amount.minor for each in lines)
        target = Money(chance.randint(0, whole), EUR)
        basket = priced(
            Basket(MIRA, EUR, lines=lines, discounts=(Discount(MIRA, target=target),)), Rules()
        )
        assert sum(each.amount.minor for each in basket.lines) == target.minor


AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
PRICES = [
    ("base", Price(ArticleKey("a"), BEGAN, UnitPrice.parse("2.00", "EUR"))),
    ("newer", Price(ArticleKey("a"), datetime(2026, 11, 25, 8, tzinfo=UTC), UnitPrice.parse("2.20", "EUR"))),
    ("tomorrow", Price(ArticleKey("a"), datetime(2026, 11, 26, tzinfo=UTC), UnitPrice.parse("9.00", "EUR"))),
    ("list", Price(ArticleKey("a"), BEGAN, UnitPrice.parse("1.90", "EUR"), price_list="airport")),
    ("branch", Price(ArticleKey("a"), BEGAN, UnitPrice.parse("2.50", "EUR"), BranchKey("014"))),
    ("special", Price(ArticleKey("a"), datetime(2026, 11, 25, tzinfo=UTC), UnitPrice.parse("1.50", "EUR"),
                      ends=datetime(2026, 11, 26, tzinfo=UTC))),
    ("staff", Price(ArticleKey("a"), BEGAN, UnitPrice.parse("1.40", "EUR"), customers="staff")),
    ("dear", Price(ArticleKey("a"), BEGAN, UnitPrice.parse("5.00", "EUR"), customers="dear")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("known", "buyer", "at", "expected"),
    [
        ("base newer tomorrow", Buyer(BranchKey("1")), AT, "2.20"),
        (
            "base newer",
            Buyer(BranchKey("1")),
            datetime(2026, 11, 25, 7, 59, 59, tzinfo=UTC),
            "2.00",
        ),
        ("base newer", Buyer(BranchKey("1")), datetime(2026, 11, 25, 8, tzinfo=UTC), "2.20"),
        ("newer list", Buyer(BranchKey("1"), "airport"), AT, "1.90"),
        ("newer list", Buyer(BranchKey("1")), AT, "2.20"),
        ("newer list branch", Buyer(BranchKey("014"), "airport"), AT, "2.50"),
        ("newer special", Buyer(BranchKey("1")), AT, "1.50"),
        ("newer special", Buyer(BranchKey("1")), datetime(2026, 11, 26, tzinfo=UTC), "2.20"),
        ("newer special", Buyer(BranchKey("1")), datetime(2026, 11, 24, tzinfo=UTC), None),
        ("base special staff", Buyer(BranchKey("1"), None, "staff"), AT, "1.40"),
        ("base special staff", Buyer(BranchKey("1")), AT, "1.50"),
        ("base dear", Buyer(BranchKey("1"), None, "dear"), AT, "2.00"),
        ("staff", Buyer(BranchKey("1")), AT, None),
    ],
)
def test_which_price_holds(known: str, buyer: Buyer, at: datetime, expected: str | None) -> None:
    prices = [price for name, price in PRICES if name in known.split()]
    found = steps(prices, buyer, at)
    assert (found[-1][1].number if found else None) == expected


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=20), st.integers(0, 100))
def test_a_percentage_of_the_receipt_is_rounded_once(amounts: list[int], percent: int) -> None:
    if percent == 0:
        return
    lines = tuple(
        Line(n, "sale", ArticleKey("a"), "Ware", Quantity(1000), UnitPrice(minor * 1000, EUR),
             Money(minor, EUR), TaxClass("A"))
        for n, minor in enumerate(amounts, 1)
    )  # fmt: skip
    basket = priced(
        Basket(MIRA, EUR, lines=lines, discounts=(Discount(MIRA, percent=Decimal(percent)),)),
        Rules(),
    )
    off = sum(amounts) - sum(each.amount.minor for each in basket.lines)
    assert abs(off - Decimal(sum(amounts) * percent) / 100) <= Decimal("0.5")
