"""The sheet over the article keys: pages lie on each other, Esc goes back to the one below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pos_qt.presenters.page import Page
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.shown import Sheet


class SheetView(Protocol):
    """What shows a sheet."""

    def show_sheet(self, sheet: Sheet | None) -> None:
        """The sheet, or the article keys again."""

    def show_entry(self, caption: str, text: str) -> None:
        """What has been typed."""


class SheetPresenter:
    """Holds the open pages. Scans go on selling beside them."""

    def __init__(self, sale: SalePresenter, view: SheetView) -> None:
        self._sale = sale
        self._view = view
        self._pages: list[Page] = []
        self.on_change: Callable[[], None] = lambda: None

    @property
    def is_open(self) -> bool:
        """Is there a page?"""
        return bool(self._pages)

    @property
    def page(self) -> Page | None:
        """The page that is seen."""
        return self._pages[-1] if self._pages else None

    @property
    def takes_words(self) -> bool:
        """Is the keyboard at a field for words?"""
        return bool(self._pages) and self._pages[-1].takes_words

    def open(self, page: Page) -> None:
        """A page comes on top."""
        if not self._pages:
            self._sale.entry.clear()
        page.point = self._sale.desk.words.point
        self._pages.append(page)
        self.show()
        self.on_change()

    def replace(self, page: Page) -> None:
        """A page in place of the one on top."""
        if self._pages:
            self._pages.pop()
        self.open(page)

    def start(self, page: Page) -> None:
        """A page alone."""
        self._pages.clear()
        self.open(page)

    def back(self) -> None:
        """To the page below, or to the article keys."""
        left = self._pages.pop() if self._pages else None
        self.show()
        self.on_change()
        if left is not None:
            left.on_back()

    def close(self) -> None:
        """To the article keys."""
        if self._pages:
            self._pages.clear()
            self.show()
            self.on_change()

    # What the cashier does

    def typed(self, name: str) -> None:
        """A character or a key of the pad."""
        if self._pages:
            self._pages[-1].typed(name)
            self.show()

    def move(self, rows: int) -> None:
        """Up or down."""
        if self._pages:
            self._pages[-1].rows(rows)
            self.show()

    def turn(self, steps: int) -> None:
        """Left or right."""
        if self._pages:
            self._pages[-1].turn(steps)
            self.show()

    def enter(self) -> None:
        """On to the next field, or what the ring is at."""
        if self._pages:
            self._pages[-1].enter()
            self.show()

    def tap(self, key: str) -> None:
        """Something was tapped."""
        if key == "back":
            self.back()
        elif self._pages:
            self._pages[-1].tap(key)
            self.show()

    def scanned(self, code: str) -> bool:
        """A code; says whether it meant something to the page."""
        meant = bool(self._pages) and self._pages[-1].scanned(code)
        if meant:
            self.show()
        return meant

    # What is seen

    def show(self) -> None:
        """The page on top, as it is now."""
        self._sale.strips.on_page(self.page)
        self._view.show_sheet(self._pages[-1].sheet() if self._pages else None)
        if self._pages:
            self.show_entry()
        else:
            self._sale.show_entry()

    def show_entry(self) -> None:
        """What the pad types into."""
        if self._pages:
            self._view.show_entry(*self._pages[-1].entry())
