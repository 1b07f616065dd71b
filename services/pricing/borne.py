"""What each line of a receipt bore of its taxes and coupons: what was paid for it, to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from schemas.keys import TaxClass
from schemas.money import Money
from schemas.receipt import Line, TaxTotal
from services.pricing.sharing import share
from services.pricing.tax import inside, on_top


def paid(lines: Iterable[Line], rows: Iterable[TaxTotal], coupon: Money) -> tuple[Line, ...]:
    """The lines that were bought, each with what was paid for it and the tax in or on top of that.

    All of them together are what the receipt came to, less what coupons paid of it: so is what comes
    back, however it is parted. A line's `levied` is its tax here, above zero.

    lines, rows  the receipt's, as printed
    coupon       what coupons that were given as payment came to
    """
    every, rows = list(lines), list(rows)
    taxes = levied(every, rows)
    found = [_levied(line, taxes, rows) for line in bought(every)]
    if not coupon:
        return tuple(found)
    less = coupon_shares(found, coupon.minor)
    taxes_less = _taxes_less(found, less, rows)
    return tuple(_less(line, less[line.number], taxes_less[line.number]) for line in found)


def bought(lines: Iterable[Line]) -> list[Line]:
    """The lines that brought something: neither taken back nor paid with a voucher of their kind."""
    return [
        line
        for line in lines
        if line.kind in {"sale", "deposit"} and line.origin is None and line.amount.minor >= 0
    ]


def levied(lines: Sequence[Line], rows: Iterable[TaxTotal]) -> dict[int, int]:
    """The tax of each line that was bought, in minor units; all of a class are its row's, as printed.

    What came back lies in the row too, with the tax that it says itself.
    """
    found: dict[int, int] = {}
    for row in rows:
        if row.coupon or row.back:
            continue
        mine = [line for line in lines if line.counts and line.tax == row.class_]
        back = [line for line in mine if line.levied is not None and _same_rate(line, row)]
        tax = row.tax.minor - sum(line.levied.minor for line in back if line.levied)
        less = sum(x.amount.minor for x in mine if x.levied is None and x.amount.minor < 0)
        reckon = on_top if row.added else inside
        tax -= reckon(Money(less, row.tax.currency), row.percent).minor
        plain = bought(mine)
        shares = share(tax, [line.amount.minor for line in plain])
        found.update(zip((line.number for line in plain), shares, strict=True))
    return found


def less_coupons(
    lines: Iterable[Line], rows: tuple[TaxTotal, ...], coupon: Money
) -> tuple[TaxTotal, ...]:
    """What a coupon that is given as payment takes from the taxed amounts, class by class."""
    every = list(lines)
    taxes = levied(every, rows)
    plain = [_levied(line, taxes, rows) for line in bought(every)]
    gross: dict[TaxClass, int] = {}
    by_number = coupon_shares(plain, coupon.minor)
    for line in plain:
        gross[line.tax] = gross.get(line.tax, 0) - by_number[line.number]
    found = []
    for row in rows:
        amount = Money(0 if row.back else gross.get(row.class_, 0), coupon.currency)
        if amount:
            tax = inside(amount, row.percent)
            found.append(TaxTotal(row.class_, row.percent, amount, amount - tax, tax, coupon=True))
    return tuple(found)


def coupon_shares(lines: Sequence[Line], coupon: int) -> dict[int, int]:
    """What of a coupon each line bears, in minor units, and never more than was paid for it.

    It is shared by what lines cost before any discount, lines that take part in no discount aside.
    Source: a real German receipt (ebon R5), whose bonus comes out so, and not by what discounts
    left. What is then more than a line came to is borne by the others, at last by all.
    """
    bears = dict.fromkeys((line.number for line in lines), 0)
    discounted = [line for line in lines if not line.fixed and line.amount.minor > 0]
    for among in (discounted, lines):
        rest = coupon - sum(bears.values())
        while rest:
            room = [line for line in among if bears[line.number] < line.whole.minor]
            weights = [max(1, _undiscounted(line).minor) for line in room]
            if not room:
                break
            for line, minor in zip(room, share(rest, weights), strict=True):
                bears[line.number] = min(line.whole.minor, bears[line.number] + minor)
            rest = coupon - sum(bears.values())
    return bears


def _undiscounted(line: Line) -> Money:
    return line.part.amount if line.part else line.price.times(line.quantity.thousandths)


def _same_rate(line: Line, row: TaxTotal) -> bool:
    return line.percent == row.percent and bool(line.added) == bool(row.added)


def _levied(line: Line, taxes: Mapping[int, int], rows: Iterable[TaxTotal]) -> Line:
    plain = (row for row in rows if not row.coupon and not row.back)
    row = next((row for row in plain if row.class_ == line.tax), None)
    if row is None:
        return line
    tax = Money(taxes[line.number], line.amount.currency)
    return replace(line, percent=row.percent, levied=tax, added=row.added)


def _taxes_less(
    lines: Sequence[Line], less: Mapping[int, int], rows: Iterable[TaxTotal]
) -> dict[int, int]:
    """What a coupon took of each line's tax: together what its rows say, as printed."""
    found = dict.fromkeys(less, 0)
    for row in rows:
        if row.coupon:
            mine = [line.number for line in lines if line.tax == row.class_]
            shares = share(-row.tax.minor, [less[number] for number in mine])
            found.update(zip(mine, shares, strict=True))
    return found


def _less(line: Line, minor: int, tax: int) -> Line:
    """A line without what a coupon paid of it; where the tax is on top, part of that is tax."""
    off = Money(minor - tax if line.added else minor, line.amount.currency)
    less = Money(tax, line.amount.currency)
    levied_ = None if line.levied is None else line.levied - less
    return replace(line, amount=line.amount - off, levied=levied_)
