"""An address for the receipt: typed during the sale or after it, by keyboard alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.till import TillFace
from services.journal import read
from tests.pos_qt.acts import press, scan, titles, typed
from tests.pos_qt.conftest import MILK_CODE, idle

ANNA = "anna@mail.example"


def test_during_the_sale_an_address_is_kept_with_it(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    idle(qtbot, face)
    face.functions.open()
    face.sheets.tap("mail")
    typed(qtbot, face, ANNA)
    face.sheets.tap("act")
    idle(qtbot, face)
    assert face.desk.till.basket.mail == ANNA
    assert titles(face) == ["Der Bon geht per E-Mail, sobald die Zentrale ihn hat."]
    face.functions.open()
    face.sheets.tap("mail")
    face.sheets.tap("no-mail")
    idle(qtbot, face)
    assert face.desk.till.basket.mail is None


def test_a_finished_receipt_is_sent_and_what_is_no_address_is_said(
    qtbot: QtBot, face: TillFace
) -> None:
    scan(face, MILK_CODE)
    idle(qtbot, face)
    face.desk.till.pay()
    face.aftersale.last()
    face.sheets.tap("mail")
    typed(qtbot, face, "anna")
    face.sheets.tap("act")
    idle(qtbot, face)
    assert titles(face) == ["Das ist keine E-Mail-Adresse."]
    typed(qtbot, face, "@mail.example")
    face.sheets.tap("act")
    idle(qtbot, face)
    notes = [each.entry().note for each in read.everything(face.desk.till.box.journal)]
    kept = [note for note in notes if note is not None]
    assert [(note.kind, note.mail, note.reason) for note in kept] == [("mail", ANNA, "014-2-1-1")]
    press(face, Qt.Key.Key_Escape)
