"""Photographs of articles as keys and lists show them: drawn behind the screen, kept by size."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QImage, QImageReader, QPainter, QPixmap

from pos_qt.background import Background

log = logging.getLogger(__name__)

_MOST: Final = 256
"""Photographs that are kept drawn: all keys of the largest page, and a search's; some 6 MB."""
_LARGEST: Final = 1024
"""Pixels of a side beyond which nothing is unpacked: head office makes a quarter of that."""

Which = tuple[str, int, int, float]
"""What tells a photograph from others, side and rounding in pixels, and the screen's ratio."""


class Photos(QObject):
    """Hands out photographs at once, or never waits: `came` says that one is there by now.

    Nothing is read or drawn on the screen's thread. What cannot be drawn is as if there were none.
    """

    came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ask: Callable[[str], bytes | None] = lambda _: None
        """Reads an article's picture; called on a thread of its own."""
        self._worker: Background | None = None
        self._kept: OrderedDict[Which, QPixmap | None] = OrderedDict()
        self._asked: set[Which] = set()

    def drawn(
        self, article: str, photo: str | None, side: int, radius: int, ratio: float
    ) -> QPixmap | None:
        """An article's photograph in a size; None where it has none, or as long as it is drawn."""
        if photo is None:
            return None
        which = (photo, side, radius, ratio)
        if which in self._kept:
            self._kept.move_to_end(which)
            return self._kept[which]
        if which not in self._asked:
            self._asked.add(which)
            if self._worker is None:
                self._worker = Background("till-photos", self)
            self._worker.run(
                lambda: self._made(article, which),
                lambda made: self._on_made(which, made),
                lambda error: self._on_failed(which, error),
            )
        return None

    def close(self) -> None:
        """Stop drawing."""
        if self._worker is not None:
            self._worker.close(1)

    def _made(self, article: str, which: Which) -> tuple[bool, QImage | None]:
        """Whether it could be read, and the image if it could be drawn; on the worker's thread."""
        webp = self.ask(article)
        if webp is None:
            return False, None
        _, side, radius, ratio = which
        image = painted(webp, round(side * ratio), radius * ratio)
        if image is None:
            log.warning("picture cannot be drawn article=%s", article)
        return True, image

    def _on_made(self, which: Which, made: tuple[bool, QImage | None]) -> None:
        self._asked.discard(which)
        was_read, image = made
        if not was_read:
            return  # the mirror is being made anew: the next painting asks again
        if image is None:
            self._kept[which] = None
        else:
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(which[3])
            self._kept[which] = pixmap
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        self.came.emit()

    def _on_failed(self, which: Which, error: Exception) -> None:
        self._asked.discard(which)
        log.warning("picture not read why=%s", error)


def painted(webp: bytes, pixels: int, radius: float) -> QImage | None:
    """A picture in a square of so many pixels, with round corners; None where it is broken."""
    buffer = QBuffer()
    buffer.setData(webp)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, b"webp")
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > _LARGEST:
        return None
    image = reader.read()
    if image.isNull():
        return None
    small = image.scaled(
        pixels, pixels, Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )  # fmt: skip
    made = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(small))
    painter.drawRoundedRect(QRectF(0, 0, pixels, pixels), radius, radius)
    painter.end()
    return made
