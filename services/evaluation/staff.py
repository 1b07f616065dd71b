"""People at the tills as head office has them: everybody, and one with what they may in a branch."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.staff import Role, Staff
from services.database import changes
from services.database.changes import CHAIN, Change
from services.database.people import StaffRow
from services.register import permission


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who sells: the same key is the same person, in one branch or several.

    staff   by branch, who they are there
    """

    key: str
    name: str
    staff: dict[str, Staff]

    @property
    def first(self) -> Staff:
        """Who they are in the first of their branches."""
        return self.staff[min(self.staff)]

    @property
    def has_badge(self) -> bool:
        """Do they wear a badge anywhere?"""
        return any(each.badge for each in self.staff.values())


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who sells no more."""

    key: str
    name: str


def people(
    session: Session, branch: str | None, text: str = "", role: str = ""
) -> list[Person]:  # fmt: skip
    """Everybody at the tills of a scope, by name; only those whom `text` and `role` ask for."""
    query = sa.select(StaffRow)
    if branch is not None:
        query = query.where(StaffRow.branch == branch)
    if role:
        query = query.where(StaffRow.role == role)
    for word in text.lower().split():
        like = f"%{word}%"
        query = query.where(
            sa.or_(sa.func.lower(StaffRow.name).like(like), sa.func.lower(StaffRow.key).like(like))
        )
    found: dict[str, dict[str, StaffRow]] = {}
    for row in session.scalars(query.order_by(StaffRow.name, StaffRow.key)):
        found.setdefault(row.key, {})[row.branch] = row
    return [_person(key, rows) for key, rows in found.items()]


def person(session: Session, key: str, only: Collection[str] = ()) -> Person | None:
    """One person; `only` in these branches, where some are said."""
    query = sa.select(StaffRow).where(StaffRow.key == key)
    if only:
        query = query.where(StaffRow.branch.in_(only))
    rows = {row.branch: row for row in session.scalars(query)}
    return _person(key, rows) if rows else None


def _person(key: str, rows: dict[str, StaffRow]) -> Person:
    staff = {branch: row.document() for branch, row in sorted(rows.items())}
    return Person(key, next(iter(staff.values())).name, staff)


def left(session: Session, branch: str | None) -> list[Left]:
    """Who sold in this scope once, and is on no till there any more; by name."""
    here = Change.scope == f"branch-{branch}" if branch else Change.scope.startswith("branch-")
    newest = (
        sa.select(sa.func.max(Change.id))
        .where(here, Change.kind == "staff", Change.document.is_not(None))
        .group_by(Change.key)
    )
    there = sa.select(StaffRow.key)
    if branch is not None:
        there = there.where(StaffRow.branch == branch)
    rows = session.execute(
        sa.select(Change.key, Change.document).where(
            Change.id.in_(newest), Change.key.not_in(there)
        )
    )
    gone = [Left(row.key, xml.load(Staff, row.document).name) for row in rows if row.document]
    return sorted(gone, key=lambda each: each.name)


def roles(session: Session) -> list[Role]:
    """The roles of the chain, by name, as the last edit left them."""
    return _roles(session, CHAIN)


def _roles(session: Session, scope: str) -> list[Role]:
    read = changes.every(session, Role, scope)
    return sorted(read, key=lambda role: (len(role.rights), role.name))


def roles_of(session: Session, branch: str) -> dict[str, Role]:
    """The roles that hold in a branch: its own where it has one of that key, else the chain's."""
    held = {role.key: role for role in _roles(session, CHAIN)}
    held.update({role.key: role for role in _roles(session, f"branch-{branch}")})
    return {str(key): role for key, role in held.items()}


@dataclass(frozen=True, slots=True)
class Effective:
    """One right of somebody in a branch: whether they have it, and how far it reaches."""

    right: str
    kind: str | None
    held: bool
    limit: Decimal | None


def effective(role: Role | None, wanted: Iterable[str] = permission.RIGHTS) -> list[Effective]:
    """What a role may, right by right."""
    has = {each.name: each for each in role.rights} if role else {}
    return [
        Effective(name, permission.RIGHTS[name], name in has, has[name].limit if name in has else None)
        for name in wanted
    ]  # fmt: skip
