"""Change records: what an edit changed, written in the edit's own transaction, numbered later."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas import binding, xml
from services.database.tables import Instant, Number, Table

CHAIN = "chain"
CUSTOMERS = "customers"
_SCOPE: Final = re.compile(
    r"chain|customers|branch-[0-9A-Za-z]{1,12}|till-[0-9A-Za-z]{1,12}-[0-9A-Za-z]{1,12}"
)


class RecordRefused(ValueError):
    """No till would take this record in; the message is fit to show."""


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
    """Note that a record is now `document`; the worker publishes it once this transaction commits.

    Raises RecordRefused where the document is not what its XSD allows. A till refuses a revision as
    a whole, so one such record would hold up everything that comes after it.
    """
    kind = binding.tag(type(document))
    _check_scope(scope)
    session.add(
        Change(
            scope=scope,
            kind=kind,
            key=document.key,
            document=sound(document),
            by=by,
            made_at=datetime.now(UTC),
        )
    )
    session.info["changed"] = True


def sound(document: Any) -> bytes:
    """The document's bytes, once they are what its XSD allows; raises RecordRefused."""
    try:
        data = xml.dump(document)
        xml.load(type(document), data)
    except ValueError as error:
        kind = binding.tag(type(document))
        raise RecordRefused(f"no till would take this {kind} in: {error}") from error
    return data


def _check_scope(scope: str) -> None:
    if not _SCOPE.fullmatch(scope):
        raise RecordRefused(f"there are no tills at “{scope}”")


def gone(session: Session, kind: str, key: str, scope: str, by: str) -> None:
    """Note that a record is no more."""
    _check_scope(scope)
    session.add(Change(scope=scope, kind=kind, key=key, by=by, made_at=datetime.now(UTC)))
    session.info["changed"] = True


def keys(session: Session, scope: str, kind: str) -> set[str]:
    """The keys of all records of a kind, published or still waiting."""
    published = sa.select(Published.key).where(Published.scope == scope, Published.kind == kind)
    found = set(session.scalars(published))
    edits = (
        sa.select(Change.key, Change.document)
        .where(Change.scope == scope, Change.kind == kind, Change.revision.is_(None))
        .order_by(Change.id)
    )
    for key, document in session.execute(edits):
        (found.discard if document is None else found.add)(key)
    return found


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
