"""Where an edit goes: straight to the tills, or into the change set that the person collects into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import flask
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice import access, database, frame
from services.database import changesets, records
from services.database.changesets import OPEN, ChangeSet

_COLLECTING: Final = "collecting"
REVIEWED: Final = frozenset({
    "articles", "editing", "grouping", "models", "pictures", "prices", "promotions", "imports.apply",
    "units", "suppliers", "cashiers", "roles", "rules", "layouts", "keyboards", "log.undo",
})  # fmt: skip
"""Groups of pages, and single endpoints, whose edits reach tills, so that a company may want a second person to agree."""
_AT_ONCE: Final = frozenset({"cashiers.pin", "cashiers.badge", "cashiers.leave"})
"""What cannot wait: a lost badge, a PIN that was seen, somebody who has left."""


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


def gather() -> None:
    """Where the company wants a second person to agree, no edit goes past that: it is collected.

    Runs before every view, since a view asks first where its edit goes: into the person's own set
    of the day, which is made where there is none.
    """
    asked = flask.request
    if asked.method in {"GET", "HEAD", "OPTIONS"} or flask.g.get("user") is None:
        return
    if asked.endpoint in _AT_ONCE or not {asked.blueprint, asked.endpoint} & REVIEWED:
        return
    if collecting() is not None:
        return
    if not changesets.needs_review(database.session()):
        return
    by, shown = access.person(), frame.shown()
    title = shown.t(
        "sets.gathered", name=by.shown or by.name, day=shown.date(shown.local(frame.now()))
    )
    mine = sa.select(ChangeSet.id).where(
        ChangeSet.title == title, ChangeSet.made_by == by.name, ChangeSet.state.in_(OPEN)
    )
    number = database.session().scalar(mine.order_by(ChangeSet.id.desc()).limit(1))
    if number is None:
        with database.writing() as session:
            number = changesets.make(session, title, by.name).id
    begin(number)


def must_ask(session: Session) -> bool:
    """Must a review be asked for in the person's name, since they find no sets to ask themselves?"""
    return not access.may("changes.propose", "POST") and changesets.needs_review(session)


def _ask_for_review(session: Session, number: int, by: str) -> None:
    """Whoever finds no sets could not ask: it is done for them."""
    if must_ask(session):
        session.flush()
        changesets.propose(session, number, by)


def keep(session: Session, documents: Sequence[tuple[Any, str]]) -> None:
    """Keep records, each with its scope, in a writing transaction: where this person's edits go."""
    into, by = collecting(), access.person().name
    if into is None:
        records.put_all(session, documents, by)
    else:
        changesets.collect(session, into.id, documents, by)
        _ask_for_review(session, into.id, by)


def remove(session: Session, kind: str, key: str, scope: str) -> None:
    """Take a record away: where this person's edits go."""
    into, by = collecting(), access.person().name
    if into is None:
        records.remove(session, kind, key, scope, by)
    else:
        changesets.take_away(session, into.id, kind, key, scope, by)
        _ask_for_review(session, into.id, by)


def begins(moment: datetime | None) -> datetime | None:
    """From when a price holds: in a set without a moment, from the release on.

    Until then the set's own beginning stands for that, so that a second thought replaces the first.
    """
    into = collecting()
    return into.made_at if into is not None and moment is None else moment
