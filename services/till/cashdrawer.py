"""What is done at a till's cash drawer: float, pay-in and -out, safe drop, count, X and Z."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from schemas import xml
from schemas.drawer import Closing, Denomination, Drawer
from schemas.journal import Note
from schemas.keys import CustomerKey, StaffKey
from schemas.money import Money
from schemas.staff import Staff
from services.journal import read
from services.mirror.catalogue import Catalogue
from services.register import drawer, extent, movement
from services.register.refusal import StepRefused
from services.till.book import Book
from services.till.rights import Rights


class Counter(Protocol):
    """What the drawer asks of its till."""

    cashier: Staff | None
    rights: Rights
    catalogue: Catalogue
    training: bool

    def now(self) -> datetime:
        """The branch's local time."""

    def is_idle(self) -> bool:
        """Is no sale open?"""


class CashDrawer:
    """The drawer of one till. Every step is in the journal when it answers.

    All raise StepRefused where a rule speaks against it, DiskRefused where the disk does not take it.
    """

    def __init__(self, till: Counter, book: Book, journal: Path) -> None:
        self._till = till
        self._book = book
        self._journal = journal

    def open(self, reason: str) -> Drawer:
        """The drawer was opened without a sale."""
        approval = self._till.rights.need("open-drawer")
        return self._kept(
            Drawer("opened", self._till.now(), self._who.key, None, reason, approval=approval)
        )

    def float_in(self, amount: Money, denominations: Iterable[Denomination] = ()) -> Drawer:
        """What the drawer holds when the day begins: as a sum, or counted by note and coin."""
        approval = self._till.rights.need("float")
        who, at = self._who.key, self._till.now()
        event = movement.float_in(self._book.period, amount, who, at, denominations)
        return self._kept(replace(event, approval=approval))

    def pay_in(self, amount: Money, reason: str, *, customer: CustomerKey | None = None) -> Drawer:
        """Money comes in that no sale brought; from a customer, it pays what they owe."""
        return self._moved("pay-in", movement.pay_in, amount, reason, customer)

    def pay_out(self, amount: Money, reason: str) -> Drawer:
        """Money goes out."""
        return self._moved("pay-out", movement.pay_out, amount, reason)

    def safe_drop(self, amount: Money, bag: str) -> Drawer:
        """Money goes to the safe, in a bag with a number."""
        return self._moved("safe-drop", movement.safe_drop, amount, bag)

    def count(
        self,
        amount: Money,
        denominations: Iterable[Denomination] = (),
        *,
        hand_over_to: StaffKey | None = None,
    ) -> Drawer:
        """The drawer is counted; a difference beyond the branch's tolerance needs its right."""
        event = movement.count(
            self._book.period,
            amount,
            denominations,
            self._who.key,
            self._till.now(),
            hand_over_to=hand_over_to,
        )
        approval = self._till.rights.need("hand-over" if hand_over_to else "count")
        own = self._till.catalogue.own
        last = hand_over_to is not None or (event.attempt or 1) >= (own.count_attempts or 1)
        if last and event.difference is not None and movement.needs_approval(event, own):
            # Not before: a refusal that knows the difference tells what a blind count hides.
            approval = self._till.rights.need("count-difference", extent.units(event.difference))
        return self._kept(replace(event, approval=approval))

    def explain(self, said: str) -> Note:
        """What the cashier says to the difference of a count. Raises StepRefused for nothing."""
        if self._till.training:
            raise StepRefused("in-training")
        if not said.strip():
            raise StepRefused("reason-missing")
        who, number = self._who, self._book.period.number
        note = Note("difference", self._till.now(), who.key, number=number, reason=said.strip())
        self._book.record(note)
        return note

    def last_count(self) -> Drawer | None:
        """The period's newest count, even where the drawer has moved since; reads the journal."""
        journal, series = self._journal, self._book.series
        for number in range(self._book.period.through, self._book.period.after, -1):
            with contextlib.suppress(OSError, xml.DocumentRefused):
                event = (
                    read.Stored(series, number, read.place(journal, series, number)).entry().drawer
                )
                if event is not None and event.kind == "count":
                    return event
        return None

    def expected(self) -> Money:
        """What should be in the drawer. Raises StepRefused in a blind count."""
        if not movement.shows_expected(self._book.period, self._till.catalogue.own):
            self._till.rights.need("see-expected")
        return Money(self._book.period.cash, self._book.period.currency)

    def x_report(self) -> Closing:
        """How the period stands. No money moves and no figure changes: a note says who looked when.

        In practice too, for what is seen is real. A look that cannot be noted is refused.
        """
        who, at = self._who, self._till.now()
        approval = self._till.rights.need("x-report")
        closing = drawer.closing(self._book.period, "x", who, at)
        self._book.record(Note("x-report", at, who.key, number=closing.number, approval=approval))
        return closing

    def z_report(self, at: datetime | None = None) -> Closing:
        """End the period; it asks nobody but that no sale is open.

        at  the closing's time, only for boxes of a demo or test chain
        """
        if not self._till.is_idle():
            raise StepRefused("sale-open")
        if self._till.training:
            raise StepRefused("in-training")
        approval = self._till.rights.need("z-report")
        closing = drawer.closing(self._book.period, "z", self._who, at or self._till.now())
        closing = replace(closing, approval=approval)
        self._book.record(closing)
        return closing

    @property
    def _who(self) -> Staff:
        if self._till.cashier is None:
            raise StepRefused("no-right", right="sell")
        return self._till.cashier

    def _moved(
        self,
        right: str,
        rule: Callable[[drawer.Period, Money, str, StaffKey, datetime], Drawer],
        amount: Money,
        said: str,
        customer: CustomerKey | None = None,
    ) -> Drawer:
        who = self._who.key
        approval = self._till.rights.need(right, extent.units(amount))
        event = rule(self._book.period, amount, said, who, self._till.now())
        return self._kept(replace(event, approval=approval, customer=customer))

    def _kept(self, event: Drawer) -> Drawer:
        if self._till.training:
            raise StepRefused("in-training")
        self._book.record(event)
        return event
