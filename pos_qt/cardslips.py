"""What a card terminal wants printed: with the receipt that it belongs to, or at once."""

from __future__ import annotations

from collections.abc import Sequence

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.slips import Prints
from schemas.keys import Digest
from schemas.receipt import Receipt
from services.register.columns import Row, printable


class CardSlips:
    """Keeps a terminal's lines until their receipt prints."""

    def __init__(self, desk: Desk, sale: SalePresenter, queue: Prints) -> None:
        self._desk = desk
        self._sale = sale
        self._queue = queue
        self._rows: list[Row] = []

    def told(self, lines: Sequence[str], later: bool) -> None:
        """Lines of the terminal; `later` where a receipt follows."""
        columns = self._desk.till.prints.columns
        rows = [Row(printable(line)[:columns]) for line in lines]
        if later:
            self._rows += rows
        elif rows:
            self._queue.put(rows)

    def taken(self) -> list[Row]:
        """What waits for a receipt, which prints it now."""
        rows, self._rows = self._rows, []
        return rows

    def voided(self, answer: tuple[Receipt, Digest]) -> None:
        """A void that a till which died had begun."""
        self._queue.put(self._desk.till.prints.rows(answer[0]))
        self._sale.fresh()
