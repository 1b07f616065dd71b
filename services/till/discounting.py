"""Discounts and prices that a person gives, within the limits of their rights."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from schemas.money import UnitPrice
from schemas.receipt import Basket, Discount
from schemas.staff import Staff
from services.mirror.catalogue import Catalogue
from services.register import discount, extent, sale


class Counter(Protocol):
    """What discounting asks of its till."""

    basket: Basket
    catalogue: Catalogue

    @property
    def whoever(self) -> Staff:
        """Who is signed in."""

    def need(self, right: str, value: Decimal | None = None) -> None:
        """Go on only where the cashier may, or somebody approved it."""

    def need_all(self, *extents: extent.Extent) -> None:
        """Go on only where all of these rights are there."""

    def step(self, basket: Basket) -> Basket:
        """Make `basket` the one in hand."""


class Discounting:
    """Makes things cheaper by hand. All raise StepRefused where a rule or a right speaks against it."""

    def __init__(self, till: Counter) -> None:
        self._till = till

    def override_price(self, line: int, price: UnitPrice) -> Basket:
        """Give a line another price, within the article's limits and the cashier's."""
        after = sale.override_price(self._till.basket, line, price, self._till.whoever.key)
        before = sale.line_of(self._till.basket, line)
        article = self._till.catalogue.by_key(before.sold_as)
        wanted = [extent.of_price(before, price)]
        if article is not None and extent.beyond(article, price):
            wanted.append(("override-beyond", None))
        self._till.need_all(*wanted)
        return self._till.step(after)

    def line(self, line: int, given: Discount | None) -> Basket:
        """Give a line a discount, or take it away. Raises StepRefused."""
        after = discount.on_line(self._till.basket, line, given)
        if given is not None:
            right, value = extent.of_discount(sale.line_of(self._till.basket, line), given)
            self._till.need(right, value)
        return self._till.step(after)

    def receipt(self, given: Discount) -> Basket:
        """Give the whole receipt a discount more. Raises StepRefused."""
        after = discount.on_receipt(self._till.basket, given)
        right, value = extent.of_receipt_discount(self._till.basket, given)
        self._till.need(right, value)
        return self._till.step(after)

    def drop(self, number: int) -> Basket:
        """Take a discount of the receipt away, by its place from 0."""
        return self._till.step(discount.off_receipt(self._till.basket, number))
