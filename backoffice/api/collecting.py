"""Change sets for programs: begun, filled by `change_set` of any write, reviewed by people, released."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from backoffice.api import models, paging
from backoffice.api.models import CLEAN, Asked, By, Day, Moment, Place, Said, Writing
from backoffice.api.operation import Call, Told, operation
from backoffice.api.problem import CallRefused, missing, say, wrong
from backoffice.api.putting import outcome, writing
from services.database import changesets, organisation, releasing
from services.database.audit import Entry
from services.database.changesets import ChangeSet, SetEdit, SetRefused

_SET = {"number": r"^[0-9]{1,9}$"}
State = Literal["draft", "proposed", "approved", "scheduled", "released", "undone", "dropped"]


class SetBody(Said):
    """A set to begin."""

    title: Annotated[
        str,
        StringConstraints(min_length=1, max_length=120, pattern=CLEAN),
        Field(examples=["Winter prices"]),
    ]


class SetSaid(Said):
    """A change set. `tills`, `ready`: of a released one, which it is for, and how many have it."""

    number: int
    title: str = Field(examples=["Winter prices"])
    state: State
    edits: int
    branches: list[Place]
    begins: Moment | None
    made_by: By
    made_at: Moment
    proposed_by: str | None
    reviewed_by: str | None
    released_by: str | None
    released_at: Moment | None
    undone_at: Moment | None
    tills: int | None = None
    ready: int | None = None


class EditSaid(Said):
    """A record in a set. `document`: what it shall say, as XML; null: it is taken away."""

    kind: str = Field(examples=["price"])
    key: str = Field(examples=["40122||2031-11-24T05:00:00+00:00"])
    scope: str = Field(examples=["chain"])
    document: Annotated[str | None, Field(examples=["<price/>"])]
    conflict: bool = Field(description="Was it changed by somebody else meanwhile?")
    done: bool
    by: By
    made_at: Moment


class ReleaseBody(Said):
    """When and where a set holds."""

    begins: Moment | None = Field(default=None, description="Left out: at once.")
    branches: Annotated[list[Place], Field(max_length=300)] = Field(
        default_factory=list, description="Empty: everywhere."
    )


class AskedSets(Asked):
    """A page of change sets."""

    state: State | None = None


class EntrySaid(Said):
    """An entry of the audit log, chained to the one before it."""

    number: int
    at: Moment
    by: By
    origin: Annotated[str | None, Field(examples=["192.0.2.7"])]
    act: str = Field(examples=["set-released"])
    subject: str | None
    reason: str | None
    said: dict[str, Any] | None
    change_set: int | None
    many: int = Field(description="Records that it changed.")
    changed: str = Field(description="The digest over them.")
    before: str = Field(description="The digest of the entry before.")
    digest: str


class AskedEntries(Asked):
    """A page of the audit log."""

    by: Annotated[str, StringConstraints(max_length=60, pattern=CLEAN)] | None = None
    first: Day | None = None


def _said(found: ChangeSet, edits: int) -> dict[str, Any]:
    names = ("title", "state", "branches", "begins", "made_by", "made_at", "proposed_by",
             "reviewed_by", "released_by", "released_at", "undone_at")  # fmt: skip
    said = {name: getattr(found, name) for name in names}
    return said | {"number": found.id, "edits": edits}


def _edits(session: Session, number: int) -> int:
    query = sa.select(sa.func.count()).where(SetEdit.change_set == number)
    return session.scalar(query) or 0


def _found(call: Call) -> ChangeSet:
    call.of_the_company()
    found = call.session.get(ChangeSet, int(call.path["number"]))
    if found is None:
        raise missing("api.no-set", number=call.path["number"])
    return found


@operation("GET", "/change-sets", "changes:read", answers=SetSaid, many=True, query=AskedSets)
def list_change_sets(call: Call) -> Told:
    """Change sets, the oldest first."""
    call.of_the_company()
    query = sa.select(ChangeSet)
    if call.query.state:
        query = query.where(ChangeSet.state == call.query.state)
    rows, following = paging.keyed(call, query, (ChangeSet.id,), (int,))
    counted = sa.select(SetEdit.change_set, sa.func.count().label("many"))
    counted = counted.where(SetEdit.change_set.in_([row.id for row in rows]))
    many = {
        row.change_set: row.many
        for row in call.session.execute(counted.group_by(SetEdit.change_set))
    }
    return paging.page(call, [_said(row, many.get(row.id, 0)) for row in rows], following)


@operation("GET", "/change-sets/{number}", "changes:read", answers=SetSaid, keys=_SET, wrong=(404,))
def get_change_set(call: Call) -> Told:
    """One change set; of a released one, how many of its tills have it."""
    found = _found(call)
    said = _said(found, _edits(call.session, found.id))
    if found.released_at is not None:
        reached = releasing.reached(call.session, found.id)[found.id]
        said |= {"tills": len(reached.wanted), "ready": len(reached.ready)}
    return Told(said)


@operation("GET", "/change-sets/{number}/edits", "changes:read", answers=EditSaid, many=True,
           query=Asked, keys=_SET, wrong=(404,))  # fmt: skip
def list_edits(call: Call) -> Told:
    """What a set changes, record by record."""
    found = _found(call)
    query = sa.select(SetEdit).where(SetEdit.change_set == found.id)
    key = (SetEdit.kind, SetEdit.key, SetEdit.scope)
    rows, following = paging.keyed(call, query, key, (str, str, str))
    names = ("kind", "key", "scope", "done", "by", "made_at")
    items = [
        {name: getattr(each.edit, name) for name in names} | {
            "document": each.edit.document.decode() if each.edit.document else None,
            "conflict": each.conflict,
        }
        for each in changesets.review(call.session, rows)
    ]  # fmt: skip
    return paging.page(call, items, following)


@operation("POST", "/change-sets", "changes:write", answers=SetSaid, body=SetBody, made=True,
           query=Writing, wrong=(403, 409, 413, 415))  # fmt: skip
def post_change_set(call: Call) -> Told:
    """Begin a change set. The same title again answers the set that is still open under it."""
    title = " ".join(call.body.title.split())
    if not title:
        raise wrong("title", "api.wrong.string_too_short", min_length=1)
    with writing(call) as into:
        mine = sa.select(ChangeSet).where(
            ChangeSet.title == title, ChangeSet.made_by == into.by,
            ChangeSet.state.in_(changesets.OPEN),
        )  # fmt: skip
        found = into.session.scalar(mine.order_by(ChangeSet.id).limit(1))
        fresh = found is None
        found = found or changesets.make(into.session, title, into.by)
        said = _said(found, _edits(into.session, found.id))
    return Told(said, 201 if fresh and not call.query.dry_run else 200)


def _names(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


def _act(call: Call, act: Callable[[Session, int, str], object]) -> Told:
    """Do something with a set; 409 where it cannot be done with it as it is."""
    number = int(call.path["number"])
    try:
        with writing(call) as into:
            act(into.session, number, into.by)
    except SetRefused as refused:
        parts = dict(refused.parts)
        for name, kind in (("kinds", "record"), ("blocks", "block")):
            if name in parts:
                parts[name] = ", ".join(say(f"{kind}.{each}") for each in _names(parts[name]))
        raise CallRefused(409, say(refused.said, **parts)) from refused
    except LookupError as error:
        raise missing("api.no-set", number=number) from error
    return Told(outcome(call, [(str(number), "changed")]))


@operation("POST", "/change-sets/{number}/propose", "changes:write", answers=models.Outcome,
           query=Writing, keys=_SET, wrong=(403, 404, 409))  # fmt: skip
def propose_change_set(call: Call) -> Told:
    """Ask for somebody's review. Only people agree, in head office."""
    return _act(call, changesets.propose)


@operation("POST", "/change-sets/{number}/release", "changes:release", answers=models.Outcome,
           query=Writing, body=ReleaseBody, keys=_SET, wrong=(403, 404, 409, 413, 415))  # fmt: skip
def release_change_set(call: Call) -> Told:
    """Let a set out: at once or from a moment on, everywhere or in some branches.

    Refused (409) where the company wants a review that it has not had, and where somebody changed
    one of its records meanwhile.
    """
    body: ReleaseBody = call.body
    for key in body.branches:
        if call.session.get(organisation.Unit, ("branch", key)) is None:
            raise wrong("branches", "api.no-branch", branch=key)
    if body.begins is not None and not 2000 <= body.begins.year <= 2200:
        raise wrong("begins", "api.not-our-time")
    return _act(
        call,
        lambda session, number, by: releasing.release(
            session, number, by, begins=body.begins, branches=body.branches
        ),
    )


@operation("POST", "/change-sets/{number}/undo", "changes:release", answers=models.Outcome,
           query=Writing, keys=_SET, wrong=(403, 404, 409))  # fmt: skip
def undo_change_set(call: Call) -> Told:
    """Put back all that a released set changed; what somebody changed since stays."""
    return _act(call, releasing.undo)


@operation("GET", "/audit", "audit:read", answers=EntrySaid, many=True, query=AskedEntries)
def list_audit(call: Call) -> Told:
    """The audit log, from its first entry on: who did what, when and from where.

    Each entry's digest covers the one before. Keep the last one elsewhere, and what is cut off or
    altered shows.
    """
    call.of_the_company()
    query = sa.select(Entry)
    if call.query.by:
        query = query.where(Entry.by == call.query.by)
    if call.query.first:
        query = query.where(Entry.at >= paging.moment(call.query.first.isoformat()))
    rows, following = paging.keyed(call, query, (Entry.number,), (int,))
    names = tuple(EntrySaid.model_fields)
    said = [{name: getattr(row, name) for name in names} for row in rows]
    return paging.page(call, said, following)
