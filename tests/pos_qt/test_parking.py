"""Parking at the till's face: put aside, shown as tiles, gone on with."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.till import TillFace
from tests.pos_qt.acts import click, press, scan, titles, typed
from tests.pos_qt.conftest import BEER_CODE, MILK_CODE, Clock, idle
from tests.pretend.branch import MILK, Chain, euros


def parked(qtbot: QtBot, face: TillFace) -> None:
    """A sale of milk and beer, put aside by its key."""
    scan(face, MILK_CODE)
    scan(face, BEER_CODE)
    press(face, Qt.Key.Key_F8)
    idle(qtbot, face)


def test_park_and_recall_by_keys_only(qtbot: QtBot, face: TillFace) -> None:
    parked(qtbot, face)
    assert face.desk.till.basket.is_empty
    scan(face, BEER_CODE)
    press(face, Qt.Key.Key_F8)
    idle(qtbot, face)
    press(face, Qt.Key.Key_F8)
    idle(qtbot, face)
    typed(qtbot, face, "1")
    idle(qtbot, face)
    assert face.desk.till.basket.total == euros("2.42")
    assert any(t.startswith("Abgerufen: geparkt von Mira Köhler um ") for t in titles(face))
    assert not face.sheets.is_open


def test_the_change_of_another_sale_makes_way_for_what_is_gone_on_with(
    qtbot: QtBot, face: TillFace
) -> None:
    parked(qtbot, face)
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_F9)
    idle(qtbot, face)
    card = face.window.sale.slip.card
    assert card.isVisible()
    press(face, Qt.Key.Key_F8)
    idle(qtbot, face)
    typed(qtbot, face, "1")
    idle(qtbot, face)
    assert not card.isVisible()


def test_park_and_recall_by_clicks_only(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    pad = face.window.sale.selling.pad
    click(qtbot, pad, "Parken")
    idle(qtbot, face)
    qtbot.waitUntil(lambda: pad.functions["recall"]._badge == "1")
    click(qtbot, pad, "Abruf")
    idle(qtbot, face)
    click(qtbot, face.window.sale.selling.sheet, "Milch")
    idle(qtbot, face)
    assert face.desk.till.basket.total == euros("1.39")
    qtbot.waitUntil(lambda: pad.functions["recall"]._badge == "")


def test_a_sale_parked_for_long_is_marked(qtbot: QtBot, face: TillFace, clock: Clock) -> None:
    parked(qtbot, face)
    clock.ahead = timedelta(minutes=31)
    press(face, Qt.Key.Key_F8)
    idle(qtbot, face)
    page = face.sheets.page
    assert page is not None
    tile = page.sheet().tiles[0]
    assert (tile.text, tile.kind) == ("Milch +1", "warn")
    assert tile.caption == "2,42 · vor 31 min · Mira Köhler"
    face.outlook.show()
    assert face.window.status._pills["parked"].pill.text == "Geparkt über 30 min"


def test_what_changed_in_price_meanwhile_is_said(qtbot: QtBot, face: TillFace, shop: Chain) -> None:
    parked(qtbot, face)
    shop.price(MILK.key, "1.99")
    shop.look("014-2")
    qtbot.wait(50)
    press(face, Qt.Key.Key_F8)
    idle(qtbot, face)
    typed(qtbot, face, "1")
    idle(qtbot, face)
    assert face.sale.strips.shown[-1].text == "Milch: 1,39 → 1,99"


def test_a_scan_beside_the_tiles_sells(qtbot: QtBot, face: TillFace) -> None:
    parked(qtbot, face)
    press(face, Qt.Key.Key_F8)
    idle(qtbot, face)
    scan(face, MILK_CODE)
    assert face.desk.till.basket.total == euros("1.39")
    typed(qtbot, face, "1")
    idle(qtbot, face)
    assert titles(face) == ["Offenen Bon zuerst abschließen, parken oder abbrechen."]


def test_nothing_parked_is_said(qtbot: QtBot, face: TillFace) -> None:
    press(face, Qt.Key.Key_F8)
    idle(qtbot, face)
    page = face.sheets.page
    assert page is not None
    assert page.sheet().nothing == "Nichts ist geparkt."
