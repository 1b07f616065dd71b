"""Tenders: each rule of a tender as data, foreign money, cash rounding, training, age."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.keys import Barcode, CustomerKey, TenderKey
from schemas.money import Currency, Money
from schemas.tender import Tender
from services.journal import read
from services.register.refusal import StepRefused
from services.register.tendering import Handed, rounded, settle
from tests.pretend.branch import Chain, euros

MILK, BEER = Barcode("4012345678901"), Barcode("40123455")
EUR, CHF = Currency("EUR"), Currency("CHF")
CASH = Tender(TenderKey("cash"), "cash", "Bar", change=True, drawer=True)
CARD = Tender(TenderKey("card"), "card", "Karte")
ACCOUNT = Tender(TenderKey("account"), "account", "Rechnung", customer=True, most=euros("50.00"))
VOUCHER = Tender(TenderKey("voucher"), "voucher", "Gutschein", offline_most=euros("20.00"))
FRANKEN = Tender(
    TenderKey("chf"), "cash", "Franken", change=True, currency=CHF, rate=Decimal("1.0637")
)
COINS = replace(CASH, rounding=5)

RULES = [
    # tender, amount, more, who buys, refused with (None: taken)
    (CARD, "1.39", {}, None, None),
    (CARD, "1.40", {}, None, "no-change"),
    (CARD, "1.38", {}, None, "too-little"),
    (CARD, "-1.39", {}, None, "negative-tender"),
    (replace(CARD, least=euros("5.00")), "1.39", {}, None, "least-tender"),
    (replace(CARD, most=euros("1.00")), "1.39", {}, None, "most-tender"),
    (replace(CARD, cashback=euros("0.50")), "1.89", {}, None, None),
    (replace(CARD, cashback=euros("0.50")), "1.90", {}, None, "no-change"),
    (ACCOUNT, "1.39", {}, None, "customer-needed"),
    (ACCOUNT, "1.39", {}, CustomerKey("7"), None),
    (VOUCHER, "1.39", {}, None, "voucher-number"),
    (VOUCHER, "1.39", {"reference": "V7"}, None, None),
    (VOUCHER, "1.39", {"reference": "V7", "offline": True}, None, None),
    (CARD, "1.39", {"offline": True}, None, "most-tender"),
    (CASH, "50.00", {}, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("tender", "amount", "more", "who", "fact"), RULES)
def test_each_rule_of_a_tender(
    tender: Tender, amount: str, more: dict[str, str], who: CustomerKey | None, fact: str | None
) -> None:
    handed = Handed(tender, euros(amount), **more)  # type: ignore[arg-type]
    if fact is None:
        settled = settle(euros("1.39"), [handed], "de", who)
        assert settled.payments[0].amount - settled.change == euros("1.39")
        return
    with pytest.raises(StepRefused) as refused:
        settle(euros("1.39"), [handed], "de", who)
    assert refused.value.fact == fact


def test_foreign_money_is_worth_its_rate_and_both_amounts_are_kept() -> None:
    settled = settle(euros("10.00"), [Handed(FRANKEN, Money(2000, CHF))], "de")
    payment = settled.payments[0]
    assert (payment.amount, payment.given, payment.rate) == (
        euros("21.27"), Money(2000, CHF), Decimal("1.0637"),
    )  # fmt: skip
    assert settled.change == euros("11.27")


@given(st.integers(-2000, 2000), st.integers(0, 1000))
def test_rounding_touches_the_cash_part_alone(due: int, card: int) -> None:
    open_ = Money(due - card, EUR)
    handed = [Handed(CARD, Money(card, EUR))] if 0 < card < due else []
    if not handed:
        open_ = Money(due, EUR)
    last = rounded(open_, 5)
    if due == 0 or last.minor == 0:
        return
    settled = settle(Money(due, EUR), [*handed, Handed(COINS, last)], "de")
    assert last.minor % 5 == 0
    assert abs(settled.rounding.minor) <= 2
    paid = sum(p.amount.minor for p in settled.payments)
    assert paid - settled.change.minor - settled.rounding.minor == due
    assert settled.change.minor == 0


def test_practice_is_no_turnover(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        earnest, _ = till.pay()
        till.scan(MILK)
        with pytest.raises(StepRefused, match="open sale"):
            till.train(training=True)
        till.abort()
        till.train(training=True)
        for number in range(1, 11):
            till.scan(BEER)
            practice, _ = till.pay()
            assert (practice.training, practice.number) == (True, number)
            assert any("ÜBUNG" in row.text for row in till.prints.rows(practice))
        till.train(training=False)
        till.scan(MILK)
        assert till.pay()[0].number == earnest.number + 1
        z = till.drawer.z_report()
        assert (z.receipts, z.total, z.training) == (2, euros("2.78"), 10)
        assert read.last_number(till.box.journal, "1") == 4
    chain.look("014-1")
    assert chain.desk("014-1").acknowledged().numbers == {"1": 4}


def test_an_age_is_asked_once_for_the_highest(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.asks_age = True
        till.scan(BEER)
        till.scan(MILK)
        till.scan(BEER)
        with pytest.raises(StepRefused, match="age"):
            till.pay()
        till.answer(1, "seen: identity card")
        receipt, _ = till.pay()
        assert receipt.lines[0].answer == "seen: identity card"
        till.scan(BEER)
        till.void_line(1)
        till.scan(MILK)
        till.pay()
