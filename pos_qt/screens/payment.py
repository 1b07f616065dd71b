"""The payment: ways to pay above, sums that fit below, what was given at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pos_qt.presenters.shown import CardBox, Method, Note, Part
from pos_qt.theme.look import SMALL, Look
from pos_qt.translations.words import Words
from pos_qt.widgets.cardbox import CardBoxView
from pos_qt.widgets.dress import button, frame, label, put_icon, say, tight
from pos_qt.widgets.numberpad import Entry, NumberPad
from pos_qt.widgets.tenderkey import NoteKey

_NOTES = 6


class PaymentPanel(QWidget):
    """Middle and right column while paying."""

    method_chosen = Signal(str)
    note_tapped = Signal(str)
    part_dropped = Signal(int)
    pad_pressed = Signal(str)
    back_wished = Signal()
    card_acted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._words = Words("de")
        self._methods: list[Method] = []
        self._parts: list[Part] = []
        self._method_grid = QGridLayout()
        self._group = QButtonGroup(self)
        self._given, self._twice = label("head"), label("meta")
        self.notes = [NoteKey() for _ in range(_NOTES)]
        self.entry, self.pad = Entry(), NumberPad()
        self.back = button()
        self._parts_column = QVBoxLayout()
        self.card = CardBoxView()
        self._build()
        self.pad.pressed.connect(self.pad_pressed)
        self.back.clicked.connect(self.back_wished)
        self.card.acted.connect(self.card_acted)
        for note in self.notes:
            note.clicked.connect(self._on_note)

    def _build(self) -> None:
        self._panel = frame("panel")
        self._inside = QVBoxLayout(self._panel)
        head = QHBoxLayout()
        head.addWidget(self._given)
        head.addStretch(1)
        head.addWidget(self._twice)
        self._inside.addLayout(head)
        self._notes = QGridLayout()
        for at, note in enumerate(self.notes):
            self._notes.addWidget(note, at // 3, at % 3)
        self._inside.addLayout(self._notes)
        self._left = QVBoxLayout()
        self._left.addWidget(self.card)
        self._left.addWidget(self._panel)
        self._left.addLayout(self._parts_column)
        self._left.addStretch(1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.back)
        self._left.addLayout(foot)
        self._side = QWidget()
        self._right = QVBoxLayout(self._side)
        self._right.addWidget(self.entry)
        self._right.addWidget(self.pad)
        self._right.addStretch(1)
        self._below = QHBoxLayout()
        self._below.addLayout(self._left, 1)
        self._below.addWidget(self._side)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._method_grid)
        self._column.addLayout(self._below, 1)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        tight(self._column, (0, 0, 0, look.px(12)), look.px(12))
        tight(self._method_grid, (0, 0, 0, 0), look.px(8))
        tight(self._below, (0, 0, 0, 0), look.part("gap"))
        tight(self._inside, (look.px(16), look.px(12), look.px(16), look.px(16)), look.px(10))
        tight(self._notes, (0, 0, 0, 0), look.px(10))
        tight(self._right, (0, 0, 0, 0), look.px(10))
        tight(self._left, (0, 0, 0, 0), look.px(10))
        self._side.setFixedWidth(look.part("pad"))
        self._twice.setVisible(look.is_wide)
        way = QHBoxLayout.Direction
        self._below.setDirection(way.RightToLeft if look.left else way.LeftToRight)
        self.back.setFixedHeight(look.px(56))
        put_icon(self.back, look, "arrow-u-up-left", 22, "text-2")
        self._draw_methods()

    def speak(self, words: Words) -> None:
        """Another language."""
        self._words = words
        self.pad.show_go("⏎", words("payment.finish"))
        self.pad.show_point(words.point)
        self._twice.setText(words("payment.twice"))
        self.back.setText(words("payment.to-sale") + "  (Esc)")
        self.back.setAccessibleName(words("payment.to-sale"))

    def show_payment(
        self, methods: Sequence[Method], given: str, notes: Sequence[Note], parts: Sequence[Part]
    ) -> None:
        """The whole payment."""
        if list(methods) != self._methods:
            self._methods = list(methods)
            self._draw_methods()
        self._given.setText(given)
        for at, key in enumerate(self.notes):
            key.setVisible(at < len(notes))
            if at < len(notes):
                key.show_note(notes[at])
        if list(parts) != self._parts:
            self._parts = list(parts)
            self._draw_parts()

    def show_card(self, box: CardBox | None) -> None:
        """A card payment that goes on; the notes make way for it."""
        self.card.show_box(box)
        self._panel.setVisible(box is None)

    def show_entry(self, caption: str, text: str) -> None:
        """What was given."""
        self.entry.show_entry(caption, text, strong=True)

    def _draw_methods(self) -> None:
        columns = 3 if self._look.form == SMALL else 4
        rows = -(-len(self._methods) // columns)
        high = {1: 76, 2: 60}.get(rows, 48)
        while item := self._method_grid.takeAt(0):
            if old := item.widget():
                self._group.removeButton(old)  # type: ignore[arg-type]
                old.hide()
                old.deleteLater()
        for at, method in enumerate(self._methods):
            made = button("method", method.text)
            made.setCheckable(True)
            made.setChecked(method.chosen)
            made.setProperty("method", method.key)
            made.setFixedHeight(self._look.px(high))
            ink = "go-bright" if method.chosen and self._look.theme == "light" else "text-2"
            if method.chosen and self._look.theme == "dark":
                ink = "on-go"
            put_icon(made, self._look, method.icon, 28, ink)
            made.clicked.connect(self._on_method)
            self._group.addButton(made)
            made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._method_grid.addWidget(made, at // columns, at % columns)
        for column in range(4):
            self._method_grid.setColumnStretch(column, 1 if column < columns else 0)

    def _draw_parts(self) -> None:
        while item := self._parts_column.takeAt(0):
            if old := item.widget():
                old.hide()
                old.deleteLater()
        for at, part in enumerate(self._parts):
            box = frame("panel")
            row = QHBoxLayout(box)
            tight(row, (self._look.px(16), 0, self._look.px(4), 0), self._look.px(10))
            row.addWidget(label("head", part.text))
            row.addStretch(1)
            row.addWidget(label("head", f"−{part.amount}"))
            drop = button("chip", says="payment.drop")
            put_icon(drop, self._look, "x", 20, "text")
            drop.setFixedSize(self._look.px(48), self._look.px(48))
            drop.setProperty("part", at)
            drop.clicked.connect(self._on_drop)
            row.addWidget(drop)
            box.setFixedHeight(self._look.px(56))
            say(box, self._words)
            self._parts_column.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)

    def _on_method(self) -> None:
        self.method_chosen.emit(self.sender().property("method"))

    def _on_note(self) -> None:
        key = self.sender()
        if isinstance(key, NoteKey):
            self.note_tapped.emit(key.shown.key)

    def _on_drop(self) -> None:
        self.part_dropped.emit(self.sender().property("part"))
