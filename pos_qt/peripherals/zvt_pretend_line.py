"""The pretend card terminal's end of a line, and what can go wrong on it."""

from __future__ import annotations

import contextlib
import socket
import time
from dataclasses import dataclass, field

from pos_qt.peripherals import zvt_bytes as zb
from pos_qt.peripherals.zvt_line import LineCut


@dataclass
class Faults:
    """What goes wrong, until it is set right again."""

    cut_saying: list[int] = field(default_factory=list)
    """One for each of the next calls: the line falls after so many bytes to the till."""
    cut_hearing: list[int] = field(default_factory=list)
    """One for each of the next calls: the line falls after so many bytes from the till."""
    late_s: float = 0.0
    """Before each thing that is said."""
    declines: int = 0
    """The result code of payments; 0 takes the card."""
    paper_out: bool = False
    busy: bool = False
    deaf: bool = False
    """Takes calls and says nothing."""
    charges_other: int = 0
    """So many cents more than asked for."""
    gives_up_when_cut: bool = False
    """A line that falls before the bank was asked ends the payment."""
    reverses_unheard: bool = False
    """A result that the till does not acknowledge is undone. Source: PA00P015, 2.2.8."""
    no_repeat: bool = False
    """Knows no repeat receipt."""
    text_blocks: bool = False
    """Prints by text blocks instead of lines."""


@dataclass
class Call:
    """One connection of a till."""

    line: socket.socket
    faults: Faults
    reader: zb.Reader = field(default_factory=zb.Reader)
    dead: bool = False
    said: int = 0
    heard: int = 0
    to_say: int | None = None
    to_hear: int | None = None

    def __post_init__(self) -> None:
        if self.faults.cut_saying:
            self.to_say = self.faults.cut_saying.pop(0)
        if self.faults.cut_hearing:
            self.to_hear = self.faults.cut_hearing.pop(0)

    def hear(self, wait_s: float) -> zb.Unit | None:
        """The next unit; None after `wait_s`. Raises LineCut."""
        until = time.monotonic() + wait_s
        while (unit := self.reader.get()) is None:
            left = until - time.monotonic()
            if self.dead:
                raise LineCut("cut")
            if left <= 0:
                return None
            self.line.settimeout(left)
            try:
                data = self.line.recv(4096)
            except TimeoutError:
                return None
            except OSError as error:
                self.dead = True
                raise LineCut(str(error)) from error
            self._put(data)
        return unit

    def _put(self, data: bytes) -> None:
        self.dead = self.dead or not data
        self.heard += len(data)
        self.reader.put(data[: self.to_hear])
        if self.to_hear is not None:
            self.to_hear -= len(data)
            if self.to_hear <= 0:
                self.hang_up()

    def say(self, unit: zb.Unit) -> None:
        """Send a unit. Raises LineCut."""
        if self.faults.late_s:
            time.sleep(self.faults.late_s)
        if self.dead:
            raise LineCut("cut")
        data = unit.pack()
        try:
            self.line.sendall(data[: self.to_say])
        except OSError as error:
            self.dead = True
            raise LineCut(str(error)) from error
        self.said += len(data)
        if self.to_say is not None:
            self.to_say -= len(data)
            if self.to_say <= 0:
                self.hang_up()
                raise LineCut("cut")

    def hang_up(self) -> None:
        """The line falls."""
        self.dead = True
        with contextlib.suppress(OSError):  # the till was quicker
            self.line.shutdown(socket.SHUT_RDWR)
