"""Staff: who may work at a till, and what each role may do there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from schemas.binding import attribute, children
from schemas.keys import Digest, RoleKey, StaffKey


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that a role may do, up to a limit where it has one."""

    name: str = attribute()
    limit: Decimal | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Role:
    """A set of rights under one name."""

    key: RoleKey = attribute()
    name: str = attribute()
    rights: tuple[Right, ...] = children("right")


@dataclass(frozen=True, slots=True)
class Staff:
    """A person at the till; served only to the branch's own tills.

    pin    an argon2id digest
    badge  the digest of the code on their badge (see services/register/badge.py); none: no badge
    """

    key: StaffKey = attribute()
    name: str = attribute()
    role: RoleKey = attribute()
    pin: str = attribute()
    language: str | None = attribute(default=None)
    badge: Digest | None = attribute(default=None)

    @property
    def initials(self) -> str:
        """The first letters of the first and last name."""
        words = self.name.split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()
