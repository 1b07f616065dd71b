"""The circumstances of a sale: who buys, who sells, whether it is eaten here, which serial number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from schemas.keys import ArticleKey, Barcode, CustomerKey, StaffKey
from schemas.money import Money
from schemas.quantity import ONE, Quantity
from schemas.receipt import Basket, Line, Receipt
from services.mirror.catalogue import Catalogue
from services.register import empties, extent, questions, sale
from services.register.refusal import StepRefused
from services.register.sale import Given
from services.till.vouchers import new_number


class Counter(Protocol):
    """What circumstances ask of their till."""

    basket: Basket
    catalogue: Catalogue

    def now(self) -> datetime:
        """The branch's local time."""

    def need(self, right: str, value: Decimal | None = None) -> None:
        """Go on only where the cashier may, or somebody approved it."""

    def need_all(self, *extents: extent.Extent) -> None:
        """Go on only where all of these rights are there."""

    def step(self, basket: Basket) -> Basket:
        """Make `basket` the one in hand."""


class Circumstances:
    """All raise StepRefused where a rule or a right speaks against it."""

    def __init__(self, till: Counter) -> None:
        self._till = till

    def customer(self, key: CustomerKey | None, group: str | None = None) -> Basket:
        """The sale is this customer's, with their group's prices; None: nobody's, at usual prices."""
        self._till.need("customer")
        basket = replace(self._till.basket, customer=key, customers=group if key else None)
        return self._till.step(sale.repriced(basket, self._till.catalogue, self._till.now()))

    def slip_language(self, language: str | None) -> Basket:
        """The slip of this sale speaks so; None: the customer's language, else the till's."""
        return self._till.step(replace(self._till.basket, language=language))

    def take_away(self, *, away: bool) -> Basket:
        """It is taken away, or eaten here: another tax zone, where the branch has one."""
        zone = self._till.catalogue.own.takeaway_zone
        if zone is None:
            raise StepRefused("no-takeaway")
        self._till.need("take-away")
        return self._till.step(replace(self._till.basket, zone=zone if away else None))

    def salesperson(self, key: StaffKey | None) -> Basket:
        """Who advised the customer: of the lines from now on, and of those that have nobody yet."""
        self._till.need("salesperson")
        basket = self._till.basket
        lines = tuple(
            replace(line, salesperson=key) if line.counts and line.salesperson is None else line
            for line in basket.lines
        )
        return self._till.step(replace(basket, salesperson=key, lines=lines))

    def serial(self, number: int, serial: str) -> Basket:
        """The serial number of a line's one piece."""
        line = sale.line_of(self._till.basket, number)
        if not serial.strip():
            raise StepRefused("bad-value", reason=serial)
        if line.quantity.thousandths != 1000:
            raise StepRefused("serial-one", article=line.name)
        named = replace(line, serial=serial.strip()[:200])
        lines = tuple(named if each.number == number else each for each in self._till.basket.lines)
        return self._till.step(replace(self._till.basket, lines=lines))

    def reply(self, number: int, said: str) -> Basket:
        """What was answered to a line's question."""
        return self._till.step(questions.reply(self._till.basket, number, said))

    def empties(self, code: Barcode, quantity: Quantity = ONE) -> Basket:
        """Bottles or crates come back for their deposit; `code` is of the article they held."""
        till = self._till
        found = till.catalogue.by_code(code)
        article = found[0] if found else till.catalogue.by_key(ArticleKey(code))
        if article is None:
            raise StepRefused("unknown-code", code=code)
        given = Given(till.now(), till.catalogue.own.language, quantity, code=code)
        after = empties.take(till.basket, article, given)
        till.need_all(extent.of_empties(after))
        return till.step(after)

    def repeat(self, number: int) -> Basket:
        """Sell once more what a line sold, at the price of now. Answers the sale with one more line."""
        line = sale.line_of(self._till.basket, number)
        if line.kind != "sale":
            raise StepRefused("return-fixed")
        wanted: list[extent.Extent] = [("sell", None), *_of_vouchers([line])]
        if line.sold.unit != "pcs":
            wanted.append(("manual-weight", None))
        self._till.need_all(*wanted)
        self._again(line, ONE if line.sold.unit == "pcs" else line.sold)
        return self._till.basket

    def coupon(self, code: str) -> Basket:
        """A coupon was scanned; promotions that want it count it.

        Raises StepRefused for a piece of paper, by its serial part, that was scanned for this sale before.
        """
        basket, till = self._till.basket, self._till
        on = till.catalogue.rules(till.now(), basket.customers).promotions
        if code in basket.coupons and not any(code == promotion.coupon for promotion in on):
            raise StepRefused("coupon-twice")
        self._till.need("coupon")
        return self._till.step(replace(basket, coupons=(*basket.coupons, code)))

    def copy(self, receipt: Receipt) -> Basket:
        """Sell once more what a receipt sold, at the prices of now, after what is in hand.

        A weight in it is by hand: no scale says it of what is sold now.
        """
        again = [line for line in receipt.lines if line.kind == "sale" and line.leads]
        wanted: list[extent.Extent] = [("copy-receipt", None), *_of_vouchers(again)]
        if any(line.sold.unit != "pcs" for line in again):
            wanted.append(("manual-weight", None))
        self._till.need_all(*wanted)
        for line in again:
            self._again(line, line.sold)
        return self._till.basket

    def _again(self, line: Line, many: Quantity) -> None:
        till = self._till
        article = till.catalogue.by_key(line.sold_as)
        if article is None:
            raise StepRefused("unknown-article", article=line.sold_as)
        given = Given(
            till.now(), till.catalogue.own.language, many,
            code=line.part.code if line.part else line.code, voucher=new_number(),
        )  # fmt: skip
        till.step(sale.sell(till.basket, till.catalogue, article, given))


def _of_vouchers(lines: Iterable[Line]) -> Iterator[extent.Extent]:
    """Vouchers that are sold once more, each a new one; all of them together need the right."""
    sold = [line.amount for line in lines if line.voucher_kind is not None]
    if sold:
        minor = sum(amount.minor for amount in sold)
        yield "voucher-sell", extent.units(Money(minor, sold[0].currency))
