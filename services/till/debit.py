"""Direct debit at this till: asked at head office, or below a floor while the line is away."""

from __future__ import annotations

from typing import Protocol

from schemas.money import Money
from schemas.receipt import Basket
from services.mirror.catalogue import Catalogue
from services.register.refusal import StepRefused
from services.till import allowance
from services.till.archive import Archive
from services.till.authority import Authority
from services.till.book import Book


class Counter(Protocol):
    """What a debit asks of its till."""

    basket: Basket
    catalogue: Catalogue
    archive: Archive
    book: Book
    authority: Authority


class Debits:
    """Whether an account may be debited, and what that risks."""

    def __init__(self, till: Counter) -> None:
        self._till = till

    def check(self, account: str, amount: Money, others: int = 0) -> bool:
        """May so much be debited? Says whether head office was not asked.

        Then the tender's own floor holds for the payment, and the till's budget for all of them
        until head office has the receipts.

        others  minor units that are debited at the same moment
        Raises StepRefused.
        """
        till = self._till
        answer = till.authority.said("debit", account)
        if answer is not None and answer.state == "granted":
            return False
        if answer is not None:
            raise StepRefused("debit-blocked")
        allowance.check(till, "debit", amount, others)
        return True
