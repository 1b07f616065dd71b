"""Bells inside head office: a local socket beside SQLite, LISTEN and NOTIFY on PostgreSQL.

A ring carries nothing and may be lost: whoever waits looks by itself now and then.
"""

from __future__ import annotations

import logging
import select
import time
from typing import Protocol

import psycopg

from services.database.headoffice import HeadOffice
from services.disk import bell

log = logging.getLogger(__name__)


class Listening(Protocol):
    """The listener's side of a bell."""

    def fileno(self) -> int:
        """What an event loop watches."""

    def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most so long."""

    def drain(self) -> None:
        """Forget all rings so far."""

    def close(self) -> None:
        """Listen no longer."""


class _Notified:
    """Rings that come through PostgreSQL."""

    def __init__(self, url: str, listener: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute(f"LISTEN tresen_{listener}".encode())

    def fileno(self) -> int:
        """What an event loop watches."""
        return self._connection.fileno()

    def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most so long."""
        ready, _, _ = select.select([self._connection.fileno()], [], [], seconds)
        if ready:
            self.drain()
        return bool(ready)

    def drain(self) -> None:
        """Forget all rings so far; a lost connection rings no more, and its listener looks anyway."""
        try:
            self._connection.pgconn.consume_input()
            while self._connection.pgconn.notifies():
                pass
        except psycopg.OperationalError as error:
            log.warning("bell lost why=%s", error)
            time.sleep(1)

    def close(self) -> None:
        """Listen no longer."""
        self._connection.close()


def listen(office: HeadOffice, listener: str) -> Listening:
    """Listen at the door of `worker` or `doorbell`; HeadOffice.ring rings there."""
    if office.engine.dialect.name != "postgresql":
        return bell.Bell(office.directory, listener)
    return _Notified(office.url.replace("postgresql+psycopg://", "postgresql://"), listener)
