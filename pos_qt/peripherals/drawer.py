"""Cash drawers: on the printer's plug, where the printer opens them and may see whether they are open."""

from __future__ import annotations

from typing import Literal, Protocol

from pos_qt.peripherals.printer import PrinterRefused
from pos_qt.peripherals.printerstatus import PrinterStatus


class DrawerRefused(Exception):
    """The drawer did not open. Fit to show."""


class Drawer(Protocol):
    """A cash drawer. Calls may take seconds: never on the screen's thread."""

    def open(self) -> None:
        """Let it spring open. Raises DrawerRefused."""

    def is_open(self) -> bool | None:
        """Whether it is open; None where nobody can tell."""


class KickingPrinter(Protocol):
    """A printer with a drawer on its plug."""

    def kick(self) -> None:
        """Open the drawer. Raises PrinterRefused."""

    def status(self) -> PrinterStatus | None:
        """How the printer is. Raises PrinterRefused."""


class PrinterDrawer:
    """A drawer on a printer's plug.

    Drawers differ in what their switch says, so it must be set: `open_reads` is the level at
    which this drawer is open, and without it nobody can tell.
    """

    def __init__(
        self, printer: KickingPrinter, open_reads: Literal["high", "low"] | None = None
    ) -> None:
        self._printer = printer
        self._open_reads = open_reads

    def open(self) -> None:
        """Let it spring open."""
        try:
            self._printer.kick()
        except PrinterRefused as refused:
            raise DrawerRefused(str(refused)) from refused

    def is_open(self) -> bool | None:
        """Whether its switch says open."""
        if self._open_reads is None:
            return None
        try:
            status = self._printer.status()
        except PrinterRefused:
            return None
        if status is None or status.drawer_pin is None:
            return None
        return status.drawer_pin == (self._open_reads == "high")


class PretendDrawer:
    """A drawer in memory; whoever tests or trains shuts it."""

    def __init__(self) -> None:
        self.opened = 0
        self.stands_open = False
        self.stuck = False

    def open(self) -> None:
        """Count it."""
        if self.stuck:
            raise DrawerRefused("the drawer is stuck")
        self.opened += 1
        self.stands_open = True

    def shut(self) -> None:
        """Push it in."""
        self.stands_open = False

    def is_open(self) -> bool | None:
        """As it stands."""
        return self.stands_open
