"""Drawer events: the cash drawer was opened, or counted, outside a sale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schemas.binding import attribute
from schemas.keys import StaffKey
from schemas.money import Money


@dataclass(frozen=True, slots=True)
class Drawer:
    """`kind` is `opened` (no sale) or `float` (the change that a day begins with)."""

    kind: str = attribute()
    at: datetime = attribute()
    cashier: StaffKey = attribute()
    amount: Money | None = attribute(default=None)
    reason: str | None = attribute(default=None)
