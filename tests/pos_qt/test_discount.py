"""Discounts at the till's face, and why a price is what it is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from pos_qt.till import TillFace
from tests.pos_qt.acts import click, press, scan, titles, typed
from tests.pos_qt.conftest import BEER_CODE, MILK_CODE
from tests.pretend.branch import euros


def test_a_number_and_f6_is_the_lines_discount(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    typed(qtbot, face, "10")
    press(face, Qt.Key.Key_F6)
    assert face.desk.till.basket.total == euros("1.25")
    line = face.sale._shown[0]
    assert (line.saved, line.detail, line.amount) == ("10 % −0,14", "statt 1,39", "1,25")
    assert face.window.sale.counter._caption.text() == "0,14 € gespart"


def test_an_amount_off_with_a_reason_by_clicks_only(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    click(qtbot, face.window.sale.slip.line, "Rabatt")
    sheet, pad = face.window.sale.selling.sheet, face.window.sale.selling.pad.pad
    for key in ("0", ",", "2", "0"):
        click(qtbot, pad, key)
    click(qtbot, sheet, "Betrag weniger")
    assert sheet._lead.text() == "1,39 → 1,19"
    click(qtbot, sheet, "MHD")
    click(qtbot, sheet, "Rabatt geben")
    assert face.desk.till.basket.total == euros("1.19")
    assert face.sale._shown[0].saved == "MHD −0,20"


def test_one_tap_gives_a_usual_percentage(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_F6)
    click(qtbot, face.window.sale.selling.sheet, "20 %")
    assert face.desk.till.basket.total == euros("1.11")


def test_the_whole_receipt_from_the_slips_menu(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    scan(face, BEER_CODE)
    click(qtbot, face.window.sale.slip, "Menü")
    click(qtbot, face.window.sale.selling.sheet, "Rabatt auf Bon")
    click(qtbot, face.window.sale.selling.sheet, "10 %")
    assert face.desk.till.basket.total == euros("2.19")


def test_a_discount_is_taken_away_again(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    typed(qtbot, face, "10")
    press(face, Qt.Key.Key_F6)
    press(face, Qt.Key.Key_F6)
    click(qtbot, face.window.sale.selling.sheet, "Rabatt weg")
    assert face.desk.till.basket.total == euros("1.39")


def test_what_is_no_number_is_said(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_F6)
    click(qtbot, face.window.sale.selling.sheet, "Rabatt geben")
    assert titles(face) == ["Erst die Zahl eintippen"]
    assert face.desk.till.basket.total == euros("1.39")


def test_a_tap_on_a_price_says_why(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    typed(qtbot, face, "10")
    press(face, Qt.Key.Key_F6)
    view = face.window.sale.slip.list
    at = QPoint(view.viewport().width() - 30, 12)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    page = face.sheets.page
    assert page is not None
    said = [(fact.text, fact.value) for fact in page.sheet().facts]
    assert said == [
        ("Grundpreis", "1,39"),
        ("Menge", "1"),
        ("10 %", "−0,14"),
        ("Summe", "1,25"),
    ]
