"""From a setting in words to a driver: `KIND[:ADDRESS][?name=value&…]`.

    zvt:192.168.1.40:20007?password=123456     nci:/dev/ttyS0:9600:7E1
    dialog06:/dev/ttyS0?polynomial=1a2b3       scanner:/dev/ttyACM0
    pole:/dev/ttyS1:9600?table=858             window            pretend
    tcp:192.168.1.50:9100?paper=58             usb:04b8:0e15     serial:/dev/ttyUSB0:115200

To make a driver asks nothing of the device; only what is then asked of it can find it missing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, Literal, Protocol, TypeVar, cast
from urllib.parse import parse_qsl

from pos_qt.peripherals import dialog06, nci, pole, scanner, zvt
from pos_qt.peripherals.bitmap import WIDTHS
from pos_qt.peripherals.cardterminal import CardTerminal, CardTerminalRefused, PretendTerminal
from pos_qt.peripherals.display import CustomerDisplay, DisplayRefused, PretendDisplay
from pos_qt.peripherals.drawer import Drawer, KickingPrinter, PretendDrawer, PrinterDrawer
from pos_qt.peripherals.escpos import EscposPrinter
from pos_qt.peripherals.printer import Pretend, PrinterRefused
from pos_qt.peripherals.scale import PretendScale, Scale, ScaleRefused
from pos_qt.peripherals.scanner import PretendScanner, SerialScanner
from pos_qt.peripherals.secondwindow import WindowDisplay
from pos_qt.peripherals.serialline import SerialRefused, SerialSetting

log = logging.getLogger(__name__)


class DeviceRefused(ValueError):
    """The setting names no device that there is a driver for. Fit to show."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting taken apart."""

    kind: str
    address: str
    options: Mapping[str, str]


_OPTIONS: Final[Mapping[str, frozenset[str]]] = {
    "zvt": frozenset({"password"}),
    "dialog06": frozenset({"polynomial"}),
    "scanner": frozenset({"prefix", "suffix"}),
    "pole": frozenset({"table"}),
    "tcp": frozenset({"paper", "profile", "pin", "open"}),
    "usb": frozenset({"paper", "profile", "pin", "open"}),
    "serial": frozenset({"paper", "profile", "pin", "open"}),
    "file": frozenset({"paper", "profile", "pin", "open"}),
}


def parse(text: str, kinds: frozenset[str]) -> Setting:
    """The parts of a setting. Raises DeviceRefused where its kind or an option is unknown."""
    place, _, tail = text.strip().partition("?")
    kind, _, address = place.partition(":")
    if kind not in kinds:
        known = ", ".join(sorted(kinds))
        raise DeviceRefused(f"“{text[:60]}”: there is no driver “{kind[:20]}”; known are {known}")
    options = dict(parse_qsl(tail, keep_blank_values=True))
    unknown = set(options) - _OPTIONS.get(kind, frozenset())
    if unknown:
        raise DeviceRefused(f"“{text[:60]}”: {kind} has no option “{min(unknown)[:20]}”")
    if kind in {"window", "pretend"} and address:
        raise DeviceRefused(f"“{text[:60]}”: {kind} has no address")
    if kind not in {"window", "pretend"} and not address:
        raise DeviceRefused(f"“{text[:60]}”: the address is missing")
    return Setting(kind, address, options)


def terminal_of(text: str, language: str = "de", currency: str = "EUR") -> CardTerminal:
    """The card terminal that a setting names. Raises DeviceRefused."""
    setting = parse(text, frozenset({"zvt", "pretend"}))
    if setting.kind == "pretend":
        return PretendTerminal()
    host, _, port = setting.address.rpartition(":")
    host, port = (host, port) if host else (setting.address, str(zvt.PORT))
    number = _number(text, port, 10)
    if not 0 < number < 1 << 16:
        raise DeviceRefused(f"“{text[:60]}”: {port} is no port")
    password = setting.options.get("password", zvt.FACTORY_PASSWORD)
    try:
        return zvt.Zvt(host, number, password, language=language, currency=currency)
    except CardTerminalRefused as refused:
        raise DeviceRefused(str(refused)) from refused


def scale_of(text: str, currency: str = "EUR") -> Scale:
    """The scale that a setting names. Raises DeviceRefused."""
    setting = parse(text, frozenset({"nci", "dialog06", "pretend"}))
    if setting.kind == "pretend":
        return PretendScale()
    if setting.kind == "nci":
        return nci.NciScale(_line(text, setting, nci.BAUD, nci.FRAME))
    written = setting.options.get("polynomial")
    polynomial = None if written is None else _number(text, written, 16)
    try:
        return dialog06.Dialog06Scale(
            _line(text, setting, dialog06.BAUD, dialog06.FRAME),
            polynomial=polynomial,
            currency=currency,
        )
    except ScaleRefused as refused:
        raise DeviceRefused(str(refused)) from refused


def scanner_of(text: str) -> SerialScanner | PretendScanner:
    """The scanner that a setting names; keyboard wedges need none. Raises DeviceRefused."""
    setting = parse(text, frozenset({"scanner", "pretend"}))
    if setting.kind == "pretend":
        return PretendScanner()
    line = _line(text, setting, scanner.BAUD, scanner.FRAME)
    return SerialScanner(
        line, prefix=setting.options.get("prefix", ""), suffix=setting.options.get("suffix", "")
    )


def display_of(text: str, theme: str = "light") -> CustomerDisplay:
    """The customer's display that a setting names; `window` on the screen's thread only.

    Raises DeviceRefused.
    """
    setting = parse(text, frozenset({"pole", "window", "pretend"}))
    if setting.kind == "pretend":
        return PretendDisplay()
    if setting.kind == "window":
        return WindowDisplay(theme)
    try:
        return pole.PoleDisplay(
            _line(text, setting, pole.BAUD, pole.FRAME), setting.options.get("table", "858")
        )
    except DisplayRefused as refused:
        raise DeviceRefused(str(refused)) from refused


def printer_of(text: str, box: Path) -> EscposPrinter | Pretend:
    """The printer that a setting names. Raises DeviceRefused."""
    setting = parse(text, frozenset({"tcp", "usb", "serial", "file", "pretend"}))
    if setting.kind == "pretend":
        return Pretend()
    _open_reads(text)
    paper = _number(text, setting.options.get("paper", "80"), 10)
    if paper not in WIDTHS:
        raise DeviceRefused(f"“{text[:60]}”: paper is 58 or 80 mm wide")
    pin = _number(text, setting.options.get("pin", "2"), 10)
    try:
        return EscposPrinter(
            f"{setting.kind}:{setting.address}", box,
            profile=setting.options.get("profile"), dots=WIDTHS[paper], pin=pin,
        )  # fmt: skip
    except PrinterRefused as refused:
        raise DeviceRefused(str(refused)) from refused


def drawer_of(text: str, printer: KickingPrinter) -> Drawer:
    """The drawer on the plug of the printer that a setting names. Raises DeviceRefused."""
    if text.strip() == "pretend":
        return PretendDrawer()
    return PrinterDrawer(printer, _open_reads(text))


def _open_reads(text: str) -> Literal["high", "low"] | None:
    reads = dict(parse_qsl(text.partition("?")[2])).get("open")
    if reads not in {None, "high", "low"}:
        raise DeviceRefused(f"“{text[:60]}”: an open drawer reads high or low")
    return cast(Literal["high", "low"] | None, reads)


def _line(text: str, setting: Setting, baud: int, frame: str) -> SerialSetting:
    try:
        return SerialSetting.parse(setting.address, baud, frame)
    except SerialRefused as refused:
        raise DeviceRefused(f"“{text[:60]}”: {refused}") from refused


def _number(text: str, written: str, radix: int) -> int:
    try:
        return int(written, radix)
    except ValueError:
        raise DeviceRefused(f"“{text[:60]}”: “{written[:20]}” is no number") from None


class Closes(Protocol):
    """Any driver that holds something."""

    def close(self) -> None:
        """Let it go."""


D = TypeVar("D", bound=Closes)


class Plug(Generic[D]):
    """Where a device is plugged in: its driver changes with its setting, while the till runs.

    Changed between two receipts. The old driver is closed first, since both may want the same line;
    where the new one fails the till goes on without, and `fault` says why.
    """

    def __init__(self, make: Callable[[str], D], on_change: Callable[[D | None], None]) -> None:
        """`on_change` gets each new driver, and None where there is none."""
        self._make = make
        self._on_change = on_change
        self.setting = ""
        self.device: D | None = None
        self.fault = ""

    def change(self, setting: str | None) -> None:
        """Swap the driver if the setting is another one than before; an empty one unplugs."""
        wanted = (setting or "").strip()
        if wanted == self.setting:
            return
        self.unplug()
        self.setting = wanted
        if wanted:
            self._plug_in(wanted)
        self._on_change(self.device)

    def unplug(self) -> None:
        """Close the driver; a fault of it while it goes must not stop the next one."""
        old, self.device, self.setting, self.fault = self.device, None, "", ""
        if old is not None:
            try:
                old.close()
            except Exception as error:  # noqa: BLE001 - whatever it is, the old driver is done with
                log.warning("device would not close why=%s", error)

    def _plug_in(self, wanted: str) -> None:
        try:
            self.device = self._make(wanted)
        except DeviceRefused as refused:
            self.fault = str(refused)
            log.warning("device setting refused why=%s", refused)
        except Exception as error:  # noqa: BLE001 - a driver's fault is no reason not to sell
            self.fault = str(error)
            log.warning("device would not open why=%s", error)
