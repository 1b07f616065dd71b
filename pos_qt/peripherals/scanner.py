"""Scanners on a serial line, beside those that type like keyboards (wedge.py).

A serial scanner needs no guessing by pauses, reaches the till whatever has the focus, and can say
which symbology it read.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from pos_qt.peripherals.serialline import SerialLine, SerialLost, SerialSetting

log = logging.getLogger(__name__)

BAUD: Final = 9600
FRAME: Final = "8N1"

_ENDS: Final = re.compile(rb"[\r\n\t\x03]")
_SYMBOLOGY: Final = re.compile(r"\](?P<kind>[A-Za-z][0-9A-Za-z])")
_GS1: Final = frozenset({"C1", "e0", "d2", "Q3", "J1"})
"""Symbologies whose group separators mean something. Source: GS1 General Specifications, 5.1.3."""
_GROUP: Final = "\x1d"
_LONGEST: Final = 4096
"""More than any 2D code holds; beyond it is noise."""
_SILENCE_S: Final = 0.08
_SHORTEST: Final = 4
"""A code that ends in silence is at least so long, or it is noise."""
_AGAIN_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Scan:
    """A code, and its symbology as AIM writes it (`E0` is EAN-13), empty where not told."""

    code: str
    symbology: str = ""


class Codes:
    """Cuts what a scanner sends into codes: by CR, LF, TAB or ETX, or by silence."""

    def __init__(self, prefix: str = "", suffix: str = "") -> None:
        self._prefix, self._suffix = prefix, suffix
        self._held = b""

    def put(self, data: bytes) -> Iterator[Scan]:
        """The codes that `data` completes."""
        *whole, self._held = _ENDS.split(self._held + data)
        self._held = self._held if len(self._held) <= _LONGEST else b""
        for raw in whole:
            yield from self._read(raw, 1)

    def silence(self) -> Iterator[Scan]:
        """Nothing came for a while: a scanner that sends no end is through."""
        raw, self._held = self._held, b""
        yield from self._read(raw, _SHORTEST)

    def _read(self, raw: bytes, shortest: int) -> Iterator[Scan]:
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
        text = text.lstrip("\x02").removeprefix(self._prefix).removesuffix(self._suffix)
        found = _SYMBOLOGY.match(text)
        kind = found["kind"] if found else ""
        keep = _GROUP if kind in _GS1 else ""
        code = "".join(
            c for c in text[found.end() if found else 0 :] if c.isprintable() or c in keep
        )
        code = code.strip().lstrip(_GROUP)
        if shortest <= len(code) <= _LONGEST:
            yield Scan(code, kind)


class Scanner(Protocol):
    """A scanner. `scanned` has the code, on the screen's thread."""

    scanned: SignalInstance

    @property
    def is_there(self) -> bool:
        """Whether its line is open."""

    def close(self) -> None:
        """Let it go."""


class SerialScanner(QObject):
    """A scanner on a serial line; one that is pulled out and plugged in again goes on."""

    scanned = Signal(str)

    def __init__(
        self, setting: SerialSetting, *, prefix: str = "", suffix: str = "",
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._line = SerialLine(setting)
        self._codes = Codes(prefix, suffix)
        self._there = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="scanner", daemon=True)
        self._thread.start()

    @property
    def is_there(self) -> bool:
        """Whether its line is open."""
        return self._there

    def close(self) -> None:
        """Stop listening."""
        self._closing.set()
        self._thread.join(timeout=5)
        self._line.close()

    def _work(self) -> None:
        while not self._closing.is_set():
            try:
                self._listen()
            except SerialLost as lost:
                if self._there:
                    log.info("scanner lost why=%s", lost)
                self._there = False
                self._closing.wait(_AGAIN_S)

    def _listen(self) -> None:
        last = time.monotonic()
        while not self._closing.is_set():
            data = self._line.read(_SILENCE_S)
            self._there = True
            now = time.monotonic()
            if data:
                last = now
            quiet = now - last >= _SILENCE_S
            for scan in self._codes.silence() if quiet else self._codes.put(data):
                self._say(scan)

    def _say(self, scan: Scan) -> None:
        try:
            self.scanned.emit(scan.code)
        except RuntimeError:  # the window closed meanwhile: nobody is there to be told
            self._closing.set()


class PretendScanner(QObject):
    """A scanner that reads what a test or a trainer holds before it."""

    scanned = Signal(str)
    is_there = True

    def scan(self, code: str) -> None:
        """Read a code."""
        self.scanned.emit(code)

    def close(self) -> None:
        """Nothing to let go."""
