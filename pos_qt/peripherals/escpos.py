"""ESC/POS printers on the network or as a file, by python-escpos; loaded only when one is used."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pos_qt.peripherals.printer import Printer, PrinterRefused
from services.register.slip import Row

_TIMEOUT_S: Final = 4
_PORT: Final = 9100
_DRAWER_PIN: Final = 2


class EscposPrinter:
    """Prints rows on what `setting` names: `tcp:HOST:PORT`, or `file:NAME` in the box's folder."""

    def __init__(self, setting: str, box: Path) -> None:
        """Raises PrinterRefused where the setting names no printer."""
        self._kind, _, self._where = setting.partition(":")
        if self._kind not in {"tcp", "file"} or not self._where:
            raise PrinterRefused(f"“{setting}” is no printer")
        self._box = box

    def print_rows(self, rows: Sequence[Row]) -> None:
        """Print a slip and cut it."""
        with self._open() as device:
            for row in rows:
                device.set(
                    align="left", bold=row.bold, double_width=row.double, double_height=row.double,
                    normal_textsize=not row.double,
                )  # fmt: skip
                device.textln(row.text)
            device.cut()

    def kick(self) -> None:
        """Open the drawer."""
        with self._open() as device:
            device.cashdraw(_DRAWER_PIN)

    @contextlib.contextmanager
    def _open(self) -> Iterator[Any]:
        from escpos import exceptions, printer  # noqa: PLC0415 - slow to load, rarely needed

        device = printer.Dummy()
        try:
            yield device
            self._send(device.output)
        except (OSError, ValueError, exceptions.Error) as error:
            raise PrinterRefused(f"The printer does not answer: {error}") from error

    def _send(self, data: bytes) -> None:
        """Whole slips at once; python-escpos' own network printer leaks a socket a refusal."""
        if self._kind == "file":
            with (self._box / Path(self._where).name).open("ab") as file:
                file.write(data)
            return
        host, _, port = self._where.rpartition(":")
        if not host:
            host, port = self._where, str(_PORT)
        with socket.create_connection((host, int(port)), timeout=_TIMEOUT_S) as line:
            line.sendall(data)


def printer_of(setting: str | None, box: Path) -> Printer | None:
    """The printer that a till's setting names; None where it has none."""
    if not setting:
        return None
    return EscposPrinter(setting, box)
