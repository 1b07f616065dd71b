"""Files as other systems write them: known by their headers, read as they mean it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.keys import ModelKey
from services.importing import articles, columns, outliers, sheet
from services.importing.articles import Difference, Plan
from tests.pretend.branch import Chain

SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Price,"
    "Variant Barcode\n"
    'shirt,Shirt,"<p>Soft,\nwarm</p>",Weber,Clothes,Size,S,SH-S,19.90,4006381333931\n'
    "shirt,,,,,,M,SH-M,19.90,4006381333948\n"
    "cap,Cap,,,Clothes,Title,Default,CAP,9.90,\n"
)
KORONA = (
    "Artikelnummer;Artikelbezeichnung;Spartennummer;Artikelcode;Artikelcode-Menge;Warengruppennummer\n"
    "100;Pils;3;4006381333931;1;12\n"
    "100;Pils;3;4006381333948;6;12\n"
    "101;Milch;2;;;13\n"
    "102;Buch;9;;;13\n"
)
ODOO = (
    "External ID,Name,Product Type,Internal Reference,Barcode,Sales Price,Cost,Weight,Sales Description\n"
    "product_template_1,Office Chair,Goods,FURN-1,4006381333931,85.00,40,9,\n"
)
OSPOS = (
    '\ufeffId,Barcode,"Item Name",Category,"Supplier ID","Cost Price","Unit Price","Tax 1 Name",'
    '"Tax 1 Percent","Tax 2 Name","Tax 2 Percent","Reorder Level",Description\n'
    "7,4006381333931,Tea,Drinks,1,1.00,2.50,VAT,19.00,,,0,\n"
)
LOYVERSE = (
    "Handle,REF,Nombre,Categoria,Descripción,Vendido por peso,Coste,Codigo de barras,Proveedor,"
    'Precio [Neustadt],Precio [Otra],"impuesto - ""IVA 7%"" (7%)"\n'
    "queso,10001,Queso,Lácteos,,Y,5.00,4006381333931,Granja,12.90,13.90,Y\n"
)
WOO = (
    'ID,Type,SKU,Name,Published,Regular price,Categories,"GTIN, UPC, EAN, or ISBN"\n'
    '1,simple,TEA,Tea,1,2.50,"Food > Drinks > Tea, Gifts",4006381333931\n'
)
UNICENTA = "Code;Reference;Barcode;Buyprice;SellPrice;name\n1;R1;4006381333931;1;2.50;Tea\n"


def plan(chain: Chain, folder: Path, text: str) -> tuple[columns.Choice, Plan]:
    """What a file is taken for, and what it would do."""
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    table = sheet.read(path, headed=columns.headed)
    with chain.office.reading() as session:
        where = articles.ground(session)
        choice = columns.chosen(table.columns, where.names)
        return choice, articles.plan(session, table, where)


def article(found: Plan, number: str) -> Article:
    """An article of a plan."""
    return next(each for key, each in found.articles.items() if key == number)


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [(SHOPIFY, "Shopify", "SH-S"), (KORONA, "KORONA", "100"), (ODOO, "Odoo", "FURN-1"),
     (OSPOS, "OSPOS", "7"), (LOYVERSE, "Loyverse", "10001"), (WOO, "WooCommerce", "TEA"),
     (UNICENTA, "uniCenta", "R1")],
)  # fmt: skip
def test_a_system_s_file_is_known_by_its_headers(
    chain: Chain, tmp_path: Path, text: str, name: str, number: str
) -> None:
    choice, found = plan(chain, tmp_path, text)
    assert choice.format == name
    assert article(found, number).codes[0].value == "4006381333931"
    assert article(found, number).name("de") != number


def test_what_a_product_s_first_row_says_holds_for_its_variants(
    chain: Chain, tmp_path: Path
) -> None:
    _, found = plan(chain, tmp_path, SHOPIFY)
    assert [(key, a.de, a.group) for key, a in found.articles.items()] == [
        ("SH-S", "Shirt", "Clothes"), ("SH-M", "Shirt", "Clothes"), ("CAP", "Cap", "Clothes"),
    ]  # fmt: skip
    assert found.suppliers == {"SH-S": "Weber", "SH-M": "Weber", "CAP": None}
    assert "9.90" in {p.amount.number for p in found.prices if p.article == "CAP"}


def test_a_product_s_options_make_its_rows_variants_of_a_model(
    chain: Chain, tmp_path: Path
) -> None:
    choice, found = plan(chain, tmp_path, SHOPIFY)
    assert not {"Option1 Name", "Option1 Value", "Handle"} & set(found.ignored)
    assert choice.columns["option1"] == "Option1 Value"
    assert [(key, a.model, [o.value for o in a.options]) for key, a in found.articles.items()] == [
        ("SH-S", "shirt", ["S"]), ("SH-M", "shirt", ["M"]), ("CAP", None, []),
    ]  # fmt: skip
    (model,) = found.models.values()
    assert (model.key, model.name("de"), model.group) == ("shirt", "Shirt", "Clothes")
    assert [(axis.name, axis.names) for axis in model.axes] == [("Size", ("S", "M"))]
    with chain.office.session() as session:
        articles.apply(session, found, "test")
    _, again = plan(chain, tmp_path, SHOPIFY)
    assert not again.models and again.unchanged == 3
    more = SHOPIFY + 'shirt,Shirt,,Weber,Clothes,Size,"L",SH-L,19.90,\n'
    _, third = plan(chain, tmp_path, more)
    assert third.new == ["SH-L"]
    assert [axis.names for axis in third.models[ModelKey("shirt")].axes] == [("S", "M", "L")]


def test_packs_and_tax_groups_by_number(chain: Chain, tmp_path: Path) -> None:
    _, found = plan(chain, tmp_path, KORONA)
    beer = article(found, "100")
    assert [(c.value, c.pack) for c in beer.codes] == [("4006381333931", 1), ("4006381333948", 6)]
    assert (beer.tax, article(found, "101").tax) == ("A", "B")
    assert [row.line for row in found.faulty] == [5]


def test_taxes_by_rate_prices_by_branch_and_goods_by_weight(chain: Chain, tmp_path: Path) -> None:
    _, found = plan(chain, tmp_path, OSPOS)
    assert article(found, "7").tax == "A"
    choice, found = plan(chain, tmp_path, LOYVERSE)
    cheese = article(found, "10001")
    assert (cheese.tax, cheese.unit) == ("B", "kg")
    assert choice.columns["price@014"] == "Precio [Neustadt]"
    assert [(p.branch, p.amount.number) for p in found.prices] == [("014", "12.90")]
    assert "Precio [Otra]" in found.ignored


def test_a_category_s_path_is_a_tree_of_groups(chain: Chain, tmp_path: Path) -> None:
    _, found = plan(chain, tmp_path, WOO)
    assert {key: group.parent for key, group in found.groups.items()} == {
        "Food": None, "Drinks": "Food", "Tea-Gifts": "Drinks",
    }  # fmt: skip


def test_titles_above_the_header_are_passed_over(chain: Chain, tmp_path: Path) -> None:
    text = "Preisliste KW 48;;\n;;\nArtikelnummer;Bezeichnung;Preis\n1;Tee;2,50\n"
    _, found = plan(chain, tmp_path, text)
    assert article(found, "1").de == "Tee"


@pytest.mark.parametrize(
    ("point", "text", "amount"),
    [(",", "1.234,50", "1234.50"), (",", "1.234", "1234.00"), (".", "1,234.50", "1234.50"),
     (",", "1,299", "1.299"), (".", "1.299", "1.299"), (".", "1,299", "1299.00"),
     (",", "2,50 €", "2.50")],
)  # fmt: skip
def test_with_a_known_decimal_sign_nothing_is_ambiguous(
    chain: Chain, tmp_path: Path, point: str, text: str, amount: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"number;price\n1;{text}\n")
    table = sheet.read(path)
    with chain.office.reading() as session:
        where = articles.ground(session)
        choice = columns.Choice({"number": "number", "price": "price"}, point)
        found = articles.plan(session, table, replace(where, choice=choice))
    assert [price.amount.number for price in found.prices] == [amount]


@pytest.mark.parametrize(
    ("field", "before", "after", "why"),
    [
        ("price", "1.39 EUR", "1.45 EUR from 2026-01-01", None),
        ("price", "1.00 EUR", "1.10 EUR", None),
        ("price", "1.00 EUR", "1.11 EUR", "moved"),
        ("price", "1.00 EUR", "0.89 EUR", "moved"),
        ("price", "12.99 EUR", "1.299 EUR", "tenfold"),
        ("price", "1.29 EUR", "12.90 EUR", "tenfold"),
        ("price", "1.29 EUR", "0.00 EUR", "zero"),
        ("price", "–", "1.299 EUR", "fine"),
        ("price in 014", "1.00 EUR", "2.00 EUR", "moved"),
        ("price", "–", "9.99 EUR", None),
        ("tax class", "A", "B", "tax"),
        ("codes", "4006381333931; 40123455", "4006381333931", "codes"),
        ("codes", "40123455", "40123455; 4006381333931*6", None),
        ("de", "Milch", "–", "cleared"),
        ("de", "Milch", "Vollmilch", None),
    ],
)
def test_an_outlier_has_its_reason(field: str, before: str, after: str, why: str | None) -> None:
    assert outliers.reason(Difference(field, before, after), 2) == why


def test_what_was_chosen_is_remembered_by_headers_alone() -> None:
    assert columns.signature(["A", "b ", ""]) == columns.signature(["B", "a"])
    assert columns.signature(["A"]) != columns.signature(["A", "B"])
