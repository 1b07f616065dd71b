"""Strips: what went wrong or must be decided, said inside the slip. They queue; scans go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pos_qt.presenters.shown import Action, Strip
from pos_qt.translations.words import Words

_MOST = 20


@dataclass(frozen=True, slots=True)
class _Open:
    strip: Strip
    about: str
    does: dict[str, Callable[[], None]]


class Strips:
    """All open strips, the newest last. The same fault twice is one strip."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._next = 1

    @property
    def shown(self) -> tuple[Strip, ...]:
        """The strips, oldest first."""
        return tuple(each.strip for each in self._open)

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
        about = about or title
        self._open = [each for each in self._open if each.about != about][-_MOST:]
        close = Action("close", "", "x", "close")
        strip = Strip(self._next, kind, icon, title, text, (*(a for a, _ in offers), close))
        self._open.append(_Open(strip, about, {action.key: does for action, does in offers}))
        self._next += 1

    def act(self, number: int, key: str) -> None:
        """An action of a strip was taken: the strip closes, then the action happens."""
        for each in self._open:
            if each.strip.number == number:
                self._open.remove(each)
                each.does.get(key, lambda: None)()
                return

    def close(self, about: str) -> None:
        """Close what is open about something."""
        self._open = [each for each in self._open if each.about != about]

    def close_newest(self) -> bool:
        """Close the newest strip; says whether there was one."""
        return bool(self._open and self._open.pop())

    def clear(self) -> None:
        """Close all."""
        self._open.clear()


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
