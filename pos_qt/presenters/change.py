"""The change due: how much goes back, and in which notes and coins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pos_qt.presenters.shown import ChangeDue, Piece
from pos_qt.translations.words import Words
from schemas.money import Money, exponent
from schemas.receipt import Payment, Receipt
from services.register import wording
from services.register.tendering import NOTES

_COINS: Final = {
    "EUR": (200, 100, 50, 20, 10, 5, 2, 1),
    "GBP": (200, 100, 50, 20, 10, 5, 2, 1),
    "CHF": (500, 200, 100, 50, 20, 10, 5),
}
"""Coins in use, in minor units. Source: the central banks' lists, 2026."""
_MOST: Final = 9


def pieces(change: Money) -> tuple[Piece, ...]:
    """The fewest notes and coins that make `change`; none where it would take too many."""
    unit = 10 ** exponent(change.currency)
    notes = [note * unit for note in reversed(NOTES.get(change.currency, ()))]
    found: list[Piece] = []
    left = change.minor
    for worth in [*notes, *_COINS.get(change.currency, ())]:
        while left >= worth and len(found) <= _MOST:
            left -= worth
            text = str(worth // unit) if worth >= unit else f"{worth} ct"
            found.append(Piece(text, worth, worth in notes))
    return tuple(found) if not left and len(found) <= _MOST else ()


def due(receipt: Receipt, words: Words, named: Callable[[Payment], str]) -> ChangeDue:
    """What the screen says once a sale is stored; `named` says a payment's tender to the cashier."""
    paid = ", ".join(f"{words.amount(p.amount)} {named(p)}" for p in receipt.payments)
    amount = receipt.change or receipt.total
    label = words("change.due") if receipt.change else words("change.paid")
    out = Money.zero(receipt.currency)
    if amount.minor < 0:
        cash = sum(p.amount.minor for p in receipt.payments if p.kind == "cash")
        out = Money(-cash, receipt.currency) + receipt.change
        label, amount = words("change.out" if out else "change.back"), out or -amount
    number = f"P-{receipt.number}" if receipt.training else receipt.number
    return ChangeDue(
        label=label,
        caption=words("change.of", number=number, paid=paid),
        amount=words.amount(amount),
        sign=wording.sign(receipt.currency),
        pieces=pieces(out or receipt.change),
        chip=f"{label} {words.amount(amount)}",
    )
