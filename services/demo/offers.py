"""What the sample chain offers beside articles: promotions, vouchers, rules of the house."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from schemas.article import Article, Code
from schemas.coderule import CodeRule
from schemas.customer import Card, Customer, Programme
from schemas.keys import (
    ArticleKey,
    Barcode,
    CustomerKey,
    GroupKey,
    ProgrammeKey,
    PromotionKey,
    TaxClass,
    TenderKey,
)
from schemas.money import Money, UnitPrice
from schemas.price import Price
from schemas.promotion import Goods, Promotion, Tier
from schemas.tender import Tender
from services.database import articles, changes, customers, organisation, prices
from services.demo.chain import BY

RULES: Final = {
    "float_": "150.00 EUR",
    "drawer_most": "1000.00 EUR",
    "count_attempts": "2",
    "count_tolerance": "5.00 EUR",
    "return_days": "30",
    "voucher_budget": "50.00 EUR",
    "account_budget": "50.00 EUR",
    "points_budget": "5.00 EUR",
    "debit_budget": "100.00 EUR",
}


def offer(session: Session, time_zone: str) -> None:
    """Put everything in force from the chain's beginning on."""
    company = organisation.company(session)
    assert company is not None
    company.rules = dict(RULES)
    session.flush()
    organisation.announce(session, "company", company.key, BY)
    began = datetime(2023, 1, 1, tzinfo=ZoneInfo(time_zone))
    for document in (*_promotions(began), *_code_rules(), *_ways_to_pay()):
        changes.record(session, document, changes.CHAIN, BY)
    for customer in CUSTOMERS:
        customers.put(session, customer, BY)
    _vouchers(session, began)


CUSTOMERS: Final = (
    Customer(
        CustomerKey("20418"), "Anna Seidel", "+49 351 4455", "anna.seidel@example.org",
        language="de", limit=Money.parse("200.00", "EUR"), cards=(Card(Barcode("7770000020418")),),
    ),
    Customer(
        CustomerKey("20511"), "Kita Löbtau", limit=Money.parse("1000.00", "EUR"),
        cards=(Card(Barcode("7770000020511")),),
    ),
    Customer(CustomerKey("20622"), "José García", language="es",
             cards=(Card(Barcode("7770000020622")),)),
)  # fmt: skip
"""Two who buy on account, one who only collects; their cards can be scanned or typed."""


def _ways_to_pay() -> tuple[Programme | Tender, ...]:
    bonus = Programme(
        ProgrammeKey("bonus"), Money.parse("0.01", "EUR"), "Bonuspunkte", "Bonus points", "Puntos",
        per=Money.parse("1.00", "EUR"),
    )  # fmt: skip
    rolls = Programme(
        ProgrammeKey("rolls"), Money.parse("0.04", "EUR"), "Brötchenkarte", "Roll card",
        "Tarjeta de pan", group=GroupKey("bread"), least=10,
    )  # fmt: skip
    points = Tender(
        TenderKey("points"), "points", "Punkte", "Points", "Puntos", programme=bonus.key
    )
    account = Tender(TenderKey("account"), "account", "Kundenkonto", "On account", "A cuenta")
    debit = Tender(
        TenderKey("debit"), "debit", "Lastschrift", "Direct debit", "Adeudo",
        offline_most=Money.parse("50.00", "EUR"),
    )  # fmt: skip
    stamps = Tender(TenderKey("rolls"), "points", *_named(rolls), programme=rolls.key)
    return bonus, rolls, points, stamps, account, debit


def _named(programme: Programme) -> tuple[str | None, str | None, str | None]:
    return programme.de, programme.en, programme.es


def _promotions(began: datetime) -> tuple[Promotion, ...]:
    rolls = Promotion(
        PromotionKey("rolls"), began, "6 Brötchen, 1 gratis", "6 rolls, 1 free",
        "6 panecillos, 1 gratis", percent=Decimal(100), cheapest=1,
        goods=(Goods((ArticleKey("1001"),), many=6),),
    )  # fmt: skip
    sweets = Promotion(
        PromotionKey("sweets"), began, "3 Süße: 10 %", "3 sweets: 10%", "3 dulces: 10 %",
        goods=(Goods(groups=(GroupKey("sweets"),)),), tiers=(Tier(pieces=3, percent=Decimal(10)),),
    )  # fmt: skip
    friday = Promotion(
        PromotionKey("friday"), began, "Freitagabend: 2 Pils 1,70", "Friday night: 2 Pils 1.70",
        "Viernes noche: 2 Pils 1,70", days=("5",), begin_time="17:00", end_time="22:00",
        price=Money.parse("1.70", "EUR"), goods=(Goods((ArticleKey("6001"),), many=2),),
    )  # fmt: skip
    return rolls, sweets, friday


def _code_rules() -> tuple[CodeRule, ...]:
    """The ranges that German scales print: 28 weights in grams, 22 prices."""
    return CodeRule("weights", "28aaaaavvvvvc", "weight"), CodeRule(
        "prices", "22aaaaaxvvvvc", "price", 2
    )


def _vouchers(session: Session, began: datetime) -> None:
    gift = Article(
        ArticleKey("9000"), "Geschenkgutschein", "Gift voucher", "Vale regalo", tax=TaxClass("C"),
        fixed=True, voucher="multi", codes=(Code(Barcode("9000")),),
    )  # fmt: skip
    articles.put(session, gift, BY)
    prices.put_price(
        session, Price(gift.key, began, UnitPrice.parse("20.00", "EUR"), sample=True), BY
    )
