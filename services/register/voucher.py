"""Vouchers: what one is still worth, and who may take it without asking head office."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.keys import VoucherNumber
from schemas.money import Money
from schemas.receipt import Basket, Line, Receipt
from services.register.refusal import StepRefused

SINGLE, MULTI = "single", "multi"
"""Single-purpose: taxed when it is sold. Multi-purpose: its goods are taxed when it is redeemed."""


@dataclass(frozen=True, slots=True)
class Known:
    """A voucher as far as this till knows it; `line` sold it, where that was here.

    entry  series and number of the journal's entry that holds that line
    """

    number: VoucherNumber
    issued: Money
    redeemed: Money
    line: Line | None
    entry: tuple[str, int] | None = None

    @property
    def left(self) -> Money:
        """What it is still worth."""
        return self.issued - self.redeemed


def sold(receipt: Receipt) -> list[tuple[VoucherNumber, Line]]:
    """The vouchers that a receipt sold; a line that takes one back has an amount below zero."""
    return [
        (line.voucher, line)
        for line in receipt.lines
        if line.counts and line.kind in {"sale", "return"} and line.voucher is not None
    ]


def redeemed(receipt: Receipt) -> list[tuple[VoucherNumber, Money]]:
    """What a receipt redeemed of vouchers: as payment, or as a line of a single-purpose one."""
    paid = [
        (VoucherNumber(payment.reference), payment.amount)
        for payment in receipt.payments
        if payment.kind == "voucher" and payment.reference
    ]
    lines = [
        (line.voucher, -line.amount)
        for line in receipt.lines
        if line.counts and line.kind == "voucher" and line.voucher is not None
    ]
    return paid + lines


def unasked(receipt: Receipt) -> list[tuple[VoucherNumber, Money]]:
    """What lines of a receipt moved of vouchers without asking head office; payments say it themselves."""
    return [
        (line.voucher, Money(abs(line.amount.minor), receipt.currency))
        for line in receipt.lines
        if line.counts and line.offline and line.voucher is not None
    ]


def in_hand(basket: Basket, number: VoucherNumber) -> Money:
    """What the sale in hand takes of a voucher already."""
    minor = sum(p.amount.minor for p in basket.payments if p.reference == number)
    minor -= sum(
        li.amount.minor
        for li in basket.lines
        if li.counts and li.voucher == number and li.kind == "voucher"
    )
    return Money(minor, basket.currency)


def check_known(known: Known, amount: Money) -> None:
    """Raise StepRefused where a voucher that was sold here is not worth so much any more."""
    if amount.minor > known.left.minor:
        raise StepRefused("voucher-left", number=known.number, left=known.left)


def check_unknown(amount: Money, budget: Money | None, taken: int) -> None:
    """Raise StepRefused where a voucher that cannot be checked is more than the till may risk.

    taken  minor units of such vouchers that head office has not heard of yet
    """
    if budget is None or amount.minor + taken > budget.minor:
        raise StepRefused("voucher-unknown")
