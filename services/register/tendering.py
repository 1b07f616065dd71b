"""Tendering: is enough given, what is the change, which notes would a customer hand over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from schemas.money import Currency, Money, exponent
from schemas.receipt import Basket, Payment
from schemas.tender import Tender
from services.register.refusal import StepRefused

NOTES: Final = {"EUR": (5, 10, 20, 50, 100, 200), "GBP": (5, 10, 20, 50), "CHF": (10, 20, 50, 100)}
"""The banknotes in use. Source: the central banks' lists, 2026."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What was given in each tender, what goes back in cash, and what rounding makes of it."""

    payments: tuple[Payment, ...]
    change: Money
    rounding: Money


MOST_PAYMENTS: Final = 50
"""Payments of one receipt."""


def take(basket: Basket, tender: Tender, amount: Money, language: str) -> Basket:
    """Less than what is open is given in one tender; the rest stays open.

    Raises StepRefused for a tender that runs against the sale, or gives all that is open: that
    is for the end.
    """
    _check_sign(basket.open, tender, amount, language)
    if abs(amount.minor) >= abs(basket.open.minor):
        raise StepRefused("too-much", open=basket.open)
    if len(basket.payments) >= MOST_PAYMENTS:
        raise StepRefused("too-many-payments", most=MOST_PAYMENTS)
    return replace(basket, payments=(*basket.payments, payment(tender, amount, language)))


def give_back(basket: Basket, number: int) -> Basket:
    """The payment at place `number`, from 0, is given back."""
    kept = tuple(each for n, each in enumerate(basket.payments) if n != number)
    return replace(basket, payments=kept)


def _changeable(tender: Tender, amount: Money) -> int:
    if tender.change:
        return amount.minor
    return min(amount.minor, tender.cashback.minor) if tender.cashback else 0


def _check_sign(open_: Money, tender: Tender, amount: Money, language: str) -> None:
    if amount.currency != open_.currency:
        raise StepRefused("wrong-currency", currency=open_.currency)
    against = amount.minor * (1 if open_.minor >= 0 else -1) < 0
    if against or (open_.minor != 0 and amount.minor == 0):
        raise StepRefused("negative-tender", tender=tender.name(language))


def payment(tender: Tender, amount: Money, language: str) -> Payment:
    """So much given in one tender."""
    return Payment(tender.key, tender.kind, tender.name(language), amount)


def settle(due: Money, given: Sequence[tuple[Tender, Money]], language: str) -> Settled:
    """Set what is given against what is due.

    Raises StepRefused where something is missing, where change would go back on a tender that
    gives none, or where a tender runs against the sale: money is paid out only where `due` is
    below zero, and then nothing is taken.
    """
    for tender, amount in given:
        _check_sign(due, tender, amount, language)
    if len(given) > MOST_PAYMENTS:
        raise StepRefused("too-many-payments", most=MOST_PAYMENTS)
    paid = sum((amount.minor for _, amount in given), 0)
    over = Money(paid - due.minor, due.currency)
    if over.minor < 0:
        raise StepRefused("too-little", missing=-over)
    changeable = sum(_changeable(tender, amount) for tender, amount in given)
    if over.minor > 0 and changeable < over.minor:
        without = next((t for t, _ in given if not t.change), given[0][0])
        raise StepRefused("no-change", tender=without.name(language))
    payments = tuple(payment(t, amount, language) for t, amount in given)
    return Settled(payments, over, Money.zero(due.currency))


def likely_notes(due: Money, most: int = 2) -> tuple[Money, ...]:
    """The sums a customer most likely hands over: the smallest note, or pair of notes, above `due`."""
    unit: int = 10 ** exponent(due.currency)
    notes = [note * unit for note in NOTES.get(due.currency, ())]
    if due.minor <= 0 or not notes:
        return ()
    single = [note for note in notes if note > due.minor]
    pairs = {one + two for one in notes for two in notes if one + two > due.minor}
    over = [pair for pair in sorted(pairs) if not single or pair < single[0]]
    sums = sorted({*single[:most], *over[:1]})
    if not sums:
        largest = notes[-1]
        sums = [-(-due.minor // largest) * largest]
    return tuple(
        Money(minor, Currency(due.currency)) for minor in sums[:most] if minor != due.minor
    )
