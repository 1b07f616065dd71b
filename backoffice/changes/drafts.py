"""What a record says in the set that a person collects into, else what head office says now."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice.changes import keeping
from services.database import changes
from services.database.changesets import SetEdit


def currents(session: Session, scope: str, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
    """Records by key; one that the set takes away, or that is nowhere, is missing.

    A second edit of a record in a set goes on from the first, and not from what holds now.
    """
    found = changes.currents(session, scope, kind, keys)
    said = {key: each.document for key, each in found.items()} | drafted(session, scope, kind)
    return {key: document for key, document in said.items() if document is not None}


def drafted(session: Session, scope: str, kind: str) -> dict[str, bytes | None]:
    """What the set holds of a kind, by key; None: it is taken away."""
    into = keeping.collecting()
    if into is None:
        return {}
    rows = session.execute(
        sa.select(SetEdit.key, SetEdit.document).where(
            SetEdit.change_set == into.id, SetEdit.scope == scope, SetEdit.kind == kind
        )
    )
    return {row.key: row.document for row in rows}
