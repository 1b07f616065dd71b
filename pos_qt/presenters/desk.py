"""The till in front of a cashier: one step at a time, in the order they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol, TypeVar

from pos_qt.translations.words import Words
from schemas.receipt import Payment
from services.till.till import Till

R = TypeVar("R")


class Behind(Protocol):
    """Work that must not keep the screen waiting, done in order."""

    def run(
        self,
        call: Callable[[], R],
        then: Callable[[R], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do `call` behind the screen; then say there what came of it."""


class Desk:
    """The till, its language, and the queue of steps that came while a receipt was being written.

    Only one thread at a time asks the till: while `away` works, steps wait here and none is lost.
    """

    def __init__(self, till: Till, words: Words, behind: Behind) -> None:
        self.till = till
        self.words = words
        self.behind = behind
        self.is_busy = False
        self.is_elsewhere = False
        self._waiting: deque[Callable[[], None]] = deque()
        self.asks: Callable[[Exception, Callable[[], None]], bool] = lambda *_: False
        """Asks a second person's approval of a step that was refused; says whether it could."""

    @property
    def next_name(self) -> str:
        """How the next receipt is called, provisional until it is written."""
        return self.till.book.next_name(practice=self.till.training)

    def tender_name(self, payment: Payment) -> str:
        """What a payment was made in, in the cashier's language; as it was kept, where no more is known."""
        tender = self.till.catalogue.tender(payment.tender)
        return tender.name(self.words.language) if tender else payment.name

    def take(self, step: Callable[[], None]) -> None:
        """Do a step now, or once the receipt in hand is written."""
        if self.is_busy:
            self._waiting.append(step)
        else:
            step()

    def away(
        self,
        call: Callable[[], R],
        then: Callable[[R], None],
        failed: Callable[[Exception], None],
        behind: Behind | None = None,
    ) -> None:
        """Do what writes to the disk behind the screen; later steps wait for it.

        behind  somewhere else to do it, where it does not ask the till: there a screen may look
        """
        self.is_busy, self.is_elsewhere = True, behind is not None

        def done(answer: R) -> None:
            self._finish(lambda: then(answer))

        def refused(error: Exception) -> None:
            self._finish(lambda: failed(error))

        (behind or self.behind).run(call, done, refused)

    def go(
        self,
        call: Callable[[], R],
        then: Callable[[R], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do what writes; where the cashier has no right to it, once somebody approved it."""

        def refused(error: Exception) -> None:
            if not self.asks(error, lambda: self.go(call, then, failed)):
                failed(error)

        self.take(lambda: self.away(call, then, refused))

    def _finish(self, last: Callable[[], None]) -> None:
        self.is_busy = self.is_elsewhere = False
        try:
            last()
        finally:
            while self._waiting and not self.is_busy:
                self._waiting.popleft()()
