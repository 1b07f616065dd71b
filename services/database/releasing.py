"""Releasing change sets: now or from a moment on, everywhere or in some branches; and undoing them.

What has a beginning of its own (new prices, new promotions, layouts) is at the tills ahead of the
moment and begins there by their own clocks, with or without a line. The rest waits at head office.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.keyboard import Keyboard
from schemas.keys import BranchKey
from schemas.layout import Layout
from schemas.price import Price
from schemas.promotion import Promotion
from schemas.tax import Tax
from services.database import audit, changes, keyboards, layouts, records, undoing
from services.database.changesets import (
    ChangeSet,
    SetEdit,
    SetRefused,
    edits,
    needs_review,
    opened,
    overtaken,
)
from services.database.organisation import Device, Unit

CHAIN_ONLY: Final = frozenset(
    {"article", "model", "group", "org-unit", "picture", "staff", "customer", "supplier", "supply"}
)
"""Kinds that are the same in every branch, or a branch's own already: no set narrows them."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a released set is: the tills that it is for, and those that have all of it."""

    wanted: tuple[str, ...]
    ready: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Those that have not got it yet."""
        return tuple(till for till in self.wanted if till not in set(self.ready))


def release(
    session: Session, number: int, by: str, *, begins: datetime | None = None,
    branches: Iterable[str] = (), now: datetime | None = None,
) -> ChangeSet:  # fmt: skip
    """Let a set out: now, or from `begins` on; everywhere, or in some branches.

    Raises SetRefused where it is empty, needs a review, holds what was changed meanwhile, or is
    narrowed to branches with something that is the same everywhere.
    """
    now = now or datetime.now(UTC)
    found = opened(session, number)
    found.branches = sorted(branches)
    found.begins = begins if begins and begins > now else None
    some = edits(session, number)
    _check(session, found, some)
    audit.note(session, by, "set-released", found.title, change_set=number,
               said={"branches": " ".join(found.branches),
                     "begins": found.begins.isoformat() if found.begins else ""})  # fmt: skip
    ahead = [edit for edit in some if found.begins is None or _dated(edit)]
    _apply(session, found, ahead, by, now)
    found.state = "released" if len(ahead) == len(some) else "scheduled"
    found.released_by, found.released_at = by, now
    return found


def _check(session: Session, found: ChangeSet, some: list[SetEdit]) -> None:
    if not some:
        raise SetRefused("sets.empty")
    if needs_review(session) and found.state != "approved":
        raise SetRefused("sets.needs-review")
    conflicts = overtaken(session, found.id)
    if conflicts:
        raise SetRefused("sets.conflicts", count=conflicts)
    for edit in some:
        if edit.kind == "layout" and edit.document:
            lacking = layouts.lacking(records.read(edit.kind, edit.document))
            if lacking:
                raise SetRefused("sets.layout-lacks", name=edit.key, blocks=lacking)
    if found.branches:
        fixed = sorted({edit.kind for edit in some if edit.kind in CHAIN_ONLY})
        if fixed:
            raise SetRefused("sets.everywhere", kinds=fixed)


def _dated(edit: SetEdit) -> bool:
    """Does it begin by itself? What stands already would be changed at once by its new form."""
    if edit.document is None:
        return False
    return edit.kind == "layout" or (edit.kind in {"price", "promotion"} and edit.before is None)


def _apply(session: Session, found: ChangeSet, some: list[SetEdit], by: str, now: datetime) -> None:
    put: list[tuple[Any, str]] = []
    for edit in sorted(some, key=_rank):
        if edit.document is None:
            for scope in _scopes(edit.scope, found.branches):
                records.remove(session, edit.kind, edit.key, scope, by)
        else:
            document = records.read(edit.kind, edit.document)
            if _dated(edit):
                document = _timed(document, found.begins or now)
            if isinstance(document, Tax) and edit.before is not None:
                document = _rated(session, document, edit.scope, now)
            put += _placed(_numbered(session, document), edit.scope, found.branches)
        edit.done = True
    records.put_all(session, _newest(put), by)


def _rank(edit: SetEdit) -> tuple[bool, datetime, str]:
    """What is edited last holds; before all that is the whole chain's, a branch's own price."""
    own = edit.kind == "price" and bool(edit.key.split("|")[1])
    return own, edit.made_at, edit.key


def _newest(put: list[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """Two prices that begin with the release are one: the last of them."""
    last = {(type(document), document.key, scope): n for n, (document, scope) in enumerate(put)}
    return [put[n] for n in sorted(last.values())]


def _timed(document: Price | Promotion | Layout, moment: datetime) -> Price | Promotion | Layout:
    """The record from a moment on, but where it was given a later one of its own."""
    if document.begins is not None and document.begins > moment:
        return document
    return dataclasses.replace(document, begins=moment)


def _rated(session: Session, tax: Tax, scope: str, now: datetime) -> Tax:
    """The tax without a past that it never had: a rate that began in the set begins with the release."""
    standing = changes.current(session, scope, "tax", tax.key)
    known = {rate.begins for rate in xml.load(Tax, standing).rates} if standing else set()
    late = [rate for rate in tax.rates if rate.begins <= now and rate.begins not in known]
    if not late:
        return tax
    newest = dataclasses.replace(max(late, key=lambda rate: rate.begins), begins=now)
    rates = [*(rate for rate in tax.rates if rate not in late), newest]
    return dataclasses.replace(tax, rates=tuple(sorted(rates, key=lambda rate: rate.begins)))


def _numbered(session: Session, document: Any) -> Any:
    """Layouts and keyboards get the version that follows the newest."""
    if isinstance(document, Layout):
        return layouts.numbered(session, document)
    if isinstance(document, Keyboard):
        return keyboards.numbered(session, document)
    return document


def _scopes(scope: str, branches: list[str]) -> list[str]:
    return [f"branch-{branch}" for branch in branches] if branches and scope == "chain" else [scope]


def _placed(document: Any, scope: str, branches: list[str]) -> list[tuple[Any, str]]:
    """The record where it shall hold: of some branches each has its own."""
    if not branches or scope != changes.CHAIN:
        return [(document, scope)]
    if isinstance(document, Price):
        if document.branch is not None:
            return [(document, scope)]
        return [(dataclasses.replace(document, branch=BranchKey(each)), scope) for each in branches]
    if isinstance(document, Promotion):
        return [(dataclasses.replace(document, branches=tuple(map(BranchKey, branches))), scope)]
    return [(document, f"branch-{each}") for each in branches]


def due(session: Session, now: datetime) -> ChangeSet | None:
    """Let out a set that waited for its moment at head office; None where none does any more.

    One a transaction: each is an entry of the audit log, and one that fails stops no other.
    """
    query = sa.select(ChangeSet).where(ChangeSet.state == "scheduled", ChangeSet.begins <= now)
    found = session.scalar(query.order_by(ChangeSet.begins).limit(1).with_for_update())
    if found is None:
        return None
    by = found.released_by or found.made_by
    _apply(session, found, [edit for edit in edits(session, found.id) if not edit.done], by, now)
    found.state = "released"
    audit.note(session, by, "set-released", found.title, change_set=found.id)
    return found


def undo(session: Session, number: int, by: str) -> undoing.Undone:
    """Put back all that a set changed; what still waited for its moment never happens."""
    found = session.get(ChangeSet, number, with_for_update=True)
    if found is None:
        raise LookupError(number)
    if found.state not in {"released", "scheduled"}:
        raise SetRefused("sets.not-released")
    tokens = _tokens(session, number)
    done = undoing.undo(session, tokens, by, subject=found.title, change_set=number)
    found.state, found.undone_by, found.undone_at = "undone", by, datetime.now(UTC)
    return done


def _tokens(session: Session, number: int) -> list[str]:
    query = sa.select(audit.Entry.token).where(
        audit.Entry.change_set == number, audit.Entry.act == "set-released"
    )
    return list(session.scalars(query))


def reached(session: Session, *numbers: int) -> dict[int, Reached]:
    """Of released sets: which tills each is for, and which have got all of it."""
    tills = session.execute(
        sa.select(Unit.key, Unit.parent_key, Device.mirrored)
        .join(Device, Device.till == Unit.key)
        .where(Unit.kind == "till", Device.public_key.is_not(None), Device.revoked_at.is_(None))
        .order_by(Unit.key)
    ).all()
    narrowed = _narrowed(session, numbers)
    found = {}
    for number in numbers:
        needed, only = _needed(session, _tokens(session, number)), narrowed.get(number)
        wanted, ready = [], []
        for till in tills:
            if only and till.parent_key not in only:
                continue
            scopes = {"chain", changes.PICTURES, f"branch-{till.parent_key}", f"till-{till.key}"}
            own = scopes & set(needed)
            has = till.mirrored or {}
            if own:
                wanted.append(till.key)
            if own and all(_has(has, scope, needed[scope]) for scope in own):
                ready.append(till.key)
        found[number] = Reached(tuple(wanted), tuple(ready))
    return found


def _narrowed(session: Session, numbers: Iterable[int]) -> dict[int, list[str]]:
    """The branches of sets that hold in some only: prices of one branch are in every till's data."""
    query = sa.select(ChangeSet.id, ChangeSet.branches).where(ChangeSet.id.in_(list(numbers)))
    return {row.id: row.branches for row in session.execute(query)}


def _has(mirrored: Mapping[str, int], scope: str, revision: int | None) -> bool:
    """Is a till there already? Nobody is while the change still waits for its revision."""
    return revision is not None and mirrored.get(scope, 0) >= revision


def _needed(session: Session, tokens: list[str]) -> dict[str, int | None]:
    """The revision of each scope that holds all of these entries; None while it waits for one."""
    rows = session.execute(
        sa.select(
            changes.Change.scope,
            sa.func.max(changes.Change.revision).label("last"),
            sa.func.sum(sa.case((changes.Change.revision.is_(None), 1), else_=0)).label("waiting"),
        )
        .where(changes.Change.entry.in_(tokens), changes.Change.scope != changes.OFFICE)
        .group_by(changes.Change.scope)
    )
    return {row.scope: None if row.waiting else row.last for row in rows}
