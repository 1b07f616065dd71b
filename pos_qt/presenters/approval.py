"""Approval on the spot: where a right is missing, a second person allows the step once, in the slip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.shown import Action, Ask, Choice
from pos_qt.presenters.signin import PIN_LENGTH
from schemas.keys import ArticleKey, Barcode
from schemas.money import Money
from schemas.staff import Staff
from services.register import permission, wording
from services.register.refusal import StepRefused
from services.till.signin import SignInRefused

ABOUT: Final = "approval"
_CODE_LENGTH: Final = 6
_FEW: Final = 4
_MOST: Final = 12
"""People to choose from; beyond them there is the telephone."""


@dataclass(slots=True)
class _Asked:
    """What is to be allowed, by whom, and how far the answer has come."""

    right: str
    value: Decimal | None
    again: Callable[[], None]
    people: list[Staff]
    chosen: Staff | None
    typed: str = ""
    message: str = ""
    wrong: bool = False
    challenge: str = field(default="")


class ApprovalPresenter:
    """Asks for a PIN, or for head office's answer by telephone; then the same step is done again."""

    def __init__(self, desk: Desk, sale: SalePresenter) -> None:
        self._desk = desk
        self._sale = sale
        self._asked: _Asked | None = None
        desk.asks = self.asks

    def asks(self, error: Exception, again: Callable[[], None]) -> bool:
        """Open the strip where somebody could allow what was refused; says whether it did."""
        if not isinstance(error, StepRefused) or error.fact not in {"no-right", "over-limit"}:
            return False
        right = str(error.values["right"])
        value = error.values.get("value")
        value = value if isinstance(value, Decimal) else None
        people = self._who_may(right, value)
        if right not in permission.RIGHTS or not (people or self._by_telephone):
            return False
        self._asked = _Asked(right, value, again, people, people[0] if people else None)
        if not people:
            self._asked.challenge = self._desk.till.rights.challenge()
        self._open()
        return True

    @property
    def _by_telephone(self) -> bool:
        return bool(self._desk.till.catalogue.own.approval_key)

    def _who_may(self, right: str, value: Decimal | None) -> list[Staff]:
        """Everybody of this branch but the cashier: four eyes."""
        till = self._desk.till
        own = till.cashier.key if till.cashier else None
        if right not in permission.RIGHTS:
            return []
        return [
            person
            for person in till.catalogue.staff()
            if person.key != own
            and permission.allows(till.catalogue.role(person.role), right, value)
        ][:_MOST]

    def scanned(self, code: str) -> bool:
        """A badge while the strip is open; goods that are scanned meanwhile are goods."""
        asked, till = self._asked, self._desk.till
        if asked is None or not self._sale.strips.is_open(ABOUT) or self._desk.is_busy:
            return False
        if till.catalogue.by_code(Barcode(code)) or till.catalogue.by_key(ArticleKey(code)):
            return False
        if not self._has_badges:
            return False
        asked.message = self._desk.words("signin.checking")
        self._renew()
        self._desk.away(
            lambda: till.rights.approve_by_badge(code, asked.right, asked.value),
            lambda _: self._allowed(asked),
            lambda error: self._wrong(asked, error, "signin.badge.wrong"),
        )
        return True

    @property
    def _has_badges(self) -> bool:
        return any(person.badge for person in self._desk.till.catalogue.staff())

    # What the second person does

    def _choose(self, key: str) -> None:
        asked = self._asked
        if asked is not None:
            asked.chosen = next((p for p in asked.people if p.key == key), asked.chosen)
            asked.typed, asked.message, asked.wrong, asked.challenge = "", "", False, ""
            self._renew()

    def _telephone(self) -> None:
        """The challenge is read to head office; its answer is six digits."""
        if self._asked is not None:
            self._asked.challenge = self._desk.till.rights.challenge()
            self._asked.typed, self._asked.message, self._asked.wrong = "", "", False
            self._open()

    def _typed(self, text: str) -> None:
        asked = self._asked
        if asked is None or self._desk.is_busy:
            return
        if text == "C":
            asked.typed = ""
        elif text == "back":
            asked.typed = asked.typed[:-1]
        elif text.isascii() and text.isdigit():
            length = _CODE_LENGTH if asked.challenge else PIN_LENGTH
            asked.typed = (asked.typed + text)[:length]
            asked.message, asked.wrong = "", False
            if len(asked.typed) == length:
                self._check(asked)
        self._renew()

    def _check(self, asked: _Asked) -> None:
        rights, typed = self._desk.till.rights, asked.typed
        asked.message = self._desk.words("signin.checking")

        def check() -> None:
            if asked.challenge:
                rights.approve_by_code(typed, asked.right, asked.value)
            elif asked.chosen is not None:
                rights.approve(asked.chosen, typed, asked.right, asked.value)

        self._desk.away(check, lambda _: self._allowed(asked), lambda e: self._wrong(asked, e))

    def _allowed(self, asked: _Asked) -> None:
        self._asked = None
        self._sale.strips.close(ABOUT)
        self._sale.strips.rest()
        self._sale.show_strips()
        asked.again()

    def _wrong(self, asked: _Asked, error: Exception, said: str = "") -> None:
        words = self._desk.words
        asked.typed, asked.wrong = "", True
        if isinstance(error, SignInRefused):
            asked.message = words(said) if said else words.many("signin.wrong", error.left)
            if error.until is not None:
                left = (error.until - self._desk.till.now()).total_seconds()
                asked.message = words("signin.locked", seconds=max(1, round(left)))
        elif isinstance(error, StepRefused):
            asked.message = words.refusal(error)
        else:
            asked.message = words("strip.fault")
        if asked.challenge:
            asked.challenge = self._desk.till.rights.challenge()
        self._renew()

    # What is seen

    def _open(self) -> None:
        asked, words = self._asked, self._desk.words
        if asked is None:
            return
        offers = []
        if self._by_telephone and not asked.challenge:
            telephone = Action("telephone", words("approval.telephone"), "phone")
            offers.append((telephone, self._telephone))
        self._sale.strips.ask(
            ABOUT,
            ("key", *self._sentences(asked)),
            self._ask(asked),
            tuple(offers),
            typed=self._typed,
            choose=self._choose,
        )
        self._sale.show_strips()

    def _renew(self) -> None:
        if self._asked is not None:
            title, text = self._sentences(self._asked)
            self._sale.strips.renew(ABOUT, title, text, self._ask(self._asked))
            self._sale.show_strips()

    def _sentences(self, asked: _Asked) -> tuple[str, str]:
        words = self._desk.words
        right = words(f"right.{asked.right}")
        if asked.value is not None:
            right = f"{right}, {self._extent(asked.right, asked.value)}"
        if asked.challenge:
            shown = f"{asked.challenge[:3]}\N{NO-BREAK SPACE}{asked.challenge[3:]}"
            return words("approval.title", what=right), words("approval.read", challenge=shown)
        if asked.chosen is None:
            return words("approval.title", what=right), ""
        return words("approval.title", what=right), words("approval.text", name=asked.chosen.name)

    def _extent(self, right: str, value: Decimal) -> str:
        """How far it goes, in percent or money."""
        words, currency = self._desk.words, self._desk.till.basket.currency
        if permission.RIGHTS[right] == permission.PERCENT:
            return wording.percent(value, words.language)
        return f"{words.amount(Money.parse(f'{value:f}', currency))} {wording.sign(currency)}"

    def _ask(self, asked: _Asked) -> Ask:
        few = len(asked.people) <= _FEW

        def name(person: Staff) -> str:
            """Where many could allow it, first names do."""
            return person.name if few else person.name.split()[0]

        choices = tuple(
            Choice(person.key, name(person), person is asked.chosen and not asked.challenge)
            for person in asked.people
        )
        if asked.challenge:
            digits = asked.typed.ljust(_CODE_LENGTH, "·")
            text = f"{digits[:3]} {digits[3:]}"
            return Ask(text, message=asked.message, wrong=asked.wrong, choices=choices)
        return Ask(
            digits=len(asked.typed),
            length=PIN_LENGTH,
            message=asked.message,
            wrong=asked.wrong,
            choices=choices,
        )
