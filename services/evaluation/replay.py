"""Replay: a draft of a promotion is run over receipts that were really sold, before anybody sees it.

Each receipt is priced twice by the till's own rules: with the promotions that hold now and were on at
its time, and with the draft among them. The difference is what the draft would have cost, had people
bought the same. That they buy more because of it, no receipt can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.journal import Entry
from schemas.keys import BranchKey
from schemas.promotion import Promotion
from schemas.receipt import Basket, Line, Receipt
from services.database import supplies
from services.database.sales import EntryRow, LineRow, ReceiptRow
from services.evaluation import promotions as questions
from services.evaluation.turnover import Days
from services.pricing.basket import Rules, full, priced

MOST: Final = 3000
"""Receipts that one replay prices at most, the newest first; the answer says when there were more."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A receipt that the draft would have changed: what it came to, and what it would have."""

    branch: str
    till: str
    series: str
    number: int
    at: datetime
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a draft would have done; money in minor units.

    receipts  sales in the period, in the chosen branches
    looked    those that hold goods of the draft and were priced
    more      there were more than `MOST` of these
    touched   how many would have come to another sum
    before, after  what the touched ones came to, and would have
    cost      what their goods cost to buy, as far as suppliers say; None where none does
    pieces    pieces on them that the draft took part in
    examples  the receipts that it changes most
    """

    receipts: int
    looked: int
    more: bool
    touched: int
    before: int
    after: int
    cost: int | None
    pieces: int
    examples: tuple[Touched, ...]


def replay(
    session: Session, draft: Promotion, branches: Iterable[str], days: Days, language: str
) -> Outcome:
    """Run a draft over the sales of some days; `branches` empty: of all."""
    where = [ReceiptRow.kind == "sale", ReceiptRow.day.between(days.first, days.last)]
    if branches := sorted(branches):
        where.append(ReceiptRow.branch.in_(branches))
    receipts = session.scalar(sa.select(sa.func.count()).select_from(ReceiptRow).where(*where)) or 0
    others = [each for each in questions.published(session) if each.key != draft.key]
    trees = questions.above(session)
    found: list[Touched] = []
    bought: dict[str, int] = {}
    looked = pieces = 0
    for row, receipt in _receipts(session, draft, where):
        looked += 1
        here = _always(draft, receipt)
        on = [each for each in others if _holds(each, receipt, here)]
        basket = _basket(receipt)
        before = priced(basket, Rules(on, trees, language))
        after = priced(basket, Rules([*on, draft], trees, language)) if _holds(
            draft, receipt, here
        ) else before  # fmt: skip
        took = [line for line in after.lines if any(r.rule == draft.key for r in line.reductions)]
        pieces += sum(line.quantity.thousandths // 1000 or 1 for line in took)
        if after.total != before.total:
            found.append(
                Touched(row.branch, row.till, row.series, row.number, row.ends_at,
                        before.total.minor, after.total.minor)
            )  # fmt: skip
            for line in basket.lines:
                bought[line.article] = bought.get(line.article, 0) + line.quantity.thousandths
    found.sort(key=lambda each: each.after - each.before)
    return Outcome(
        receipts, looked, looked >= MOST, len(found), sum(t.before for t in found),
        sum(t.after for t in found), _cost(session, bought), pieces, tuple(found[:10]),
    )  # fmt: skip


def _receipts(
    session: Session, draft: Promotion, where: list[sa.ColumnElement[bool]]
) -> Iterator[tuple[ReceiptRow, Receipt]]:
    """The sales that hold any of the draft's goods, newest first."""
    goods = questions.wanted_query(session, draft)
    same = (LineRow.branch == ReceiptRow.branch, LineRow.till == ReceiptRow.till,
            LineRow.series == ReceiptRow.series, LineRow.receipt == ReceiptRow.number)  # fmt: skip
    query = sa.select(ReceiptRow).where(*where)
    if goods is not None:
        query = query.where(sa.exists().where(*same, LineRow.article.in_(goods)))
    rows = session.scalars(query.order_by(ReceiptRow.ends_at.desc()).limit(MOST))
    for row in rows:
        entry = session.get(EntryRow, (row.branch, row.till, row.series, row.entry))
        receipt = xml.load(Entry, entry.document).receipt if entry else None
        if receipt is not None and not receipt.training:
            yield row, receipt


def _always(draft: Promotion, receipt: Receipt) -> Promotion:
    """The draft as if it had begun long ago and had no end: its days, times and branches stay."""
    return replace(draft, begins=receipt.ends, ends=None)


def _holds(promotion: Promotion, receipt: Receipt, draft: Promotion) -> bool:
    tried = draft if promotion.key == draft.key else promotion
    who = promotion.customers is None or promotion.customers == receipt.customers
    return who and tried.holds(receipt.ends, BranchKey(receipt.branch))


def _basket(receipt: Receipt) -> Basket:
    """The sale as it was before any promotion, with the discounts that people gave."""
    lines = tuple(_plain(line) for line in receipt.lines if line.kind in {"sale", "deposit"})
    return Basket(
        cashier=receipt.cashier, currency=receipt.currency, customers=receipt.customers,
        coupons=receipt.coupons, lines=lines, discounts=receipt.discounts,
    )  # fmt: skip


def _plain(line: Line) -> Line:
    return replace(line, reductions=(), amount=full(line))


def _cost(session: Session, bought: dict[str, int]) -> int | None:
    """What goods cost to buy, in minor units, by thousandths of their units; None: nobody knows."""
    costs = supplies.costs(session, bought)
    if not costs:
        return None
    return sum(cost.times(bought[key]).minor for key, cost in costs.items())
