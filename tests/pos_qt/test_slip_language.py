"""The cashier gives a customer the slip in another language; the screen stays as it is."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from pos_qt.till import TillFace
from tests.pos_qt.acts import scan
from tests.pos_qt.conftest import MILK_CODE, idle


def test_the_slip_of_this_sale_speaks_another_language(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    idle(qtbot, face)
    face.functions.open()
    page = face.sheets.page
    assert page is not None
    tile = next(tile for tile in page.sheet().tiles if tile.key == "language")
    assert (tile.text, tile.caption, tile.enabled) == ("Sprache des Bons", "Deutsch", True)
    face.sheets.tap("language")
    face.sheets.tap("es")
    idle(qtbot, face)
    assert not face.sheets.is_open
    assert face.desk.till.basket.lines[0].name == "Milch"
    receipt, _ = face.desk.till.pay()
    assert receipt.language == "es"
    rows = [row.text for row in face.desk.till.prints.rows(receipt)]
    assert any(row.startswith("Leche") for row in rows)
