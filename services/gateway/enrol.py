"""Enrolment at head office: a one-time code makes a till's key known; a till can be shut out."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import signature, xml
from schemas.enrolment import Enrolment
from schemas.keys import BranchKey
from services.database import organisation
from services.database.organisation import Device, EnrolmentCode, TillPlace
from services.database.sales import EntryRow
from services.link.office import OfficeRefused, Past

VALID: Final = timedelta(minutes=30)
_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH: Final = 20
"""Signs of a code: 32 kinds, 20 of them, are 100 bits."""
_BY: Final = "enrolment"
NEW: Final = Past()
"""The past of a box that has none."""


def make_code(session: Session, till: str, by: str) -> str:
    """A new code for a till, in groups of five; it works once, within half an hour."""
    if organisation.place(session, till) is None:
        raise LookupError(f"there is no till {till}")
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    session.add(
        EnrolmentCode(
            digest=_digest(code), till=till, made_by=by, expires_at=datetime.now(UTC) + VALID
        )
    )
    return "-".join(code[n : n + 5] for n in range(0, _LENGTH, 5))


def admitted(session: Session, till: str) -> Device | None:
    """The box that may call as `till` now; None where there is none, or it has been shut out."""
    device = session.get(Device, till)
    return device if device and device.public_key and device.revoked_at is None else None


def _digest(code: str) -> str:
    return xml.digest("".join(c for c in code.upper() if c in _ALPHABET).encode())


def enrol(
    session: Session,
    code: str,
    public_key: str,
    office: str,
    doorbell: str | None,
    trusted: str,
    past: Past = NEW,
) -> Enrolment:
    """Make a till's key known. The same code and key again get the same answer (a lost reply).

    Raises OfficeRefused for a code that is not known, used by another key, or too old; and for a
    box whose past does not fit: then the code can still be used.
    """
    now = datetime.now(UTC)
    row = session.get(EnrolmentCode, _digest(code), with_for_update=True)
    try:
        signature.public_key(public_key)
    except signature.SignatureDamaged as error:
        raise OfficeRefused(str(error)) from error
    place = organisation.place(session, row.till) if row else None
    if row is None or place is None:
        raise OfficeRefused("This code is not known. Make a new one in head office.")
    _check_past(session, place, past, trusted)
    device = session.get(Device, row.till) or Device(till=row.till)
    if row.used_at is not None and device.public_key != public_key:
        raise OfficeRefused("This code has been used. Make a new one in head office.")
    if row.used_at is None:
        if now > row.expires_at:
            raise OfficeRefused("This code is too old. Make a new one in head office.")
        row.used_at = now
        device.public_key, device.enrolled_at, device.revoked_at = public_key, now, None
        device.enrolments = (device.enrolments or 0) + 1
        session.add(device)
        session.flush()
        organisation.introduce(session, row.till, _BY)
    return Enrolment(
        BranchKey(place.branch.key),
        place.till_key,
        office,
        doorbell,
        str(device.enrolments),
        (trusted,),
    )


def _check_past(session: Session, place: TillPlace, past: Past, trusted: str) -> None:
    """A box stays the till that it was: else the sales of two tills would lie in one journal."""
    name = place.till.key
    empty = f"Enrol till {name} in an empty folder; the code can still be used."
    if past.till and past.till != name:
        raise OfficeRefused(f"This box is till {past.till}, and the code is for {name}. {empty}")
    if past.entries and trusted not in past.trusts and not _has(session, place, past.newest):
        raise OfficeRefused(
            "The journal of this box holds sales that this head office does not know "
            f"({past.entries} entries). "
            f"{empty} Keep this folder: its sales may be nowhere else."
        )


def _has(session: Session, place: TillPlace, newest: tuple[str, int, str] | None) -> bool:
    """Is the entry here that the box says a head office has acknowledged?"""
    if newest is None:
        return False
    series, number, digest = newest
    row = session.get(EntryRow, (place.branch.key, place.till_key, series, number))
    return row is not None and row.digest == digest


def revoke(session: Session, till: str) -> None:
    """Shut a till out: from now on its calls are refused."""
    device = session.get(Device, till)
    if device is not None:
        device.revoked_at = datetime.now(UTC)
        organisation.introduce(session, till, _BY)


def restore(session: Session, till: str) -> None:
    """Let a till in again that was shut out by mistake."""
    device = session.get(Device, till)
    if device is not None:
        device.revoked_at = None
        organisation.introduce(session, till, _BY)


_KEY: Final = sa.select(Device.public_key, Device.revoked_at).where(
    Device.till == sa.bindparam("of_till")
)


def known_key(connection: sa.Connection, till: str) -> str:
    """The public key that may call as `till`; raises OfficeRefused where none may."""
    found = connection.execute(_KEY, {"of_till": till}).one_or_none()
    if found is None or found.public_key is None:
        raise OfficeRefused("This till is not known here. Enrol it.")
    if found.revoked_at is not None:
        raise OfficeRefused("This till has been shut out by head office.")
    return str(found.public_key)


def device(session: Session, till: str) -> Device:
    """The device that may call as `till`; raises OfficeRefused where none may."""
    known_key(session.connection(), till)
    return session.get_one(Device, till)
