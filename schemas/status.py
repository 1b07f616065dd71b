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
class Checked:
    """How a device was when somebody at the till last tested it.

    device  printer, drawer, terminal, scale, scanner or display
    light   green, yellow or red
    fact    what was found, as `selftest.printer.paper-out`; each face has words for it
    why     the cause, where there is one
    """

    device: str = attribute()
    at: datetime = attribute()
    light: str = attribute()
    fact: str = attribute()
    why: str | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Checks:
    """The newest test of each device; the till keeps it beside the agent's own status."""

    tested: tuple[Checked, ...] = children("tested")


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
    tested: tuple[Checked, ...] = children("tested")
