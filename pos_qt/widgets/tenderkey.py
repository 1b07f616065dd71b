"""Keys with two lines: one-tap tenders on the counter, *Pay*, and the notes of the payment."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from pos_qt.presenters.shown import Note, TenderButton
from pos_qt.theme.look import Look
from pos_qt.widgets.dress import quiet
from schemas import tokens

_CENTRE: Final = Qt.AlignmentFlag.AlignHCenter
_BASE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignHCenter


_LEAST: Final = 11.5
"""How small a note's change may be written before it ends in dots."""


class TenderKey(QAbstractButton):
    """One way to pay with one tap."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.shown = TenderButton("", "–", "", enabled=False)
        quiet(self, "")

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.setFixedHeight(look.px(84))

    def show_tender(self, shown: TenderButton) -> None:
        """Another tender."""
        if shown != self.shown:
            self.shown = shown
            self.setEnabled(shown.enabled)
            self.setAccessibleName(f"{shown.text} {shown.caption}".strip())
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint sum and caption."""
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        wide = look.px(3) if self.isDown() else look.px(1.5)
        painter.setPen(QPen(look.colour("go-bright" if self.isDown() else "counter-3"), wide))
        painter.setBrush(look.colour("counter-2"))
        painter.drawRoundedRect(body, look.px(13), look.px(13))
        faint = 1.0 if self.isEnabled() else 0.45
        painter.setPen(look.colour("on-counter", faint))
        painter.setFont(look.font(23, 700))
        upper = QRectF(0, look.px(14), self.width(), look.px(32))
        if self.shown.icon:
            ink = "on-counter" if self.isEnabled() else "on-counter-2"
            picture = look.icon(self.shown.icon, 28, ink, self.devicePixelRatioF())
            painter.setOpacity(faint)
            painter.drawPixmap((self.width() - look.px(28)) // 2, look.px(16), picture)
            painter.setOpacity(1)
        else:
            painter.drawText(upper, _BASE, self.shown.text)
        painter.setFont(look.font(15, 600))
        painter.setPen(look.colour("on-counter-2", faint))
        lower = QRectF(0, look.px(46), self.width(), look.px(24))
        painter.drawText(lower, _BASE, self.shown.caption)


class PayKey(QAbstractButton):
    """*Pay*: the brightest thing on the till, and only it."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._hint, self._quiet = "", False
        quiet(self, "")

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.setFixedHeight(look.px(84))

    def show_pay(self, text: str, hint: str, *, enabled: bool, quiet_: bool = False) -> None:
        """What it does now, and the key that does the same; quiet where it only leads there."""
        known = (self.text(), self._hint, self.isEnabled(), self._quiet)
        if (text, hint, enabled, quiet_) != known:
            self._quiet = quiet_
            self.setText(text)
            self.setAccessibleName(text)
            self._hint = hint
            self.setEnabled(enabled)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint word and key."""
        look, on = self._look, self.isEnabled() and not self._quiet
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("go-bright" if on else "counter-2"))
        painter.drawRoundedRect(QRectF(self.rect()), look.px(15), look.px(15))
        if self.isDown():
            painter.setPen(QPen(look.colour("on-go-bright"), look.px(3)))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 13, 13)
        ink = look.colour("on-go-bright" if on else "on-counter-2")
        painter.setPen(ink)
        size = 28.0
        painter.setFont(look.font(size, 800))
        room = self.width() * 0.92 - (look.px(48) if on and self._hint else 0)
        while painter.fontMetrics().horizontalAdvance(self.text()) > room and size > 16:
            size -= 1
            painter.setFont(look.font(size, 800))
        wide = painter.fontMetrics().horizontalAdvance(self.text())
        hint = look.px(12 + 36) if on and self._hint else 0
        left = (self.width() - wide - hint) / 2
        painter.drawText(QRectF(left, 0, wide + 4, self.height()), Qt.AlignmentFlag.AlignVCenter,
                         self.text())  # fmt: skip
        if hint:
            box = QRectF(left + wide + look.px(12), self.height() / 2 - look.px(11),
                         look.px(36), look.px(22))  # fmt: skip
            ink.setAlphaF(0.75)
            painter.setPen(QPen(ink, look.px(1.5)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, look.px(6), look.px(6))
            painter.setFont(look.font(14, 700))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._hint)


class NoteKey(QAbstractButton):
    """One sum a customer may give, in the colour of its banknote."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.shown = Note("", "", "", "", chosen=False)
        quiet(self, "")

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.setFixedHeight(look.px(92))

    def show_note(self, shown: Note) -> None:
        """Another sum."""
        self.shown = shown
        self.setAccessibleName(f"{shown.text} {shown.caption}")
        self.update()

    def _colours(self) -> tuple[QColor, QColor]:
        look = self._look
        notes = tokens.tokens()["color"]["banknote_eur"]
        if look.theme == "dark" or not self.shown.tint:
            plain = look.colour("go-tint" if not self.shown.tint else "sunken")
            return plain, look.colour("go" if not self.shown.tint else "text")
        found = notes.get(self.shown.tint, notes["5"])
        return QColor(found["tint"]), QColor(found["ink"])

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the note with its ring."""
        look = self._look
        ground, ink = self._colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(body, look.px(12), look.px(12))
        painter.fillPath(shape, ground)
        ring = QColor(ink)
        ring.setAlphaF(0.16)
        painter.setClipPath(shape)
        painter.setPen(QPen(ring, look.px(9)))
        side = look.px(76)
        painter.drawEllipse(QRectF(self.width() - side + look.px(12), -look.px(14), side, side))
        painter.setClipping(False)
        rim = QColor(ink)
        rim.setAlphaF(1 if self.shown.chosen or self.isDown() else 0.35)
        thick = look.px(3.5) if self.shown.chosen or self.isDown() else look.px(1.5)
        painter.setPen(QPen(rim, thick))
        painter.drawPath(shape)
        painter.setPen(ink)
        painter.setFont(look.font(31, 700))
        left = look.px(14 if look.is_wide else 10)
        painter.drawText(left, self.height() - look.px(36), self.shown.text)
        size, room = 15.0, self.width() - left - look.px(3)
        painter.setFont(look.font(size, 600))
        while painter.fontMetrics().horizontalAdvance(self.shown.caption) > room and size > _LEAST:
            size -= 0.5
            painter.setFont(look.font(size, 600))
        caption = painter.fontMetrics().elidedText(
            self.shown.caption, Qt.TextElideMode.ElideRight, room
        )
        painter.drawText(left, self.height() - look.px(13), caption)
