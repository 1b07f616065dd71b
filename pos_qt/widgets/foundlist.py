"""Search results: one row an article, with picture, name, number and price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QListView, QScroller, QStyledItemDelegate, QStyleOptionViewItem

from pos_qt.models.lines import Index
from pos_qt.presenters.shown import Found
from pos_qt.theme import icons
from pos_qt.theme.look import Look
from pos_qt.widgets.dress import keeps_its_sides, named
from pos_qt.widgets.photos import Photos
from services.register import keyboardface

_FOUND: Final = Qt.ItemDataRole.UserRole + 1
_NOWHERE: Final = QModelIndex()
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter


class FoundModel(QAbstractListModel):
    """Results in order; one is chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: list[Found] = []
        self.chosen = 0

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """How many were found."""
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A result's name, or the whole of it."""
        if not index.isValid() or index.row() >= len(self._found):
            return None
        found = self._found[index.row()]
        if role == _FOUND:
            return found
        return found.name if role == Qt.ItemDataRole.DisplayRole else None

    def show(self, found: Sequence[Found], chosen: int) -> None:
        """Other results."""
        self.chosen = chosen
        self.beginResetModel()
        self._found = list(found)
        self.endResetModel()


class FoundPainter(QStyledItemDelegate):
    """Paints one result."""

    def __init__(self, parent: FoundList) -> None:
        super().__init__(parent)
        self._list = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802, ARG002
        """As high as a finger."""
        return QSize(10, self._list.look.px(60))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Picture, name over number, price."""
        look, found = self._list.look, index.data(_FOUND)
        room = QRectF(option.rect)
        painter.save()
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        if index.row() == self._list.found.chosen:
            painter.fillRect(room, look.colour("go-tint"))
            painter.fillRect(QRectF(room.left(), room.top(), look.px(5), room.height()),
                             look.colour("go"))  # fmt: skip
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        self._picture(painter, found, room)
        right = room.right() - look.px(16)
        painter.setPen(look.colour("text"))
        painter.setFont(look.font(20, 700))
        wide = painter.fontMetrics().horizontalAdvance(found.price)
        painter.drawText(QRectF(right - wide - 4, room.top(), wide + 4, room.height()), _MIDDLE,
                         found.price)  # fmt: skip
        left = room.left() + look.px(70)
        self._words(painter, found, QRectF(left, room.top(), right - wide - left - look.px(10),
                                           room.height()))  # fmt: skip
        painter.restore()

    def _words(self, painter: QPainter, found: Found, room: QRectF) -> None:
        look = self._list.look
        painter.setFont(look.font(18, 600))
        name = painter.fontMetrics().elidedText(
            found.name, Qt.TextElideMode.ElideRight, int(room.width())
        )
        upper = QRectF(room.left(), room.top() + look.px(8), room.width(), look.px(24))
        painter.drawText(upper, _MIDDLE, name)
        painter.setFont(look.font(15, 500))
        painter.setPen(look.colour("text-3"))
        lower = QRectF(room.left(), room.top() + look.px(32), room.width(), look.px(20))
        painter.drawText(lower, _MIDDLE, found.number)

    def _picture(self, painter: QPainter, found: Found, room: QRectF) -> None:
        look, side = self._list.look, self._list.look.px(40)
        box = QRectF(room.left() + look.px(16), room.center().y() - side / 2, side, side)
        tint = look.group(found.colour)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tint["tint"]))
        painter.drawRoundedRect(box, look.px(9), look.px(9))
        photo = self._list.photos.drawn(
            found.article, found.photo, side, look.px(keyboardface.ROUND),
            self._list.devicePixelRatioF(),
        )  # fmt: skip
        picture = found.picture and icons.picture(found.picture, side - look.px(8))
        if photo:
            painter.drawPixmap(box.topLeft(), photo)
        elif picture:
            painter.drawPixmap((box.topLeft() + QRectF(0, 0, look.px(4), look.px(4)).bottomRight()),
                               picture)  # fmt: skip
        else:
            painter.setPen(QColor(tint["ink"]))
            painter.setFont(look.font(16, 700))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, found.name[:2])


class FoundList(QListView):
    """Says by signal which row was tapped."""

    row_tapped = Signal(int)

    def __init__(self, photos: Photos) -> None:
        super().__init__()
        self.look, self.photos = Look(), photos
        photos.came.connect(self.viewport().update)
        self.found = FoundModel(self)
        self.setModel(self.found)
        self.setItemDelegate(FoundPainter(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        named(self, "search.found")
        keeps_its_sides(self)
        self.clicked.connect(self._on_clicked)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.LeftMouseButtonGesture)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self.look = look
        self.scheduleDelayedItemsLayout()

    def show_found(self, found: Sequence[Found], chosen: int) -> None:
        """Other results, or another one chosen."""
        self.found.show(found, chosen)
        self.scrollTo(self.found.index(chosen))

    def _on_clicked(self, index: QModelIndex) -> None:
        self.row_tapped.emit(index.row())
