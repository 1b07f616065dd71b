"""From settings to drivers, drivers that are swapped, and the self-test of each device."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from pos_qt.background import Background
from pos_qt.peripherals import devices, selftest
from pos_qt.peripherals.cardterminal import PretendTerminal
from pos_qt.peripherals.devices import DeviceRefused, Plug
from pos_qt.peripherals.dialog06 import Dialog06Scale
from pos_qt.peripherals.display import Picture, PretendDisplay
from pos_qt.peripherals.drawer import PretendDrawer, PrinterDrawer
from pos_qt.peripherals.escpos import EscposPrinter
from pos_qt.peripherals.nci import NciScale
from pos_qt.peripherals.pole import PoleDisplay
from pos_qt.peripherals.printer import Pretend
from pos_qt.peripherals.printerstatus import PrinterStatus
from pos_qt.peripherals.scale import (
    NotThere,
    NoWeight,
    PretendScale,
    ScaleRefused,
    Stable,
    Weight,
)
from pos_qt.peripherals.scale_pretend import PretendLine, PretendNci
from pos_qt.peripherals.scanner import PretendScanner, SerialScanner
from pos_qt.peripherals.secondwindow import WindowDisplay
from pos_qt.peripherals.selftest import Finding
from pos_qt.peripherals.zvt import Zvt
from pos_qt.peripherals.zvt_pretend import PretendZvt
from schemas.money import UnitPrice
from schemas.quantity import Quantity

BOX = Path("/nowhere")
Maker = Callable[[str], Any]


def printers(text: str) -> Any:
    return devices.printer_of(text, BOX)


def drawers(text: str) -> Any:
    return devices.drawer_of(text, Pretend())


@pytest.mark.parametrize(
    ("make", "text", "kind"),
    [
        (devices.terminal_of, "zvt:192.168.1.40:20007", Zvt),
        (devices.terminal_of, "zvt:terminal.shop?password=123456", Zvt),
        (devices.terminal_of, "pretend", PretendTerminal),
        (devices.scale_of, "nci:/dev/ttyS0:9600", NciScale),
        (devices.scale_of, "dialog06:/dev/ttyS0:9600:7O1?polynomial=1a2b3", Dialog06Scale),
        (devices.scale_of, " pretend ", PretendScale),
        (devices.display_of, "pole:/dev/ttyS1:9600?table=1252", PoleDisplay),
        (devices.display_of, "pretend", PretendDisplay),
        (devices.scanner_of, "pretend", PretendScanner),
        (printers, "tcp:192.168.1.50", EscposPrinter),
        (printers, "usb:04b8:0e15?paper=58&open=high&pin=5", EscposPrinter),
        (printers, "serial:/dev/ttyUSB0:115200?profile=TM-T88III", EscposPrinter),
        (printers, "file:slips.bin", EscposPrinter),
        (printers, "pretend", Pretend),
        (drawers, "tcp:192.168.1.50?open=low", PrinterDrawer),
        (drawers, "pretend", PretendDrawer),
    ],
)
def test_a_setting_names_a_driver(make: Maker, text: str, kind: type) -> None:
    assert isinstance(make(text), kind)


@pytest.mark.parametrize(
    ("make", "text", "why"),
    [
        (devices.terminal_of, "", "known are pretend, zvt"),
        (devices.terminal_of, "ztv:host", "there is no driver “ztv”"),
        (devices.terminal_of, "zvt:", "address is missing"),
        (devices.terminal_of, "zvt:host:port", "“port” is no number"),
        (devices.terminal_of, "zvt:host:99999", "no port"),
        (devices.terminal_of, "zvt:host?password=12", "six figures"),
        (devices.terminal_of, "zvt:host?pasword=123456", "zvt has no option “pasword”"),
        (devices.terminal_of, "pretend:here", "pretend has no address"),
        (devices.scale_of, "nci:two words", "names no serial line"),
        (devices.scale_of, "dialog06:/dev/ttyS0?polynomial=xyz", "“xyz” is no number"),
        (devices.scale_of, "dialog06:/dev/ttyS0?polynomial=fffff", "17 bits"),
        (devices.display_of, "pole:/dev/ttyS0?table=99", "no code table"),
        (printers, "tcp:host:x", "is no printer"),
        (printers, "usb:1:2:3", "is no printer"),
        (printers, "tcp:host?paper=70", "58 or 80"),
        (printers, "tcp:host?pin=3", "pin 2 or 5"),
        (printers, "tcp:host?profile=none", "profile"),
        (printers, "tcp:host?open=up", "high or low"),
        (devices.scanner_of, "scanner:", "address is missing"),
    ],
)
def test_a_wrong_setting_is_said_clearly(make: Maker, text: str, why: str) -> None:
    with pytest.raises(DeviceRefused, match=why):
        make(text)


@given(st.text(max_size=60) | st.builds("{}:{}?{}".format, st.sampled_from(["zvt", "nci", "dialog06", "pole", "tcp", "usb", "serial"]), st.text(max_size=20), st.text(max_size=20)))  # fmt: skip
def test_any_setting_is_a_driver_or_refused(text: str) -> None:
    for make in (devices.terminal_of, devices.scale_of, printers, drawers):
        try:
            made = make(text)
        except DeviceRefused:
            continue
        assert made is not None


def test_window_and_scanner_need_a_screen(qtbot: QtBot) -> None:
    window = devices.display_of("window", "dark")
    assert isinstance(window, WindowDisplay)
    window.close()
    scanner = devices.scanner_of("scanner:/dev/nowhere:9600?prefix=A")
    assert isinstance(scanner, SerialScanner)
    scanner.close()


# Swapping


class Closing(PretendScale):
    """A scale that remembers whether it was closed."""

    closed = 0
    stuck = False

    def close(self) -> None:
        """Count it."""
        self.closed += 1
        if self.stuck:
            raise RuntimeError("stuck")


@pytest.fixture
def heard() -> list[Any]:
    """What a plug told."""
    return []


def test_another_setting_swaps_the_driver_and_the_same_does_not(heard: list[Any]) -> None:
    plug: Plug[Closing] = Plug(lambda _: Closing(), heard.append)
    plug.change("nci:/dev/ttyS0")
    plug.change(" nci:/dev/ttyS0 ")
    assert len(heard) == 1
    plug.change("nci:/dev/ttyS1")
    first, second = heard
    assert first is not second and (first.closed, second.closed) == (1, 0)
    plug.change(None)
    assert (plug.device, plug.setting, plug.fault) == (None, "", "")
    assert heard == [first, second, None]


def test_the_till_goes_on_where_the_new_driver_fails(heard: list[Any]) -> None:
    plug = Plug(devices.scale_of, heard.append)
    plug.change("pretend")
    plug.change("nic:/dev/ttyS0")
    assert heard.pop() is None
    assert "there is no driver “nic”" in plug.fault
    plug.change("pretend")
    assert isinstance(heard.pop(), PretendScale)
    assert not plug.fault


def test_a_driver_that_breaks_while_it_opens_or_closes_stops_nobody(heard: list[Any]) -> None:
    def breaks(text: str) -> Closing:
        if text == "bad":
            raise RuntimeError("no such thing")
        made = Closing()
        made.stuck = True
        return made

    plug = Plug(breaks, heard.append)
    plug.change("good")
    plug.change("bad")
    assert heard.pop() is None
    assert plug.fault == "no such thing"
    plug.change("good")
    assert isinstance(heard.pop(), Closing)


def test_two_drivers_in_turn_may_want_the_same_line(heard: list[Any]) -> None:
    far = PretendNci()
    far.grams = 100
    with PretendLine(far) as line:
        plug = Plug(devices.scale_of, heard.append)
        for setting in (f"nci:{line.path}:9600:8N1", f"nci:{line.path}:19200:8N1"):
            plug.change(setting)
            assert plug.device is not None
            assert plug.device.weight() == Stable(Quantity(100, "kg"))
        plug.unplug()


# Self-tests


@pytest.mark.parametrize(
    ("status", "light", "fact"),
    [
        (PrinterStatus(), "green", "ready"),
        (PrinterStatus(paper="low"), "yellow", "paper-low"),
        (PrinterStatus(paper="out", online=False), "red", "paper-out"),
        (PrinterStatus(cover_open=True, online=False), "red", "cover-open"),
        (PrinterStatus(fault=True), "red", "fault"),
        (PrinterStatus(online=False), "red", "offline"),
        (None, "yellow", "silent"),
    ],
)
def test_a_printers_light(status: PrinterStatus | None, light: str, fact: str) -> None:
    class Told:
        def status(self) -> PrinterStatus | None:
            return status

    found = selftest.printer(Told())
    assert (found.light, found.fact) == (light, f"selftest.printer.{fact}")


@pytest.mark.parametrize(
    ("weight", "light"),
    [
        (Stable(Quantity(1, "kg")), "green"), (NoWeight("empty"), "green"),
        (NoWeight("moving"), "yellow"), (NoWeight("negative"), "yellow"),
        (NoWeight("unmoved"), "yellow"), (NoWeight("overload"), "red"), (NotThere("?"), "red"),
    ],
)  # fmt: skip
def test_a_scales_light(weight: Weight, light: str) -> None:
    scale = PretendScale()
    scale.lying = weight
    found = selftest.scale(scale)
    assert found.light == light and found.fact in selftest.FACTS


def test_the_other_lights() -> None:
    broken, display, drawer = Pretend(), PretendDisplay(), PretendDrawer()
    broken.broken = True
    assert selftest.printer(broken) == Finding(
        "printer", "red", "selftest.printer.unreachable", {"why": "The printer does not answer."}
    )
    assert selftest.display(display, Picture()).light == "green"
    display.broken = True
    assert selftest.display(display, Picture()).light == "red"
    assert selftest.drawer(drawer).light == "green"
    drawer.open()
    assert selftest.drawer(drawer).fact == "selftest.drawer.open"
    assert selftest.drawer(PrinterDrawer(Pretend())).fact == "selftest.drawer.untold"
    assert selftest.scanner(PretendScanner()).light == "green"
    terminal = PretendTerminal()
    assert selftest.terminal(terminal).light == "green"
    terminal.unreachable = True
    assert selftest.terminal(terminal).light == "red"
    assert selftest.terminal_and_bank(terminal).light == "red"


def test_a_terminals_light_over_its_line() -> None:
    with PretendZvt() as far:
        terminal = devices.terminal_of(f"zvt:127.0.0.1:{far.port}")
        assert selftest.terminal(terminal).light == "green"
        assert selftest.terminal_and_bank(terminal).light == "green"
    assert selftest.terminal(terminal).light == "red"


def test_tests_run_behind_the_screen_and_one_that_breaks_stops_none(qtbot: QtBot) -> None:
    def breaks() -> Finding:
        raise RuntimeError("oh")

    behind, told = Background("selftest"), list[Finding]()
    scale = PretendScale()
    selftest.look([("x", breaks), ("scale", lambda: selftest.scale(scale))], behind, told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    behind.close()
    assert told[0] == Finding("x", "red", "selftest.broken", {"why": "oh"})
    assert told[1].light == "green"


def test_a_scale_that_wants_a_price_first_is_there() -> None:
    class Picky(PretendScale):
        def weight(self, price: UnitPrice | None = None, name: str = "") -> Weight:
            raise ScaleRefused("the scale needs a price")

    assert selftest.scale(Picky()).light == "green"


def test_a_printer_is_swapped_like_any_device(tmp_path: Path, heard: list[Any]) -> None:
    plug = Plug(lambda text: devices.printer_of(text, tmp_path), heard.append)
    plug.change("file:a")
    plug.change("pretend")
    assert [type(each) for each in heard] == [EscposPrinter, Pretend]
