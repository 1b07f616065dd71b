"""Price enquiry at the till's face, and sheets that make way for each other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.till import TillFace
from services.journal import read
from tests.pos_qt.acts import click, press, scan, titles, typed
from tests.pos_qt.conftest import MILK_CODE, idle, sign_in


def test_a_price_is_asked_and_nothing_is_sold(qtbot: QtBot, face: TillFace) -> None:
    press(face, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    click(qtbot, face.window.sale.selling.sheet, "Preis prüfen")
    scan(face, MILK_CODE)
    idle(qtbot, face)
    page = face.sheets.page
    assert page is not None
    said = {fact.text: fact.value for fact in page.sheet().facts}
    assert said == {"Grundpreis": "1,39", "Kostet jetzt": "1,39"}
    assert face.desk.till.basket.is_empty
    press(face, Qt.Key.Key_Escape)
    scan(face, MILK_CODE)
    assert not face.desk.till.basket.is_empty


def test_an_unknown_code_reaches_the_journal(qtbot: QtBot, face: TillFace) -> None:
    scan(face, "4260107220015")
    qtbot.waitUntil(lambda: any(read.after(face.box.journal, "1", 0)))
    note = next(iter(read.after(face.box.journal, "1", 0))).entry().note
    assert note is not None
    assert (note.kind, note.reason) == ("unknown-code", "4260107220015")


def test_search_and_sheet_make_way_for_each_other(qtbot: QtBot, face: TillFace) -> None:
    press(face, Qt.Key.Key_F3)
    press(face, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert (face.search.is_open, face.sheets.is_open) == (False, True)
    press(face, Qt.Key.Key_F3)
    assert (face.search.is_open, face.sheets.is_open) == (True, False)
    assert face.window.sale.selling._front.currentIndex() == 0


def test_a_tender_closes_the_sheet(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_F6)
    press(face, Qt.Key.Key_F9)
    idle(qtbot, face)
    assert not face.sheets.is_open
    assert face.desk.till.last is not None


def test_nothing_lies_over_the_payment(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_F12)
    click(qtbot, face.window.sale.slip, "Menü")
    press(face, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert face.payment.is_open
    assert not face.sheets.is_open


def test_an_approval_does_not_outlive_the_cashier(qtbot: QtBot, seller: TillFace) -> None:
    scan(seller, MILK_CODE)
    typed(qtbot, seller, "1")
    press(seller, Qt.Key.Key_F5)
    assert titles(seller)[0].startswith("Freigabe")
    press(seller, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    sign_in(qtbot, seller)
    assert titles(seller) == []
