"""What an ESC/POS printer tells of itself, asked by DLE EOT while it does anything else.

Source: Epson ESC/POS, DLE EOT n (n = 1 printer, 2 cause of offline, 3 errors, 4 paper sensors), as
in the manuals of Epson TM-U220, Bixolon SRP-350 and HPRT TP80K.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final, Literal

from pos_qt.peripherals.wires import Wire

_WAIT_S: Final = 0.25
_FIXED: Final = 0x93
_SET: Final = 0x12
"""Bits 1 and 4 are always on; bits 0 and 7 always off."""


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """How a printer is."""

    online: bool = True
    cover_open: bool = False
    paper: Literal["enough", "low", "out"] = "enough"
    fault: bool = False
    """Its cutter or its mechanics need a hand."""
    drawer_pin: bool | None = None
    """Whether the drawer's switch reads high; what that means depends on the drawer."""

    @property
    def prints(self) -> bool:
        """Whether a slip sent now would come out."""
        return self.online and not self.cover_open and not self.fault and self.paper != "out"


def read(answers: tuple[int, int, int, int]) -> PrinterStatus:
    """What the four answers say, in the order asked."""
    printer, offline, errors, sensors = answers
    low, out = bool(sensors & 0x0C), bool(sensors & 0x60 or offline & 0x20)
    return PrinterStatus(
        online=not printer & 0x08,
        cover_open=bool(offline & 0x04),
        paper="out" if out else "low" if low else "enough",
        fault=bool(errors & 0x6C),
        drawer_pin=bool(printer & 0x04),
    )


def ask(wire: Wire) -> PrinterStatus | None:
    """How the printer is; None where it cannot tell. Raises WireLost."""
    if not wire.two_way:
        return None
    answers: list[int] = []
    for number in (1, 2, 3, 4):
        wire.send(bytes([0x10, 0x04, number]))
        found = _answer(wire)
        if found is None:
            return None
        answers.append(found)
    return read((answers[0], answers[1], answers[2], answers[3]))


def _answer(wire: Wire) -> int | None:
    """The next byte that can be an answer; others are what a printer says unasked."""
    until = time.monotonic() + _WAIT_S
    while (left := until - time.monotonic()) > 0:
        data = wire.hear(left)
        if not data:
            return None
        for byte in data:
            if byte & _FIXED == _SET:
                return byte
    return None
