"""Printers over each way, what they tell of themselves, pictures of rows, and the drawer."""

from __future__ import annotations

import array
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import usb.core
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from pos_qt.peripherals import bitmap, printerstatus
from pos_qt.peripherals.drawer import DrawerRefused, PretendDrawer, PrinterDrawer
from pos_qt.peripherals.escpos import EscposPrinter
from pos_qt.peripherals.printer import Pretend, PrinterRefused
from pos_qt.peripherals.printer_pretend import PretendPrinter, PretendPrinterTcp
from pos_qt.peripherals.printerstatus import PrinterStatus
from pos_qt.peripherals.scale_pretend import PretendLine
from pos_qt.peripherals.wires import Way, WireRefused
from pos_qt.theme import fonts
from services.register.columns import Row

ROWS = (
    Row("Milch                1,39 B"),
    Row("Käse", bold=True),
    Row("Summe 1,39 €", double=True),
)
CHINESE = Row("牛乳                 1,39 B")


class UsbPrinter:
    """A printer as pyusb sees it."""

    def __init__(self, far: PretendPrinter) -> None:
        self.far = far
        self.unplugged = False
        self.backend = SimpleNamespace(__module__="pretend")
        self._ctx = SimpleNamespace(dispose=lambda _: None)
        self._said = b""

    def __iter__(self) -> Iterator[Any]:
        point = SimpleNamespace
        yield [
            [
                point(bmAttributes=2, bEndpointAddress=0x03),
                point(bmAttributes=2, bEndpointAddress=0x81),
            ]
        ]

    def set_configuration(self) -> None:
        """Nothing to do."""

    def reset(self) -> None:
        """Nothing to do."""

    def write(self, point: int, data: bytes, timeout: int) -> int:
        if self.unplugged:
            raise usb.core.USBError("no such device")
        assert point == 0x03
        self._said += self.far.hear(bytes(data))
        return len(data)

    def read(self, point: int, size: int, timeout: int) -> array.array[int]:
        assert point == 0x81
        if not self._said:
            raise usb.core.USBTimeoutError("timed out")
        said, self._said = self._said, b""
        return array.array("B", said)


@pytest.fixture
def far() -> PretendPrinter:
    """The printer."""
    return PretendPrinter()


@pytest.fixture(params=["tcp", "serial", "usb"])
def near(
    request: pytest.FixtureRequest,
    far: PretendPrinter,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[EscposPrinter]:
    """A driver for it over each way."""
    if request.param == "tcp":
        with PretendPrinterTcp(far) as port:
            yield EscposPrinter(port.setting, tmp_path)
    elif request.param == "serial":
        with PretendLine(far) as line:
            yield EscposPrinter(f"serial:{line.path}:115200", tmp_path)
    else:
        device = UsbPrinter(far)
        monkeypatch.setattr(usb.core, "find", lambda **_: device)
        yield EscposPrinter("usb:04b8:0e15", tmp_path)


def soon(done: Any) -> None:
    """What is sent is printed a moment later."""
    until = time.monotonic() + 3
    while not done() and time.monotonic() < until:
        time.sleep(0.005)
    assert done()


def test_a_slip_is_printed_and_cut(near: EscposPrinter, far: PretendPrinter) -> None:
    near.print_rows(ROWS)
    soon(lambda: far.cuts == 1)
    assert b"Milch                1,39 B\n" in far.text


def test_a_slip_starts_in_less_than_a_third_of_a_second(
    near: EscposPrinter, far: PretendPrinter
) -> None:
    near.print_rows(ROWS)  # the library is loaded with the first
    took: list[float] = []
    for _ in range(5):
        began = time.perf_counter()
        near.print_rows(ROWS)
        took.append(time.perf_counter() - began)
    assert statistics.median(took) < 0.3  # other tests may run beside this one


def test_a_printer_tells_how_it_is(near: EscposPrinter, far: PretendPrinter) -> None:
    assert near.status() == PrinterStatus(drawer_pin=False)
    far.paper = "low"
    assert near.status() == PrinterStatus(paper="low", drawer_pin=False)
    far.paper, far.cover_open, far.fault, far.offline = "out", True, True, True
    assert near.status() == PrinterStatus(
        online=False, cover_open=True, paper="out", fault=True, drawer_pin=False
    )


@pytest.mark.parametrize(
    ("switch", "value", "why"),
    [("paper", "out", "out of paper"), ("cover_open", True, "cover"), ("offline", True, "offline"),
     ("fault", True, "fault")],
)  # fmt: skip
def test_a_slip_is_not_begun_where_it_would_not_come_out(
    near: EscposPrinter, far: PretendPrinter, switch: str, value: object, why: str
) -> None:
    setattr(far, switch, value)
    with pytest.raises(PrinterRefused, match=why):
        near.print_rows(ROWS)
    assert not far.text


def test_a_mute_printer_holds_up_only_its_first_slip(
    near: EscposPrinter, far: PretendPrinter
) -> None:
    far.mute = True
    near.print_rows(ROWS)
    near.print_rows(ROWS)
    soon(lambda: far.cuts == 2)
    assert far.asked == 1


def test_the_drawer_opens_and_tells_where_its_switch_is_known(
    near: EscposPrinter, far: PretendPrinter
) -> None:
    drawer = PrinterDrawer(near, "high")
    assert drawer.is_open() is False
    drawer.open()
    soon(lambda: far.kicks == 1)
    assert drawer.is_open() is True
    assert PrinterDrawer(near, "low").is_open() is False
    assert PrinterDrawer(near).is_open() is None
    far.mute = True
    assert drawer.is_open() is None


def test_a_script_that_the_code_pages_lack_is_drawn(
    qtbot: QtBot, near: EscposPrinter, far: PretendPrinter
) -> None:
    fonts.load()
    near.print_rows((*ROWS, CHINESE))
    soon(lambda: far.cuts == 1)
    [(width, height, dots)] = far.pictures
    assert (width, height) == ((len(CHINESE.text) * 12 + 7) // 8 * 8, 24)
    assert any(dots) and sum(byte.bit_count() for byte in dots) < len(dots) * 4


def test_a_printer_that_is_not_there_refuses(tmp_path: Path) -> None:
    for setting in ("serial:/dev/nowhere", "usb:dead:beef"):
        with pytest.raises(PrinterRefused):
            EscposPrinter(setting, tmp_path).print_rows(ROWS)


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "tcp:",
        "tcp:host:port",
        "tcp:host:99999",
        "usb:1",
        "usb:xyz:1",
        "serial:",
        "lpt:1",
        "file",
    ],
)
def test_a_setting_that_names_no_printer_is_refused(setting: str, tmp_path: Path) -> None:
    with pytest.raises(PrinterRefused):
        EscposPrinter(setting, tmp_path)


def test_a_profile_that_is_none_is_refused(tmp_path: Path) -> None:
    EscposPrinter("file:x", tmp_path, profile="TM-T88III")
    with pytest.raises(PrinterRefused, match="profile"):
        EscposPrinter("file:x", tmp_path, profile="no such")
    with pytest.raises(PrinterRefused, match="pin"):
        EscposPrinter("file:x", tmp_path, pin=3)


@given(st.text(max_size=60))
def test_any_setting_is_a_way_or_refused(setting: str) -> None:
    try:
        Way(setting, Path("/nowhere"))
    except WireRefused:
        return


@given(st.tuples(*[st.integers(0, 255)] * 4))
def test_any_answers_are_some_status(answers: tuple[int, int, int, int]) -> None:
    printerstatus.read(answers)


# Pictures


@pytest.mark.parametrize("millimetres", [58, 80])
@pytest.mark.parametrize("columns", [32, 42, 48])
def test_a_picture_is_as_wide_as_its_columns_and_fits_the_paper(
    qtbot: QtBot, millimetres: int, columns: int
) -> None:
    fonts.load()
    dots = bitmap.WIDTHS[millimetres]
    image = bitmap.drawn(Row("語" * 3 + "1,39".rjust(columns - 3)), dots)
    assert image.width() <= dots
    assert image.width() == (min(12, dots // columns) * columns + 7) // 8 * 8


def test_an_amount_in_a_picture_stands_in_its_columns(qtbot: QtBot) -> None:
    fonts.load()
    image = bitmap.drawn(Row("牛乳      1,39"), 576)
    black = {
        x for x in range(image.width()) for y in range(24) if image.pixelColor(x, y).value() == 0
    }
    assert min(x for x in black if x > 24) >= 8 * 12
    assert max(x for x in black) < 12 * 12
    assert not any(24 < x < 8 * 12 for x in black)


def test_a_double_row_is_drawn_double(qtbot: QtBot) -> None:
    fonts.load()
    assert bitmap.drawn(Row("合計", double=True)).height() == 48


def test_a_picture_command_says_its_size(qtbot: QtBot) -> None:
    fonts.load()
    sent = bitmap.raster(bitmap.drawn(Row("שלום")))
    assert sent[:4] == b"\x1dv0\x00"
    assert len(sent) == 8 + sent[4] * sent[6]


def test_pretend_printers_and_drawers_are_as_a_test_wants_them() -> None:
    printer, drawer = Pretend(), PretendDrawer()
    assert printer.status() == PrinterStatus()
    drawer.open()
    assert drawer.is_open()
    drawer.shut()
    drawer.stuck = True
    with pytest.raises(DrawerRefused):
        drawer.open()
    printer.broken = True
    with pytest.raises(DrawerRefused):
        PrinterDrawer(printer).open()


@pytest.mark.parametrize(("profile", "dots"), [(None, 576), ("TM-T88V", 384)])
def test_a_code_is_centred_on_the_paper_that_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], profile: str | None, dots: int
) -> None:
    """python-escpos warns at each code where it does not know how wide the paper is."""
    printer = EscposPrinter("file:slip", tmp_path, profile=profile, dots=dots)
    slip = printer._slip([Row("", code="TRESEN-1-014-2-1-7")])
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")
    raster = slip[slip.index(b"\x1dv0") :]
    assert int.from_bytes(raster[4:6], "little") == dots // 8
