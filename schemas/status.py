"""Status: what agent and till say of themselves, to each other and to head office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schemas.binding import attribute, children
from schemas.keys import Digest


@dataclass(frozen=True, slots=True)
class Mirrored:
    """How far the mirror of one scope is."""

    scope: str = attribute()
    revision: int = attribute()
    digest: Digest = attribute()


@dataclass(frozen=True, slots=True)
class Status:
    """A till's state as its agent sees it.

    link      online, offline, refused (head office does not know this till any more)
    waiting   entries that head office has not acknowledged
    oldest    when the oldest of them was made
    contact   when head office last answered
    fault     what a person should know, in a sentence
    """

    software: str = attribute()
    at: datetime = attribute()
    link: str = attribute()
    waiting: int = attribute()
    oldest: datetime | None = attribute(default=None)
    contact: datetime | None = attribute(default=None)
    published: datetime | None = attribute(default=None)
    cause: str | None = attribute(default=None)
    fault: str | None = attribute(default=None)
    disk_free: int | None = attribute(default=None)
    mirrored: tuple[Mirrored, ...] = children("mirrored")
