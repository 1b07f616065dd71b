"""Labels and buttons whose words always fit: where room is short, they end in dots and are never cut."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStyleOptionButton

_WHOLE: Final = frozenset(
    {"fact", "fieldtext", "qty", "asktext", "entry", "clock", "good", "warnvalue", "keycap"}
)
"""Kinds that hold figures: of those nothing may be left out."""
_LEAST_EM: Final = 2.5
_ROUNDING: Final = 2
"""Widths of letters are fractions of pixels."""
_PADDING: Final = 6
"""What a button's rim and its roundness take at each side, in pixels."""


class SaidLabel(QLabel):
    """A text in one row that ends in dots where it does not fit; its name stays whole."""

    def __init__(self, kind: str, text: str, *, whole: bool, tail: bool = False) -> None:
        """See the class.

        whole  nothing of it may be left out
        tail   what is being typed: where it is long, its end is seen
        """
        self._full, self._whole, self.tail = "", True, tail
        super().__init__()
        self._whole = (whole or kind in _WHOLE) and not tail
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("kind", kind)
        self.setText(text)

    def text(self) -> str:
        """All of it, also where less is seen."""
        return self._full

    @property
    def seen(self) -> str:
        """What of it is seen."""
        return super().text()

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Another text."""
        self._full = text
        super().setText(text)
        self.updateGeometry()
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """What the whole text would like."""
        hint = super().sizeHint()
        if self._may_shorten:
            longer = self._wide(self._full) - self._wide(self.seen)
            hint.setWidth(hint.width() + longer + _ROUNDING)
        return hint

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A few letters, where dots may follow."""
        if not self._may_shorten:
            return super().minimumSizeHint()
        hint = self.sizeHint()
        return QSize(min(hint.width(), round(self._wide("m") * _LEAST_EM)), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """In other room another part of it is seen."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """In another font another part of it is seen."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    @property
    def _may_shorten(self) -> bool:
        return bool(self._full) and not self._whole and not self.wordWrap()

    def _wide(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)

    def _fit(self) -> None:
        if not self._may_shorten:
            return
        frame = super().sizeHint().width() - self._wide(self.seen)
        room = self.width() - max(0, frame)
        way = Qt.TextElideMode.ElideLeft if self.tail else Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(self._full, way, max(1, room + 1))
        if text != self.seen and self.isVisible():
            super().setText(text)

    def showEvent(self, event: object) -> None:  # noqa: N802, ARG002 - Qt's name
        """What was said while nobody looked is fitted in."""
        self._fit()


class SaidButton(QPushButton):
    """A button whose icon makes way for its words, and whose words end in dots at last."""

    def initStyleOption(self, option: QStyleOptionButton) -> None:  # noqa: N802 - Qt's name
        """Say what there is room for."""
        super().initStyleOption(option)
        text, has_icon = self.fitting()
        option.text = text.replace("&", "&&")
        if not has_icon:
            option.icon = QIcon()

    def fitting(self) -> tuple[str, bool]:
        """The words that fit, and whether the icon fits beside them."""
        text, metrics = self.text().replace("&&", "&"), self.fontMetrics()
        icon = 0 if self.icon().isNull() else self.iconSize().width() + 4
        room = self.width() - 2 * _PADDING
        if not text:
            return "", True
        wide = metrics.horizontalAdvance(text)
        if wide + icon <= room:
            return text, True
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room), False
