"""Importing real files with all their faults: row-exact, never rounded, nothing half-applied."""

from __future__ import annotations

import csv
import lzma
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from schemas.article import Article
from schemas.keys import ArticleKey, TaxClass
from services.database.articles import ArticleRow
from services.database.prices import PriceRow
from services.importing import articles, sheet
from services.importing.codes import CodeRefused, code, codes
from tests.pretend.branch import Chain

DATA = Path(__file__).parents[1] / "data"


def written(path: Path, text: str) -> Path:
    """A file with this text."""
    path.write_text(text, encoding="utf-8")
    return path


def imported(chain: Chain, path: Path, *, dry: bool = False) -> articles.Plan:
    """Import a file."""
    with chain.office.session() as session:
        plan = articles.plan(session, sheet.read(path), articles.ground(session))
        if not dry:
            articles.apply(session, plan, "test")
    return plan


def test_our_own_format_comes_in_whole(any_chain: Chain, tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv",
        "number;name_de;name_en;name_es;codes;group;unit;tax class;price;from;branch;deposit;age;supplier\n"
        "500;Pils;Pilsner;Cerveza;4006381333931|4006381333948*6;beer;pcs;A;0,95;2026-01-01;;0,08;16;Brau\n"
        "500;Pils;Pilsner;Cerveza;;beer;pcs;A;0,89;2026-01-01;014;0,08;16;Brau\n"
        "501;;;;;;;;;;;;;\n",
    )
    plan = imported(any_chain, path)
    assert plan.faulty == []
    assert (plan.without_price, plan.without_name) == (1, 1)
    with any_chain.office.reading() as session:
        row = session.get(ArticleRow, "500")
        assert row is not None
        assert [(c.value, c.pack) for c in row.codes] == [
            ("4006381333931", 1),
            ("4006381333948", 6),
        ]
        prices = session.scalars(sa.select(PriceRow).where(PriceRow.article == "500"))
        assert {(p.branch, p.amount.number) for p in prices} == {("", "0.95"), ("014", "0.89")}
    again = imported(any_chain, path)
    assert (again.new, again.changed, again.unchanged, again.prices) == ([], [], 2, [])


def test_a_dry_run_changes_nothing(chain: Chain, tmp_path: Path) -> None:
    plan = imported(chain, written(tmp_path / "a.csv", "number,price\n700,1.00\n"), dry=True)
    assert plan.new == ["700"]
    with chain.office.reading() as session:
        assert session.get(ArticleRow, "700") is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,5.40011E+12,1", "mangled"),
        ('2,"5,40011E+12",1', "mangled"),
        ("3,4006381333932,1", "check digit"),
        ("4,12345678901,1", "11 digits"),
        ("5,,1.299.00", "not an amount"),
        ("6,,-1", "below zero"),
        ("a/b,,1", "cannot be an article number"),
        (",,1", "neither a number nor a code"),
        ("7,4012345678901,1", "on article 40122 already"),
        ("8,,1,2,3", "more fields"),
        ("9,,1\ufffd", "broken"),
        ("9\x07,,1", "broken"),
    ],
)
def test_a_faulty_row_is_named_and_the_others_come_in(
    chain: Chain, tmp_path: Path, row: str, reason: str
) -> None:
    path = written(tmp_path / "a.csv", f"number,codes,price\n800,,1\n{row}\n801,,2\n")
    plan = imported(chain, path)
    assert [(faulty.line, reason in faulty.reason) for faulty in plan.faulty] == [(3, True)]
    assert plan.new == ["800", "801"]


def test_codes_that_begin_with_two_and_codes_in_either_case_are_plain_codes() -> None:
    assert code("20004125").value == "20004125"
    assert [each.value for each in codes("85123A;85123a")] == ["85123A", "85123a"]
    with pytest.raises(CodeRefused):
        code("85123A\x07")


def test_two_thousand_real_articles_come_in(chain: Chain, tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_bytes(lzma.decompress((DATA / "articles_sample.csv.xz").read_bytes()))
    plan = imported(chain, path)
    assert len(plan.new) + len(plan.faulty) == 2000
    assert len(plan.new) >= 1990, plan.faulty[:5]
    assert plan.without_price == len(plan.new)


def test_a_real_damaged_export_gives_row_exact_errors(chain: Chain, tmp_path: Path) -> None:
    table = sheet.read(DATA / "messy_excel_export.csv")
    plan = imported(chain, DATA / "messy_excel_export.csv")
    assert len(table.rows) == 150
    mangled = {row.line for row in table.rows if "E+" in row.fields["code"]}
    assert mangled
    assert mangled <= {faulty.line for faulty in plan.faulty}
    assert not any("E+" in key for key in plan.new)
    place = tmp_path / "errors.csv"
    articles.write_faulty(place, table, plan.faulty)
    with place.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["line"]) for row in rows] == [faulty.line for faulty in plan.faulty]


def test_real_bad_barcodes_of_a_gtins_length_are_refused(chain: Chain) -> None:
    table = sheet.read(DATA / "bad_barcodes.csv")
    plan = imported(chain, DATA / "bad_barcodes.csv", dry=True)
    refused = {faulty.fields["code"] for faulty in plan.faulty}
    long = {
        r.fields["code"]
        for r in table.rows
        if r.fields["code"].isdigit() and len(r.fields["code"]) > 6
    }
    assert long <= refused


def test_xlsx_keeps_whole_numbers_and_refuses_lost_digits(chain: Chain, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (["number", "codes", "price"], [900, 4006381333931, 1.5], [901, "5,4E+12", 1]):
        page.append(row)
    book.save(tmp_path / "a.xlsx")
    plan = imported(chain, tmp_path / "a.xlsx")
    assert plan.new == ["900"]
    assert plan.articles[plan.new[0]].codes[0].value == "4006381333931"
    assert [faulty.line for faulty in plan.faulty] == [3]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04rubbish", b"\0\1\2", b"a,b\n1,2\n"])
def test_what_is_no_table_is_refused(chain: Chain, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(sheet.SheetRefused):
        imported(chain, path)


def test_a_sheet_that_fails_half_way_leaves_nothing(chain: Chain, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "number,price\n" + "".join(f"A{n},1\n" for n in range(50)))

    def broken(keys: object) -> object:
        for n, key in enumerate(keys):  # type: ignore[arg-type, var-annotated]
            if n == 30:
                raise RuntimeError("power cut")
            yield key

    def cut_short() -> None:
        with chain.office.session() as session:
            plan = articles.plan(session, sheet.read(path), articles.ground(session))
            articles.apply(session, plan, "test", broken)  # type: ignore[arg-type]

    with pytest.raises(RuntimeError):
        cut_short()
    with chain.office.reading() as session:
        assert session.get(ArticleRow, "A1") is None


def stored(chain: Chain, key: str) -> ArticleRow:
    """An article as head office has it."""
    with chain.office.reading() as session:
        return session.get_one(ArticleRow, key)


PILS = "number,name_de,name_en,codes,group,unit,tax class,deposit,age,supplier,price\n" \
    "500,Pils,Pilsner,4006381333931,beer,l,B,0.08,16,Brau,0.95\n"  # fmt: skip


def test_a_column_that_is_not_in_the_file_leaves_what_is_stored(
    any_chain: Chain, tmp_path: Path
) -> None:
    imported(any_chain, written(tmp_path / "a.csv", PILS))
    before = stored(any_chain, "500").document()
    plan = imported(any_chain, written(tmp_path / "b.csv", "number,price\n500,1.05\n"))
    assert (plan.changed, plan.unchanged) == ([], 1)
    assert [(d.field, d.before, d.after[:4]) for d in plan.differences[plan.prices[0].article]] == [
        ("price", "0.95 EUR", "1.05")
    ]
    assert stored(any_chain, "500").document() == before
    imported(any_chain, written(tmp_path / "c.csv", "number,name_en\n500,Lager\n"))
    row = stored(any_chain, "500")
    assert row.document() == replace(before, en="Lager")
    assert row.supplier == "Brau"


def test_a_column_that_is_there_and_empty_clears_it(chain: Chain, tmp_path: Path) -> None:
    imported(chain, written(tmp_path / "a.csv", PILS))
    head, _, _ = PILS.partition("\n")
    plan = imported(chain, written(tmp_path / "b.csv", f"{head}\n500,Pils,,,,,,,,,\n"))
    row = stored(chain, "500")
    assert row.document() == Article(ArticleKey("500"), "Pils", tax=TaxClass("A"))
    assert row.supplier is None
    assert plan.without_price == 0, "its price stays"
    assert {d.field: (d.before, d.after) for d in plan.differences[ArticleKey("500")]} == {
        "name_en": ("Pilsner", "–"),
        "codes": ("4006381333931", "–"),
        "group": ("beer", "–"),
        "unit": ("l", "pcs"),
        "tax class": ("B", "A"),
        "deposit": ("0.08 EUR", "–"),
        "age": ("16", "–"),
        "supplier": ("Brau", "–"),
    }
    assert plan.fields["name_en"] == 1


def test_a_supplier_alone_is_a_change(chain: Chain, tmp_path: Path) -> None:
    imported(chain, written(tmp_path / "a.csv", PILS))
    plan = imported(chain, written(tmp_path / "b.csv", "number,supplier\n500,Neu\n"))
    assert plan.changed == ["500"]
    assert stored(chain, "500").supplier == "Neu"


def test_a_plain_name_is_in_the_companys_language(chain: Chain, tmp_path: Path) -> None:
    imported(chain, written(tmp_path / "a.csv", "number,name\n40122,Vollmilch\n"))
    row = stored(chain, "40122")
    assert (row.de, row.en) == ("Vollmilch", "Milk")


@pytest.mark.parametrize(
    ("columns", "row", "reason"),
    [
        ("number,tax", "1,Z", "no tax class “Z”; there are A, B"),
        ("number,tax", "1,18 %", "no tax class “18 %”"),
        ("number,price", "1,1.234", "can be read as 1234.00 or as 1.234; write 1234.00, or 1.2340"),
        ("number;price", "1;12,345", "can be read as 12345.00 or as 12.345"),
        ("number,deposit", "1,-0.08", "deposit cannot be below zero"),
        ("number,price,from", "1,1,1800-01-01", "no till would take this price"),
        ("number,codes", "1," + "|".join(f"A{n}" for n in range(201)), "no till would take"),
        ("number,age", "1,²", "not an age"),
        ("number,price", "1,\u0661", "not an amount"),
    ],
)
def test_what_no_till_would_take_is_refused_row_exactly(
    chain: Chain, tmp_path: Path, columns: str, row: str, reason: str
) -> None:
    plan = imported(chain, written(tmp_path / "a.csv", f"{columns}\n{row}\n2\n"))
    assert [faulty.line for faulty in plan.faulty] == [2]
    assert reason in plan.faulty[0].reason
    assert plan.new == ["2"]


def test_a_price_whose_decimals_leave_no_doubt_comes_in(chain: Chain, tmp_path: Path) -> None:
    text = "number,price\n1,0.234\n2,1.2340\n3,1234.567\n4,1.23456\n"
    plan = imported(chain, written(tmp_path / "a.csv", text))
    assert plan.faulty == []
    assert [p.amount.number for p in plan.prices] == ["0.234", "1.234", "1234.567", "1.23456"]


def test_a_number_in_a_workbook_is_no_text_and_so_not_ambiguous(
    chain: Chain, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (["number", "price"], [900, 1.234], [901, "1,234"]):
        page.append(row)
    book.save(tmp_path / "a.xlsx")
    plan = imported(chain, tmp_path / "a.xlsx")
    assert plan.new == ["900"]
    assert [faulty.line for faulty in plan.faulty] == [3]


def test_a_tax_class_that_new_articles_would_get_must_be_there(
    chain: Chain, tmp_path: Path
) -> None:
    table = sheet.read(written(tmp_path / "a.csv", "number,name\n1,Neu\n40122,Milch\n"))
    with chain.office.session() as session:
        plan = articles.plan(session, table, articles.ground(session, "Q"))
    assert [faulty.line for faulty in plan.faulty] == [2]
    assert "no tax class “Q”" in plan.faulty[0].reason
    assert list(plan.articles) == ["40122"], "milk has its class"


def test_a_refused_row_keeps_no_code(chain: Chain, tmp_path: Path) -> None:
    text = "number,codes,price\n1,4006381333931,x\n2,4006381333931,1\n"
    plan = imported(chain, written(tmp_path / "a.csv", text))
    assert plan.new == ["2"]
    assert [faulty.line for faulty in plan.faulty] == [2]


def test_two_prices_of_one_article_from_one_moment_are_refused(
    chain: Chain, tmp_path: Path
) -> None:
    plan = imported(chain, written(tmp_path / "a.csv", "number,price\n1,1\n1,2\n1,1\n"))
    assert [faulty.line for faulty in plan.faulty] == [3]
    assert [price.amount.number for price in plan.prices] == ["1.00"]


def test_a_price_that_is_there_already_is_no_task(chain: Chain, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "number,price\n1,1\n2,\n")
    assert imported(chain, path).without_price == 1
    assert imported(chain, path).without_price == 1


def test_a_file_without_known_columns_says_which_it_has(chain: Chain, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "Art-Nr,Text\n1,x\n")
    with pytest.raises(sheet.SheetRefused, match=r"Art-Nr, Text. docs/import\.md"):
        imported(chain, path)
