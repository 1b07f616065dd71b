"""Drafts of layouts and keyboards: records in an open change set that are saved at each touch.

Each save keeps what the draft said before, so that it can be taken back step by step until the set
is released; after that the history of the record says the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas import xml
from schemas.binding import tag
from services.database import changesets
from services.database.changes import CHAIN
from services.database.changesets import OPEN, ChangeSet, SetEdit
from services.database.tables import Instant, Number, Table

_MOST: Final = 100
"""Steps that can be taken back."""


class DraftStep(Table):
    """What a record in a set said before somebody saved it anew; no document: it was not in it."""

    __tablename__ = "draft_step"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    change_set: Mapped[int] = mapped_column(sa.ForeignKey("change_set.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    key: Mapped[str] = mapped_column(sa.String(120))
    document: Mapped[bytes | None]
    by: Mapped[str] = mapped_column(sa.String(60))
    made_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (sa.Index("ix_draft_step_record", "change_set", "kind", "key", "id"),)


@dataclass(frozen=True, slots=True)
class Draft:
    """A record in an open set: its bytes, who saved it last and when, and how often it can be undone."""

    change_set: int
    document: bytes
    by: str
    at: datetime
    steps: int

    @property
    def seen(self) -> str:
        """What tells this state of it from every other."""
        return xml.digest(self.document)


class Overtaken(Exception):
    """Somebody else saved the draft after this person looked at it; it stays as they left it."""

    def __init__(self, by: str, at: datetime) -> None:
        self.by, self.at = by, at
        super().__init__(by)


def find(session: Session, kind: str, key: str, within: int | None = None) -> Draft | None:
    """The draft of a record in a set; else, without one, the newest in any open set."""
    query = (
        sa.select(SetEdit)
        .join(ChangeSet, ChangeSet.id == SetEdit.change_set)
        .where(
            SetEdit.kind == kind, SetEdit.key == key, SetEdit.scope == CHAIN,
            SetEdit.document.is_not(None), ChangeSet.state.in_(OPEN),
        )
        .order_by(SetEdit.change_set.desc())
        .limit(1)
    )  # fmt: skip
    if within is not None:
        query = query.where(SetEdit.change_set == within)
    edit = session.scalar(query)
    if edit is None or edit.document is None:
        return None
    steps = len(_steps(session, edit.change_set, kind, key))
    return Draft(edit.change_set, edit.document, edit.by, edit.made_at, steps)


def keys(session: Session, kind: str) -> list[str]:
    """The keys of the records of a kind that are in an open set."""
    query = (
        sa.select(SetEdit.key)
        .join(ChangeSet, ChangeSet.id == SetEdit.change_set)
        .where(
            SetEdit.kind == kind, SetEdit.scope == CHAIN, SetEdit.document.is_not(None),
            ChangeSet.state.in_(OPEN),
        )
        .distinct()
    )  # fmt: skip
    return sorted(session.scalars(query))


def keep(
    session: Session, document: Any, by: str, *, seen: str, title: str, within: int | None = None
) -> int:
    """Save a draft, in the set where it is, in `within`, or in a new one; answers the set's number.

    seen  what the person looked at: `Draft.seen`, or nothing where there was no draft yet

    Raises Overtaken where somebody else saved it since, SetRefused, RecordRefused.
    """
    kind = tag(type(document))
    found = find(session, kind, document.key, within)
    number = found.change_set if found else within
    if number is None:
        number = changesets.make(session, title, by).id
    changesets.opened(session, number)  # from here on no other saves into it
    found = find(session, kind, document.key, number)
    _check(session, found, kind, document.key, seen, by)
    before = found.document if found else None
    if before == xml.dump(document):
        return number
    changesets.collect(session, number, [(document, CHAIN)], by)
    session.add(
        DraftStep(change_set=number, kind=kind, key=document.key, document=before, by=by,
                  made_at=datetime.now(UTC))
    )  # fmt: skip
    session.flush()
    for old in _steps(session, number, kind, document.key)[_MOST:]:
        session.delete(old)
    return number


def undo(session: Session, kind: str, key: str, by: str, *, seen: str, within: int | None) -> None:
    """Take the last save back; where it was the first, the record leaves the set.

    Raises Overtaken, SetRefused.
    """
    found = find(session, kind, key, within)
    if found is None:
        return
    number = found.change_set
    changesets.opened(session, number)
    found = find(session, kind, key, number)
    _check(session, found, kind, key, seen, by)
    steps = _steps(session, number, kind, key)
    if found is None or not steps:
        return
    last = steps[0]
    if last.document is None:
        changesets.leave_out(session, number, CHAIN, kind, key, by)
        session.flush()
        if within is None and not changesets.edits(session, number):
            changesets.drop(session, number, by)
    else:
        edit = session.get_one(SetEdit, (number, CHAIN, kind, key))
        edit.document, edit.by, edit.made_at = last.document, by, datetime.now(UTC)
    session.delete(last)
    session.flush()


def _steps(session: Session, number: int, kind: str, key: str) -> list[DraftStep]:
    query = sa.select(DraftStep).where(
        DraftStep.change_set == number, DraftStep.kind == kind, DraftStep.key == key
    )
    return list(session.scalars(query.order_by(DraftStep.id.desc())))


def _check(session: Session, found: Draft | None, kind: str, key: str, seen: str, by: str) -> None:
    """A person's own saves may follow each other faster than their browser learns of them."""
    if seen == (found.seen if found else "") or found is None:
        return
    for step in _steps(session, found.change_set, kind, key):
        if step.by != by:
            break
        if seen == (xml.digest(step.document) if step.document else ""):
            return
    raise Overtaken(found.by, found.at)
