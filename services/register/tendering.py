"""Tendering: is enough given, what is the change, which notes would a customer hand over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import Final, NamedTuple

from schemas.keys import CustomerKey
from schemas.money import Currency, Money, exponent, half_up
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


BUDGETED: Final = {"voucher", "account", "points"}
"""Kinds whose risk without a line is bounded by the till's budget, and not by the tender's."""
MOST_PAYMENTS: Final = 50
"""Payments of one receipt."""


class Handed(NamedTuple):
    """What is handed over in one tender.

    amount     in the till's currency, or in the tender's own where that is a foreign one
    reference  the voucher's number, or the card terminal's receipt number
    card       what may be kept of the card: its end, kind and terminal
    offline    taken without a line, within the till's allowance
    points     how many points are used
    """

    tender: Tender
    amount: Money
    reference: str | None = None
    card: str | None = None
    offline: bool = False
    points: int | None = None


def take(basket: Basket, handed: Handed, language: str) -> Basket:
    """Less than what is open is given in one tender; the rest stays open.

    Raises StepRefused for a tender that runs against the sale or its own rules, or gives all that
    is open: that is for the end.
    """
    given = payment(handed, basket.currency, language)
    _check(basket.open, given, handed.tender, basket.customer, language)
    if abs(given.amount.minor) >= abs(basket.open.minor):
        raise StepRefused("too-much", open=basket.open)
    if len(basket.payments) >= MOST_PAYMENTS:
        raise StepRefused("too-many-payments", most=MOST_PAYMENTS)
    return replace(basket, payments=(*basket.payments, given))


def give_back(basket: Basket, number: int) -> Basket:
    """The payment at place `number`, from 0, is given back."""
    kept = tuple(each for n, each in enumerate(basket.payments) if n != number)
    return replace(basket, payments=kept)


def payment(handed: Handed, currency: Currency, language: str) -> Payment:
    """The payment that was made; foreign money is worth what the tender's rate says, half up."""
    tender = handed.tender
    amount, given, rate = handed.amount, None, None
    if tender.currency is not None and amount.currency == tender.currency and tender.rate:
        given, rate = amount, tender.rate
        units = Decimal(amount.minor).scaleb(-exponent(amount.currency)) * tender.rate
        amount = Money(half_up(units.scaleb(exponent(currency))), currency)
    return Payment(
        tender.key,
        tender.kind,
        tender.name(language),
        amount,
        given,
        rate,
        handed.reference,
        handed.card,
        handed.offline or None,
        handed.points,
    )


def foreign(due: Money, tender: Tender) -> Money:
    """The least of a tender's own currency that is worth what is due."""
    if tender.currency is None or not tender.rate:
        return due
    units = Decimal(due.minor).scaleb(-exponent(due.currency)) / tender.rate
    exact = units.scaleb(exponent(tender.currency))
    minor = int(exact.to_integral_value(ROUND_FLOOR))
    while payment(Handed(tender, Money(minor, tender.currency)), due.currency, "").amount < due:
        minor += 1
    return Money(minor, tender.currency)


def settle(
    due: Money, given: Sequence[Handed], language: str, customer: CustomerKey | None = None
) -> Settled:
    """Set what is given against what is due.

    Raises StepRefused where something is missing, where change would go back on a tender that
    gives none, where a tender's own rules speak against it, or where it runs against the sale:
    money is paid out only where `due` is below zero, and then nothing is taken.
    """
    if len(given) > MOST_PAYMENTS:
        raise StepRefused("too-many-payments", most=MOST_PAYMENTS)
    payments = tuple(payment(each, due.currency, language) for each in given)
    for each, made in zip(given, payments, strict=True):
        _check(due, made, each.tender, customer, language)
    rounding = _rounding(due, payments, given)
    paid = sum(made.amount.minor for made in payments)
    over = Money(paid - due.minor - rounding, due.currency)
    if over.minor < 0:
        raise StepRefused("too-little", missing=-over)
    changeable = sum(
        _changeable(each.tender, made.amount) for each, made in zip(given, payments, strict=True)
    )
    if over.minor > 0 and changeable < over.minor:
        without = next((each.tender for each in given if not each.tender.change), given[0].tender)
        raise StepRefused("no-change", tender=without.name(language))
    return Settled(payments, over, Money(rounding, due.currency))


def rounded(open_: Money, to: int) -> Money:
    """The nearest amount that coins can pay: a multiple of `to` minor units, half up."""
    return Money(half_up(Decimal(open_.minor) / to) * to, open_.currency)


def _rounding(due: Money, payments: Sequence[Payment], given: Sequence[Handed]) -> int:
    """What the coins that there are make of the part that is paid last, where that is in cash."""
    if not given or not given[-1].tender.rounding:
        return 0
    before = sum(made.amount.minor for made in payments[:-1])
    open_ = Money(due.minor - before, due.currency)
    return rounded(open_, given[-1].tender.rounding).minor - open_.minor


def _changeable(tender: Tender, amount: Money) -> int:
    if tender.change:
        return amount.minor
    return min(amount.minor, tender.cashback.minor) if tender.cashback else 0


def _check(
    open_: Money, made: Payment, tender: Tender, customer: CustomerKey | None, language: str
) -> None:
    name, amount = tender.name(language), made.amount
    if amount.currency != open_.currency:
        raise StepRefused("wrong-currency", currency=open_.currency)
    against = amount.minor * (1 if open_.minor >= 0 else -1) < 0
    too_little = bool(tender.rounding) and not rounded(open_, tender.rounding or 1)
    if against or (open_.minor != 0 and amount.minor == 0 and not too_little):
        raise StepRefused("negative-tender", tender=name)
    if tender.least is not None and abs(amount.minor) < tender.least.minor:
        raise StepRefused("least-tender", tender=name, least=tender.least)
    most = tender.offline_most if made.offline else tender.most
    if made.offline and most is None and tender.kind not in BUDGETED:
        most = Money.zero(open_.currency)
    if most is not None and abs(amount.minor) > most.minor:
        raise StepRefused("most-tender", tender=name, most=most)
    if (tender.customer or tender.kind in {"account", "points"}) and customer is None:
        raise StepRefused("customer-needed", tender=name)
    if tender.kind == "voucher" and not made.reference:
        raise StepRefused("voucher-number")
    if tender.kind == "debit" and not made.reference:
        raise StepRefused("bad-account")


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
