"""What the customer sees of the sale: its lines, its sum, what was given and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pos_qt.peripherals.display import Picture, ShownLine
from pos_qt.presenters.desk import Desk
from pos_qt.presenters.lines import Lines
from pos_qt.translations.words import Words
from schemas.money import Money
from schemas.receipt import Receipt
from services.register import sliplink, wording

_MOST: Final = 60
"""Lines that a picture carries: more than any display shows."""


class CustomerPresenter:
    """Speaks the branch's language, not the cashier's. `show` gets each new picture."""

    def __init__(self, desk: Desk, show: Callable[[Picture], None]) -> None:
        self._desk = desk
        self._show = show
        self._words = Words(desk.till.catalogue.own.language)
        self._lines = Lines(self._words)
        self._paid: Receipt | None = None
        self._sold: tuple[ShownLine, ...] = ()
        self.is_paying: Callable[[], bool] = lambda: False

    def paid(self, receipt: Receipt) -> None:
        """What was given and what goes back, until the next sale begins."""
        self._paid = receipt
        self.show()

    def rest(self) -> None:
        """The change has been seen: the next customer is greeted."""
        self._paid = None
        self.show()

    def show(self) -> None:
        """The sale as it is now."""
        basket = self._desk.till.basket
        if not basket.is_empty:
            self._paid = None
            self._show(self._sale())
        elif self._paid is not None:
            self._show(self._change(self._paid))
        else:
            self._show(Picture(text=self._words("customer.greeting")))

    def _sale(self) -> Picture:
        words, basket = self._words, self._desk.till.basket
        lines: list[ShownLine] = []
        for line in self._lines.of(basket)[-_MOST:]:
            lines.append(ShownLine(line.name, line.amount, line.quantity if line.many else ""))
            lines += (ShownLine(name, amount) for name, amount in line.below if amount)
        self._sold = tuple(lines)
        label, due = words("counter.total"), basket.total
        if basket.payments:
            label, due = words("payment.open"), basket.open
        return Picture(
            moment="pay" if self.is_paying() else "sale",
            lines=self._sold,
            total_label=label,
            total=self._amount(due),
        )

    def _change(self, receipt: Receipt) -> Picture:
        words = self._words
        given = Money(sum(p.amount.minor for p in receipt.payments), receipt.currency)
        return Picture(
            moment="change",
            text=words("customer.thanks"),
            lines=self._sold,
            total_label=words("counter.total"),
            total=self._amount(receipt.total),
            given_label=words("entry.given"),
            given=self._amount(given),
            change_label=words("change.due") if receipt.change else "",
            change=self._amount(receipt.change) if receipt.change else "",
            qr=sliplink.address(receipt, self._desk.till.catalogue.own) or "",
        )

    def _amount(self, amount: Money) -> str:
        return f"{self._words.amount(amount)} {wording.sign(amount.currency)}"
