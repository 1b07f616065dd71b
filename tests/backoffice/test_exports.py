"""Every list as a file: harmless for a spreadsheet, typed, whole, and no larger in memory for it."""

from __future__ import annotations

import csv
import io
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice.exports.lists import streamed
from schemas.article import Article
from schemas.customer import Customer
from schemas.keys import ArticleKey, CustomerKey
from services.database import articles, customers
from services.database.articles import ArticleRow
from services.exporting import delimited, workbook
from services.exporting.table import Table
from services.importing import articles as importing
from services.importing import columns
from services.importing import sheet as tables
from tests.backoffice.conftest import Person
from tests.backoffice.test_browser import sold
from tests.backoffice.test_cash import closed
from tests.pretend.branch import Chain

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")')


def lines(answer: Any) -> list[list[str]]:
    """A file's rows, its byte order mark checked."""
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def sheet(answer: Any) -> list[list[Any]]:
    """A workbook's rows, as the cells hold them."""
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return [list(row) for row in book.worksheets[0].iter_rows()]


def test_a_list_says_what_it_is_and_numbers_are_numbers(jana: Person) -> None:
    found = lines(jana.get("/export/articles.csv?q=milch"))
    assert found[0][0].startswith("Articles · Elbmarkt · q: milch · ")
    assert found[1][:5] == ["number", "name_de", "name_en", "name_es", "codes"]
    row = dict(zip(found[1], found[2], strict=True))
    assert row["codes"] == "4012345678901;4012345678918*12" and row["price"] == "1.39"
    assert len(found) == 3
    rows = sheet(jana.get("/export/articles.xlsx?q=milch"))
    head = next(n for n, cells in enumerate(rows) if cells[0].value == "number")
    cells = dict(zip((c.value for c in rows[head]), rows[head + 1], strict=True))
    assert cells["price"].value == 1.39 and cells["price"].data_type == "n"
    assert isinstance(cells["from"].value, datetime)
    assert "q: milch" in [cell[0].value for cell in rows[:head]]


def test_what_was_taken_out_can_be_brought_in_again(
    jana: Person, chain: Chain, tmp_path: Any
) -> None:
    path = tmp_path / "articles.csv"
    path.write_bytes(jana.get("/export/articles.csv").data)
    with chain.office.reading() as session:
        table = tables.read(path, headed=columns.headed)
        plan = importing.plan(session, table, importing.ground(session))
    assert (plan.faulty, plan.new, plan.changed, plan.unchanged) == ([], [], [], 4)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_field_is_a_formula(jana: Person, chain: Chain, ending: str) -> None:
    with chain.office.session() as session:
        for n, text in enumerate(FORMULAS):
            plain = text.strip()
            articles.put(session, Article(ArticleKey(f"9{n}"), plain), "test")
            customers.put(session, Customer(CustomerKey(f"c{n}"), plain, address=plain), "test")
    for what in ("articles", "customers"):
        answer = jana.get(f"/export/{what}.{ending}")
        if ending == "csv":
            fields = [field for row in lines(answer)[2:] for field in row]
            assert any(field.startswith("'=") for field in fields)
            assert [f for f in fields if f.startswith(("=", "+", "@", "\t", "\r"))] == []
            assert [f for f in fields if f.startswith("-") and not f[1:2].isdigit()] == []
        else:
            cells = [cell for row in sheet(answer) for cell in row if cell.value is not None]
            assert any(str(cell.value).startswith("=") for cell in cells)
            assert [cell for cell in cells if cell.data_type == "f"] == []


def test_who_sees_one_branch_takes_no_log_out(app: Flask) -> None:
    bea = Person(app.test_client())
    bea.sign_in("bea")
    assert bea.get("/export/log.csv").status_code == 404
    assert bea.get("/export/prices.csv").status_code == 200


def test_a_negative_amount_stays_a_number_and_a_negative_text_does_not() -> None:
    table = Table("T", (), ["a", "b"], [(Decimal("-1.50"), "-1.50")])
    assert b"\r\n-1.50,'-1.50\r\n" in b"".join(delimited.pieces(table))


@pytest.mark.parametrize("text", FORMULAS)
def test_each_beginning_of_a_formula_is_taken_its_power(text: str) -> None:
    assert delimited.harmless(text) == f"'{text}".replace("\r", "\r")
    assert delimited.harmless(f"x{text}") == f"x{text}"


def test_every_list_is_there_in_both_forms(jana: Person, chain: Chain) -> None:
    sold(chain, many=2)
    closed(chain)
    for what, address in {
        "articles": "/articles/", "customers": "/customers/", "receipts": "/receipts/",
        "turnover": "/turnover/", "cash": "/cash/", "debits": "/customers/debits",
        "mails": "/receipts/mails", "tills": "/tills/", "branches": "/branches/", "log": "/log/",
        "prices": "/prices/", "promotions": "/promotions/",
    }.items():  # fmt: skip
        page = jana.get(address).text
        for ending in ("csv", "xlsx"):
            assert f"/export/{what}.{ending}" in page, address
            assert jana.get(f"/export/{what}.{ending}").status_code == 200
    found = lines(jana.get("/export/receipts.csv?plain=1"))
    row = dict(zip(*found, strict=True))
    assert (row["total"], row["currency"], row["tenders"]) == ("2.78", "EUR", "cash")
    assert jana.get("/export/nothing.csv").status_code == 404
    assert jana.get("/export/articles.pdf").status_code == 404


@pytest.mark.parametrize("what", ["suppliers", "cashiers", "users"])
def test_lists_of_people_and_firms_are_there_in_both_forms(jana: Person, what: str) -> None:
    page = jana.get(f"/{what}/").text
    for ending in ("csv", "xlsx"):
        assert f"/export/{what}.{ending}" in page
        assert jana.get(f"/export/{what}.{ending}").status_code == 200


def memory() -> int:
    """What this process has in memory now, in kB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_hundred_thousand_rows_leave_in_bounded_memory(any_chain: Chain, ending: str) -> None:
    now = datetime.now(UTC)
    row = {"de": "Ein Artikel", "unit": "pcs", "tax": "A", "version": 1, "changed_by": "t",
           "changed_at": now}  # fmt: skip
    with any_chain.office.session() as session:
        for begin in range(0, 100_000, 5_000):
            some = [{**row, "key": f"k{n}", "words": f"k{n}"} for n in range(begin, begin + 5_000)]
            session.execute(sa.insert(ArticleRow), some)
    with any_chain.office.reading() as session:
        query = sa.select(ArticleRow).order_by(ArticleRow.key)
        seen: list[int] = []

        def rows() -> Iterator[tuple[str, str | None, datetime]]:
            for some in streamed(session, query):
                seen.append(memory())
                yield from ((row.key, row.de, now) for row in some)

        table, began = Table("All", (), ["a", "b", "c"], rows()), time.monotonic()
        pieces = (
            delimited.pieces(table) if ending == "csv" else workbook.pieces(table, ZoneInfo("UTC"))
        )
        size = sum(len(piece) for piece in pieces)
    grown = max(seen) - seen[10]
    print(f"{ending}: {size} bytes, {grown} kB more memory, {time.monotonic() - began:.1f} s")
    assert len(seen) >= 200
    assert size > 1_000_000 and grown < 15_000
