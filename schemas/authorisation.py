"""Authorisations: what a till asks head office before it takes what is not money, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schemas.binding import attribute
from schemas.keys import ArticleKey, ProgrammeKey
from schemas.money import Money


@dataclass(frozen=True, slots=True)
class Question:
    """May the sale take so much of this? What is granted is held for it until its end is known.

    id      names this asking; the same again gets the same answer
    kind    voucher, account, points or debit
    sale    the sale's own name; asked again for one sale and key, the newest amount holds
    key     the voucher's number, the customer's key, or the account that is debited
    amount  all that the sale takes of it, with what was given in part before; nothing, or less: what
            was held is free again
    """

    id: str = attribute()
    kind: str = attribute()
    sale: str = attribute()
    key: str = attribute()
    amount: Money = attribute()
    programme: ProgrammeKey | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What head office says.

    state   granted, refused, or away: the agent could not reach head office
    left    what may be taken of it at most, for this sale
    reason  why not: unknown, blocked or left
    voucher_kind, article  single or multi, of a voucher, and the article that sold it
    """

    id: str = attribute()
    state: str = attribute()
    at: datetime = attribute()
    left: Money | None = attribute(default=None)
    reason: str | None = attribute(default=None)
    voucher_kind: str | None = attribute(default=None)
    article: ArticleKey | None = attribute(default=None)
