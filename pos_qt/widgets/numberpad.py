"""Number pads: the selling pad with its verbs, and the PIN pad."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from pos_qt.theme.look import Look
from pos_qt.widgets.dress import button, frame, keeps_its_sides, label, put_icon, restyle, tight

_PAD: Final = (("7", "8", "9", "back"), ("4", "5", "6", "C"), ("1", "2", "3", "×"),
               ("0", "00", ",", "go"))  # fmt: skip
_PIN: Final = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("C", "0", "back"))
_SAID: Final = {"back": "letters.back", "C": "entry.clear"}
_KINDS: Final = {"back": "verb", "C": "verb", "×": "times", "+10": "verb", "go": "go"}


class Entry(QWidget):
    """What has been typed, with a caret."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._box = frame("entryframe")
        self._row = QHBoxLayout(self._box)
        self._caption = label("entrycap")
        self._text = label("entry", tail=True)
        self._caret = QWidget()
        self._row.addWidget(self._caption)
        self._row.addStretch(1)
        self._row.addWidget(self._text)
        self._row.addWidget(self._caret)
        self._outer = QHBoxLayout(self)
        self._outer.addWidget(self._box)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        tight(self._outer, (0, 0, 0, 0), 0)
        tight(self._row, (look.px(14), 0, look.px(14), 0), look.px(3))
        self.setFixedHeight(look.px(56))
        self._look = look
        self._fit()
        self._caret.setFixedSize(look.px(2.5), look.px(28))
        self._caret.setStyleSheet(f"background: {look.hex('go')};")

    def show_entry(self, caption: str, text: str, *, strong: bool = False) -> None:
        """Another number."""
        self._caption.setText(caption)
        self._text.setText(text)
        self.setAccessibleName(f"{caption} {text}")
        restyle(self._box, "focus", strong)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """In other room there may be none for the caption."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A long text has the room of its caption too."""
        needed = self._text.sizeHint().width() + self._caption.sizeHint().width()
        room = self.width() - self._look.px(2 * 14 + 3 * 3 + 4)
        self._caption.setVisible(not self._text.text() or needed <= room)


class NumberPad(QWidget):
    """Digits and verbs; says by signal what was pressed: a digit, `back`, `C`, `×` or `go`."""

    pressed = Signal(str)

    def __init__(self, *, pin: bool = False, times: str = "×") -> None:
        """See the class; `times` is what stands, and is said, in the place of ×."""
        super().__init__()
        keeps_its_sides(self)
        self._pin = pin
        self._grid = QGridLayout(self)
        self._keys: dict[str, QPushButton] = {}
        for row, names in enumerate(_PIN if pin else _PAD):
            for column, plain in enumerate(names):
                name = times if plain == "×" else plain
                kind = _KINDS.get(name, "big" if pin else "number")
                if pin and kind == "verb":
                    kind = "bigverb"
                made = button(kind, "" if name in {"back", "go"} else name, name,
                              says=_SAID.get(name, ""))  # fmt: skip
                made.pressed.connect(self._on_pressed)
                made.setAutoRepeat(name == "back")
                self._keys[name] = made
                self._grid.addWidget(made, row, column)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        tight(self._grid, (0, 0, 0, 0), look.px(10 if self._pin else 8))
        for name, made in self._keys.items():
            made.setFixedHeight(look.px(84 if self._pin else 66))
            if name == "back":
                put_icon(made, look, "backspace", 26, "text")

    def show_point(self, point: str) -> None:
        """What parts whole from tenths, as the cashier's language writes it."""
        self._keys[","].setText(point)
        self._keys[","].setAccessibleName(point)

    def show_go(self, text: str, said: str = "") -> None:
        """What the green key does; `said` to those who listen, where it shows a sign only."""
        self._keys["go"].setText(text)
        self._keys["go"].setAccessibleName(said or text)

    def _on_pressed(self) -> None:
        for name, made in self._keys.items():
            if made is self.sender():
                self.pressed.emit(name)
