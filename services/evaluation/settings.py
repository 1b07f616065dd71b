"""A unit's settings with where each comes from, and how many tills a change of it reaches."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import organisation
from services.database.organisation import Unit
from services.database.readings import INHERITED, TYPED


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a unit.

    own, above  what the unit says itself, and what it has without that
    source      the unit that `above` comes from
    reach       tills that a change here reaches: those below without a nearer value
    nearer      the units below that say it themselves, so that a change here stops at them
    """

    name: str
    own: str | None
    above: str | None
    source: Unit | None
    reach: int
    nearer: tuple[Unit, ...] = ()

    @property
    def value(self) -> str | None:
        """What holds."""
        return self.above if self.own is None else self.own


def of(session: Session, unit: Unit) -> dict[str, Setting]:
    """All settings of a unit, by name."""
    chain = [(each, values(each)) for each in organisation.lineage(session, unit)]
    reached, nearer = _reach(session, unit)
    found = {}
    for name in TYPED:
        own = chain[0][1].get(name)
        near = [(value[name], each) for each, value in chain[1:] if name in value]
        above, source = near[0] if near and name != "takes" else (None, None)
        below = tuple(sorted(nearer.get(name, ()), key=lambda each: (each.kind, each.key)))
        found[name] = Setting(name, own, above, source, reached.get(name, 0), below)
    return found


def values(unit: Unit) -> dict[str, str]:
    """What a unit says itself, as texts."""
    plain = {name: getattr(unit, name) for name in INHERITED}
    said = {name: str(value) for name, value in plain.items() if value is not None}
    return said | (unit.rules or {})


def _reach(session: Session, top: Unit) -> tuple[dict[str, int], dict[str, list[Unit]]]:
    """By setting, how many tills take it from this unit, and which units below say it themselves."""
    units = {(u.kind, u.key): u for u in session.scalars(sa.select(Unit))}
    below: dict[tuple[str | None, str | None], list[Unit]] = {}
    for unit in units.values():
        below.setdefault((unit.parent_kind, unit.parent_key), []).append(unit)
    counts = dict.fromkeys(TYPED, 0)
    owners: dict[str, list[Unit]] = {}

    def nearer(unit: Unit) -> set[str]:
        profile = units.get(("profile", (unit.rules or {}).get("takes", "")))
        return set(values(unit)) | (set(values(profile)) if profile is not None else set())

    def walk(unit: Unit, hidden: set[str]) -> None:
        if unit.kind == "till":
            for name in TYPED:
                counts[name] += name not in hidden
        for each in below.get((unit.kind, unit.key), []):
            if each.kind != "profile":
                for name in values(each):
                    owners.setdefault(name, []).append(each)
                walk(each, hidden | nearer(each))

    if top.kind == "profile":
        for taker in (u for u in units.values() if (u.rules or {}).get("takes") == top.key):
            walk(taker, set(values(taker)))
    else:
        walk(top, set())
    return counts, owners
