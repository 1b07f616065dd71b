"""Searching articles by name, number or code; the first result is one Enter away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.keys import found_of
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.shown import Found


class SearchView(Protocol):
    """What shows a search."""

    def show_searching(self, *, searching: bool, text: str | None = None) -> None:
        """Whether the search is in front; `text` puts words into its field."""

    def show_found(self, found: Sequence[Found], chosen: int, nothing: str) -> None:
        """The results, and which of them Enter sells; `nothing` says that there are none."""


class SearchPresenter:
    """Finds while the cashier types. Scans go on selling meanwhile."""

    def __init__(self, desk: Desk, sale: SalePresenter, view: SearchView) -> None:
        self.is_open = False
        self._desk = desk
        self._sale = sale
        self._view = view
        self._found: Sequence[Found] = ()
        self._chosen = 0
        self._text = ""

    def open(self, text: str = "") -> None:
        """The search comes to the front."""
        self.is_open = True
        self._view.show_searching(searching=True, text=text or None)
        if text:
            self.typed(text)

    def close(self) -> None:
        """Back to the keys; what was typed is gone."""
        self.is_open = False
        self._text, self._found, self._chosen = "", (), 0
        self._view.show_searching(searching=False, text="")

    def typed(self, text: str) -> None:
        """The field holds other words now."""
        if text == self._text:
            return
        self._text = text
        if not text.strip():
            self._show([], "")
        else:
            self._desk.take(lambda: self._search(text))

    def move(self, rows: int) -> None:
        """Another result is chosen."""
        if self._found:
            self._chosen = max(0, min(self._chosen + rows, len(self._found) - 1))
            self._view.show_found(self._found, self._chosen, "")

    def sell(self, row: int | None = None) -> None:
        """Sell the chosen result, or the one in a row."""
        at = self._chosen if row is None else row
        if 0 <= at < len(self._found):
            article = self._found[at].article
            self.close()
            self._sale.key_pressed(article)

    def _search(self, text: str) -> None:
        if text != self._text:
            return
        till, words = self._desk.till, self._desk.words

        def find() -> list[Found]:
            at = till.now()
            return [found_of(till.catalogue, words, a, at) for a in till.catalogue.search(text)]

        self._desk.away(find, lambda found: self._answer(text, found), self._sale.failed)

    def _answer(self, text: str, found: list[Found]) -> None:
        if text == self._text:
            self._show(found, "" if found else self._desk.words("search.none", text=text))

    def _show(self, found: list[Found], nothing: str) -> None:
        self._found, self._chosen = found, 0
        self._view.show_found(found, 0, nothing)
