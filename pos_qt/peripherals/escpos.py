"""ESC/POS printers by python-escpos; loaded only when one is used."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pos_qt.peripherals.printer import Printer, PrinterRefused
from pos_qt.peripherals.printerstatus import PrinterStatus, ask
from pos_qt.peripherals.wires import Way, Wire, WireLost, WireRefused
from services.register.columns import Row

_DRAWER_PIN: Final = 2


class EscposPrinter:
    """Prints rows on what `setting` names.

    `tcp:HOST:PORT`, `usb:VENDOR:PRODUCT`, `serial:DEVICE:BAUD`, or `file:NAME` in the box's folder.
    """

    def __init__(
        self, setting: str, box: Path, *, profile: str | None = None, dots: int = 576,
        pin: int = _DRAWER_PIN,
    ) -> None:  # fmt: skip
        """Raises PrinterRefused where the setting names no printer.

        profile  python-escpos' name of the printer, which says what code pages it has
        dots     how wide it prints: 384 on paper of 58 mm, 576 on 80 mm
        pin      of the drawer's plug, 2 or 5
        """
        try:
            self._way = Way(setting, box)
        except WireRefused as refused:
            raise PrinterRefused(str(refused)) from refused
        if pin not in {2, 5}:
            raise PrinterRefused(f"a drawer hangs on pin 2 or 5, not {pin}")
        self._profile, self._dots, self._pin = profile, dots, pin
        self._tells: bool | None = None
        if profile is not None:
            self._dummy()

    def print_rows(self, rows: Sequence[Row]) -> None:
        """Print a slip and cut it; not begun where the printer says that it could not."""
        slip = self._slip(rows)
        with self._open() as wire:
            status = self._status(wire)
            if status is not None and not status.prints:
                raise PrinterRefused(_why(status))
            wire.send(slip)

    def kick(self) -> None:
        """Open the drawer."""
        device = self._dummy()
        device.cashdraw(self._pin)
        with self._open() as wire:
            wire.send(device.output)

    def status(self) -> PrinterStatus | None:
        """How the printer is; None where it cannot tell. Raises PrinterRefused."""
        self._tells = None
        with self._open() as wire:
            return self._status(wire)

    def close(self) -> None:
        """Nothing is held between two slips."""

    def _status(self, wire: Wire) -> PrinterStatus | None:
        if self._tells is False:  # one that never answers would hold up each slip
            return None
        found = ask(wire)
        self._tells = found is not None
        return found

    def _slip(self, rows: Sequence[Row]) -> bytes:
        device = self._dummy()
        for row in rows:
            if row.code is not None:
                device.qr(row.code, size=3 if self._dots > 400 else 2, center=True)
            if not _has(device, row.text):
                device._raw(_drawn(row, self._dots))
                continue
            device.set(
                align="left", bold=row.bold, double_width=row.double, double_height=row.double,
                normal_textsize=not row.double,
            )  # fmt: skip
            device.textln(row.text)
        device.cut()
        output: bytes = device.output
        return output

    def _dummy(self) -> Any:
        from escpos import exceptions, printer  # noqa: PLC0415 - slow to load, rarely needed

        try:
            device = printer.Dummy(profile=self._profile)
        except (exceptions.Error, KeyError, ValueError) as error:
            raise PrinterRefused(f"“{self._profile}” is no printer's profile") from error
        known = device.profile.profile_data
        width = {**known["media"]["width"], "pixels": self._dots}
        device.profile.profile_data = {**known, "media": {**known["media"], "width": width}}
        return device

    @contextlib.contextmanager
    def _open(self) -> Iterator[Wire]:
        try:
            with contextlib.closing(self._way.open()) as wire:
                yield wire
        except WireLost as lost:
            self._tells = None
            raise PrinterRefused(f"The printer does not answer: {lost}") from lost


def _why(status: PrinterStatus) -> str:
    if status.paper == "out":
        return "The printer is out of paper."
    if status.cover_open:
        return "The printer's cover is open."
    return "The printer reports a fault." if status.fault else "The printer is offline."


def _has(device: Any, text: str) -> bool:
    """Whether one of the printer's code pages has each letter."""
    encoder = device.magic.encoder
    return text.isascii() or all(
        char.isascii() or encoder.find_suitable_encoding(char) for char in set(text)
    )


def _drawn(row: Row, dots: int) -> bytes:
    from pos_qt.peripherals import bitmap  # noqa: PLC0415 - needs Qt; most slips do not

    return bitmap.raster(bitmap.drawn(row, dots))


def printer_of(setting: str | None, box: Path) -> Printer | None:
    """The printer that a till's setting names; None where it has none."""
    if not setting:
        return None
    return EscposPrinter(setting, box)
