"""Large keys of a sheet, and its rows: what can be tapped there."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from pos_qt.presenters.shown import Item, Tile
from pos_qt.theme.look import Look
from pos_qt.widgets.dress import keeps_its_sides, quiet
from services.register.keyboardface import wrapped

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TONES: Final = {
    "plain": ("surface", "line", "text", "go"),
    "go": ("go-tint", "go", "text", "go"),
    "warn": ("warn-tint", "warn", "text", "warn"),
    "danger": ("surface", "line", "danger", "danger"),
}


def _ring(painter: QPainter, look: Look, body: QRectF, radius: float) -> None:
    """Where the keyboard is."""
    painter.setPen(QPen(look.colour("focus"), look.px(3)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = look.px(2)
    painter.drawRoundedRect(body.adjusted(inset, inset, -inset, -inset), radius, radius)


class TileKey(QAbstractButton):
    """One large key: icon, word, and a caption below."""

    def __init__(self, shown: Tile, place: int, look: Look, *, ring: bool) -> None:
        super().__init__()
        self.shown = shown
        self._place, self._look, self._ring = place, look, ring
        quiet(self, shown.text)
        keeps_its_sides(self)
        self.setAccessibleDescription(shown.caption)
        self.setEnabled(shown.enabled)
        self.dress(look)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        full = bool(self.shown.icon or self.shown.caption)
        least, most, plain = (104, 138, 64) if look.is_wide else (72, 104, 52)
        self._most = look.px(most if full else plain)
        self.setMinimumHeight(look.px(least if full else plain))
        self.setMaximumHeight(self._most)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as may be; where room is short, less."""
        return QSize(0, self._most)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the key."""
        look, shown = self._look, self.shown
        ground, rim, ink, icon = _TONES[shown.kind]
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = look.px(3) if self.isDown() else look.px(1.5)
        body = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(look.colour("go" if self.isDown() else rim), wide))
        painter.setBrush(look.colour(ground))
        painter.drawRoundedRect(body, look.px(13), look.px(13))
        painter.setOpacity(1.0 if self.isEnabled() else 0.45)
        margin = look.px(14)
        if shown.icon and look.is_wide:
            picture = look.icon(shown.icon, 24, icon, self.devicePixelRatioF())
            painter.drawPixmap(margin, look.px(11), picture)
        self._corner(painter)
        self._words(painter, margin, ink)
        painter.setOpacity(1)
        if self._ring:
            _ring(painter, look, body, look.px(12))

    def _corner(self, painter: QPainter) -> None:
        """The digit that does the same, or a badge."""
        look, right = self._look, self.width() - self._look.px(12)
        painter.setFont(look.font(14, 700))
        text = self.shown.badge or (str(self._place) if self._place <= 9 else "")
        if not text:
            return
        wide = max(look.px(22), painter.fontMetrics().horizontalAdvance(text) + look.px(12))
        box = QRectF(right - wide, look.px(12), wide, look.px(22))
        if self.shown.badge:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("text"))
            painter.drawRoundedRect(box, look.px(11), look.px(11))
            painter.setPen(look.colour("surface"))
        else:
            painter.setPen(QPen(look.colour("text-3"), look.px(1.5)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, look.px(6), look.px(6))
            painter.setPen(look.colour("text-3"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _words(self, painter: QPainter, margin: int, ink: str) -> None:
        look, room = self._look, float(self.width() - 2 * self._look.px(12))
        bottom = self.height() - look.px(12)
        small, bold = look.font(15.5, 500), look.font(18, 700)
        room_above = room if look.is_wide else room - look.px(26)
        words = wrapped(self.shown.text, QFontMetricsF(bold).horizontalAdvance, room_above)
        captions = []
        if self.shown.caption:
            above = look.px(36 if look.is_wide else 14) + len(words) * look.px(22)
            most = max(1, min(2, int((bottom - above) / look.px(19))))
            captions = _captions(self.shown.caption, QFontMetricsF(small), room, most)
        painter.setFont(small)
        painter.setPen(look.colour("text-2"))
        for row in reversed(captions):
            painter.drawText(QRectF(margin, bottom - look.px(20), room, look.px(20)), _LEFT, row)
            bottom -= look.px(19)
        painter.setFont(bold)
        painter.setPen(look.colour(ink))
        for row in reversed(words):
            painter.drawText(QRectF(margin, bottom - look.px(23), room, look.px(23)), _LEFT, row)
            bottom -= look.px(22)


def _captions(text: str, metrics: QFontMetricsF, room: float, most: int) -> list[str]:
    """A caption's rows; of its parts the last make way where not all fit."""
    parts = text.split(" · ")
    while True:
        rows = wrapped(" · ".join(parts), metrics.horizontalAdvance, room, most)
        if len(parts) == 1 or not rows[-1].endswith("…"):
            return rows
        parts.pop()


def _shortened(text: str, metrics: QFontMetrics, room: int) -> str:
    """What fits of a sentence's parts; they stand in the order of their weight."""
    parts = text.split(" · ")
    while len(parts) > 1 and metrics.horizontalAdvance(" · ".join(parts)) > room:
        parts.pop()
    return metrics.elidedText(" · ".join(parts), Qt.TextElideMode.ElideRight, room)


_LIGHTS: Final = {
    "green": ("check", "go"),
    "yellow": ("warning", "warn"),
    "red": ("warning-octagon", "danger"),
}
"""Each light has its own shape too: not everybody sees the colours."""


class ItemRow(QAbstractButton):
    """One row: a mark, words, and an amount at the right."""

    def __init__(self, shown: Item, look: Look, *, ring: bool) -> None:
        super().__init__()
        self.shown = shown
        self._look, self._ring = look, ring
        quiet(self, shown.text)
        keeps_its_sides(self)
        self.setAccessibleDescription(f"{shown.detail} {shown.amount} {shown.mark or ''}".strip())
        self.setEnabled(shown.enabled)
        self.dress(look)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.setFixedHeight(look.px(60))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the row."""
        look, shown = self._look, self.shown
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect())
        if shown.mark or self.isDown():
            painter.fillRect(body, look.colour("go-tint"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), look.colour("line"))
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        left = look.px(14)
        if shown.mark is not None:
            left = self._box(painter, shown.mark)
        elif shown.light:
            icon, ink = _LIGHTS[shown.light]
            picture = look.icon(icon, 26, ink, self.devicePixelRatioF())
            painter.drawPixmap(look.px(14), (self.height() - look.px(26)) // 2, picture)
            left = look.px(54)
        painter.setFont(look.font(19, 700))
        painter.setPen(look.colour("text"))
        wide = painter.fontMetrics().horizontalAdvance(shown.amount)
        right = self.width() - look.px(14)
        painter.drawText(QRectF(right - wide - 2, 0, wide + 2, self.height()), _RIGHT, shown.amount)
        room = right - wide - look.px(10) - left
        one = not shown.detail
        painter.setFont(look.font(18, 600))
        name = painter.fontMetrics().elidedText(shown.text, Qt.TextElideMode.ElideRight, int(room))
        top = 0 if one else look.px(8)
        high = self.height() if one else look.px(24)
        painter.drawText(QRectF(left, top, room, high), _LEFT, name)
        painter.setFont(look.font(15.5, 500))
        painter.setPen(look.colour("text-2"))
        detail = _shortened(shown.detail, painter.fontMetrics(), int(room))
        painter.drawText(QRectF(left, look.px(31), room, look.px(22)), _LEFT, detail)
        painter.setOpacity(1)
        if self._ring:
            _ring(painter, look, body, look.px(8))

    def _box(self, painter: QPainter, mark: str) -> int:
        look, side = self._look, self._look.px(34)
        box = QRectF(look.px(12), (self.height() - side) / 2, side, side)
        painter.setPen(QPen(look.colour("go" if mark else "line-control"), look.px(2)))
        painter.setBrush(look.colour("go") if mark else QColor(0, 0, 0, 0))
        painter.drawRoundedRect(box, look.px(8), look.px(8))
        painter.setPen(look.colour("on-go"))
        painter.setFont(look.font(17, 800))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark)
        return look.px(58)
