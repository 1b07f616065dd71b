"""Practice at the till: seen everywhere, and nothing of it real; and what else the edge says."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from pos_qt.peripherals.printer import Pretend
from pos_qt.presenters.shown import Edge
from pos_qt.theme.look import Look
from pos_qt.till import TillFace
from pos_qt.translations.words import Words
from pos_qt.widgets.edge import EdgeBar
from services.journal import read
from tests.pos_qt.acts import click, press, receipts, scan, titles
from tests.pos_qt.conftest import MILK_CODE, Clock, Opener, idle, sign_in


def practise(qtbot: QtBot, face: TillFace) -> None:
    """Begin by the keyboard."""
    press(face, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: face.training.is_on and not face.desk.is_busy)


def texts(inside: QWidget) -> list[str]:
    """The words that are seen there."""
    return [each.text() for each in inside.findChildren(QLabel) if each.isVisible()]


def test_practice_is_seen_at_the_edge_the_slip_and_the_counter(
    qtbot: QtBot, face: TillFace
) -> None:
    practise(qtbot, face)
    scan(face, MILK_CODE)
    slip = face.window.sale.slip
    assert face.window.edge.edge.kind == "training"
    assert face.window.edge.height() == face.window.look.px(34)
    assert slip.paper.accessibleDescription() == "ÜBUNG"
    assert slip.head.text() == "Bon P-1"
    assert "Übung" in texts(face.window.sale.counter)


def test_practice_takes_no_number_opens_no_drawer_and_is_not_in_the_journal(
    qtbot: QtBot, face: TillFace, printer: Pretend
) -> None:
    before, number = receipts(face), face.desk.till.next_number
    practise(qtbot, face)
    for _ in range(2):
        scan(face, MILK_CODE)
        press(face, Qt.Key.Key_F9)
        qtbot.waitUntil(lambda: face.desk.till.is_idle() and not face.desk.is_busy)
    assert face.window.sale.slip.card.isVisible()
    qtbot.waitUntil(lambda: len(printer.slips) == 2)
    assert any("ÜBUNG" in row.text for row in printer.slips[0])
    assert (receipts(face), face.desk.till.next_number, printer.kicks) == (before, number, 0)
    practised = list(read.everything(face.box.path / "training"))
    assert len(practised) == 2


def test_a_tap_on_the_edge_ends_practice(qtbot: QtBot, face: TillFace) -> None:
    practise(qtbot, face)
    qtbot.mouseClick(face.window.edge, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not face.training.is_on and not face.desk.is_busy)
    assert face.window.edge.edge.kind == "normal"
    assert face.window.sale.slip.paper.accessibleDescription() == ""
    assert face.window.sale.slip.head.text() == "Bon 1"


def test_the_menu_begins_practice_by_touch(qtbot: QtBot, face: TillFace) -> None:
    click(qtbot, face.window.sale, "Menü")
    click(qtbot, face.window.sale, "Üben")
    qtbot.waitUntil(lambda: face.training.is_on and not face.desk.is_busy)
    assert not face.sheets.is_open


def test_an_open_receipt_is_ended_before_practice_begins(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    idle(qtbot, face)
    assert not face.training.is_on
    assert titles(face) == ["Offenen Bon zuerst abschließen, parken oder abbrechen."]


def test_practice_outlives_a_lock_and_is_seen_there(qtbot: QtBot, face: TillFace) -> None:
    practise(qtbot, face)
    face.lock()
    face.outlook.show()
    assert face.window.edge.edge.kind == "training"
    sign_in(qtbot, face)
    assert face.training.is_on


def test_a_locked_till_says_what_is_open(qtbot: QtBot, face: TillFace) -> None:
    face.lock()
    face.outlook.show()
    assert face.window.edge.edge.kind == "normal"
    sign_in(qtbot, face)
    scan(face, MILK_CODE)
    face.lock()
    face.outlook.show()
    assert face.window.edge.edge == Edge(
        "locked", "lock-simple", "Gesperrt – Bon 1 ist offen.", "Wer sich anmeldet, verkauft ihn weiter."
    )  # fmt: skip


def test_closing_a_shift_is_said_at_the_edge(qtbot: QtBot, face: TillFace) -> None:
    face.shift.z_page()
    qtbot.waitUntil(lambda: face.shift.is_closing)
    assert face.window.edge.edge.sentence == "Die Schicht wird geschlossen."
    press(face, Qt.Key.Key_Escape)
    assert face.window.edge.edge.kind == "normal"


def test_the_offline_edge_leads_to_the_system_sheet(
    qtbot: QtBot, opened: Opener, clock: Clock
) -> None:
    face = opened()
    sign_in(qtbot, face)

    def is_offline() -> bool:
        clock.ahead += timedelta(seconds=90)
        face.outlook.show()
        return face.window.edge.edge.kind == "offline"

    qtbot.waitUntil(is_offline)
    qtbot.mouseClick(face.window.edge, Qt.MouseButton.LeftButton)
    assert face.sheets.is_open


def test_what_was_practised_is_not_shown_as_sold(qtbot: QtBot, face: TillFace) -> None:
    for _ in range(2):
        face.training.toggle()
        idle(qtbot, face)
        assert not face.window.sale.slip.card.isVisible()
        scan(face, MILK_CODE)
        face.payment.quick("exact")
        idle(qtbot, face)
        assert face.window.sale.slip.card.isVisible()


def painted(qtbot: QtBot, kind: str, theme: str = "light") -> QImage:
    """The edge in one state, without its words, in greys."""
    bar = EdgeBar()
    qtbot.addWidget(bar)
    bar.dress(Look(theme))
    bar.resize(600, 34)
    bar.show_edge(Edge(kind, sentence=" "))
    bar.resize(600, bar.height())
    return bar.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)


def tones(picture: QImage) -> tuple[int, int]:
    """The darkest and the lightest grey along the middle."""
    rows = range(4, picture.height() - 4)
    greys = [picture.pixelColor(x, row).red() for x in range(60, 560) for row in rows]
    return min(greys), max(greys)


def test_states_are_told_apart_without_colour(qtbot: QtBot) -> None:
    for theme in ("light", "dark"):
        seen = {
            kind: tones(painted(qtbot, kind, theme))
            for kind in ("offline", "training", "return", "locked")
        }
        patterned = {kind for kind, (dark, bright) in seen.items() if bright - dark >= 8}
        assert patterned == {"offline", "training"}, (theme, seen)
        assert abs(seen["offline"][0] - seen["training"][0]) > 40 or theme == "dark", seen
        assert abs(seen["return"][0] - seen["locked"][0]) > 40, seen


def test_every_language_has_its_mark() -> None:
    marks = {language: Words(language)("training.mark") for language in ("de", "en", "es")}
    assert marks == {"de": "ÜBUNG", "en": "TRAINING", "es": "PRÁCTICA"}
