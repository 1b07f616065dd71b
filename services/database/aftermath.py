"""What is said of a change set afterwards: what its records were before, and why it was sent back."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.database import audit
from services.database.changes import Change
from services.database.changesets import SetEdit


def before(session: Session, number: int, some: Sequence[SetEdit]) -> dict[SetEdit, bytes | None]:
    """What the records of released edits said until then; None where there was none.

    An edit that made another record, as a new price has a key of its own, is not among them.
    """
    tokens = sa.select(audit.Entry.token).where(
        audit.Entry.change_set == number, audit.Entry.act == "set-released"
    )
    done = [edit for edit in some if edit.done]
    keys = sorted({edit.key for edit in done})
    rows = session.execute(
        sa.select(Change.kind, Change.key, Change.scope, Change.id)
        .where(Change.entry.in_(tokens), Change.key.in_(keys))
        .order_by(Change.id.desc())
    )
    first = {(row.kind, row.key): (row.scope, row.id) for row in rows}
    return {
        edit: _standing(session, edit, *first[edit.kind, edit.key])
        for edit in done
        if (edit.kind, edit.key) in first
    }


def _standing(session: Session, edit: SetEdit, scope: str, change: int) -> bytes | None:
    """What a record said in a scope before a change."""
    return session.scalar(
        sa.select(Change.document)
        .where(
            Change.scope == scope, Change.kind == edit.kind, Change.key == edit.key,
            Change.id < change,
        )
        .order_by(Change.id.desc())
        .limit(1)
    )  # fmt: skip


def sent_back(session: Session, number: int) -> audit.Entry | None:
    """The entry that says who sent a set back and why; None where nobody did, or it was sent again."""
    acts = ("set-rejected", "set-proposed")
    newer = aliased(audit.Entry)
    last = (
        sa.select(sa.func.max(newer.number))
        .where(newer.change_set == number, newer.act.in_(acts))
        .scalar_subquery()
    )
    entry = session.scalar(sa.select(audit.Entry).where(audit.Entry.number == last))
    return entry if entry is not None and entry.act == "set-rejected" else None
