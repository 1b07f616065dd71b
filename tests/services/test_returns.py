"""Returns and voids: never more than was sold, never another cent than was paid."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.keys import Barcode, StaffKey, TenderKey
from schemas.money import Currency
from schemas.quantity import Quantity
from schemas.receipt import Basket, Discount, Payment
from services.journal import hand
from services.pricing.sharing import part_of, share
from services.register import returns, slipcode
from services.register.refusal import StepRefused
from services.register.returns import Given, Sold
from services.till.till import Till
from tests.pretend.branch import Chain, euros

MILK, BEER = Barcode("4012345678901"), Barcode("40123455")
DEFECT = Given("defect", "destroyed")
EUR = Currency("EUR")
KEY = "5e" * 32


@given(st.integers(-10_000, 10_000), st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_parts_of_an_amount_sum_to_it_however_it_is_parted(amount: int, parts: list[int]) -> None:
    taken, summed = 0, 0
    for part in parts:
        summed += part_of(amount, taken, part, sum(parts))
        taken += part
    assert summed == amount


@given(st.integers(-10_000, 10_000), st.lists(st.integers(0, 500), max_size=12))
def test_shares_sum_to_the_whole_and_lie_within_one(amount: int, weights: list[int]) -> None:
    parts = share(amount, weights)
    if not sum(weights):
        assert not any(parts)
        return
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Decimal(amount * weight) / sum(weights)) < 1


def three_beers(till: Till) -> Sold:
    """Three beers and a milk, ten percent off the receipt."""
    till.scan(BEER, Quantity(3000))
    till.scan(MILK)
    till.discounts.receipt(Discount(StaffKey("mira"), percent=Decimal(10)))
    receipt, _ = till.pay()
    assert receipt.total == euros("4.06")
    return till.returning.find(receipt.name)


def test_what_was_paid_comes_back_in_parts(chain: Chain) -> None:
    with chain.till("014-1") as till:
        sold = three_beers(till)
        refunds = []
        for _ in range(3):
            till.returning.take_back(sold, 1, Quantity(1000), DEFECT)
            receipt, _ = till.pay()
            assert receipt.kind == "return"
            refunds.append(receipt.total.minor)
        paid = sum(line.amount.minor for line in sold.lines if line.number < 3)
        assert sum(refunds) == -paid
        assert len(set(refunds)) <= 2, "no part is more than a cent from the next"
        with pytest.raises(StepRefused, match="Only 0"):
            till.returning.take_back(sold, 1, Quantity(1000), DEFECT)
        assert [line.name for line, _ in till.returning.left(sold)] == ["Milch"]


def test_what_lies_in_the_basket_counts_as_come_back(chain: Chain) -> None:
    with chain.till("014-1") as till:
        sold = three_beers(till)
        till.returning.take_back(sold, 1, Quantity(2000), DEFECT)
        with pytest.raises(StepRefused, match="Only 1"):
            till.returning.take_back(sold, 1, Quantity(2000), DEFECT)
        line = till.basket.lines[0]
        with pytest.raises(StepRefused, match="worth what was paid"):
            till.set_quantity(line.number, Quantity(1000))
        till.void_line(line.number)
        till.returning.take_back(sold, 1, Quantity(3000), DEFECT)
        assert (line.reason, line.disposition, line.origin) == ("defect", "destroyed", sold.name)


def test_an_exchange_is_one_receipt(chain: Chain) -> None:
    with chain.till("014-1") as till:
        sold = three_beers(till)
        till.returning.take_back(sold, sold.lines[-1].number, Quantity(1000), DEFECT)
        till.scan(BEER)
        receipt, _ = till.pay()
        assert receipt.kind == "sale"
        assert {line.kind for line in receipt.lines} == {"return", "sale", "deposit"}


def test_a_receipt_is_taken_back_whole_once(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.drawer.float_in(euros("50.00"))
        till.scan(BEER, Quantity(3000))
        receipt, _ = till.pay([(TenderKey("cash"), euros("20.00"))])
        before = till.archive.receipt(receipt.name)
        void, _ = till.returning.void(receipt.name)
        assert (void.kind, void.origin, void.total) == ("void", receipt.name, -receipt.total)
        assert sum(row.gross.minor for row in void.taxes) == void.total.minor
        assert till.archive.receipt(receipt.name) == before
        with pytest.raises(StepRefused, match="taken back already"):
            till.returning.void(receipt.name)
        with pytest.raises(StepRefused, match="void receipt itself"):
            till.returning.void(void.name)
        assert till.returning.left(till.returning.find(receipt.name)) == []
        z = till.drawer.z_report()
        assert (z.total.minor, z.voided, z.cash, z.receipts) == (
            0,
            receipt.total,
            euros("50.00"),
            2,
        )
        till.scan(MILK)
        later, _ = till.pay()
        till.drawer.z_report()
        with pytest.raises(StepRefused, match="Z report"):
            till.returning.void(later.name)
    chain.look("014-1")
    assert chain.desk("014-1").acknowledged().numbers["1"] == 6


def test_a_tender_is_put_right_and_both_are_on_record(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        receipt, _ = till.pay([(TenderKey("cash"), euros("2.00"))])
        card = Payment(TenderKey("card"), "card", "Karte", euros("1.39"))
        wrong = Payment(TenderKey("card"), "card", "Karte", euros("1.40"))
        with pytest.raises(StepRefused, match="same amount"):
            till.returning.change_tender(receipt.name, (wrong,), "key")
        note = till.returning.change_tender(receipt.name, (card,), "key")
        assert (note.before[0].amount, note.after) == (euros("1.39"), (card,))
        z = till.drawer.z_report()
        assert {t.tender: t.amount.minor for t in z.tenders if t.amount} == {"card": 139}
        assert z.cash.minor == 0
    with chain.till("014-1") as till:
        assert till.drawer.x_report().float_.minor == 0


def test_the_code_on_a_slip_tells_another_branch_all_and_cannot_be_changed(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(BEER, Quantity(3000))
        till.scan(MILK)
        till.discounts.receipt(Discount(StaffKey("mira"), percent=Decimal(10)))
        receipt, _ = till.pay()
    text = slipcode.code(receipt, KEY)
    assert text is not None
    said = slipcode.sold(text, KEY)
    assert [(x.number, x.amount, x.quantity) for x in said.lines] == [
        (x.number, x.amount, x.quantity) for x in receipt.lines
    ]
    empty = Basket(StaffKey("jo"), EUR)
    back = returns.take_back(empty, said, 1, Quantity(1000), {}, DEFECT)
    assert sum(x.amount.minor for x in back.lines) < 0
    for place in range(len(slipcode.PREFIX), len(text), 7):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        with pytest.raises(slipcode.SlipCodeRefused):
            slipcode.sold(changed, KEY)
    with pytest.raises(slipcode.SlipCodeRefused):
        slipcode.sold(text, "00" * 32)


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_any_text_is_a_code_or_refused(text: str) -> None:
    for each in (text, slipcode.PREFIX + text):
        with pytest.raises(slipcode.SlipCodeRefused):
            slipcode.sold(each, KEY)


def test_a_parked_sale_is_gone_on_with_once_at_the_prices_of_now(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        till.scan(BEER)
        parked = till.parking.park()
        assert till.basket.is_empty
        till.scan(BEER)
        with pytest.raises(StepRefused, match="open sale"):
            till.parking.recall(parked.ref)
        till.pay()
    chain.price("40122", "1.99")
    chain.look("014-1")
    with chain.till("014-1") as till:
        assert [p.ref for p in till.parking.all()] == [parked.ref]
        basket = till.parking.recall(parked.ref)
        assert [line.amount.minor for line in basket.lines] == [199, 95, 8]
        assert till.parking.all() == []
        with pytest.raises(StepRefused, match="open sale"):
            till.parking.recall(parked.ref)
        assert till.pay()[0].ref == parked.ref
        with pytest.raises(StepRefused, match="not parked"):
            till.parking.recall(parked.ref)


def test_a_death_around_parking_and_recall_leaves_one_sale(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        till.scan(BEER)
        basket = till.basket
        ref = till.parking.park().ref
        hand.save(till.box.hand, replace(basket, lines=basket.lines[:1]))  # a write that came late
    with chain.till("014-1") as till:
        assert till.basket.is_empty
        assert [len(p.basket.lines) for p in till.parking.all()] == [3]
        till.parking.recall(ref)
        assert till.parking.all() == []
    with chain.till("014-1") as till:  # died after the recall, the sale is in hand
        assert till.basket.ref == ref
        hand.clear(till.box.hand)
    with chain.till("014-1") as till:  # died before it was in hand: it is parked again
        assert till.basket.is_empty
        till.parking.recall(ref)
        till.pay()
        assert till.parking.all() == []
    with chain.till("014-1") as till:
        assert till.basket.is_empty
        assert till.parking.all() == []
