"""The audit log: one entry a transaction, numbered without gaps, each chained to the one before.

An entry says who did what, when, from where and why; its digest covers that, the digests of all
records that it changed, and the entry before it. Whoever alters an entry or a change afterwards is
found at that entry (`verify`). What is cut off at the end shows against a head kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas.period import written
from services.database import changes
from services.database.changes import Change
from services.database.erasing import redacted
from services.database.tables import Instant, Number, Table

EMPTY: Final = "0" * 64
_LOCK: Final = 0x7472_6175
"""The advisory lock's number on PostgreSQL; SQLite's own write lock is enough there."""
CHANGE: Final = "change"
"""What an entry is called whose transaction said nothing but what it changed."""


class Entry(Table):
    """What somebody did in head office.

    token       what the changes of the transaction bear
    act         change, release, undo, sign-in …; each face has words for it
    subject     what was acted on: a person's name, a till, a change set
    said        before and after of what is no record, or whatever else belongs to it, by name
    origin      the address that the request came from; none: a command, or the worker
    many        records changed
    changed     the digest over them
    """

    __tablename__ = "audit_entry"

    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(sa.String(16), unique=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    by: Mapped[str] = mapped_column(sa.String(60), index=True)
    origin: Mapped[str | None] = mapped_column(sa.String(60))
    act: Mapped[str] = mapped_column(sa.String(40))
    subject: Mapped[str | None] = mapped_column(sa.String(120))
    reason: Mapped[str | None] = mapped_column(sa.String(300))
    said: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    change_set: Mapped[int | None] = mapped_column(index=True)
    many: Mapped[int]
    changed: Mapped[str] = mapped_column(sa.String(64))
    before: Mapped[str] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the log found.

    entries  how many were looked at
    broken   the first entry that is not as it was written; None: all are
    why      digest (the entry itself), changes (a record that it changed), chain (the one before
             it), gap (a number is missing)
    """

    entries: int
    broken: int | None = None
    why: str | None = None


def note(
    session: Session, by: str, act: str, subject: str | None = None, *,
    reason: str | None = None, said: Mapping[str, Any] | None = None,
    change_set: int | None = None,
) -> str:  # fmt: skip
    """Say what this transaction does; the last to speak is heard. Answers the entry's token."""
    told = {
        "by": by, "act": act, "subject": subject, "reason": reason,
        "said": dict(said) if said else None, "change_set": change_set,
    }  # fmt: skip
    session.info["noted"] = told
    return changes.entry(session)


def forget(session: Session) -> None:
    """The transaction was given up: nothing was done, so nothing is said."""
    session.info.pop("entry", None)
    session.info.pop("noted", None)


def close(session: Session) -> Entry | None:
    """Write the entry of what this transaction did; called last before its commit."""
    token = session.info.pop("entry", None)
    told = session.info.pop("noted", None)
    if token is None:
        return None
    session.flush()
    many, changed, first_by = _changed(session, token)
    if told is None and not many:
        return None
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    last = session.execute(
        sa.select(Entry.number, Entry.digest).order_by(Entry.number.desc()).limit(1)
    ).first()
    entry = Entry(
        number=last.number + 1 if last else 1,
        token=token,
        at=datetime.now(UTC),
        origin=session.info.get("origin"),
        many=many,
        changed=changed,
        before=last.digest if last else EMPTY,
        **(told or {"by": first_by, "act": CHANGE}),
    )
    entry.digest = _digest(entry)
    session.add(entry)
    return entry


def _changed(session: Session, token: str) -> tuple[int, str, str]:
    """How many records an entry changed, the digest over them, and who did."""
    whole, many, by = hashlib.sha256(), 0, ""
    rows = session.execute(
        sa.select(Change.scope, Change.kind, Change.key, Change.by, Change.made_at,
                  Change.document, Change.erased)
        .where(Change.entry == token)
        .order_by(Change.id)
        .execution_options(yield_per=2000)
    )  # fmt: skip
    for row in rows:
        said = "" if row.document is None else hashlib.sha256(row.document).hexdigest()
        if row.erased is not None and row.document == redacted(row.key):
            said = row.erased  # nothing else may stand where a customer was erased
        parts = (row.scope, row.kind, row.key, row.by, written(row.made_at), said)
        whole.update("\n".join(parts).encode() + b"\0")
        many, by = many + 1, by or row.by
    return many, whole.hexdigest() if many else EMPTY, by


def _digest(entry: Entry) -> str:
    parts = [
        entry.number, entry.token, written(entry.at), entry.by, entry.origin, entry.act,
        entry.subject, entry.reason, entry.said, entry.change_set, entry.many, entry.changed,
        entry.before,
    ]  # fmt: skip
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(session: Session, head: tuple[int, str] | None = None) -> Verdict:
    """Check the whole log, from its first entry on.

    head  number and digest of an entry as they were kept elsewhere: a log that ends before it,
          or has another there, was cut
    """
    before, count = EMPTY, 0
    query = sa.select(Entry).order_by(Entry.number).execution_options(yield_per=500)
    with closing(session.scalars(query)) as entries:
        for entry in entries:
            count += 1
            why = "gap" if entry.number != count else _unsound(session, entry, before, head)
            if why is not None:
                return Verdict(count, count, why)
            before = entry.digest
    if head is not None and count < head[0]:
        return Verdict(count, count + 1, "gap")
    return Verdict(count)


def _unsound(
    session: Session, entry: Entry, before: str, head: tuple[int, str] | None
) -> str | None:
    kept = head[1] if head is not None and head[0] == entry.number else entry.digest
    if entry.before != before or entry.digest != kept:
        return "chain"
    if _digest(entry) != entry.digest:
        return "digest"
    if _changed(session, entry.token)[:2] != (entry.many, entry.changed):
        return "changes"
    return None


def head(session: Session) -> tuple[int, str]:
    """Number and digest of the newest entry; 0 where there is none."""
    last = session.execute(
        sa.select(Entry.number, Entry.digest).order_by(Entry.number.desc()).limit(1)
    ).first()
    return (last.number, last.digest) if last else (0, EMPTY)
