"""What was asked of the card terminal, on disk from before the question until its answer is booked.

One file in the box's hand folder. A till that died finds it there, and asks the terminal what became
of it; so nobody is asked to pay twice.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pos_qt.peripherals.cardterminal import Approved, Attempt, Mark
from schemas.keys import TenderKey
from schemas.money import Currency, Money
from services.disk import durable

log = logging.getLogger(__name__)

What = Literal["pay", "drop", "void"]


@dataclass(frozen=True, slots=True)
class CardNote:
    """One thing that a terminal does for a sale.

    what     pay: money comes, or goes back below zero; drop: a part is given back; void: a receipt is
    sale     the name of the basket, or the receipt's where it is void
    amount   as it stands in the basket, or as it is taken out of it
    target   reference and card of the payment that is undone
    undone   references of a receipt's payments that are undone already
    attempt  None before the terminal was asked
    answer   None before it answered
    """

    what: What
    sale: str
    tender: TenderKey
    amount: Money
    target: tuple[str, str] | None = None
    undone: tuple[str, ...] = ()
    attempt: Attempt | None = None
    answer: Approved | None = None

    def asked(self, attempt: Attempt) -> CardNote:
        """The terminal is about to be asked."""
        return replace(self, attempt=attempt, answer=None)

    def answered(self, answer: Approved) -> CardNote:
        """The terminal has booked it."""
        done = (*self.undone, self.target[0]) if self.target else self.undone
        return replace(self, answer=answer, undone=done)


class CardNotes:
    """The note's place on disk; it holds one."""

    def __init__(self, hand: Path) -> None:
        self._path = hand / "card.json"

    def keep(self, note: CardNote) -> None:
        """Durably. Raises DiskRefused."""
        text = json.dumps(asdict(note), ensure_ascii=False, indent=1, sort_keys=True)
        durable.replace(self._path, text.encode())

    def clear(self) -> None:
        """It is booked, or no money moved. Raises DiskRefused."""
        if self._path.exists():
            durable.remove(self._path)

    def load(self) -> CardNote | None:
        """The note of a till that died; None where there is none.

        An unsound one is set aside as evidence, and logged as an error: a person must look.
        """
        try:
            return _note(json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            log.error("card note damaged why=%s", error)
            self._path.rename(self._path.with_name("card.damaged.json"))
            return None


def _money(kept: dict[str, Any]) -> Money:
    return Money(int(kept["minor"]), Currency(kept["currency"]))


def _note(kept: dict[str, Any]) -> CardNote:
    attempt, answer = kept["attempt"], kept["answer"]
    target = kept["target"]
    if attempt is not None:
        amount = attempt["amount"]
        before = attempt["before"]
        attempt = Attempt(
            attempt["kind"],
            _money(amount) if amount else None,
            attempt["reference"],
            Mark(**before) if before else None,
        )
    if answer is not None:
        lines = {name: tuple(answer[name]) for name in ("lines", "merchant_lines")}
        answer = Approved(**{**answer, "amount": _money(answer["amount"]), **lines})
    return CardNote(
        kept["what"],
        kept["sale"],
        TenderKey(kept["tender"]),
        _money(kept["amount"]),
        (target[0], target[1]) if target else None,
        tuple(kept["undone"]),
        attempt,
        answer,
    )
