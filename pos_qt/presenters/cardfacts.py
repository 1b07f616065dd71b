"""What a card note means for the sale in hand: booked, lost, and in which words."""

from __future__ import annotations

from pos_qt.peripherals.cardnote import CardNote
from pos_qt.presenters.desk import Desk
from pos_qt.translations.words import Words
from schemas.money import Money
from schemas.receipt import Payment


def is_terminals(payment: Payment) -> bool:
    """Was it a card terminal that took this payment, so that one can undo it?"""
    number = payment.reference or ""
    return payment.kind == "card" and bool(payment.card) and number.isascii() and number.isdigit()


def target(payment: Payment) -> tuple[str, str]:
    """Reference and card: which payment is meant."""
    return payment.reference or "", payment.card or ""


def plain(amount: Money) -> Money:
    """The amount without its sign."""
    return -amount if amount.minor < 0 else amount


class CardFacts:
    """Looks at the till, changes nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def words_of(self, note: CardNote) -> tuple[str, str]:
        """Reference and card, as the receipt has them."""
        answer = note.answer
        if answer is None:
            name = note.attempt.reference if note.attempt else note.sale
            return name, Words(self._desk.till.catalogue.own.language)("card.by-hand")
        card = f"{answer.card or 'Card'} {answer.masked_pan.replace(' ', '')[-8:]}"
        return str(answer.receipt_number), f"{card} · T-ID {answer.terminal_id}"[:200]

    def is_booked(self, note: CardNote) -> bool:
        """Is what the note says in the basket, or in the journal?"""
        till = self._desk.till
        if note.what == "void":
            return till.archive.voided(note.sale) is not None
        if till.book.holds(note.sale):
            return True
        here = {(p.reference, p.card) for p in till.basket.payments}
        if note.what == "drop":
            return note.target not in here and till.basket.ref == note.sale
        return note.attempt is not None and self.words_of(note) in here

    def is_lost(self, note: CardNote) -> bool:
        """Is the note about a sale that is not in hand?"""
        return self._desk.till.basket.ref != note.sale

    def cards_of(self, note: CardNote) -> tuple[Payment, ...]:
        """The card payments of a receipt that is taken back."""
        receipt = self._desk.till.archive.receipt(note.sale) if note.what == "void" else None
        return tuple(p for p in receipt.payments if is_terminals(p)) if receipt else ()
