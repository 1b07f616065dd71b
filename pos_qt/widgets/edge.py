"""The edge along the top: thin and green when all is well, a sentence when it is not."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_qt.presenters.shown import Edge
from pos_qt.theme.look import Look

_COLOURS: Final = {
    "normal": ("go", "on-go"),
    "offline": ("warn-solid", "on-warn-solid"),
    "act": ("danger", "on-danger"),
    "return": ("danger", "on-danger"),
    "locked": ("counter", "on-counter"),
}
_HATCH: Final = QColor("#eda51a")


class EdgeBar(QWidget):
    """Shows one state. Its pattern makes it readable without colour: hatched is offline."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._edge = Edge("normal")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._size()

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self._size()

    def show_edge(self, edge: Edge) -> None:
        """Another state."""
        if edge != self._edge:
            self._edge = edge
            self.setAccessibleName(f"{edge.sentence} {edge.more}".strip())
            self._size()
            self.update()

    def _size(self) -> None:
        self.setFixedHeight(self._look.px(34 if self._edge.sentence else 5))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint ground, pattern, icon and sentence."""
        look, edge = self._look, self._edge
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, ink = _COLOURS[edge.kind]
        painter.fillRect(self.rect(), look.colour(ground))
        if edge.kind == "offline":
            self._hatch(painter)
        if not edge.sentence:
            return
        middle = self.height() / 2
        picture = look.icon(edge.icon, 20, ink, self.devicePixelRatioF())
        painter.drawPixmap(look.px(16), round(middle - look.px(10)), picture)
        painter.setPen(look.colour(ink))
        at = look.px(50)
        for text, weight in ((edge.sentence, 700), (edge.more, 500)):
            font = look.font(17, weight)
            painter.setFont(font)
            room = QRectF(at, 0, self.width() - at - look.px(16), self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
            at += painter.fontMetrics().horizontalAdvance(text) + look.px(12)

    def _hatch(self, painter: QPainter) -> None:
        step, height = self._look.px(17), self.height()
        lean = height * 0.7
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_HATCH)
        for left in range(-height, self.width() + height, 2 * step):
            painter.drawPolygon(
                QPolygonF(
                    [
                        QRectF(left, height, 0, 0).topLeft(),
                        QRectF(left + step, height, 0, 0).topLeft(),
                        QRectF(left + step + lean, 0, 0, 0).topLeft(),
                        QRectF(left + lean, 0, 0, 0).topLeft(),
                    ]
                )
            )
