"""Undoing: what an entry of the audit log changed is put back as it was before, as a whole.

A record that somebody changed since then is left as it is and named: undoing never undoes others.
A unit of the organisation that was new stays: tills and receipts may stand below it by now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import audit, changes, changesets, records
from services.database.changes import Change
from services.database.changesets import SetRefused


@dataclass(frozen=True, slots=True)
class Later:
    """A record that was changed again since, so that it stays: which, by whom, when."""

    scope: str
    kind: str
    key: str
    by: str
    at: datetime


_LASTING: Final = frozenset({"org-unit"})


@dataclass
class Undone:
    """What an undo did: how many records it put back, and which it left.

    lasting  kind and key of what was new and stays all the same
    """

    restored: int = 0
    left: list[Later] = field(default_factory=list)
    lasting: list[tuple[str, str]] = field(default_factory=list)


def undo(
    session: Session, tokens: list[str], by: str, *,
    subject: str | None = None, reason: str | None = None, change_set: int | None = None,
    into: int | None = None,
) -> Undone:  # fmt: skip
    """Put back what these entries changed, in the caller's transaction.

    into  the open change set that collects it; else it holds at once

    Raises LookupError where they changed nothing, and SetRefused where the company would not
    want a second person to agree any more: nobody does that alone.
    """
    done, reviewed = Undone(), changesets.needs_review(session)
    touched = _touched(session, tokens)
    if not touched:
        raise LookupError(", ".join(tokens))
    for (scope, kind), spans in touched.items():
        _undo_kind(session, scope, kind, spans, by, done, into)
    if reviewed and not changesets.needs_review(session):
        raise SetRefused("sets.undo-review")
    if into is None:
        audit.note(session, by, "undo", subject, reason=reason, change_set=change_set)
    return done


def _touched(
    session: Session, tokens: list[str]
) -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    """By scope and kind: each record's first and last change within the entries."""
    rows = session.execute(
        sa.select(Change.scope, Change.kind, Change.key, sa.func.min(Change.id).label("first"),
                  sa.func.max(Change.id).label("last"))
        .where(Change.entry.in_(tokens), Change.kind.not_in(records.DERIVED))
        .group_by(Change.scope, Change.kind, Change.key)
    )  # fmt: skip
    found: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
    for row in rows:
        found.setdefault((row.scope, row.kind), {})[row.key] = (row.first, row.last)
    return dict(sorted(found.items(), key=lambda each: each[0][1] == "price"))


def _undo_kind(
    session: Session,
    scope: str,
    kind: str,
    spans: dict[str, tuple[int, int]],
    by: str,
    done: Undone,
    into: int | None,
) -> None:
    now = changes.currents(session, scope, kind, spans)
    others = {now[key].change for key, (_, last) in spans.items() if now[key].change != last}
    who = {row.id: row for row in _rows(session, sorted(others))}
    free = []
    for key, (_, last) in spans.items():
        if now[key].change == last:
            free.append(key)
            continue
        row = who[now[key].change]
        done.left.append(Later(scope, kind, key, row.by, row.made_at))
    back, away = [], []
    for key, document in _before(
        session, scope, kind, {key: spans[key][0] for key in free}
    ).items():
        if document is None:
            away.append(key)
        else:
            back.append((records.read(kind, document), scope))
    if kind in _LASTING:
        done.lasting += [(kind, key) for key in away]
        away = []
    if into is None:
        records.put_all(session, back, by)
        records.remove_all(session, kind, away, scope, by)
    elif back or away:
        changesets.collect(session, into, back, by)
        for key in away:
            changesets.take_away(session, into, kind, key, scope, by)
    done.restored += len(back) + len(away)


def _rows(session: Session, ids: list[int]) -> list[Change]:
    found: list[Change] = []
    for begin in range(0, len(ids), 500):
        found += session.scalars(sa.select(Change).where(Change.id.in_(ids[begin : begin + 500])))
    return found


def _before(
    session: Session, scope: str, kind: str, first: dict[str, int]
) -> dict[str, bytes | None]:
    """What each record said before its first change within the entries."""
    found: dict[str, bytes | None] = dict.fromkeys(first)
    earlier = sa.orm.aliased(Change)
    keys = list(first)
    for begin in range(0, len(keys), 500):
        ids = [first[key] for key in keys[begin : begin + 500]]
        before = (
            sa.select(Change.key, sa.func.max(earlier.id).label("id"))
            .join(earlier, sa.and_(
                earlier.kind == Change.kind, earlier.key == Change.key,
                earlier.scope == Change.scope, earlier.id < Change.id,
            ))
            .where(Change.id.in_(ids), Change.scope == scope, Change.kind == kind)
            .group_by(Change.key)
            .subquery()
        )  # fmt: skip
        rows = sa.select(Change.key, Change.document).join(before, before.c.id == Change.id)
        found.update({row.key: row.document for row in session.execute(rows)})
    return found
