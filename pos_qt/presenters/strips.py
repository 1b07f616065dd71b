"""Strips: what went wrong or must be decided, said inside the slip. They queue; scans go on.

The keyboard reaches every strip: Tab moves a ring over what can be done, Space does it, and digits go
to the question that the ring is at. Enter does nothing here: a scanner sends it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from pos_qt.presenters.shown import Action, Ask, Strip
from pos_qt.translations.words import Words

_MOST: Final = 20
ASK: Final = "ask"
"""The ring's place at a strip's question."""


@dataclass(frozen=True, slots=True)
class _Open:
    strip: Strip
    about: str
    does: dict[str, Callable[[], None]]
    typed: Callable[[str], None] | None = None
    choose: Callable[[str], None] | None = None
    page: object = None

    @property
    def stops(self) -> list[str]:
        """Where the ring can be."""
        first = (
            [ASK, *self.choices] if self.strip.ask and not self.strip.ask.plain else self.choices
        )
        return [*first, *(action.key for action in self.strip.actions)]

    @property
    def choices(self) -> list[str]:
        """What its question can choose from."""
        return [choice.key for choice in self.strip.ask.choices] if self.strip.ask else []


class Strips:
    """All open strips, the newest last. The same fault twice is one strip."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._next = 1
        self._ring: tuple[int, str] | None = None
        self._page: object = None
        self.on_open: Callable[[Strip], None] = lambda _: None

    @property
    def shown(self) -> tuple[Strip, ...]:
        """The strips, oldest first."""
        number, key = self._ring or (0, "")
        return tuple(
            replace(each.strip, ring=key) if each.strip.number == number else each.strip
            for each in self._open
        )

    def warn(
        self,
        title: str,
        text: str = "",
        *,
        kind: str = "danger",
        icon: str = "warning",
        about: str = "",
        offers: tuple[tuple[Action, Callable[[], None]], ...] = (),
    ) -> None:
        """Open a strip; it closes by its cross, or by any action in it."""
        close = Action("close", "", "x", "close")
        about = about or title
        strip = Strip(self._next, kind, icon, title, text, (*(a for a, _ in offers), close))
        passes = self._page if kind == "warn" and not offers else None
        does = {action.key: do for action, do in offers}
        self._put(_Open(strip, about, does, page=passes))

    def ask(
        self,
        about: str,
        strip: tuple[str, str, str],
        ask: Ask | None,
        offers: tuple[tuple[Action, Callable[[], None]], ...],
        *,
        typed: Callable[[str], None] | None = None,
        choose: Callable[[str], None] | None = None,
        closes: bool = True,
    ) -> None:
        """Open a strip with a question, the keyboard's ring on it.

        strip   icon, title and text
        closes  whether it has a cross: a question that the law asks has none
        """
        icon, title, text = strip
        actions = [action for action, _ in offers]
        if closes:
            actions.append(Action("close", "", "x", "close"))
        made = Strip(self._next, "warn", icon, title, text, tuple(actions), ask)
        does = {action.key: do for action, do in offers}
        self._put(_Open(made, about, does, typed, choose))
        if ask is not None:
            self._ring = (made.number, self._open[-1].stops[0])

    def _put(self, made: _Open) -> None:
        self._open = [each for each in self._open if each.about != made.about][-_MOST:]
        self._open.append(made)
        self._next += 1
        self.on_open(made.strip)

    def renew(self, about: str, title: str, text: str, ask: Ask) -> None:
        """A question goes on: other words, other digits; it stays where it is."""
        for n, each in enumerate(self._open):
            if each.about == about:
                strip = replace(each.strip, title=title, text=text, ask=ask)
                self._open[n] = replace(each, strip=strip)

    def is_open(self, about: str) -> bool:
        """Is there a strip about this?"""
        return any(each.about == about for each in self._open)

    @property
    def is_ringed(self) -> bool:
        """Is the keyboard at a strip?"""
        return self._ring is not None and self._ring[0] in {e.strip.number for e in self._open}

    def about(self, prefix: str) -> list[str]:
        """What open strips are about, of those that begin so."""
        return [each.about for each in self._open if each.about.startswith(prefix)]

    def act(self, number: int, key: str) -> None:
        """An action of a strip was taken: the strip closes, then the action happens."""
        for each in self._open:
            if each.strip.number == number:
                if key == ASK or key in each.choices:
                    self._ring = (number, ASK)
                    if key != ASK and each.choose is not None:
                        each.choose(key)
                    return
                self._open.remove(each)
                each.does.get(key, lambda: None)()
                return

    # The keyboard

    def rest(self) -> None:
        """Digits are no answers any more: the cashier went on selling."""
        self._ring = None

    def step(self, steps: int) -> bool:
        """The ring goes on, from the newest strip to the oldest; says whether there is one."""
        stops = [(e.strip.number, stop) for e in reversed(self._open) for stop in e.stops]
        if not stops:
            return False
        at = stops.index(self._ring) + steps if self._ring in stops else 0
        self._ring = stops[at % len(stops)]
        return True

    def jump(self, prefix: str) -> bool:
        """The oldest strip about something comes to the front, with the ring on it."""
        for each in self._open:
            if each.about.startswith(prefix):
                self._open.remove(each)
                self._open.append(each)
                self._ring = (each.strip.number, each.stops[0])
                return True
        return False

    def press(self) -> bool:
        """Do what the ring is at; says whether it is anywhere."""
        if self._ring is None or self._ring[0] not in {e.strip.number for e in self._open}:
            return False
        number, key = self._ring
        if key != ASK:
            self._ring = None
            self.act(number, key)
        return True

    def typed(self, text: str) -> bool:
        """Digits, `back` or `C`; says whether a question took them."""
        for each in self._open:
            if self._ring == (each.strip.number, ASK) and each.typed is not None:
                each.typed(text)
                return True
        return False

    # The end

    def close(self, about: str) -> None:
        """Close what is open about something."""
        self._open = [each for each in self._open if each.about != about]

    def close_newest(self) -> bool:
        """Close the newest strip that can be closed; says whether there was one."""
        for each in reversed(self._open):
            if any(action.key == "close" for action in each.strip.actions):
                self._open.remove(each)
                return True
        return False

    def clear(self, but: str = "") -> None:
        """Close all; `but` what is about something that begins so."""
        self._open = [each for each in self._open if but and each.about.startswith(but)]

    def on_page(self, page: object) -> None:
        """Another page of the sheet lies in front, or none: what was refused on the last one is over."""
        if page is not self._page:
            gone = self._page
            self._open = [each for each in self._open if gone is None or each.page is not gone]
            self._page = page


def unknown_code(strips: Strips, words: Words, code: str, search: Callable[[], None]) -> None:
    """Say that a code is not known; nothing was sold and the next scan is free."""
    offer = (Action("search", words("strip.search"), "magnifying-glass"), search)
    strips.warn(
        words("strip.unknown", code=code),
        words("strip.unknown.text"),
        icon="barcode",
        about=f"code {code}",
        offers=(offer,),
    )
