"""What a cashier does at the drawer: float, pay-in and pay-out, safe drop, count; and what rules say of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from schemas.drawer import Denomination, Drawer
from schemas.keys import StaffKey
from schemas.money import Money
from schemas.settings import Settings
from services.register.drawer import Period
from services.register.refusal import StepRefused


def float_in(
    period: Period, amount: Money, who: StaffKey, at: datetime, pieces: Iterable[Denomination] = ()
) -> Drawer:
    """What the drawer holds when the day begins; the difference to what it should is a record.

    By `pieces` of coin and note where those are given, and then they count.

    Raises StepRefused where the period has begun with money already.
    """
    moved = any(period.sums[name] for name in ("receipts", "paid_in", "paid_out", "dropped"))
    if period.opened_with is not None or moved:
        raise StepRefused("float-done")
    many, amount = _counted(period, amount, pieces)
    _positive(amount, period)
    first = period.number == 1 and not period.carried  # nobody left anything that could differ
    expected = None if first else Money(period.carried, period.currency)
    return Drawer("float", at, who, amount, expected=expected, denominations=many)


def pay_in(period: Period, amount: Money, reason: str, who: StaffKey, at: datetime) -> Drawer:
    """Money comes in that no sale brought. Raises StepRefused without a reason."""
    _positive(amount, period, nothing=False)
    return Drawer("pay-in", at, who, amount, _reason(reason))


def pay_out(period: Period, amount: Money, reason: str, who: StaffKey, at: datetime) -> Drawer:
    """Money goes out. Raises StepRefused for more than should be there, or without a reason."""
    _positive(amount, period, nothing=False)
    _there(period, amount)
    return Drawer("pay-out", at, who, amount, _reason(reason))


def safe_drop(period: Period, amount: Money, bag: str, who: StaffKey, at: datetime) -> Drawer:
    """Money goes to the safe, in a bag with a number. Raises StepRefused as `pay_out` does."""
    _positive(amount, period, nothing=False)
    _there(period, amount)
    if not bag.strip():
        raise StepRefused("bag-missing")
    return Drawer("safe-drop", at, who, amount, bag=bag.strip())


def count(
    period: Period,
    amount: Money,
    denominations: Iterable[Denomination],
    who: StaffKey,
    at: datetime,
    *,
    hand_over_to: StaffKey | None = None,
) -> Drawer:
    """What is in the drawer, counted: by denomination where those are given, and then they count."""
    many, amount = _counted(period, amount, denominations)
    _positive(amount, period)
    kind = "hand-over" if hand_over_to else "count"
    return Drawer(
        kind,
        at,
        who,
        amount,
        expected=Money(period.cash, period.currency),
        attempt=None if hand_over_to else period.attempts + 1,
        to=hand_over_to,
        denominations=many,
    )


def shows_expected(period: Period, settings: Settings) -> bool:
    """May the expected sum be seen? In a blind count only once all attempts are used."""
    return not settings.blind_count or period.attempts >= (settings.count_attempts or 1)


def needs_approval(event: Drawer, settings: Settings) -> bool:
    """Is the difference of a count more than the branch tolerates?"""
    tolerance = settings.count_tolerance
    if event.difference is None or tolerance is None:
        return False
    return abs(event.difference.minor) > tolerance.minor


def fullness(period: Period, settings: Settings) -> str:
    """`empty-soon` from the drawer's limit on, `full` from twice that, else `fine`."""
    if settings.drawer_most is None or period.cash < settings.drawer_most.minor:
        return "fine"
    return "full" if period.cash >= 2 * settings.drawer_most.minor else "empty-soon"


def _counted(
    period: Period, amount: Money, pieces: Iterable[Denomination]
) -> tuple[tuple[Denomination, ...], Money]:
    many = tuple(each for each in pieces if each.many)
    minor = sum(each.value.minor * each.many for each in many)
    return many, Money(minor, period.currency) if many else amount


def _positive(amount: Money, period: Period, *, nothing: bool = True) -> None:
    if amount.currency != period.currency:
        raise StepRefused("wrong-currency", currency=period.currency)
    if amount.minor < 0 or (amount.minor == 0 and not nothing):
        raise StepRefused("bad-value", reason=str(amount))


def _there(period: Period, amount: Money) -> None:
    if amount.minor > period.cash:
        raise StepRefused("not-in-drawer")  # how much there is, is not everybody's to know


def _reason(reason: str) -> str:
    if not reason.strip():
        raise StepRefused("reason-missing")
    return reason.strip()
