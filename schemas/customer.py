"""Customers: who they are, what they collect, and what they owe as far as a till knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from schemas.binding import attribute, child, children
from schemas.keys import Barcode, CustomerKey, GroupKey, ProgrammeKey, StaffKey
from schemas.money import Money
from schemas.receipt import Approval


@dataclass(frozen=True, slots=True)
class Card:
    """A card that a customer shows; its code is scanned."""

    code: Barcode = attribute()


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of the chain; served to its tills only.

    customers  the group whose prices hold for them
    limit      how much they may owe; without it, nothing is sold on account
    blocked    nothing is sold on account any more, and no points are used
    consent    they agreed to be written to
    also       keys that turned out to be the same person: receipts and tills may still name these
    """

    key: CustomerKey = attribute()
    name: str = attribute()
    phone: str | None = attribute(default=None)
    email: str | None = attribute(default=None)
    address: str | None = attribute(default=None)
    language: str | None = attribute(default=None)
    customers: str | None = attribute(default=None)
    limit: Money | None = attribute(default=None)
    blocked: bool | None = attribute(default=None)
    consent: bool | None = attribute(default=None)
    also: tuple[str, ...] = attribute(default=())
    cards: tuple[Card, ...] = children("card")


@dataclass(frozen=True, slots=True)
class Programme:
    """What customers collect: points for money spent, or a stamp for each piece of a group.

    group  only what lies in this group or below counts; without it, all that may be discounted
    per    each such amount is one point; without it, each piece is one stamp
    worth  what one of them pays
    least  they are used in multiples of this many: a full card of stamps
    """

    key: ProgrammeKey = attribute()
    worth: Money = attribute()
    de: str | None = attribute(default=None)
    en: str | None = attribute(default=None)
    es: str | None = attribute(default=None)
    group: GroupKey | None = attribute(default=None)
    per: Money | None = attribute(default=None)
    least: int = attribute(default=1)

    def name(self, language: str) -> str:
        """The name in `language`, else in any language, else the key."""
        return getattr(self, language, None) or self.de or self.en or self.es or self.key


@dataclass(frozen=True, slots=True)
class Collected:
    """How many points of a programme a customer has; parts of a point wait to become a whole."""

    programme: ProgrammeKey = attribute()
    points: Decimal = attribute()


@dataclass(frozen=True, slots=True)
class Balance:
    """What a customer, named by their key, owes and has collected, as head office knew at an instant."""

    key: CustomerKey = attribute()
    at: datetime = attribute()
    owed: Money | None = attribute(default=None)
    collected: tuple[Collected, ...] = children("collected")


@dataclass(frozen=True, slots=True)
class Registration:
    """A customer was made at a till, or what is known of them was changed there."""

    at: datetime = attribute()
    cashier: StaffKey = attribute()
    customer: Customer = child()
    approval: Approval | None = child(default=None)
