"""Article keys: picture, price and name on the tint of the article's group."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from pos_qt.presenters.shown import ShownKey
from pos_qt.theme import icons
from pos_qt.theme.look import Look
from pos_qt.widgets.dress import keeps_its_sides, quiet

_TOGETHER: Final = re.compile(r"(?<=[\d×]) (?=\S{1,2}(?: |$))")
"""Between a number and its unit no line breaks."""


def wrapped(text: str, metrics: QFontMetricsF, width: float, most: int = 2) -> list[str]:
    """`text` in at most `most` rows; breaks at spaces and soft hyphens, then is cut with dots."""
    rows: list[str] = []
    row = ""
    text = _TOGETHER.sub("\u00a0", text)
    words = text.split(" ")
    for at, word in enumerate(words):
        longer = f"{row} {word}".strip()
        if metrics.horizontalAdvance(longer.replace("\u00ad", "")) <= width or not row:
            row = longer
            continue
        rows.append(row)
        row = word
        if len(rows) == most:
            rows[-1] = " ".join([rows[-1], *words[at:]])
            row = ""
            break
    if row:
        rows.append(row)
    if len(rows) == 1 and most > 1 and "\u00ad" in rows[0]:
        rows = _hyphened(rows[0], metrics, width)
    return [
        metrics.elidedText(each.replace("\u00ad", ""), Qt.TextElideMode.ElideRight, width)
        for each in rows[:most]
    ]


def _hyphened(word: str, metrics: QFontMetricsF, width: float) -> list[str]:
    if metrics.horizontalAdvance(word.replace("\u00ad", "")) <= width:
        return [word]
    head, _, tail = word.partition("\u00ad")
    return [f"{head}-", tail]


class ArticleKey(QAbstractButton):
    """One key. Press shows at once, by a thick border; nothing moves."""

    def __init__(self, shown: ShownKey, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown = shown
        self._look = look
        quiet(self, f"{shown.name} {shown.price}")
        keeps_its_sides(self)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the key."""
        look, tint = self._look, self._look.group(self.shown.colour)
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, tint)
        side = look.px(46)
        picture = self.shown.picture and icons.picture(
            self.shown.picture, side, self.devicePixelRatioF()
        )
        if picture:
            painter.drawPixmap(look.px(11), look.px(11), picture)
        else:
            painter.setPen(_faded(tint["ink"], 0.45))
            painter.setFont(look.font(26, 700))
            room = QRectF(look.px(12), look.px(8), side, side)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.shown.name[:2])
        below = self._price(painter, tint)
        self._name(painter, tint, below)

    def _ground(self, painter: QPainter, tint: dict[str, str]) -> None:
        look = self._look
        radius = look.px(13)
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_faded(tint["bar"], 0.45))
        painter.drawRoundedRect(body, radius, radius)
        body.adjust(0, 0, 0, -look.px(1.4))
        painter.setBrush(QColor(tint["tint"]))
        painter.drawRoundedRect(body, radius, radius)
        wide = look.px(3) if self.isDown() else 1
        inset = wide / 2 - 0.5
        painter.setPen(QPen(_faded(tint["bar"], 1 if self.isDown() else 0.4), wide))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(body.adjusted(inset, inset, -inset, -inset), radius, radius)

    def _price(self, painter: QPainter, tint: dict[str, str]) -> float:
        """The price in its corner; answers where it ends below."""
        look, text = self._look, self.shown.price
        painter.setFont(look.font(16, 700))
        wide = painter.fontMetrics().horizontalAdvance(text) + look.px(14)
        high = look.px(23 * look.text)
        if wide + look.px(58) > self.width() and "/" in text:
            text = text.replace("/", "\n/")  # amount and unit below each other
            wide = painter.fontMetrics().horizontalAdvance(text.partition("\n")[0]) + look.px(14)
            high = look.px(42 * look.text)
        chip = QRectF(self.width() - wide - look.px(9), look.px(8), wide, high)
        ground = QColor(0, 0, 0, 82) if look.theme == "dark" else QColor(255, 255, 255, 158)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(chip, look.px(7), look.px(7))
        painter.setPen(QColor(tint["ink"]))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
        if self.shown.badge:
            painter.setFont(look.font(13, 800))
            room = QRectF(chip.left(), chip.bottom() + look.px(2), chip.width(), look.px(18))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.shown.badge)
        return chip.bottom()

    def _name(self, painter: QPainter, tint: dict[str, str], below: float) -> None:
        look = self._look
        font = look.font(16.5, 600)
        painter.setFont(font)
        painter.setPen(QColor(tint["ink"]))
        metrics = QFontMetricsF(font)
        margin = look.px(10)
        high = look.px(18.5)
        base = self.height() - look.px(13)
        most = 2 if base - high - metrics.capHeight() >= below else 1
        rows = wrapped(self.shown.name, metrics, self.width() - 2 * margin, most)
        for up, row in enumerate(reversed(rows)):
            painter.drawText(margin, base - up * high, row)


def _faded(colour: str, alpha: float) -> QColor:
    made = QColor(colour)
    made.setAlphaF(alpha)
    return made
