"""Till keyboards: tabs of article keys, each at a place that never moves by itself."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.binding import attribute, children
from schemas.keys import ArticleKey, KeyboardKey


@dataclass(frozen=True, slots=True)
class Key:
    """One article key. `row` and `column` count from 0; it is so many cells wide and tall."""

    row: int = attribute()
    column: int = attribute()
    article: ArticleKey = attribute()
    label: str | None = attribute(default=None)
    colour: str | None = attribute(default=None)
    picture: str | None = attribute(default=None)
    wide: int | None = attribute(default=None)
    tall: int | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of keys."""

    de: str | None = attribute(default=None)
    en: str | None = attribute(default=None)
    es: str | None = attribute(default=None)
    icon: str | None = attribute(default=None)
    keys: tuple[Key, ...] = children("key")

    def name(self, language: str) -> str:
        """The name in `language`, else in any language."""
        return getattr(self, language, None) or self.de or self.en or self.es or "…"


@dataclass(frozen=True, slots=True)
class Keyboard:
    """All article keys of a till."""

    key: KeyboardKey = attribute()
    version: int = attribute()
    rows: int = attribute(default=4)
    columns: int = attribute(default=4)
    tabs: tuple[Tab, ...] = children("tab")
