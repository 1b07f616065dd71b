"""Scales that are not there: a pseudo-terminal whose other end speaks NCI or Dialog 06."""

from __future__ import annotations

import os
import select
import threading
import tty
from typing import Final, Protocol

from pos_qt.peripherals import dialog06
from pos_qt.peripherals.dialog06 import ACK, ENQ, EOT, ESC, ETX, NAK, STX

_STATUS: Final = {
    "moving": "20",
    "unmoved": "21",
    "empty": "30",
    "negative": "31",
    "overload": "32",
}


class Speaks(Protocol):
    """What lies behind a pretend serial line."""

    def hear(self, data: bytes) -> bytes:
        """What is answered to what came."""


class PretendLine:
    """A serial line whose far end is `device`. `path` is what a driver opens."""

    def __init__(self, device: Speaks) -> None:
        self._device = device
        self._far, self._near = os.openpty()
        tty.setraw(self._near)
        self.path = os.ttyname(self._near)
        self.heard = bytearray()
        self.piece = 0
        """Where not 0, answers come in pieces of so many bytes."""
        self._stop_read, self._stop = os.pipe()
        self._thread = threading.Thread(target=self._work, name="pretend-line", daemon=True)

    def __enter__(self) -> PretendLine:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()
        os.close(self._stop_read)
        os.close(self._stop)

    def say(self, data: bytes) -> None:
        """Send without being asked, as a scanner does."""
        step = self.piece or max(1, len(data))
        for at in range(0, len(data), step):
            os.write(self._far, data[at : at + step])

    def unplug(self) -> None:
        """Pull the cable."""
        if self._thread.is_alive():
            os.write(self._stop, b"x")
            self._thread.join(timeout=5)
            os.close(self._far)
            os.close(self._near)

    def _work(self) -> None:
        while True:
            ready, _, _ = select.select([self._far, self._stop_read], [], [])
            if self._stop_read in ready:
                return
            try:
                data = os.read(self._far, 4096)
            except OSError:
                return
            self.heard += data
            self.say(self._device.hear(data))


class Loose:
    """What any pretend scale weighs."""

    def __init__(self) -> None:
        self.grams = 0
        self.why = ""
        """Why there is no weight: moving, negative, overload, unmoved; empty where there is one."""
        self.silent = False
        self.garbles = False


class PretendNci(Loose):
    """The far end of an NCI scale."""

    def __init__(self) -> None:
        super().__init__()
        self.unit = "kg"
        self.tared = 0
        self._held = b""

    def hear(self, data: bytes) -> bytes:
        """Answer W, S, Z and T; `?` to all else."""
        self._held += data
        answer = b""
        while b"\r" in self._held:
            command, _, self._held = self._held.partition(b"\r")
            answer += self._answer(command)
        return b"" if self.silent else b"\n#\r\x03" if self.garbles else answer

    def _answer(self, command: bytes) -> bytes:
        net = self.grams - self.tared
        if command == b"T":
            self.tared = self.grams
        if command not in {b"W", b"S", b"Z", b"T"}:
            return b"\n?\r\x03"
        first = 0x30 | (self.why == "moving") | (net == 0) << 1
        second = 0x30 | (net < 0 or self.why == "negative") | (self.why == "overload") << 1
        status = b"\n" + bytes([first, second]) + b"\r\x03"
        if command != b"W":
            return status
        shown = f"{net / 1000:07.3f}kg" if self.unit == "kg" else f"{net:7d}{self.unit}"
        return b"\n" + shown.encode() + b"\r" + status


class PretendDialog06(Loose):
    """The far end of a Dialog 06 scale; `polynomial` makes it ask for checksums."""

    def __init__(self, polynomial: int | None = None) -> None:
        super().__init__()
        self.polynomial = polynomial
        self.asks = polynomial is not None
        self.number = "47"
        self.name = ""
        self.unanswered = 0
        """Answers that the till did not confirm with EOT."""
        self._price = self._tare = 0
        self._valid: bool | None = None
        self._owes = False
        self._held = b""

    def hear(self, data: bytes) -> bytes:
        """Answer what is whole; keep the rest."""
        self._held += data
        answer = b""
        while self._held:
            if self._held.startswith(EOT + ENQ):
                self._held = self._held[2:]
                answer += self._say(self._result())
            elif self._held.startswith(EOT + STX):
                end = self._held.find(ETX)
                if end < 0:
                    break
                record, self._held = self._held[2:end], self._held[end + 1 :]
                answer += self._say(self._take(record.decode("ascii").split("\x1b")))
            elif self._held[:1] == EOT and len(self._held) == 1:
                self._owes = False
                break
            else:
                self._owes = self._owes and self._held[:1] != EOT
                self._held = self._held[1:]
        return b"" if self.silent else b"\x02zz\x03" if self.garbles and answer else answer

    def _say(self, answer: bytes) -> bytes:
        self.unanswered += self._owes
        self._owes = True
        return answer

    def _take(self, record: list[str]) -> bytes:
        kind = record[0]
        if kind == "08":
            return STX + b"09" + ESC + _STATUS.get(self._why_not(), "00").encode() + ETX
        if kind == "10":
            self._valid = self._vouched(record[1])
            self.asks = self.asks and not self._valid
            return ACK
        if self.asks:
            return STX + b"11" + ESC + b"2" + self.number.encode() + ETX
        self._price = int(record[1])
        self._tare = int(record[2]) if kind in {"03", "05"} else 0
        self.name = record[-1].strip()
        return ACK

    def _vouched(self, given: str) -> bool:
        checksum = dialog06.turned(int(given[:4], 16), 16 - int(self.number[0], 16))
        right = dialog06.turned(int(given[4:], 16), int(self.number[1], 16))
        return right == dialog06.correction(checksum, self.polynomial or 3)

    def _why_not(self) -> str:
        net = self.grams - self._tare
        return self.why or ("negative" if net < 0 else "" if net else "empty")

    def _result(self) -> bytes:
        if self._valid is not None:
            valid, self._valid = self._valid, None
            return STX + b"11" + ESC + (b"1" if valid else b"0") + ETX
        if self._why_not():
            return NAK
        net = self.grams - self._tare
        to_pay = (self._price * net + 500) // 1000
        fields = (
            b"3",
            f"{net:05d}".encode(),
            f"{self._price:06d}".encode(),
            f"{to_pay:06d}".encode(),
        )
        return STX + b"02" + b"".join(ESC + field for field in fields) + ETX
