"""Publishing: one serial step gives committed changes their revision, signs them, keeps the state.

Revisions are given here and not by the editing transaction: two editors' transactions can commit
out of order, and a reader at "since 41" would then miss 42.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from schemas import replica, signature, xml
from schemas.keys import Digest
from services.database.changes import (
    CUSTOMERS,
    PICTURES,
    Change,
    Published,
    Revision,
    revision,
)
from services.database.headoffice import HeadOffice
from services.disk import durable
from services.link import frames

log = logging.getLogger(__name__)

_LOCK: Final = 0x7472_6573
"""The advisory lock's number on PostgreSQL; SQLite's own write lock is enough there."""
_AT_ONCE: Final = 10_000
"""Changes that one step numbers: tills see them all or none, and SQLite's write lock is held meanwhile."""
_PASSING_S: Final = 0.15
"""How long the lock is free between two steps: who waits for it looks again within a tenth of a second.

Source: the delays of sqliteDefaultBusyCallback in SQLite's main.c, 100 ms at most.
"""
_ANSWER: Final = 16 * 1024 * 1024
"""Bytes of changes that one answer carries, at least one revision; nor has one revision much more."""
_SNAPSHOT_AFTER: Final = 500
"""Revisions after which a till had better take a snapshot than every change."""

T = TypeVar("T")
Record = tuple[str, str]
"""Kind and key of a record."""


def publish(office: HeadOffice) -> int:
    """Number and sign what waits; answers how many changes that were."""
    done = 0
    while True:
        with office.session() as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            some, is_all = _publish_some(session, office.replica_key())
        done += some
        if is_all:
            return done
        time.sleep(_PASSING_S)


def _waiting(session: Session) -> tuple[list[Change], bool]:
    """The first changes that wait, as many as one step numbers; and whether those are all."""
    query = sa.select(Change).where(Change.revision.is_(None)).order_by(Change.id)
    rows = session.scalars(query.limit(_AT_ONCE).execution_options(yield_per=200))
    found: list[Change] = []
    size = 0
    with rows:
        for change in rows:
            found.append(change)
            size += len(change.document or b"")
            if size > _ANSWER:
                return found, False
    return found, len(found) < _AT_ONCE


def _publish_some(session: Session, key: Ed25519PrivateKey) -> tuple[int, bool]:
    waiting, is_all = _waiting(session)
    by_scope: dict[str, dict[Record, Change]] = defaultdict(dict)
    for change in waiting:  # the last of several edits of one record is the one that counts
        by_scope[change.scope][change.kind, change.key] = change
    for scope in (CUSTOMERS, PICTURES):
        if revision(session, scope) is None:
            by_scope[scope]  # every till asks for it, so it is there from the first step on
    numbers = {
        scope: _publish_scope(session, key, scope, changes) for scope, changes in by_scope.items()
    }
    for scope, number in numbers.items():
        ids = [change.id for change in waiting if change.scope == scope]
        for part in _parts(ids, 500):
            session.execute(
                sa.update(Change)
                .where(Change.id.in_(part))
                .values(revision=number)
                .execution_options(synchronize_session=False)
            )
        log.info("published scope=%s revision=%d changes=%d", scope, number, len(ids))
    return len(waiting), is_all


def _parts(some: list[T], size: int) -> Iterator[list[T]]:
    for begin in range(0, len(some), size):
        yield some[begin : begin + size]


def _publish_scope(
    session: Session, key: Ed25519PrivateKey, scope: str, changes: dict[Record, Change]
) -> int:
    before = revision(session, scope)
    state = Digest(before.digest) if before else replica.EMPTY
    after = before.number if before else 0
    old = _published(session, scope, changes)
    now = datetime.now(UTC)
    state = replica.bump(
        state,
        removed=list(old.values()),
        added=[c.document for c in changes.values() if c.document is not None],
    )
    head = replica.Changes(scope, after + 1, after, state, now)
    lines = [_line(change) for change in changes.values()]
    document = b"".join(replica.collection(head, lines))
    session.add(
        Revision(
            scope=scope,
            number=after + 1,
            digest=state,
            published_at=now,
            document=signature.sign(key, signature.REPLICA, document),
        )
    )
    _keep(session, scope, after + 1, changes, old)
    if scope == CUSTOMERS:
        _forget_erased(session, after + 1)
    return after + 1


def _forget_erased(session: Session, newest: int) -> None:
    """Revisions that still name somebody who was erased are not served any more, nor those before.

    A till that is further behind takes a snapshot.
    """
    last = session.scalar(
        sa.select(sa.func.max(Change.revision)).where(
            Change.scope == CUSTOMERS, Change.erased.is_not(None), Change.revision < newest
        )
    )
    if last is not None:
        session.execute(
            sa.delete(Revision).where(Revision.scope == CUSTOMERS, Revision.number <= last)
        )


def _oldest(session: Session, scope: str) -> int:
    """The revision that a till must have reached to go on by changes; 0 where any will do.

    Where somebody was erased, what is older was deleted, and a till that still has files from then
    takes a snapshot, with which it throws them away.
    """
    found = session.scalar(sa.select(sa.func.min(Revision.number)).where(Revision.scope == scope))
    return found if found is not None and found > 1 else 0


def _line(change: Change) -> bytes:
    return change.document or xml.dump(replica.Gone(change.kind, change.key))


def _published(session: Session, scope: str, changes: dict[Record, Change]) -> dict[Record, bytes]:
    found: dict[Record, bytes] = {}
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, key in changes:
        by_kind[kind].append(key)
    for kind, keys in by_kind.items():
        for begin in range(0, len(keys), 500):
            rows = session.execute(
                sa.select(Published.key, Published.document).where(
                    Published.scope == scope,
                    Published.kind == kind,
                    Published.key.in_(keys[begin : begin + 500]),
                )
            )
            found.update({(kind, row.key): row.document for row in rows})
    return found


def _keep(
    session: Session,
    scope: str,
    number: int,
    changes: dict[Record, Change],
    old: dict[Record, bytes],
) -> None:
    new: list[dict[str, object]] = []
    replaced: list[dict[str, object]] = []
    gone: dict[str, list[str]] = defaultdict(list)
    for (kind, key), change in changes.items():
        where = {"scope": scope, "kind": kind, "key": key}
        if change.document is None:
            gone[kind].append(key)
            continue
        row = {**where, "document": change.document, "revision": number}
        (replaced if (kind, key) in old else new).append(row)
    for kind, keys in gone.items():
        for part in _parts(keys, 500):
            here = (Published.scope == scope, Published.kind == kind, Published.key.in_(part))
            session.execute(sa.delete(Published).where(*here))
    if new:
        session.execute(sa.insert(Published), new)
    if replaced:
        session.execute(sa.update(Published), replaced)


def _records(session: Session, scope: str) -> Iterator[bytes]:
    rows = session.execute(
        sa.select(Published.document)
        .where(Published.scope == scope)
        .order_by(Published.kind, Published.key)
        .execution_options(yield_per=5000)
    )
    for row in rows:
        yield row.document


def snapshot(office: HeadOffice, scope: str) -> Path | None:
    """A file with a signed snapshot, gzipped; made anew only when it has grown old.

    None where the scope has never been published.
    """
    folder = durable.folder(office.directory / "replica" / scope)
    with office.reading() as session:
        newest = revision(session, scope)
        if newest is None:
            return None
        kept = sorted(folder.glob("*.xml.gz"))
        at = int(kept[-1].stem.removesuffix(".xml")) if kept else -1
        if at >= _oldest(session, scope) and newest.number - at < _SNAPSHOT_AFTER:
            return kept[-1]
        head = replica.Snapshot(scope, newest.number, Digest(newest.digest), newest.published_at)
        data = b"".join(replica.collection(head, _records(session, scope)))
    signed = signature.sign(office.replica_key(), signature.REPLICA, data)
    path = folder / f"{newest.number:012d}.xml.gz"
    durable.replace(path, frames.compressed(signed))
    for old in kept:
        old.unlink(missing_ok=True)
    return path


def changes(session: Session, scope: str, after: int) -> list[bytes] | None:
    """The signed changes after a revision, in order; None where a snapshot serves better.

    An answer may hold some of them only: whoever asks, asks on until nothing comes.
    """
    newest = revision(session, scope)
    if newest is None or newest.number == after:
        return []
    if after == 0 or after > newest.number or newest.number - after > _SNAPSHOT_AFTER:
        return None
    if after < _oldest(session, scope):
        return None
    rows: Iterable[bytes] = session.scalars(
        sa.select(Revision.document)
        .where(Revision.scope == scope, Revision.number > after)
        .order_by(Revision.number)
        .execution_options(yield_per=20)
    )
    found: list[bytes] = []
    size = 0
    for document in rows:
        size += len(document)
        if found and size > _ANSWER:
            break
        found.append(document)
    return found
