"""Signing in by PIN: argon2id from the mirror, and a lock on guessing that survives the till's death."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import argon2

from schemas.staff import Staff
from services.disk import durable
from services.mirror.catalogue import Catalogue
from services.register import badge

MOST_WRONG: Final = 5
LOCKED: Final = timedelta(seconds=60)

_HASHER: Final = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Source: OWASP Password Storage Cheat Sheet, second argon2id setting."""


class SignInRefused(Exception):
    """Not signed in. `left` tries remain; `until` is when a lock ends."""

    def __init__(self, left: int, until: datetime | None) -> None:
        self.left = left
        self.until = until
        super().__init__("Wrong PIN." if until is None else "Too many wrong PINs.")


def pin_digest(pin: str) -> str:
    """The digest that head office keeps and replicates of a PIN."""
    return _HASHER.hash(pin)


def _fits(digest: str, pin: str) -> bool:
    with contextlib.suppress(argon2.exceptions.VerificationError, argon2.exceptions.InvalidHash):
        return _HASHER.verify(digest, pin)
    return False


def check(hand: Path, person: Staff, pin: str, now: datetime, up: float) -> None:
    """Raise SignInRefused unless `pin` is the person's; see `attempt`."""
    path = hand / f"wrong-{person.key}"
    attempt(path, lambda: _fits(person.pin, pin), now, up)


def by_badge(hand: Path, catalogue: Catalogue, code: str, now: datetime, up: float) -> Staff:
    """Whose badge this is; raises SignInRefused where nobody's is, and unasked while locked.

    Wrong ones are counted for the till, since they name nobody.
    """
    found: list[Staff] = []

    def known() -> bool:
        salt = catalogue.own.badge_salt
        person = catalogue.wearer(badge.digest(code, salt)) if salt else None
        found.extend([person] if person else [])
        return person is not None

    attempt(hand / "wrong.badge", known, now, up)
    return found[0]


def attempt(path: Path, fits: Callable[[], bool], now: datetime, up: float) -> None:
    """Raise SignInRefused unless it fits, and unasked while locked; wrong tries are counted on disk.

    path  where they are counted
    up  seconds since the machine started: a lock ends by them, and not by a clock that somebody
        sets; after a restart of the machine it begins anew
    """
    wrong, since = _wrong(path)
    if wrong >= MOST_WRONG:
        if since > up:
            _count(path, wrong, up)
            since = up
        left = since + LOCKED.total_seconds() - up
        if left > 0:
            raise SignInRefused(0, now + timedelta(seconds=left))
        wrong = MOST_WRONG - 1
    if fits():
        if path.exists():
            durable.remove(path)
        return
    wrong += 1
    _count(path, wrong, up)
    raise SignInRefused(MOST_WRONG - wrong, now + LOCKED if wrong >= MOST_WRONG else None)


def _wrong(path: Path) -> tuple[int, float]:
    try:
        count, since = path.read_text().split()
        return int(count), float(since)
    except (FileNotFoundError, ValueError):
        return 0, 0.0


def _count(path: Path, wrong: int, up: float) -> None:
    durable.replace(path, f"{wrong} {up:.3f}\n".encode())
