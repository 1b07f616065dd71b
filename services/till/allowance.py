"""What a till has taken without asking head office, and how much more of it the budgets allow."""

from __future__ import annotations

from typing import Protocol

from schemas.money import Money
from schemas.receipt import Basket
from services.mirror.catalogue import Catalogue
from services.register import clientele
from services.till.archive import Archive
from services.till.book import Book


class Counter(Protocol):
    """What an allowance asks of its till."""

    basket: Basket
    catalogue: Catalogue
    archive: Archive
    book: Book


def budget(till: Counter, kind: str) -> Money | None:
    """How much of a kind of tender head office lets this till risk; None: nothing."""
    own = till.catalogue.own
    return {
        "voucher": own.voucher_budget,
        "account": own.account_budget,
        "points": own.points_budget,
        "debit": own.debit_budget,
    }[kind]


def risked(till: Counter, kind: str) -> int:
    """Minor units taken unasked: in the sale in hand, and in entries that head office has not yet."""
    in_hand = sum(p.amount.minor for p in till.basket.payments if p.kind == kind and p.offline)
    if kind == "voucher":
        lines = (li for li in till.basket.lines if li.counts and li.offline)
        in_hand += sum(abs(li.amount.minor) for li in lines)
    return till.archive.unchecked(kind, till.book.acknowledged()) + in_hand


def left(till: Counter, kind: str) -> Money:
    """How much more of it may be taken while head office cannot be asked."""
    most = budget(till, kind) or Money.zero(till.basket.currency)
    return Money(max(0, most.minor - risked(till, kind)), most.currency)


def check(till: Counter, kind: str, amount: Money, others: int = 0) -> None:
    """Raise StepRefused where so much more would be beyond the budget.

    others  minor units of the kind that are taken at the same moment
    """
    clientele.check_unasked(amount, budget(till, kind), risked(till, kind) + others)
