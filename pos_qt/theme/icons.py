"""Icons and article pictures: SVG files drawn once per size and colour, then kept."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_ICONS: Final = Path(__file__).parent / "icons"
_ART: Final = Path(__file__).parent / "art"


def _drawn(svg: bytes, pixels: int, ratio: float, gap: int = 0) -> QPixmap:
    picture = QPixmap(round((pixels + gap) * ratio), round(pixels * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return picture


@functools.lru_cache(512)
def icon(name: str, pixels: int, colour: str, ratio: float = 1.0, gap: int = 0) -> QPixmap:
    """The icon called `name` in one colour (`#rrggbb`); an empty picture where there is none.

    gap  empty pixels at its end: a button has no space between icon and text
    """
    try:
        svg = (_ICONS / f"{name}.svg").read_bytes()
    except OSError:
        svg = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>"
    return _drawn(svg.replace(b"currentColor", colour.encode()), pixels, ratio, gap)


def has_icon(name: str | None) -> bool:
    """Is there an icon of this name?"""
    return bool(name) and (_ICONS / f"{name}.svg").is_file()


@functools.lru_cache(512)
def picture(name: str, pixels: int, ratio: float = 1.0) -> QPixmap | None:
    """The article picture called `name`; None where none was drawn."""
    path = _ART / f"{name}.svg"
    return _drawn(path.read_bytes(), pixels, ratio) if path.is_file() else None
