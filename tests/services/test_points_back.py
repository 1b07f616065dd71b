"""What points paid comes back as points, what was collected goes: by the sale's programme, anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.customer import Customer, Programme
from schemas.keys import ArticleKey, CustomerKey, ProgrammeKey, StaffKey, TaxClass, TenderKey
from schemas.money import Currency, Money, UnitPrice
from schemas.quantity import Quantity
from schemas.receipt import Basket, Line, Payment, Receipt, TaxTotal
from services.database import changes
from services.pricing import borne, loyalty
from services.register import clientele, closing, returns, slipcode, tendering
from services.register.refusal import StepRefused
from services.register.returns import Sold
from services.till.till import Till
from tests.pretend.branch import Chain, euros
from tests.services import test_clientele
from tests.services.test_clientele import POINTS, anna, bought, milk, points

BONUS, STAMPS = ProgrammeKey("bonus"), ProgrammeKey("stamps")
DEFECT = returns.Given("defect")
EUR = Currency("EUR")
ZERO = Money.zero(EUR)
PROGRAMMES = (
    Programme(BONUS, Money(3, EUR), "Bonus", per=Money(70, EUR)),
    Programme(STAMPS, Money(10, EUR), "Marken"),
)
club = test_clientele.shop


def collecting(prices: list[tuple[int, int]], used: int) -> Basket:
    """A sale of so many pieces at such prices, of which points pay a part, as closing leaves it."""
    lines = tuple(
        Line(n, "sale", ArticleKey(f"a{n}"), f"A{n}", Quantity(many * 1000), UnitPrice(minor * 1000, EUR),
             Money(minor * many, EUR), TaxClass("B"))
        for n, (many, minor) in enumerate(prices, 1)
    )  # fmt: skip
    basket = Basket(StaffKey("mira"), EUR, customer=CustomerKey("20418"), lines=lines)
    gross = basket.total
    taxes = (TaxTotal(TaxClass("B"), Decimal(0), gross, gross, ZERO),)
    paid = Money(min(used * 3, gross.minor // 3 * 3), EUR)
    payments = (
        Payment(POINTS, "points", "Punkte", paid, reference=BONUS, points=paid.minor // 3),
        Payment(TenderKey("cash"), "cash", "Bar", gross - paid),
    )
    settled = tendering.Settled(payments, ZERO, ZERO)
    kept = closing.collecting(basket, settled, taxes, PROGRAMMES, {}, "de")
    less = borne.paid(kept, taxes, paid)
    return replace(basket, lines=less, payments=payments)


def moved(lines: tuple[Line, ...], payments: tuple[Payment, ...]) -> dict[str, int]:
    found: dict[str, int] = {e.programme: 0 for line in lines for e in line.earned}
    for each in loyalty.summed(lines):
        found[each.programme] += int(each.points.scaleb(3))
    for payment in payments:
        if payment.points and payment.reference:
            found[payment.reference] = found.get(payment.reference, 0) - payment.points * 1000
    return found


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 999)), min_size=1, max_size=5),
    st.integers(0, 600),
    st.randoms(use_true_random=False),
)
def test_any_split_of_returns_gives_each_cent_and_each_point_back_once(
    prices: list[tuple[int, int]], used: int, chance: object
) -> None:
    basket = collecting(prices, used)
    sold = Sold("1", "014", date(2026, 1, 5), basket.lines, basket.customer)
    said = moved(basket.lines, basket.payments)
    parts = [line.number for line in basket.lines for _ in range(line.quantity.thousandths // 500)]
    chance.shuffle(parts)  # type: ignore[attr-defined]
    taken: dict[int, int] = {}
    money, back = 0, dict.fromkeys(said, 0)
    for number in parts:
        empty = Basket(StaffKey("mira"), EUR)
        more = returns.take_back(empty, sold, number, Quantity(500), taken, DEFECT)
        taken[number] = taken.get(number, 0) + 500
        money -= more.total.minor
        for programme, thousandths in moved(more.lines, ()).items():
            back[programme] += thousandths
    assert money == basket.payments[1].amount.minor
    assert back == {programme: -many for programme, many in said.items()}


def paid_with_points(till: Till, pieces: int, amount: str) -> Receipt:
    milk(till, pieces)
    till.clientele.choose(anna(till))
    till.paying.tender(POINTS, euros(amount))
    return till.pay()[0]


def test_points_come_back_with_each_part_of_the_goods(club: Chain) -> None:
    with club.till("014-1") as till:
        bought(till, 100)
        receipt = paid_with_points(till, 3, "1.00")
        sold = till.returning.find(receipt.name)
        refunds, given_back = [], []
        for _ in range(3):
            till.returning.take_back(sold, 1, Quantity(1000), DEFECT)
            back, _ = till.pay()
            refunds.append(-back.total.minor)
            given_back += [int(e.points) for e in back.earned if e.used]
        assert (sum(refunds), sum(given_back)) == (417 - 100, 100)
        assert max(given_back) - min(given_back) <= 1
        assert till.clientele.wallet(anna(till)).points == {"bonus": Decimal(139)}
    club.look("014-1")
    assert points(club) == 139000


def test_goods_that_points_paid_whole_come_back_for_points_alone(club: Chain) -> None:
    with club.office.session() as session:
        changes.record(session, Programme(BONUS, euros("1.39"), "Bonus", per=euros("1.00")),
                       changes.CHAIN, "test")  # fmt: skip
    club.publish()
    with club.till("014-1") as till, club.line("014-1"):
        bought(till, 2)
        club.look("014-1")
        milk(till)
        till.clientele.choose(anna(till))
        till.authority.ask("points", "20418", euros("1.39"), BONUS)
        receipt, _ = till.pay([(POINTS, euros("1.39"))])
        assert [e.points for e in receipt.earned] == []
        till.returning.take_back(till.returning.find(receipt.name), 1, Quantity(1000), DEFECT)
        back, _ = till.pay()
        assert (back.total, [(e.points, e.used) for e in back.earned]) == (
            euros("0.00"),
            [(Decimal(1), True)],
        )
        void, _ = till.returning.void(back.name)
        assert [(e.points, e.used) for e in void.earned] == [(Decimal(-1), True)]
        assert clientele.moved(void) == {"bonus": -1000}


def test_by_the_slips_code_the_sales_points_go_though_the_programme_changed(club: Chain) -> None:
    with club.till("014-1") as till:
        bought(till, 100)
        receipt = paid_with_points(till, 3, "1.00")
        brought = {e.programme: e.points for e in receipt.earned}
        key = till.catalogue.own.slip_key or ""
        text = slipcode.code(receipt, key)
    assert text
    said, whole = slipcode.sold(text, key), Sold.of(receipt)
    assert said.customer == whole.customer
    assert [line.earned for line in said.lines] == [line.earned for line in whole.lines]
    with club.office.session() as session:
        twice = Programme(BONUS, euros("0.01"), "Bonus", per=euros("0.50"))
        changes.record(session, twice, changes.CHAIN, "test")
    club.look("014-1")
    club.publish()
    before = points(club)
    with club.till("014-2") as till:  # another till, without a line
        till.returning.take_back(till.returning.find(text), 1, Quantity(3000), DEFECT)
        assert till.basket.customer == "20418"
        with pytest.raises(StepRefused, match="Anna"):
            till.clientele.choose(Customer(CustomerKey("9"), "Somebody"))
        with pytest.raises(StepRefused, match="Anna"):
            till.clientele.choose(None)
        back, _ = till.pay()
        assert back.total == euros("-3.17")
    club.look("014-2")
    assert points(club) == before - int(brought[BONUS].scaleb(3)) + 100_000 == 139000


def test_a_code_of_a_slip_from_before_says_what_it_said(club: Chain) -> None:
    with club.till("014-1") as till:
        milk(till)
        receipt, _ = till.pay()
        key = till.catalogue.own.slip_key or ""
        text = slipcode.code(receipt, key)
    assert text
    sold = slipcode.sold(text, key)
    assert (sold.customer, sold.lines[0].earned) == (None, ())
