"""The preview: a receipt as it was printed, and the newest one once more on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.slips import Prints
from schemas.receipt import Receipt
from services.register.columns import Row


class PreviewView(Protocol):
    """What shows a slip beside the receipt in hand."""

    def preview_rows(self, title: str, rows: Sequence[Row], *, can_print: bool) -> None:
        """The slip, in front."""


class PreviewPresenter:
    """Looking never makes an entry; a copy is on record before it prints."""

    def __init__(self, desk: Desk, sale: SalePresenter, view: PreviewView, queue: Prints) -> None:
        self._desk = desk
        self._sale = sale
        self._view = view
        self._queue = queue

    def print_last(self) -> None:
        """Print the newest receipt once more."""
        self._desk.take(self._print_last)

    def last(self) -> None:
        """Show the newest receipt as it was printed."""
        self._desk.take(self._last)

    def show(self, receipt: Receipt) -> None:
        """Show a receipt as it was printed."""
        till, words = self._desk.till, self._desk.words
        can = self._queue.state != "none" and till.last is not None and receipt == till.last
        title = words("preview.title", number=receipt.number)
        self._view.preview_rows(title, till.prints.rows(receipt), can_print=can)

    def _print_last(self) -> None:
        last, prints = self._desk.till.last, self._desk.till.prints
        if last is not None:
            self._desk.go(lambda: prints.copy(last), self._queue.put, self._sale.failed)

    def _last(self) -> None:
        last = self._desk.till.last
        if last is None:
            self._view.preview_rows(self._desk.words("preview.none"), (), can_print=False)
        else:
            self.show(last)
