"""Strips inside the slip: one sentence each, what it asks, and at most three things to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pos_qt.presenters.shown import Action, Ask, Strip
from pos_qt.presenters.strips import ASK
from pos_qt.theme.look import Look
from pos_qt.translations.words import Words
from pos_qt.widgets.dots import Dots
from pos_qt.widgets.dress import button, frame, label, put_icon, restyle, say, tight

_SEEN = 2
_KINDS = {"go": "stripgo", "danger": "void", "plain": "line", "close": "line"}


class AskView(QWidget):
    """What a strip asks: of whom, and the digits typed so far. A tap sends the digits here again."""

    acted = Signal(str)

    def __init__(self, ask: Ask, title: str, ring: str, look: Look) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._ask = ask
        self._column = QVBoxLayout(self)
        self._choices = QGridLayout()
        self._buttons: list[QPushButton] = []
        for n, choice in enumerate(ask.choices):
            made = button("choice", choice.text)
            made.setCheckable(True)
            made.setChecked(choice.chosen)
            restyle(made, "ring", ring == choice.key)
            made.clicked.connect(self._on_clicked)
            self._buttons.append(made)
            columns = 2 if len(ask.choices) <= 4 else 3
            self._choices.addWidget(made, n // columns, n % columns)
        self._column.addLayout(self._choices)
        self._box = frame("askbox")
        restyle(self._box, "ring", ring == ASK)
        self._inside = QVBoxLayout(self._box)
        if ask.length:
            self._dots = Dots(ask.length)
            self._dots.show_digits(ask.digits, wrong=ask.wrong and not ask.digits)
            self._inside.addWidget(self._dots)
        else:
            text = label("asktext", ask.text)
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._inside.addWidget(text)
        self._column.addWidget(self._box)
        self._box.setVisible(not ask.plain)
        self._message = label("bad" if ask.wrong else "striptext", ask.message)
        self._message.setWordWrap(True)
        self._message.setVisible(bool(ask.message))
        self._column.addWidget(self._message)
        self.setAccessibleName(f"{ask.text} {ask.message}".strip() or title)
        self.wear(look)

    def wear(self, look: Look) -> None:
        """Wear a look."""
        tight(self._column, (0, look.px(6), 0, 0), look.px(6))
        tight(self._choices, (0, 0, 0, 0), look.px(6))
        tight(self._inside, (look.px(8), 0, look.px(8), 0), 0)
        self._box.setFixedHeight(look.px(48))
        for made in self._buttons:
            made.setFixedHeight(look.px(44))
        if self._ask.length:
            self._dots.dress(look)

    def mousePressEvent(self, event: object) -> None:  # noqa: N802, ARG002 - Qt's name
        """The digits come here again."""
        self.acted.emit(ASK)

    def _on_clicked(self) -> None:
        for choice, made in zip(self._ask.choices, self._buttons, strict=True):
            if made is self.sender():
                self.acted.emit(choice.key)


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
        self._ask = AskView(strip.ask, strip.title, strip.ring, look) if strip.ask else None
        if self._ask is not None:
            self._grid.addWidget(self._ask, 2, 0, 1, 3)
            self._ask.acted.connect(self._on_asked)
        self._row = QHBoxLayout()
        for action in strip.actions:
            says = "strip.close" if action.kind == "close" else ""
            made = button(_KINDS[action.kind], action.text, says=says)
            restyle(made, "ring", strip.ring == action.key)
            made.clicked.connect(self._on_clicked)
            self._buttons.append((action, made))
            if len(strip.actions) == 1 and action.kind == "close":
                self._grid.addWidget(made, 0, 2, 2, 1, Qt.AlignmentFlag.AlignTop)
            else:
                self._row.addWidget(made, 0 if action.kind == "close" else 1)
        self._grid.addLayout(self._row, 3, 0, 1, 3)
        self._grid.setColumnStretch(1, 1)
        self.setAccessibleName(f"{strip.title} {strip.text}")
        self.dress(look)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        tight(self._grid, (look.px(18), look.px(12), look.px(16), look.px(12)), look.px(4))
        self._grid.setHorizontalSpacing(look.px(12))
        tight(self._row, (0, look.px(7) if self._row.count() else 0, 0, 0), look.px(8))
        if self._ask is not None:
            self._ask.wear(look)
        self._tone = {"danger": "danger", "info": "info"}.get(self.strip.kind, "warn")
        self._icon.setPixmap(look.icon(self.strip.icon, 26, "text", self.devicePixelRatioF()))
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

    def _on_asked(self, key: str) -> None:
        self.acted.emit(self.strip.number, key)


class StripBox(QWidget):
    """The open strips; the two newest are seen, older ones come up as these close."""

    acted = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._column = QVBoxLayout(self)
        tight(self._column, (0, 0, 0, 0), 0)
        self._views: list[StripView] = []
        self._all: Sequence[Strip] = ()
        self._words = Words("de")
        self.hide()

    def speak(self, words: Words) -> None:
        """Another language, for those who listen."""
        self._words = words

    def dress(self, look: Look) -> None:
        """Wear a look; in another form another number of strips may be seen."""
        self._look = look
        self.show_strips(self._all)

    def show_strips(self, strips: Sequence[Strip]) -> bool:
        """Other strips; says whether anything changed."""
        self._all = strips
        is_short = self._look.large or not self._look.is_wide
        one = is_short and any(strip.ask is not None for strip in strips[-_SEEN:])
        seen = list(strips[-1 if one else -_SEEN :])
        if [view.strip for view in self._views] == seen:
            return False
        kept = {view.strip.number: view for view in self._views if view.strip in seen}
        for view in self._views:
            if view.strip.number not in kept:
                view.hide()
                view.deleteLater()
        self._views = []
        for n, strip in enumerate(seen):
            view = kept.get(strip.number) or self._view(strip)
            self._column.insertWidget(n, view)
            self._views.append(view)
        self.setVisible(bool(seen))
        return True

    def _view(self, strip: Strip) -> StripView:
        view = StripView(strip, self._look)
        view.acted.connect(self.acted)
        say(view, self._words)
        return view
