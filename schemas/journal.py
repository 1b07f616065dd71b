"""Journal entries: what a till records, numbered without gaps and chained by digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from schemas.binding import attribute, child, children
from schemas.customer import Registration
from schemas.drawer import Closing, Drawer
from schemas.keys import BranchKey, Digest, StaffKey, TillKey
from schemas.money import Currency
from schemas.receipt import Approval, Line, Payment, Receipt

BEGINNING: Final = Digest("0" * 64)
"""What the first entry of a series names as the one before it."""


@dataclass(frozen=True, slots=True)
class Aborted:
    """A sale that was given up, with the lines it had and what a second person allowed in it."""

    at: datetime = attribute()
    cashier: StaffKey = attribute()
    currency: Currency = attribute()
    ref: str | None = attribute(default=None)
    lines: tuple[Line, ...] = children("line")
    approvals: tuple[Approval, ...] = children("approval")


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was done about a receipt, or at the till, and moved no money.

    kind  copy (a reprint), tender (a receipt's payment was booked under the wrong tender and is
          now put right), gift (a slip without prices), unknown-code (what was scanned and no
          article bears; `reason` is the code), x-report (somebody looked how the period stands that
          Z report `number` will end), difference (`reason` is what a cashier says to what a count of
          that period brought), mail (the receipt called `reason` goes to `mail`), or training
    """

    kind: str = attribute()
    at: datetime = attribute()
    cashier: StaffKey = attribute()
    receipt: int | None = attribute(default=None)
    number: int | None = attribute(default=None)
    reason: str | None = attribute(default=None)
    mail: str | None = attribute(default=None)
    approval: Approval | None = child(default=None)
    before: tuple[Payment, ...] = children("before")
    after: tuple[Payment, ...] = children("after")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the journal: exactly one of receipt, drawer, aborted, closing, note, registration.

    previous  the digest of the file before it in the series
    """

    branch: BranchKey = attribute()
    till: TillKey = attribute()
    series: str = attribute()
    number: int = attribute()
    previous: Digest = attribute()
    at: datetime = attribute()
    receipt: Receipt | None = child(default=None)
    drawer: Drawer | None = child(default=None)
    aborted: Aborted | None = child(default=None)
    closing: Closing | None = child(default=None)
    note: Note | None = child(default=None)
    registration: Registration | None = child(default=None)

    @property
    def kind(self) -> str:
        """What the entry holds: receipt, drawer, aborted, closing, note or registration."""
        kinds = ("receipt", "drawer", "aborted", "closing", "note", "registration")
        return next(kind for kind in kinds if getattr(self, kind) is not None)


@dataclass(frozen=True, slots=True)
class Missing:
    """Numbers of a series that head office has not, though later ones came; both ends count."""

    first: int = attribute()
    last: int = attribute()


@dataclass(frozen=True, slots=True)
class Through:
    """Head office has all entries of a series up to this one, whose digest it names.

    highest  the newest entry that came; between the two, all but those that are `missing`
    """

    series: str = attribute()
    number: int = attribute()
    digest: Digest = attribute()
    highest: int | None = attribute(default=None)
    missing: tuple[Missing, ...] = children("missing")

    def has(self, number: int) -> bool:
        """Does head office have this entry?"""
        if number <= self.number:
            return True
        if number > (self.highest or 0):
            return False
        return not any(gap.first <= number <= gap.last for gap in self.missing)


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that head office put aside, and why; it is kept there, and the next ones go on."""

    series: str = attribute()
    number: int = attribute()
    reason: str = attribute()


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What head office has of a till's journal. The agent keeps it as its cursor."""

    through: tuple[Through, ...] = children("through")
    refused: tuple[Refused, ...] = children("refused")

    @property
    def numbers(self) -> dict[str, int]:
        """The highest acknowledged number of each series."""
        return {each.series: each.number for each in self.through}

    def has(self, series: str, number: int) -> bool:
        """Does head office have this entry?"""
        return any(each.series == series and each.has(number) for each in self.through)

    def highest(self, series: str) -> int:
        """The newest entry of a series that head office has."""
        return max(
            (each.highest or each.number for each in self.through if each.series == series),
            default=0,
        )

    @property
    def anchors(self) -> dict[tuple[str, int], Digest]:
        """The digests that prove where the journal stood."""
        return {(each.series, each.number): each.digest for each in self.through}
