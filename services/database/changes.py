"""Change records: what an edit changed, written in the edit's own transaction, numbered later."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas import binding, xml
from services.database.tables import Instant, Number, Table

CHAIN = "chain"


class Change(Table):
    """One edit of one record that waits for its revision, or has it. No document: a tombstone."""

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    scope: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(20))
    key: Mapped[str] = mapped_column(sa.String(120))
    document: Mapped[bytes | None]
    by: Mapped[str] = mapped_column(sa.String(60))
    made_at: Mapped[datetime] = mapped_column(Instant)
    revision: Mapped[int | None]

    __table_args__ = (
        sa.Index("ix_change_waiting", "id", sqlite_where=sa.text("revision IS NULL"),
                 postgresql_where=sa.text("revision IS NULL")),
        sa.Index("ix_change_record", "kind", "key"),
    )  # fmt: skip


class Published(Table):
    """The record of a scope as tills have it: the bytes, and the revision that brought them."""

    __tablename__ = "published"

    scope: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    document: Mapped[bytes]
    revision: Mapped[int]


class Revision(Table):
    """One revision of a scope: the digest of the state, and the signed changes after the one before."""

    __tablename__ = "revision"

    scope: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    published_at: Mapped[datetime] = mapped_column(Instant)
    document: Mapped[bytes]


def record(session: Session, document: Any, scope: str, by: str) -> None:
    """Note that a record is now `document`; the worker publishes it once this transaction commits."""
    session.add(
        Change(
            scope=scope,
            kind=binding.tag(type(document)),
            key=document.key,
            document=xml.dump(document),
            by=by,
            made_at=datetime.now(UTC),
        )
    )
    session.info["changed"] = True


def gone(session: Session, kind: str, key: str, scope: str, by: str) -> None:
    """Note that a record is no more."""
    session.add(Change(scope=scope, kind=kind, key=key, by=by, made_at=datetime.now(UTC)))
    session.info["changed"] = True


def waiting(session: Session) -> int:
    """How many changes wait for their revision."""
    found = session.scalar(
        sa.select(sa.func.count()).select_from(Change).where(Change.revision.is_(None))
    )
    return found or 0


def revision(session: Session, scope: str) -> Revision | None:
    """The newest revision of a scope."""
    return session.scalar(
        sa.select(Revision).where(Revision.scope == scope).order_by(Revision.number.desc()).limit(1)
    )
