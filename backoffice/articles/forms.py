"""What somebody typed as a price, and from when it should hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from backoffice.typed import ahead, plain
from schemas.money import FINENESS, AmountRefused, Currency, UnitPrice, exponent

_MOST: Final = 10_000_000 * FINENESS


@dataclass(frozen=True, slots=True)
class PriceForm:
    """A price as typed. `wrong` names the sentence that says what is the matter.

    amount  None where what was typed is not a price
    begins  None: from the next receipt on
    """

    typed: str
    when: str
    at: str
    amount: UnitPrice | None
    begins: datetime | None
    wrong: str | None
    seen: int | None

    @classmethod
    def of(
        cls, form: Mapping[str, str], language: str, currency: Currency, zone: ZoneInfo
    ) -> PriceForm:
        """What the form holds."""
        typed, when, at = (form.get(name, "").strip()[:40] for name in ("amount", "when", "at"))
        amount, wrong = _amount(typed, language, currency)
        begins = None
        if when == "at":
            begins, late = ahead(at, zone)
            wrong = wrong or late
        seen = form.get("seen", "")
        number = int(seen) if seen.isdecimal() and len(seen) < 10 else None
        return cls(typed, when or "now", at, amount, begins, wrong, number)


def _amount(typed: str, language: str, currency: Currency) -> tuple[UnitPrice | None, str | None]:
    """The price, or why what was typed is none."""
    number, wrong = plain(typed, language)
    if wrong is not None:
        return None, wrong
    if re.fullmatch(r"\d*\.\d+", number) and len(number.partition(".")[2]) > exponent(currency):
        return None, "price.too-fine"
    try:
        amount = UnitPrice.parse(number, currency)
    except AmountRefused:
        return None, "price.not-a-price"
    if not amount.fine:
        return None, "price.zero"
    return (amount, None) if amount.fine <= _MOST else (None, "price.too-high")
