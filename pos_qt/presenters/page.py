"""Pages of a sheet: tiles, rows, fields and one step, all within reach of keyboard and finger.

The keyboard is at one of them, and a ring shows at which: arrows move it, Enter takes it. Digits go
to the field, or choose a tile by its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pos_qt.presenters.shown import Choice, Field, Sheet
from schemas.money import AmountRefused, Money

ACT: Final = "act"
_LONGEST: Final = 100


@dataclass(slots=True)
class Blank:
    """A field that waits to be filled in.

    kind  money, number, chips, text for words, code or day for signs that the number pad has: its
          comma is a code's hyphen
    ends  filled in, it says all that the page asks: Enter there takes the page's step
    """

    key: str
    caption: str
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    text: str = ""
    hint: str = ""
    ends: bool = False

    def typed(self, name: str) -> None:
        """A character, `back`, `C` or `00`."""
        if name == "C":
            self.text = ""
        elif name == "back":
            self.text = "" if self._is_choice else self.text[:-1]
        elif self.kind == "money":
            self._amount(name)
        elif self.kind == "number":
            self.text += name if name.isascii() and name.isdigit() else ""
        elif self.kind == "code" and name == ",":
            self.text += "-"
        elif name.isprintable():
            self.text = name if self._is_choice else self.text + name
        self.text = self.text[:_LONGEST]

    @property
    def _is_choice(self) -> bool:
        return any(self.text == key for key, _ in self.choices)

    def _amount(self, name: str) -> None:
        if name.isascii() and name.isdigit():
            self.text += name
        elif name in {",", "."} and "," not in self.text:
            self.text = (self.text or "0") + ","

    def money(self, currency: str) -> Money | None:
        """What was typed as an amount; None where it is none."""
        try:
            return Money.parse(self.text.replace(",", ".").rstrip("."), currency)
        except AmountRefused:
            return None

    def shown(self, point: str) -> Field:
        """The field as it is seen; `point` parts whole from tenths."""
        chips = tuple(Choice(key, text, key == self.text) for key, text in self.choices)
        typed = "" if self._is_choice else self.text
        if self.kind == "money":
            typed = typed.replace(",", point)
        return Field(self.key, self.caption, typed, chips, self.hint)


class Page:
    """One page. What it shows is asked anew each time; what it can do stands in `does`."""

    def __init__(
        self,
        look: Callable[[], Sheet],
        does: dict[str, Callable[[], None]] | None = None,
        *,
        blanks: Sequence[Blank] = (),
        tap: Callable[[str], None] | None = None,
        scan: Callable[[str], bool] | None = None,
    ) -> None:
        """See the class.

        look   what is seen; fields are filled in by the page
        does   tiles, further steps and `act`, by their keys
        tap    an item was tapped
        scan   a code was scanned; says whether it meant something here
        """
        self.blanks = {blank.key: blank for blank in blanks}
        self.number = ""
        self.point = ","
        self.on_back: Callable[[], None] = lambda: None
        """Somebody left it by the way they came."""
        self._look = look
        self._does = does or {}
        self._tap = tap
        self._scan = scan
        self._ring = ""

    def sheet(self) -> Sheet:
        """What is seen now."""
        seen = self._look()
        if self._ring not in self._stops(seen):
            self._ring = next(iter(self._stops(seen)), "")
        fields = tuple(blank.shown(self.point) for blank in self.blanks.values())
        return replace(seen, fields=fields, ring=self._ring, writes=self.takes_words)

    def at(self, key: str) -> None:
        """The keyboard is at this from the beginning."""
        self._ring = key

    def entry(self) -> tuple[str, str]:
        """Caption and text of what the pad types into; empty where it types nowhere."""
        blank = self._blank()
        if blank is None:
            return self._look().title, self.number.replace(",", self.point)
        return blank.caption, blank.shown(self.point).text

    @property
    def takes_words(self) -> bool:
        """Is the keyboard at a field for words?"""
        at = self.blanks.get(self._ring)
        return at is not None and at.kind == "text"

    def value(self, key: str) -> str:
        """What was filled in."""
        return self.blanks[key].text.strip()

    def typed(self, name: str) -> None:
        """A character or a key of the pad."""
        seen = self._look()
        at = self.blanks.get(self._ring)
        tiles = [tile for tile in seen.tiles if tile.enabled]
        if at is None and name.isdigit() and not self.blanks and seen.tiles:
            place = int(name) - 1
            if 0 <= place < len(seen.tiles) and seen.tiles[place] in tiles:
                self.tap(seen.tiles[place].key)
            return
        if at is None and seen.items:
            self._count(name)
            return
        blank = at or self._blank()
        if blank is not None:
            self._ring = blank.key
            blank.typed(name)

    def _count(self, name: str) -> None:
        """A number before an item says how many of it."""
        if name == "C":
            self.number = ""
        elif name == "back":
            self.number = self.number[:-1]
        elif name.isascii() and (name.isdigit() or name == ","):
            self.number += name

    def move(self, steps: int) -> None:
        """The ring goes on."""
        stops = list(self._stops(self._look()))
        if stops:
            at = stops.index(self._ring) + steps if self._ring in stops else 0
            self._ring = stops[max(0, min(at, len(stops) - 1))]

    def turn(self, steps: int) -> None:
        """To the left or right: another of a field's choices, or the next tile."""
        blank = self.blanks.get(self._ring)
        if blank is None or not blank.choices:
            self.move(steps)
            return
        keys = [key for key, _ in blank.choices]
        at = keys.index(blank.text) + steps if blank.text in keys else 0
        blank.text = keys[max(0, min(at, len(keys) - 1))]

    def rows(self, steps: int) -> None:
        """Up or down: a row of tiles is as wide as its columns."""
        seen = self._look()
        wide = seen.columns if any(self._ring == tile.key for tile in seen.tiles) else 1
        self.move(steps * wide)

    def enter(self) -> None:
        """A field is filled in: on to the next. Else what the ring is at."""
        at = self.blanks.get(self._ring)
        if at is not None and at.ends and at.text.strip():
            self.tap(ACT)
        elif at is not None:
            self.move(1)
        elif self._ring:
            self.tap(self._ring)

    def tap(self, key: str) -> None:
        """Something was tapped: a tile, an item, a step, a field, or a field's choice."""
        field, _, choice = key.partition("/")
        if field in self.blanks:
            self._ring = field
            if choice:
                self.blanks[field].text = choice
        elif key in self._does:
            self._does[key]()
        elif self._tap is not None:
            self._ring = key
            self._tap(key)

    def scanned(self, code: str) -> bool:
        """A code; says whether it meant something here."""
        return self._scan is not None and self._scan(code)

    def _blank(self) -> Blank | None:
        """The field that digits go to: the one with the ring, else the first that is typed."""
        at = self.blanks.get(self._ring)
        typed = [blank for blank in self.blanks.values() if blank.kind != "chips"]
        return at or (typed[0] if typed else None)

    def _stops(self, seen: Sheet) -> dict[str, None]:
        keys = [tile.key for tile in seen.tiles if tile.enabled]
        keys += [item.key for item in seen.items if item.enabled]
        keys += [*self.blanks, *([ACT] if seen.act else []), *(each.key for each in seen.more)]
        return dict.fromkeys(keys)
