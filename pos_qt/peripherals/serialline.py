"""Serial lines: scales, scanners, pole displays and some printers hang on one."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_SETTING: Final = re.compile(
    r"(?P<device>\S+?)(?::(?P<baud>[0-9]{3,7}))?(?::(?P<frame>[78][NEO][12]))?"
)
_LONGEST: Final = 4096


class SerialRefused(ValueError):
    """What was written names no serial line. Fit to show."""


class SerialLost(Exception):
    """The line is not there, or went away. Fit to show."""


@dataclass(frozen=True, slots=True)
class SerialSetting:
    """Where a line is and how it runs; `frame` is data bits, parity (N, E, O) and stop bits."""

    device: str
    baud: int
    frame: str

    @classmethod
    def parse(cls, text: str, baud: int, frame: str) -> SerialSetting:
        """What `DEVICE[:BAUD[:FRAME]]` says, e.g. `/dev/ttyS0:9600:7E1`. Raises SerialRefused.

        baud, frame  what holds where the text is silent
        """
        found = _SETTING.fullmatch(text)
        if found is None or "\0" in text:
            raise SerialRefused(f"“{text[:60]}” names no serial line")
        return cls(found["device"], int(found["baud"] or baud), found["frame"] or frame)


class SerialLine:
    """A serial line that opens itself when it is needed and after a fault. Not for two threads."""

    def __init__(self, setting: SerialSetting) -> None:
        self._setting = setting
        self._port: Any = None

    def write(self, data: bytes) -> None:
        """Send. Raises SerialLost."""
        with self._guarded() as port:
            port.write(data)
            port.flush()

    def read(self, wait_s: float) -> bytes:
        """What came, at most after `wait_s`; nothing is an answer too. Raises SerialLost."""
        with self._guarded() as port:
            port.timeout = max(0.0, wait_s)
            first: bytes = port.read(1)
            return first + port.read(port.in_waiting) if first else b""

    def read_to(self, ends: tuple[bytes, ...], wait_s: float) -> bytes:
        """What comes up to and with one of `ends`; what came where none of them did in time."""
        until = time.monotonic() + wait_s
        held = b""
        while (left := until - time.monotonic()) > 0 and len(held) < _LONGEST:
            with self._guarded() as port:
                port.timeout = left
                held += port.read(1)
            if held.endswith(ends):
                break
        return held

    def forget(self) -> None:
        """Throw away what came before it was asked for. Raises SerialLost."""
        with self._guarded() as port:
            port.reset_input_buffer()

    def close(self) -> None:
        """Let the line go; it opens again when it is next needed."""
        port, self._port = self._port, None
        if port is not None:
            with contextlib.suppress(Exception):  # a line that is gone cannot even be closed
                port.close()

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[Any]:
        import serial  # noqa: PLC0415 - only tills with such a device load it

        try:
            if self._port is None:
                frame = self._setting.frame
                self._port = serial.Serial(
                    self._setting.device, self._setting.baud, int(frame[0]), frame[1], int(frame[2]),
                    write_timeout=2, exclusive=True,
                )  # fmt: skip
            yield self._port
        except Exception as error:  # beside OSError, pyserial lets termios.error through
            self.close()
            raise SerialLost(f"{self._setting.device}: {error}") from error
