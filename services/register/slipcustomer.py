"""A slip's part for its customer: who they are, what they collected, and the debit that they sign."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from decimal import Decimal

from schemas.money import Money
from schemas.receipt import Receipt
from services.register import wording
from services.register.columns import Row, paired, printable


def collected(receipt: Receipt, language: str, columns: int) -> Iterator[Row]:
    """The customer's number, and points of each programme that came and went."""
    if receipt.customer is None:
        return
    yield from paired(wording.word("customer", language), receipt.customer, columns)
    for each in receipt.earned:
        if not each.used:
            points = wording.points(each.points, language, signed=True)
            yield from paired(f"  {printable(each.name)}", points, columns)
    back = sum((each.points for each in receipt.earned if each.used), Decimal(0))
    used = back - sum(payment.points or 0 for payment in receipt.payments)
    if used:
        word = wording.word("points-used", language)
        yield from paired(f"  {word}", wording.points(used, language, signed=True), columns)


def mandate(receipt: Receipt, company: str, language: str, columns: int) -> Iterator[Row]:
    """What a customer signs whose account is debited; nothing where none is."""
    debited = [payment for payment in receipt.payments if payment.kind == "debit"]
    if not debited or receipt.kind == "void":
        return
    for payment in debited:
        yield Row("")
        said = wording.word("mandate", language).format(
            company=printable(company),
            account=payment.card or "",
            amount=_amount(payment.amount, language),
            number=receipt.name,
        )
        for part in textwrap.wrap(said, columns):
            yield Row(part)
        yield Row("")
        yield Row("")
        yield Row("_" * columns)
        yield Row(wording.word("signature", language))


def _amount(amount: Money, language: str) -> str:
    return f"{wording.amount(amount, language)} {wording.sign(amount.currency)}"
