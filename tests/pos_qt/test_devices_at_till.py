"""Devices at the till's face: named by settings, changed between receipts, never in the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.peripherals.cardterminal import PretendTerminal
from pos_qt.peripherals.display import Picture, PretendDisplay
from pos_qt.peripherals.printer import Pretend
from pos_qt.peripherals.scanner import PretendScanner
from pos_qt.peripherals.zvt import Zvt
from pos_qt.peripherals.zvt_pretend import PretendZvt
from pos_qt.till import TillFace
from services.database import organisation
from tests.pos_qt.acts import click, receipts, scan, titles
from tests.pos_qt.conftest import MILK_CODE, Opener, idle, sign_in
from tests.pretend.branch import Chain, euros


def rule(shop: Chain, **settings: str) -> None:
    """Head office sets devices, and the till's agent looks."""
    with shop.office.session() as session:
        unit = session.get(organisation.Unit, ("till", "014-2"))
        assert unit is not None
        unit.rules = {**(unit.rules or {}), **settings}
        session.flush()
        organisation.announce(session, "till", "014-2", "test")
    shop.publish()
    shop.look("014-2")


@pytest.fixture
def terminal() -> Iterator[PretendZvt]:
    """A card terminal on this machine."""
    with PretendZvt(card_s=0.3) as made:
        yield made


@pytest.fixture
def paying(qtbot: QtBot, shop: Chain, terminal: PretendZvt, opened: Opener) -> TillFace:
    """A till with that terminal, Mira signed in and a milk on the slip."""
    rule(shop, terminal=f"zvt:127.0.0.1:{terminal.port}", display="pretend")
    face = opened()
    sign_in(qtbot, face)
    scan(face, MILK_CODE)
    return face


def display_of(face: TillFace) -> PretendDisplay:
    """The pretended display at the till."""
    display = face.plugs.display.device
    assert isinstance(display, PretendDisplay)
    return display


def newest(face: TillFace) -> Picture:
    """What the customer sees."""
    shown = display_of(face).shown
    return shown[-1] if shown else Picture()


def test_a_card_is_paid_by_clicks_and_its_rows_are_printed(
    qtbot: QtBot, paying: TillFace, terminal: PretendZvt, printer: Pretend
) -> None:
    counter = paying.window.sale.counter
    qtbot.mouseClick(counter.keys[-1], Qt.MouseButton.LeftButton)
    card = paying.window.sale.payment.card
    qtbot.waitUntil(lambda: card.text.text() == "Karte einstecken oder vorhalten")
    assert card.isVisible()
    assert card.title.text() == "Karte: 1,39"
    qtbot.waitUntil(lambda: receipts(paying) == 1)
    idle(qtbot, paying)
    qtbot.waitUntil(lambda: len(printer.slips) == 1)
    texts = [row.text for row in printer.slips[0]]
    assert any("girocard ****1234" in text for text in texts)
    assert "* * Kundenbeleg * *" in texts
    assert [b.amount for b in terminal.charged()] == [139]
    assert not card.isVisible()


def test_scans_while_the_terminal_works_are_the_next_customers(
    qtbot: QtBot, paying: TillFace
) -> None:
    paying.payment.quick("card")
    card = paying.window.sale.payment.card
    qtbot.waitUntil(lambda: card.text.text() == "Karte einstecken oder vorhalten")
    scan(paying, MILK_CODE)
    qtbot.waitUntil(lambda: receipts(paying) == 1)
    idle(qtbot, paying)
    qtbot.waitUntil(lambda: len(paying.desk.till.basket.lines) == 1)
    assert paying.desk.till.last is not None
    assert paying.desk.till.last.total == euros("1.39")


def test_cancel_stops_the_terminal_and_nothing_is_charged(
    qtbot: QtBot, paying: TillFace, terminal: PretendZvt
) -> None:
    terminal.card_s = 5
    paying.payment.quick("card")
    card = paying.window.sale.payment.card
    qtbot.waitUntil(lambda: card.text.text() == "Karte einstecken oder vorhalten")
    click(qtbot, card, "Abbrechen")
    qtbot.waitUntil(lambda: bool(titles(paying)))
    assert titles(paying) == ["Karte hat nicht bezahlt: 1,39 sind noch offen"]
    assert terminal.charged() == []
    assert paying.payment.is_open


def test_a_till_that_died_with_the_card_finishes_the_sale_at_the_next_sign_in(
    qtbot: QtBot, paying: TillFace, terminal: PretendZvt, opened: Opener
) -> None:
    paying.cards._heard = lambda _: None  # type: ignore[method-assign, assignment]
    paying.payment.quick("card")
    qtbot.waitUntil(lambda: len(terminal.charged()) == 1)
    idle(qtbot, paying)
    paying.close()
    paying.till = None
    again = opened()
    assert receipts(again) == 0
    sign_in(qtbot, again)
    qtbot.waitUntil(lambda: receipts(again) == 1)
    idle(qtbot, again)
    assert len(terminal.charged()) == 1
    assert again.desk.till.last is not None
    assert again.desk.till.last.payments[0].reference == "1"


def test_devices_change_between_two_receipts_and_not_within_one(
    qtbot: QtBot, face: TillFace, shop: Chain
) -> None:
    scan(face, MILK_CODE)
    rule(shop, terminal="pretend", scanner="pretend", scale="pretend", display="pretend")
    qtbot.wait(100)
    assert face.plugs.terminal.device is None
    face.payment.quick("exact")
    idle(qtbot, face)
    qtbot.waitUntil(lambda: isinstance(face.plugs.terminal.device, PretendTerminal))
    scanner = face.plugs.scanner.device
    assert isinstance(scanner, PretendScanner)
    scanner.scan(MILK_CODE)
    assert face.desk.till.basket.total == euros("1.39")
    assert face.scale.scale is not None
    assert display_of(face).shown


def test_a_terminal_is_changed_for_another_while_the_till_runs(
    qtbot: QtBot, face: TillFace, shop: Chain
) -> None:
    rule(shop, terminal="pretend")
    qtbot.waitUntil(lambda: isinstance(face.plugs.terminal.device, PretendTerminal))
    rule(shop, terminal="zvt:127.0.0.1:9")
    qtbot.waitUntil(lambda: isinstance(face.plugs.terminal.device, Zvt))


def test_devices_that_cannot_be_opened_are_pills_and_the_till_sells(
    qtbot: QtBot, shop: Chain, opened: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    rule(shop, terminal="zvt:", scanner="scanner:/dev/nothing", display="beamer", scale="oven")
    face = opened()
    sign_in(qtbot, face)
    scan(face, MILK_CODE)
    face.payment.quick("card")
    qtbot.waitUntil(lambda: receipts(face) == 1)
    idle(qtbot, face)
    qtbot.waitUntil(lambda: {"terminal", "scale", "display"} <= set(face.window.status._pills))
    for _ in range(4):
        face.outlook.show()
    assert {"terminal", "scale", "display", "scanner"} <= set(face.window.status._pills)
    assert face.window.status._pills["terminal"].pill.text == "Kartenterminal fehlt"
    assert "refused" in caplog.text


def test_the_display_follows_each_step_of_the_sale(
    qtbot: QtBot, face: TillFace, shop: Chain
) -> None:
    rule(shop, display="pretend", receipt_link="https://office.example")
    qtbot.waitUntil(lambda: face.plugs.display.device is not None)
    qtbot.waitUntil(lambda: newest(face).moment == "idle" and bool(newest(face).text))
    scan(face, MILK_CODE)
    qtbot.waitUntil(lambda: newest(face).moment == "sale")
    assert (newest(face).lines[0].name, newest(face).total) == ("Milch", "1,39 €")
    face.payment.pay()
    qtbot.waitUntil(lambda: newest(face).moment == "pay")
    face.payment.back()
    face.payment.quick("200")
    face.payment.quick("500")
    qtbot.waitUntil(lambda: newest(face).moment == "change")
    picture = newest(face)
    assert picture.total == "1,39 €"
    assert picture.given.endswith("€")
    assert picture.change.endswith("€")
    assert picture.qr.startswith("https://office.example/slip/014-2-1-1/")
    scan(face, MILK_CODE)
    qtbot.waitUntil(lambda: newest(face).moment == "sale")


def test_a_display_that_falls_over_is_a_pill_and_comes_back(
    qtbot: QtBot, face: TillFace, shop: Chain
) -> None:
    rule(shop, display="pretend")
    qtbot.waitUntil(lambda: face.plugs.display.device is not None)
    display = display_of(face)
    display.broken = True
    scan(face, MILK_CODE)
    qtbot.waitUntil(lambda: "display" in face.plugs.faults())
    face.payment.quick("exact")
    qtbot.waitUntil(lambda: receipts(face) == 1)
    idle(qtbot, face)
    display.broken = False
    face.plugs.showing.again()
    qtbot.waitUntil(lambda: "display" not in face.plugs.faults())
    assert newest(face).moment == "change"
