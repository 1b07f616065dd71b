"""Article keys: picture, price and name on the tint of the article's group."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QWidget

from pos_qt.presenters.shown import ShownKey
from pos_qt.theme import icons
from pos_qt.theme.look import Look
from pos_qt.widgets.dress import keeps_its_sides, quiet
from pos_qt.widgets.photos import Photos
from services.register import keyboardface
from services.register.keyboardface import Face
from services.register.keyboardgrid import Box


class ArticleKey(QAbstractButton):
    """One key. Press shows at once, by a thick border; nothing moves."""

    def __init__(self, shown: ShownKey, look: Look, photos: Photos, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown = shown
        self._look, self._photos = look, photos
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
        face = keyboardface.face(
            self.shown.name, self.shown.price, self.width(), self.height(), look.u, look.text
        )
        box = face.picture
        picture = self._picture(box.width)
        if picture:
            painter.drawPixmap(box.left, box.top, picture)
        else:
            painter.setPen(_faded(tint["ink"], 0.45))
            painter.setFont(look.font(26, 700))
            room = QRectF(look.px(12), look.px(8), box.width, box.height)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.shown.name[:2])
        self._price(painter, tint, face)
        self._name(painter, tint, face)

    def _picture(self, side: int) -> QPixmap | None:
        """The article's photograph, else the illustration; None where it has neither."""
        shown, ratio = self.shown, self.devicePixelRatioF()
        photo = self._photos.drawn(
            shown.article, shown.photo, side, self._look.px(keyboardface.ROUND), ratio
        )
        return photo or (icons.picture(shown.picture, side, ratio) if shown.picture else None)

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

    def _price(self, painter: QPainter, tint: dict[str, str], face: Face) -> None:
        """The price in its corner, and what must be asked below it."""
        look, chip = self._look, _room(face.chip)
        ground = QColor(0, 0, 0, 82) if look.theme == "dark" else QColor(255, 255, 255, 158)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(chip, look.px(7), look.px(7))
        painter.setFont(look.font(keyboardface.PRICE, 700))
        painter.setPen(QColor(tint["ink"]))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, "\n".join(face.price))
        if self.shown.badge:
            painter.setFont(look.font(13, 800))
            room = QRectF(chip.left(), chip.bottom() + look.px(2), chip.width(), look.px(18))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.shown.badge)

    def _name(self, painter: QPainter, tint: dict[str, str], face: Face) -> None:
        painter.setFont(self._look.font(keyboardface.NAME, 600))
        painter.setPen(QColor(tint["ink"]))
        for row, base in zip(face.rows, face.baselines, strict=True):
            painter.drawText(face.margin, base, row)


def _room(box: Box) -> QRectF:
    return QRectF(box.left, box.top, box.width, box.height)


def _faded(colour: str, alpha: float) -> QColor:
    made = QColor(colour)
    made.setAlphaF(alpha)
    return made
