"""The list of lines in the slip: newest at the bottom, next to the total."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QScroller

from pos_qt.models.linepainter import LinePainter
from pos_qt.models.lines import LinesModel
from pos_qt.presenters.shown import ShownLine
from pos_qt.theme.look import Look
from pos_qt.translations.words import Words
from pos_qt.widgets.dress import keeps_its_sides, named


class LinesList(QListView):
    """Shows lines; says by signal which one was pointed at."""

    line_chosen = Signal(int)
    price_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._words = Words("de")
        self._selected: int | None = None
        self._at = QPoint()
        self.lines = LinesModel(self)
        self._painter = LinePainter(self.lines, self)
        self.setModel(self.lines)
        self.setItemDelegate(self._painter)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        named(self, "sale.lines")
        keeps_its_sides(self)
        self.clicked.connect(self._on_clicked)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.LeftMouseButtonGesture)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self._painter.wear(look)
        self.scheduleDelayedItemsLayout()

    def speak(self, words: Words) -> None:
        """Another language."""
        self._words = words

    def show_lines(self, lines: Sequence[ShownLine], selected: int | None) -> None:
        """Other lines; the selected one is brought into view."""
        self._selected = selected
        self.lines.show(lines, selected)

    def content_height(self) -> int:
        """How high all lines are together."""
        return sum(self._painter.height(self.lines.line(r)) for r in range(self.lines.rowCount()))

    def reveal(self) -> None:
        """Bring the selected line into view; the newest where there is none."""
        row = self.lines.row_of(self._selected)
        if row < 0 or row == self.lines.rowCount() - 1:
            self.scrollToBottom()
        else:
            self.scrollTo(self.lines.index(row))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """In less room the selected line stays in view."""
        super().resizeEvent(event)
        self.reveal()

    def hidden_above(self) -> int:
        """How many lines are scrolled out above."""
        top = self.indexAt(self.viewport().rect().topLeft() + QPointF(20, 20).toPoint())
        if self.verticalScrollBar().value() <= 0 or not top.isValid():
            return 0
        return top.row() + (1 if top.row() == 0 else 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the lines, and over them how many more there are."""
        super().paintEvent(event)
        hidden = self.hidden_above()
        if not hidden:
            return
        look = self._look
        painter = QPainter(self.viewport())
        band = QRectF(0, 0, self.viewport().width(), look.px(36))
        fade = QLinearGradient(band.topLeft(), band.bottomLeft())
        fade.setColorAt(0.62, look.colour("paper"))
        fade.setColorAt(1, look.colour("paper", 0))
        painter.fillRect(band, fade)
        text = self._words.many("sale.above", hidden)
        painter.setFont(look.font(15, 600))
        wide = painter.fontMetrics().horizontalAdvance(text)
        left = (band.width() - wide) / 2 + look.px(12)
        picture = look.icon("caret-up", 16, "text-2", self.devicePixelRatioF())
        painter.drawPixmap(round(left) - look.px(24), look.px(7), picture)
        painter.setPen(look.colour("text-2"))
        painter.drawText(
            QRectF(left, 0, wide + 4, look.px(30)), Qt.AlignmentFlag.AlignVCenter, text
        )

    def _on_clicked(self) -> None:
        row = self.currentIndex().row()
        if 0 <= row < self.lines.rowCount():
            number = self.lines.line(row).number
            self.line_chosen.emit(number)
            if self._at.x() > self.viewport().width() - self._look.px(110):
                self.price_asked.emit(number)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Where it was tapped: at its end stands the price."""
        self._at = event.position().toPoint()
        super().mousePressEvent(event)
