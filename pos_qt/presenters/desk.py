"""The till in front of a cashier: one step at a time, in the order they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol, TypeVar

from pos_qt.translations.words import Words
from services.register.refusal import StepRefused
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
        self._waiting: deque[Callable[[], None]] = deque()

    def check(self, right: str) -> None:
        """Raise StepRefused unless the cashier's role may do this."""
        cashier = self.till.cashier
        role = self.till.catalogue.role(cashier.role) if cashier else None
        if role is None or right not in {each.name for each in role.rights}:
            raise StepRefused("no-right", right=right)

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
    ) -> None:
        """Do what writes to the disk behind the screen; later steps wait for it."""
        self.is_busy = True

        def done(answer: R) -> None:
            self._finish(lambda: then(answer))

        def refused(error: Exception) -> None:
            self._finish(lambda: failed(error))

        self.behind.run(call, done, refused)

    def _finish(self, last: Callable[[], None]) -> None:
        self.is_busy = False
        try:
            last()
        finally:
            while self._waiting and not self.is_busy:
                self._waiting.popleft()()
