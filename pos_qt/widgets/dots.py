"""The digits of a PIN as dots: nobody who looks on reads them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from pos_qt.theme.look import Look


class Dots(QWidget):
    """Filled, empty, or crossed out in red."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self._look = Look()
        self._length = length
        self._digits, self._wrong = 0, False

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.setFixedHeight(look.px(26))

    def show_digits(self, digits: int, *, wrong: bool) -> None:
        """So many digits."""
        self._digits, self._wrong = digits, wrong
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the dots."""
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, gap = look.px(20), look.px(14)
        left = (self.width() - self._length * side - (self._length - 1) * gap) / 2
        for n in range(self._length):
            dot = QRectF(left + n * (side + gap) + 1, look.px(3), side - 2, side - 2)
            if self._wrong:
                painter.setPen(QPen(look.colour("danger"), look.px(3)))
                painter.drawLine(dot.topLeft(), dot.bottomRight())
                painter.drawLine(dot.topRight(), dot.bottomLeft())
            elif n < self._digits:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.colour("go"))
                painter.drawEllipse(dot)
            else:
                painter.setPen(QPen(look.colour("line-control"), look.px(2.5)))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(dot)
