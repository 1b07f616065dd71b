"""Letters for a till without a keyboard: shown under a field for words, and gone after it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from pos_qt.theme.look import Look
from pos_qt.translations.words import Words
from pos_qt.widgets.dress import button, put_icon, tight

_ROWS: Final = {
    "de": ("qwertzuiop", "asdfghjklö", "yxcvbnmäüß"),
    "en": ("qwertyuiop", "asdfghjkl'", "zxcvbnm_&/"),
    "es": ("qwertyuiop", "asdfghjklñ", "zxcvbnmáéó"),
}
"""The letters as keyboards of the country have them, ten a row."""
_LAST: Final = (("shift", 2), ("@", 1), (".", 1), ("-", 1), (" ", 3), ("back", 2))
"""What lies below, and over how many columns."""
_SAID: Final = {"shift": "letters.shift", " ": "letters.space", "back": "letters.back"}


class LetterPad(QWidget):
    """Says by signal what was pressed: a character, or `back`."""

    pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._letters: list[QPushButton] = []
        self._below: dict[str, QPushButton] = {}
        self._is_large = False
        for at in range(30):
            made = self._key("")
            self._letters.append(made)
            self._grid.addWidget(made, at // 10, at % 10)
        column = 0
        for name, wide in _LAST:
            made = self._below[name] = self._key(name)
            self._grid.addWidget(made, 3, column, 1, wide)
            column += wide
        self._below["back"].setAutoRepeat(True)
        self.setVisible(False)

    def _key(self, name: str) -> QPushButton:
        says = _SAID.get(name, "")
        made = button("letter", "" if says else name, name, says=says)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        made.pressed.connect(self._on_pressed)
        return made

    def dress(self, look: Look) -> None:
        """Wear a look."""
        tight(self._grid, (0, look.px(8), 0, 0), look.px(4))
        for made in (*self._letters, *self._below.values()):
            made.setFixedHeight(look.px(48))
        put_icon(self._below["back"], look, "backspace", 22, "text")
        put_icon(self._below["shift"], look, "caret-up", 22, "text")

    def speak(self, words: Words) -> None:
        """Another language: its letters, in its order."""
        signs = "".join(_ROWS[words.language])
        for made, sign in zip(self._letters, signs, strict=True):
            made.setProperty("sign", sign)
        self._write()

    def _write(self) -> None:
        for made in self._letters:
            sign = str(made.property("sign") or "")
            sign = sign.upper() if self._is_large and sign != "ß" else sign
            made.setText(sign.replace("&", "&&"))
            made.setAccessibleName(sign)

    def _on_pressed(self) -> None:
        made = self.sender()
        if made is self._below["shift"]:
            self._is_large = not self._is_large
            self._write()
            return
        below = next((name for name, key in self._below.items() if key is made), None)
        letter = next((key.accessibleName() for key in self._letters if key is made), "")
        self.pressed.emit(below or letter)
        if self._is_large and below is None:
            self._is_large = False
            self._write()
