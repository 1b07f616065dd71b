"""What a role of head office may see and change, area by area. Roles are data; four are there from the first day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.database.tables import Table

SEE: Final = "see"
CHANGE: Final = "change"
AREAS: Final = (
    "selling", "customers", "articles", "promotions", "branches", "tills", "staff", "layouts",
    "changes", "log", "interfaces", "users",
)  # fmt: skip
"""The parts of head office that a role is given, in the order of the pages."""
OWNER: Final = "owner"
"""The role that may do everything and cannot lose anything: somebody must be able to let people in."""
BUILT_IN: Final[Mapping[str, Mapping[str, str]]] = {
    OWNER: dict.fromkeys(AREAS, CHANGE),
    "manager": {
        **dict.fromkeys(AREAS[:9], CHANGE),
        "log": CHANGE,
    },
    "bookkeeper": {
        **dict.fromkeys(("selling", "customers", "articles", "promotions", "tills", "changes", "log"), SEE),
    },
    "technician": {
        **dict.fromkeys(("selling", "articles", "changes", "log"), SEE),
        **dict.fromkeys(("branches", "tills", "layouts", "interfaces"), CHANGE),
    },
}  # fmt: skip
"""The roles that every chain has, as long as it has not said otherwise."""


class OfficeRole(Table):
    """A role of head office that a chain made, or one of the first that it changed."""

    __tablename__ = "office_role"

    key: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    rights: Mapped[dict[str, str]] = mapped_column(sa.JSON)


def rights(session: Session, role: str) -> Mapping[str, str]:
    """By area, what a role may: see or change. A role that nobody knows may nothing."""
    if role == OWNER:
        return BUILT_IN[OWNER]
    made = session.get(OfficeRole, role)
    return made.rights if made else BUILT_IN.get(role, {})


def may(held: Mapping[str, str], area: str, act: str) -> bool:
    """Does what somebody holds allow this? Who may change may see."""
    return held.get(area) == CHANGE or (act == SEE and held.get(area) == SEE)


def covers(held: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Is all that is wanted held too? Nobody gives others more than they have themselves."""
    return all(may(held, area, act) for area, act in wanted.items())


def roles(session: Session) -> list[tuple[str, str | None, Mapping[str, str]]]:
    """All roles: key, name where the chain gave one, rights."""
    made = {row.key: row for row in session.scalars(sa.select(OfficeRole).order_by(OfficeRole.key))}
    found: list[tuple[str, str | None, Mapping[str, str]]] = []
    for key, said in BUILT_IN.items():
        row = made.pop(key, None)
        found.append((key, None, row.rights if row else said))
    return found + [(row.key, row.name, row.rights) for row in made.values()]


def put(session: Session, key: str, name: str, held: Mapping[str, str]) -> None:
    """Keep what a role may; of the owner's nothing is taken."""
    if key != OWNER:
        said = {area: act for area, act in held.items() if area in AREAS and act in {SEE, CHANGE}}
        session.merge(OfficeRole(key=key, name=name, rights=said))
