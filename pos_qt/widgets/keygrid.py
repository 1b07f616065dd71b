"""The grid of article keys with its tabs. Keys keep their places."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pos_qt.presenters.shown import Keys
from pos_qt.theme import icons
from pos_qt.theme.look import Look
from pos_qt.widgets.articlekey import ArticleKey
from pos_qt.widgets.dress import button, label, tight
from pos_qt.widgets.photos import Photos
from services.register import keyboardgrid

_ICONS: Final = {
    "produce": "carrot", "dairy": "cheese", "drinks": "coffee", "meat": "cow",
    "frozen": "snowflake", "sweets": "cookie", "household": "package", "press": "newspaper",
    "alcohol": "beer-bottle",
}  # fmt: skip
"""Icons of article groups, for tabs that name a group."""


BOUNCE_S: Final = 0.12
"""Two presses of one key within this are one. Source: DESIGN.md, 4.1."""


def narrowed(keys: Keys) -> Keys:
    """The same keys in three columns, in the same order; what does not fit is on a page behind."""
    if keys.columns <= keyboardgrid.NARROW:
        return keys
    tabs = []
    for tab in keys.tabs:
        for page, placed in enumerate(keyboardgrid.narrowed(tab.keys, keys.rows), 1):
            name = tab.name if page == 1 else f"{tab.name} {page}"
            tabs.append(replace(tab, name=name, keys=placed))
    return Keys(keys.rows, keyboardgrid.NARROW, tuple(tabs))


class Tabs(QWidget):
    """The pages' names in one row; what does not fit is reached by its arrow."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._row = QHBoxLayout(self)
        self._row.addStretch(1)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.idClicked.connect(self.chosen)
        self._buttons: list[QPushButton] = []
        self._icons: list[str] = []
        self._first = 0
        self._more = button("tab", says="keys.more")
        self._more.clicked.connect(self._on_more)
        self._row.addWidget(self._more)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.setFixedHeight(look.px(48))
        tight(self._row, (0, 0, 0, 0), look.px(8))
        self._more.setFixedSize(look.px(48), look.px(48))
        self._more.setIcon(QIcon(look.icon("dots-three", 22, "text-2")))
        self._colour()

    def show_tabs(self, keys: Keys, at: int) -> None:
        """All tabs, one of them chosen."""
        for old in self._buttons:
            self._group.removeButton(old)
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons, self._icons, self._first = [], [], 0
        for n, tab in enumerate(keys.tabs):
            made = button("tab", tab.name)
            made.setCheckable(True)
            made.setChecked(n == at)
            self._group.addButton(made, n)
            self._buttons.append(made)
            name = _ICONS.get(tab.icon or "", tab.icon or "")
            self._icons.append(name if icons.has_icon(name) else "")
            self._row.insertWidget(n, made)
        self._colour()
        self._fit()

    def choose(self, at: int) -> None:
        """Mark another tab."""
        if 0 <= at < len(self._buttons):
            self._buttons[at].setChecked(True)
            self._colour()
            self._fit()

    def resizeEvent(self, event: object) -> None:  # noqa: N802, ARG002 - Qt's name
        """Show what fits."""
        self._fit()

    def _colour(self) -> None:
        dark = self._look.theme == "dark"
        on = "on-go" if dark else "on-counter"
        for made, name in zip(self._buttons, self._icons, strict=True):
            made.setFixedHeight(self._look.px(48))
            if name:
                tint = self._look.hex(on if made.isChecked() else "text-2")
                side, gap = self._look.px(20), self._look.px(3)
                made.setIcon(QIcon(icons.icon(name, side, tint, 1.0, gap)))
                made.setIconSize(QSize(side + gap, side))

    def _fit(self) -> None:
        """Pages of tabs: those from `_first` on that fit."""
        room = self.width() - self._look.px(56)
        checked = self._group.checkedId()
        widths = [made.sizeHint().width() + self._look.px(8) for made in self._buttons]
        if sum(widths) <= self.width():
            self._first, room = 0, self.width()
        last = self._last(widths, self._first, room)
        if 0 <= checked < self._first or checked > last:
            self._first = min(checked, len(self._buttons) - 1)
            last = self._last(widths, self._first, room)
        for n, made in enumerate(self._buttons):
            made.setVisible(self._first <= n <= last)
        self._more.setVisible(self._first > 0 or last < len(self._buttons) - 1)

    def _last(self, widths: list[int], first: int, room: int) -> int:
        last = first
        used = 0
        for n in range(first, len(widths)):
            used += widths[n]
            if used > room and n > first:
                break
            last = n
        return last

    def _on_more(self) -> None:
        shown = [n for n, made in enumerate(self._buttons) if not made.isHidden()]
        after = shown[-1] + 1 if shown else 0
        self._first = after if after < len(self._buttons) else 0
        self._group.button(self._first).click()


class KeyGrid(QWidget):
    """Tabs above, keys below; says by signal which article was pressed."""

    pressed = Signal(str)

    def __init__(self, photos: Photos) -> None:
        super().__init__()
        self._look, self._photos = Look(), photos
        photos.came.connect(self._on_photo)
        self._all = self._keys = Keys(4, 4, ())
        self._at = 0
        self._last = ("", 0.0)
        self.tabs = Tabs()
        self.tabs.chosen.connect(self.show_tab)
        self._field = QWidget()
        self._views: list[ArticleKey] = []
        self._empty: QLabel = label("lead")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setParent(self._field)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.tabs)
        self._column.addWidget(self._field, 1)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        narrow = self._look.is_wide != look.is_wide
        self._look = look
        tight(self._column, (0, 0, 0, 0), look.px(10))
        if narrow:
            self._show(self._all)
        self._place()

    def show_keys(self, keys: Keys, empty: str) -> None:
        """All pages; `empty` is said where there is none."""
        if keys == self._all and self._views:
            return
        self._empty.setText(empty)
        self._show(keys)

    def _show(self, keys: Keys) -> None:
        self._all = keys
        keys = keys if self._look.is_wide else narrowed(keys)
        at = self._at if self._at < len(keys.tabs) else 0
        self._keys = keys
        self._empty.setVisible(not keys.tabs)
        self.tabs.setVisible(bool(keys.tabs))
        self.tabs.show_tabs(keys, at)
        self.show_tab(at)

    def show_tab(self, at: int) -> None:
        """Another page of keys."""
        if not 0 <= at < max(1, len(self._keys.tabs)):
            return
        self._at = at
        for old in self._views:
            old.setParent(None)
            old.deleteLater()
        self._views = []
        for shown in self._keys.tabs[at].keys if self._keys.tabs else ():
            view = ArticleKey(shown, self._look, self._photos, self._field)
            view.pressed.connect(self._on_pressed)
            self._views.append(view)
            view.show()
        self.tabs.choose(at)
        self._place()

    def resizeEvent(self, event: object) -> None:  # noqa: N802, ARG002 - Qt's name
        """Keys fill the room."""
        self._column.activate()
        self._place()

    def _place(self) -> None:
        gap, size = self._look.px(keyboardgrid.GAP), (self._field.width(), self._field.height())
        for view in self._views:
            key = view.shown
            box = keyboardgrid.place(
                key.row, key.column, key.wide, key.tall, self._keys.rows, self._keys.columns, size,
                gap,
            )  # fmt: skip
            view.setGeometry(box.left, box.top, box.width, box.height)
        self._empty.setGeometry(self._field.rect())

    def _on_photo(self) -> None:
        for view in self._views:
            if view.shown.photo:
                view.update()

    def _on_pressed(self) -> None:
        key = self.sender()
        if not isinstance(key, ArticleKey):
            return
        now, last = time.monotonic(), self._last
        self._last = (key.shown.article, now)
        if last[0] != key.shown.article or now - last[1] > BOUNCE_S:
            self.pressed.emit(key.shown.article)
