"""Passing a parked sale from one till to another of its branch: what is asked, answered and kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schemas.binding import attribute, child, children
from schemas.keys import StaffKey
from schemas.money import Money
from schemas.receipt import Parked


@dataclass(frozen=True, slots=True)
class Call:
    """What one till asks of another.

    what     shelf (what is parked there?), claim (give it to me), release (I want it no more)
    nonce    fresh for each call; the answer's signature covers it, so no old answer can serve again
    claim    the asker's own name for what it wants: the same claim again gets the same answer
    parking  the parked sale, as the owner calls it
    """

    what: str = attribute()
    asker: str = attribute()
    asked: str = attribute()
    nonce: str = attribute()
    claim: str | None = attribute(default=None)
    parking: str | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A parked sale as its neighbours see it.

    by     who parked it
    lines  how many lines count, deposits aside; `first` is the first one's name
    """

    parking: str = attribute()
    at: datetime = attribute()
    by: StaffKey = attribute()
    by_name: str = attribute()
    total: Money = attribute()
    lines: int = attribute()
    first: str = attribute()


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a till has parked, oldest first."""

    till: str = attribute()
    waiting: tuple[Waiting, ...] = children("waiting")


@dataclass(frozen=True, slots=True)
class Want:
    """A parked sale that this till wants from another; it asks until it has an answer.

    withdrawn  nobody waits for it any more; what is still to be learnt is whether it came
    """

    claim: str = attribute()
    owner: str = attribute()
    parking: str = attribute()
    by: StaffKey = attribute()
    at: datetime = attribute()
    withdrawn: bool | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Passed:
    """The owner's answer to a claim.

    state   given, taken (another till has it), gone (it is not parked any more), void (it was
            released before it was given, and never will be)
    holder  the till that has it, where that is known
    """

    claim: str = attribute()
    state: str = attribute()
    holder: str | None = attribute(default=None)
    parked: Parked | None = child(default=None)


@dataclass(frozen=True, slots=True)
class Given:
    """The owner's own record that it gave a parked sale away: from then on it is another till's."""

    claim: str = attribute()
    parking: str = attribute()
    to: str = attribute()
    at: datetime = attribute()
    parked: Parked = child()


@dataclass(frozen=True, slots=True)
class Beside:
    """A neighbour as it was last seen.

    reached  did it answer when last asked? Where it did not, `waiting` is what it said before
    seen     when it last answered
    """

    till: str = attribute()
    name: str = attribute()
    reached: bool = attribute()
    seen: datetime | None = attribute(default=None)
    waiting: tuple[Waiting, ...] = children("waiting")


@dataclass(frozen=True, slots=True)
class Around:
    """All neighbours, as the agent last saw them."""

    at: datetime = attribute()
    neighbours: tuple[Beside, ...] = children("beside")
