"""The functions of now and then at the till's face: by keys, by clicks, and by scans."""

from __future__ import annotations

import threading
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.till import TillFace
from schemas.keys import CustomerKey, TenderKey
from schemas.money import Currency, UnitPrice
from schemas.price import Price
from schemas.tender import Tender
from services.database import articles, changes, prices
from tests.pos_qt.acts import ENTER, click, press, scan, titles, typed
from tests.pos_qt.conftest import BEER_CODE, MILK_CODE, idle
from tests.pretend.branch import BEGAN, Chain, euros
from tests.services.test_functions import DRILL

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def shop(shop: Chain) -> Chain:
    """A chain that sells what asks, and takes francs."""
    with shop.office.session() as session:
        articles.put(session, DRILL, "test")
        price = Price(DRILL.key, BEGAN, UnitPrice.parse("99.00", "EUR"))
        prices.put_price(session, price, "test")
        francs = Tender(TenderKey("chf"), "cash", "Franken", change=True, drawer=True,
                        currency=Currency("CHF"), rate=Decimal("0.95"))  # fmt: skip
        changes.record(session, francs, changes.CHAIN, "test")
    shop.publish()
    shop.look("014-2")
    return shop


def function(qtbot: QtBot, face: TillFace, name: str) -> None:
    """By the key, then the tile."""
    press(face, Qt.Key.Key_F, CONTROL)
    click(qtbot, face.window.sale.selling.sheet, name)
    idle(qtbot, face)


def test_a_question_is_answered_by_a_tap_and_never_by_a_scanners_enter(
    qtbot: QtBot, face: TillFace
) -> None:
    scan(face, "700001")
    assert titles(face) == [DRILL.question, "Seriennummer"]
    for _ in range(3):
        scan(face, MILK_CODE)
    assert len(titles(face)) == 2
    face.payment.quick("exact")  # leads to the question
    idle(qtbot, face)
    assert [each for each in (face.desk.till.last,) if each] == []
    click(qtbot, face.window.sale.slip.strips, "Ja")
    scan(face, "SN-4711")
    assert titles(face) == []
    face.payment.quick("exact")
    idle(qtbot, face)
    assert face.desk.till.last is not None
    line = face.desk.till.last.lines[0]
    assert (line.reply, line.serial) == ("Ja", "SN-4711")


def test_a_serial_number_that_cannot_be_scanned_is_typed(qtbot: QtBot, face: TillFace) -> None:
    scan(face, "700001")
    click(qtbot, face.window.sale.slip.strips, "Von Hand")
    typed(qtbot, face, "ab 12")
    press(face, ENTER)
    press(face, ENTER)
    assert face.desk.till.basket.lines[0].serial == "ab 12"


def test_empties_are_scanned_until_esc(qtbot: QtBot, face: TillFace) -> None:
    function(qtbot, face, "Leergut")
    scan(face, BEER_CODE)
    scan(face, BEER_CODE)
    assert face.desk.till.basket.total == euros("-0.16")
    press(face, Qt.Key.Key_Escape)
    scan(face, MILK_CODE)
    assert face.desk.till.basket.total == euros("1.23")


def test_without_the_strip_that_says_so_nothing_is_taken_as_empties(
    qtbot: QtBot, face: TillFace
) -> None:
    function(qtbot, face, "Leergut")
    scan(face, BEER_CODE)
    assert face.desk.till.basket.total == euros("-0.08")
    strip = next(each for each in face.sale.strips.shown if "Leergut" in each.title)
    face.sale.strip_acted(strip.number, "close")
    assert not face.sale.is_empties
    scan(face, MILK_CODE)
    assert face.desk.till.basket.total == euros("1.31")


def test_empties_stand_for_themselves_and_are_voided_alone(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    function(qtbot, face, "Leergut")
    scan(face, BEER_CODE)
    shown = face.sale._shown
    assert [(line.tag, line.amount) for line in shown] == [("", "1,39"), ("Leergut", "−0,08")]
    face.sale.add(1)
    assert face.desk.till.basket.total == euros("1.23")
    face.sale.void()
    assert face.desk.till.basket.total == euros("1.39")


def test_a_sale_is_split_and_both_halves_are_paid(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    scan(face, BEER_CODE)
    face.ages.jump()
    press(face, Qt.Key.Key_Space)
    function(qtbot, face, "Teilen")
    sheet = face.window.sale.selling.sheet
    click(qtbot, sheet, "Milch")
    click(qtbot, sheet, "Jetzt 1,39 bezahlen")
    idle(qtbot, face)
    assert face.desk.till.basket.total == euros("1.39")
    face.payment.quick("exact")
    idle(qtbot, face)
    face.parking.toggle()
    idle(qtbot, face)
    click(qtbot, sheet, "Pils")
    idle(qtbot, face)
    assert face.desk.till.basket.total == euros("1.03")


def test_the_last_receipt_and_a_line_are_sold_once_more(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    face.payment.quick("exact")
    idle(qtbot, face)
    function(qtbot, face, "Bon wiederholen")
    function(qtbot, face, "Wiederholen")
    assert face.desk.till.basket.total == euros("2.78")


def test_who_advised_stands_in_each_line(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    function(qtbot, face, "Verkäufer")
    click(qtbot, face.window.sale.selling.sheet, "Mira Köhler")
    idle(qtbot, face)
    assert [line.salesperson for line in face.desk.till.basket.lines] == ["mira"]


def test_foreign_money_is_typed_as_it_is_given(qtbot: QtBot, face: TillFace) -> None:
    for _ in range(10):
        scan(face, MILK_CODE)
    face.payment.pay()
    face.payment.choose("chf")
    assert "14,63" in face.payment._given_in()
    typed(qtbot, face, "20")
    press(face, ENTER)
    idle(qtbot, face)
    last = face.desk.till.last
    assert last is not None
    (paid,) = last.payments
    assert (str(paid.given), paid.amount, last.change) == (
        "20.00 CHF",
        euros("19.00"),
        euros("5.10"),
    )


def test_the_page_asks_the_till_nothing_while_it_is_at_work(
    qtbot: QtBot, face: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(face, MILK_CODE)
    face.functions.open()
    asked: list[bool] = []
    buyer = face.desk.till.clientele.buyer

    def watched() -> object:
        asked.append(face.desk.is_busy)
        return buyer()

    monkeypatch.setattr(face.desk.till.clientele, "buyer", watched)
    face.desk.till.basket = replace(face.desk.till.basket, customer=CustomerKey("1"))
    go_on = threading.Event()
    face.desk.away(lambda: go_on.wait(5), lambda _: None, lambda _: None)
    face.sheets.show()
    assert asked == []
    go_on.set()
    idle(qtbot, face)
