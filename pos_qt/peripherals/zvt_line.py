"""The TCP line to a ZVT terminal: units out, units in, with time-outs."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass
from typing import Final

from pos_qt.peripherals import zvt_bytes as zb

_NEGATIVE: Final = 0x84
_SLICE_S: Final = 0.1
"""How long a wish to cancel can go unseen."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds."""

    connect_s: float = 5.0
    acknowledge_s: float = 5.0
    """For the terminal's receipt of a command. Source: PA00P016, T3 = 5 s."""
    step_s: float = 180.0
    """Between two units while a customer looks for a card and types a PIN."""
    settle_s: float = 60.0
    """For finding out what became of a payment whose answer was lost."""
    pause_s: float = 1.0
    """Between two looks at a terminal that does not say yet."""


class LineCut(Exception):
    """The line is gone, silent for too long, or carries something that is not ZVT."""


class Negative(Exception):
    """The terminal turned a command down before it began."""

    def __init__(self, code: int) -> None:
        super().__init__(f"ZVT {code:02x}")
        self.code = code


class Line:
    """One connection. Every fault of it is LineCut."""

    def __init__(self, host: str, port: int, patience: Patience) -> None:
        self._patience = patience
        self._reader = zb.Reader()
        self._under_way = False
        try:
            self._socket = socket.create_connection((host, port), patience.connect_s)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise LineCut(str(error)) from error

    def close(self) -> None:
        """Hang up. Of an unfinished command, nothing that is still on its way may run later."""
        if self._under_way:
            with contextlib.suppress(OSError):  # the other side was quicker
                at_once = struct.pack("ii", 1, 0)
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self._socket.close()

    def command(self, unit: zb.Unit) -> None:
        """Send a command and wait until the terminal has taken it. Raises LineCut, Negative."""
        self._under_way = True
        self._send(unit)
        answer = self._read(time.monotonic() + self._patience.acknowledge_s)
        if answer is None:
            raise LineCut("the terminal does not acknowledge")
        if answer.code[0] == _NEGATIVE and answer.code[1]:
            self._under_way = False
            raise Negative(answer.code[1])
        if answer.code not in {zb.ACK, (_NEGATIVE, 0x00)}:
            raise LineCut("the terminal answers out of turn")

    def acknowledge(self, *, last: bool) -> None:
        """Confirm what the terminal said, the last of a command or one of many. Raises LineCut."""
        try:
            self._send(zb.Unit(zb.ACK))
        except LineCut:
            if not last:  # what was said last is known, whether the terminal hears that or not
                raise
        self._under_way = self._under_way and not last

    def next(self, cancel: threading.Event | None) -> zb.Unit:
        """The next thing that the terminal says; asks it to stop once `cancel` is set.

        Raises LineCut.
        """
        until = time.monotonic() + self._patience.step_s
        asked = False
        while True:
            if cancel is not None and cancel.is_set() and not asked:
                self._send(zb.Unit(zb.STOP))
                asked = True
            unit = self._read(min(until, time.monotonic() + _SLICE_S))
            if unit is not None and unit.code[0] not in {zb.ACK[0], _NEGATIVE}:
                if asked and cancel is not None:
                    cancel.clear()
                return unit
            if time.monotonic() >= until:
                raise LineCut("the terminal is silent")

    def _send(self, unit: zb.Unit) -> None:
        try:
            self._socket.settimeout(self._patience.acknowledge_s)
            self._socket.sendall(unit.pack())
        except OSError as error:
            raise LineCut(str(error)) from error

    def _read(self, until: float) -> zb.Unit | None:
        while True:
            unit = self._reader.get()
            if unit is not None:
                return unit
            left = until - time.monotonic()
            if left <= 0:
                return None
            try:
                self._socket.settimeout(left)
                data = self._socket.recv(4096)
            except TimeoutError:
                return None
            except OSError as error:
                raise LineCut(str(error)) from error
            if not data:
                raise LineCut("the terminal hung up")
            self._reader.put(data)
