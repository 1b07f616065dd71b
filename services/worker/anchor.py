"""The audit log's head is kept outside the database, so that a log that is cut off at its end is found."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from services.database import audit
from services.database.headoffice import HeadOffice
from services.disk import durable

log = logging.getLogger(__name__)
EVERY_S: Final = 60.0
"""Seconds between two looks: so much of the end could be cut off unseen."""


def _path(office: HeadOffice) -> Path:
    return office.directory / "audit" / "head"


def kept(office: HeadOffice) -> tuple[int, str] | None:
    """Number and digest of the newest entry, as they were kept; None where none was yet."""
    try:
        number, _, digest = _path(office).read_text(encoding="ascii").strip().partition(" ")
        return int(number), digest
    except (FileNotFoundError, ValueError):
        return None


def keep(office: HeadOffice) -> bool:
    """Keep the head; answers whether the log has grown on what was kept before.

    A log that is shorter, or says something else there, is not written over: what was kept is evidence.
    """
    before = kept(office)
    with office.reading() as session:
        now = audit.head(session)
        entry = session.get(audit.Entry, before[0]) if before else None
        grown = before is None or (entry is not None and entry.digest == before[1])
    if not grown:
        log.error("audit log does not hold what was kept number=%d digest=%s", *(before or (0, "")))
        return False
    if now != before and now[0]:
        durable.folder(_path(office).parent)
        durable.replace(_path(office), f"{now[0]} {now[1]}\n".encode())
    return True
