"""The organisation: company › region › branch › till; settings are inherited downwards."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas.keys import BranchKey, Digest, KeyboardKey, LayoutKey, TaxZone, TillKey, till_name
from schemas.money import Currency
from schemas.neighbour import Neighbour
from schemas.orgunit import OrgUnit, Own
from schemas.settings import Settings
from services.database import changes
from services.database.readings import (
    INHERITED,
    OFFICE_RULES,
    RULES,
    lan_address,
    public_address,
)
from services.database.tables import Instant, Table
from services.register import badge


class Unit(Table):
    """One place in the organisation. Its key is unique in its kind; a till's is `branch-till`.

    secret  of the company: seals the codes on slips; of a till: answers its telephone approvals
    rules   further settings (see `RULES`), as texts; each is inherited on its own
    """

    __tablename__ = "unit"

    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(26), primary_key=True)
    secret: Mapped[str] = mapped_column(sa.String(64), default=lambda: secrets.token_hex(32))
    rules: Mapped[dict[str, str] | None] = mapped_column(sa.JSON)
    name: Mapped[str] = mapped_column(sa.String(200))
    parent_kind: Mapped[str | None] = mapped_column(sa.String(10))
    parent_key: Mapped[str | None] = mapped_column(sa.String(26))
    address: Mapped[str | None] = mapped_column(sa.String(500))
    currency: Mapped[str | None] = mapped_column(sa.String(3))
    time_zone: Mapped[str | None] = mapped_column(sa.String(60))
    tax_zone: Mapped[str | None] = mapped_column(sa.String(40))
    language: Mapped[str | None] = mapped_column(sa.String(2))
    layout: Mapped[str | None] = mapped_column(sa.String(40))
    keyboard: Mapped[str | None] = mapped_column(sa.String(40))
    profile: Mapped[str | None] = mapped_column(sa.String(10))
    fiscal: Mapped[str | None] = mapped_column(sa.String(40))
    every_s: Mapped[int | None]
    printer: Mapped[str | None] = mapped_column(sa.String(200))
    tax_number: Mapped[str | None] = mapped_column(sa.String(60))

    __table_args__ = (sa.Index("ix_unit_parent", "parent_kind", "parent_key"),)

    def document(self) -> OrgUnit:
        """The unit with what it says itself."""
        own = {name: getattr(self, name) for name in INHERITED} | (self.rules or {})
        return OrgUnit(
            self.kind, self.key, self.name, self.parent_kind, self.parent_key,
            tuple(Own(name, str(value)) for name, value in own.items() if value is not None),
        )  # fmt: skip


class Device(Table):
    """A till's box: its public key, and what it last said of itself."""

    __tablename__ = "device"

    till: Mapped[str] = mapped_column(sa.String(26), primary_key=True)
    public_key: Mapped[str | None] = mapped_column(sa.String(60))
    enrolled_at: Mapped[datetime | None] = mapped_column(Instant)
    enrolments: Mapped[int | None]
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    contact_at: Mapped[datetime | None] = mapped_column(Instant)
    said_at: Mapped[datetime | None] = mapped_column(Instant)
    software: Mapped[str | None] = mapped_column(sa.String(40))
    waiting: Mapped[int | None]
    oldest_at: Mapped[datetime | None] = mapped_column(Instant)
    mirror_revision: Mapped[int | None]
    mirror_published: Mapped[datetime | None] = mapped_column(Instant)
    mirror_digest: Mapped[str | None] = mapped_column(sa.String(64))
    mirrored: Mapped[dict[str, int] | None] = mapped_column(sa.JSON, deferred=True)
    """The revision of each scope that the till has in force. No list of tills reads it."""
    fault: Mapped[str | None] = mapped_column(sa.String(2000))
    disk_free: Mapped[int | None] = mapped_column(sa.BigInteger)
    tests: Mapped[bytes | None] = mapped_column(deferred=True)
    """The newest self-test of each device, as a document (schemas/status.py: Checks)."""


class EnrolmentCode(Table):
    """A one-time code that makes a till's key known. Only its digest is kept."""

    __tablename__ = "enrolment_code"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    till: Mapped[str] = mapped_column(sa.String(26))
    made_by: Mapped[str] = mapped_column(sa.String(60))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True, slots=True)
class TillPlace:
    """A till's unit with its branch's."""

    till: Unit
    branch: Unit

    @property
    def till_key(self) -> TillKey:
        """The till's number within its branch."""
        return TillKey(self.till.key.rpartition("-")[2])


def company(session: Session) -> Unit | None:
    """The company; None before it is set up."""
    return session.scalar(sa.select(Unit).where(Unit.kind == "company"))


def badge_digest(session: Session, code: str) -> Digest:
    """What tills know of a badge with this code; raises ValueError before there is a company."""
    head = company(session)
    if head is None:
        raise ValueError("there is no company yet")
    return badge.digest(code, badge.salt(head.secret))


def units(session: Session, kind: str) -> list[Unit]:
    """All units of a kind, by key."""
    return list(session.scalars(sa.select(Unit).where(Unit.kind == kind).order_by(Unit.key)))


def place(session: Session, till: str) -> TillPlace | None:
    """The till called `branch-till`."""
    unit = session.get(Unit, ("till", till))
    branch = session.get(Unit, ("branch", unit.parent_key)) if unit else None
    return TillPlace(unit, branch) if unit and branch else None


def add(session: Session, unit: Unit, by: str) -> None:
    """Add a unit, or change the one of its kind and key; every till below is told."""
    session.merge(unit)
    session.flush()
    announce(session, unit.kind, unit.key, by)


def put(session: Session, document: OrgUnit, by: str) -> None:
    """Make a unit what a document says; every till below is told.

    Raises ValueError where a setting cannot be what it says.
    """
    unit = session.get(Unit, (document.kind, document.number))
    if unit is None:
        unit = Unit(kind=document.kind, key=document.number)
        session.add(unit)
    unit.name = document.name
    unit.parent_kind, unit.parent_key = document.parent_kind, document.parent_number
    said = document.values
    for name in INHERITED:
        text = said.pop(name, None)
        setattr(unit, name, int(text) if text is not None and name == "every_s" else text)
    unknown = [name for name in said if name not in RULES and name not in OFFICE_RULES]
    if unknown:
        raise ValueError(f"there is no setting {', '.join(unknown)}")
    for name, text in said.items():
        RULES.get(name, str)(text)
    unit.rules = said or None
    session.flush()
    announce(session, unit.kind, unit.key, by)


def remove(session: Session, record: str, by: str) -> None:
    """A unit is no more, as where its making is undone; a till's settings go with it.

    One that something lies below stays, and so do the company and a till whose box is enrolled:
    what they recorded must be found again.

    record  kind and key, as its record is called
    """
    kind, _, key = record.partition(" ")
    unit = session.get(Unit, (kind, key))
    below = sa.select(Unit.key).where(Unit.parent_kind == kind, Unit.parent_key == key)
    device = session.get(Device, key) if kind == "till" else None
    if unit is None or kind == "company" or (device and device.public_key):
        return
    if session.scalar(below.limit(1)) is not None:
        return
    if kind == "till":
        changes.gone(session, "settings", key, f"till-{key}", by)
    session.delete(unit)
    session.flush()
    changes.gone(session, "org-unit", record, changes.OFFICE, by)


def announce(session: Session, kind: str, key: str, by: str) -> None:
    """Note what a unit says now, and the settings of every till below it that follow from that."""
    unit = session.get(Unit, (kind, key))
    if unit is not None:
        changes.record(session, unit.document(), changes.OFFICE, by)
    for till in tills_below(session, kind, key):
        settings = settings_of(session, till)
        changes.record(session, settings, f"till-{till.key}", by)
        introduce(session, till.key, by)


def introduce(session: Session, till: str, by: str) -> None:
    """Tell a till's neighbours who it is: its box's key and its address in their network.

    One that has no address, or whose box may not call, is known to nobody there any more.
    """
    here, device = place(session, till), session.get(Device, till)
    if here is None:
        return
    scope = f"branch-{here.branch.key}"
    address = (here.till.rules or {}).get("neighbours")
    if address and device and device.public_key and device.revoked_at is None:
        known = Neighbour(till, here.till.name, address, device.public_key)
        changes.record(session, known, scope, by)
    elif till in changes.keys(session, scope, "neighbour"):
        changes.gone(session, "neighbour", till, scope, by)


def lineage(session: Session, unit: Unit) -> Iterator[Unit]:
    """Where a unit's settings are looked for: itself, its till profile, then the same above it.

    A profile is a unit too; whoever takes it (the rule `takes`) has its settings before those of
    the unit above.
    """
    at: Unit | None = unit
    while at is not None:
        yield at
        taken = session.get(Unit, ("profile", (at.rules or {}).get("takes", "")))
        if taken is not None and at.kind != "profile":
            yield taken
        above = (at.parent_kind, at.parent_key)
        at = session.get(Unit, above) if all(above) else None


def takers(session: Session, profile: str) -> list[Unit]:
    """The units that take a till profile."""
    named = session.scalars(sa.select(Unit).where(Unit.rules.is_not(None)).order_by(Unit.key))
    return [unit for unit in named if (unit.rules or {}).get("takes") == profile]


def _below(kind: str, key: str) -> sa.CTE:
    """The keys of a unit and of all units below it, in one question."""
    top = sa.select(Unit.kind, Unit.key).where(Unit.kind == kind, Unit.key == key)
    below = top.cte("below", recursive=True)
    under = sa.and_(Unit.parent_kind == below.c.kind, Unit.parent_key == below.c.key)
    return below.union_all(sa.select(Unit.kind, Unit.key).join(below, under))


def tills_below(session: Session, kind: str, key: str) -> list[Unit]:
    """The tills of a unit, by key; of itself where it is one; of a profile those that take it."""
    if kind == "profile":
        each = (till for unit in takers(session, key)
                for till in tills_below(session, unit.kind, unit.key))  # fmt: skip
        return sorted({till.key: till for till in each}.values(), key=lambda till: till.key)
    below = _below(kind, key)
    same = sa.and_(Unit.kind == below.c.kind, Unit.key == below.c.key)
    query = sa.select(Unit).join(below, same).where(Unit.kind == "till").order_by(Unit.key)
    return list(session.scalars(query))


def count_tills(session: Session, kind: str, key: str) -> int:
    """How many tills a unit has."""
    if kind == "profile":
        return len(tills_below(session, kind, key))
    below = _below(kind, key)
    query = sa.select(sa.func.count()).select_from(below).where(below.c.kind == "till")
    return session.scalar(query) or 0


def settings_of(session: Session, till: Unit) -> Settings:
    """A till's settings with all that it inherits; raises ValueError where one is missing."""
    found: dict[str, object] = {}
    rules: dict[str, Any] = {}
    branch, head = till, till
    for unit in lineage(session, till):
        for name in INHERITED:
            value = getattr(unit, name)
            if value is not None:
                found.setdefault(name, value)
        for name, text in (unit.rules or {}).items():
            if name not in OFFICE_RULES:
                rules.setdefault(name, RULES[name](text))
        if unit.kind == "branch":
            branch = unit
        head = head if unit.kind == "profile" else unit
    missing = [name for name in INHERITED[:7] if name not in found]
    if missing:
        raise ValueError(f"till {till.key} has no {', '.join(missing)}, nor any unit above it")
    return Settings(
        branch=BranchKey(branch.key),
        till=TillKey(till.key.rpartition("-")[2]),
        company=head.name,
        branch_name=branch.name,
        address=str(found["address"]),
        currency=Currency(str(found["currency"])),
        time_zone=str(found["time_zone"]),
        tax_zone=TaxZone(str(found["tax_zone"])),
        language=str(found["language"]),
        layout=LayoutKey(str(found["layout"])),
        keyboard=KeyboardKey(str(found["keyboard"])),
        profile=str(found.get("profile", "live")),
        fiscal=str(found.get("fiscal", "plain")),
        every_s=int(str(found.get("every_s", 0))),
        printer=str(found["printer"]) if "printer" in found else None,
        tax_number=str(found["tax_number"]) if "tax_number" in found else None,
        slip_key=head.secret,
        approval_key=till.secret,
        badge_salt=badge.salt(head.secret),
        **rules,
    )


__all__ = [
    "INHERITED",
    "OFFICE_RULES",
    "RULES",
    "Device",
    "EnrolmentCode",
    "TillPlace",
    "Unit",
    "add",
    "announce",
    "company",
    "count_tills",
    "introduce",
    "lan_address",
    "lineage",
    "place",
    "public_address",
    "put",
    "settings_of",
    "takers",
    "till_name",
    "tills_below",
    "units",
]  # fmt: skip
