"""Words of the pages in German, English and Spanish, by short ids."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Final

from babel.numbers import format_decimal

LANGUAGES: Final = {"de": "Deutsch", "en": "English", "es": "Español"}
_MANY: Final = frozenset({"count", "ready", "branches"})
"""Places of a sentence that say how many."""
_FOLDER: Final = Path(__file__).parent / "translations"


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """All words of a language."""
    found: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return found


def word(language: str, key: str, /, **values: object) -> str:
    """The words called `key`, with values filled in; `key.one` is taken for a `count` of one.

    How many of something there are is written with its thousands marked.
    """
    words = catalogue(language)
    if values.get("count") in {1, "1"} and f"{key}.one" in words:
        key = f"{key}.one"
    for name in _MANY & values.keys():
        many = values[name]
        if isinstance(many, int):
            values[name] = format_decimal(many, locale=language)
    return words[key].format(**values) if values else words[key]
