"""A printer that is not there: reads ESC/POS, answers DLE EOT, and has what it printed."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from typing import Final

_LENGTHS: Final = {b"\x1b@": 2, b"\x1ba": 3, b"\x1bE": 3, b"\x1b-": 3, b"\x1bM": 3, b"\x1bt": 3,
                   b"\x1b!": 3, b"\x1d!": 3, b"\x1dB": 3, b"\x1bG": 3, b"\x1b{": 3, b"\x1bd": 3,
                   b"\x1bp": 5, b"\x1b2": 2, b"\x1b3": 3}  # fmt: skip


@dataclass
class PretendPrinter:
    """The far end of any line to a printer. Its switches are set while it runs."""

    offline: bool = False
    cover_open: bool = False
    paper: str = "enough"
    fault: bool = False
    drawer_high: bool = False
    mute: bool = False
    """Knows no DLE EOT, or hangs on a line that goes one way."""
    text: bytearray = field(default_factory=bytearray)
    pictures: list[tuple[int, int, bytes]] = field(default_factory=list)
    """Width and height in dots, and the dots."""
    cuts: int = 0
    kicks: int = 0
    asked: int = 0
    """How often it was asked how it is."""
    _held: bytes = b""

    def hear(self, data: bytes) -> bytes:
        """Do what came; the answer to what was asked."""
        self._held += data
        answer = b""
        while self._held:
            used, said = self._one(self._held)
            if not used:
                break
            answer += said
            self._held = self._held[used:]
        return answer

    def _one(self, data: bytes) -> tuple[int, bytes]:
        if data[0] == 0x10:
            if len(data) < 3:
                return 0, b""
            self.asked += 1
            return 3, b"" if self.mute else bytes([0x12 | self._bits(data[2])])
        if data[:1] in {b"\x1b", b"\x1d"}:
            return self._command(data), b""
        self.text.append(data[0])
        return 1, b""

    def _command(self, data: bytes) -> int:
        if data[:3] == b"\x1dv0":
            if len(data) < 8:
                return 0
            across, high = int.from_bytes(data[4:6], "little"), int.from_bytes(data[6:8], "little")
            size = 8 + across * high
            if len(data) >= size:
                self.pictures.append((across * 8, high, data[8:size]))
                return size
            return 0
        size = _LENGTHS.get(data[:2], 2)
        if data[:2] == b"\x1dV":
            size = 4 if data[2:3] in {b"A", b"B"} else 3
        if len(data) < max(2, size):
            return 0
        self.cuts += data[:2] == b"\x1dV"
        if data[:2] == b"\x1bp":
            self.kicks += 1
            self.drawer_high = True
        return size

    def _bits(self, number: int) -> int:
        if number == 1:
            return self.offline << 3 | self.drawer_high << 2
        if number == 2:
            return self.cover_open << 2 | (self.paper == "out") << 5 | self.fault << 6
        if number == 3:
            return self.fault << 3
        return {"low": 0x0C, "out": 0x6C}.get(self.paper, 0)


class PretendPrinterTcp:
    """The printer on a port of the loopback; use it in a `with`."""

    def __init__(self, printer: PretendPrinter) -> None:
        self.printer = printer
        self._server = socket.create_server(("127.0.0.1", 0))
        self.setting = f"tcp:127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, name="pretend-printer", daemon=True)

    def __enter__(self) -> PretendPrinterTcp:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._server.accept()
                with line, contextlib.suppress(OSError):
                    while data := line.recv(4096):
                        line.sendall(self.printer.hear(data))
