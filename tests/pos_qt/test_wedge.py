"""The scan router: bursts are scans wherever the focus is; what people type goes where it belongs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_qt.peripherals.wedge import Wedge

CODE = "4012345678901"


class Desk:
    """A window with a field and a button that wants to be pressed."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.field, self.button = QLineEdit(), QPushButton("x")
        self.button.setDefault(True)
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.field)
        layout.addWidget(self.button)
        self.now = 0.0
        self.wedge = Wedge(self.window, lambda: self.now)
        self.scans: list[str] = []
        self.typed: list[str] = []
        self.pressed: list[str] = []
        self.presses = 0
        self.wedge.scanned.connect(self.scans.append)
        self.wedge.typed.connect(self.typed.append)
        self.wedge.pressed.connect(self.pressed.append)
        self.button.clicked.connect(self._count)
        self.field.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.window.show()

    def _count(self) -> None:
        self.presses += 1

    def keys(self, text: str, gap_s: float, target: QWidget) -> None:
        """Type, so many seconds apart."""
        for char in text:
            self.now += gap_s
            QTest.keyClicks(target, char)

    def enter(self, target: QWidget) -> None:
        """Press Enter at once."""
        self.now += 0.003
        QTest.keyClick(target, Qt.Key.Key_Return)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(made.wedge)
    yield made
    application.removeEventFilter(made.wedge)


def test_a_burst_is_a_scan_and_never_reaches_the_field(desk: Desk) -> None:
    desk.field.setFocus()
    desk.keys(CODE, 0.004, desk.field)
    desk.enter(desk.field)
    assert desk.scans == [CODE]
    assert desk.field.text() == ""


def test_a_burst_without_enter_ends_by_silence(qtbot: QtBot, desk: Desk) -> None:
    desk.keys(CODE, 0.004, desk.window)
    qtbot.waitUntil(lambda: desk.scans == [CODE])


def test_slow_digits_are_typed(qtbot: QtBot, desk: Desk) -> None:
    desk.keys("50", 0.15, desk.window)
    qtbot.waitUntil(lambda: "".join(desk.typed) == "50")
    assert desk.scans == []


def test_slow_letters_reach_the_field_that_has_the_focus(qtbot: QtBot, desk: Desk) -> None:
    desk.window.activateWindow()
    desk.field.setFocus()
    qtbot.waitUntil(desk.field.hasFocus)
    desk.keys("kase", 0.2, desk.field)
    qtbot.waitUntil(lambda: desk.field.text() == "kase")
    assert desk.typed == []


def test_three_quick_characters_are_no_scan(qtbot: QtBot, desk: Desk) -> None:
    desk.keys("123", 0.004, desk.window)
    qtbot.waitUntil(lambda: desk.typed == ["123"])


def test_enter_never_presses_a_button(desk: Desk) -> None:
    desk.button.setFocus()
    desk.keys(CODE, 0.004, desk.button)
    desk.enter(desk.button)
    desk.now += 1
    QTest.keyClick(desk.button, Qt.Key.Key_Return)
    QTest.keyClick(desk.button, Qt.Key.Key_Space)
    assert desk.presses == 0
    assert desk.pressed == ["Return", "Space"]


def test_a_digit_typed_before_a_scan_is_not_part_of_it(desk: Desk) -> None:
    desk.keys("3", 0.2, desk.window)
    desk.now += 0.2
    desk.keys(CODE, 0.004, desk.window)
    desk.enter(desk.window)
    assert desk.typed == ["3"]
    assert desk.scans == [CODE]


def test_keys_of_another_window_are_left_alone(qtbot: QtBot, desk: Desk) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    QTest.keyClicks(other, "12345")
    assert other.text() == "12345"
    assert desk.scans == []
