"""Parts side by side that wrap: chips of any length, in any language."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from pos_qt.theme.look import Look


class Flow(QWidget):
    """Lays its parts out in rows, each as wide as it wants to be."""

    def __init__(self, parts: Sequence[QWidget], look: Look) -> None:
        super().__init__()
        self._look = look
        self._parts = list(parts)
        for part in self._parts:
            part.setParent(self)
        self._fit()

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self._fit()

    def resizeEvent(self, event: object) -> None:  # noqa: N802, ARG002 - Qt's name
        """Another width wraps elsewhere."""
        self._fit()

    def _fit(self) -> None:
        look, left, top = self._look, 0, 0
        high, gap = look.px(46 if look.is_wide else 41), look.px(8 if look.is_wide else 6)
        for part in self._parts:
            part.ensurePolished()
            wide = min(part.sizeHint().width() + look.px(8), max(self.width(), look.px(60)))
            if left and left + wide > self.width():
                left, top = 0, top + high + gap
            part.setGeometry(left, top, wide, high)
            left += wide + gap
        self.setFixedHeight(top + high)
