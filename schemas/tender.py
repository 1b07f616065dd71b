"""Tenders: the ways to pay, with what a till may do with each."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.binding import attribute
from schemas.keys import TenderKey


@dataclass(frozen=True, slots=True)
class Tender:
    """A way to pay. `change`: may more be given than is due; `drawer`: does it open the drawer."""

    key: TenderKey = attribute()
    kind: str = attribute()
    de: str | None = attribute(default=None)
    en: str | None = attribute(default=None)
    es: str | None = attribute(default=None)
    change: bool = attribute(default=False)
    drawer: bool = attribute(default=False)

    def name(self, language: str) -> str:
        """The name in `language`, else in any language, else the key."""
        return getattr(self, language, None) or self.de or self.en or self.es or self.key
