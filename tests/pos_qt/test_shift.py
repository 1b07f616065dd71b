"""Drawer and shift at the till's face: float, pay-in and -out, safe drop, X and Z, by keys and clicks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.peripherals.printer import Pretend
from pos_qt.till import TillFace
from tests.pos_qt.acts import ENTER, click, press, scan, titles, typed
from tests.pos_qt.conftest import MILK_CODE, Opener, idle, sign_in
from tests.pretend.branch import euros

CONTROL = Qt.KeyboardModifier.ControlModifier


def open_shift(face: TillFace) -> None:
    """*Lade & Schicht* by its key."""
    press(face, Qt.Key.Key_D, CONTROL)


def paid_in(qtbot: QtBot, face: TillFace, amount: str = "50") -> None:
    """Money in the drawer, by keys only."""
    open_shift(face)
    typed(qtbot, face, "2")
    typed(qtbot, face, amount)
    press(face, ENTER)
    press(face, Qt.Key.Key_Right)
    press(face, ENTER)
    press(face, ENTER)
    idle(qtbot, face)
    press(face, Qt.Key.Key_Escape)


def printed(printer: Pretend) -> str:
    """What the newest slip says."""
    return "\n".join(row.text for row in printer.slips[-1])


def test_the_float_that_is_right_is_one_tap(
    qtbot: QtBot, face: TillFace, printer: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = face.desk.till.catalogue
    monkeypatch.setattr(catalogue, "settings", replace(catalogue.own, float_=euros("150.00")))
    click(qtbot, face.window.sale.selling.pad, "Lade")
    sheet = face.window.sale.selling.sheet
    click(qtbot, sheet, "Wechselgeld")
    click(qtbot, sheet, "150,00")
    idle(qtbot, face)
    assert face.desk.till.book.period.opened_with == 15000
    qtbot.waitUntil(lambda: len(printer.slips) == 1)
    assert "150,00" in printed(printer)


def test_a_float_that_is_another_is_typed(qtbot: QtBot, face: TillFace) -> None:
    open_shift(face)
    typed(qtbot, face, "1")
    typed(qtbot, face, "123,45")
    press(face, ENTER)
    press(face, ENTER)
    idle(qtbot, face)
    assert face.desk.till.book.period.opened_with == 12345


def test_a_pay_in_by_keys_only_prints_and_opens_the_drawer(
    qtbot: QtBot, face: TillFace, printer: Pretend
) -> None:
    paid_in(qtbot, face)
    assert face.desk.till.book.period.cash == 5000
    qtbot.waitUntil(lambda: len(printer.slips) == 1)
    assert printer.kicks == 1
    assert "Wechselgeld" in printed(printer)


def test_a_pay_out_by_clicks_only(qtbot: QtBot, face: TillFace) -> None:
    paid_in(qtbot, face)
    pad = face.window.sale.selling.pad
    click(qtbot, pad, "Lade")
    sheet = face.window.sale.selling.sheet
    click(qtbot, sheet, "Auszahlung")
    click(qtbot, pad.pad, "2")
    click(qtbot, pad.pad, "0")
    click(qtbot, sheet, "Porto")
    click(qtbot, sheet, "Buchen")
    idle(qtbot, face)
    assert face.desk.till.book.period.cash == 3000
    assert "Auszahlung" in face.window.sale.selling.sheet._lead.text()


def test_without_a_reason_nothing_moves(qtbot: QtBot, face: TillFace) -> None:
    open_shift(face)
    typed(qtbot, face, "2")
    typed(qtbot, face, "5")
    click(qtbot, face.window.sale.selling.sheet, "Buchen")
    idle(qtbot, face)
    assert titles(face) == ["Ein Grund ist nötig."]
    assert face.desk.till.book.period.cash == 0


def test_a_pay_out_beyond_the_cashier_is_approved_in_the_slip(
    qtbot: QtBot, seller: TillFace
) -> None:
    paid_in(qtbot, seller, "100")
    open_shift(seller)
    typed(qtbot, seller, "3")
    typed(qtbot, seller, "60")
    press(seller, ENTER)
    press(seller, Qt.Key.Key_Right)
    click(qtbot, seller.window.sale.selling.sheet, "Buchen")
    qtbot.waitUntil(lambda: titles(seller) == ["Freigabe: Auszahlung, 60,00 €"])
    typed(qtbot, seller, "1111")
    qtbot.waitUntil(lambda: seller.desk.till.book.period.cash == 4000)


def test_a_bag_is_scanned_and_goods_are_sold_all_the_same(qtbot: QtBot, face: TillFace) -> None:
    paid_in(qtbot, face)
    open_shift(face)
    typed(qtbot, face, "4")
    typed(qtbot, face, "30")
    scan(face, MILK_CODE)
    scan(face, "BAG-4711")
    assert face.desk.till.basket.total == euros("1.39")
    click(qtbot, face.window.sale.selling.sheet, "Buchen")
    idle(qtbot, face)
    assert face.desk.till.book.period.sums["dropped"] == 3000


def test_opening_without_a_sale_asks_why(qtbot: QtBot, face: TillFace, printer: Pretend) -> None:
    open_shift(face)
    typed(qtbot, face, "5")
    assert printer.kicks == 0
    typed(qtbot, face, "1")
    qtbot.waitUntil(lambda: printer.kicks == 1)
    assert face.desk.till.book.period.sums["opened"] == 1


def test_the_x_report_is_shown_and_prints_on_request(
    qtbot: QtBot, face: TillFace, printer: Pretend
) -> None:
    paid_in(qtbot, face)
    qtbot.waitUntil(lambda: len(printer.slips) == 1)
    open_shift(face)
    typed(qtbot, face, "8")
    idle(qtbot, face)
    sheet = face.window.sale.selling.sheet
    assert "50,00" in sheet._rows.accessibleName()
    assert len(printer.slips) == 1
    click(qtbot, sheet, "Drucken")
    qtbot.waitUntil(lambda: len(printer.slips) == 2)


def test_the_shift_closes_without_a_line(qtbot: QtBot, face: TillFace, printer: Pretend) -> None:
    scan(face, MILK_CODE)
    face.payment.quick("exact")
    idle(qtbot, face)
    open_shift(face)
    typed(qtbot, face, "9")
    idle(qtbot, face)
    click(qtbot, face.window.sale.selling.sheet, "Abschließen (Z)")
    idle(qtbot, face)
    assert face.desk.till.book.period.number == 2
    qtbot.waitUntil(lambda: len(printer.slips) == 2)
    assert "Z-Bericht 1" in face.window.sale.selling.sheet._title.text()


def test_an_open_receipt_is_said_before_the_shift_closes(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_F8)
    idle(qtbot, face)
    scan(face, MILK_CODE)
    open_shift(face)
    typed(qtbot, face, "9")
    idle(qtbot, face)
    page = face.sheets.page
    assert page is not None
    facts = {fact.text: fact.value for fact in page.sheet().facts}
    assert facts["Geparkte Bons"] == "1"
    assert facts["Offener Bon"] == "erst abschließen"
    click(qtbot, face.window.sale.selling.sheet, "Abschließen (Z)")
    idle(qtbot, face)
    assert titles(face) == ["Offenen Bon zuerst abschließen, parken oder abbrechen."]


def test_a_drawer_over_its_limit_is_a_pill(
    qtbot: QtBot, face: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = face.desk.till.catalogue
    monkeypatch.setattr(catalogue, "settings", replace(catalogue.own, drawer_most=euros("40.00")))
    paid_in(qtbot, face)
    face.outlook.show()
    assert face.window.status._pills["drawer"].pill.text == "Lade bald leeren"


def test_scans_sell_beside_every_page(qtbot: QtBot, face: TillFace) -> None:
    for n in "123456789":
        open_shift(face)
        typed(qtbot, face, n)
        idle(qtbot, face)
        scan(face, MILK_CODE)
    assert len(face.desk.till.basket.lines) == 9


def z_facts(qtbot: QtBot, face: TillFace) -> tuple[str, dict[str, str], list[str]]:
    """The lead, the facts and the further steps of *Close the shift*."""
    face.shift.z_page()
    qtbot.waitUntil(lambda: face.shift.is_closing)
    page = face.sheets.page
    assert page is not None
    seen = page.sheet()
    return seen.lead, {each.text: each.value for each in seen.facts}, [a.text for a in seen.more]


def counted(qtbot: QtBot, face: TillFace) -> None:
    face.counting.open()
    face.counting.act()
    idle(qtbot, face)
    face.counting.act()


@pytest.mark.parametrize("again", [False, True])
def test_a_drawer_that_moved_since_it_was_counted_says_so(
    qtbot: QtBot, face: TillFace, opened: Opener, *, again: bool
) -> None:
    counted(qtbot, face)
    _, facts, more = z_facts(qtbot, face)
    assert (facts["Gezählt"], more) == ("0,00", ["Zählen"])
    face.sheets.close()
    paid_in(qtbot, face)
    if again:  # a till that began anew finds it in its journal
        at = face.desk.till.now()
        face.window.close()
        face.close()
        face.till = None
        face = opened()
        sign_in(qtbot, face)
        assert face.desk.till.now() >= at
    lead, facts, more = z_facts(qtbot, face)
    assert lead == "Nach der Zählung hat sich die Lade bewegt: bitte noch einmal zählen."
    assert facts["Zuletzt gezählt"].endswith(" von Mira Köhler")
    assert "Gezählt" not in facts
    assert more == ["Neu zählen"]
    face.sheets.tap("count")
    assert face.counting.is_open


def test_what_is_not_sent_says_whether_there_is_a_line(qtbot: QtBot, face: TillFace) -> None:
    face.shift.waiting = lambda: 2
    face.shift.is_online = lambda: True
    assert z_facts(qtbot, face)[1]["Übertragung"] == "2 Bons werden gesendet"
    face.shift.is_online = lambda: False
    assert z_facts(qtbot, face)[1]["Übertragung"] == "2 Bons warten auf die Leitung"


def test_what_a_page_refused_is_over_with_its_page(qtbot: QtBot, face: TillFace) -> None:
    paid_in(qtbot, face)
    open_shift(face)
    typed(qtbot, face, "4")
    typed(qtbot, face, "30")
    click(qtbot, face.window.sale.selling.sheet, "Buchen")
    idle(qtbot, face)
    assert titles(face) == ["Bitte die Nummer des Beutels eingeben."]
    press(face, Qt.Key.Key_Escape)
    assert titles(face) == []
    scan(face, "4260107220015")
    unknown = titles(face)
    press(face, Qt.Key.Key_Escape)
    assert unknown and titles(face) == unknown, "what was scanned is no page's"
