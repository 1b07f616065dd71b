"""How one line of the slip is painted: quantity, name, amount, and the rows under it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from pos_qt.models.lines import LINE, SELECTED, Index, LinesModel
from pos_qt.presenters.shown import ShownLine
from pos_qt.theme.look import Look

_LEAST: Final = 12.0
"""Below this nobody reads it."""
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LinePainter(QStyledItemDelegate):
    """The one delegate of the slip; no widget a row."""

    def __init__(self, lines: LinesModel, parent: QObject) -> None:
        super().__init__(parent)
        self._lines = lines
        self._sizes: dict[tuple[bool, int], QSize] = {}
        self._look = Look()

    def wear(self, look: Look) -> None:
        """Paint in another look."""
        self._look = look
        self._sizes.clear()

    def height(self, line: ShownLine) -> int:
        """How high a line is, in pixels of the screen."""
        return self._size(line).height()

    def _size(self, line: ShownLine) -> QSize:
        """A view asks this for every line at every scan: each kind of line is worked out once."""
        kind = (bool(line.detail or line.tag or line.saved), len(line.below))
        size = self._sizes.get(kind)
        if size is None:
            high = self._look.px((37 + 20 * kind[0] + 27 * kind[1]) * self._look.text)
            size = self._sizes[kind] = QSize(10, high)
        return size

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802, ARG002
        """As wide as the slip."""
        return self._size(self._lines.line(index.row()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
        look: Look = self._look
        line: ShownLine = index.data(LINE)
        room = QRectF(option.rect)
        painter.save()
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        if index.data(SELECTED):
            painter.fillRect(room, look.colour("go-tint"))
            painter.fillRect(QRectF(room.left(), room.top(), look.px(5), room.height()),
                             look.colour("go"))  # fmt: skip
        elif index.row() > 0:
            rule = QRectF(room.left(), room.top(), room.width(), 1)
            painter.fillRect(rule, look.colour("paper-rule", 0.45))
        self._first(painter, line, room)
        self._second(painter, line, room)
        self._below(painter, line, room)
        painter.restore()

    def _first(self, painter: QPainter, line: ShownLine, room: QRectF) -> None:
        look = self._look
        grown = look.text
        top, high = room.top() + look.px(5 * grown), look.px(26 * grown)
        painter.setFont(look.font(19, 800 if line.many else 600))
        painter.setPen(look.colour("text" if line.many else "text-2"))
        box = QRectF(room.left() + look.px(6), top, look.px(44), high)
        painter.drawText(box, _RIGHT, line.quantity)
        painter.setPen(look.colour("text"))
        painter.setFont(look.font(20, 700))
        wide = painter.fontMetrics().horizontalAdvance(line.amount)
        right = room.right() - look.px(18)
        painter.drawText(QRectF(right - wide - 4, top, wide + 4, high), _RIGHT, line.amount)
        painter.setFont(look.font(19, 600))
        left = room.left() + look.px(62)
        name_room = right - wide - look.px(10) - left
        name = painter.fontMetrics().elidedText(
            line.name, Qt.TextElideMode.ElideRight, int(name_room)
        )
        painter.drawText(QRectF(left, top, name_room, high), _LEFT, name)

    def _fitting(self, said: list[tuple[str, int]], room: float) -> float:
        """How large it is written so that all of it is seen: figures are never left out."""
        look, size = self._look, 15.5
        while size > _LEAST:
            wide = [
                QFontMetricsF(look.font(size, weight)).horizontalAdvance(t) for t, weight in said
            ]
            if sum(wide) + look.px(8) * (len(wide) - 1) <= room:
                break
            size -= 0.5
        return size

    def _second(self, painter: QPainter, line: ShownLine, room: QRectF) -> None:
        look = self._look
        left, top = room.left() + look.px(62), room.top() + look.px(30 * look.text)
        high = look.px(21 * look.text)
        said = (
            (line.saved, "go", 700),
            (f"· {line.detail}" if line.saved and line.detail else line.detail, "text-2", 500),
        )
        size = self._fitting([(text, weight) for text, _, weight in said if text],
                             room.right() - left - look.px(4))  # fmt: skip
        for text, colour, weight in said:
            if text:
                painter.setFont(look.font(size, weight))
                painter.setPen(look.colour(colour))
                painter.drawText(QRectF(left, top, room.right() - left, high), _LEFT, text)
                left += painter.fontMetrics().horizontalAdvance(text) + look.px(8)
        if line.tag:
            self._tag(painter, line.tag, QRectF(left, top, 0, high))

    def _tag(self, painter: QPainter, text: str, at: QRectF) -> None:
        look = self._look
        group = look.group("alcohol")
        painter.setFont(look.font(13, 700))
        wide = painter.fontMetrics().horizontalAdvance(text) + look.px(14)
        chip = QRectF(at.left(), at.top() + look.px(1), wide, look.px(19))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(group["tint"])
        painter.drawRoundedRect(chip, look.px(6), look.px(6))
        painter.setPen(group["ink"])
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)

    def _below(self, painter: QPainter, line: ShownLine, room: QRectF) -> None:
        look = self._look
        left, right = room.left() + look.px(62), room.right() - look.px(18)
        second = line.detail or line.tag or line.saved
        top = room.top() + look.px((55 if second else 34) * look.text)
        high = look.px(25 * look.text)
        painter.setPen(look.colour("text-2"))
        for text, amount in line.below:
            painter.setFont(look.font(16, 500))
            painter.drawText(QRectF(left, top, right - left, high), _LEFT, text)
            painter.setFont(look.font(17, 600))
            painter.drawText(QRectF(left, top, right - left, high), _RIGHT, amount)
            top += look.px(27 * look.text)
