"""Two thousand real receipts through `tresen till sell`, agents and head office, to the cent."""

from __future__ import annotations

import csv
import lzma
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from schemas.article import Article
from schemas.keys import ArticleKey, TaxClass
from schemas.money import UnitPrice
from schemas.price import Price
from services.database import articles, prices
from services.database.organisation import Unit
from services.database.sales import HourRow, LineRow
from services.demo.chain import Seat
from tests.pretend.branch import BEGAN, Chain
from tests.pretend.processes import processes, same, until

pytestmark = pytest.mark.journey
FILE = Path(__file__).parents[1] / "data" / "receipts_sample.csv.xz"


def lines() -> list[dict[str, str]]:
    """The file's lines. Source: UCI Online Retail, CC BY 4.0."""
    with lzma.open(FILE, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def british_chain(directory: Path, rows: list[dict[str, str]]) -> Chain:
    """A GBP chain in Europe/London with one article a code; case counts in codes."""
    company = Unit(
        name="Giftware", address="London", currency="GBP", time_zone="Europe/London",
        tax_zone="gb", language="en", layout="standard", keyboard="main", profile="test",
    )  # fmt: skip
    seats = (Seat("101", "London", "London", 2), Seat("102", "Leeds", "Leeds", 1))
    chain = Chain(directory, company=company, seats=seats, zone="gb")
    first: dict[str, dict[str, str]] = {}
    for row in rows:
        first.setdefault(row["article_code"], row)
    with chain.office.session() as session:
        for code, row in first.items():
            name = row["description"] or None
            articles.put(session, Article(ArticleKey(code), en=name, tax=TaxClass("A")), "test")
            price = UnitPrice.parse(row["unit_price"], "GBP")
            prices.put_price(session, Price(ArticleKey(code), BEGAN, price), "test")
    chain.publish()
    return chain


def sales(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """One sale a receipt; negative quantities are returns; the file's price is an override."""
    receipts: dict[str, dict[str, Any]] = {}
    for row in rows:
        # local UK time; it is winter, so that the offset is nought
        sale = receipts.setdefault(
            row["receipt_no"],
            {"ref": row["receipt_no"], "at": row["ts"] + "+00:00", "lines": []},
        )
        sale["lines"].append(
            {"scan": row["article_code"], "quantity": row["quantity"], "price": row["unit_price"]}
        )
    return list(receipts.values())


def test_two_thousand_real_receipts_agree_to_the_cent(tmp_path: Path) -> None:
    rows = lines()
    chain = british_chain(tmp_path, rows)
    every = sales(rows)
    assert len(every) == 2000
    expected: dict[str, Decimal] = defaultdict(Decimal)
    day_of = {sale["ref"]: sale["at"][:10] for sale in every}
    for row in rows:
        expected[day_of[row["receipt_no"]]] += Decimal(row["quantity"]) * Decimal(row["unit_price"])
    with processes(chain) as run:
        run.start_office()
        boxes = [run.enrol(name) for name in chain.tills]
        for box in boxes:
            run.start_agent(box)
        for n, box in enumerate(boxes):
            until((box / "mirror" / f"till-{box.name}" / "current").exists, "the mirror comes")
            answers = run.sell(box, every[n :: len(boxes)])
            assert [answer for answer in answers if "refused" in answer] == []
            again = run.sell(box, every[n :: len(boxes)][:50])
            assert again == answers[:50]
        there = [row for box in boxes for row in run.box_receipts(box)]
        until(lambda: same(run.office_receipts(), there), "every receipt arrives, once")
    with chain.office.reading() as session:
        by_day = session.execute(
            sa.select(HourRow.day, sa.func.sum(HourRow.total)).group_by(HourRow.day)
        )
        turnover = {day.isoformat(): Decimal(int(total)).scaleb(-2) for day, total in by_day}
        stored = session.scalar(sa.select(sa.func.count()).select_from(LineRow))
    chain.office.close()
    assert turnover == dict(expected)
    assert stored == len(rows)
