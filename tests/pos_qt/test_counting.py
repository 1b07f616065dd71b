"""Counting the drawer at the till's face: by note and coin, blind, with a difference, and handed over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.peripherals.printer import Pretend
from pos_qt.till import TillFace
from pos_qt.translations.words import Words
from tests.pos_qt.acts import ENTER, click, press, scan, titles, typed
from tests.pos_qt.conftest import MILK_CODE, idle
from tests.pos_qt.test_shift import open_shift, paid_in
from tests.pretend.branch import euros


def settings(face: TillFace, monkeypatch: pytest.MonkeyPatch, **more: object) -> None:
    """The branch's rules of counting."""
    catalogue = face.desk.till.catalogue
    own = replace(catalogue.own, **more)  # type: ignore[arg-type]
    monkeypatch.setattr(catalogue, "settings", own)


def result(face: TillFace) -> dict[str, str]:
    """What the count came to, on the paper."""
    return {fact.text: fact.value for fact in face.counting._sheet().result}


def signed_in(face: TillFace) -> str:
    """Who sells; empty where nobody does."""
    return face.desk.till.cashier.key if face.desk.till.cashier else ""


def open_count(qtbot: QtBot, face: TillFace) -> None:
    """The count, by its digit."""
    open_shift(face)
    typed(qtbot, face, "6")
    qtbot.waitUntil(face.window.count.isVisible)


def test_counting_by_keys_only(qtbot: QtBot, face: TillFace, printer: Pretend) -> None:
    paid_in(qtbot, face)
    open_count(qtbot, face)
    for _ in range(3):
        press(face, ENTER)
    typed(qtbot, face, "2")
    press(face, ENTER)
    typed(qtbot, face, "1")
    assert face.window.count.amount.accessibleName() == "50,00 €"
    press(face, Qt.Key.Key_F12)
    idle(qtbot, face)
    assert face.desk.till.book.period.counted == 5000
    assert result(face)["Differenz"] == "0,00"
    qtbot.waitUntil(lambda: len(printer.slips) == 2)
    press(face, Qt.Key.Key_F12)
    assert face.window.sale.isVisible()


def test_counting_by_clicks_only(qtbot: QtBot, face: TillFace) -> None:
    paid_in(qtbot, face)
    open_shift(face)
    click(qtbot, face.window.sale.selling.sheet, "Zählen")
    screen = face.window.count
    click(qtbot, screen, "20 €")
    click(qtbot, screen.pad, "2")
    click(qtbot, screen, "1 €")
    click(qtbot, screen.pad, "+10")
    click(qtbot, screen, "Zählung abgeben")
    idle(qtbot, face)
    assert result(face)["Gezählt"] == "50,00"
    click(qtbot, screen, "Neu zählen")
    click(qtbot, screen, "Nur Summe")
    click(qtbot, screen.pad, "4")
    click(qtbot, screen.pad, "9")
    click(qtbot, screen, "Zählung abgeben")
    idle(qtbot, face)
    assert (face.desk.till.book.period.counted, face.desk.till.book.period.attempts) == (4900, 2)
    assert result(face)["Differenz"] == "−1,00"


def test_a_blind_count_shows_the_sum_once_the_attempts_are_used(
    qtbot: QtBot, seller: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(seller, monkeypatch, blind_count=True, count_attempts=2)
    paid_in(qtbot, seller)
    open_count(qtbot, seller)
    assert seller.counting._sheet().tag == "Blindzählung"
    assert result(seller)["Soll in der Lade"] == "wird nach dem Zählen gezeigt"
    typed(qtbot, seller, "1")
    press(seller, Qt.Key.Key_F12)
    idle(qtbot, seller)
    assert "Differenz" not in result(seller)
    click(qtbot, seller.window.count, "Neu zählen")
    typed(qtbot, seller, "1")
    press(seller, Qt.Key.Key_F12)
    idle(qtbot, seller)
    assert result(seller)["Differenz"] == "150,00"


def test_a_difference_beyond_the_tolerance_is_approved_beside_the_count(
    qtbot: QtBot, seller: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(seller, monkeypatch, count_tolerance=euros("5.00"))
    paid_in(qtbot, seller)
    open_count(qtbot, seller)
    press(seller, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: titles(seller) == ["Freigabe: Differenz annehmen, 50,00 €"])
    click(qtbot, seller.window.count.strips, "Mira Köhler")
    typed(qtbot, seller, "1111")
    qtbot.waitUntil(lambda: seller.desk.till.book.period.attempts == 1)
    assert not titles(seller)


def test_a_scan_while_counting_sells_and_the_count_is_kept(qtbot: QtBot, face: TillFace) -> None:
    open_count(qtbot, face)
    typed(qtbot, face, "3")
    scan(face, MILK_CODE)
    assert face.desk.till.basket.total == euros("1.39")
    assert face.window.sale.isVisible()
    open_count(qtbot, face)
    assert face.counting.total == euros("600.00")


def test_a_hand_over_counts_and_signs_off(qtbot: QtBot, seller: TillFace) -> None:
    open_shift(seller)
    typed(qtbot, seller, "7")
    typed(qtbot, seller, "1")
    qtbot.waitUntil(seller.window.count.isVisible)
    assert seller.counting._sheet().tag == "Übergabe an Mira Köhler"
    press(seller, Qt.Key.Key_F12)
    idle(qtbot, seller)
    assert signed_in(seller) == ""
    typed(qtbot, seller, "1111")
    qtbot.waitUntil(lambda: signed_in(seller) == "mira")


def test_after_the_last_blind_count_there_is_no_other(
    qtbot: QtBot, seller: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(seller, monkeypatch, blind_count=True, count_attempts=1)
    paid_in(qtbot, seller)
    open_count(qtbot, seller)
    assert "Bar" not in [fact.text for fact in seller.counting._sheet().facts]
    typed(qtbot, seller, "1")
    press(seller, Qt.Key.Key_F12)
    idle(qtbot, seller)
    assert seller.window.count.more.isHidden()
    seller.counting.more()
    assert seller.counting._sheet().done
    assert "Bar" in [fact.text for fact in seller.counting._sheet().facts]


def test_a_float_is_counted_by_note_and_coin(
    qtbot: QtBot, face: TillFace, printer: Pretend
) -> None:
    open_shift(face)
    typed(qtbot, face, "1")
    click(qtbot, face.window.sale.selling.sheet, "Stückweise zählen")
    screen = face.window.count
    qtbot.waitUntil(screen.isVisible)
    click(qtbot, screen, "50 €")
    click(qtbot, screen.pad, "2")
    click(qtbot, screen, "2 €")
    click(qtbot, screen.pad, "+10")
    assert not result(face)
    click(qtbot, screen, "Buchen")
    idle(qtbot, face)
    assert face.desk.till.book.period.opened_with == 12000
    assert face.window.sale.isVisible()
    sheet = face.sheets.page
    assert sheet is not None
    assert "Wechselgeld" in sheet.sheet().lead
    assert not next(tile for tile in sheet.sheet().tiles if tile.key == "float").enabled
    qtbot.waitUntil(lambda: len(printer.slips) == 1)


def test_what_a_cashier_says_to_a_difference_is_on_record(qtbot: QtBot, face: TillFace) -> None:
    paid_in(qtbot, face)
    open_count(qtbot, face)
    typed(qtbot, face, "1")
    press(face, Qt.Key.Key_F12)
    idle(qtbot, face)
    press(face, Qt.Key.Key_F12)
    face.shift.z_page()
    idle(qtbot, face)
    click(qtbot, face.window.sale.selling.sheet, "Notiz zur Differenz")
    typed(qtbot, face, "ein 50er war falsch")
    click(qtbot, face.window.sale.selling.sheet, "Buchen")
    idle(qtbot, face)
    assert face.shift.is_closing
    assert face.shift._z_sheet().lead == "✓ Notiz festgehalten."
    entry = max(face.box.journal.rglob("*.xml"), key=lambda path: path.name)
    assert b'kind="difference"' in entry.read_bytes()
    assert "ein 50er war falsch" in entry.read_text("utf-8")


def test_in_english_tenths_follow_a_dot(qtbot: QtBot, face: TillFace) -> None:
    face.desk.words = Words("en")
    face.window.speak(face.desk.words)
    open_shift(face)
    typed(qtbot, face, "2")
    typed(qtbot, face, "12,5")
    assert face.sheets.page is not None
    assert face.sheets.page.entry()[1] == "12.5"
    pad = face.window.sale.selling.pad
    assert pad.entry.accessibleName().endswith("12.5")
    assert [key.text() for key in pad.pad._keys.values()].count(".") == 1
