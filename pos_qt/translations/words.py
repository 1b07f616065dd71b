"""What the till says, in the cashier's language: short ids, sentences with named places."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Final

from schemas.money import Money, UnitPrice
from schemas.quantity import Quantity
from services.register import wording
from services.register.refusal import StepRefused

LANGUAGES: Final = ("de", "en", "es")


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """All sentences of a language."""
    path = Path(__file__).parent / f"{language}.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


class Words:
    """One language's sentences; a language that is not known speaks English."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._sentences = catalogue(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """The sentence called `key`, its places filled."""
        return self._sentences[key].format(**{k: self._said(v) for k, v in values.items()})

    def knows(self, key: str) -> bool:
        """Is there a sentence of this name?"""
        return key in self._sentences

    def _said(self, value: object) -> str:
        if isinstance(value, Money | UnitPrice):
            return self.amount(value)
        return str(value)

    def amount(self, money: Money | UnitPrice) -> str:
        """An amount without its currency."""
        return wording.amount(money, self.language)

    @property
    def point(self) -> str:
        """What parts whole from tenths, as this language writes it."""
        return "." if self.language == "en" else ","

    def typed(self, text: str) -> str:
        """What is being typed as a number, as this language writes it; presenters keep a comma."""
        return text.replace(",", self.point)

    def quantity(self, many: Quantity) -> str:
        """A quantity with its unit."""
        return wording.quantity(many, self.language)

    def many(self, key: str, count: int) -> str:
        """`key` for one thing or for many."""
        return self(f"{key}.one" if count == 1 else f"{key}.many", count=count)

    def refusal(self, refused: StepRefused) -> str:
        """What the register refuses, in this language."""
        values = dict(refused.values)
        right = f"right.{values.get('right')}"
        if right in self._sentences:
            values["right"] = self._sentences[right]
        return self(f"refused.{refused.fact}", **values)
