"""Settings of one till, with all that it inherits already worked out."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.binding import attribute
from schemas.keys import BranchKey, KeyboardKey, LayoutKey, TaxZone, TillKey, till_name
from schemas.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Settings:
    """What a till needs to know about itself.

    profile   live, test or demo; only demo and test take a sale's time from outside
    every_s   0: the agent works at once and permanently; else it looks every so many seconds
    terminal, scale, scanner, display  devices, as docs/peripherals.md writes them
    account_budget, points_budget, debit_budget  what a till may sell on account, take in points and
                   debit while head office cannot be asked, until it has the receipts
    badge_salt     makes the digests of badges the chain's own (hexadecimal); none: badges sign
                   nobody in
    voucher_budget  what a till may take in vouchers that it cannot check, until head office has
                   the receipts
    slip_key       seals the codes on slips; all tills of the chain have the same (hexadecimal)
    approval_key   answers to approvals over the telephone; each till has its own (hexadecimal)
    price_list     the price list of the branch
    takeaway_zone  the tax zone of what is taken away, where the usual zone is for eating in
    float_         the change that a day begins with
    drawer_most    from here on the drawer should be emptied; at twice as much it must be
    blind_count    is the expected sum hidden until the drawer has been counted
    count_attempts, count_tolerance  counts before the difference is shown; differences that need
                   no approval
    return_days  for how long goods may come back
    neighbours     host and port where the other tills of the branch reach this one
    receipt_link   head office's address for customers, for the code that shows a receipt
    staff_days     after so many days without a word from head office nobody is let in any more:
                   somebody on the till's list may have left
    unknown        what a code does that no article bears: `continue` (the next scan is free), `hold`
                   (the till stands still until somebody looked), `ask` (it must be answered before
                   money is taken); none: `continue`
    volume         how loud the till is, from 0 to 100; none: 50
    beeps          the scanner says itself that it read a code: the till need not
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
    terminal: str | None = attribute(default=None)
    scale: str | None = attribute(default=None)
    scanner: str | None = attribute(default=None)
    display: str | None = attribute(default=None)
    voucher_budget: Money | None = attribute(default=None)
    account_budget: Money | None = attribute(default=None)
    points_budget: Money | None = attribute(default=None)
    debit_budget: Money | None = attribute(default=None)
    badge_salt: str | None = attribute(default=None)
    slip_key: str | None = attribute(default=None)
    approval_key: str | None = attribute(default=None)
    price_list: str | None = attribute(default=None)
    takeaway_zone: TaxZone | None = attribute(default=None)
    float_: Money | None = attribute(default=None)
    drawer_most: Money | None = attribute(default=None)
    blind_count: bool | None = attribute(default=None)
    count_attempts: int | None = attribute(default=None)
    count_tolerance: Money | None = attribute(default=None)
    return_days: int | None = attribute(default=None)
    neighbours: str | None = attribute(default=None)
    receipt_link: str | None = attribute(default=None)
    staff_days: int | None = attribute(default=None)
    unknown: str | None = attribute(default=None)
    volume: int | None = attribute(default=None)
    beeps: bool | None = attribute(default=None)

    @property
    def key(self) -> str:
        """The till's name."""
        return till_name(self.branch, self.till)
