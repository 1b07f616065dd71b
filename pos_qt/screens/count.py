"""Counting the drawer: notes and coins at the left, the pad, and the shift on paper at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from pos_qt.presenters.shown import CountRow, CountSheet, Fact, Strip
from pos_qt.theme.look import SMALL, TALL, WIDE, Look
from pos_qt.translations.words import Words
from pos_qt.widgets.amount import Amount
from pos_qt.widgets.dress import button, frame, keeps_its_sides, label, put_icon, quiet, tight
from pos_qt.widgets.numberpad import Entry, NumberPad
from pos_qt.widgets.paper import SHADE, Paper, Perforation
from pos_qt.widgets.stripbox import StripBox
from pos_qt.widgets.tenderkey import PayKey

_KINDS = {"good": "good", "bad": "bad", "strong": "head", "warn": "warnvalue"}


class RowKey(QAbstractButton):
    """One note or coin: its name, how many, and what that makes."""

    def __init__(self, shown: CountRow, look: Look) -> None:
        super().__init__()
        self.shown = shown
        self._look = look
        quiet(self, shown.text)
        keeps_its_sides(self)
        self.show_row(shown)

    def show_row(self, shown: CountRow) -> None:
        """Another number."""
        self.shown = shown
        self.setAccessibleName(shown.text)
        self.setAccessibleDescription(f"{shown.many} {shown.amount}".strip())
        self.update()

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint name, box and sum over a rule."""
        look, shown = self._look, self.shown
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = Qt.AlignmentFlag.AlignVCenter
        room = QRectF(self.rect())
        painter.fillRect(QRectF(0, room.height() - 1, room.width(), 1), look.colour("line"))
        painter.setPen(look.colour("text"))
        painter.setFont(look.font(17, 700))
        wide = look.px(96)
        left = min(look.px(84 if shown.key else 112), room.width() * (0.3 if shown.key else 0.45))
        wide = min(wide, int(room.width() * 0.31))
        name = painter.fontMetrics().elidedText(
            shown.text, Qt.TextElideMode.ElideRight, int(left - look.px(4))
        )
        painter.drawText(QRectF(0, 0, left, room.height()), middle, name)
        is_sum = not shown.key
        box = QRectF(left, look.px(4), room.width() - left - 2 if is_sum else wide,
                     room.height() - look.px(9))  # fmt: skip
        rim = look.colour("focus" if shown.chosen else "line-control")
        painter.setPen(QPen(rim, look.px(2.5 if shown.chosen else 1.2)))
        painter.setBrush(look.colour("surface"))
        painter.drawRoundedRect(box, look.px(9), look.px(9))
        painter.setPen(look.colour("text"))
        painter.setFont(look.font(18, 700))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown.many)
        painter.setFont(look.font(15.5 if look.form == SMALL else 17, 600))
        if not is_sum:
            rest = QRectF(left + wide, 0, room.width() - left - wide - 2, room.height())
            painter.drawText(rest, middle | Qt.AlignmentFlag.AlignRight, shown.amount)


class CountScreen(QWidget):
    """Shows one count; says by signal what was tapped."""

    row_tapped = Signal(int)
    pad_pressed = Signal(str)
    emptied = Signal()
    acted = Signal()
    more_wished = Signal()
    strip_acted = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self._look = Look()
        self._title, self._tag, self._hint = label("counttitle"), label("tag"), label("meta")
        self._panel = frame("panel")
        self._heads = (label("head"), label("head"))
        self._rows: list[RowKey] = []
        self._shows_hint = True
        self.entry, self.pad = Entry(), NumberPad(times="+10")
        self.empty = button()
        self._paper, self.strips = Paper(), StripBox()
        self._paper_title, self._info = label("head"), label("meta")
        self._info.setWordWrap(True)
        self._facts, self._result = QWidget(), QWidget()
        self._rules = (Perforation(), Perforation())
        self._bar = QFrame()
        self._bar.setObjectName("counter")
        self._label, self._caption = label("sum"), label("sumtext")
        self.amount = Amount(62, 34, ("on-counter", "on-counter-2"), right=True)
        self.more = button("countermore")
        self.act = PayKey()
        self._build()
        self.pad.pressed.connect(self.pad_pressed)
        self.empty.clicked.connect(self.emptied)
        self.act.clicked.connect(self.acted)
        self.more.clicked.connect(self.more_wished)
        self.strips.acted.connect(self.strip_acted)

    def _build(self) -> None:
        self._head = QHBoxLayout()
        self._head.addWidget(self._title)
        self._head.addWidget(self._tag)
        self._head.addStretch(1)
        self._head.addWidget(self._hint)
        self._table = QGridLayout(self._panel)
        left = QVBoxLayout()
        left.addLayout(self._head)
        left.addWidget(self._panel, 1)
        self._side = QWidget()
        self._right = QVBoxLayout(self._side)
        for part in (self.entry, self.pad, self.empty):
            self._right.addWidget(part)
        self._right.addStretch(1)
        self._sheet = QVBoxLayout(self._paper)
        for piece in (self._paper_title, self._rules[0], self._facts, self._rules[1],
                     self._result, self._info):  # fmt: skip
            self._sheet.addWidget(piece)
        self._sheet.addStretch(1)
        self._sheet.addWidget(self.strips)
        QGridLayout(self._facts)
        QGridLayout(self._result)
        self._work = QGridLayout()
        self._table_side = QWidget()
        self._table_side.setLayout(left)
        words = QVBoxLayout()
        words.addStretch(1)
        words.addWidget(self._label)
        words.addWidget(self._caption)
        words.addStretch(1)
        self._said = QWidget()
        self._said_row = QHBoxLayout(self._said)
        self._said_row.addLayout(words)
        self._said_row.addWidget(self.amount, 1, Qt.AlignmentFlag.AlignVCenter)
        self._foot = QGridLayout(self._bar)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._work, 1)
        self._column.addWidget(self._bar)
        self._left = left

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        shade = look.px(SHADE)
        tight(self._column, (0, 0, 0, 0), 0)
        gap = look.part("gap")
        ends = (gap - shade, gap) if look.left and not look.is_tall else (gap, gap - shade)
        tight(self._work, (ends[0], look.px(13), ends[1], 0), gap)
        self._place(look)
        tight(self._left, (0, 0, 0, look.px(12)), look.px(8))
        tight(self._head, (0, 0, 0, 0), look.px(12))
        inset = look.px(12 if look.form == SMALL else 20)
        tight(self._table, (inset, look.px(10), inset, look.px(10)), 0)
        self._table.setHorizontalSpacing(look.px(30 if look.form != SMALL else 14))
        tight(self._right, (0, 0, 0, look.px(12)), look.px(10))
        inset = shade + look.px(14 if look.form == SMALL else 22)
        tight(self._sheet, (inset, look.px(22), inset, 0), look.px(10))
        above = look.px(9) if look.is_tall else 0
        tight(self._foot, (gap, above, gap, above), gap)
        tight(self._said_row, (0, 0, 0, 0), look.px(8))
        self._side.setFixedWidth(look.part("pad"))
        self._paper.setFixedWidth(look.part("paper") + (0 if look.is_tall else 2 * shade))
        self.empty.setFixedHeight(look.px(66))
        put_icon(self.empty, look, "arrow-counter-clockwise", 22, "text-2")
        self._show_hint()
        self._bar.setFixedHeight(look.px(206 if look.is_tall else 116))
        widths = {WIDE: (280, 376), SMALL: (190, 280), TALL: (280, 440)}[look.form]
        self.more.setFixedSize(look.px(widths[0]), look.px(84))
        self.act.setFixedWidth(look.px(widths[1]))

    def _place(self, look: Look) -> None:
        """Table, pad and paper in a row; in a tall window the table lies above."""
        parts = (self._table_side, self._side, self._paper)
        for part in parts:
            self._work.removeWidget(part)
        if look.is_tall:
            self._work.addWidget(self._table_side, 0, 0, 1, 2)
            self._work.addWidget(self._side, 1, 0)
            self._work.addWidget(self._paper, 1, 1)
        else:
            for column, part in enumerate(reversed(parts) if look.left else parts):
                self._work.addWidget(part, 0, column)
        feet = (self._said, self.more, self.act)
        for part in feet:
            self._foot.removeWidget(part)
        if look.is_tall:
            self._foot.addWidget(self._said, 0, 0, 1, 2)
            self._foot.addWidget(self.more, 1, 0)
            self._foot.addWidget(self.act, 1, 1)
        else:
            for column, part in enumerate(reversed(feet) if look.left else feet):
                self._foot.addWidget(part, 0, column)
        for column in range(3):
            wide = column == (2 if look.left else 0) and not look.is_tall
            self._foot.setColumnStretch(column, 1 if wide else 0)
        grows = 2 if look.left and not look.is_tall else 0
        for column in range(3):
            self._work.setColumnStretch(column, 1 if column == grows else 0)

    def speak(self, words: Words) -> None:
        """Another language."""
        for made, key in zip(self._heads, ("count.notes", "count.coins"), strict=True):
            made.setText(words(key))
        self.empty.setText(words("count.empty"))
        self.empty.setAccessibleName(words("count.empty"))
        self._paper_title.setText(words("count.shift"))
        self.strips.speak(words)
        self.pad.show_go("⏎", words("entry.next"))
        self.pad.show_point(words.point)

    def show_count(self, sheet: CountSheet) -> None:
        """The count as it stands."""
        self._title.setText(sheet.title)
        self._tag.setText(sheet.tag)
        self._tag.setVisible(bool(sheet.tag))
        self._hint.setText(sheet.hint)
        self._shows_hint = not sheet.done
        self._show_hint()
        self._show_rows(sheet.rows)
        self.entry.show_entry(*sheet.entry, strong=not sheet.done)
        self._label.setText(sheet.label)
        self._caption.setText(sheet.caption)
        self.amount.show_amount(sheet.amount, sheet.sign)
        self.act.show_pay(sheet.act, "F12", enabled=True)
        self.more.setVisible(bool(sheet.more))
        self.more.setText(sheet.more)
        self.more.setAccessibleName(sheet.more)
        self._show_facts(self._facts, sheet.facts)
        self._show_facts(self._result, sheet.result)
        self._info.setText(sheet.info)

    def _show_hint(self) -> None:
        """The hint makes way for a tag where there is no room for both."""
        crowded = bool(self._tag.text()) and not self._look.is_wide
        self._hint.setVisible(self._shows_hint and not crowded)

    def show_strips(self, strips: Sequence[Strip]) -> None:
        """The open strips."""
        self.strips.show_strips(strips)

    def _show_rows(self, rows: Sequence[CountRow]) -> None:
        if [key.shown.key for key in self._rows] != [row.key for row in rows]:
            self._lay(rows)
        for key, row in zip(self._rows, rows, strict=True):
            if key.shown != row:
                key.show_row(row)

    def _lay(self, rows: Sequence[CountRow]) -> None:
        for old in self._rows:
            old.hide()
            old.deleteLater()
        self._rows = []
        places = [0, 0]
        for column, head in enumerate(self._heads):
            self._table.addWidget(head, 0, column)
            self._table.setColumnStretch(column, 1)
        for row in rows:
            key = RowKey(row, self._look)
            key.clicked.connect(self._on_row)
            column = 0 if row.is_note else 1
            places[column] += 1
            key.setSizePolicy(key.sizePolicy().Policy.Expanding, key.sizePolicy().Policy.Expanding)
            self._table.addWidget(key, places[column], column)
            self._rows.append(key)
        for place in range(1, max(places) + 1):
            self._table.setRowStretch(place, 1)

    def _show_facts(self, holder: QWidget, facts: Sequence[Fact]) -> None:
        grid = holder.layout()
        assert isinstance(grid, QGridLayout)
        tight(grid, (0, 0, 0, 0), self._look.px(6))
        _empty(grid)
        for row, fact in enumerate(facts):
            value = label(_KINDS.get(fact.kind, "fact"), fact.value, whole=True)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label("meta", fact.text), row, 0)
            grid.addWidget(value, row, 1)

    def rows(self) -> list[QAbstractButton]:
        """The keys of notes and coins."""
        return list(self._rows)

    def buttons(self) -> tuple[QAbstractButton, QPushButton]:
        """What hands the count in, and what puts it off."""
        return self.act, self.more

    def _on_row(self) -> None:
        key = self.sender()
        if isinstance(key, RowKey):
            self.row_tapped.emit(key.shown.key)


def _empty(layout: QLayout) -> None:
    while item := layout.takeAt(0):
        if old := item.widget():
            old.hide()
            old.deleteLater()
