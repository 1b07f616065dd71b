"""Discounts that a person gives: on a line, or on the receipt. What they come to is pricing's matter."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from schemas.money import Money
from schemas.receipt import Basket, Discount, Line
from services.register.refusal import StepRefused
from services.register.sale import line_of


def on_line(basket: Basket, number: int, discount: Discount | None) -> Basket:
    """Give a line a discount, in place of the one it had; None takes it away.

    Raises StepRefused for a line that takes part in none.
    """
    line = line_of(basket, number)
    if line.part is not None:
        raise StepRefused("set-discount", name=line.part.name)
    if line.kind != "sale" or line.fixed:
        raise StepRefused("no-discount", article=line.name)
    _check(discount, basket)

    def changed(each: Line) -> Line:
        return replace(each, discount=discount) if each.number == number else each

    return replace(basket, lines=tuple(changed(each) for each in basket.lines))


def on_receipt(basket: Basket, discount: Discount) -> Basket:
    """Give the whole receipt a discount more; it is shared over the lines to the cent."""
    _check(discount, basket)
    if not any(line.kind == "sale" and not line.fixed for line in basket.lines):
        raise StepRefused("nothing-to-discount")
    return replace(basket, discounts=(*basket.discounts, discount))


def off_receipt(basket: Basket, number: int) -> Basket:
    """Take the receipt's discount at place `number`, from 0, away."""
    kept = tuple(each for n, each in enumerate(basket.discounts) if n != number)
    return replace(basket, discounts=kept)


def _check(discount: Discount | None, basket: Basket) -> None:
    if discount is None:
        return
    given = [discount.percent, discount.off, discount.target]
    if sum(each is not None for each in given) != 1:
        raise StepRefused("bad-value", reason="A discount is a percentage, an amount or a target")
    if discount.percent is not None and not 0 < discount.percent <= Decimal(100):
        raise StepRefused("bad-percent", percent=discount.percent)
    for amount in (discount.off, discount.target):
        _check_amount(amount, basket)


def _check_amount(amount: Money | None, basket: Basket) -> None:
    if amount is None:
        return
    if amount.currency != basket.currency:
        raise StepRefused("wrong-currency", currency=basket.currency)
    if amount.minor < 0:
        raise StepRefused("bad-value", reason=str(amount))
