"""Printers: what a till asks of one, and the queue before it. A fault never blocks a sale."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from pos_qt.peripherals.printerstatus import PrinterStatus
from services.register.columns import Row

log = logging.getLogger(__name__)

_MOST: Final = 200


class PrinterRefused(Exception):
    """The printer did not take the slip; it stays in the queue. Fit to show."""


class Printer(Protocol):
    """A slip printer with a drawer on its plug. Calls may take seconds: never on the screen."""

    def print_rows(self, rows: Sequence[Row]) -> None:
        """Print a slip and cut it. Raises PrinterRefused."""

    def kick(self) -> None:
        """Open the drawer. Raises PrinterRefused."""


class Pretend:
    """A printer in memory, for tests and for tills without one; `broken` makes it refuse."""

    def __init__(self) -> None:
        self.slips: list[tuple[Row, ...]] = []
        self.kicks = 0
        self.broken = False
        self.is_like = PrinterStatus()

    def print_rows(self, rows: Sequence[Row]) -> None:
        """Keep the slip."""
        self._check()
        self.slips.append(tuple(rows))

    def kick(self) -> None:
        """Count it."""
        self._check()
        self.kicks += 1

    def status(self) -> PrinterStatus | None:
        """As a test wants it."""
        self._check()
        return self.is_like

    def close(self) -> None:
        """Nothing to let go."""

    def _check(self) -> None:
        if self.broken:
            raise PrinterRefused("The printer does not answer.")


class _Behind(Protocol):
    def run(
        self,
        call: Callable[[], None],
        then: Callable[[None], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do `call` behind the screen, then say how it went."""


@dataclass(frozen=True, slots=True)
class _Job:
    rows: tuple[Row, ...] | None
    kick: bool


class PrintQueue:
    """Slips wait here for the printer, on a thread of their own: a dead printer stops no journal."""

    def __init__(
        self, printer: Printer | None, behind: _Behind, on_change: Callable[[], None]
    ) -> None:
        self._printer = printer
        self._behind = behind
        self._on_change = on_change
        self._jobs: deque[_Job] = deque(maxlen=_MOST)
        self._at_work = False
        self._faulty = False

    def plug(self, printer: Printer | None) -> None:
        """Another printer, or none; what waits is printed by the new one."""
        self._printer, self._faulty = printer, False
        self._on_change()
        self._next()

    @property
    def state(self) -> str:
        """none, ready or fault."""
        if self._printer is None:
            return "none"
        return "fault" if self._faulty else "ready"

    @property
    def queued(self) -> int:
        """How many jobs wait."""
        return len(self._jobs)

    def put(self, rows: Sequence[Row] | None, *, kick: bool = False) -> None:
        """Print a slip, open the drawer, or both; the drawer first, since the customer waits."""
        if self._printer is not None:
            self._jobs.append(_Job(tuple(rows) if rows is not None else None, kick))
            self._next()

    def put_all(self, slips: Iterable[Sequence[Row]]) -> None:
        """Print some slips, one after the other."""
        for rows in slips:
            self.put(rows)

    def retry(self) -> None:
        """Look whether the printer is well again; called now and then."""
        if self._faulty:
            self._next()

    def _next(self) -> None:
        if self._at_work or not self._jobs or self._printer is None:
            return
        self._at_work = True
        job, printer = self._jobs[0], self._printer

        def work() -> None:
            if job.kick:
                printer.kick()
            if job.rows is not None:
                printer.print_rows(job.rows)

        self._behind.run(work, self._done, self._failed)

    def _done(self, _: None) -> None:
        self._at_work, self._faulty = False, False
        if self._jobs:
            self._jobs.popleft()
        self._on_change()
        self._next()

    def _failed(self, error: Exception) -> None:
        if not self._faulty:
            log.info("printer refused why=%s", error)
        self._at_work, self._faulty = False, True
        # A drawer that opens minutes later would be a fright: only slips wait.
        self._jobs = deque(
            (_Job(job.rows, False) for job in self._jobs if job.rows is not None), maxlen=_MOST
        )
        self._on_change()
