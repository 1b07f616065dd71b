"""Tokens by which programs of others come in: what each may do, and where; only a digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.database.tables import Instant, Number, Table

SCOPES: Final = (
    "articles:read", "articles:write", "groups:read", "groups:write", "prices:read",
    "prices:write", "promotions:read", "promotions:write", "suppliers:read", "suppliers:write",
    "customers:read", "customers:write", "vouchers:read", "vouchers:write", "organisation:read",
    "staff:read", "receipts:read", "cash:read", "turnover:read", "changes:read", "changes:write",
    "changes:release", "audit:read",
)  # fmt: skip
"""What a token may be allowed."""
BEGINS: Final = "tresen_"
"""Every token begins so, so that it is known for one wherever it turns up."""
_OFTEN: Final = timedelta(minutes=1)
"""When a token was last used is not written down more often."""


class ApiToken(Table):
    """One token. `branch`: only what is of this branch; none: the company. `hint`: its last letters."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    hint: Mapped[str] = mapped_column(sa.String(8))
    scopes: Mapped[str] = mapped_column(sa.String(400))
    branch: Mapped[str | None] = mapped_column(sa.String(12))
    made_by: Mapped[str] = mapped_column(sa.String(60))
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by: Mapped[str | None] = mapped_column(sa.String(60))

    def allows(self, scope: str) -> bool:
        """May its bearer do this?"""
        return scope in self.scopes.split()

    def holds(self, now: datetime) -> bool:
        """Is it neither revoked nor past its end?"""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    @property
    def by(self) -> str:
        """Who changed something, where it was done by this token."""
        return f"api:{self.name}"[:60]


def make(
    session: Session, name: str, scopes: list[str], branch: str | None, by: str, now: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:  # fmt: skip
    """A new token, and its text, which nobody can read again later."""
    text = BEGINS + secrets.token_urlsafe(32)
    row = ApiToken(
        digest=_digest(text), name=name, hint=text[-4:], branch=branch, made_by=by, made_at=now,
        scopes=" ".join(scope for scope in SCOPES if scope in scopes), expires_at=expires_at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row, text


def known(session: Session, text: str) -> ApiToken | None:
    """The token with this text, whether it still holds or not."""
    if not text.startswith(BEGINS) or len(text) > 100:
        return None
    return session.scalar(sa.select(ApiToken).where(ApiToken.digest == _digest(text)))


def makers(session: Session, writers: set[str]) -> set[str]:
    """Who made the tokens that wrote under some of these names."""
    names = [each.removeprefix("api:") for each in writers if each.startswith("api:")]
    if not names:
        return set()
    begun = sa.or_(*(ApiToken.name.startswith(name, autoescape=True) for name in names))
    rows = session.scalars(sa.select(ApiToken).where(begun))
    return {row.made_by for row in rows if row.by in writers}


def is_due(token: ApiToken, now: datetime) -> bool:
    """Is it time to write down again that it was used?"""
    return token.used_at is None or now - token.used_at > _OFTEN


def _digest(text: str) -> str:
    """A token has 256 random bits, so a plain digest cannot be turned back."""
    return hashlib.sha256(text.encode()).hexdigest()
