"""Rows as pictures, for scripts that a printer's code pages lack; they keep their columns.

A row is drawn run by run, so that scripts which join or turn their letters stay right; what is wider
than its columns is drawn narrower. Needs a Qt application, but not its thread.
"""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QTextOption

from pos_qt.theme import fonts
from services.register.columns import Row

WIDTHS: Final = {58: 384, 80: 576}
"""Dots on paper of so many millimetres, at 203 dots an inch."""

_CELL: Final = 12
_HIGH: Final = 24
"""Font A, which the other rows are printed in: 12 × 24 dots. Source: Epson TM manuals."""
_RUN: Final = re.compile(r"\S+(?: \S+)*")


def cell(columns: int, dots: int) -> int:
    """How wide a column is drawn: as in font A, narrower where so many columns would not fit."""
    return max(4, min(_CELL, dots // max(1, columns)))


def drawn(row: Row, dots: int = 576) -> QImage:
    """A row in black on white, one bit a dot."""
    scale = 2 if row.double else 1
    each = cell(len(row.text) * scale, dots) * scale
    width = max(8, min(dots, len(row.text) * each))
    image = QImage((width + 7) // 8 * 8, _HIGH * scale, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    font = QFont(fonts.mono(_HIGH * scale * 0.78, 700 if row.bold else 500))
    painter.setFont(font)
    for run in _RUN.finditer(row.text):
        span = QRectF(run.start() * each, 0, (run.end() - run.start()) * each, image.height())
        _draw(painter, font, span, run[0])
    painter.end()
    return image.convertToFormat(QImage.Format.Format_Mono, Qt.ImageConversionFlag.ThresholdDither)


def _draw(painter: QPainter, font: QFont, span: QRectF, text: str) -> None:
    wide = QFontMetricsF(font).horizontalAdvance(text)
    squeeze = min(1.0, span.width() / wide) if wide else 1.0
    painter.save()
    painter.translate(span.left(), 0)
    painter.scale(squeeze, 1)
    option = QTextOption(Qt.AlignmentFlag.AlignVCenter)
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    if text.isascii() or squeeze == 1.0:
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    painter.drawText(QRectF(0, 0, span.width() / squeeze, span.height()), text, option)
    painter.restore()


def raster(image: QImage) -> bytes:
    """The picture as `GS v 0`. Source: Epson ESC/POS, GS v 0: a set bit is a black dot."""
    mono = image.convertToFormat(QImage.Format.Format_Mono)
    black_is_zero = mono.colorCount() > 0 and mono.color(0) & 0xFFFFFF == 0
    across = (mono.width() + 7) // 8
    bits, step = bytes(mono.constBits()), mono.bytesPerLine()
    lines = b"".join(bits[n * step : n * step + across] for n in range(mono.height()))
    if black_is_zero:
        lines = bytes(byte ^ 0xFF for byte in lines)
    size = across.to_bytes(2, "little") + mono.height().to_bytes(2, "little")
    return b"\x1dv0\x00" + size + lines
