"""What comes back is what was paid, taxes included: at the rate and in the zone that it was sold in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from schemas.keys import (
    ArticleKey,
    Barcode,
    BranchKey,
    Digest,
    LayoutKey,
    StaffKey,
    TaxClass,
    TaxZone,
    TenderKey,
    TillKey,
)
from schemas.money import Currency, Money, UnitPrice
from schemas.quantity import Quantity
from schemas.receipt import Basket, Discount, Line, Payment, Receipt
from schemas.tax import Rate, Tax
from services.database import beginning, changes, organisation
from services.database.sales import QuarantineRow, TaxRow
from services.pricing import borne, tax
from services.pricing.basket import Rules, priced
from services.pricing.tax import Levy
from services.register import returns, slipcode
from services.register.returns import Given, Sold
from tests.pretend.branch import Chain

EUR = Currency("EUR")
MIRA = StaffKey("mira")
KEY = "5e" * 32
DEFECT = Given("defect")
MILK, BEER = Barcode("4012345678901"), Barcode("40123455")
SOLD_AT = {
    "A": Levy(Decimal(19)), "B": Levy(Decimal("8.875"), added=True), "Z": Levy(Decimal(0)),
    "T": Levy(Decimal("10.1"), added=True),
}  # fmt: skip
ELSEWHERE = {
    "A": Levy(Decimal(21), added=True), "B": Levy(Decimal(7)), "T": Levy(Decimal("10.1"), added=True),
}  # fmt: skip
"""Rates where it comes back; class Z is not known there."""


def article(number: int, class_: str, many: int, fine: int, *, of: int | None = None) -> Line:
    price = UnitPrice(fine, EUR)
    return Line(
        number, "deposit" if of else "sale", ArticleKey(f"a{number}"), "Ware", Quantity(many * 1000),
        price, price.times(many * 1000), TaxClass(class_), of=of, fixed=bool(of) or None,
    )  # fmt: skip


@st.composite
def baskets(draw: st.DrawFn) -> Basket:
    """Goods of every tax, some with a deposit, less what discounts take."""
    lines: list[Line] = []
    for _ in range(draw(st.integers(1, 5))):
        many, number = draw(st.integers(1, 5)), len(lines) + 1
        lines.append(
            article(number, draw(st.sampled_from("ABTZ")), many, draw(st.integers(1, 3000)) * 1000)
        )
        if draw(st.booleans()):
            lines.append(article(number + 1, "A", many, 25_000, of=number))
    discounts = [
        Discount(MIRA, percent=Decimal(percent))
        for percent in draw(st.lists(st.integers(1, 90), max_size=2))
    ]
    return priced(Basket(MIRA, EUR, lines=tuple(lines), discounts=tuple(discounts)), Rules())


def bought(basket: Basket, coupon: int = 0, more: tuple[Line, ...] = ()) -> Receipt:
    """The receipt of a basket, of which a coupon paid some."""
    basket = replace(basket, lines=(*basket.lines, *more))
    added = tax.added(basket.lines, SOLD_AT.__getitem__, EUR)
    total = replace(basket, added_tax=added).total
    coupon = max(0, min(coupon, total.minor))
    rows = tax.totals(basket.lines, SOLD_AT.__getitem__)
    if coupon > 0:
        rows += borne.less_coupons(basket.lines, rows, Money(coupon, EUR))
    payments = (
        Payment(TenderKey("cash"), "cash", "Bar", Money(total.minor - coupon, EUR)),
        Payment(TenderKey("coupon"), "coupon", "Coupon", Money(coupon, EUR)),
    )
    at = datetime(2026, 11, 25, 10, tzinfo=UTC)
    return Receipt(
        BranchKey("014"), TillKey("1"), "1", 7, "sale", at, at, date(2026, 11, 25), MIRA, "Mira",
        EUR, total, Money(0, EUR), 1, Digest("0" * 64), LayoutKey("x"), 1, "test",
        lines=basket.lines, taxes=rows, payments=payments,
    )  # fmt: skip


def as_found(receipt: Receipt) -> Sold:
    return Sold.of(receipt)


def by_slip(receipt: Receipt) -> Sold:
    text = slipcode.code(receipt, KEY)
    assert text is not None
    return slipcode.sold(text, KEY)


def all_back(
    sold: Sold, choose: Callable[[int], int]
) -> tuple[int, dict[tuple[str, Decimal], int]]:
    """Everything comes back, in so many pieces and receipts as `choose` says: money, and tax by rate."""
    taken: dict[int, int] = {}
    money = 0
    taxes: dict[tuple[str, Decimal], int] = {}
    while left := returns.left(sold, taken):
        basket = Basket(MIRA, EUR)
        for line, rest in left:
            pieces = choose(rest.thousandths // 1000)
            if pieces:
                back = Quantity(pieces * 1000)
                basket = returns.take_back(basket, sold, line.number, back, taken, DEFECT)
        for line in basket.lines:
            assert line.origin_line is not None
            so_far = taken.get(line.origin_line, 0)
            taken[line.origin_line] = so_far + line.quantity.thousandths
        rows = tax.totals(basket.lines, ELSEWHERE.__getitem__)
        added = tax.added(basket.lines, ELSEWHERE.__getitem__, EUR)
        total = replace(basket, added_tax=added).total.minor
        assert total == sum(row.gross.minor for row in rows)
        assert all(row.net + row.tax == row.gross for row in rows)
        money += total
        for row in rows:
            key = (row.class_, row.percent)
            taxes[key] = taxes.get(key, 0) + row.tax.minor
    return money, {key: each for key, each in taxes.items() if each}


@pytest.mark.parametrize("source", [as_found, by_slip])
@given(basket=baskets(), coupon=st.integers(0, 9000), data=st.data())
def test_all_that_comes_back_is_what_was_paid_and_taxed(
    source: Callable[[Receipt], Sold], basket: Basket, coupon: int, data: st.DataObject
) -> None:
    receipt = bought(basket, coupon)
    paid = sum(payment.amount.minor for payment in receipt.payments if payment.kind != "coupon")
    taxed: dict[tuple[str, Decimal], int] = {}
    for row in receipt.taxes:
        key = (row.class_, row.percent)
        taxed[key] = taxed.get(key, 0) + row.tax.minor

    def choose(most: int) -> int:
        return data.draw(st.integers(min(1, most), most))

    money, taxes = all_back(source(receipt), choose)
    assert money == -paid
    assert taxes == {key: -each for key, each in taxed.items() if each}


@given(basket=baskets(), back=baskets(), share=st.integers(1, 4))
def test_what_is_bought_in_an_exchange_comes_back_for_its_own_price(
    basket: Basket, back: Basket, share: int
) -> None:
    """The receipt also holds what came back from another one, some of it at another rate."""
    before = Sold.of(bought(back))
    other = replace(
        before,
        lines=tuple(
            replace(x, percent=Decimal(16), added=None) if x.number % 2 else x for x in before.lines
        ),
    )
    returned = Basket(MIRA, EUR, lines=basket.lines)
    for line, rest in returns.left(other, {}):
        pieces = Quantity(max(1, rest.thousandths // 1000 // share) * 1000)
        returned = returns.take_back(returned, other, line.number, pieces, {}, DEFECT)
    alone = bought(basket)
    receipt = bought(basket, more=returned.lines[len(basket.lines) :])
    money, _ = all_back(Sold.of(receipt), lambda most: most)
    assert money == -alone.total.minor


def test_a_coupon_takes_no_more_of_a_line_than_it_came_to() -> None:
    dear, cheap = article(1, "A", 1, 1_000_000), article(2, "A", 1, 1_000_000)
    cheap = replace(cheap, amount=Money(50, EUR))
    receipt = bought(Basket(MIRA, EUR, lines=(dear, cheap)), coupon=900)
    assert [line.amount.minor for line in Sold.of(receipt).lines] == [150, 0]


def other_zone(chain: Chain) -> None:
    """What is taken away is taxed on top of its price, at rates of its own."""
    with chain.office.session() as session:
        for class_, percent in (("A", "8.875"), ("B", "5")):
            rates = (Rate(beginning.EPOCH, Decimal(percent)),)
            levy = Tax(TaxClass(class_), TaxZone("away"), class_, rates, added=True)
            changes.record(session, levy, changes.CHAIN, "test")
        company = organisation.company(session)
        assert company is not None
        company.rules = {"takeaway_zone": "away"}
        organisation.announce(session, "company", company.key, "test")
    chain.publish()


def test_taxes_on_top_come_back_in_another_zone_without_a_line(chain: Chain) -> None:
    other_zone(chain)
    with chain.till("014-1") as till:
        till.circumstances.take_away(away=True)
        till.scan(BEER, Quantity(3000))
        till.scan(MILK)
        receipt, _ = till.pay()
        assert (receipt.zone, receipt.total.minor) == ("away", 285 + 24 + 139 + 27 + 7)
        text = slipcode.code(receipt, till.catalogue.own.slip_key or "")
    assert text
    refunds = []
    with chain.till("014-2") as till:
        sold = till.returning.find(text)
        for line, pieces in ((1, 1), (1, 1), (1, 1), (3, 1)):
            till.returning.take_back(sold, line, Quantity(pieces * 1000), DEFECT)
            refund, _ = till.pay()
            assert refund.zone is None
            assert refund.taxes[0].back
            refunds.append(refund.total.minor)
        assert sum(refunds) == -receipt.total.minor
        x = till.drawer.x_report()
        assert (x.total.minor, x.returned.minor) == (-receipt.total.minor, 482 - 26)
        assert {(t.class_, t.percent): t.tax.minor for t in x.taxes} == {
            ("A", Decimal("8.875")): -27, ("B", Decimal(5)): -7,
        }  # fmt: skip


def test_an_exchange_at_two_rates_reaches_head_office(any_chain: Chain) -> None:
    other_zone(any_chain)
    with any_chain.till("014-1") as till:
        till.circumstances.take_away(away=True)
        till.scan(MILK)
        receipt, _ = till.pay()
        sold = till.returning.find(receipt.name)
        till.returning.take_back(sold, 1, Quantity(1000), DEFECT)
        till.scan(MILK, Quantity(2000))
        exchange, _ = till.pay()
        assert [(row.class_, row.percent, row.tax.minor, row.back) for row in exchange.taxes] == [
            ("B", Decimal(7), 18, None), ("B", Decimal(5), -7, True),
        ]  # fmt: skip
        assert exchange.total.minor == 2 * 139 - 146
        void, _ = till.returning.void(exchange.name)
        assert void.total == -exchange.total
    any_chain.look("014-1")
    with any_chain.office.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(QuarantineRow)) == 0
        rows = session.execute(
            sa.select(TaxRow.percent, TaxRow.amount).where(TaxRow.receipt == exchange.number)
        )
        assert sorted((row[0], row[1]) for row in rows) == [(5000, -7), (7000, 18)]
