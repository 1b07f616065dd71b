"""Is an entry sound in itself? What a till's own register can never make is put aside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from schemas.journal import Entry
from schemas.receipt import Receipt, TaxTotal
from services.fiscal import seam


def wrong(branch: str, till: str, entry: Entry, series: str, number: int) -> str | None:
    """Why the entry that came as `number` of `series` is not sound; None where it is."""
    return next(_faults(branch, till, entry, series, number), None)


def _faults(branch: str, till: str, entry: Entry, series: str, number: int) -> Iterator[str]:
    if (entry.branch, entry.till) != (branch, till):
        yield f"the entry is of till {entry.branch}-{entry.till}"
    if (entry.series, entry.number) != (series, number):
        yield f"the entry is number {entry.number} of series {entry.series}"
    if not _plausible(entry.at):
        yield f"the entry is of {entry.at.date()}"
    if entry.receipt is not None:
        yield from _receipt_faults(branch, till, series, entry.receipt)


def _plausible(at: datetime) -> bool:
    return 2000 <= at.year < 2100


def _receipt_faults(branch: str, till: str, series: str, receipt: Receipt) -> Iterator[str]:
    if (receipt.branch, receipt.till) != (branch, till):
        yield f"the receipt is of till {receipt.till_name}"
    if receipt.series != series:
        yield f"the receipt is of series {receipt.series}"
    if not _plausible(receipt.ends):
        yield f"the receipt is of {receipt.ends.date()}"
    if receipt.training:
        yield f"receipt {receipt.number} is practice"
    yield from _sums(receipt)
    yield from _once("line", [str(line.number) for line in receipt.lines])
    yield from _once("tax class", [_row_name(row) for row in receipt.taxes])
    yield from _stamp(receipt)


def _row_name(row: TaxTotal) -> str:
    """A class has one row, one for coupons, and one for each other rate at which something came back."""
    if row.back:
        return f"{row.class_} {row.percent.normalize():f}{'+' * bool(row.added)}"
    return f"{row.class_}{'-' * bool(row.coupon)}"


def _sums(receipt: Receipt) -> Iterator[str]:
    amounts = [line.amount for line in receipt.lines]
    amounts += [payment.amount for payment in receipt.payments]
    amounts += [receipt.total, receipt.change, *(row.gross for row in receipt.taxes)]
    foreign = {amount.currency for amount in amounts} - {receipt.currency}
    if foreign:
        yield f"receipt {receipt.number} is in {receipt.currency} and holds {min(foreign)}"
    lines = sum(line.amount.minor for line in receipt.lines if line.counts)
    paid = sum(payment.amount.minor for payment in receipt.payments)
    taxed = sum(row.gross.minor for row in receipt.taxes if not row.coupon)
    on_top = sum(row.tax.minor for row in receipt.taxes if row.added)
    rounding = receipt.rounding.minor if receipt.rounding else 0
    given = paid - receipt.change.minor - rounding
    if not lines + on_top == receipt.total.minor == given == taxed:
        yield (
            f"receipt {receipt.number} does not add up: lines {lines}, added taxes {on_top}, total "
            f"{receipt.total.minor}, paid less change {given}, taxed {taxed}"
        )


def _once(what: str, names: list[str]) -> Iterator[str]:
    twice = (
        {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else ()
    )
    if twice:
        yield f"{what} {min(twice)} is there twice"


def _stamp(receipt: Receipt) -> Iterator[str]:
    """The stamp must fit its receipt; whether it follows the one before is for the whole chain to say."""
    if receipt.stamp is None:
        yield f"receipt {receipt.number} has no stamp"
        return
    try:
        module = seam.module(receipt.stamp.scheme)
    except ValueError as error:
        yield str(error)
        return
    fault = module.verify(receipt, receipt.stamp.previous)
    if fault:
        yield fault
