"""Sets: one price, shared over the parts to the cent, whatever is sold, changed, returned."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import xml
from schemas.article import Article, Code, Part
from schemas.keys import ArticleKey, Barcode, PromotionKey, StaffKey, TaxClass
from schemas.money import Currency, Money, UnitPrice
from schemas.promotion import Goods, Promotion
from schemas.quantity import Quantity
from schemas.receipt import Basket, Discount, Line
from services.pricing import sets as pricing
from services.pricing import tax
from services.pricing.basket import Rules, priced
from services.pricing.sets import Worth
from services.pricing.tax import Levy
from services.register import discount, returns, sale, sets
from services.register.refusal import StepRefused
from services.register.returns import Sold

EUR = Currency("EUR")
MIRA = StaffKey("mira")
NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
EMPTY = Basket(MIRA, EUR)
RATES = {TaxClass("A"): Levy(Decimal(19)), TaxClass("B"): Levy(Decimal(7))}


class Shelf:
    """Articles with their prices, without a mirror; what a set costs is `900`'s price."""

    def __init__(self, articles: list[Article], prices: dict[str, UnitPrice]) -> None:
        self.articles = {article.key: article for article in articles}
        self.prices = prices

    def by_code(self, code: Barcode) -> tuple[Article, int] | None:
        for article in self.articles.values():
            for each in article.codes:
                if each.value == code:
                    return article, each.pack
        return None

    def by_key(self, key: ArticleKey) -> Article | None:
        return self.articles.get(key)

    def code_rules(self) -> tuple[()]:
        return ()

    def listed(self, article: Article) -> bool:
        return True

    def price_steps(
        self, article: ArticleKey, at: datetime, customers: str | None = None
    ) -> list[tuple[str, UnitPrice]]:
        if customers and f"{article} {customers}" in self.prices:
            return [("customer", self.prices[f"{article} {customers}"])]
        return [("base", self.prices[article])] if article in self.prices else []


def price(text: str) -> UnitPrice:
    return UnitPrice.parse(text, EUR)


BREAD = Article(ArticleKey("1"), de="Brot", tax=TaxClass("B"))
WINE = Article(ArticleKey("2"), de="Wein", tax=TaxClass("A"), age=16)
WATER = Article(ArticleKey("3"), de="Wasser", tax=TaxClass("A"), deposit=Money(25, EUR))
CHEESE = Article(ArticleKey("4"), de="Käse", tax=TaxClass("B"), unit="kg")
BASKET = Article(
    ArticleKey("900"), de="Picknick", tax=TaxClass("A"), codes=(Code(Barcode("4006381333931")),),
    parts=(
        Part(BREAD.key, Quantity(1000)), Part(WINE.key, Quantity(1000)),
        Part(WATER.key, Quantity(2000)), Part(CHEESE.key, Quantity(250, "kg")),
    ),
)  # fmt: skip
SHELF = Shelf(
    [BREAD, WINE, WATER, CHEESE, BASKET],
    {"1": price("3.20"), "2": price("7.99"), "3": price("0.89"), "4": price("18.00"),
     "900": price("12.99"), "900 club": price("11.00")},
)  # fmt: skip


def sold(many: int = 1, shelf: Shelf = SHELF, **said: object) -> Basket:
    given_ = sale.Given(NOW, "de", Quantity(many * 1000), **said)  # type: ignore[arg-type]
    return sale.scan(EMPTY, shelf, Barcode("4006381333931"), given_)


def parts(basket: Basket) -> list[Line]:
    return [line for line in basket.lines if line.part and line.counts]


def taxed(basket: Basket) -> int:
    return sum(row.gross.minor for row in tax.totals(basket.lines, RATES.__getitem__))


def test_a_set_is_sold_as_its_parts_which_cost_what_it_costs() -> None:
    basket = sold()
    lines = parts(basket)
    assert [(x.name, str(x.quantity), x.tax) for x in lines] == [
        ("Brot", "1 pcs", "B"), ("Wein", "1 pcs", "A"), ("Wasser", "2 pcs", "A"),
        ("Käse", "0.25 kg", "B"),
    ]  # fmt: skip
    # alone 3.20, 7.99, 1.78 and 4.50 of 17.47
    assert [x.amount.minor for x in lines] == [238, 594, 132, 335]
    assert basket.total == Money(1299 + 50, EUR), "with the deposit, which is no part of the offer"
    assert {x.part.name for x in lines if x.part} == {"Picknick"}
    assert [x.leads for x in basket.lines] == [True, False, False, False, False]
    assert taxed(basket) == basket.total.minor
    assert [step.rule for step in lines[0].steps] == ["base", "set"]


def test_a_set_travels_as_xml_and_is_the_same_again() -> None:
    basket = sold(3)
    assert xml.load(Basket, xml.dump(basket)) == basket


def test_two_sets_are_twice_one_part_for_part() -> None:
    one, two = parts(sold()), parts(sold(2))
    assert [x.amount.minor * 2 for x in one] == [x.amount.minor for x in two]
    assert [x.quantity.thousandths for x in two] == [2000, 2000, 4000, 500]


def test_where_no_part_costs_anything_quantities_share() -> None:
    shelf = Shelf(list(SHELF.articles.values()), {"900": price("10.00")})
    assert [x.amount.minor for x in parts(sold(shelf=shelf))] == [235, 235, 471, 59]


def test_its_lines_are_one_to_change_void_and_undo() -> None:
    basket = sold()
    before = basket
    milk = sale.Given(NOW, "de")
    basket = sale.scan(basket, SHELF, Barcode("1"), milk)
    three = sale.set_quantity(basket, 1, Quantity(3000))
    assert three.total.minor == 3 * 1299 + 3 * 50 + 320
    two = sale.set_quantity(three, 2, Quantity(2000))
    assert two.total.minor == 2 * 1299 + 2 * 50 + 320
    gone = [x for x in two.lines if not x.counts]
    assert sum(x.amount.minor for x in gone) == 1299 + 50, "one set less stays as a record"
    assert len({x.number for x in two.lines}) == len(two.lines)
    void = sale.void_line(two, 3)
    assert void.total.minor == 320
    assert sale.taken_back(void, before).total == before.total
    with pytest.raises(StepRefused, match="deposit follows"):
        sale.void_line(basket, 4)
    with pytest.raises(StepRefused, match="whole pieces"):
        sale.set_quantity(basket, 1, Quantity(1500))


def test_another_price_is_of_the_set_and_a_line_discount_is_none() -> None:
    basket = sale.override_price(sold(2), 2, price("10.00"), MIRA)
    assert basket.total.minor == 2000 + 100
    assert [step.rule for step in parts(basket)[1].part.steps] == ["base", "override"]  # type: ignore[union-attr]
    with pytest.raises(StepRefused, match="is a set"):
        discount.on_line(basket, 1, Discount(MIRA, percent=Decimal(10)))


def test_a_customers_own_price_of_the_set_holds() -> None:
    basket = sale.repriced(replace(sold(), customers="club"), SHELF, NOW)
    assert sum(x.amount.minor for x in parts(basket)) == 1100
    assert [x.part.steps[-1].rule for x in parts(basket) if x.part] == ["customer"] * 4
    kept = sale.override_price(sold(), 1, price("9.00"), MIRA)
    assert sale.repriced(replace(kept, customers="club"), SHELF, NOW).total == kept.total


def test_a_part_takes_part_in_no_promotion_and_in_a_discount_of_the_receipt() -> None:
    half = Promotion(
        PromotionKey("half"), NOW - timedelta(days=9), percent=Decimal(50), goods=(Goods(),)
    )
    basket = sale.scan(sold(), SHELF, Barcode("1"), sale.Given(NOW, "de"))
    promoted = priced(basket, Rules([half]))
    assert promoted.total.minor == 1299 + 50 + 160
    basket = replace(basket, discounts=(Discount(MIRA, percent=Decimal(10)),))
    discounted = priced(basket, Rules())
    assert discounted.total.minor == 1299 + 320 - 162 + 50
    assert all(x.reductions for x in parts(discounted))
    assert sale.set_quantity(discounted, 1, Quantity(2000)).lines[0].reductions == ()


def test_what_cannot_be_a_part_is_said() -> None:
    inner = replace(BREAD, parts=(Part(WINE.key, Quantity(1000)),))
    for odd in (inner, replace(BREAD, asks=("price",)), replace(BREAD, voucher="multi")):
        shelf = Shelf([odd, WINE, WATER, CHEESE, BASKET], SHELF.prices)
        with pytest.raises(StepRefused, match="cannot be sold in the set Picknick"):
            sold(shelf=shelf)
    with pytest.raises(StepRefused, match="No article has the number 1"):
        sold(shelf=Shelf([WINE, WATER, CHEESE, BASKET], SHELF.prices))


def test_a_set_comes_back_without_its_receipt_as_it_went() -> None:
    basket = sold(2, back=True)
    assert basket.total.minor == -2 * 1299 - 100
    assert sale.set_quantity(basket, 1, Quantity(1000)).total.minor == -1299 - 50


def test_one_of_two_sets_that_comes_back_is_exactly_its_price() -> None:
    bought = Sold("014-2-1-1", "014", NOW.date(), sold(2).lines)
    basket = EMPTY
    for line in bought.lines:
        if line.kind == "sale":
            one = Quantity(line.quantity.thousandths // 2, line.quantity.unit)
            basket = returns.take_back(basket, bought, line.number, one, {}, returns.Given("x"))
    assert basket.total.minor == -1299 - 50
    assert not any(line.part for line in basket.lines), "what came back is free of its set"


WORTHS = st.builds(
    Worth,
    st.none() | st.integers(0, 5_000_000).map(lambda fine: UnitPrice(fine, EUR)),
    st.integers(1, 20_000),
)


@given(st.integers(0, 10_000_000), st.integers(1, 500), st.lists(WORTHS, min_size=1, max_size=12))
def test_shares_sum_to_the_price_and_none_is_below_zero(
    fine: int, many: int, worths: list[Worth]
) -> None:
    whole = UnitPrice(fine, EUR)
    shares = pricing.shares(whole, many, worths)
    assert sum(shares) == whole.times(many * 1000).minor
    assert all(share >= 0 for share in shares)


SET_PARTS = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 5000), st.integers(1, 9), st.booleans()),
    min_size=1, max_size=8,
)  # fmt: skip


@given(SET_PARTS, st.integers(0, 20_000), st.integers(1, 30), st.integers(0, 100), st.data())
def test_whatever_is_sold_taxes_add_up_and_any_split_of_returns_is_what_was_paid(
    made: list[tuple[str, int, int, bool]], cents: int, many: int, off: int, data: st.DataObject
) -> None:
    pieces = [
        Article(ArticleKey(f"p{n}"), de=f"Teil {n}", tax=TaxClass(class_),
                deposit=Money(25, EUR) if deposit else None)
        for n, (class_, _, _, deposit) in enumerate(made)
    ]  # fmt: skip
    whole = replace(
        BASKET,
        parts=tuple(Part(x.key, Quantity(m[2] * 1000)) for x, m in zip(pieces, made, strict=True)),
    )
    prices = {str(x.key): UnitPrice.of(Money(m[1], EUR)) for x, m in zip(pieces, made, strict=True)}
    shelf = Shelf([*pieces, whole], {**prices, "900": UnitPrice.of(Money(cents, EUR))})
    basket = sold(many, shelf)
    assert sum(x.amount.minor for x in parts(basket)) == many * cents
    if off:
        basket = replace(basket, discounts=(Discount(MIRA, percent=Decimal(off)),))
    basket = priced(basket, Rules())
    assert taxed(basket) == basket.total.minor
    bought = Sold("014-2-1-1", "014", NOW.date(), basket.lines)
    back, taken = 0, dict.fromkeys((x.number for x in basket.lines), 0)
    for line in parts(basket):
        left = line.quantity.thousandths // 1000
        while left:
            some = data.draw(st.integers(1, left))
            got = returns.take_back(
                EMPTY, bought, line.number, Quantity(some * 1000), taken, returns.Given("x")
            )
            back -= got.total.minor
            for each in got.lines:
                taken[each.origin_line or 0] += each.quantity.thousandths
            left -= some
    assert back == basket.total.minor


def test_a_share_counts_and_not_its_unit_price_times_many_pieces() -> None:
    seven = replace(BASKET, parts=(Part(BREAD.key, Quantity(7000)),))
    shelf = Shelf([BREAD, seven], {**SHELF.prices, "900": price("9.99")})
    basket = priced(sold(999, shelf), Rules())
    assert basket.total.minor == 999 * 999
    assert basket.lines[0].price.times(basket.lines[0].quantity.thousandths) != basket.total


def test_as_one_is_what_people_see() -> None:
    basket = replace(sold(2), discounts=(Discount(MIRA, percent=Decimal(10), reason="Fest"),))
    one = sets.as_one(priced(basket, Rules()).lines)
    assert (one.name, str(one.quantity), one.amount.minor, one.age) == (
        "Picknick",
        "2 pcs",
        2338,
        16,
    )
    assert [(each.name, each.amount.minor) for each in one.reductions] == [("Fest", 260)]
