"""Sets at the till's face: sold by scan and key, seen as one, changed as one, taken back whole or in part."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.till import TillFace
from schemas.article import Article, Code, Part
from schemas.keys import ArticleKey, Barcode, TaxClass
from schemas.quantity import Quantity
from services.database import articles
from tests.pos_qt.acts import click, press, scan, titles, typed
from tests.pos_qt.conftest import MILK_CODE, Opener, idle, sign_in
from tests.pretend.branch import BEER, BEGAN, CHEESE, MILK, Chain, euros

PICNIC_CODE = "4099999000029"
PICNIC = Article(
    ArticleKey("90001"), "Brotzeit", "Supper", "Merienda", tax=TaxClass("A"),
    codes=(Code(Barcode(PICNIC_CODE)),),
    parts=(Part(MILK.key, Quantity(2000)), Part(CHEESE.key, Quantity(250, "kg")),
           Part(BEER.key, Quantity(1000))),
)  # fmt: skip


@pytest.fixture
def face(qtbot: QtBot, shop: Chain, opened: Opener) -> TillFace:
    """A till that sells a set of milk, cheese and beer for 7.99."""
    with shop.office.session() as session:
        articles.put(session, PICNIC, "test")
    shop.price(PICNIC.key, "7.99", BEGAN)
    shop.look("014-2")
    made = opened()
    sign_in(qtbot, made)
    return made


def proven(face: TillFace) -> None:
    """The customer is old enough."""
    face.ages.jump()
    press(face, Qt.Key.Key_Space)


def test_a_set_is_one_line_with_its_parts_under_it(face: TillFace) -> None:
    scan(face, PICNIC_CODE)
    proven(face)
    (line,) = face.sale._shown
    assert (line.name, line.amount, line.tag) == ("Brotzeit", "7,99", "ab 16 geprüft")
    assert line.below == (
        ("2 × Milch", ""), ("0,25 kg Bergkäse", ""), ("Pils", ""), ("Pfand 1 × 0,08", "0,08"),
    )  # fmt: skip
    assert face.desk.till.basket.total == euros("8.07")


def test_more_less_void_and_undo_take_all_of_it(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    scan(face, PICNIC_CODE)
    face.sale.add(1)
    assert face.sale._shown[1].quantity == "2×" and face.sale._shown[1].detail == "7,99 je Stück"
    assert face.desk.till.basket.total == euros("17.53")
    face.sale.add(-1)
    assert face.desk.till.basket.total == euros("9.46")
    face.sale.void()
    assert [line.name for line in face.sale._shown] == ["Milch"]
    face.sale.undo()
    assert face.desk.till.basket.total == euros("9.46")
    face.sale.select(face.sale._shown[1].number)
    typed(qtbot, face, "10")
    press(face, Qt.Key.Key_F6)
    assert "Set" in titles(face)[-1], "a set takes no discount of a line"


def test_why_this_price_says_of_which_set_a_part_is(face: TillFace) -> None:
    scan(face, PICNIC_CODE)
    face.discount.why(1)
    page = face.sheets.page
    assert page is not None
    facts = [(fact.text, fact.value) for fact in page.sheet().facts]
    assert facts[:3] == [("Grundpreis", "7,99"), ("Menge", "1"), ("Summe", "7,99")]
    assert facts[3] == ("2 × Milch: Teil von Brotzeit, allein 2,78", "2,35")


def test_a_set_comes_back_whole_or_by_part(qtbot: QtBot, face: TillFace) -> None:
    scan(face, PICNIC_CODE)
    proven(face)
    face.sale.add(1)
    face.payment.quick("exact")
    idle(qtbot, face)
    face.returning.found("1")
    idle(qtbot, face)
    page, sheet = face.sheets.page, face.window.sale.selling.sheet
    assert page is not None
    items = page.sheet().items
    assert [item.text for item in items] == ["Brotzeit", "Milch", "Bergkäse", "Pils"]
    click(qtbot, sheet, "Brotzeit")
    assert page.sheet().items[1].mark == "2" and "8,07" in page.sheet().act, "one set of two"
    face.sheets.tap("3")
    click(qtbot, sheet, "Defekt")
    click(qtbot, sheet, page.sheet().act)
    idle(qtbot, face)
    back = face.desk.till.basket
    assert not any(line.part for line in back.lines)
    assert back.total == euros("-8.95"), "one set, and the beer of the other"
