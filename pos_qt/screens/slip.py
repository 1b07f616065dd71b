"""The slip: its head, the lines, open strips, the change of the sale before, the selected line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pos_qt.presenters.shown import ChangeDue, ShownLine, Strip
from pos_qt.theme.look import SMALL, Look
from pos_qt.translations.words import Words
from pos_qt.widgets.changecard import ChangeCard
from pos_qt.widgets.dress import button, label, put_icon, restyle, tight
from pos_qt.widgets.lineslist import LinesList
from pos_qt.widgets.paper import SHADE, Paper, Perforation
from pos_qt.widgets.stripbox import StripBox

_ANY: Final = 16_777_215
"""What Qt takes for no limit."""


class LineActions(QWidget):
    """What can be done with the selected line: less, more, another price, void."""

    added = Signal(int)
    discount_wished = Signal()
    voided = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.less = button("step", "−", says="line.less")
        self.more = button("step", "+", says="line.more")
        self.pieces = label("qty")
        self.pieces.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.discount, self.void = button("line"), button("void")
        self.less.clicked.connect(self._on_less)
        self.more.clicked.connect(self._on_more)
        self.discount.clicked.connect(self.discount_wished)
        self.void.clicked.connect(self.voided)
        self._row = QHBoxLayout(self)
        for part, stretch in ((self.less, 0), (self.pieces, 0), (self.more, 0), (self.discount, 1),
                              (self.void, 1)):  # fmt: skip
            self._row.addWidget(part, stretch)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        tight(self._row, (look.px(12), look.px(6), look.px(18), look.px(12)), look.px(8))
        for made in (self.less, self.more):
            made.setFixedSize(look.px(52 if look.form != SMALL else 46), look.px(50))
        self.pieces.setMinimumWidth(look.px(56 if look.form != SMALL else 40))
        for made, name, ink in ((self.discount, "percent", "text"), (self.void, "trash", "danger")):
            made.setFixedHeight(look.px(50))
            short = look.form == SMALL or (look.large and not look.is_tall)
            put_icon(made, look, "" if short else name, 20, ink)
            restyle(made, "tight", short)

    def show_pieces(self, pieces: str, *, fixed: bool = False) -> None:
        """How many there are. What was weighed has none: one more of it can be weighed, none less.

        fixed  it can only be void, and nothing else is offered
        """
        self.pieces.setText(pieces)
        for part in (self.less, self.pieces):
            part.setVisible(bool(pieces) and not fixed)
        for part in (self.more, self.discount):
            part.setVisible(not fixed)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """The selected line's ground goes on."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("go-tint"))
        painter.fillRect(0, 0, self._look.px(5), self.height(), self._look.colour("go"))

    def _on_less(self) -> None:
        self.added.emit(-1)

    def _on_more(self) -> None:
        self.added.emit(1)


class SlipPanel(QWidget):
    """The left column; it is never covered."""

    line_chosen = Signal(int)
    added = Signal(int)
    discount_wished = Signal()
    price_asked = Signal(int)
    menu_wished = Signal()
    voided = Signal()
    undone = Signal()
    strip_acted = Signal(int, str)
    chip_tapped = Signal()
    reprint_wished = Signal()
    view_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._words = Words("de")
        self.paper = Paper()
        self.head, self.items = label("head", whole=True), label("meta")
        self.chip, self.undo = button("chip"), button("chip", says="sale.undo")
        self.menu = button("chip", says="sale.menu")
        self.list, self.strips, self.line = LinesList(), StripBox(), LineActions()
        self.card = ChangeCard()
        self._rule, self._rule_below = Perforation(), Perforation()
        self._picture, self._hint, self._hint_text = QLabel(), label("head"), label("meta")
        self._selected: int | None = None
        self._has_lines = False
        self._paying = self._whose = False
        self._number = ""
        self._build()
        self._connect()

    def _build(self) -> None:
        self._head_row = QHBoxLayout()
        for word in (self.head, self.items):
            self._head_row.addWidget(word)
        self._head_row.addStretch(1)
        self._head_row.addWidget(self.chip)
        self._head_row.addWidget(self.undo)
        self._head_row.addWidget(self.menu)
        self._empty = QWidget()
        hint = QVBoxLayout(self._empty)
        hint.addStretch(1)
        for said in (self._hint, self._hint_text):
            said.setWordWrap(True)
        for part in (self._picture, self._hint, self._hint_text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            hint.addWidget(part)
        hint.addStretch(1)
        self._column = QVBoxLayout(self.paper)
        self._column.addLayout(self._head_row)
        self._column.addWidget(self._rule)
        self._column.addWidget(self.card)
        self._column.addWidget(self._rule_below)
        self._column.addWidget(self._empty, 1)
        self._gap = QWidget()
        self._column.addWidget(self._gap, 1)
        self._column.addWidget(self.list, 1000)
        self._column.addWidget(self.line)
        self._column.addWidget(self.strips)
        self._foot = QWidget()
        self._column.addWidget(self._foot)
        self._outer = QVBoxLayout(self)
        tight(self._outer, (0, 0, 0, 0), 0)
        self._outer.addWidget(self.paper)
        for hidden in (self.chip, self.undo, self.line, self.card, self._rule_below):
            hidden.hide()

    def _connect(self) -> None:
        self.list.line_chosen.connect(self.line_chosen)
        self.line.added.connect(self.added)
        self.line.discount_wished.connect(self.discount_wished)
        self.list.price_asked.connect(self.price_asked)
        self.menu.clicked.connect(self.menu_wished)
        self.line.voided.connect(self.voided)
        self.undo.clicked.connect(self.undone)
        self.chip.clicked.connect(self.chip_tapped)
        self.strips.acted.connect(self.strip_acted)
        self.card.reprint_wished.connect(self.reprint_wished)
        self.card.view_wished.connect(self.view_wished)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        side = look.px(SHADE)
        tight(self._column, (side, look.px(7), side, 0), 0)
        left, right, between = (12, 10, 5) if look.form == SMALL else (18, 14, 8)
        tight(self._head_row, (look.px(left), look.px(7), look.px(right), look.px(9)),
              look.px(between))  # fmt: skip
        if look.is_tall:
            self.setMinimumWidth(0)
            self.setMaximumWidth(_ANY)
            self.setFixedHeight(look.px(500))
        else:
            self.setMinimumHeight(0)
            self.setMaximumHeight(_ANY)
            self.setFixedWidth(look.part("slip") + 2 * side)
        for made in (self.chip, self.undo):
            made.setFixedHeight(look.px(42))
        self._fit_head()
        self.menu.setFixedSize(look.px(46), look.px(42))
        put_icon(self.menu, look, "dots-three-vertical", 22, "text")
        self._foot.setFixedHeight(look.px(6))
        self._picture.setPixmap(look.icon("barcode", 44, "go", self.devicePixelRatioF()))
        self.head.setFixedHeight(look.px(42))

    def speak(self, words: Words) -> None:
        """Another language."""
        self._words = words
        self.list.speak(words)
        self.card.speak(words)
        self.strips.speak(words)
        for made, key in ((self.line.discount, "function.discount"), (self.line.void, "sale.void")):
            made.setText(words(key))
            made.setAccessibleName(words(key))
            self.line.layout().setStretchFactor(made, len(made.text()) + 2)  # type: ignore[union-attr]
        self._hint_words()

    def show_lines(self, lines: Sequence[ShownLine], selected: int | None) -> None:
        """All lines, one of them selected."""
        self._selected = selected
        self._has_lines = bool(lines)
        self.list.show_lines(lines, selected)
        row = self.list.lines.row_of(selected)
        self.line.setVisible(row >= 0 and not self._paying)
        if row >= 0:
            self.line.show_pieces(lines[row].pieces, fixed=lines[row].fixed)
        self._fit()

    def show_head(self, number: str, items: str, *, undo: bool, whose: bool = False) -> None:
        """Receipt number, and how many lines; or `whose` it is, which is seen in any room."""
        self._whose = whose
        self._number = number
        self.items.setText(items)
        self.undo.setVisible(undo)
        self._fit_head()

    def _fit_head(self) -> None:
        """In less room the head says less: the icon alone undoes, nobody counts lines, a number is one."""
        has_chip, small = self.chip.isVisibleTo(self), self._look.form == SMALL
        self.undo.setText("" if has_chip or small else self._words("sale.undo"))
        short = self._number.rpartition(" ")[2] if has_chip and small else self._number
        self.head.setText(short)
        self.head.setAccessibleName(self._number)
        put_icon(self.undo, self._look, "arrow-counter-clockwise", 20, "text")
        self.items.setVisible(not self.card.isVisibleTo(self) and (self._whose or not has_chip))

    def show_mark(self, text: str) -> None:
        """A word across the paper, as in practice."""
        self.paper.show_mark(text)

    def show_paying(self, *, paying: bool) -> None:
        """While money is taken, lines rest."""
        self._paying = paying
        self.line.setVisible(not paying and self.list.lines.row_of(self._selected) >= 0)
        self._fit()

    def show_strips(self, strips: Sequence[Strip]) -> None:
        """The open strips."""
        if self.strips.show_strips(strips):
            self._fit()

    def show_change(self, due: ChangeDue | None, *, small: bool) -> None:
        """The change of the sale before: large, as a chip, or not at all."""
        large = due is not None and not small
        if due is not None:
            self.card.show_due(due)
            self.chip.setText(due.chip)
            self.chip.setAccessibleName(due.chip)
        self.card.setVisible(large)
        self._rule_below.setVisible(large)
        for part in (self.head, self._rule):
            part.setVisible(not large)
        self.chip.setVisible(due is not None and small)
        self._fit_head()
        if large:
            self.undo.hide()
        self._hint_words()
        self._fit()

    def resizeEvent(self, event: object) -> None:  # noqa: N802, ARG002 - Qt's name
        """The list is as high as its lines, or as there is room."""
        self._fit()

    def _hint_words(self) -> None:
        after = "next" if self.card.isVisibleTo(self) else "empty"
        self._hint.setText(self._words(f"sale.{after}"))
        self._hint_text.setText(self._words(f"sale.{after}.text"))

    def _fit(self) -> None:
        self._empty.setVisible(not self._has_lines)
        self._gap.setVisible(self._has_lines)
        self.list.setVisible(self._has_lines)
        if not self._has_lines:
            return
        self.list.setMaximumHeight(self.list.content_height())
        self.list.executeDelayedItemsLayout()
        self._column.activate()
        self.list.reveal()
