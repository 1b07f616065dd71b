"""The system sheet: one row for each part, with a light; tapping tests, sends or fetches."""

from __future__ import annotations

import pytest
import urllib3
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.peripherals.printer import Pretend
from pos_qt.peripherals.printerstatus import PrinterStatus
from pos_qt.peripherals.zvt_pretend import PretendZvt
from pos_qt.presenters.shown import Item
from pos_qt.presenters.system import CAUSES
from pos_qt.till import TillFace
from pos_qt.translations.words import Words
from services.database.organisation import Device
from services.disk.bell import Bell
from services.disk.durable import DiskRefused
from services.evaluation import tills
from services.link.http_client import _cause
from services.till import tested
from tests.pos_qt.acts import click, press, scan, titles
from tests.pos_qt.conftest import MILK_CODE
from tests.pos_qt.test_devices_at_till import rule
from tests.pretend.branch import Chain, euros


def row(face: TillFace, key: str) -> Item:
    """One row as it is seen."""
    page = face.sheets.page
    assert page is not None
    return next(item for item in page.sheet().items if item.key == key)


def after_test(qtbot: QtBot, face: TillFace, key: str) -> Item:
    """A row once it was tapped and its test is over."""
    face.sheets.tap(key)
    qtbot.waitUntil(lambda: row(face, key).light != "")
    return row(face, key)


def test_a_pill_opens_the_sheet_at_its_row(qtbot: QtBot, face: TillFace) -> None:
    qtbot.waitUntil(lambda: "backlog" in face.window.status._pills)
    pill = face.window.status._pills["backlog"]
    qtbot.mouseClick(pill, Qt.MouseButton.LeftButton)
    page = face.sheets.page
    assert page is not None
    assert page.sheet().title == "System"
    assert page.sheet().ring == "backlog"
    assert [item.key for item in page.sheet().items] == [
        "link", "backlog", "mirror", "software", "printer", "drawer", "terminal", "scale",
        "scanner", "display", "fiscal", "disk", "clock",
    ]  # fmt: skip


def test_scans_sell_beside_the_sheet(face: TillFace) -> None:
    press(face, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert face.sheets.is_open
    scan(face, MILK_CODE)
    assert face.desk.till.basket.total == euros("1.39")


def test_the_printer_says_how_it_is(qtbot: QtBot, face: TillFace, printer: Pretend) -> None:
    face.system.open("printer")
    assert row(face, "printer").detail == "noch nicht getestet"
    assert after_test(qtbot, face, "printer").light == "green"
    printer.is_like = PrinterStatus(paper="out")
    face.sheets.tap("printer")
    qtbot.waitUntil(lambda: row(face, "printer").light == "red")
    assert row(face, "printer").detail.startswith("kein Papier · getestet ")
    assert printer.slips == []


def test_head_office_hears_what_was_found(
    qtbot: QtBot, face: TillFace, shop: Chain, printer: Pretend
) -> None:
    printer.is_like = PrinterStatus(paper="out")
    face.system.open("printer")
    after_test(qtbot, face, "printer")
    qtbot.waitUntil(lambda: bool(tested.kept(face.box)))
    shop.look("014-2")
    with shop.office.reading() as session:
        (found,) = tills.tested(session.get(Device, "014-2"))
    assert (found.device, found.light, found.fact) == (
        "printer", "red", "selftest.printer.paper-out",
    )  # fmt: skip


@pytest.mark.parametrize("broken", [False, True])
def test_each_device_is_green_or_red_and_the_till_sells_on(
    qtbot: QtBot, face: TillFace, shop: Chain, broken: bool
) -> None:
    with PretendZvt() as terminal:
        port = terminal.port
        if broken:
            terminal.close()
        rule(shop, terminal=f"zvt:127.0.0.1:{port}", display="pretend", scanner="pretend",
             scale="pretend")  # fmt: skip
        qtbot.waitUntil(lambda: face.plugs.terminal.device is not None)
        if broken:
            face.plugs.display.device.broken = True  # type: ignore[union-attr]
        face.system.open()
        lights = {
            key: after_test(qtbot, face, key).light for key in ("terminal", "scale", "display")
        }
    bad = "red" if broken else "green"
    assert lights == {"terminal": bad, "scale": "green", "display": bad}
    scan(face, MILK_CODE)
    assert titles(face) == []


def test_what_is_not_set_up_cannot_be_tested(face: TillFace) -> None:
    face.system.open()
    scale = row(face, "scale")
    assert (scale.detail, scale.enabled, scale.light) == ("nicht eingerichtet", False, "")


def test_a_setting_that_names_nothing_says_why(qtbot: QtBot, face: TillFace, shop: Chain) -> None:
    rule(shop, scale="oven:1")
    qtbot.waitUntil(lambda: "scale" in face.plugs.faults())
    face.system.open()
    assert row(face, "scale").light == "red"
    assert "no driver" in row(face, "scale").detail
    assert after_test(qtbot, face, "scale").detail.startswith("Test ging nicht")


@pytest.mark.parametrize("key", ["link", "backlog", "mirror"])
def test_send_and_fetch_ring_the_agent(qtbot: QtBot, face: TillFace, key: str) -> None:
    agent = Bell(face.box.path, "agent")
    face.system.open()
    face.sheets.tap(key)
    assert agent.wait(1)
    agent.close()


def test_everything_is_tested_by_one_step(
    qtbot: QtBot, face: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskRefused(OSError(28, "No space left on device"))

    monkeypatch.setattr("services.disk.durable.check_room", full)
    face.system.open()
    click(qtbot, face.window.sale.selling.sheet, "Alles testen")
    qtbot.waitUntil(lambda: row(face, "disk").light == "red")
    qtbot.waitUntil(lambda: row(face, "printer").light == "green")
    assert "full" in row(face, "disk").detail


def test_why_the_line_is_away_is_said_in_the_cashiers_language() -> None:
    unreachable = [
        urllib3.exceptions.NewConnectionError(None, ""),  # type: ignore[arg-type]
        urllib3.exceptions.NameResolutionError("", None, OSError()),  # type: ignore[arg-type]
        urllib3.exceptions.SSLError(),
        urllib3.exceptions.TimeoutError(),
        urllib3.exceptions.LocationValueError(),
        OSError(),
    ]
    found = {CAUSES[_cause(error)] for error in unreachable}
    assert found == set(CAUSES.values())
    assert Words("de")("cause.answer") == "die Zentrale antwortet nicht"
