"""Ways to an ESC/POS printer: a file in the box, TCP, USB, a serial line.

Each is opened for one slip and closed after it, so that a printer can be switched off, moved and
swapped between two slips.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol

from pos_qt.peripherals.serialline import SerialLine, SerialLost, SerialSetting

PORT: Final = 9100
BAUD: Final = 38_400
FRAME: Final = "8N1"

_TIMEOUT_S: Final = 4


class WireRefused(ValueError):
    """What was written names no printer. Fit to show."""


class WireLost(Exception):
    """The printer does not answer. Fit to show."""


class Wire(Protocol):
    """An open way to a printer. Every fault is WireLost."""

    two_way: bool
    """Whether the printer can answer."""

    def send(self, data: bytes) -> None:
        """Send all of it."""

    def hear(self, wait_s: float) -> bytes:
        """What the printer says, at most after `wait_s`; empty where it says nothing."""

    def close(self) -> None:
        """Hang up."""


class FileWire:
    """A file in the box: a printer for demonstrations."""

    two_way = False

    def __init__(self, name: str, box: Path) -> None:
        self._path = box / Path(name).name

    def send(self, data: bytes) -> None:
        """Append to the file."""
        try:
            with self._path.open("ab") as file:
                file.write(data)
        except OSError as error:
            raise WireLost(str(error)) from error

    def hear(self, wait_s: float) -> bytes:  # noqa: ARG002 - a file says nothing
        """Nothing."""
        return b""

    def close(self) -> None:
        """It is closed already."""


class TcpWire:
    """A printer on the network. python-escpos' own network printer leaks a socket a refusal."""

    two_way = True

    def __init__(self, host: str, port: int) -> None:
        try:
            self._socket = socket.create_connection((host, port), timeout=_TIMEOUT_S)
        except OSError as error:
            raise WireLost(str(error)) from error

    def send(self, data: bytes) -> None:
        """Send."""
        try:
            self._socket.settimeout(_TIMEOUT_S)
            self._socket.sendall(data)
        except OSError as error:
            raise WireLost(str(error)) from error

    def hear(self, wait_s: float) -> bytes:
        """Listen."""
        try:
            self._socket.settimeout(max(0.001, wait_s))
            return self._socket.recv(64)
        except TimeoutError:
            return b""
        except OSError as error:
            raise WireLost(str(error)) from error

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


class SerialWire:
    """A printer on a serial line."""

    two_way = True

    def __init__(self, setting: SerialSetting) -> None:
        self._line = SerialLine(setting)

    def send(self, data: bytes) -> None:
        """Send."""
        try:
            self._line.write(data)
        except SerialLost as lost:
            raise WireLost(str(lost)) from lost

    def hear(self, wait_s: float) -> bytes:
        """Listen."""
        try:
            return self._line.read(wait_s)
        except SerialLost as lost:
            raise WireLost(str(lost)) from lost

    def close(self) -> None:
        """Let the line go."""
        self._line.close()


class UsbWire:
    """A printer on USB, by python-escpos, at the end points that its interface names."""

    two_way = True

    def __init__(self, vendor: int, product: int) -> None:
        from escpos import exceptions, printer  # noqa: PLC0415 - slow to load, rarely needed
        from usb import core  # noqa: PLC0415

        self._quiet = core.USBTimeoutError
        try:
            self._printer = printer.Usb(vendor, product, timeout=_TIMEOUT_S * 1000)
            self._printer.open()
            self._in, self._out = end_points(self._printer.device)
        except (exceptions.Error, OSError, ValueError, RuntimeError) as error:
            raise WireLost(f"USB {vendor:04x}:{product:04x}: {error}") from error

    def send(self, data: bytes) -> None:
        """Send."""
        try:
            self._printer.device.write(self._out, data, _TIMEOUT_S * 1000)
        except (OSError, ValueError) as error:
            raise WireLost(str(error)) from error

    def hear(self, wait_s: float) -> bytes:
        """Listen."""
        until = time.monotonic() + wait_s
        if self._in is None:
            return b""
        try:
            while True:
                left = max(1, round((until - time.monotonic()) * 1000))
                data = bytes(self._printer.device.read(self._in, 64, left))
                if data or time.monotonic() > until:
                    return data
        except self._quiet:
            return b""
        except (OSError, ValueError) as error:
            raise WireLost(str(error)) from error

    def close(self) -> None:
        """Let the interface go."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            self._printer.close()


def end_points(device: Any) -> tuple[int | None, int]:
    """Where a USB printer is read and written: its bulk end points, or what Epson's have."""
    inward: int | None = None
    outward: int | None = None
    for point in (p for configuration in device for interface in configuration for p in interface):
        if point.bmAttributes & 0x03 == 0x02:  # bulk; source: USB 2.0, table 9-13
            if point.bEndpointAddress & 0x80:
                inward = inward if inward is not None else point.bEndpointAddress
            else:
                outward = outward if outward is not None else point.bEndpointAddress
    return inward, outward if outward is not None else 0x01


class Way:
    """Where a printer is, checked when it is read, opened when there is something to print.

    `open` is the way to it; it raises WireLost.
    """

    def __init__(self, setting: str, box: Path) -> None:
        """Raises WireRefused where `setting` names no printer."""
        kind, _, where = setting.partition(":")
        if not where or kind not in {"file", "tcp", "usb", "serial"}:
            raise WireRefused(f"“{setting}” is no printer")
        try:
            self.open: Callable[[], Wire] = _opener(kind, where, box)
        except ValueError as error:
            raise WireRefused(f"“{setting}” is no printer") from error


def _opener(kind: str, where: str, box: Path) -> Callable[[], Wire]:
    """What opens the way. Raises ValueError where the address is none."""
    if kind == "tcp":
        host, _, text = where.rpartition(":")
        host, port = (host, int(text)) if host else (where, PORT)
        if not 0 < port < 1 << 16:
            raise ValueError(text)
        return lambda: TcpWire(host, port)
    if kind == "usb":
        vendor, product = (int(part, 16) for part in where.split(":"))
        if not (0 < vendor < 1 << 16 and 0 <= product < 1 << 16):
            raise ValueError(where)
        return lambda: UsbWire(vendor, product)
    if kind == "serial":
        line = SerialSetting.parse(where, BAUD, FRAME)
        return lambda: SerialWire(line)
    return lambda: FileWire(where, box)
