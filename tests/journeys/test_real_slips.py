"""Receipts that real tills printed are sold again, and come out to the cent.

Seven of German supermarkets (ebon_*): lines, weights, deposits, discounts of the receipt and their
shares, taxes, tenders, change, a payout, a coupon that lowers what is taxed, a voucher sold.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.keys import ArticleKey, Barcode, StaffKey, TaxClass, TaxZone, TenderKey
from schemas.money import Money, UnitPrice
from schemas.quantity import Quantity
from schemas.receipt import Discount, Receipt
from schemas.tax import Rate, Tax
from schemas.tender import Tender
from services.database import articles, beginning, changes
from services.till.till import Till
from tests.pretend.branch import Chain

DATA = Path(__file__).parents[1] / "data"
Row = dict[str, str]


def table(name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    with (DATA / f"ebon_{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["receipt"]].append(row)
    return found


LINES, PAYMENTS, TAXES, RECEIPTS = map(table, ("lines", "payments", "taxes", "receipts"))


def teach(chain: Chain, name: str) -> None:
    """The chain learns the articles of a receipt and the tenders."""
    with chain.office.session() as session:
        zero = Tax(TaxClass("C"), TaxZone("de"), "0 %", (Rate(beginning.EPOCH, Decimal(0)),))
        changes.record(session, zero, changes.CHAIN, "test")
        for means, kind in (("EC-Cash", "card"), ("VISA", "card"), ("Inflationsprämie", "coupon")):
            back = Money.parse("200.00", "EUR") if kind == "card" else None
            tender = Tender(TenderKey(means.replace("ä", "ae")), kind, means, cashback=back)
            changes.record(session, tender, changes.CHAIN, "test")
        for row in LINES[name]:
            if row["kind"] == "discount":
                continue
            articles.put(
                session,
                Article(
                    ArticleKey(f"{name}-{row['line']}"), row["text"], unit=row["unit"],
                    tax=TaxClass(row["tax_class"]), fixed=row["no_discount"] == "1" or None,
                ),
                "test",
            )  # fmt: skip
    chain.publish()
    chain.look("014-1")


def given(rows: list[Row], texts: list[str]) -> Discount:
    """The discount that the slip shows as a row a tax class; two of one kind see the same base."""
    text = rows[0]["text"]
    percent = Decimal("".join(c for c in text.partition("%")[0] if c.isdigit()))
    # R4 gives both five percents on what stood before either; the others one after the other.
    return Discount(
        StaffKey("mira"),
        percent=percent,
        reason=text,
        on_list="Inflationsrabatt 5%" in texts or None,
    )


def sell(till: Till, name: str) -> Receipt:
    for row in LINES[name]:
        if row["kind"] == "discount":
            continue
        amount = Decimal(row["amount"])
        back = row["kind"] == "deposit_return"
        price = UnitPrice.parse(str(abs(Decimal(row["unit_price"]))), "EUR")
        till.scan(
            Barcode(f"{name}-{row['line']}"), Quantity.parse(row["quantity"], row["unit"]),
            price=price, back=back,
        )  # fmt: skip
        line = till.basket.lines[-1]
        assert line.amount == Money.parse(str(-abs(amount) if back else amount), "EUR"), row
    shown: dict[str, list[Row]] = defaultdict(list)
    for row in LINES[name]:
        if row["kind"] == "discount":
            shown[row["text"]].append(row)
    for rows in shown.values():
        till.discounts.receipt(given(rows, list(shown)))
    return till.pay([*payments(name)])[0]


def payments(name: str) -> list[tuple[TenderKey, Money]]:
    found = []
    for row in PAYMENTS[name]:
        if row["kind"] == "tender":
            key = {"BAR": "cash"}.get(row["means"], row["means"].replace("ä", "ae"))
            found.append((TenderKey(key), Money.parse(row["amount"], "EUR")))
    return found


@pytest.mark.parametrize("name", RECEIPTS)
def test_a_real_slip_comes_out_to_the_cent(chain: Chain, name: str) -> None:
    chain.till("014-1").close()
    teach(chain, name)
    with chain.till("014-1") as till:
        receipt = sell(till, name)
    total = Decimal(RECEIPTS[name][0]["total"])
    paid_back = sum(Decimal(r["amount"]) for r in PAYMENTS[name] if r["kind"] != "tender")
    assert receipt.total == Money.parse(str(total), "EUR")
    assert receipt.change == Money.parse(str(paid_back), "EUR")
    shares: dict[tuple[str, str], int] = defaultdict(int)
    for line in receipt.lines:
        for reduction in line.reductions:
            shares[reduction.name, line.tax] -= reduction.amount.minor
    printed = {
        (row["text"], row["tax_class"]): int(Decimal(row["amount"]) * 100)
        for row in LINES[name]
        if row["kind"] == "discount"
    }
    assert dict(shares) == printed
    rows = [
        ("coupon" if row.coupon else row.class_, row.percent, row.tax, row.gross)
        for row in receipt.taxes
    ]
    assert all(row.net == row.gross - row.tax for row in receipt.taxes)
    expected = [
        (
            row["tax_class"], Decimal(row["rate"]),
            *(Money.parse(row[key], "EUR") for key in ("tax", "gross")),
        )
        for row in TAXES[name]
    ]  # fmt: skip
    assert rows == expected
