"""The selling side: search and article keys in the middle, entry and pad at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_qt.presenters.shown import Found, Keys, Sheet
from pos_qt.screens.sheet import SheetPanel
from pos_qt.theme.look import SMALL, Look
from pos_qt.translations.words import Words
from pos_qt.widgets.dress import button, frame, label, put_icon, quiet, restyle, tight
from pos_qt.widgets.foundlist import FoundList
from pos_qt.widgets.keygrid import KeyGrid
from pos_qt.widgets.letterpad import LetterPad
from pos_qt.widgets.numberpad import Entry, NumberPad
from pos_qt.widgets.photos import Photos
from pos_qt.widgets.said import SaidButton

_FUNCTIONS: Final = (
    ("discount", "percent"), ("price", "tag"), ("return", "arrow-u-up-left"),
    ("drawer", "archive"), ("park", "pause"), ("recall", "tray"),
)  # fmt: skip


class _Field(QLineEdit):
    """A field that says when it is tapped: a finger has no keyboard."""

    tapped = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Say it, and put the caret there."""
        super().mousePressEvent(event)
        self.tapped.emit()


class SearchField(QWidget):
    """The search field. A scan never gets into it."""

    edited = Signal(str)
    entered = Signal()
    closed = Signal()
    tapped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.was_touched = False
        """Whether it was opened by a finger, which wants letters to tap."""
        self._box = frame("field")
        self._glass, self._hint, self._code = QLabel(), label("keycap", "F3"), QLabel()
        self.field = _Field()
        self.field.tapped.connect(self._on_tapped)
        self.field.setFrame(False)
        self.field.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.field.textChanged.connect(self.edited)
        self._close = button("chip", says="search.close")
        self._close.clicked.connect(self.closed)
        self._close.hide()
        self._row = QHBoxLayout(self._box)
        for part in (self._glass, self.field, self._hint, self._code, self._close):
            self._row.addWidget(part)
        self._outer = QHBoxLayout(self)
        self._outer.addWidget(self._box)
        tight(self._outer, (0, 0, 0, 0), 0)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self.setFixedHeight(look.px(52))
        tight(self._row, (look.px(16), 0, look.px(6), 0), look.px(10))
        ratio = self.devicePixelRatioF()
        self._glass.setPixmap(look.icon("magnifying-glass", 22, "text-2", ratio))
        self._code.setPixmap(look.icon("barcode", 24, "text-2", ratio))
        self._code.setContentsMargins(0, 0, look.px(10), 0)
        self._close.setFixedSize(look.px(42), look.px(40))
        put_icon(self._close, look, "x", 20, "text")
        self._hint.setFixedHeight(look.px(22))

    def speak(self, words: Words) -> None:
        """Another language."""
        self.field.setPlaceholderText(words("search.hint"))
        self.field.setAccessibleName(words("search.hint"))

    def _on_tapped(self) -> None:
        self.was_touched = True
        self.tapped.emit()

    def write(self, sign: str) -> None:
        """A letter that was tapped."""
        if sign == "back":
            self.field.backspace()
        else:
            self.field.insert(sign)

    def show_searching(self, *, searching: bool, text: str | None) -> None:
        """In use, or not."""
        self.was_touched = self.was_touched and searching
        restyle(self._box, "focus", searching)
        self._close.setVisible(searching)
        self._hint.setVisible(not searching)
        self._code.setVisible(not searching)
        if text is not None and text != self.field.text():
            self.field.setText(text)
        if searching:
            self.field.setFocus()
        else:
            self.field.clearFocus()


class BadgeButton(SaidButton):
    """A function's key with a small number at its end."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._look, self._badge = Look(), ""
        self.setProperty("kind", "function")
        quiet(self, name)

    def wear(self, look: Look) -> None:
        """Wear a look; in a small window the words are smaller, so that the icons stay."""
        self._look = look
        restyle(self, "small", look.form == SMALL)

    def fitting(self) -> tuple[str, bool]:
        """Beside a number there may be no room for the icon."""
        text, has_icon = super().fitting()
        wide = self.fontMetrics().horizontalAdvance(text) + self.iconSize().width()
        room = self.width() - self._look.px(12 + 24 + self._rim)
        return text, has_icon and not (self._badge and wide > room)

    @property
    def _rim(self) -> int:
        """What lies between the number and the key's end."""
        return 3 if self._look.form == SMALL else 9

    def show_badge(self, badge: str) -> None:
        """Another number; nothing where it is empty."""
        self._badge = badge
        self.setAccessibleDescription(badge)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the number over the key."""
        super().paintEvent(event)
        if not self._badge:
            return
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(14, 700))
        wide = max(look.px(24), painter.fontMetrics().horizontalAdvance(self._badge) + look.px(12))
        box = QRectF(self.width() - wide - look.px(self._rim), 0, wide, look.px(22))
        box.moveTop((self.height() - box.height()) / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("text"))
        painter.drawRoundedRect(box, look.px(11), look.px(11))
        painter.setPen(look.colour("surface"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._badge)


class PadPanel(QWidget):
    """Entry, number pad and functions."""

    pad_pressed = Signal(str)
    function_pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.entry, self.pad = Entry(), NumberPad()
        self.functions: dict[str, BadgeButton] = {}
        self._plu = self._next = ""
        self._grid = QGridLayout()
        for at, (name, _) in enumerate(_FUNCTIONS):
            made = BadgeButton(name)
            made.clicked.connect(self._on_function)
            self.functions[name] = made
            self._grid.addWidget(made, at // 2, at % 2)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.entry)
        self._column.addWidget(self.pad)
        self._column.addLayout(self._grid, 1)
        self.pad.pressed.connect(self.pad_pressed)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self.setFixedWidth(look.part("pad"))
        tight(self._column, (0, 0, 0, look.px(12)), look.px(10))
        tight(self._grid, (0, 0, 0, 0), look.px(8))
        for name, icon in _FUNCTIONS:
            made = self.functions[name]
            made.setSizePolicy(made.sizePolicy().Policy.Ignored, made.sizePolicy().Policy.Expanding)
            put_icon(made, look, icon, 18 if look.form == SMALL else 22, "text-2")
            made.wear(look)

    def speak(self, words: Words) -> None:
        """Another language."""
        self._plu, self._next = words("entry.plu"), words("entry.next")
        self.pad.show_go(self._plu)
        self.pad.show_point(words.point)
        for name, made in self.functions.items():
            made.setText(words(f"function.{name}"))
            made.setAccessibleName(words(f"function.{name}"))

    def show_writing(self, *, writing: bool) -> None:
        """The green key sells a number, or goes on to the next field of a sheet."""
        self.pad.show_go(*(("⏎", self._next) if writing else (self._plu,)))

    def show_badge(self, name: str, badge: str) -> None:
        """A small number on a function's key."""
        self.functions[name].show_badge(badge)

    def _on_function(self) -> None:
        for name, made in self.functions.items():
            if made is self.sender():
                self.function_pressed.emit(name)


class SellingPanel(QWidget):
    """Middle and right column while selling."""

    row_tapped = Signal(int)
    letter_pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.photos = Photos(self)
        self.search, self.keys, self.pad = SearchField(), KeyGrid(self.photos), PadPanel()
        self._found = FoundList(self.photos)
        self._nothing, self._how = label("lead"), label("caption")
        for text in (self._nothing, self._how):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
            text.setWordWrap(True)
        box = frame("panel")
        results = QVBoxLayout(box)
        results.addWidget(self._nothing)
        results.addWidget(self._found, 1)
        results.addWidget(self._how)
        self.sheet = SheetPanel()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.keys)
        self._stack.addWidget(box)
        articles = QWidget()
        self._articles = QVBoxLayout(articles)
        self._articles.addWidget(self.search)
        self._articles.addWidget(self._stack, 1)
        self._front = QStackedWidget()
        self._front.addWidget(articles)
        self._front.addWidget(self.sheet)
        self._middle = QVBoxLayout()
        self.letters = LetterPad()
        self.letters.pressed.connect(self.letter_pressed)
        self._middle.addWidget(self._front, 1)
        self._middle.addWidget(self.letters)
        self._row = QHBoxLayout(self)
        self._row.addLayout(self._middle, 1)
        self._row.addWidget(self.pad)
        self._found.row_tapped.connect(self.row_tapped)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        tight(self._row, (0, 0, 0, 0), look.part("gap"))
        way = QHBoxLayout.Direction
        self._row.setDirection(way.RightToLeft if look.left else way.LeftToRight)
        tight(self._middle, (0, 0, 0, look.px(12)), 0)
        tight(self._articles, (0, 0, 0, 0), look.px(10))

    def speak(self, words: Words) -> None:
        """Another language."""
        self.search.speak(words)
        self.letters.speak(words)
        self.pad.speak(words)
        self._how.setText(words("search.how"))

    def show_keys(self, keys: Keys, empty: str) -> None:
        """The article keys."""
        self.keys.show_keys(keys, empty)

    def show_sheet(self, sheet: Sheet | None) -> None:
        """A sheet over search and keys; the pad stays where it is."""
        if sheet is not None:
            self.sheet.show_sheet(sheet)
        self._front.setCurrentIndex(0 if sheet is None else 1)
        self.letters.setVisible(sheet is not None and sheet.writes)
        self.pad.show_writing(writing=sheet is not None)

    def show_searching(self, *, searching: bool, text: str | None) -> None:
        """Results instead of keys, or keys again."""
        self._stack.setCurrentIndex(1 if searching else 0)
        self.letters.setVisible(searching and self.search.was_touched)
        self.search.show_searching(searching=searching, text=text)

    def show_found(self, found: Sequence[Found], chosen: int, nothing: str) -> None:
        """The results."""
        self._nothing.setText(nothing)
        self._nothing.setVisible(bool(nothing))
        self._found.setVisible(not nothing)
        self._found.show_found(found, chosen)
