"""Returns, voids and what else is done with finished receipts, at the till's face."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.peripherals.printer import Pretend
from pos_qt.till import TillFace
from services.register import slipcode
from tests.pos_qt.acts import ENTER, click, press, scan, shown_total, titles, typed
from tests.pos_qt.conftest import BEER_CODE, MILK_CODE, idle
from tests.pretend.branch import euros

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def sold(qtbot: QtBot, face: TillFace) -> TillFace:
    """A till that sold two milks and a beer as receipt 1."""
    for code in (MILK_CODE, BEER_CODE):
        scan(face, code)
    face.ages.jump()
    press(face, Qt.Key.Key_Space)
    face.sale.select(1)
    face.sale.add(1)
    face.payment.quick("exact")
    idle(qtbot, face)
    return face


def test_a_line_comes_back_by_keys_only(qtbot: QtBot, sold: TillFace) -> None:
    words = sold.desk.words
    press(sold, Qt.Key.Key_R, CONTROL)
    assert sold.window.edge.edge.more == words("edge.return.asking")
    typed(qtbot, sold, "1")
    press(sold, ENTER)  # a number says it all
    idle(qtbot, sold)
    press(sold, ENTER)  # one of two milks
    for _ in range(2):
        press(sold, Qt.Key.Key_Down)
    press(sold, Qt.Key.Key_Right)
    for _ in range(3):
        press(sold, ENTER)
    idle(qtbot, sold)
    assert sold.desk.till.basket.total == euros("-1.39")
    assert sold.desk.till.basket.lines[0].reason == "Defekt"
    assert sold.window.sale.counter.pay.text() == "Auszahlen"
    assert shown_total(sold) == "−1,39 €"
    assert sold.window.edge.edge.sentence == "Retoure"
    assert sold.window.edge.edge.more == words("edge.return.lines")
    assert not sold.window.sale.slip.card.isVisible(), "the change of the sale before makes way"
    press(sold, Qt.Key.Key_F7)  # it says that Void takes the line out
    idle(qtbot, sold)
    assert sold.window.edge.edge.kind != "return"


def test_a_line_comes_back_by_clicks_only_and_money_goes_out(
    qtbot: QtBot, sold: TillFace, printer: Pretend
) -> None:
    click(qtbot, sold.window.sale.selling.pad, "Retoure")
    sheet = sold.window.sale.selling.sheet
    click(qtbot, sheet, "Letzter Bon")
    idle(qtbot, sold)
    click(qtbot, sheet, "Pils")
    click(qtbot, sheet, "Falsch")
    click(qtbot, sheet, "Vernichten")
    click(qtbot, sheet, "Zurück, etwa 1,03")
    idle(qtbot, sold)
    assert sold.desk.till.basket.total == euros("-1.03")
    line = sold.window.sale.slip.line
    assert line.void.isVisible()
    assert not any(each.isVisible() for each in (line.less, line.more, line.discount))
    qtbot.mouseClick(sold.window.sale.counter.keys[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(printer.slips) == 2)
    last = sold.desk.till.last
    assert last is not None
    assert (last.kind, last.total) == ("return", euros("-1.03"))
    idle(qtbot, sold)
    sold.outlook.show()
    assert sold.window.edge.edge.kind != "return"


def test_goods_of_the_receipt_are_marked_by_scan_and_others_are_sold(
    qtbot: QtBot, sold: TillFace
) -> None:
    sold.returning.found("1")
    idle(qtbot, sold)
    scan(sold, MILK_CODE)
    scan(sold, MILK_CODE)
    scan(sold, MILK_CODE)  # the third was not sold then: it is sold now
    sheet = sold.window.sale.selling.sheet
    click(qtbot, sheet, "Defekt")
    click(qtbot, sheet, "Zurück, etwa 2,78")
    idle(qtbot, sold)
    assert sold.desk.till.basket.total == euros("-1.39")
    assert {line.kind for line in sold.desk.till.basket.lines} == {"sale", "return"}


def test_a_slips_code_offers_its_lines_from_anywhere(
    qtbot: QtBot, sold: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, key = sold.desk.till.catalogue, "ab" * 32
    monkeypatch.setattr(catalogue, "settings", replace(catalogue.own, slip_key=key))
    assert sold.desk.till.last is not None
    code = slipcode.code(sold.desk.till.last, key)
    assert code is not None
    scan(sold, code)
    idle(qtbot, sold)
    page = sold.sheets.page
    assert page is not None
    assert [item.text for item in page.sheet().items] == ["Milch", "Pils"]


def test_a_receipt_is_found_by_its_total(qtbot: QtBot, sold: TillFace) -> None:
    press(sold, Qt.Key.Key_R, CONTROL)
    press(sold, ENTER)
    typed(qtbot, sold, "3,81")
    click(qtbot, sold.window.sale.selling.sheet, "Suchen")
    idle(qtbot, sold)
    click(qtbot, sold.window.sale.selling.sheet, "Bon 1")
    idle(qtbot, sold)
    assert sold.returning._sold is not None


def test_without_a_receipt_what_is_scanned_comes_back(qtbot: QtBot, sold: TillFace) -> None:
    press(sold, Qt.Key.Key_R, CONTROL)
    click(qtbot, sold.window.sale.selling.sheet, "Ohne Bon")
    scan(sold, MILK_CODE)
    assert sold.desk.till.basket.total == euros("-1.39")
    press(sold, Qt.Key.Key_Escape)
    press(sold, Qt.Key.Key_Escape)
    scan(sold, MILK_CODE)
    assert sold.desk.till.basket.total == euros("0.00")


def test_a_large_refund_is_approved_twice_and_paid_once(
    qtbot: QtBot, seller: TillFace, printer: Pretend
) -> None:
    typed(qtbot, seller, "40*")
    scan(seller, MILK_CODE)
    press(seller, Qt.Key.Key_F9)
    idle(qtbot, seller)
    seller.returning.found("1")
    idle(qtbot, seller)
    sheet = seller.window.sale.selling.sheet
    click(qtbot, sheet, "Alles")
    click(qtbot, sheet, "Defekt")
    click(qtbot, sheet, "Zurück, etwa 55,60")
    qtbot.waitUntil(lambda: titles(seller) == ["Freigabe: Retoure, 55,60 €"])
    typed(qtbot, seller, "1111")
    qtbot.waitUntil(lambda: seller.desk.till.basket.total == euros("-55.60"))
    idle(qtbot, seller)
    press(seller, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: titles(seller) == ["Freigabe: bar auszahlen, 55,60 €"])
    typed(qtbot, seller, "1111")
    qtbot.waitUntil(lambda: len(printer.slips) == 2)
    idle(qtbot, seller)
    last = seller.desk.till.last
    assert last is not None
    assert last.total == euros("-55.60")
    assert [approval.right for approval in last.approvals] == ["return", "refund-cash"]


def test_what_was_paid_out_is_said_so(qtbot: QtBot, sold: TillFace) -> None:
    click(qtbot, sold.window.sale.selling.pad, "Retoure")
    click(qtbot, sold.window.sale.selling.sheet, "Ohne Bon")
    scan(sold, MILK_CODE)
    press(sold, Qt.Key.Key_F9)
    idle(qtbot, sold)
    due = sold.payment._due
    assert due is not None
    assert (due.label, due.amount) == ("Ausgezahlt", "1,39")


def test_an_unknown_receipt_is_said(qtbot: QtBot, sold: TillFace) -> None:
    sold.returning.found("4711")
    idle(qtbot, sold)
    assert titles(sold) == ["Bon 4711 ist hier nicht bekannt."]


def facts(face: TillFace) -> list[tuple[str, str]]:
    """What the open page says, label and text."""
    page = face.sheets.page
    assert page is not None
    return [(fact.text, fact.value) for fact in page.sheet().facts]


def menu_of_last(qtbot: QtBot, face: TillFace) -> None:
    """The newest receipt, through the slip's menu."""
    click(qtbot, face.window.sale.slip, "Menü")
    click(qtbot, face.window.sale.selling.sheet, "Letzter Bon")


def test_a_receipt_is_taken_back_whole_after_a_second_look(
    qtbot: QtBot, sold: TillFace, printer: Pretend
) -> None:
    menu_of_last(qtbot, sold)
    sheet = sold.window.sale.selling.sheet
    click(qtbot, sheet, "Bonstorno")
    idle(qtbot, sold)
    assert sold.desk.till.archive.voided("014-2-1-1") is None
    click(qtbot, sheet, "Bonstorno")
    idle(qtbot, sold)
    assert sold.desk.till.archive.voided("014-2-1-1") == "014-2-1-2"
    assert titles(sold) == ["Bon 1 ist storniert: −3,81"]
    qtbot.waitUntil(lambda: printer.kicks == 2)


def test_a_tender_is_put_right(qtbot: QtBot, sold: TillFace) -> None:
    menu_of_last(qtbot, sold)
    sheet = sold.window.sale.selling.sheet
    click(qtbot, sheet, "Zahlart ändern")
    click(qtbot, sheet, "Karte")
    click(qtbot, sheet, "Buchen")
    idle(qtbot, sold)
    tenders = sold.desk.till.book.period.tenders
    assert {key[0]: amounts[0] for key, amounts in tenders.items()} == {"cash": 0, "card": 381}
    assert facts(sold) == [("Summe", "3,81"), ("Karte", "3,81")]
    click(qtbot, sheet, "Bonstorno")
    idle(qtbot, sold)
    assert facts(sold) == [("Zurück: Karte", "3,81")]


def test_a_void_says_what_goes_back_without_the_change(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    face.payment.quick("1000")
    idle(qtbot, face)
    menu_of_last(qtbot, face)
    idle(qtbot, face)
    assert facts(face) == [("Summe", "1,39"), ("Bar", "1,39")]
    click(qtbot, face.window.sale.selling.sheet, "Bonstorno")
    idle(qtbot, face)
    assert facts(face) == [("Zurück: Bar", "1,39")]


def test_a_copy_and_a_gift_slip_print(qtbot: QtBot, sold: TillFace, printer: Pretend) -> None:
    menu_of_last(qtbot, sold)
    sheet = sold.window.sale.selling.sheet
    click(qtbot, sheet, "Kopie")
    idle(qtbot, sold)
    click(qtbot, sheet, "Geschenkbon")
    idle(qtbot, sold)
    qtbot.waitUntil(lambda: len(printer.slips) == 3)
    assert "KOPIE" in "".join(row.text for row in printer.slips[1]).upper()
    assert "3,81" not in "".join(row.text for row in printer.slips[2])


def test_what_goes_out_of_the_drawer_at_a_void_is_large(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    face.payment.quick("1000")
    idle(qtbot, face)
    menu_of_last(qtbot, face)
    click(qtbot, face.window.sale.selling.sheet, "Bonstorno")
    idle(qtbot, face)
    click(qtbot, face.window.sale.selling.sheet, "Bonstorno")
    idle(qtbot, face)
    due = face.payment._due
    assert due is not None
    assert (due.label, due.amount) == ("Ausgezahlt", "1,39")
    assert [piece.minor for piece in due.pieces] == [100, 20, 10, 5, 2, 2]
