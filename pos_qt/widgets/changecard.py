"""The change due: large in the next receipt's slip, until the next act makes it small."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from pos_qt.presenters.shown import ChangeDue
from pos_qt.theme.look import Look
from pos_qt.translations.words import Words
from pos_qt.widgets.amount import Amount
from pos_qt.widgets.dress import button, label, put_icon, tight
from schemas import tokens

_COINS: Final = ((100, "#efe3c0", "#4b3c0e"), (10, "#f3dd92", "#4b3c0e"), (0, "#e7b998", "#50290f"))
"""From so many minor units on: tint and ink of coins."""


class Pieces(QWidget):
    """Notes and coins, as rounded chips that wrap."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._due: ChangeDue | None = None

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self._fit()

    def show_due(self, due: ChangeDue) -> None:
        """Other pieces."""
        self._due = due
        self._fit()
        self.update()

    def resizeEvent(self, event: object) -> None:  # noqa: N802, ARG002 - Qt's name
        """Chips wrap."""
        self._fit()

    def _fit(self) -> None:
        chips = self._chips()
        bottom = max((chip.bottom() for chip, *_ in chips), default=0)
        self.setFixedHeight(round(bottom))

    def _chips(self) -> list[tuple[QRectF, str, QColor, QColor, bool]]:
        look = self._look
        metrics = QFontMetricsF(look.font(16, 700))
        made: list[tuple[QRectF, str, QColor, QColor, bool]] = []
        left, top, high = 0.0, 0.0, look.px(32)
        for piece in self._due.pieces if self._due else ():
            wide = max(float(high), metrics.horizontalAdvance(piece.text) + look.px(22))
            if left and left + wide > self.width():
                left, top = 0.0, top + high + look.px(6)
            tint, ink = _tint(piece.text, piece.minor, note=piece.note)
            chip = QRectF(left, top, wide, high)
            made.append((chip, piece.text, QColor(tint), QColor(ink), piece.note))
            left += wide + look.px(6)
        return made

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the chips: notes have corners, coins are round."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._look.font(16, 700))
        for chip, text, tint, ink, note in self._chips():
            radius = self._look.px(6) if note else chip.height() / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawRoundedRect(chip, radius, radius)
            painter.setPen(ink)
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


def _tint(text: str, minor: int, *, note: bool) -> tuple[str, str]:
    if note:
        found = tokens.tokens()["color"]["banknote_eur"].get(text, {})
        return found.get("tint", "#E9ECE8"), found.get("ink", "#39443F")
    return next((tint, ink) for least, tint, ink in _COINS if minor >= least)


class ChangeCard(QWidget):
    """Change, what it is made of, and what can be done with the receipt just stored."""

    reprint_wished = Signal()
    view_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._card = QWidget()
        self._label, self._caption = label("changelabel"), label("changecaption")
        self._amount = Amount(82, 42, ("on-go", "on-go"), right=False)
        self._pieces = Pieces()
        self._inside = QGridLayout(self._card)
        self._inside.addWidget(self._label, 0, 0)
        self._inside.addWidget(self._caption, 0, 1, Qt.AlignmentFlag.AlignRight)
        self._inside.addWidget(self._amount, 1, 0, 1, 2)
        self._inside.addWidget(self._pieces, 2, 0, 1, 2)
        self._reprint, self._view = button("line"), button("line")
        self._reprint.clicked.connect(self.reprint_wished)
        self._view.clicked.connect(self.view_wished)
        self._buttons = QGridLayout()
        self._buttons.addWidget(self._reprint, 0, 0)
        self._buttons.addWidget(self._view, 0, 1)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._card)
        self._column.addLayout(self._buttons)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        tight(self._column, (look.px(14), look.px(14), look.px(14), look.px(16)), look.px(12))
        tight(self._inside, (look.px(18), look.px(14), look.px(18), look.px(16)), look.px(6))
        tight(self._buttons, (0, 0, 0, 0), look.px(8))
        for made, name in ((self._reprint, "printer"), (self._view, "receipt")):
            made.setFixedHeight(look.px(50))
            put_icon(made, look, name, 20, "text")

    def speak(self, words: Words) -> None:
        """Another language."""
        for made, key in ((self._reprint, "change.reprint"), (self._view, "change.view")):
            made.setText(words(key))
            made.setAccessibleName(words(key))

    def show_due(self, due: ChangeDue) -> None:
        """Another sale's change."""
        self._label.setText(due.label)
        self._caption.setText(due.caption)
        self._amount.show_amount(due.amount, due.sign)
        self._pieces.show_due(due)
        self._pieces.setVisible(bool(due.pieces))
        self.setAccessibleName(f"{due.label} {due.amount} {due.sign}")

    def buttons(self) -> tuple[QPushButton, QPushButton]:
        """Reprint and view."""
        return self._reprint, self._view

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the green card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour("go"))
        radius = self._look.px(14)
        painter.drawRoundedRect(QRectF(self._card.geometry()), radius, radius)
