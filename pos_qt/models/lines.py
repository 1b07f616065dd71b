"""The slip's lines as an item model: only what changed is told to the view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pos_qt.presenters.shown import ShownLine

Index = QModelIndex | QPersistentModelIndex

LINE: Final = Qt.ItemDataRole.UserRole + 1
SELECTED: Final = Qt.ItemDataRole.UserRole + 2
_NOWHERE: Final = QModelIndex()


class LinesModel(QAbstractListModel):
    """Lines in order; one of them is selected."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[ShownLine] = []
        self._selected: int | None = None

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """How many lines there are."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A line's name, the whole line, or whether it is selected."""
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == LINE:
            return line
        if role == SELECTED:
            return line.number == self._selected
        if role == Qt.ItemDataRole.DisplayRole:
            return line.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{line.quantity} {line.name} {line.amount}"
        return None

    def line(self, row: int) -> ShownLine:
        """The line in a row."""
        return self._lines[row]

    def row_of(self, number: int | None) -> int:
        """The row of a line's number; -1 where it is not shown."""
        for row in range(len(self._lines) - 1, -1, -1):
            if self._lines[row].number == number:
                return row
        return -1

    def show(self, lines: Sequence[ShownLine], selected: int | None) -> None:
        """Other lines; equal ones at the beginning stay as they are."""
        before = self.row_of(self._selected)
        self._selected = selected
        self._replace(list(lines))
        for row in {before, self.row_of(selected)}:
            if 0 <= row < len(self._lines):
                where = self.index(row)
                self.dataChanged.emit(where, where, [SELECTED])

    def _replace(self, lines: list[ShownLine]) -> None:
        old, new = len(self._lines), len(lines)
        same = 0
        while same < min(old, new) and self._lines[same] is lines[same]:
            same += 1
        if old == new:
            for row in range(same, new):
                if self._lines[row] is not lines[row]:
                    self._lines[row] = lines[row]
                    self.dataChanged.emit(self.index(row), self.index(row))
            return
        if same < old:
            self.beginRemoveRows(QModelIndex(), same, old - 1)
            del self._lines[same:]
            self.endRemoveRows()
        if same < new:
            self.beginInsertRows(QModelIndex(), same, new - 1)
            self._lines.extend(lines[same:])
            self.endInsertRows()
