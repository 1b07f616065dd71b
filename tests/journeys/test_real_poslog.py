"""Thirty sales that a supermarket's tills in the United States wrote are sold again, to the cent.

Their taxes come on top, discounts are of lines or of the whole receipt, weighed goods carry labels
whose price counts, bottles come back, lines are voided, change is given.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.keys import ArticleKey, Barcode, StaffKey, TaxClass, TaxZone, TenderKey
from schemas.money import Currency, Money, UnitPrice, half_up
from schemas.quantity import Quantity
from schemas.receipt import Discount, Receipt
from schemas.tax import Rate, Tax
from schemas.tender import Tender
from services.database import articles, beginning, changes
from services.database.organisation import Unit
from services.register import sale
from services.till.till import Till
from tests.pretend.branch import Chain

DATA = Path(__file__).parents[1] / "data"
USD = Currency("USD")
Row = dict[str, str]
SEATTLE = Decimal("10.1")
"""Percent of sales tax there and then: all 18 tax rows come out by it."""


def table(name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    with (DATA / f"poslog_ncr_{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found["-".join((row["store"], row["workstation"], row["sequence"]))].append(row)
    return found


LINES, TENDERS, TAXES, REWARDS = map(table, ("lines", "tenders", "taxes", "rewards"))
SALES = {n: rows[0] for n, rows in table("transactions").items() if rows[0]["kind"] == "Retail"}


def dollars(text: str) -> Money:
    return Money.parse(text, "USD")


@pytest.fixture
def american(tmp_path: Path) -> Chain:
    """A chain in dollars, with every article of the log."""
    company = Unit(name="PCC", currency="USD", time_zone="America/Los_Angeles", tax_zone="wa",
                   language="en", layout="standard", keyboard="main", profile="test")  # fmt: skip
    made = Chain(tmp_path, company=company, zone="wa")
    with made.office.session() as session:
        for class_, percent in (("T", SEATTLE), ("N", Decimal(0))):
            rates = (Rate(beginning.EPOCH, percent),)
            tax = Tax(TaxClass(class_), TaxZone("wa"), class_, rates, added=True)
            changes.record(session, tax, changes.CHAIN, "test")
        card = Tender(TenderKey("card"), "card", "Karte", "Card", cashback=dollars("200.00"))
        changes.record(session, card, changes.CHAIN, "test")
        for rows in LINES.values():
            for row in rows:
                if row["record"] == "Sale":
                    article = Article(
                        key(row), en=row["description"] or "?",
                        unit="kg" if row["weighed"] == "1" else "pcs",
                        tax=TaxClass("T" if row["taxable"] == "1" else "N"),
                    )  # fmt: skip
                    articles.put(session, article, "test")
    made.publish()
    return made


def key(row: Row) -> ArticleKey:
    return ArticleKey(f"{row['item_id']}{'t' if row['taxable'] == '1' else 'n'}{row['weighed']}")


def scan(till: Till, row: Row) -> None:
    """One line of the log. A void there is a line void here."""
    amount, many = dollars(row["extended_amount"]), Decimal(row["quantity"])
    if row["void"] == "1":
        gone = next(
            line.number for line in reversed(till.basket.lines)
            if line.counts and line.article == key(row) and line.amount == -amount
        )  # fmt: skip
        till.void_line(gone)
        return
    back = amount.minor < 0
    quantity = Quantity.parse(str(abs(many)), "kg" if row["weighed"] == "1" else "pcs")
    unit = UnitPrice.parse(row["unit_price"], "USD")
    if unit.times(quantity.thousandths).minor == abs(amount.minor):
        till.scan(Barcode(key(row)), quantity, price=unit, back=back)
    elif row["weighed"] == "1":  # the label's price counts
        given = sale.Given(
            till.now(), "en", quantity, unit, back, label=-amount if back else amount
        )
        article = till.catalogue.by_key(key(row))
        assert article is not None
        till.sell_given(article, given)
    else:  # "two for 6.00", or a price a pound for ounces: a finer price of one
        exact = Decimal(UnitPrice.of(Money(abs(amount.minor), USD)).fine) / abs(many)
        each = UnitPrice(half_up(exact), USD)
        till.scan(Barcode(key(row)), quantity, price=each, back=back)
    assert till.basket.lines[-1].amount == amount, row


def reward(till: Till, rows: list[Row]) -> None:
    """The log's rewards: of a line in money, of the receipt in percent."""
    by_line: dict[int, int] = {}
    for row in rows:
        if row["summarized"] == "1" and row["level"] == "Item":
            line = next(
                line for line in till.basket.lines
                if line.counts and line.article.startswith(row["item_id"]) and line.number not in by_line
            )  # fmt: skip
            by_line[line.number] = -dollars(row["extended_amount"]).minor
    who = StaffKey("mira")
    for number, off in by_line.items():
        till.discounts.line(number, Discount(who, off=Money(off, USD)))
    for row in rows:
        if row["summarized"] == "1" and row["level"] == "Transaction":
            percent = Decimal(row["base_amount"]) * 100
            till.discounts.receipt(Discount(who, percent=percent))


@pytest.mark.parametrize("name", SALES)
def test_a_real_sale_comes_out_to_the_cent(american: Chain, name: str) -> None:
    with american.till("014-1") as till:
        receipt = sold(till, name)
    american.look("014-1")
    header = SALES[name]
    assert receipt.total == dollars(header["grand_amount"])
    charged = [(row.net, row.tax) for row in receipt.taxes if row.tax]
    expected = [(dollars(r["taxable_amount"]), dollars(r["amount"])) for r in TAXES[name]]
    assert charged == expected
    given = sum(p.amount.minor for p in receipt.payments) - receipt.change.minor
    assert given == sum(dollars(row["amount"]).minor for row in TENDERS[name])
    assert american.desk("014-1").acknowledged().numbers == {"1": 1}


def sold(till: Till, name: str) -> Receipt:
    for row in LINES[name]:
        if row["record"] == "Sale":
            scan(till, row)
    reward(till, REWARDS[name])
    tenders = [
        (TenderKey("cash" if r["tender"] == "Cash" else "card"), dollars(r["amount"]))
        for r in TENDERS[name]
    ]
    given = [(tender, amount) for tender, amount in tenders if amount.minor > 0]
    return till.pay(given)[0]


def test_a_discount_of_the_receipt_is_shared_as_the_real_till_did(american: Chain) -> None:
    """Within a cent a line: that till rounds each line's share on its own."""
    name = "9-1-377"
    with american.till("014-1") as till:
        receipt = sold(till, name)
    shares = [r.amount.minor for line in receipt.lines for r in line.reductions]
    theirs = [
        -dollars(row["extended_amount"]).minor
        for row in REWARDS[name]
        if row["detailed"] == "1" and row["level"] == "Transaction"
    ]
    assert sum(shares) == 2226 == half_up(Decimal(22264) / 10)
    assert len(shares) == len(theirs)
    assert all(abs(a - b) <= 1 for a, b in zip(sorted(shares), sorted(theirs), strict=True))
