"""A receipt as it was printed: the same rows, in columns of one width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pos_qt.theme.look import Look
from pos_qt.translations.words import Words
from pos_qt.widgets.dress import button, label, put_icon, tight
from pos_qt.widgets.paper import Paper
from services.register.columns import Row


class Rows(QWidget):
    """Draws a slip's rows in the printer's own grid."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._rows: Sequence[Row] = ()
        self._pixels = 14.0
        self._codes: dict[str | None, list[list[bool]]] = {}

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self._fit()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Another slip."""
        self._rows = tuple(rows)
        self._codes = {row.code: _modules(row.code) for row in rows if row.code}
        self.setAccessibleName("\n".join(row.text for row in rows))
        self._fit()

    def _fit(self) -> None:
        step = self._look.px(20)
        high = sum(step * 2 if row.double else step for row in self._rows)
        high += sum(len(modules) * _MODULE for modules in self._codes.values())
        columns = max((len(r.text) * (2 if r.double else 1) for r in self._rows), default=1)
        self._pixels = (14 if self._look.is_wide else 11.5) * min(1, 42 / max(1, columns))
        cell = QFontMetricsF(self._look.mono(self._pixels)).horizontalAdvance("0")
        self.setFixedSize(round(cell * columns) + 2, high)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the rows; double ones are twice as high and wide."""
        look = self._look
        painter = QPainter(self)
        painter.setPen(look.colour("text"))
        step, top = look.px(20), 0
        for row in self._rows:
            top += self._paint_code(painter, self._codes.get(row.code, []), top)
            grown = 2 if row.double else 1
            painter.setFont(look.mono(self._pixels, 700 if row.bold else 400))
            painter.save()
            painter.translate(0, top)
            painter.scale(grown, grown)
            painter.drawText(QRectF(0, 0, self.width(), step), Qt.AlignmentFlag.AlignVCenter,
                             row.text)  # fmt: skip
            painter.restore()
            top += step * grown

    def _paint_code(self, painter: QPainter, modules: list[list[bool]], top: int) -> int:
        """A QR code, as the printer prints it; answers how high it is."""
        left = (self.width() - len(modules) * _MODULE) // 2
        ink = self._look.colour("text")
        for y, line in enumerate(modules):
            for x, dark in enumerate(line):
                if dark:
                    place = (left + x * _MODULE, top + y * _MODULE)
                    painter.fillRect(*place, _MODULE, _MODULE, ink)
        return len(modules) * _MODULE


_MODULE: Final = 2
"""Pixels of one module of a code; a slip's code has some 100 of them in a row."""


def _modules(text: str) -> list[list[bool]]:
    import qrcode  # noqa: PLC0415 - slow to load, and only a preview needs it

    code = qrcode.QRCode(border=2)
    code.add_data(text)
    code.make()
    found: list[list[bool]] = code.get_matrix()
    return found


class PreviewPanel(QWidget):
    """A slip on paper, with what can be done with it."""

    print_wished = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = label("pin")
        self._rows = Rows()
        self._paper = Paper(open_below=False)
        sheet = QVBoxLayout(self._paper)
        sheet.addWidget(self._rows, 0, Qt.AlignmentFlag.AlignHCenter)
        self._sheet = sheet
        self._area = QScrollArea()
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        holder = QWidget()
        inside = QHBoxLayout(holder)
        inside.addStretch(1)
        inside.addWidget(self._paper, 0, Qt.AlignmentFlag.AlignTop)
        inside.addStretch(1)
        self._area.setWidget(holder)
        self.print, self.close_button = button("go"), button()
        self.print.clicked.connect(self.print_wished)
        self.close_button.clicked.connect(self.closed)
        side = QVBoxLayout()
        side.addWidget(self._title)
        side.addWidget(self.print)
        side.addWidget(self.close_button)
        side.addStretch(1)
        self._side = side
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._area, 1)
        self._row.addLayout(side)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        tight(self._row, (0, 0, 0, look.px(12)), look.px(16))
        tight(self._side, (0, 0, 0, 0), look.px(10))
        side = look.px(28 if look.is_wide else 16)
        tight(self._sheet, (side, look.px(24), side, look.px(28)), 0)
        for made in (self.print, self.close_button):
            made.setFixedSize(look.part("pad"), look.px(66))
        put_icon(self.print, look, "printer", 22, "on-go")
        put_icon(self.close_button, look, "arrow-u-up-left", 22, "text-2")

    def speak(self, words: Words) -> None:
        """Another language."""
        for made, key in ((self.print, "preview.print"), (self.close_button, "preview.close")):
            made.setText(words(key))
            made.setAccessibleName(words(key))

    def show_rows(self, title: str, rows: Sequence[Row], *, can_print: bool) -> None:
        """Another slip."""
        self._title.setText(title)
        self._rows.show_rows(rows)
        self.print.setVisible(can_print)
