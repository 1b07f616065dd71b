"""People: users of head office, and staff with roles at the tills."""

from __future__ import annotations

from datetime import UTC, datetime

import argon2
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas import staff as documents
from services.database import changes
from services.database.tables import Instant, Table

_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Source: OWASP Password Storage Cheat Sheet, second argon2id setting."""


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
    language: Mapped[str | None] = mapped_column(sa.String(2))


def make_user(
    session: Session,
    name: str,
    password: str,
    *,
    shown: str | None = None,
    language: str = "en",
    branch: str | None = None,
) -> User:
    """A new user, or a new password for the one of this name; all their sessions end."""
    user = session.get(User, name)
    if user is None:
        user = User(name=name, sessions=0, made_at=datetime.now(UTC))
        session.add(user)
    user.shown, user.language, user.branch = shown or name, language, branch
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


def put_staff(session: Session, person: documents.Staff, branch: str, by: str) -> None:
    """Keep somebody who works at a branch's tills, and tell these."""
    session.merge(
        StaffRow(
            key=person.key, branch=branch, name=person.name, role=person.role, pin=person.pin,
            language=person.language,
        )
    )  # fmt: skip
    changes.record(session, person, f"branch-{branch}", by)


def remove_staff(session: Session, key: str, branch: str, by: str) -> None:
    """Somebody does not work at this branch any more."""
    row = session.get(StaffRow, (key, branch))
    if row is not None:
        session.delete(row)
        changes.gone(session, "staff", key, f"branch-{branch}", by)
