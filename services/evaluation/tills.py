"""Tills as head office knows them: what each last said of itself, and whether that is all right."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.status import Checked, Checks
from services.database import changes, organisation
from services.database.organisation import Device, Unit
from services.evaluation.places import inherited

SILENT_AFTER: Final = timedelta(minutes=10)
"""A till in permanent mode that has said nothing for so long needs somebody."""
_BEHIND_AFTER: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TillState:
    """A till and how it is.

    state   ok, check, act (somebody must), off (not in use)
    reason  selling, behind, waiting, fault, silent, revoked or unenrolled
    behind  revisions of the chain's master data that the till has not got yet; None: not known
    """

    unit: Unit
    branch: str
    device: Device | None
    state: str
    reason: str
    behind: int | None

    @property
    def waiting(self) -> int:
        """Entries that the till has not sent yet, as it last said."""
        return (self.device.waiting or 0) if self.device else 0


def tested(device: Device | None) -> tuple[Checked, ...]:
    """How the till's devices were found by their newest tests, the worst first."""
    if device is None or device.tests is None:
        return ()
    order = {"red": 0, "yellow": 1, "green": 2}
    return tuple(
        sorted(xml.load(Checks, device.tests).tested, key=lambda t: (order[t.light], t.device))
    )


def tills(session: Session, branch: str | None, now: datetime) -> list[TillState]:
    """The tills of the company or of a branch, by name."""
    newest = changes.revision(session, changes.CHAIN)
    known = sa.select(Device)
    if branch:
        units = organisation.tills_below(session, "branch", branch)
        known = known.where(Device.till.in_([unit.key for unit in units]))
    else:
        units = organisation.units(session, "till")
    devices = {each.till: each for each in session.scalars(known)}
    pace = _pace(session)
    return [
        _state(unit, devices.get(unit.key), newest, now, _silent(pace(unit)))
        for unit in sorted(units, key=lambda unit: unit.key)
    ]


def _pace(session: Session) -> Callable[[Unit], int]:
    """How often each till looks, in seconds, with all that it inherits; one question for all tills."""
    query = sa.select(Unit.kind, Unit.key, Unit.parent_kind, Unit.parent_key, Unit.every_s)
    above = {(row.kind, row.key): row for row in session.execute(query.where(Unit.kind != "till"))}

    @functools.cache
    def inherits(kind: str | None, key: str | None) -> int:
        at = above.get((kind or "", key or ""))
        while at is not None and at.every_s is None:
            at = above.get((at.parent_kind, at.parent_key))
        return at.every_s or 0 if at is not None else 0

    def pace(unit: Unit) -> int:
        own = unit.every_s
        return own if own is not None else inherits(unit.parent_kind, unit.parent_key)

    return pace


def till(session: Session, name: str, now: datetime) -> TillState | None:
    """One till by its name, as in `014-2`."""
    unit = session.get(Unit, ("till", name))
    if unit is None:
        return None
    newest = changes.revision(session, changes.CHAIN)
    return _state(unit, session.get(Device, name), newest, now, silent_after(session, unit))


def _state(
    unit: Unit,
    device: Device | None,
    newest: changes.Revision | None,
    now: datetime,
    silent: timedelta,
) -> TillState:
    behind = None
    if device is not None and device.mirror_revision is not None and newest is not None:
        behind = max(0, newest.number - device.mirror_revision)
    state, reason = _judged(device, behind, newest, now, silent)
    return TillState(unit, unit.parent_key or "", device, state, reason, behind)


def silent_after(session: Session, unit: Unit) -> timedelta:
    """How long a till may say nothing: longer where it looks only every so often."""
    return _silent(int(inherited(session, unit, "every_s") or 0))


def _silent(every_s: int) -> timedelta:
    return max(SILENT_AFTER, timedelta(seconds=3 * every_s))


def _judged(
    device: Device | None,
    behind: int | None,
    newest: changes.Revision | None,
    now: datetime,
    silent: timedelta,
) -> tuple[str, str]:
    if device is None or device.public_key is None:
        return "off", "unenrolled"
    if device.revoked_at is not None:
        return "off", "revoked"
    if device.contact_at is None or now - device.contact_at > silent:
        return "act", "silent"
    if device.fault:
        return "act", "fault"
    if device.waiting:
        return "check", "waiting"
    if behind and newest is not None and now - newest.published_at > _BEHIND_AFTER:
        return "check", "behind"
    return "ok", "selling"
