"""Large amounts: figures close together, the currency's sign small beside them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from pos_qt.theme.look import Look
from schemas import tokens

_LEAST: Final = 0.6
_SMALLEST: Final = 0.3
"""How far an amount shrinks before words beside it do, and how far at all."""
_WARM: Final = tokens.colours("dark")["danger"]
"""Red that can be read on the counter, which is dark in both themes."""


class Amount(QWidget):
    """Shows one amount, right or left in its room; it shrinks before it is ever cut."""

    def __init__(
        self, pixels: float, small: float, colours: tuple[str, str], *, right: bool
    ) -> None:
        super().__init__()
        self._look = Look()
        self._pixels, self._small = pixels, small
        self._colours = colours
        self._right = right
        self._text, self._sign = "", ""
        self._warm = False

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.setFixedHeight(look.px(self._pixels * 1.06))
        self.updateGeometry()

    def show_amount(self, text: str, sign: str, *, warm: bool = False) -> None:
        """Another amount; `warm` where it is paid out."""
        if (text, sign, warm) != (self._text, self._sign, self._warm):
            self._text, self._sign, self._warm = text, sign, warm
            self.setAccessibleName(f"{text} {sign}")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as the amount."""
        big, small = self._fonts(1)
        wide = self._wide(big, small)
        return QSize(round(wide) + 2, self._look.px(self._pixels * 1.06))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """It can shrink, though not beyond what is read from afar: words beside it go first."""
        return QSize(round(self.sizeHint().width() * _LEAST), self._look.px(self._pixels * 1.06))

    def _fonts(self, share: float) -> tuple[QFont, QFont]:
        big = QFont(self._look.font(self._pixels * share, 700))
        big.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 97.5)
        return big, self._look.font(self._small * share, 600)

    def _wide(self, big: QFont, small: QFont) -> float:
        wide = QFontMetricsF(big).horizontalAdvance(self._text) + self._look.px(4)
        return wide + QFontMetricsF(small).horizontalAdvance(self._sign)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint figures and sign on one base line."""
        big, small = self._fonts(1)
        wide = self._wide(big, small)
        share = 1.0
        while wide > self.width() > 0 and share > _SMALLEST:
            share = min(share * 0.97, self.width() / wide * share)
            big, small = self._fonts(share)
            wide = self._wide(big, small)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        metrics = QFontMetricsF(big)
        base = (self.height() + metrics.capHeight()) / 2
        left = self.width() - wide if self._right else 0.0
        painter.setFont(big)
        painter.setPen(QColor(_WARM) if self._warm else self._look.colour(self._colours[0]))
        painter.drawText(QPointF(left, base), self._text)
        left += metrics.horizontalAdvance(self._text) + self._look.px(4)
        painter.setFont(small)
        painter.setPen(self._look.colour(self._colours[1]))
        painter.drawText(QPointF(left, base), self._sign)
