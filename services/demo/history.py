"""Receipts for the demo: sold by the real till, sent up through the real desk."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from schemas.enrolment import Enrolment
from schemas.keys import ArticleKey, Barcode, TenderKey
from schemas.money import Money
from schemas.quantity import Quantity
from services.agent.loop import Agent
from services.database.headoffice import HeadOffice
from services.demo import chain
from services.disk.box import Box
from services.gateway.desk import Desk
from services.register import movement
from services.register.refusal import StepRefused
from services.till.till import Till

_FLOAT = 15_000
"""Minor units that stay in a drawer overnight."""
_OPENING = (0.2, 0.5, 0.9, 1.0, 0.9, 1.0, 0.8, 0.6, 0.6, 0.8, 1.0, 0.9, 0.5)
"""How busy each hour from 7 to 19 is."""
_WEEK = (1.0, 1.0, 1.0, 1.0, 1.3, 1.3, 0.4)
"""How busy each day of the week is, Monday first."""
_GROWTH = 1.4
"""A till's last day beside its first."""
_DECEMBER = 1.5
"""How busy December's days are beside others."""


def mirror(box: Box, office: HeadOffice, who: Enrolment) -> None:
    """One look of the agent, without any line between: master data down, sales up."""
    agent = Agent(box, Desk(office, who.branch, who.till))
    try:
        agent.look()
    finally:
        agent.close()


def sell(
    box: Box,
    priced: list[ArticleKey],
    now: datetime,
    days: int,
    a_day: int,
    seed: int,
    sold: Callable[[], None],
) -> None:
    """Sell about `a_day` receipts on each of the last `days` days, and today up to now."""
    chance = random.Random(seed)  # noqa: S311 (no secret depends on it)
    baskets = chain.baskets(priced, seed)
    with Till(box, lambda: datetime.now(UTC)) as till:
        people = till.catalogue.staff()
        for at in _moments(now.astimezone(till.now().tzinfo), days, a_day, chance):
            if till.last is not None and at.date() != till.last.ends.date():
                _close(till, till.last.ends + timedelta(minutes=10), chance)
            till.sign_in_unattended(chance.choice(people))
            _sell(till, next(baskets), at, chance)
            sold()


def _close(till: Till, at: datetime, chance: random.Random) -> None:
    """Evening: what is over the float goes to the safe, the drawer is counted, the day is closed."""
    who, period = till.whoever.key, till.book.period
    over = period.cash - _FLOAT
    if over > 0:
        amount = Money(over, period.currency)
        till.book.record(movement.safe_drop(period, amount, f"{at:%m%d}", who, at))
    off = chance.choice((0, 0, 0, 0, -10, 5, -250))
    counted = Money(max(0, period.cash + off), period.currency)
    till.book.record(movement.count(period, counted, (), who, at))
    till.drawer.z_report(at=at)


def _sell(
    till: Till, basket: list[tuple[ArticleKey, int]], at: datetime, chance: random.Random
) -> None:
    for key, many in basket:
        article = till.catalogue.by_key(key)
        if article is None:
            continue
        thousandths = chance.randrange(120, 1800) if article.unit == "kg" else many * 1000
        try:
            till.scan(Barcode(key), Quantity(thousandths, article.unit), at=at)
        except StepRefused:
            continue
    if till.basket.is_empty:
        return
    tender = "card" if chance.random() < 0.45 else "cash"
    till.pay([(TenderKey(tender), till.basket.total)], at=at)


def expected(now: datetime, days: int, a_day: int) -> int:
    """About how many receipts `sell` will sell."""
    return sum(_many(day, back, days, a_day) for back, day in _days(now, days))


def _moments(now: datetime, days: int, a_day: int, chance: random.Random) -> Iterator[datetime]:
    for back, day in _days(now, days):
        hours = chance.choices(range(13), weights=_OPENING, k=_many(day, back, days, a_day))
        moments = sorted(
            day + timedelta(hours=hour, seconds=chance.randrange(3600)) for hour in hours
        )
        yield from (moment for moment in moments if moment < now)


def _days(now: datetime, days: int) -> Iterator[tuple[int, datetime]]:
    """The days, at seven in the morning, and how long ago each was."""
    for back in range(days, -1, -1):
        day = now - timedelta(days=back)
        yield back, day.replace(hour=7, minute=0, second=0, microsecond=0)


def _many(day: datetime, back: int, days: int, a_day: int) -> int:
    """Friday and Saturday are busy, Sunday is quiet, December is the busy month; the chain grows."""
    grown = 1 + (_GROWTH - 1) * (0.5 - back / days)
    year = _DECEMBER if day.month == 12 else 1.0
    return max(1, int(a_day * grown * _WEEK[day.weekday()] * year))
