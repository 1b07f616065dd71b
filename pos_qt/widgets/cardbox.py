"""How a card payment goes: the amount sent, the terminal's step, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pos_qt.presenters.shown import CardBox
from pos_qt.theme.look import Look
from pos_qt.widgets.dress import button, frame, label, put_icon, tight

_KINDS = {"go": "stripgo", "danger": "void", "plain": "line"}


class CardBoxView(QWidget):
    """The box in the payment; its buttons stay while only the terminal's words change."""

    acted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.shown: CardBox | None = None
        self._frame = frame("panel")
        self._icon, self.title, self.text = QLabel(), label("strip"), label("striptext")
        self.title.setWordWrap(True)
        self.text.setWordWrap(True)
        self.buttons: list[QPushButton] = []
        self._inside = QHBoxLayout(self._frame)
        self._words, self._row = QVBoxLayout(), QHBoxLayout()
        self._words.addWidget(self.title)
        self._words.addWidget(self.text)
        self._words.addLayout(self._row)
        self._inside.addWidget(self._icon)
        self._inside.addLayout(self._words, 1)
        column = QVBoxLayout(self)
        tight(column, (0, 0, 0, 0), 0)
        column.addWidget(self._frame)
        self.hide()

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        tight(self._inside, (look.px(18), look.px(12), look.px(16), look.px(12)), look.px(14))
        tight(self._words, (0, 0, 0, 0), look.px(6))
        tight(self._row, (0, look.px(4), 0, 0), look.px(8))
        way = QBoxLayout.Direction
        self._row.setDirection(way.LeftToRight if look.is_wide else way.TopToBottom)
        picture = look.icon("contactless-payment", 32, "go", self.devicePixelRatioF())
        self._icon.setPixmap(picture)
        self._draw()

    def show_box(self, box: CardBox | None) -> None:
        """Another state, or none."""
        before, self.shown = self.shown, box
        self.setVisible(box is not None)
        if box is None:
            return
        self.title.setText(box.title)
        self.text.setText(box.text)
        self.setAccessibleName(f"{box.title} {box.text}")
        if before is None or before.actions != box.actions:
            self._draw()

    def _draw(self) -> None:
        while item := self._row.takeAt(0):
            if old := item.widget():
                old.hide()
                old.deleteLater()
        self.buttons = []
        for action in self.shown.actions if self.shown else ():
            made = button(_KINDS[action.kind], action.text)
            made.setFixedHeight(self._look.px(56))
            made.setProperty("act", action.key)
            if action.icon:
                ink = {"go": "on-go", "danger": "danger"}.get(action.kind, "text")
                put_icon(made, self._look, action.icon, 20, ink)
            made.clicked.connect(self._on_clicked)
            self._row.addWidget(made, 1)
            self.buttons.append(made)

    def _on_clicked(self) -> None:
        self.acted.emit(self.sender().property("act"))
