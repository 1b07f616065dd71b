"""Settings of one till, with all that it inherits already worked out."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.binding import attribute
from schemas.keys import BranchKey, KeyboardKey, LayoutKey, TaxZone, TillKey, till_name
from schemas.money import Currency


@dataclass(frozen=True, slots=True)
class Settings:
    """What a till needs to know about itself.

    profile   live, test or demo; only demo and test take a sale's time from outside
    every_s   0: the agent works at once and permanently; else it looks every so many seconds
    printer   `file:NAME` in the box's folder, `tcp:HOST:PORT`, or none
    """

    branch: BranchKey = attribute()
    till: TillKey = attribute()
    company: str = attribute()
    branch_name: str = attribute()
    address: str = attribute()
    currency: Currency = attribute()
    time_zone: str = attribute()
    tax_zone: TaxZone = attribute()
    language: str = attribute()
    layout: LayoutKey = attribute()
    keyboard: KeyboardKey = attribute()
    profile: str = attribute(default="live")
    fiscal: str = attribute(default="plain")
    every_s: int = attribute(default=0)
    printer: str | None = attribute(default=None)
    tax_number: str | None = attribute(default=None)

    @property
    def key(self) -> str:
        """The till's name."""
        return till_name(self.branch, self.till)
