"""When a block of a slip is printed: plain facts of the receipt, looked at one by one."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.layout import When
from schemas.money import Money
from schemas.receipt import Receipt


def holds(when: When | None, receipt: Receipt, language: str, *, copy: bool, gift: bool) -> bool:
    """Is a block with this condition printed? Without a condition it always is."""
    if when is None:
        return True
    met = all(_facts(when, receipt, language, copy=copy, gift=gift))
    return met is not bool(when.otherwise)


def _facts(
    when: When, receipt: Receipt, language: str, *, copy: bool, gift: bool
) -> Iterator[bool]:
    for wanted, found in (
        (when.customer, receipt.customer is not None),
        (when.saved, any(line.reductions for line in receipt.lines if line.counts)),
        (when.training, bool(receipt.training)),
        (when.copy, copy),
        (when.gift, gift),
    ):
        if wanted is not None:
            yield found is wanted
    if when.kinds:
        yield receipt.kind in when.kinds
    if when.tenders:
        yield any(payment.kind in when.tenders for payment in receipt.payments)
    if when.languages:
        yield language in when.languages
    yield from _measured(when, receipt.total)
    day = receipt.ends.date()
    if when.days:
        yield str(day.isoweekday()) in when.days
    yield when.begins is None or day >= when.begins
    yield when.ends is None or day <= when.ends


def _measured(when: When, total: Money) -> Iterator[bool]:
    """Amounts of another currency than the receipt's are never met."""
    if when.least is not None:
        yield when.least.currency == total.currency and total.minor >= when.least.minor
    if when.below is not None:
        yield when.below.currency == total.currency and total.minor < when.below.minor
