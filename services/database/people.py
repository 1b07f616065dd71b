"""People: users of head office, and staff with roles at the tills."""

from __future__ import annotations

import functools
import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import argon2
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas import staff as documents
from schemas.keys import Digest, KeyRefused, RoleKey, StaffKey
from services.database import changes
from services.database.tables import Instant, Table

_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Source: OWASP Password Storage Cheat Sheet, second argon2id setting."""
LEAST_SIGNS: Final = 8
"""Signs of the shortest password. Source: NIST SP 800-63B-4, 3.1.1.2, with a second factor."""
MOST_SIGNS: Final = 200
LASTS: Final = timedelta(hours=12)
"""A session ends after so long, whatever is done in it."""
_COMMON: Final = Path(__file__).with_name("common_passwords.txt")
_CASHIER: Final = re.compile(r"[0-9A-Za-z_](?:[0-9A-Za-z_.\- ]{0,38}[0-9A-Za-z_.\-])?")


class PasswordRefused(ValueError):
    """This cannot be anybody's password; the message is fit to show, `fact` names it for pages."""

    def __init__(self, fact: str, message: str) -> None:
        self.fact = fact
        super().__init__(message)


class User(Table):
    """Somebody who signs in to head office.

    branch         sees only that one; none: the company
    also           sees these branches too, one at a time
    role           what they may see and change (see duties)
    must_change    the password was given by somebody else: it lets in to choose another one only
    second_factor  the secret of the app that shows codes, sealed; none: a password is enough
    second_step    the newest code that was used, so that none is used twice
    recovery       digests of the codes that stand in for a lost app, each once
    """

    __tablename__ = "office_user"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    shown: Mapped[str] = mapped_column(sa.String(200))
    password: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[str] = mapped_column(sa.String(20), default="manager")
    branch: Mapped[str | None] = mapped_column(sa.String(12))
    also: Mapped[list[str] | None] = mapped_column(sa.JSON)
    language: Mapped[str] = mapped_column(sa.String(2), default="en")
    theme: Mapped[str] = mapped_column(sa.String(5), default="light")
    disabled: Mapped[bool] = mapped_column(default=False)
    must_change: Mapped[bool] = mapped_column(default=False)
    second_factor: Mapped[str | None] = mapped_column(sa.String(300))
    second_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    recovery: Mapped[list[str] | None] = mapped_column(sa.JSON)
    made_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def own(self) -> tuple[str, ...]:
        """The branches that they see, each for itself; none: the whole company."""
        return (self.branch, *(self.also or ())) if self.branch else ()


class SessionRow(Table):
    """A browser that somebody is signed in from. Only the digest of what its cookie holds is kept."""

    __tablename__ = "office_session"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user: Mapped[str] = mapped_column(sa.String(60), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    origin: Mapped[str | None] = mapped_column(sa.String(60))
    browser: Mapped[str | None] = mapped_column(sa.String(200))


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

    def document(self) -> documents.Staff:
        """The person as the branch's tills know them."""
        return documents.Staff(
            StaffKey(self.key), self.name, RoleKey(self.role), self.pin, self.language,
            None if self.badge is None else Digest(self.badge),
        )  # fmt: skip


def make_user(
    session: Session,
    name: str,
    password: str,
    *,
    shown: str | None = None,
    language: str | None = None,
    branch: str | None = None,
    role: str | None = None,
) -> User:
    """A new user, or a new password for the one of this name; all their sessions end.

    What is None stays as it is; of a new user it is the name, English, the whole company, and the
    role of an owner there or of a manager in a branch.

    branch  "" for the whole company
    Raises PasswordRefused where this cannot be a password.
    """
    check_password(password, name, shown or "")
    user = session.get(User, name)
    if user is None:
        first = role or ("manager" if branch else "owner")
        user = User(name=name, shown=name, language="en", role=first, made_at=datetime.now(UTC))
        session.add(user)
    user.shown = shown or user.shown
    user.language = language or user.language
    user.role = role or user.role
    if branch is not None:
        user.branch, user.also = branch or None, None
    user.password = _HASHER.hash(password)
    user.must_change = False
    end_sessions(session, name)
    return user


def check_password(password: str, *about: str) -> None:
    """Raise PasswordRefused where a password is too short, too long, common, or says who they are.

    Nothing is asked of its composition. Source: NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, 6.2.
    """
    if len(password) < LEAST_SIGNS:
        raise PasswordRefused("short", f"A password has at least {LEAST_SIGNS} signs.")
    if len(password) > MOST_SIGNS:
        raise PasswordRefused("long", f"A password has at most {MOST_SIGNS} signs.")
    folded = password.casefold()
    own = [word for text in about for word in (text, *text.split()) if len(word) > 3]
    bare = folded.strip("0123456789!?.-_ ")
    if folded in _common() or any(bare == word.casefold() for word in (*own, "tresen")):
        raise PasswordRefused("common", "Many people have this password. Choose another one.")
    if len(set(folded)) < 4:
        raise PasswordRefused("common", "Too few different signs. Choose another password.")


@functools.cache
def _common() -> frozenset[str]:
    """The passwords that guessers try first."""
    return frozenset(_COMMON.read_text(encoding="utf-8").split("\n"))


def begin_session(session: Session, user: str, origin: str | None, browser: str | None) -> str:
    """A session of somebody; answers what its cookie holds."""
    secret = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    session.execute(sa.delete(SessionRow).where(SessionRow.made_at < now - LASTS))
    kept = SessionRow(digest=_told(secret), user=user, made_at=now, origin=origin)
    kept.browser = browser[:200] if browser else None
    session.add(kept)
    return secret


def session_of(session: Session, secret: str) -> SessionRow | None:
    """The session that a cookie speaks of; none where it was ended, or lasted too long."""
    found = session.get(SessionRow, _told(secret))
    return found if found and found.made_at > datetime.now(UTC) - LASTS else None


def sessions(session: Session, user: str) -> list[SessionRow]:
    """Where somebody is signed in, the newest first."""
    query = sa.select(SessionRow).where(SessionRow.user == user).order_by(SessionRow.made_at.desc())
    return list(session.scalars(query))


def end_session(session: Session, secret: str) -> None:
    """End one session: any copy of its cookie ends with it."""
    session.execute(sa.delete(SessionRow).where(SessionRow.digest == _told(secret)))


def end_sessions(session: Session, user: str, but: str | None = None) -> None:
    """End all sessions of somebody, or all but the one whose cookie holds `but`."""
    query = sa.delete(SessionRow).where(SessionRow.user == user)
    if but is not None:
        query = query.where(SessionRow.digest != _told(but))
    session.execute(query)


def _told(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


_NOBODY = _HASHER.hash("nobody has this password")


def is_theirs(user: User, password: str) -> bool:
    """Is this the user's password?"""
    try:
        return _HASHER.verify(user.password, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHash):
        return False


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
