"""Who buys and sells, here or away, serial numbers, coupons, copies."""

from __future__ import annotations

from decimal import Decimal

import pytest

from schemas.keys import ArticleKey, Barcode, CustomerKey, PromotionKey, StaffKey, TaxClass, TaxZone
from schemas.money import UnitPrice
from schemas.price import Price
from schemas.promotion import Goods, Promotion
from schemas.quantity import Quantity
from schemas.tax import Rate, Tax
from services.database import beginning, changes, organisation, prices
from services.register.refusal import StepRefused
from tests.pretend.branch import BEGAN, Chain, euros

MILK, BEER = Barcode("4012345678901"), Barcode("40123455")


def test_a_customers_prices_hold_while_they_are_the_customer(chain: Chain) -> None:
    price = Price(ArticleKey("40122"), BEGAN, UnitPrice.parse("1.00", "EUR"), customers="staff")
    with chain.office.session() as session:
        prices.put_price(session, price, "test")
    chain.publish()
    with chain.till("014-1") as till:
        till.scan(MILK)
        till.scan(MILK, price=UnitPrice.parse("0.50", "EUR"))
        assert till.circumstances.customer(CustomerKey("7"), "staff").total == euros("1.50")
        till.scan(MILK)
        assert till.basket.total == euros("2.50")
        assert till.circumstances.customer(None).total == euros("3.28")
        till.circumstances.customer(CustomerKey("7"), "staff")
        receipt, _ = till.pay()
    assert (receipt.customer, receipt.customers) == ("7", "staff")
    assert [step.rule for step in receipt.lines[0].steps] == ["base", "customer"]


def test_away_is_another_tax(chain: Chain) -> None:
    with chain.till("014-1") as till, pytest.raises(StepRefused, match="no difference"):
        till.circumstances.take_away(away=True)
    with chain.office.session() as session:
        for class_ in "AB":
            away = Tax(
                TaxClass(class_), TaxZone("away"), class_, (Rate(beginning.EPOCH, Decimal(5)),)
            )
            changes.record(session, away, changes.CHAIN, "test")
        company = organisation.company(session)
        assert company is not None
        company.rules = {"takeaway_zone": "away"}
        organisation.announce(session, "company", company.key, "test")
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        till.scan(MILK)
        till.circumstances.take_away(away=True)
        receipt, _ = till.pay()
        assert (receipt.zone, receipt.taxes[0].percent) == ("away", Decimal(5))
        till.scan(MILK)
        till.circumstances.take_away(away=True)
        till.circumstances.take_away(away=False)
        assert till.pay()[0].taxes[0].percent == Decimal(7)


def test_serial_numbers_salespeople_coupons_and_copies(chain: Chain) -> None:
    coupon = Promotion(
        PromotionKey("c"), BEGAN, off=euros("0.50"), coupon="981",
        goods=(Goods((ArticleKey("40122"),)),),
    )  # fmt: skip
    with chain.office.session() as session:
        changes.record(session, coupon, changes.CHAIN, "test")
    chain.publish()
    with chain.till("014-1") as till:
        till.scan(MILK)
        till.scan(BEER, Quantity(2000))
        till.circumstances.serial(1, " SN-1 ")
        with pytest.raises(StepRefused, match="one piece"):
            till.circumstances.serial(2, "SN-2")
        till.circumstances.salesperson(StaffKey("jo"))
        till.scan(MILK)
        assert till.circumstances.coupon("98112345").total == euros("4.34")
        with pytest.raises(StepRefused, match="already"):
            till.circumstances.coupon("98112345")
        receipt, _ = till.pay()
        assert {line.salesperson for line in receipt.lines} == {"jo"}
        assert (receipt.lines[0].serial, receipt.coupons) == ("SN-1", ("98112345",))
        assert till.circumstances.copy(receipt).total == euros("4.84"), "without its coupon"
