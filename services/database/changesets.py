"""Change sets: edits that are collected and reviewed before any of them holds (see releasing).

Nothing in a set reaches a till, nor head office's own tables, before its release.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas import xml
from schemas.binding import tag
from services.database import audit, changes, history, organisation, tokens
from services.database.changes import Newest
from services.database.history import Difference
from services.database.tables import Instant, Number, Table

OPEN: Final = ("draft", "proposed", "approved")
"""States in which a set can still be changed; a change makes it a draft again."""


class SetRefused(ValueError):
    """This cannot be done with the set as it is; `said` names the sentence, `parts` its values."""

    def __init__(self, said: str, **parts: object) -> None:
        self.said = said
        self.parts = parts
        super().__init__(said)


class ChangeSet(Table):
    """A set of edits.

    state     draft, proposed, approved, scheduled (released, in part at its moment), released,
              undone or dropped
    branches  where it holds; empty: everywhere
    begins    from when; none: from its release on
    """

    __tablename__ = "change_set"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[str] = mapped_column(sa.String(10), default="draft", index=True)
    branches: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    begins: Mapped[datetime | None] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(sa.String(60))
    made_at: Mapped[datetime] = mapped_column(Instant)
    proposed_by: Mapped[str | None] = mapped_column(sa.String(60))
    proposed_at: Mapped[datetime | None] = mapped_column(Instant)
    reviewed_by: Mapped[str | None] = mapped_column(sa.String(60))
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    released_by: Mapped[str | None] = mapped_column(sa.String(60))
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[str | None] = mapped_column(sa.String(60))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)


class SetEdit(Table):
    """One record in a set: what it should say, and the digest of what it said when it was edited.

    document  none: the record is taken away
    done      has this edit been released?
    """

    __tablename__ = "change_set_edit"

    change_set: Mapped[int] = mapped_column(sa.ForeignKey("change_set.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    document: Mapped[bytes | None]
    before: Mapped[str | None] = mapped_column(sa.String(64))
    by: Mapped[str] = mapped_column(sa.String(60))
    made_at: Mapped[datetime] = mapped_column(Instant)
    done: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An edit as a reviewer sees it: what differs, and who changed the record since it was edited."""

    edit: SetEdit
    differences: tuple[Difference, ...]
    before: bytes | None
    meanwhile: Newest | None

    @property
    def conflict(self) -> bool:
        """Was the record changed meanwhile?"""
        return self.meanwhile is not None


def needs_review(session: Session) -> bool:
    """Does this company let nothing out that a second person has not seen?"""
    unit = organisation.company(session)
    return bool(unit and (unit.rules or {}).get("release_review") == "true")


def make(session: Session, title: str, by: str, branches: Iterable[str] = ()) -> ChangeSet:
    """A new, empty set."""
    made = ChangeSet(
        title=title[:120], state="draft", branches=list(branches), made_by=by,
        made_at=datetime.now(UTC),
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.note(session, by, "set-made", title[:120], change_set=made.id)
    return made


def opened(session: Session, number: int) -> ChangeSet:
    """A set that can still be changed; raises SetRefused, LookupError."""
    found = session.get(ChangeSet, number, with_for_update=True)
    if found is None:
        raise LookupError(number)
    if found.state not in OPEN:
        raise SetRefused("sets.closed", state=found.state)
    return found


def collect(
    session: Session, number: int, documents: Iterable[tuple[Any, str]], by: str,
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Put records into a set, each with its scope. A set that was reviewed is a draft again.

    at  the moment that all of it bears, by which `take_out` knows it again; else now
    """
    found = opened(session, number)
    made = [(tag(type(document)), document, scope) for document, scope in documents]
    by_kind: dict[tuple[str, str], list[tuple[str, bytes]]] = {}
    for kind, document, scope in made:
        by_kind.setdefault((scope, kind), []).append((document.key, changes.sound(document)))
    for (scope, kind), some in by_kind.items():
        _keep(session, found, scope, kind, some, by, at)
    _again(found)


def take_out(session: Session, number: int, by: str, at: datetime) -> int:
    """Take out of an open set what somebody collected at that moment and nobody edited since."""
    found = opened(session, number)
    edits = sa.delete(SetEdit).where(
        SetEdit.change_set == number, SetEdit.by == by, SetEdit.made_at == at
    )
    done = session.execute(edits.execution_options(synchronize_session=False))
    _again(found)
    return int(getattr(done, "rowcount", 0))


def take_away(session: Session, number: int, kind: str, key: str, scope: str, by: str) -> None:
    """Put into a set that a record shall be no more."""
    found = opened(session, number)
    _keep(session, found, scope, kind, [(key, None)], by)
    _again(found)


def _keep(
    session: Session, found: ChangeSet, scope: str, kind: str,
    some: list[tuple[str, bytes]] | list[tuple[str, None]] | list[tuple[str, bytes | None]], by: str,
    at: datetime | None = None,
) -> None:  # fmt: skip
    now = changes.currents(session, scope, kind, [key for key, _ in some])
    there, at = _edits_of(session, found.id, scope, kind), at or datetime.now(UTC)
    for key, document in some:
        edit = there.get(key)
        if edit is None:
            edit = SetEdit(change_set=found.id, scope=scope, kind=kind, key=key)
            edit.before = _digest(now[key].document)
            session.add(edit)
        edit.document, edit.by, edit.made_at = document, by, at


def _edits_of(session: Session, number: int, scope: str, kind: str) -> dict[str, SetEdit]:
    query = sa.select(SetEdit).where(
        SetEdit.change_set == number, SetEdit.scope == scope, SetEdit.kind == kind
    )
    return {edit.key: edit for edit in session.scalars(query)}


def _digest(document: bytes | None) -> str | None:
    return None if document is None else xml.digest(document)


def _again(found: ChangeSet) -> None:
    found.state = "draft"
    found.proposed_by = found.proposed_at = found.reviewed_by = found.reviewed_at = None


def leave_out(session: Session, number: int, scope: str, kind: str, key: str, by: str) -> None:
    """Take an edit out of a set: the record stays as it is. One that is released stays in it."""
    found = _undecided(session, number)
    edit = session.get(SetEdit, (number, scope, kind, key))
    if edit is None or edit.done:
        return
    session.delete(edit)
    if found.state in OPEN:
        _again(found)
    else:
        _decided(session, found, edit, "theirs", by)


def keep_mine(session: Session, number: int, scope: str, kind: str, key: str, by: str) -> None:
    """Of a record that was changed meanwhile: what the set says shall hold all the same.

    Whoever agreed did so to something else: an open set is a draft again. Where a second person must
    agree to one that is released, it is not decided by its authors.
    """
    found = _undecided(session, number)
    edit = session.get(SetEdit, (number, scope, kind, key))
    if edit is None or edit.done:
        return
    if found.state in OPEN:
        _again(found)
    elif needs_review(session) and by in authors(session, found):
        raise SetRefused("sets.own")
    edit.before = _digest(changes.current(session, scope, kind, key))
    if found.state not in OPEN:
        _decided(session, found, edit, "mine", by)


def _undecided(session: Session, number: int) -> ChangeSet:
    """A set of which some edits are not released; raises SetRefused, LookupError."""
    found = session.get(ChangeSet, number, with_for_update=True)
    return found if found and found.state == "scheduled" else opened(session, number)


def _decided(session: Session, found: ChangeSet, edit: SetEdit, holds: str, by: str) -> None:
    """What a set that was released does at its moment is changed: that is for the log."""
    said = {"record": f"{edit.kind} {edit.key}", "holds": holds}
    audit.note(session, by, "set-decided", found.title, change_set=found.id, said=said)


def counts(session: Session) -> dict[str, int]:
    """How many sets are in each state."""
    rows = session.execute(
        sa.select(ChangeSet.state, sa.func.count().label("many")).group_by(ChangeSet.state)
    )
    return {row.state: row.many for row in rows}


def page(
    session: Session, states: Iterable[str], size: int, number: int
) -> list[tuple[ChangeSet, int]]:
    """One page of the sets in some states, the newest first, each with how many edits it has."""
    many = (
        sa.select(sa.func.count())
        .where(SetEdit.change_set == ChangeSet.id)
        .correlate(ChangeSet)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(ChangeSet, many.label("many"))
        .where(ChangeSet.state.in_(list(states)))
        .order_by(ChangeSet.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    )
    return [(row[0], row.many) for row in rows]


def edits(session: Session, number: int) -> list[SetEdit]:
    """All edits of a set, in the order of kind and key."""
    query = sa.select(SetEdit).where(SetEdit.change_set == number)
    return list(session.scalars(query.order_by(SetEdit.kind, SetEdit.key, SetEdit.scope)))


def review(session: Session, some: Iterable[SetEdit]) -> list[Reviewed]:
    """Edits against what holds now."""
    listed = list(some)
    now = _now(session, listed)
    found = []
    for edit in listed:
        newest = now[edit.scope, edit.kind, edit.key]
        before = newest.document
        changed = not edit.done and _digest(before) != edit.before
        differences = history.differences(before, edit.document)
        found.append(Reviewed(edit, differences, before, newest if changed else None))
    return found


def overtaken(session: Session, number: int) -> int:
    """How many records that a set is still to change somebody changed since they were edited."""
    waiting = [edit for edit in edits(session, number) if not edit.done]
    now = _now(session, waiting)
    return sum(_digest(now[e.scope, e.kind, e.key].document) != e.before for e in waiting)


def _now(session: Session, some: list[SetEdit]) -> dict[tuple[str, str, str], Newest]:
    """What holds now of the records that edits are of."""
    by_kind: dict[tuple[str, str], list[str]] = {}
    for edit in some:
        by_kind.setdefault((edit.scope, edit.kind), []).append(edit.key)
    return {
        (scope, kind, key): newest
        for (scope, kind), keys in by_kind.items()
        for key, newest in changes.currents(session, scope, kind, keys).items()
    }


def propose(session: Session, number: int, by: str) -> None:
    """Ask for somebody else's review."""
    found = opened(session, number)
    if not edits(session, number):
        raise SetRefused("sets.empty")
    found.state, found.proposed_by, found.proposed_at = "proposed", by, datetime.now(UTC)
    audit.note(session, by, "set-proposed", found.title, change_set=number)


def authors(session: Session, found: ChangeSet) -> set[str]:
    """Who edited a set or asked for its review; of a program, whoever made its token too."""
    query = sa.select(SetEdit.by).where(SetEdit.change_set == found.id).distinct()
    own = {*session.scalars(query), found.proposed_by or ""}
    return own | tokens.makers(session, own)


def approve(session: Session, number: int, by: str) -> None:
    """Agree to a set as it is now; nobody agrees to what they edited or proposed themselves."""
    found = opened(session, number)
    if found.state != "proposed":
        raise SetRefused("sets.not-proposed")
    if by in authors(session, found):
        raise SetRefused("sets.own")
    found.state, found.reviewed_by, found.reviewed_at = "approved", by, datetime.now(UTC)
    audit.note(session, by, "set-approved", found.title, change_set=number)


def reject(session: Session, number: int, by: str, reason: str) -> None:
    """Send a set back with a reason."""
    found = opened(session, number)
    _again(found)
    audit.note(session, by, "set-rejected", found.title, reason=reason[:300], change_set=number)


def drop(session: Session, number: int, by: str) -> None:
    """Give a set up; it stays in the list, and nothing of it happens."""
    found = opened(session, number)
    found.state = "dropped"
    audit.note(session, by, "set-dropped", found.title, change_set=number)
