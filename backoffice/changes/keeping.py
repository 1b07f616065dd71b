"""Where an edit goes: straight to the tills, or into the change set that the person collects into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import flask
from sqlalchemy.orm import Session

from backoffice import access, database
from services.database import changesets, records
from services.database.changesets import OPEN, ChangeSet

_COLLECTING: Final = "collecting"


def collecting() -> ChangeSet | None:
    """The set that this person's edits go into; None: they hold as soon as they are saved."""
    number = flask.session.get(_COLLECTING)
    if not isinstance(number, int) or flask.g.get("user") is None:
        return None
    if "collecting" not in flask.g:
        found = database.session().get(ChangeSet, number)
        flask.g.collecting = found if found and found.state in OPEN else None
    opened: ChangeSet | None = flask.g.collecting
    return opened


def begin(number: int) -> None:
    """From now on this person's edits go into a set."""
    flask.session[_COLLECTING] = number
    flask.g.pop("collecting", None)


def end() -> None:
    """From now on they hold at once again."""
    flask.session.pop(_COLLECTING, None)
    flask.g.pop("collecting", None)


def keep(session: Session, documents: Sequence[tuple[Any, str]]) -> None:
    """Keep records, each with its scope, in a writing transaction: where this person's edits go."""
    into, by = collecting(), access.person().name
    if into is None:
        records.put_all(session, documents, by)
    else:
        changesets.collect(session, into.id, documents, by)


def remove(session: Session, kind: str, key: str, scope: str) -> None:
    """Take a record away: where this person's edits go."""
    into, by = collecting(), access.person().name
    if into is None:
        records.remove(session, kind, key, scope, by)
    else:
        changesets.take_away(session, into.id, kind, key, scope, by)


def begins(moment: datetime | None) -> datetime | None:
    """From when a price holds: in a set without a moment, from the release on.

    Until then the set's own beginning stands for that, so that a second thought replaces the first.
    """
    into = collecting()
    return into.made_at if into is not None and moment is None else moment
