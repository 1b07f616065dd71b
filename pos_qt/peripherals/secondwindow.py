"""The customer's window: a second screen that follows the sale, in the till's own look."""

from __future__ import annotations

import functools
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from pos_qt.peripherals.display import Picture, ShownLine
from pos_qt.theme import fonts
from schemas.tokens import colours

_LINE: Final = 0.062
_QUIET: Final = 4
"""Light modules around a QR code. Source: ISO/IEC 18004, 9.1."""
_START: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_END: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@functools.lru_cache(8)
def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """The dark and light modules of a QR code; none where the text is too long for one."""
    import qrcode  # noqa: PLC0415 - only where a code is shown
    from qrcode.exceptions import DataOverflowError  # noqa: PLC0415

    code = qrcode.QRCode(border=0)
    try:
        code.add_data(text)
        code.make()
    except (DataOverflowError, ValueError):
        return ()
    return tuple(tuple(bool(dark) for dark in row) for row in code.get_matrix())


class CustomerWindow(QWidget):
    """Draws a picture as large as its screen allows. It never takes the keys from the till."""

    def __init__(self, theme: str = "light") -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setWindowTitle("Tresen")
        self.resize(1024, 600)
        self.picture = Picture()
        self._paint = {name: QColor(value) for name, value in colours(theme).items()}
        self._may_close = False

    def show_picture(self, picture: Picture) -> None:
        """Show this from now on."""
        if picture != self.picture:
            self.picture = picture
            self.update()

    def place(self) -> None:
        """Fill the second screen; where there is only one, be an ordinary window."""
        screens = QGuiApplication.screens()
        if len(screens) > 1:
            self.setGeometry(screens[1].geometry())
            self.showFullScreen()
        else:
            self.show()

    def end(self) -> None:
        """Close it; by the customer's hand it does not."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stay, unless the till ends."""
        event.setAccepted(self._may_close)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and call
        """Draw the picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._paint["bg"])
        area = QRectF(self.rect())
        if self.picture.moment == "idle":
            self._idle(painter, area)
        else:
            self._sale(painter, area)
        painter.end()

    def _idle(self, painter: QPainter, area: QRectF) -> None:
        painter.fillRect(area, self._paint["counter"])
        self._write(
            painter, area.adjusted(40, 0, -40, 0), self.picture.text, area.height() * 0.09, "on-counter",
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, 700,
        )  # fmt: skip

    def _sale(self, painter: QPainter, area: QRectF) -> None:
        gap = area.height() * 0.04
        foot = QRectF(
            area.left(), area.bottom() - area.height() * 0.3, area.width(), area.height() * 0.3
        )
        self._foot(painter, foot, gap)
        room = QRectF(
            area.left() + gap, area.top() + gap, area.width() - 2 * gap, foot.top() - 2 * gap
        )
        if self.picture.qr and (code := modules(self.picture.qr)):
            side = min(room.height(), room.width() * 0.45)
            self._code(painter, QRectF(room.right() - side, room.top(), side, side), code)
            room.setRight(room.right() - side - gap)
        high = area.height() * _LINE * 1.35
        fitting = max(1, int(room.height() // high))
        for place, line in enumerate(self.picture.lines[-fitting:]):
            cell = QRectF(room.left(), room.top() + place * high, room.width(), high)
            self._line(painter, cell, line, newest=line is self.picture.lines[-1])

    def _foot(self, painter: QPainter, foot: QRectF, gap: float) -> None:
        painter.fillRect(foot, self._paint["counter"])
        picture = self.picture
        pairs = [(picture.total_label, picture.total)]
        if picture.given or picture.change:
            pairs += [(picture.given_label, picture.given), (picture.change_label, picture.change)]
        pairs = [pair for pair in pairs if pair[1]]
        inner = foot.adjusted(gap, 0, -gap, 0)
        for place, (label, amount) in enumerate(pairs):
            high = inner.height() / len(pairs)
            cell = QRectF(inner.left(), inner.top() + place * high, inner.width(), high)
            last = place == len(pairs) - 1
            size, ink = high * (0.5 if last else 0.42), "go-bright" if last else "on-counter"
            self._write(painter, cell, label, size * 0.6, "on-counter-2", _START, 600)
            self._write(painter, cell, amount, size, ink, _END, 800)

    def _line(self, painter: QPainter, cell: QRectF, line: ShownLine, *, newest: bool) -> None:
        size = self.height() * _LINE * (0.8 if newest else 0.7)
        ink = "text-3" if line.voided else "text" if newest else "text-2"
        weight = 700 if newest else 500
        font = fonts.ui(size, weight)
        amount = QFontMetricsF(font).horizontalAdvance(line.amount) + size
        name = f"{line.quantity}  {line.name}" if line.quantity else line.name
        self._write(
            painter, cell.adjusted(0, 0, -amount, 0), name, size, ink, _START, weight, line.voided
        )
        self._write(painter, cell, line.amount, size, ink, _END, weight, line.voided)

    def _write(
        self, painter: QPainter, cell: QRectF, text: str, size: float, ink: str,
        where: Qt.AlignmentFlag | Qt.TextFlag, weight: int, struck: bool = False,
    ) -> None:  # fmt: skip
        font = QFont(fonts.ui(size, weight))
        font.setStrikeOut(struck)
        painter.setFont(font)
        painter.setPen(self._paint[ink])
        if not where & Qt.TextFlag.TextWordWrap:
            text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, cell.width())
        painter.drawText(cell, int(where), text)

    def _code(self, painter: QPainter, square: QRectF, code: tuple[tuple[bool, ...], ...]) -> None:
        # Always dark on light, in the dark look too: not every telephone reads it inverted.
        painter.fillRect(square, QColor("white"))
        each = int(square.width() // (len(code) + 2 * _QUIET)) or 1
        start = square.topLeft() + QPointF(1, 1) * ((square.width() - each * len(code)) / 2)
        for down, row in enumerate(code):
            for along, dark in enumerate(row):
                if dark:
                    at = start + QPointF(along * each, down * each)
                    painter.fillRect(QRectF(at.x(), at.y(), each, each), QColor("black"))


class WindowDisplay(QObject):
    """The customer's window as a display; `show` may be called from any thread."""

    _wanted = Signal(object)

    def __init__(self, theme: str = "light") -> None:
        super().__init__()
        self.window = CustomerWindow(theme)
        self._wanted.connect(self.window.show_picture)
        self.window.place()

    def show(self, picture: Picture) -> None:
        """Show it; at once on the screen's thread, else as soon as that is free."""
        self._wanted.emit(picture)

    def close(self) -> None:
        """Close the window."""
        self.window.end()
        self.window.deleteLater()
