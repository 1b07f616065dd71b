"""What a cashier does at a till's face, and what they see there."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_qt.till import TillFace
from services.journal import read

ENTER: Final = Qt.Key.Key_Return


def scan(face: TillFace, code: str) -> None:
    """What a keyboard scanner does: the code at once, then Enter."""
    target = face.window.focusWidget() or face.window
    QTest.keyClicks(target, code)
    QTest.keyClick(target, ENTER)


def press(face: TillFace, key: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    """A key that a person presses."""
    target = face.window.focusWidget() or face.window
    QTest.keyClick(target, key, held or Qt.KeyboardModifier.NoModifier)


def typed(qtbot: QtBot, face: TillFace, text: str) -> None:
    """Characters that a person types, slowly."""
    target = face.window.focusWidget() or face.window
    for char in text:
        QTest.keyClicks(target, char)
        qtbot.wait(45)


def titles(face: TillFace) -> list[str]:
    """What the open strips say."""
    return [strip.title for strip in face.sale.strips.shown]


def shown_total(face: TillFace) -> str:
    """The total on the counter."""
    return face.window.sale.counter.amount.accessibleName()


def receipts(face: TillFace) -> int:
    """How many entries the journal has."""
    return sum(1 for _ in read.after(face.box.journal, "1", 0))


def click(qtbot: QtBot, inside: QWidget, name: str) -> None:
    """Click the button that bears a name, and can be seen."""
    QApplication.processEvents()  # what was just put there is seen then
    for found in inside.findChildren(QAbstractButton):
        if found.accessibleName() == name and found.isVisible():
            qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
            return
    raise AssertionError(name)
