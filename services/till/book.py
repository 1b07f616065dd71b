"""The till's book: the journal, and the period that follows from each of its entries."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from datetime import datetime

from schemas import xml
from schemas.customer import Registration
from schemas.drawer import Closing, Drawer
from schemas.journal import Aborted, Acknowledgement, Note
from schemas.keys import Digest
from schemas.money import Currency
from schemas.receipt import Receipt, Stamp
from schemas.staff import Staff
from services.disk import bell, durable
from services.disk.box import Box
from services.journal import period as kept_period
from services.journal.write import Journal
from services.link import identity


def acknowledged(box: Box) -> Acknowledgement:
    """What head office has of this box's journal, as the agent keeps it."""
    with contextlib.suppress(FileNotFoundError, xml.DocumentRefused):
        return xml.load(Acknowledgement, (box.spool / "acknowledged.xml").read_bytes())
    return Acknowledgement()


class Book:
    """Everything that is recorded goes through here, and the period counts it."""

    def __init__(self, box: Box, currency: Currency, who: Callable[[], Staff | None]) -> None:
        """Raises DiskRefused where the journal's folder cannot be used.

        who  who is signed in
        """
        self._box = box
        self._who = who
        own = identity.enrolment(box)
        self._journal = Journal(
            box.journal, own.branch, own.till, acknowledged(box).numbers, own.series
        )
        self._own = own
        self._training = box.path / "training"
        self.period = kept_period.load(box.hand, box.journal, self._journal.head.series, currency)

    @property
    def last(self) -> Receipt | None:
        """The newest receipt."""
        return self._journal.head.last

    @property
    def series(self) -> str:
        """The journal's series."""
        return self._journal.head.series

    @property
    def next_number(self) -> int:
        """The next receipt's number, provisional until it is in the journal."""
        return self._journal.head.receipt + 1

    def next_name(self, *, practice: bool) -> str:
        """How the next receipt is called: its number, or `P-12` in practice."""
        return f"P-{self._practice.head.receipt + 1}" if practice else str(self.next_number)

    @property
    def damage(self) -> str | None:
        """Why the journal goes on in a new series; None where it is whole."""
        return self._journal.damage

    def is_ahead_of(self, now: datetime) -> bool:
        """Is the last receipt of a later time? Numbers do not care; people should know."""
        return self.last is not None and now < self.last.ends

    def holds(self, ref: str) -> bool:
        """Is the sale of this name done, finished or given up?"""
        practised = self._training.exists() and self._practice.holds(ref)
        return practised or self._journal.holds(ref)

    def record(self, what: Drawer | Aborted | Closing | Note | Registration) -> None:
        """Keep what is no receipt. Raises StepRefused, DiskRefused or Unconfirmed."""
        try:
            self._journal.append(what)
        finally:
            self._count()

    def record_receipt(
        self, make: Callable[[str, int], Receipt], stamp: Callable[[Receipt, Digest], Stamp]
    ) -> tuple[Receipt, Digest]:
        """Keep a receipt under the next number. Raises StepRefused, DiskRefused or Unconfirmed."""
        try:
            return self._journal.append_receipt(make, stamp)
        finally:
            self._count()

    def acknowledged(self) -> Acknowledgement:
        """What head office has of the journal."""
        return acknowledged(self._box)

    def record_training(
        self, make: Callable[[str, int], Receipt], stamp: Callable[[Receipt, Digest], Stamp]
    ) -> tuple[Receipt, Digest]:
        """Keep a practice receipt, in a journal of its own that is never sent as sales."""
        practice, before = self._practice, self._practice.head
        try:
            return practice.append_receipt(make, stamp)
        finally:
            if practice.head is not before and practice.head.last is not None:
                self.period.practised(practice.head.last)
                self._keep()

    @functools.cached_property
    def _practice(self) -> Journal:
        return Journal(durable.folder(self._training), self._own.branch, self._own.till, {})

    def _count(self) -> None:
        """The period follows the journal, whatever became of the append."""
        entry = self._journal.head.entry
        if entry is None or entry.number <= self.period.through:
            return
        self.period.add(entry)
        self._keep()
        bell.ring(self._box.path, "agent")

    def _keep(self) -> None:
        who = self._who()
        if who is not None:
            kept_period.keep(self._box.hand, self._journal.head.series, self.period, who)
