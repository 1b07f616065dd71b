"""A test print: the rows of a sample slip that head office wants to see on one till's paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schemas.binding import attribute, children


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One row as it is printed; `code` stands above it as a QR code."""

    text: str = attribute()
    bold: bool | None = attribute(default=None)
    double: bool | None = attribute(default=None)
    code: str | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Proof:
    """A test print for one till. There is one at a time: a newer one takes the older one's place.

    at  when it was asked for; it tells it from every other
    """

    key: str = attribute()
    at: datetime = attribute()
    by: str = attribute()
    rows: tuple[ProofRow, ...] = children("row")


KEY = "proof"
"""The key of every one: each till has its own in its own scope."""
