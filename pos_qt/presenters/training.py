"""Training: the same till, nothing of it real; it begins and ends between two receipts."""

from __future__ import annotations

from collections.abc import Callable

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.sale import SalePresenter


class TrainingPresenter:
    """Begins and ends practice. Whoever may not begin it asks for an approval."""

    def __init__(self, desk: Desk, sale: SalePresenter) -> None:
        self._desk = desk
        self._sale = sale
        self.on_change: Callable[[], None] = lambda: None

    @property
    def is_on(self) -> bool:
        """Is what is sold now practice?"""
        return self._desk.till.training

    def toggle(self) -> None:
        """Begin to practise, or earnestly sell again. An open receipt is ended first."""
        training = not self.is_on

        def done(_: None) -> None:
            self._sale.fresh()
            self.on_change()

        self._desk.go(lambda: self._desk.till.train(training=training), done, self._sale.failed)
