"""Which tills print with which layout, and have which keys."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy.orm import Session

from services.database import organisation
from services.database.organisation import Unit


def used(session: Session, setting: str) -> dict[str, list[Unit]]:
    """The tills by what a setting of theirs, `layout` or `keyboard`, says, inherited or own."""
    units = {
        (unit.kind, unit.key): unit
        for kind in ("company", "region", "branch", "till")
        for unit in organisation.units(session, kind)
    }
    found: defaultdict[str, list[Unit]] = defaultdict(list)
    for (kind, _), till in units.items():
        if kind != "till":
            continue
        unit: Unit | None = till
        while unit is not None and getattr(unit, setting) is None:
            unit = units.get((unit.parent_kind or "", unit.parent_key or ""))
        if unit is not None:
            found[getattr(unit, setting)].append(till)
    return dict(found)
