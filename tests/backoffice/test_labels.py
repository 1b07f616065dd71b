"""Shelf labels: what the shelf says and the till will not take is due, on paper and for printers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from backoffice.labels import paper
from backoffice.shown import Shown
from schemas.article import Article, Code
from schemas.keys import ArticleKey, Barcode, BranchKey
from schemas.money import UnitPrice
from schemas.quantity import Quantity
from services.database import articles, labels
from services.evaluation import shelf
from services.evaluation.shelf import Label
from tests.backoffice.conftest import Person
from tests.pretend.branch import MILK, Chain

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SHOWN = Shown("de", ZoneInfo("Europe/Berlin"), NOW)


def _due(chain: Chain, until: datetime) -> dict[str, tuple[str, str | None]]:
    with chain.office.reading() as session:
        return {
            str(each.article.key): (str(each.price), str(each.before) if each.before else None)
            for each in shelf.due(session, "014", until)
        }


def test_a_label_is_due_from_its_price_on_until_it_is_printed(chain: Chain) -> None:
    with chain.office.session() as session:
        labels.keep(session, "014", {MILK.key: 139_000}, "bea", NOW)
    begins = datetime.now(UTC) + timedelta(hours=5)
    chain.price(MILK.key, "1.49", begins)
    assert MILK.key not in _due(chain, datetime.now(UTC))
    assert _due(chain, begins)[MILK.key] == ("1.49 EUR", "1.39 EUR")
    with chain.office.session() as session:
        labels.keep(session, "014", {MILK.key: 149_000}, "bea", NOW)
    assert MILK.key not in _due(chain, begins)
    assert _due(chain, datetime.now(UTC))[MILK.key] == ("1.39 EUR", "1.49 EUR"), "hung up too early"


def test_what_a_branch_does_not_sell_has_no_label(chain: Chain) -> None:
    chain.price(MILK.key, "1.49")
    with chain.office.session() as session:
        elsewhere = replace(MILK, branches=(BranchKey("003"),))
        articles.put(session, elsewhere, "test")
    assert MILK.key not in _due(chain, datetime.now(UTC))


def test_printing_answers_a_file_and_the_shelf_is_right(chain: Chain, jana: Person) -> None:
    chain.price(MILK.key, "1.49")
    page = jana.get("/labels/?branch=014")
    assert "1,49" in page.text
    answer = jana.post("/labels/", branch="014", pick=MILK.key, format="pdf")
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
    assert b"(1,49)" in answer.data and b"(Milch)" in answer.data
    assert MILK.key not in re.findall(
        r'name="pick" value="(\w+)"', jana.get("/labels/?branch=014").text
    )
    assert jana.get("/labels/").status_code == 200
    assert jana.post("/labels/", branch="014", pick="nowhere", format="zpl").status_code == 303


def test_a_name_cannot_command_the_printer_and_the_unit_price_is_said() -> None:
    hostile = Article(
        ArticleKey("7"), "Saft ^XZ~JA_41 \x1b\n€", size=Quantity(700, "l"),
        codes=(Code(Barcode("4012345678901")),),
    )  # fmt: skip
    price = UnitPrice.parse("1.40", "EUR")
    label = Label(hostile, price, (UnitPrice.parse("2.00", "EUR"), "l"), None, False)
    text = paper.zpl([label], SHOWN).decode()
    assert text.count("^XA") == text.count("^XZ") == 1
    assert "~" not in text and "\x1b" not in text
    assert "_5EXZ_7EJA_5F41" in text and "_E2_82_AC" in text
    assert "2,00 / l" in text and "^BEN,60,N,N^FD401234567890^FS" in text
    assert paper.pdf([label] * 25, SHOWN).count(b"/Type /Page\n") == 2
