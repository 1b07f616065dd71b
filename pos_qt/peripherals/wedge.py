"""The scan router: reads scanners that type like keyboards, above all widgets.

A burst of characters, each soon after the last, is a scan; it never reaches a widget. All else is
what a person typed, and goes where it belongs. Enter never presses a button.
Source of the times: DESIGN.md, 4.1.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

GAP_S: Final = 0.035
"""The longest pause between two characters of one scan."""
SILENCE_S: Final = 0.060
"""A scan without Enter is over after this."""
SHORTEST: Final = 4

_HELD: Final = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_EDITING: Final = {
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_Backspace, Qt.Key.Key_Delete,
}  # fmt: skip
_COPYING: Final = {Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Z}
_ENDS: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}


class Wedge(QObject):
    """Application event filter. `scanned` has a code, `typed` characters, `pressed` a key's name."""

    scanned = Signal(str)
    typed = Signal(str)
    pressed = Signal(str)

    def __init__(self, window: QWidget, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(window)
        self._window = window
        self._clock = clock
        self._buffer = ""
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_silence)

    def eventFilter(self, target: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take every key that is pressed in the till's window."""
        kind = event.type()
        if kind not in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}:
            return False
        if not isinstance(target, QWidget) or target.window() is not self._window:
            return False
        assert isinstance(event, QKeyEvent)
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return self._key(event)

    def _key(self, event: QKeyEvent) -> bool:
        now = event.timestamp() / 1000 if event.timestamp() else self._clock()
        text = event.text()
        plain = bool(text) and text.isprintable() and not event.modifiers() & _HELD
        if plain and event.isAutoRepeat():
            return True
        if plain and not (text == " " and not self._buffer and self._field() is None):
            self._char(text, now)
            return True
        quick = now - self._last < SILENCE_S
        if self._buffer and event.key() in _ENDS and quick and len(self._buffer) >= SHORTEST:
            self._take()
            return True
        self._release()
        return self._command(event)

    def _char(self, text: str, now: float) -> None:
        if self._buffer and now - self._last >= GAP_S:
            self._release()
        self._buffer += text
        self._last = now
        self._timer.start(round((SILENCE_S if len(self._buffer) >= SHORTEST else GAP_S) * 1000))

    def _command(self, event: QKeyEvent) -> bool:
        field = self._field()
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if field is not None and event.key() in (_COPYING if control else _EDITING):
            return False
        if event.key() in {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr}:
            return True
        self.pressed.emit(QKeySequence(event.keyCombination()).toString())
        return True

    def _on_silence(self) -> None:
        if len(self._buffer) >= SHORTEST:
            self._take()
        else:
            self._release()

    def _take(self) -> None:
        code, self._buffer = self._buffer, ""
        self._timer.stop()
        self.scanned.emit(code)

    def _release(self) -> None:
        text, self._buffer = self._buffer, ""
        self._timer.stop()
        if not text:
            return
        field = self._field()
        if field is not None:
            field.insert(text)
        else:
            self.typed.emit(text)

    def _field(self) -> QLineEdit | None:
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit) and focus.window() is self._window:
            return focus
        return None
