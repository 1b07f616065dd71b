"""A receipt by e-mail: the address is on record here, and head office sends it once it has the line."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from schemas.journal import Note
from schemas.keys import KeyRefused, mail_address
from schemas.receipt import Basket, Receipt
from services.register.refusal import StepRefused
from services.till.book import Book
from services.till.rights import Rights


class Counter(Protocol):
    """What this asks of its till."""

    basket: Basket
    book: Book
    rights: Rights
    last: Receipt | None

    def now(self) -> datetime:
        """The branch's local time."""

    def step(self, basket: Basket) -> Basket:
        """Make `basket` the one in hand."""


class Mailing:
    """All raise StepRefused where the address cannot be one; the message does not repeat it."""

    def __init__(self, till: Counter) -> None:
        self._till = till

    def during(self, address: str | None) -> Basket:
        """The sale in hand goes there once it is paid: with the receipt, or not at all."""
        mail = _checked(address) if address else None
        return self._till.step(replace(self._till.basket, mail=mail))

    def after(self, receipt: Receipt, address: str) -> None:
        """Send a finished receipt of this till. The newest needs no right; an older one a reprint's.

        Raises DiskRefused too: then nothing is sent.
        """
        till, mail = self._till, _checked(address)
        if receipt.training:
            raise StepRefused("in-training")
        approval = None if receipt == till.last else till.rights.need("reprint")
        who = till.basket.cashier
        till.book.record(
            Note(
                "mail", till.now(), who, receipt.number, reason=receipt.name, mail=mail,
                approval=approval,
            )
        )  # fmt: skip


def _checked(address: str) -> str:
    try:
        return mail_address(address.strip())
    except KeyRefused as refused:
        raise StepRefused("bad-mail") from refused
