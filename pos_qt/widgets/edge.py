"""The edge along the top: thin and green when all is well, a sentence when it is not."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from pos_qt.presenters.shown import Edge
from pos_qt.theme.look import Look
from pos_qt.widgets.dress import keeps_its_sides, quiet

_COLOURS: Final = {
    "normal": ("go", "on-go"),
    "offline": ("warn-solid", "on-warn-solid"),
    "act": ("danger", "on-danger"),
    "training": ("training", "on-training"),
    "return": ("danger", "on-danger"),
    "locked": ("counter", "on-counter"),
}
_HATCH: Final = QColor("#eda51a")
_DOT: Final = 14
"""How far dots are apart. Source: tokens.json, state_edge."""


class EdgeBar(QAbstractButton):
    """Shows one state, readable without colour too: hatched is offline, dotted is practice.

    A tap does what stands at its end. It lies at the screen's rim, where no finger goes beyond it,
    and what it does can be done elsewhere too.
    """

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.edge = Edge("normal")
        quiet(self, "")
        keeps_its_sides(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._size()

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self._size()

    def show_edge(self, edge: Edge) -> None:
        """Another state."""
        if edge != self.edge:
            self.edge = edge
            self.setAccessibleName(f"{edge.sentence} {edge.more} {edge.act}".strip())
            self._size()
            self.update()

    def _size(self) -> None:
        self.setEnabled(bool(self.edge.act))
        self.setFixedHeight(self._look.px(34 if self.edge.sentence else 5))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint ground, pattern, icon and sentence."""
        look, edge = self._look, self.edge
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, ink = _COLOURS[edge.kind]
        painter.fillRect(self.rect(), look.colour(ground))
        if not edge.sentence:
            return
        if edge.kind == "offline":
            self._hatch(painter)
        elif edge.kind == "training":
            self._dots(painter)
        picture = look.icon(edge.icon, 22, ink, self.devicePixelRatioF())
        painter.drawPixmap(look.px(16), (self.height() - picture.height()) // 2, picture)
        painter.setPen(look.colour(ink))
        ends = self._act(painter)
        at = look.px(50)
        for text, weight in ((edge.sentence, 700), (edge.more, 500)):
            painter.setFont(look.font(17, weight))
            metrics = painter.fontMetrics()
            room = QRectF(at, 0, max(0, ends - at), self.height())
            said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
            if said and (said == text or weight == 700):
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, said)
            at += metrics.horizontalAdvance(text) + look.px(12)

    def _act(self, painter: QPainter) -> int:
        """What a tap does, underlined at the end; says where the sentence must end."""
        look, right = self._look, self.width() - self._look.px(16)
        if not self.edge.act:
            return right
        font = QFont(look.font(17, 700))
        font.setUnderline(True)
        painter.setFont(font)
        wide = painter.fontMetrics().horizontalAdvance(self.edge.act)
        room = QRectF(right - wide, 0, wide + 1, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.edge.act)
        return right - wide - look.px(20)

    def _dots(self, painter: QPainter) -> None:
        look = self._look
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("on-training", 0.16))
        step, radius = look.px(_DOT), look.u * 2.4
        for x in range(step // 2, self.width() + step, step):
            for y in range(step // 2, self.height() + step, step):
                painter.drawEllipse(QPointF(x, y), radius, radius)

    def _hatch(self, painter: QPainter) -> None:
        step, height = self._look.px(17), self.height()
        lean = height * 0.7
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_HATCH)
        for left in range(-height, self.width() + height, 2 * step):
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(left, height),
                        QPointF(left + step, height),
                        QPointF(left + step + lean, 0),
                        QPointF(left + lean, 0),
                    ]
                )
            )
