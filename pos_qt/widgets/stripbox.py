"""Strips inside the slip: one sentence each, with at most three things to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pos_qt.presenters.shown import Action, Strip
from pos_qt.theme.look import Look
from pos_qt.widgets.dress import button, label, put_icon, tight

_SEEN = 2
_KINDS = {"go": "stripgo", "danger": "void", "plain": "line", "close": "line"}


class StripView(QWidget):
    """One strip."""

    acted = Signal(int, str)

    def __init__(self, strip: Strip, look: Look) -> None:
        super().__init__()
        self.strip = strip
        self._look = look
        self._icon = QLabel()
        self._title = label("strip", strip.title)
        self._title.setWordWrap(True)
        self._text = label("striptext", strip.text)
        self._text.setWordWrap(True)
        self._buttons: list[tuple[Action, QPushButton]] = []
        self._grid = QGridLayout(self)
        self._grid.addWidget(self._icon, 0, 0)
        self._grid.addWidget(self._title, 0, 1)
        self._grid.addWidget(self._text, 1, 1)
        self._row = QHBoxLayout()
        for action in strip.actions:
            made = button(_KINDS[action.kind], action.text, action.text or action.key)
            made.clicked.connect(self._on_clicked)
            self._buttons.append((action, made))
            self._row.addWidget(made, 0 if action.kind == "close" else 1)
        if len(strip.actions) == 1:
            self._row.insertStretch(0, 1)
        self._grid.addLayout(self._row, 2, 0, 1, 2)
        self._grid.setColumnStretch(1, 1)
        self.setAccessibleName(f"{strip.title} {strip.text}")
        self.dress(look)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        tight(self._grid, (look.px(18), look.px(12), look.px(16), look.px(12)), look.px(4))
        self._grid.setHorizontalSpacing(look.px(12))
        tight(self._row, (0, look.px(7), 0, 0), look.px(8))
        tone = "danger" if self.strip.kind == "danger" else "warn"
        self._icon.setPixmap(look.icon(self.strip.icon, 26, "text", self.devicePixelRatioF()))
        self._tone = tone
        self._text.setVisible(bool(self.strip.text))
        for action, made in self._buttons:
            made.setFixedHeight(look.px(50))
            if action.kind == "close":
                made.setFixedWidth(look.px(56))
            if action.icon:
                ink = {"go": "on-go", "danger": "danger"}.get(action.kind, "text")
                put_icon(made, look, action.icon, 20, ink)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the ground and its bar."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour(f"{self._tone}-tint"))
        painter.fillRect(0, 0, self._look.px(6), self.height(), self._look.colour(self._tone))

    def _on_clicked(self) -> None:
        for action, made in self._buttons:
            if made is self.sender():
                self.acted.emit(self.strip.number, action.key)


class StripBox(QWidget):
    """The open strips; the two newest are seen, older ones come up as these close."""

    acted = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._column = QVBoxLayout(self)
        tight(self._column, (0, 0, 0, 0), 0)
        self._views: list[StripView] = []
        self.hide()

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look

    def show_strips(self, strips: Sequence[Strip]) -> bool:
        """Other strips; says whether anything changed."""
        seen = list(strips[-_SEEN:])
        if [view.strip for view in self._views] == seen:
            return False
        for view in self._views:
            view.hide()
            view.deleteLater()
        self._views = []
        for strip in seen:
            view = StripView(strip, self._look)
            view.acted.connect(self.acted)
            self._column.addWidget(view)
            self._views.append(view)
        self.setVisible(bool(seen))
        return True
