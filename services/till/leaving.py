"""Leaving a sale without its end: given up, or with nothing in it that counts any more."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Protocol

from schemas.journal import Aborted
from schemas.money import Money
from schemas.receipt import Basket
from services.register.refusal import StepRefused
from services.till.authority import Authority
from services.till.book import Book
from services.till.parking import Parking


class Counter(Protocol):
    """What leaving a sale asks of its till."""

    basket: Basket
    book: Book
    parking: Parking
    authority: Authority
    asked: Money | None

    def now(self) -> datetime:
        """The branch's local time."""

    def need(self, right: str, value: Decimal | None = None) -> None:
        """Go on only where the cashier may, or somebody approved it."""

    def done(self) -> None:
        """There is no sale in hand any more."""


class Leaving:
    """Whatever was scanned is on record, also where nothing was sold."""

    def __init__(self, till: Counter) -> None:
        self._till = till

    def abort(self) -> None:
        """Give the sale up. Raises StepRefused while paid in part.

        Its lines are kept in the journal; a practice sale was never one, and leaves nothing.
        """
        self._not_paid()
        self._till.need("abort")
        self._record()
        self._till.done()

    def leave(self) -> None:
        """Leave a sale of which no line counts for another one; what was voided is on record.

        Raises StepRefused while a line counts or something is paid, DiskRefused.
        """
        till, basket = self._till, self._till.basket
        if not basket.is_empty:
            raise StepRefused("sale-open")
        self._not_paid()
        if basket.lines:
            self._record()
            till.parking.done(basket)
            till.authority.forget()
            till.basket = Basket(basket.cashier, basket.currency, training=basket.training)

    def _not_paid(self) -> None:
        till, basket = self._till, self._till.basket
        given = basket.total - basket.open if basket.payments else till.asked
        if given is not None:
            raise StepRefused("payments-open", amount=given)
        till.parking.rest()

    def _record(self) -> None:
        till, basket = self._till, self._till.basket
        if basket.lines and not basket.training:
            at, who = till.now(), basket.cashier
            till.book.record(
                Aborted(at, who, basket.currency, basket.ref, basket.lines, basket.approvals)
            )
