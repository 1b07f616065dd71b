"""Asking a card terminal, on its own thread: noted before, noted after, whatever happens between."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from pos_qt.peripherals.cardnote import CardNote, CardNotes
from pos_qt.peripherals.cardterminal import (
    Approved,
    Attempt,
    Begun,
    CardTerminal,
    CardTerminalRefused,
    CardTerminalUnreachable,
    Declined,
    Result,
    Said,
    Unknown,
)
from schemas.money import Money
from services.disk.durable import DiskRefused

log = logging.getLogger(__name__)

Call = Callable[[CardTerminal, str, Said, Begun], Result]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a terminal answered, and the note as it is on disk now."""

    note: CardNote
    result: Result


class Asking:
    """One question at a time; each is on disk before the terminal hears it."""

    def __init__(self, notes: CardNotes) -> None:
        self._notes = notes

    def ask(self, note: CardNote, call: Callable[[Said, Begun], Result], said: Said) -> Heard:
        """On the terminal's thread: the note is on disk before money can move."""
        attempts: list[Attempt] = []

        def begun(attempt: Attempt) -> None:
            self._notes.keep(note.asked(attempt))
            attempts.append(attempt)

        try:
            result = call(said, begun)
        except (CardTerminalUnreachable, CardTerminalRefused, DiskRefused):
            # Nothing has moved; what other cards of a receipt gave back before stays known.
            if note.undone:
                self._notes.keep(note)
            else:
                self._notes.clear()
            raise
        except Exception as error:
            if not attempts:
                raise
            log.exception("card terminal driver failed")
            result = Unknown(attempts[0], str(error))
        asked = note.asked(attempts[0]) if attempts else note
        return self.noted(asked, result)

    def noted(self, note: CardNote, result: Result) -> Heard:
        """The answer is on disk too, as far as the disk takes it: the terminal can be asked again."""
        try:
            if isinstance(result, Approved):
                note = note.answered(result)
                self._notes.keep(note)
            elif isinstance(result, Declined) and not note.undone:
                self._notes.clear()
        except DiskRefused:
            log.exception("card answer not noted")
        return Heard(note, result)


def paying(amount: Money) -> Call:
    """Take `amount` from a card, or give it back where it is below zero."""

    def pay(terminal: CardTerminal, name: str, said: Said, begun: Begun) -> Result:
        if amount.minor < 0:
            return terminal.refund(-amount, name, said, begun)
        return terminal.pay(amount, name, said, begun)

    return pay


def undoing(note: CardNote) -> Call:
    """Undo the payment that the note names."""
    number = int(note.target[0]) if note.target else 0

    def undo(terminal: CardTerminal, name: str, said: Said, begun: Begun) -> Result:
        return terminal.reverse(number, name, said, begun)

    return undo
