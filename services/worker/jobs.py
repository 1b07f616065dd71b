"""Head office, unattended: publishes what is committed, and closes what no till will close any more."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.exc import IntegrityError, OperationalError

from services.database import bells, releasing
from services.database.headoffice import HeadOffice
from services.disk import durable
from services.replication import publish
from services.spool import addenda
from services.worker import anchor

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
"""Seconds between looks that need no ring: a ring may be lost, or come from another machine."""


CLOSE_S: Final = 600.0
"""Seconds between looks for series that ended without a Z report."""


def run(office: HeadOffice, stop: threading.Event) -> None:
    """Publish at each ring and each timed look, until `stop`."""
    listening = bells.listen(office, "worker")
    due = anchoring = time.monotonic()
    try:
        while not stop.is_set():
            release_due(office)
            once(office)
            if time.monotonic() >= due:
                close_ended(office)
                due = time.monotonic() + CLOSE_S
            if time.monotonic() >= anchoring:
                keep_head(office)
                anchoring = time.monotonic() + anchor.EVERY_S
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


def release_due(office: HeadOffice, now: datetime | None = None) -> int:
    """Let out the change sets whose moment has come; answers how many."""
    done = 0
    while True:
        try:
            with office.session() as session:
                found = releasing.due(session, now or datetime.now(UTC))
                if found is not None:
                    log.info("change set released number=%d", found.id)
        except (OperationalError, ValueError) as error:
            log.warning("release failed why=%s", error)
            return done
        if found is None:
            return done
        done += 1


def keep_head(office: HeadOffice) -> None:
    """Keep the audit log's head outside the database."""
    try:
        anchor.keep(office)
    except (OperationalError, durable.DiskRefused) as error:
        log.warning("audit head not kept why=%s", error)


def close_ended(office: HeadOffice, now: datetime | None = None) -> int:
    """Make addenda for what no Z report covers; answers how many."""
    try:
        with office.session() as session:
            made = addenda.make(session, now)
            for row in made:
                log.info("addendum made till=%s-%s series=%s number=%d receipts=%d",
                         row.branch, row.till, row.series, row.addendum, row.receipts)  # fmt: skip
    except (OperationalError, IntegrityError) as error:  # away, or another worker was quicker
        log.warning("addenda failed why=%s", error)
        return 0
    return len(made)
