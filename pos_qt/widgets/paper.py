"""The slip's paper: a torn edge above, a soft shadow around, drawn once a size."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from pos_qt.theme.look import Look

SHADE: Final = 8
"""Room at the paper's sides for its shadow."""
_TOOTH: Final = (14, 7)


class Paper(QWidget):
    """Warm paper with a zigzag edge; what lies on it begins below the teeth."""

    def __init__(self, *, open_below: bool = True) -> None:
        super().__init__()
        self._look = Look()
        self._open_below = open_below
        self._baked: QPixmap | None = None
        self._mark = ""

    def show_mark(self, text: str) -> None:
        """A word across the paper, behind what lies on it; empty where there is none."""
        if text != self._mark:
            self._mark, self._baked = text, None
            self.setAccessibleDescription(text)
            self.update()

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self._baked = None
        self.update()

    def resizeEvent(self, event: object) -> None:  # noqa: N802, ARG002 - Qt's name
        """Another size needs another picture."""
        self._baked = None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Put the picture down."""
        if self._baked is None:
            self._baked = self._bake()
        QPainter(self).drawPixmap(QRectF(event.rect()), self._baked, self._source(event))

    def _source(self, event: QPaintEvent) -> QRectF:
        ratio = self.devicePixelRatioF()
        rect = QRectF(event.rect())
        return QRectF(
            rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio
        )

    def _bake(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = self._outline()
        if self._look.theme == "light":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for n in range(6, 0, -1):
                pen = QPen(self._look.colour("counter", 0.018), n * 2.2)
                pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
                painter.setPen(pen)
                painter.drawPath(outline.translated(0, 1.5))
        painter.fillPath(outline, self._look.colour("paper"))
        painter.setPen(QPen(self._look.colour("paper-rule", 0.55), 1))
        painter.drawPath(outline)
        if self._mark:
            self._put_mark(painter)
        painter.end()
        return picture

    def _put_mark(self, painter: QPainter) -> None:
        """Aslant below the head, as a stamp."""
        look = self._look
        font = QFont(look.font(42, 800))
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 106)
        painter.setFont(font)
        painter.setPen(look.colour("training", 0.15 if look.theme == "light" else 0.24))
        painter.translate(self.width() / 2, look.px(148))
        painter.rotate(-14)
        wide, high = self.width(), look.px(60)
        painter.drawText(
            QRectF(-wide / 2, -high / 2, wide, high), Qt.AlignmentFlag.AlignCenter, self._mark
        )

    def _outline(self) -> QPainterPath:
        shade = self._look.px(SHADE)
        wide, deep = self._look.px(_TOOTH[0]), self._look.px(_TOOTH[1])
        left, right = float(shade), float(self.width() - shade)
        bottom = self.height() + 20.0 if self._open_below else float(self.height() - shade)
        path = QPainterPath(QPointF(left, bottom))
        path.lineTo(left, 0.5)
        x = left
        while x < right:
            path.lineTo(min(right, x + wide / 2), deep)
            path.lineTo(min(right, x + wide), 0.5)
            x += wide
        path.lineTo(right, bottom)
        path.closeSubpath()
        return path


class Perforation(QWidget):
    """A dashed rule between two parts of a slip."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.setFixedHeight(2)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.setFixedHeight(look.px(2))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the dashes."""
        painter = QPainter(self)
        pen = QPen(self._look.colour("paper-rule"), self.height())
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        middle = self.height() / 2
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))
