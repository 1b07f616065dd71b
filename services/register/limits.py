"""What a line can hold at most; beyond it somebody has mistyped."""

from __future__ import annotations

from typing import Final

from schemas.money import Money, UnitPrice
from schemas.quantity import Quantity
from services.register.refusal import StepRefused

LARGEST_AMOUNT: Final = 10**11
"""Minor units that no line may pass; beyond it somebody has typed a barcode into a price."""
LARGEST_QUANTITY: Final = 10**9
"""Thousandths that no line may reach: what a document can carry."""


def check_quantity(quantity: Quantity, name: str) -> None:
    """Raise StepRefused for a quantity that nothing can be sold in."""
    if quantity.thousandths <= 0:
        raise StepRefused("quantity-zero")
    if quantity.thousandths >= LARGEST_QUANTITY:
        raise StepRefused("too-large")
    if quantity.unit == "pcs" and quantity.thousandths % 1000:
        raise StepRefused("quantity-whole", article=name)


def amount_of(price: UnitPrice, quantity: Quantity, *, back: bool) -> Money:
    """Price times quantity, below zero for what comes back; raises StepRefused beyond any sense."""
    amount = price.times(quantity.thousandths)
    if abs(amount.minor) > LARGEST_AMOUNT:
        raise StepRefused("too-large")
    return -amount if back else amount
