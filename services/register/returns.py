"""Returns: what of a receipt can still come back, and for how much, to the cent that was paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from schemas.keys import CustomerKey, VoucherNumber
from schemas.money import Money
from schemas.quantity import Quantity
from schemas.receipt import Basket, Line, Receipt
from services.pricing import borne, loyalty
from services.pricing.sharing import part_of
from services.register.refusal import StepRefused

Taken = Mapping[int, int]
"""Thousandths of each line of a receipt that have come back before."""

DISPOSITIONS = ("sellable", "parked", "destroyed")


@dataclass(frozen=True, slots=True)
class Sold:
    """A receipt as a return needs it: from the journal, from head office, or from its slip's code.

    Its lines say what was paid for them, the rate and tax that they were sold with, and what they
    brought their customer.
    """

    name: str
    branch: str
    day: date
    lines: tuple[Line, ...]
    customer: CustomerKey | None = None

    @classmethod
    def of(cls, receipt: Receipt) -> Sold:
        """What a receipt sold, and what was paid for each line of it, taxes included.

        What a coupon or points paid was not paid: it does not come back as money. What points paid
        of a line is in its `earned`, and comes back as points.
        """
        coupons = sum(p.amount.minor for p in receipt.payments if p.kind in {"coupon", "points"})
        lines = borne.paid(receipt.lines, receipt.taxes, Money(coupons, receipt.currency))
        return cls(receipt.name, receipt.branch, receipt.ends.date(), lines, receipt.customer)


@dataclass(frozen=True, slots=True)
class Given:
    """What a return is told. `disposition` says what becomes of the goods."""

    reason: str
    disposition: str = "sellable"


def left(sold: Sold, taken: Taken) -> list[tuple[Line, Quantity]]:
    """The lines that can come back, with how much of each."""
    found = []
    for line in sold.lines:
        if line.kind != "sale":
            continue
        rest = line.quantity.thousandths - taken.get(line.number, 0)
        if rest > 0:
            found.append((line, Quantity(rest, line.quantity.unit)))
    return found


def take_back(
    basket: Basket, sold: Sold, number: int, quantity: Quantity, taken: Taken, given: Given
) -> Basket:
    """Add a return line for so much of one line of `sold`, and one for its deposit.

    The refund is the share of what was paid for the line, after every discount and with its tax at
    the rate and in the zone that it was sold in: however often a line comes back in parts, all
    refunds together are what it cost, all their taxes what it was taxed, and all their points what
    it brought and used.
    Raises StepRefused for more than was sold and has not come back yet, or without a reason.
    """
    line = next((each for each in sold.lines if each.number == number), None)
    if line is None or line.kind != "sale":
        raise StepRefused("no-line", line=number)
    if line.voucher is not None:
        raise StepRefused("voucher-return")
    if not given.reason.strip():
        raise StepRefused("reason-missing")
    if given.disposition not in DISPOSITIONS:
        raise StepRefused("bad-value", reason=given.disposition)
    in_hand = _in_basket(basket, sold.name)
    first = _back(basket, sold, line, quantity, _sum(taken, in_hand, number), given)
    basket = replace(basket, lines=(*basket.lines, first))
    for deposit in sold.lines:
        if deposit.kind == "deposit" and deposit.of == number:
            before = _sum(taken, in_hand, deposit.number)
            back = _back(basket, sold, deposit, quantity, before, given)
            back = replace(back, kind="deposit", of=first.number)
            basket = replace(basket, lines=(*basket.lines, back))
    return basket


def _back(
    basket: Basket, sold: Sold, line: Line, quantity: Quantity, before: int, given: Given
) -> Line:
    whole, more = line.quantity.thousandths, quantity.thousandths
    if more <= 0:
        raise StepRefused("quantity-zero")
    if before + more > whole:
        rest = Quantity(max(0, whole - before), line.quantity.unit)
        raise StepRefused("came-back", article=line.name, left=rest.number)
    minor = part_of(line.amount.minor, before, more, whole)
    levied = line.levied
    if levied is not None:
        levied = Money(-part_of(levied.minor, before, more, whole), levied.currency)
    return replace(
        line,
        number=max((each.number for each in basket.lines), default=0) + 1,
        kind="return",
        quantity=Quantity(more, line.quantity.unit),
        amount=Money(-minor, line.amount.currency),
        levied=levied,
        earned=loyalty.back(line.earned, before, more, whole),
        origin=sold.name,
        origin_line=line.number,
        reason=given.reason.strip(),
        disposition=given.disposition,
        label=None,
        discount=None,
        reductions=(),
        part=None,
        of=None,
    )


def _in_basket(basket: Basket, name: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for line in basket.lines:
        if line.counts and line.origin == name and line.origin_line is not None:
            before = found.get(line.origin_line, 0)
            found[line.origin_line] = before + line.quantity.thousandths
    return found


def _sum(taken: Taken, in_hand: Taken, number: int) -> int:
    return taken.get(number, 0) + in_hand.get(number, 0)


def counter_receipt(
    basket: Basket, receipt: Receipt, unasked: frozenset[VoucherNumber] = frozenset()
) -> Basket:
    """The basket that takes a finished receipt back whole: each line against, nothing more.

    unasked  vouchers that are taken back though head office could not be asked about them
    Raises StepRefused where the basket holds something, or the receipt cannot be taken back.
    """
    if basket.lines:
        raise StepRefused("sale-open")
    if receipt.kind == "void":
        raise StepRefused("is-void", receipt=receipt.number)
    lines = [
        replace(
            line,
            kind=line.kind if line.kind in {"deposit", "voucher"} else "return",
            amount=-line.amount,
            levied=None if line.levied is None else -line.levied,
            origin=receipt.name,
            origin_line=line.number,
            earned=loyalty.against(line.earned),
            offline=line.voucher in unasked or None,
            reductions=(),
            discount=None,
            label=None,
        )
        for line in receipt.lines
        if line.counts
    ]
    return replace(
        basket, lines=tuple(lines), zone=receipt.zone, customer=receipt.customer, training=None
    )
