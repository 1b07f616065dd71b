"""One look at each device: green, yellow or red, with a fact that is put into words elsewhere.

Each takes up to a few seconds: `look` runs them behind the screen, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from pos_qt.peripherals.cardterminal import (
    CardTerminal,
    CardTerminalRefused,
    CardTerminalUnreachable,
    unheard,
)
from pos_qt.peripherals.display import CustomerDisplay, DisplayRefused, Picture
from pos_qt.peripherals.drawer import Drawer
from pos_qt.peripherals.printer import PrinterRefused
from pos_qt.peripherals.printerstatus import PrinterStatus
from pos_qt.peripherals.scale import NotThere, NoWeight, Scale, ScaleRefused

Light = Literal["green", "yellow", "red"]

FACTS: Final = (
    "selftest.printer.ready", "selftest.printer.silent", "selftest.printer.paper-low",
    "selftest.printer.paper-out", "selftest.printer.cover-open", "selftest.printer.fault",
    "selftest.printer.offline", "selftest.printer.unreachable", "selftest.drawer.closed",
    "selftest.drawer.open", "selftest.drawer.untold", "selftest.scale.ready",
    "selftest.scale.moving", "selftest.scale.negative", "selftest.scale.overload",
    "selftest.scale.unmoved", "selftest.scale.unreachable", "selftest.scanner.ready",
    "selftest.scanner.unreachable", "selftest.display.ready", "selftest.display.unreachable",
    "selftest.terminal.ready", "selftest.terminal.refused", "selftest.terminal.unreachable",
    "selftest.broken",
)  # fmt: skip
"""All facts; `why` comes with those that have a cause."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How a device is: a light, a fact and what fills the fact's sentence."""

    device: str
    light: Light
    fact: str
    values: Mapping[str, str] = field(default_factory=dict)


class TellingPrinter(Protocol):
    """A printer that may say how it is."""

    def status(self) -> PrinterStatus | None:
        """How it is. Raises PrinterRefused."""


class ListeningScanner(Protocol):
    """A scanner that knows whether its line is open."""

    @property
    def is_there(self) -> bool:
        """Whether it is."""


def printer(device: TellingPrinter) -> Finding:
    """Whether a slip would come out; prints none."""
    try:
        status = device.status()
    except PrinterRefused as refused:
        return _found("printer", "red", "unreachable", refused)
    if status is None:
        return _found("printer", "yellow", "silent")
    for bad, fact in (
        (status.paper == "out", "paper-out"),
        (status.cover_open, "cover-open"),
        (status.fault, "fault"),
        (not status.online, "offline"),
    ):
        if bad:
            return _found("printer", "red", fact)
    if status.paper == "low":
        return _found("printer", "yellow", "paper-low")
    return _found("printer", "green", "ready")


def drawer(device: Drawer) -> Finding:
    """Whether it is shut; does not open it, since nobody may be there."""
    stands_open = device.is_open()
    if stands_open is None:
        return _found("drawer", "yellow", "untold")
    return (
        _found("drawer", "yellow", "open") if stands_open else _found("drawer", "green", "closed")
    )


def scale(device: Scale) -> Finding:
    """Whether it weighs."""
    try:
        weight = device.weight()
    except ScaleRefused:  # it answers; some weigh only at a price
        return _found("scale", "green", "ready")
    if isinstance(weight, NotThere):
        return _found("scale", "red", "unreachable", weight.words)
    if isinstance(weight, NoWeight) and weight.why != "empty":
        return _found("scale", "red" if weight.why == "overload" else "yellow", weight.why)
    return _found("scale", "green", "ready")


def scanner(device: ListeningScanner) -> Finding:
    """Whether its line is open; whether it reads, only a scan can show."""
    if device.is_there:
        return _found("scanner", "green", "ready")
    return _found("scanner", "red", "unreachable")


def display(device: CustomerDisplay, picture: Picture) -> Finding:
    """Whether it takes a picture."""
    try:
        device.show(picture)
    except DisplayRefused as refused:
        return _found("display", "red", "unreachable", refused)
    return _found("display", "green", "ready")


def terminal(device: CardTerminal) -> Finding:
    """Whether it answers; its bank is not asked, and nothing is booked."""
    try:
        device.last_result()
    except CardTerminalUnreachable as unreachable:
        return _found("terminal", "red", "unreachable", unreachable)
    except CardTerminalRefused as busy:
        return _found("terminal", "yellow", "refused", busy)
    return _found("terminal", "green", "ready")


def terminal_and_bank(device: CardTerminal) -> Finding:
    """Whether it reaches its bank; takes up to minutes."""
    try:
        report = device.diagnosis(unheard)
    except (CardTerminalUnreachable, CardTerminalRefused) as unreachable:
        return _found("terminal", "red", "unreachable", unreachable)
    if not report.done:
        return _found("terminal", "red", "refused", report.words)
    return _found("terminal", "green", "ready")


class Behind(Protocol):
    """Work that must not keep the screen waiting; background.Background is one."""

    def run(
        self,
        call: Callable[[], Finding],
        then: Callable[[Finding], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do `call` behind the screen, then say on its thread how it went."""


def look(
    tests: Sequence[tuple[str, Callable[[], Finding]]],
    behind: Behind,
    told: Callable[[Finding], None],
) -> None:
    """Run tests, each by its device's name, behind the screen; `told` hears each as it ends."""
    for name, test in tests:

        def failed(error: Exception, name: str = name) -> None:
            told(Finding(name, "red", "selftest.broken", {"why": str(error)}))

        behind.run(test, told, failed)


def _found(device: str, light: Light, fact: str, why: object = "") -> Finding:
    full = f"selftest.{device}.{fact}"
    if full not in FACTS:
        raise ValueError(f"no sentence is known for {full}")
    return Finding(device, light, full, {"why": str(why)} if str(why) else {})
