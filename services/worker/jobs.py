"""Head office, unattended: publishes what was edited as soon as it is committed."""

from __future__ import annotations

import logging
import threading
from typing import Final

from sqlalchemy.exc import OperationalError

from services.database import bells
from services.database.headoffice import HeadOffice
from services.replication import publish

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
"""Seconds between looks that need no ring: a ring may be lost, or come from another machine."""


def run(office: HeadOffice, stop: threading.Event) -> None:
    """Publish at each ring and each timed look, until `stop`."""
    listening = bells.listen(office, "worker")
    try:
        while not stop.is_set():
            once(office)
            listening.wait(LOOK_S)
    finally:
        listening.close()


def once(office: HeadOffice) -> int:
    """Publish what waits now, and ring the tills' doorbell; answers how many changes that were."""
    try:
        done = publish.publish(office)
    except OperationalError as error:  # the database is away: the next look tries again
        log.warning("publish failed why=%s", error)
        return 0
    if done:
        office.ring("doorbell")
    return done
