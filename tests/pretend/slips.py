"""Sample receipts, sold at a real till with a clock that stands still; the same in three languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from schemas.article import Article, Code, Part
from schemas.customer import Customer, Programme
from schemas.keys import (
    ArticleKey,
    Barcode,
    CustomerKey,
    ProgrammeKey,
    PromotionKey,
    StaffKey,
    TaxClass,
    TenderKey,
)
from schemas.layout import Layout
from schemas.money import Currency, Money
from schemas.promotion import Goods, Promotion
from schemas.quantity import Quantity
from schemas.receipt import Discount, Receipt
from schemas.settings import Settings
from schemas.tender import Tender
from services.database import articles, changes, customers, organisation
from services.register import slip
from services.register.columns import Row
from services.register.returns import Given
from services.register.slip import Print
from services.till.till import Till
from tests.pretend.branch import BEER, BEGAN, CHEESE, MILK, Chain, euros

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
MILK_CODE, BEER_CODE = Barcode("4012345678901"), Barcode("40123455")
LONG = Article(
    ArticleKey("50001"), "Kaffeevollautomatenreinigungstabletten für Milchschaumdüsen, 10 Stück",
    "Cleaning tablets for the milk nozzles of coffee machines, pack of 10",
    "Pastillas de limpieza para cafeteras automáticas, envase de 10 unidades",
    tax=TaxClass("A"), codes=(Code(Barcode("4099999000012")),),
)  # fmt: skip
PICNIC = Article(
    ArticleKey("90001"), "Brotzeit für zwei", "Supper for two", "Merienda para dos",
    tax=TaxClass("A"), codes=(Code(Barcode("4099999000029")),),
    parts=(Part(BEER.key, Quantity(2000)), Part(CHEESE.key, Quantity(250, "kg")),
           Part(MILK.key, Quantity(1000))),
)  # fmt: skip
FIRST = Print()
NAMES = (
    "sale", "weighed", "return", "split", "foreign", "voucher", "training", "void", "customer", "large",
    "set",
)  # fmt: skip


def shop(chain: Chain, language: str) -> Till:
    """A till of 014 that speaks a language, with a promotion, foreign money and vouchers."""
    with chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.language, company.profile = language, "live"
        company.tax_number = "USt-IdNr. DE123456789"
        company.rules = {
            "voucher_budget": "50.00 EUR", "points_budget": "9.00 EUR", "debit_budget": "99.00 EUR"
        }  # fmt: skip
        session.flush()
        organisation.announce(session, "company", company.key, "test")
        articles.put(session, LONG, "test")
        articles.put(session, PICNIC, "test")
        dollars = Tender(
            TenderKey("usd"), "cash", "US-Dollar", "US dollars", "Dólares", change=True,
            currency=Currency("USD"), rate=Decimal("0.9215"),
        )  # fmt: skip
        three = Promotion(
            PromotionKey("milk"), BEGAN, "3 Milch für 3,50", "3 milk for 3.50", "3 leches por 3,50",
            price=euros("3.50"), goods=(Goods((MILK.key,), many=3),),
        )  # fmt: skip
        bonus = Programme(
            ProgrammeKey("bonus"), euros("0.01"), "Bonuspunkte", "Bonus points", "Puntos",
            per=euros("1.00"),
        )  # fmt: skip
        points = Tender(TenderKey("points"), "points", "Punkte", programme=bonus.key)
        debit = Tender(TenderKey("debit"), "debit", "Lastschrift", offline_most=euros("50.00"))
        customers.put(session, Customer(CustomerKey("20418"), "Anna Seidel"), "test")
        for document in (dollars, three, bonus, points, debit):
            changes.record(session, document, changes.CHAIN, "test")
    chain.price(LONG.key, "1234.56", BEGAN)
    chain.price(PICNIC.key, "7.99", BEGAN)
    return chain.till("014-1", lambda: NOW)


def sold(till: Till) -> Iterator[tuple[str, Receipt]]:
    """Each kind of receipt, in the order of `NAMES`."""
    for _ in range(3):
        till.scan(MILK_CODE)
    till.scan(BEER_CODE, Quantity(6000))
    till.discounts.receipt(Discount(till.whoever.key, percent=Decimal(10)))
    first = till.pay([(TenderKey("cash"), euros("20.00"))])[0]
    yield "sale", first
    till.sell(CHEESE.key, Quantity(432, "kg"), weighed=True)
    yield "weighed", till.pay([(TenderKey("card"), till.basket.open)])[0]
    back = till.returning.find(first.name)
    till.returning.take_back(back, 1, Quantity(1000), Given("defect"))
    yield "return", till.pay()[0]
    till.scan(MILK_CODE)
    till.scan(BEER_CODE)
    till.paying.tender(TenderKey("card"), euros("1.00"))
    yield "split", till.pay([(TenderKey("cash"), euros("5.00"))])[0]
    till.scan(BEER_CODE, Quantity(4000))
    yield "foreign", till.pay([(TenderKey("usd"), Money.parse("10.00", "USD"))])[0]
    till.scan(MILK_CODE, Quantity(4000))
    number = "2000000000008"
    yield "voucher", till.pay([(TenderKey("voucher"), till.basket.open, number)])[0]
    till.train(training=True)
    till.scan(MILK_CODE)
    yield "training", till.pay()[0]
    till.train(training=False)
    till.scan(BEER_CODE)
    till.pay()
    assert till.last is not None
    yield "void", till.returning.void(till.last.name)[0]
    till.scan(MILK_CODE, Quantity(40_000))
    till.clientele.choose(till.clientele.shown("20418"))
    till.pay()
    till.scan(MILK_CODE, Quantity(4000))
    till.clientele.choose(till.clientele.shown("20418"))
    till.paying.tender(TenderKey("points"), euros("0.40"))
    rest = till.basket.open
    yield "customer", till.pay([(TenderKey("debit"), rest, "DE89370400440532013000")])[0]
    till.scan(Barcode("4099999000012"), Quantity(88000))
    till.scan(MILK_CODE)
    yield "large", till.pay([(TenderKey("card"), till.basket.open)])[0]
    till.scan(Barcode("4099999000029"), Quantity(2000))
    till.scan(MILK_CODE)
    till.discounts.receipt(Discount(till.whoever.key, percent=Decimal(10)))
    yield "set", till.pay([(TenderKey("card"), till.basket.open)])[0]


def on_paper(
    receipt: Receipt, layout: Layout, settings: Settings, millimetres: int, this: Print = FIRST
) -> tuple[Row, ...]:
    """The slip as it is on paper of so many millimetres, without a stamp (each till's is its own)."""
    printer = f"file:p?paper={millimetres}"
    plain = replace(receipt, cashier=StaffKey("mira"))
    return slip.render(
        plain, layout, replace(settings, printer=printer), ("TSE 0123 · 4711",), this
    )


def written(rows: tuple[Row, ...]) -> str:
    """Rows as text: bold ones behind `*`, double ones behind `#`, codes as they stand."""
    marks = {(False, False): " ", (True, False): "*", (True, True): "#", (False, True): "="}
    lines = []
    for row in rows:
        if row.code is not None:
            lines.append(f" [QR {row.code}]")
        lines.append(f"{marks[row.bold, row.double]}{row.text}".rstrip())
    return "\n".join(lines) + "\n"


def gallery(folder: Path, language: str) -> dict[str, tuple[Row, ...]]:
    """All sample slips in one language, on both papers; and a copy and a gift slip."""
    chain = Chain(folder)
    till = shop(chain, language)
    layout, own = till.catalogue.layout(NOW), till.catalogue.own
    found = {}
    for name, receipt in sold(till):
        prints = {"": Print(code="https://slip.example/x")}
        if name == "sale":
            prints |= {"-copy": Print(copy=2), "-gift": Print(gift=True)}
        for suffix, this in prints.items():
            for paper in (80, 58):
                rows = on_paper(receipt, layout, own, paper, this)
                found[f"{name}{suffix}-{language}-{paper}"] = rows
    till.close()
    chain.office.close()
    return found


__all__ = ["BEER", "LONG", "NAMES", "NOW", "gallery", "on_paper", "shop", "sold", "written"]
