"""How words are compared where people write them in different ways: accents, umlauts, capitals."""

from __future__ import annotations

import unicodedata
from typing import Final

_SPELLED: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS",
     "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ł": "l", "Ł": "L"}
)  # fmt: skip
_FOLDED: Final = str.maketrans({"ø": "o", "æ": "ae", "ł": "l"})


def plain(text: str) -> str:
    """Text as a key may have it: `Getränke` is Getraenke, and `Lácteos` Lacteos."""
    return _bare(text.translate(_SPELLED))


def folded(text: str) -> str:
    """Text as it is searched: small letters without accents, `Crème Brûlée` is `creme brulee`."""
    if text.isascii():
        return text.casefold()
    return _bare(text.casefold()).casefold().translate(_FOLDED)  # ᴬ is a capital once it is bare


def findable(text: str) -> str:
    """Text folded, and after it its words in the other way that they are written.

    `Prüfsaft` is found as `prufsaft` and, from a keyboard without umlauts, as `pruefsaft`.
    """
    if text.isascii():
        return text.casefold()
    also = (plain(word).casefold() for word in text.split() if not word.isascii())
    there = folded(text)
    known = there.split()
    return " ".join([there, *(word for word in dict.fromkeys(also) if word not in known)])


def contracted(text: str) -> str:
    """Folded text with two letters for an umlaut made one: `mueller` is `muller`, as `Müller` is."""
    for two, one in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        text = text.replace(two, one)
    return text


def _bare(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
