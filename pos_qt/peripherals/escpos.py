"""ESC/POS printers on the network or as a file, by python-escpos; loaded only when one is used."""

from __future__ import annotations

import contextlib
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

        device: Any = None
        try:
            if self._kind == "tcp":
                host, _, port = self._where.partition(":")
                device = printer.Network(host, int(port or _PORT), timeout=_TIMEOUT_S)
                device.open()
                yield device
            else:
                device = printer.Dummy()
                yield device
                with (self._box / Path(self._where).name).open("ab") as file:
                    file.write(device.output)
        except (OSError, ValueError, exceptions.Error) as error:
            raise PrinterRefused(f"The printer does not answer: {error}") from error
        finally:
            if device is not None:
                with contextlib.suppress(OSError):
                    device.close()


def printer_of(setting: str | None, box: Path) -> Printer | None:
    """The printer that a till's setting names; None where it has none."""
    if not setting:
        return None
    return EscposPrinter(setting, box)
