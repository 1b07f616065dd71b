"""People: users of head office, and staff with roles at the tills."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

import argon2
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas import staff as documents
from schemas.keys import KeyRefused, StaffKey
from services.database import changes
from services.database.tables import Instant, Table

_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Source: OWASP Password Storage Cheat Sheet, second argon2id setting."""
LEAST_SIGNS: Final = 8
"""Signs of the shortest password. Source: NIST SP 800-63B, 5.1.1.2."""
_CASHIER: Final = re.compile(r"[0-9A-Za-z_](?:[0-9A-Za-z_.\- ]{0,38}[0-9A-Za-z_.\-])?")


class PasswordRefused(ValueError):
    """This cannot be anybody's password; the message is fit to show."""


class User(Table):
    """Somebody who signs in to head office. `branch`: sees only that one; none: the company."""

    __tablename__ = "office_user"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    shown: Mapped[str] = mapped_column(sa.String(200))
    password: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[str] = mapped_column(sa.String(20), default="manager")
    branch: Mapped[str | None] = mapped_column(sa.String(12))
    language: Mapped[str] = mapped_column(sa.String(2), default="en")
    theme: Mapped[str] = mapped_column(sa.String(5), default="light")
    sessions: Mapped[int] = mapped_column(default=1)
    disabled: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Instant)


class StaffRow(Table):
    """Somebody at the till; replicated to the branch's tills only."""

    __tablename__ = "staff"

    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    branch: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[str] = mapped_column(sa.String(40))
    pin: Mapped[str] = mapped_column(sa.String(200))
    badge: Mapped[str | None] = mapped_column(sa.String(64))
    language: Mapped[str | None] = mapped_column(sa.String(2))


def make_user(
    session: Session,
    name: str,
    password: str,
    *,
    shown: str | None = None,
    language: str | None = None,
    branch: str | None = None,
) -> User:
    """A new user, or a new password for the one of this name; all their sessions end.

    What is None stays as it is; of a new user it is the name, English, and the whole company.

    branch  "" for the whole company
    Raises PasswordRefused where the password is too short.
    """
    if len(password) < LEAST_SIGNS:
        raise PasswordRefused(f"A password has at least {LEAST_SIGNS} signs.")
    user = session.get(User, name)
    if user is None:
        user = User(name=name, shown=name, language="en", sessions=0, made_at=datetime.now(UTC))
        session.add(user)
    user.shown = shown or user.shown
    user.language = language or user.language
    if branch is not None:
        user.branch = branch or None
    user.password = _HASHER.hash(password)
    user.sessions += 1
    return user


_NOBODY = _HASHER.hash("nobody has this password")


def signed_in(session: Session, name: str, password: str) -> User | None:
    """The user, if the password is theirs. Takes as long where the name is not known."""
    user = session.get(User, name)
    try:
        _HASHER.verify(user.password if user else _NOBODY, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHash):
        return None
    return user if user and not user.disabled else None


def cashier_key(text: str) -> StaffKey:
    """`text` as a cashier's key: 1 to 40 letters, digits, `_ . -` and inner spaces."""
    if not _CASHIER.fullmatch(text):
        raise KeyRefused(
            f"“{text[:60]}” cannot be a cashier's key; use 1 to 40 letters, digits, _ . -"
        )
    return StaffKey(text)


def put_staff(session: Session, person: documents.Staff, branch: str, by: str) -> None:
    """Keep somebody who works at a branch's tills, and tell these."""
    session.merge(
        StaffRow(
            key=person.key, branch=branch, name=person.name, role=person.role, pin=person.pin,
            language=person.language, badge=person.badge,
        )
    )  # fmt: skip
    changes.record(session, person, f"branch-{branch}", by)


def remove_staff(session: Session, key: str, branch: str, by: str) -> None:
    """Somebody does not work at this branch any more."""
    row = session.get(StaffRow, (key, branch))
    if row is not None:
        session.delete(row)
        changes.gone(session, "staff", key, f"branch-{branch}", by)
