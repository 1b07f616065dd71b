"""Asking head office before what is not money is taken; where it cannot be asked, allowances decide.

The till talks to no network: a question goes into a folder, the agent carries it, and the answer
comes back into another. What is granted is held at head office for this sale until its end has
come there, so that nobody can spend it a second time in between.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from dataclasses import replace
from typing import Final, Protocol

from schemas import xml
from schemas.authorisation import Answer, Question
from schemas.keys import ProgrammeKey, VoucherNumber
from schemas.money import Money
from schemas.receipt import Basket
from services.disk import bell
from services.disk.box import Box
from services.register import voucher

PATIENCE_S: Final = 4.0
"""For how long an answer is waited for."""
_Key = tuple[str, str, str, str]


class Counter(Protocol):
    """What asking needs of its till."""

    basket: Basket


class Authority:
    """The questions and answers of the sale in hand."""

    def __init__(self, till: Counter, box: Box) -> None:
        self._till = till
        self._box = box
        self._said: dict[_Key, Answer] = {}

    def question(
        self, kind: str, key: str, amount: Money, programme: ProgrammeKey | None = None
    ) -> Question | None:
        """The question whether the sale in hand may take so much more; None for practice, or no sale.

        It asks for all that the sale takes of it: head office holds what was asked for last, so what
        was given in part before must be in it.
        """
        sale = self._till.basket.ref
        if sale is None or self._till.basket.training:
            return None
        whole = Money(amount.minor + self.in_hand(kind, key, programme), amount.currency)
        return _question(kind, sale, key, whole, programme)

    def in_hand(self, kind: str, key: str, programme: ProgrammeKey | None = None) -> int:
        """Minor units that the sale in hand takes of it already."""
        basket = self._till.basket
        if kind == "voucher":
            return voucher.in_hand(basket, VoucherNumber(key)).minor
        # A sale has one customer, who may be called by a number from before they were merged.
        reference = {"account": None, "points": programme}.get(kind, key)
        return sum(
            p.amount.minor
            for p in basket.payments
            if p.kind == kind and p.amount.minor > 0 and reference in {None, p.reference}
        )

    def put(self, question: Question, patience_s: float = PATIENCE_S) -> Answer | None:
        """Ask, and wait for the answer; None where none came. Touches folders only, from any thread."""
        ask = self._box.asks / f"{question.id}.xml"
        answer = self._box.answers / f"{question.id}.xml"
        listening = bell.Bell(self._box.path, "answers")
        try:
            beside = ask.with_suffix(".new")
            beside.write_bytes(xml.dump(question))
            beside.rename(ask)
            bell.ring(self._box.path, "asks")
            until = time.monotonic() + patience_s
            while True:
                with contextlib.suppress(FileNotFoundError):
                    return _sound(question, xml.load(Answer, answer.read_bytes()))
                left = until - time.monotonic()
                if left <= 0:
                    return None
                listening.wait(min(left, 0.25))
        except (OSError, xml.DocumentRefused):
            return None  # it decides without head office
        finally:
            listening.close()
            with contextlib.suppress(OSError):
                ask.unlink(missing_ok=True)

    def keep(self, question: Question, answer: Answer | None) -> None:
        """What head office said holds for this sale until it is asked again."""
        key = _key(question)
        if answer is None or answer.state == "away":
            self._said.pop(key, None)
            return
        held = question.amount  # there may be more left, but only so much is held for this sale
        if answer.state == "granted" and answer.left and held.minor < answer.left.minor:
            answer = replace(answer, left=held)
        self._said[key] = answer

    def ask(
        self, kind: str, key: str, amount: Money, programme: ProgrammeKey | None = None
    ) -> Answer | None:
        """Ask and keep the answer, waiting for it: for `tresen till sell`, which has no screen."""
        question = self.question(kind, key, amount, programme)
        if question is None:
            return None
        answer = self.put(question)
        self.keep(question, answer)
        return answer

    def ask_of_void(self, sale: str, number: VoucherNumber, amount: Money) -> Answer | None:
        """Is a voucher that is taken back still worth what it was sold for? Waits for the answer.

        What is granted is held for the void, so that nobody spends it before the void has come up.
        None where head office could not be asked.

        sale  the void's own name
        """
        answer = self.put(_question("voucher", sale, number, amount))
        return None if answer is None or answer.state == "away" else answer

    def said(self, kind: str, key: str, programme: ProgrammeKey | None = None) -> Answer | None:
        """What head office said of this for the sale in hand; None where it was not asked or away."""
        return self._said.get((self._till.basket.ref or "", kind, key, programme or ""))

    def forget(self) -> None:
        """The sale is over."""
        self._said.clear()


def _question(
    kind: str, sale: str, key: str, amount: Money, programme: ProgrammeKey | None = None
) -> Question:
    return Question(uuid.uuid4().hex, kind, sale, key, amount, programme)


def _sound(question: Question, answer: Answer) -> Answer | None:
    return answer if answer.id == question.id else None


def _key(question: Question) -> _Key:
    return question.sale, question.kind, question.key, question.programme or ""
