"""Signing in: a name, four digits, and the right person sells within three seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.shown import Person
from schemas.staff import Staff
from services.register.refusal import StepRefused
from services.till.signin import SignInRefused

PIN_LENGTH: Final = 4


class SignInView(Protocol):
    """What shows the sign-in."""

    def show_people(self, people: Sequence[Person], chosen: str | None) -> None:
        """Who may sign in, and who is about to."""

    def show_greeting(self, greeting: str, lead: str, facts: Sequence[tuple[str, str]]) -> None:
        """The words beside the names, and the facts under the pad."""

    def show_pin(self, title: str, digits: int, message: str, *, wrong: bool) -> None:
        """How many digits have been typed, and what came of the last try."""


class SignInPresenter:
    """Lets a person sell. A lock lasts as long as it must, whatever is pressed meanwhile."""

    def __init__(self, desk: Desk, view: SignInView) -> None:
        self.on_signed_in: Callable[[], None] = lambda: None
        self._desk = desk
        self._view = view
        self._people: list[Staff] = []
        self._chosen: Staff | None = None
        self._pin = ""
        self._message = ""
        self._until: datetime | None = None

    def open(self, chosen: Staff | None = None) -> None:
        """The sign-in comes to the front; the person who locked is chosen already."""
        self._people = self._desk.till.catalogue.staff()
        keys = [person.key for person in self._people]
        self._chosen = (
            self._people[keys.index(chosen.key)] if chosen and chosen.key in keys else None
        )
        if len(self._people) == 1:
            self._chosen = self._people[0]
        self._clear()
        self._show()

    def choose(self, key: str) -> None:
        """A name was tapped."""
        self._desk.take(lambda: self._choose(key))

    def _choose(self, key: str) -> None:
        self._chosen = next((p for p in self._people if p.key == key), None)
        self._clear()
        self._show()

    def move(self, steps: int) -> None:
        """The next or previous name, by the arrow keys."""
        if self._people:
            at = self._people.index(self._chosen) + steps if self._chosen else 0
            self.choose(self._people[at % len(self._people)].key)

    def typed(self, text: str) -> None:
        """Digits, from the pad or a keyboard."""
        if self._until is not None or self._desk.is_busy:
            return
        if self._chosen is None:
            self._message = self._desk.words("signin.choose")
        else:
            digits = "".join(c for c in text if c.isascii() and c.isdigit())
            self._pin = (self._pin + digits)[:PIN_LENGTH]
            self._message = ""
            if len(self._pin) == PIN_LENGTH:
                self._check(self._chosen, self._pin)
        self._show_pin()

    def scanned(self, code: str) -> None:
        """A badge: its wearer sells."""
        if not any(person.badge for person in self._people):
            return  # goods are scanned before somebody signs in: nothing is looked up
        if self._until is None and not self._desk.is_busy:
            self._message = self._desk.words("signin.checking")
            self._desk.away(
                lambda: self._desk.till.sign_in_by_badge(code), self._signed_in, self._no_badge
            )
            self._show_pin()

    def _no_badge(self, error: Exception) -> None:
        self._refused(error)
        if isinstance(error, SignInRefused) and error.until is None:
            self._message = self._desk.words("signin.badge.wrong")
            self._show_pin(wrong=True)

    def erase(self, *, whole: bool = False) -> None:
        """The last digit, or all."""
        self._pin = "" if whole else self._pin[:-1]
        self._show_pin()

    def tick(self) -> None:
        """A second went by: a lock counts down."""
        if self._until is not None:
            if self._desk.till.now() >= self._until:
                self._clear()
            self._show_pin()

    def _clear(self) -> None:
        self._pin, self._message, self._until = "", "", None

    def _check(self, person: Staff, pin: str) -> None:
        self._message = self._desk.words("signin.checking")
        self._desk.away(
            lambda: self._desk.till.sign_in(person, pin), self._signed_in, self._refused
        )

    def _signed_in(self, _: None) -> None:
        self._clear()
        self.on_signed_in()

    def _refused(self, error: Exception) -> None:
        self._pin = ""
        words = self._desk.words
        if isinstance(error, SignInRefused):
            self._until = error.until
            self._message = words.many("signin.wrong", error.left)
        elif isinstance(error, StepRefused):
            self._message = words.refusal(error)
        else:
            self._message = words("strip.fault")
        self._show_pin(wrong=True)

    def _show(self) -> None:
        words, till = self._desk.words, self._desk.till
        people = [self._person(person) for person in self._people]
        self._view.show_people(people, self._chosen.key if self._chosen else None)
        hour = till.now().hour
        key = "morning" if hour < 11 else "day" if hour < 18 else "evening"
        lead = words("signin.lead") if people else words("signin.nobody")
        if not till.basket.is_empty:
            lead = words("signin.open", number=self._desk.next_name, total=till.basket.total)
        last = words("signin.never")
        if till.last is not None:
            ends = till.last.ends.astimezone(till.now().tzinfo)
            last = f"{till.last.number} · {ends:%d.%m. %H:%M}, {till.last.cashier_name}"
        stand = till.catalogue.published.astimezone(till.now().tzinfo)
        facts = [(words("signin.last"), last), (words("signin.data"), f"{stand:%d.%m. %H:%M}")]
        self._view.show_greeting(words(f"signin.{key}"), lead, facts)
        self._show_pin()

    def _person(self, person: Staff) -> Person:
        role = self._desk.till.catalogue.role(person.role)
        return Person(person.key, person.name, role.name if role else "", person.initials)

    def _show_pin(self, *, wrong: bool = False) -> None:
        words, message = self._desk.words, self._message
        if self._until is not None:
            left = (self._until - self._desk.till.now()).total_seconds()
            message = words("signin.locked", seconds=max(0, round(left)))
        title = words("signin.choose")
        if self._chosen:
            title = words("signin.pin", name=self._chosen.name)
        wrong = wrong or self._until is not None
        self._view.show_pin(title, len(self._pin), message, wrong=wrong)
