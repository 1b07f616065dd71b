"""Tenders: the ways to pay, with what a till may do with each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from schemas.binding import attribute
from schemas.keys import ProgrammeKey, TenderKey
from schemas.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Tender:
    """A way to pay.

    kind      cash, card, voucher, account, debit, coupon, points or other
    change    may more be given than is due
    cashback  so much may be paid out in cash on top of what is due
    drawer    does it open the drawer
    least, most  the limits of one payment
    copies    slips that are printed where it was used, more than the usual one
    customer  only where the sale names a customer
    currency, rate  a foreign currency, and what one unit of it is worth in the till's
    rounding  minor units to which what is due is rounded where it is paid so: 5 for 0.05
    programme     of points: which ones are used
    offline_most  the limit while the till has no line; without it, none is taken then
    """

    key: TenderKey = attribute()
    kind: str = attribute()
    de: str | None = attribute(default=None)
    en: str | None = attribute(default=None)
    es: str | None = attribute(default=None)
    change: bool = attribute(default=False)
    drawer: bool = attribute(default=False)
    cashback: Money | None = attribute(default=None)
    least: Money | None = attribute(default=None)
    most: Money | None = attribute(default=None)
    copies: int | None = attribute(default=None)
    customer: bool | None = attribute(default=None)
    currency: Currency | None = attribute(default=None)
    rate: Decimal | None = attribute(default=None)
    rounding: int | None = attribute(default=None)
    offline_most: Money | None = attribute(default=None)
    programme: ProgrammeKey | None = attribute(default=None)

    def name(self, language: str) -> str:
        """The name in `language`, else in any language, else the key."""
        return getattr(self, language, None) or self.de or self.en or self.es or self.key
