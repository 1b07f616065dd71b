"""Tries at passwords: counted in the database, so that all workers know them, and an account at a time.

After five wrong tries each further one must wait, longer each time, an hour at most; so whoever
guesses has at most ten tries in the first hour and one an hour from then on, from wherever they
come. Nobody is locked out for good: a try that must wait is not counted and makes nothing longer, a
browser that the account has been signed in from has its own count, and a new password begins anew.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.database.people import User
from services.database.tables import Instant, Table

FREE: Final = 5
"""Wrong tries that cost no waiting."""
WAITS: Final = tuple(timedelta(minutes=each) for each in (1, 5, 15, 30, 60))
"""How long the next try must wait after the fifth wrong one, the sixth and so on; then as the last."""
FORGOTTEN: Final = timedelta(hours=24)
"""After so long without a try its count begins anew."""
_NOW: Final = timedelta(0)
STRANGER: Final = ""
"""A browser that the account has not been signed in from."""
PASSWORD: Final = ""
SECOND_FACTOR: Final = "\nsecond"
"""What tries are at: the password, or the code after it."""


class AttemptRow(Table):
    """Tries at one account's password that were wrong, from strangers' browsers or from a known one."""

    __tablename__ = "sign_in_attempt"

    account: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    browser: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    wrong: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant)


def begin(
    session: Session, name: str, browser: str, now: datetime, what: str = PASSWORD
) -> timedelta:
    """Count a try before it is made; answers how long it must wait first, uncounted then.

    Counted first, so that many tries at the same moment are no more than one after the other.

    what  tries at the password, or at something else of the account, which has a count of its own
    """
    session.execute(sa.delete(AttemptRow).where(AttemptRow.last_at < now - FORGOTTEN))
    key = {"account": _account(session, name, what), "browser": browser}
    session.execute(_insert(session).values(**key, wrong=0, last_at=now).on_conflict_do_nothing())
    row = session.get_one(AttemptRow, tuple(key.values()), with_for_update=True)
    row.last_at = min(row.last_at, now)  # a clock that went back keeps nobody waiting for years
    left = row.last_at + wait_after(row.wrong) - now
    if left > _NOW:
        return left
    row.wrong, row.last_at = row.wrong + 1, now
    return _NOW


def succeeded(session: Session, name: str, browser: str, what: str = PASSWORD) -> None:
    """The try was right: what was counted for this kind of browser is forgotten."""
    session.execute(
        sa.delete(AttemptRow).filter_by(account=_account(session, name, what), browser=browser)
    )


def wait_after(wrong: int) -> timedelta:
    """How long the next try must wait after so many wrong ones."""
    return _NOW if wrong < FREE else WAITS[min(wrong - FREE, len(WAITS) - 1)]


def _account(session: Session, name: str, what: str) -> str:
    """What tries are counted for: the account with this password.

    Names that nobody has share a few thousand counts: they are answered as an account is, and
    nobody fills the table with them.
    """
    user = session.get(User, name)
    known = f"{name}\n{user.password}{what}" if user else f"?{_digest(name)[:3]}"
    return _digest(known)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _insert(session: Session) -> sqlite.Insert | postgresql.Insert:
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(AttemptRow) if on_postgresql else sqlite.insert(AttemptRow)
