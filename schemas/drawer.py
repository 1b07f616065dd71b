"""The cash drawer: what goes in and out beside sales, counts, and the closings that sum a period up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from schemas.binding import attribute, child, children
from schemas.keys import CustomerKey, GroupKey, StaffKey, TaxClass, TenderKey
from schemas.money import Money
from schemas.receipt import Approval


@dataclass(frozen=True, slots=True)
class Denomination:
    """So many of one coin or note."""

    value: Money = attribute()
    many: int = attribute()


@dataclass(frozen=True, slots=True)
class Drawer:
    """One event at the drawer.

    kind        opened (no sale), float (what a period begins with), pay-in, pay-out, safe-drop,
                count (of what is in it) or hand-over (a count between two cashiers)
    amount      what went in or out, never below zero; for float, count and hand-over what is in it
    expected    for a float, count or hand-over: what should be in it; the difference is its own
                record and is never set to nothing
    bag         the number of the bag that goes to the safe
    attempt     which count of a period this was
    customer    who pays in what they owe
    """

    kind: str = attribute()
    at: datetime = attribute()
    cashier: StaffKey = attribute()
    amount: Money | None = attribute(default=None)
    reason: str | None = attribute(default=None)
    expected: Money | None = attribute(default=None)
    bag: str | None = attribute(default=None)
    attempt: int | None = attribute(default=None)
    to: StaffKey | None = attribute(default=None)
    customer: CustomerKey | None = attribute(default=None)
    approval: Approval | None = child(default=None)
    denominations: tuple[Denomination, ...] = children("denomination")

    @property
    def difference(self) -> Money | None:
        """Over, or below zero short."""
        if self.amount is None or self.expected is None:
            return None
        return self.amount - self.expected


@dataclass(frozen=True, slots=True)
class TenderSum:
    """What a tender brought in a period: after change, and how many payments that were."""

    tender: TenderKey = attribute()
    name: str = attribute()
    amount: Money = attribute()
    many: int = attribute()


@dataclass(frozen=True, slots=True)
class TaxSum:
    """What a period holds of one tax class and rate."""

    class_: TaxClass = attribute()
    percent: Decimal = attribute()
    gross: Money = attribute()
    net: Money = attribute()
    tax: Money = attribute()


@dataclass(frozen=True, slots=True)
class GroupSum:
    """What a group of articles sold for in a period."""

    amount: Money = attribute()
    many: int = attribute()
    group: GroupKey | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class CashierSum:
    """What one cashier sold, took in and paid out in cash in a period."""

    cashier: StaffKey = attribute()
    name: str = attribute()
    receipts: int = attribute()
    total: Money = attribute()
    cash: Money = attribute()


@dataclass(frozen=True, slots=True)
class Closing:
    """An X report (a look, without effect) or a Z report (it ends the period).

    kind      x, z, or addendum: what head office closed because no Z of the till covers it
    number    the Z counter, gapless for a till and series; an X has the number its Z will have
    day       the business day: the local day on which the period began
    after, through  the entries of the journal that it covers: those after the one, up to the other
    receipts  receipts that count, and the first and last number of them
    total     what they sum to; `returned`, `voided` and `discounts` are parts of the story
    float_    what was in the drawer when the period began: counted where `floated`, else what the
              period before left, which is `carried`
    cash      what should be in the drawer; counted, where it was, what is
    training  practice receipts in the period, which count nowhere else
    """

    kind: str = attribute()
    number: int = attribute()
    day: date = attribute()
    begins: datetime = attribute()
    at: datetime = attribute()
    cashier: StaffKey = attribute()
    cashier_name: str = attribute()
    after: int = attribute()
    through: int = attribute()
    receipts: int = attribute()
    total: Money = attribute()
    returned: Money = attribute()
    voided: Money = attribute()
    discounts: Money = attribute()
    rounding: Money = attribute()
    float_: Money = attribute()
    paid_in: Money = attribute()
    paid_out: Money = attribute()
    dropped: Money = attribute()
    cash: Money = attribute()
    grand_total: Money = attribute()
    carried: Money = attribute()
    floated: bool = attribute()
    attempts: int = attribute()
    counted: Money | None = attribute(default=None)
    first: int | None = attribute(default=None)
    last: int | None = attribute(default=None)
    line_voids: int = attribute(default=0)
    aborted: int = attribute(default=0)
    opened: int = attribute(default=0)
    training: int = attribute(default=0)
    tenders: tuple[TenderSum, ...] = children("tender")
    taxes: tuple[TaxSum, ...] = children("tax")
    groups: tuple[GroupSum, ...] = children("group")
    cashiers: tuple[CashierSum, ...] = children("cashier-sum")
    approval: Approval | None = child(default=None)

    @property
    def difference(self) -> Money | None:
        """What was counted beyond what should be in the drawer; below zero for less."""
        return None if self.counted is None else self.counted - self.cash
