"""How old the list of who may sign in is: a till that heard nothing for too long lets nobody in.

Somebody on it may have left since. The rule `staff_days` says how long it is trusted; without it, for
ever, as a till that sells must not stop for a broken line alone.
"""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

from schemas import xml
from schemas.status import Status
from services.disk.box import Box
from services.mirror.catalogue import Catalogue
from services.register.refusal import StepRefused


def heard(box: Box, catalogue: Catalogue) -> datetime:
    """When head office last said what is in force: its last answer, or what it published last."""
    with contextlib.suppress(OSError, xml.DocumentRefused):
        status = xml.load(Status, (box.status / "agent.xml").read_bytes())
        if status.contact is not None:
            return max(status.contact, catalogue.published)
    return catalogue.published


def check(box: Box, catalogue: Catalogue, now: datetime) -> None:
    """Raise StepRefused where the list is older than the rule allows."""
    days = catalogue.own.staff_days
    if days is not None and now - heard(box, catalogue) > timedelta(days=days):
        raise StepRefused("staff-old", days=days)
