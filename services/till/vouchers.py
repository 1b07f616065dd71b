"""Vouchers at this till: sold with a number, redeemed as payment or as a line, also without a line.

What was sold here is known here; where it may have been spent elsewhere since, head office is asked.
Without it, and for all others, they are taken within a budget that head office leases to the till;
what was taken so is reckoned against it until head office has the receipts, and a voucher that was
spent twice is found there.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, Protocol

from schemas.keys import VoucherNumber
from schemas.money import Money, UnitPrice
from schemas.quantity import ONE
from schemas.receipt import Basket, Line, Receipt
from services.mirror.catalogue import Catalogue
from services.register import extent, label, voucher
from services.register.refusal import StepRefused
from services.till import allowance
from services.till.archive import Archive
from services.till.authority import Authority
from services.till.book import Book

_NUMBER: Final = re.compile(r"[0-9A-Za-z]([0-9A-Za-z\-]{0,30}[0-9A-Za-z])?")
Taken = Sequence[tuple[VoucherNumber, int, bool]]
"""Numbers, minor units, and whether they were taken unchecked."""


def _unchecked(others: Taken) -> int:
    return sum(minor for _, minor, unchecked in others if unchecked)


def new_number() -> VoucherNumber:
    """A number that nobody can guess, with a check digit, fit for an EAN-13: 29 and ten digits."""
    body = f"29{secrets.randbelow(10**10):010d}"
    return VoucherNumber(f"{body}{label.gs1_digit(body)}")


class Counter(Protocol):
    """What vouchers ask of their till."""

    basket: Basket
    catalogue: Catalogue
    archive: Archive
    book: Book
    authority: Authority

    def need(self, right: str, value: Decimal | None = None) -> None:
        """Go on only where the cashier may, or somebody approved it."""

    def step(self, basket: Basket) -> Basket:
        """Make `basket` the one in hand."""


class Vouchers:
    """All raise StepRefused where a voucher is not worth so much, or cannot be taken unchecked."""

    def __init__(self, till: Counter) -> None:
        self._till = till

    def worth(self, number: VoucherNumber) -> Money | None:
        """What a voucher is still worth; None where only head office knows."""
        known = self._till.archive.voucher(number, self._till.basket.currency)
        if known is None or known.line is None:
            return None
        return known.left - voucher.in_hand(self._till.basket, number)

    def check(self, number: VoucherNumber, amount: Money, others: Taken = ()) -> bool:
        """May so much of it be taken now? Says whether it is taken unchecked.

        others  what is taken beside it at the same moment: numbers, amounts, and whether unchecked
        """
        till = self._till
        if not _NUMBER.fullmatch(number):
            raise StepRefused("voucher-number")
        same = sum(minor for each, minor, _ in others if each == number)
        known = till.archive.voucher(number, till.basket.currency)
        if known is not None and known.line is not None:
            # Head office may not have yet what was sold and taken here.
            taken = known.redeemed + voucher.in_hand(till.basket, number)
            taken += Money(same, amount.currency)
            voucher.check_known(replace(known, redeemed=taken), amount)
            answer = till.authority.said("voucher", number)
            if answer is not None:
                return answer.left is not None and not self._granted(number, amount, same)
            if not self._may_be_elsewhere(known):
                return False
            allowance.check(till, "voucher", amount, _unchecked(others))
            return True
        if self._granted(number, amount, same):
            return False
        if known is not None and known.redeemed.minor > 0:
            raise StepRefused(
                "voucher-unknown"
            )  # taken here before: only head office knows the rest
        risked = allowance.risked(till, "voucher") + _unchecked(others)
        voucher.check_unknown(amount, allowance.budget(till, "voucher"), risked)
        return True

    def _may_be_elsewhere(self, known: voucher.Known) -> bool:
        """May it have been spent at another till? Not before head office knows that it was sold.

        What another till takes before that, it takes unchecked, within its own budget.
        """
        acknowledged = self._till.book.acknowledged()
        return known.entry is not None and acknowledged.has(*known.entry)

    def whole(self, receipt: Receipt, sale: str) -> frozenset[VoucherNumber]:
        """The vouchers that a receipt sold are all whole, and its void, called `sale`, may take them.

        Answers those that head office could not be asked about: they are within the allowance.
        Raises StepRefused where one was spent in part, here or elsewhere, or is beyond it.
        """
        till, unasked, risk = self._till, set(), 0
        for number, line in voucher.sold(receipt):
            if line.amount.minor <= 0:
                continue
            known = till.archive.voucher(number, receipt.currency)
            left = known.left if known and known.line else line.amount
            if left.minor < line.amount.minor:
                raise StepRefused("voucher-left", number=number, left=left)
            answer = till.authority.ask_of_void(sale, number, line.amount)
            if answer is not None and answer.left is not None and answer.state == "refused":
                raise StepRefused("voucher-left", number=number, left=answer.left)
            if answer is None and known is not None and self._may_be_elsewhere(known):
                allowance.check(till, "voucher", line.amount, risk)
                risk += line.amount.minor
                unasked.add(number)
        return frozenset(unasked)

    def _granted(self, number: VoucherNumber, amount: Money, same: int) -> bool:
        """Did head office say that it is worth so much? Raises StepRefused where it said no."""
        answer = self._till.authority.said("voucher", number)
        if answer is None:
            return False
        if answer.left is None:
            raise StepRefused("voucher-nowhere", number=number)
        wanted = amount.minor + same + voucher.in_hand(self._till.basket, number).minor
        if answer.state == "refused" or wanted > answer.left.minor:
            left = Money(max(0, answer.left.minor + amount.minor - wanted), amount.currency)
            raise StepRefused("voucher-left", number=number, left=left)
        return True

    def redeem_single(self, number: VoucherNumber, amount: Money) -> Basket:
        """Take so much of a single-purpose voucher off the sale, at the tax it was sold with."""
        till = self._till
        line = self._sold_with(number)
        if line is None or line.voucher_kind != voucher.SINGLE:
            raise StepRefused("voucher-not-single")
        if amount.minor <= 0 or amount.minor > till.basket.open.minor:
            raise StepRefused("too-much", open=till.basket.open)
        offline = self.check(number, amount)
        till.need("tender-voucher", extent.units(amount))
        off = replace(
            line,
            number=max((each.number for each in till.basket.lines), default=0) + 1,
            kind="voucher",
            amount=-amount,
            label=amount,
            discount=None,
            reductions=(),
            earned=(),
            code=None,
            offline=offline or None,
        )
        return till.step(replace(till.basket, lines=(*till.basket.lines, off)))

    def _sold_with(self, number: VoucherNumber) -> Line | None:
        """The line that sold it here; else one of the article that head office says did."""
        till = self._till
        known = till.archive.voucher(number, till.basket.currency)
        if known is not None and known.line is not None:
            return known.line
        answer = till.authority.said("voucher", number)
        article = till.catalogue.by_key(answer.article) if answer and answer.article else None
        if answer is None or answer.left is None or article is None:
            return None
        price = UnitPrice.of(answer.left)
        return Line(
            0, "voucher", article.key, article.name(till.catalogue.own.language), ONE, price,
            answer.left, article.tax, article.group, fixed=True, voucher=number,
            voucher_kind=answer.voucher_kind,
        )  # fmt: skip
