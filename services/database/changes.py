"""Change records: what an edit changed, written in the edit's own transaction, numbered later.

They are never taken away, so the changes of a record are its history: who, when, and all that it
said. Those of one transaction belong to one entry of the audit log (see audit).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas import binding, xml
from services.database.tables import Instant, Number, Table

D = TypeVar("D", bound=Any)

CHAIN = "chain"
CUSTOMERS = "customers"
PICTURES = "pictures"
"""Pictures travel apart: they are many times what all the rest is, and no sale waits for one."""
OFFICE = "office"
"""The scope of what only head office keeps: it has history like the rest, and is never published."""
_SCOPE: Final = re.compile(
    r"chain|customers|pictures|office|branch-[0-9A-Za-z]{1,12}|till-[0-9A-Za-z]{1,12}-[0-9A-Za-z]{1,12}"
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
    entry: Mapped[str | None] = mapped_column(sa.String(16), index=True)
    """The audit log's entry that it belongs to; none: it follows from receipts, nobody edited it."""
    erased: Mapped[str | None] = mapped_column(sa.String(64))
    """The digest of what stood here before the person it speaks of was erased (see customers)."""

    __table_args__ = (
        sa.Index("ix_change_waiting", "id", sqlite_where=sa.text("revision IS NULL"),
                 postgresql_where=sa.text("revision IS NULL")),
        sa.Index("ix_change_record", "kind", "key"),
        sa.Index("ix_change_erased", "scope", "revision",
                 sqlite_where=sa.text("erased IS NOT NULL"),
                 postgresql_where=sa.text("erased IS NOT NULL")),
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


def entry(session: Session) -> str:
    """The entry of the audit log that this transaction's edits belong to."""
    found: str = session.info.setdefault("entry", secrets.token_hex(8))
    return found


def record(session: Session, document: Any, scope: str, by: str) -> None:
    """Note that a record is now `document`; the worker publishes it once this transaction commits.

    Raises RecordRefused where the document is not what its XSD allows. A till refuses a revision as
    a whole, so one such record would hold up everything that comes after it.
    """
    _note(session, document, scope, by, entry(session))


def follow(session: Session, document: Any, scope: str, by: str) -> None:
    """The same for what follows from receipts: nobody edited it, so no entry speaks of it."""
    _note(session, document, scope, by, None)


def _note(session: Session, document: Any, scope: str, by: str, token: str | None) -> None:
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
            entry=token,
            revision=0 if scope == OFFICE else None,
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
    session.add(
        Change(
            scope=scope,
            kind=kind,
            key=key,
            by=by,
            made_at=datetime.now(UTC),
            entry=entry(session),
            revision=0 if scope == OFFICE else None,
        )
    )
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


def current(session: Session, scope: str, kind: str, key: str) -> bytes | None:
    """A record as the last edit left it, whether tills have it yet or not; None where there is none."""
    return currents(session, scope, kind, [key])[key].document


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest change of a record, what it says, by whom and when; 0 and None where there never was one."""

    change: int = 0
    document: bytes | None = None
    by: str | None = None
    at: datetime | None = None


def currents(
    session: Session, scope: str, kind: str, wanted: Iterable[str], before: int | None = None
) -> dict[str, Newest]:
    """Many records as the last edit left each; or the last edit before the change `before`."""
    session.flush()
    found = dict.fromkeys(wanted, Newest())
    names = list(found)
    for begin in range(0, len(names), 500):
        where = [Change.scope == scope, Change.kind == kind]
        where.append(Change.key.in_(names[begin : begin + 500]))
        if before is not None:
            where.append(Change.id < before)
        newest = sa.select(sa.func.max(Change.id)).where(*where).group_by(Change.key)
        rows = sa.select(Change.id, Change.key, Change.document, Change.by, Change.made_at)
        for row in session.execute(rows.where(Change.id.in_(newest))):
            found[row.key] = Newest(row.id, row.document, row.by, row.made_at)
    return found


def every(session: Session, cls: type[D], scope: str = CHAIN) -> list[D]:
    """All records of a kind in a scope as last edited, by key."""
    kind = binding.tag(cls)
    found = currents(session, scope, kind, sorted(keys(session, scope, kind)))
    return [xml.load(cls, each.document) for each in found.values() if each.document]


def one(session: Session, cls: type[D], key: str, scope: str = CHAIN) -> D | None:
    """The record of this kind and key as last edited; None where there is none."""
    document = current(session, scope, binding.tag(cls), key)
    return xml.load(cls, document) if document else None


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
