"""Scales' labels: what the digits mean is data; a wrong check digit is refused."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from schemas.coderule import CodeRule
from schemas.keys import Barcode
from schemas.money import Currency, Money
from services.register.label import Label, LabelRefused, gs1_digit, read, value_digit
from services.register.refusal import StepRefused
from tests.pretend.branch import Chain

DATA = Path(__file__).parents[1] / "data" / "barcodes_variable_measure.csv"
RULES = {
    # Each country's usual ranges; a company may have its own.
    "germany": [
        ("22aaaaaxvvvvc", "price", 2), ("23aaaaaxvvvvc", "price", 2),
        ("25aaaaavvvvvc", "count", 0), ("26aaaaavvvvvc", "count", 0),
        ("28aaaaavvvvvc", "weight", 3), ("29aaaaavvvvvc", "weight", 3),
    ],
    "sweden": [
        ("23aaaaaavvvvc", "weight", 3), ("24aaaaaavvvvc", "weight", 2), ("25aaaaaavvvvc", "weight", 1),
    ],
    "denmark": [
        *((f"2{n}aaaaaavvvvc", "price", 2) for n in (1, 2, 3, 4)),
        *((f"2{n}aaaaavvvvvc", "weight", 3) for n in (6, 7, 8)),
    ],
    "norway": [("23aaaaaavvvvc", "weight", 3)],
    "great_britain": [("20aaaaapvvvvc", "price", 2)],
}  # fmt: skip
RULES["finland"] = RULES["estonia"] = RULES["latvia"] = RULES["lithuania"] = RULES["sweden"]


def rules(region: str) -> list[CodeRule]:
    return [
        CodeRule(f"r{n}", digits, value, decimals)
        for n, (digits, value, decimals) in enumerate(RULES[region])
    ]


def known() -> list[dict[str, str]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # Leading zeros are the scanner's matter; prices of 20 to 22 in Sweden have other rules.
    return [
        r for r in rows if len(r["code"]) == 13 and not r["code"].startswith(("20880", "21880"))
    ]


@pytest.mark.parametrize("row", known(), ids=lambda row: f"{row['region']}-{row['code']}")
def test_a_label_means_what_its_country_says(row: dict[str, str]) -> None:
    currency = Currency(row["currency"] or "EUR")
    try:
        label = read(row["code"], rules(row["region"]), currency)
    except LabelRefused:
        label = None
    if row["weight_kg"]:
        assert label is not None
        assert label.quantity is not None
        assert Decimal(label.quantity.number) == Decimal(row["weight_kg"])
    elif row["count"]:
        assert label is not None
        assert label.quantity is not None
        assert label.quantity.number == row["count"]
    elif row["price"]:
        assert label is not None
        assert label.price == Money.parse(row["price"], currency)
    else:
        assert label is None


def test_check_digits_are_those_of_the_standard() -> None:
    # Source: the worked examples of GS1 General Specifications, section 7.9.
    assert value_digit("2875") == 9
    assert value_digit("14685") == 6
    assert gs1_digit("629104150021") == 3


def test_what_was_misread_is_refused_not_guessed() -> None:
    with pytest.raises(LabelRefused):
        read("2912345000017", [CodeRule("w", "29aaaaavvvvvc", "weight")], Currency("EUR"))
    price = CodeRule("p", "20aaaaapvvvvc", "price", 2)
    body = "20123459" + "2876"
    with pytest.raises(LabelRefused, match="value"):
        read(body + str(gs1_digit(body)), [price], Currency("EUR"))
    body = "20123459" + "2875"
    said = read(body + str(gs1_digit(body)), [price], Currency("EUR"))
    assert said == Label(Barcode("12345"), price=Money(2875, Currency("EUR")))


def test_labels_sell_and_the_exact_code_goes_first(chain: Chain) -> None:
    from schemas.article import Article, Code  # noqa: PLC0415
    from schemas.keys import ArticleKey, TaxClass  # noqa: PLC0415
    from services.database import articles, changes  # noqa: PLC0415

    def code(body: str) -> Barcode:
        return Barcode(body + str(gs1_digit(body)))

    plain = code("283087100250")
    with chain.office.session() as session:
        for rule in (
            CodeRule("w", "28aaaaavvvvvc", "weight"),
            CodeRule("p", "22aaaaaxvvvvc", "price", 2),
        ):
            changes.record(session, rule, changes.CHAIN, "test")
    chain.publish()
    with chain.till("014-1") as till:
        basket = till.scan(code("283087100342"))
        assert (str(basket.lines[-1].quantity), basket.lines[-1].amount.minor) == ("0.342 kg", 783)
        basket = till.scan(code("223087100500"))
        line = basket.lines[-1]
        assert (str(line.quantity), line.amount.minor) == ("0.218 kg", 500)
        assert str(line.label) == "5.00 EUR"
        with pytest.raises(StepRefused, match="label"):
            till.set_quantity(line.number, line.quantity)
        with pytest.raises(StepRefused, match="not read well"):
            till.scan(Barcode("2830871003428"))
        receipt, _ = till.pay()
        assert receipt.total.minor == 1283
    with chain.office.session() as session:
        articles.put(
            session,
            Article(ArticleKey("777"), "Lidl", tax=TaxClass("B"), codes=(Code(plain),)),
            "test",
        )
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        assert till.catalogue.by_code(plain) is not None
        with pytest.raises(StepRefused, match="no price"):
            till.scan(plain)
