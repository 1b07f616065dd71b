"""Where a question looks: the whole company or one branch, with its currency and its clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas.money import Currency, exponent
from services.database import organisation
from services.database.organisation import Unit


@dataclass(frozen=True, slots=True)
class Place:
    """The company, or one of its branches, with what its figures need.

    branch    the branch's key; None: the whole company
    branches  keys and names of the branches that the person may see; `names`: by key
    """

    company: str
    branch: str | None
    name: str
    currency: Currency
    zone: ZoneInfo
    tax_zone: str
    branches: tuple[tuple[str, str], ...]
    names: Mapping[str, str]
    tills: int

    @property
    def decimals(self) -> int:
        """How many decimals its money has."""
        return exponent(self.currency)


def place(session: Session, branch: str | None = None, only: Collection[str] = ()) -> Place:
    """The company or one branch; raises LookupError where there is none of this key.

    only  the branches that the person may see; none: all of them
    """
    company = organisation.company(session)
    if company is None:
        raise LookupError("head office is not set up")
    unit = session.get(Unit, ("branch", branch)) if branch else company
    if unit is None:
        raise LookupError(f"there is no branch {branch}")
    every = sa.select(Unit.key, Unit.name).where(Unit.kind == "branch").order_by(Unit.key)
    seen = [row for row in session.execute(every) if not only or row.key in only]
    return Place(
        company=company.name,
        branch=branch or None,
        name=unit.name,
        currency=Currency(inherited(session, unit, "currency") or "EUR"),
        zone=ZoneInfo(inherited(session, unit, "time_zone") or "UTC"),
        tax_zone=inherited(session, unit, "tax_zone") or "",
        branches=tuple((each.key, each.name) for each in seen),
        names={each.key: each.name for each in seen},
        tills=organisation.count_tills(session, unit.kind, unit.key),
    )


def inherited(session: Session, unit: Unit, name: str) -> str | None:
    """A setting of a unit, or of the nearest unit above that has it."""
    for above in organisation.lineage(session, unit):
        value = getattr(above, name)
        if value is not None:
            return str(value)
    return None


def tills(session: Session, branches: Iterable[str]) -> int:
    """How many tills some branches have."""
    query = sa.select(sa.func.count()).where(
        Unit.kind == "till", Unit.parent_kind == "branch", Unit.parent_key.in_(list(branches))
    )
    return session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class Node:
    """One unit of the organisation with what lies below it."""

    unit: Unit
    below: tuple[Node, ...]


def tree(session: Session, branch: str | None = None) -> Node | None:
    """The organisation from the company down: the whole of it, or only the way to one branch."""
    company = organisation.company(session)
    if company is None:
        return None
    children: dict[tuple[str | None, str | None], list[Unit]] = {}
    for kind in ("region", "branch", "till"):
        for unit in organisation.units(session, kind):
            children.setdefault((unit.parent_kind, unit.parent_key), []).append(unit)

    def node(unit: Unit, inside: bool) -> Node | None:
        inside = inside or (unit.kind, unit.key) == ("branch", branch)
        nodes = (node(each, inside) for each in children.get((unit.kind, unit.key), []))
        below = tuple(each for each in nodes if each is not None)
        return Node(unit, below) if inside or below else None

    return node(company, branch is None)
