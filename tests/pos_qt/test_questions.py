"""Questions of a line, at the till's face: proof of age, and the weight of what is sold by weight."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.peripherals.scale import NoWeight, PretendScale, Stable
from pos_qt.till import TillFace
from pos_qt.widgets.articlekey import ArticleKey
from schemas.quantity import Quantity
from tests.pos_qt.acts import ENTER, click, press, receipts, scan, titles, typed
from tests.pos_qt.conftest import BEER_CODE, MILK_CODE, idle
from tests.pretend.branch import CHEESE, euros

AGE = "Ab 16: Ausweis prüfen"
CHEESE_TITLE = "Bergkäse wiegen"


def test_a_beer_asks_and_pay_leads_to_the_question(qtbot: QtBot, face: TillFace) -> None:
    scan(face, BEER_CODE)
    assert titles(face) == [AGE]
    counter = face.window.sale.counter
    assert counter.pay.text() == "Ausweis prüfen"
    assert counter._caption.text() == "Ausweis noch offen"
    assert not counter.keys[0].isEnabled()
    press(face, Qt.Key.Key_F9)
    press(face, Qt.Key.Key_F12)
    idle(qtbot, face)
    assert receipts(face) == 0
    assert not face.payment.is_open
    press(face, Qt.Key.Key_Space)
    assert titles(face) == []
    assert face.desk.till.basket.lines[0].answer == "Ausweis geprüft, ab 16"
    assert counter.pay.text() == "Bezahlen"
    press(face, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: receipts(face) == 1)
    idle(qtbot, face)


def test_the_age_is_proved_by_clicks_only(qtbot: QtBot, face: TillFace) -> None:
    scan(face, BEER_CODE)
    scan(face, MILK_CODE)
    click(qtbot, face.window.sale.counter, "Ausweis prüfen")
    click(qtbot, face.window.sale.slip.strips, "Geprüft, ist 16")
    scan(face, BEER_CODE)
    assert titles(face) == [], "one answer serves for all"


def test_what_is_not_sold_leaves_the_receipt(qtbot: QtBot, face: TillFace) -> None:
    scan(face, BEER_CODE)
    scan(face, MILK_CODE)
    click(qtbot, face.window.sale.slip.strips, "Nicht verkaufen")
    assert face.desk.till.basket.total == euros("1.39")
    assert titles(face) == []


def test_a_scanners_enter_never_answers(qtbot: QtBot, face: TillFace) -> None:
    scan(face, BEER_CODE)
    press(face, Qt.Key.Key_F12)
    for _ in range(20):
        scan(face, MILK_CODE)
        press(face, ENTER)
    press(face, Qt.Key.Key_Escape)
    assert titles(face) == [AGE]
    assert face.desk.till.basket.lines[0].answer is None
    assert len(face.desk.till.basket.lines) == 22


def test_the_question_comes_again_after_undo_and_recall(qtbot: QtBot, face: TillFace) -> None:
    scan(face, BEER_CODE)
    press(face, Qt.Key.Key_F8)
    idle(qtbot, face)
    assert titles(face) == []
    press(face, Qt.Key.Key_F8)
    idle(qtbot, face)
    typed(qtbot, face, "1")
    idle(qtbot, face)
    assert AGE in titles(face)


def test_cheese_is_never_a_kilogram_by_itself(qtbot: QtBot, face: TillFace) -> None:
    scan(face, CHEESE.key)
    assert titles(face) == [CHEESE_TITLE]
    assert face.desk.till.basket.is_empty
    scan(face, MILK_CODE)
    assert face.desk.till.basket.total == euros("1.39")


def test_pay_leads_to_what_was_not_weighed(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    scan(face, CHEESE.key)
    counter = face.window.sale.counter
    assert (counter.pay.text(), counter._caption.text()) == ("Gewicht", "Gewicht noch offen")
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_F9)
    press(face, Qt.Key.Key_F12)
    idle(qtbot, face)
    assert not face.payment.is_open
    assert receipts(face) == 0
    typed(qtbot, face, "342")  # the ring is at the question
    press(face, ENTER)
    assert face.desk.till.basket.total == euros("10.61")
    assert counter.pay.text() == "Bezahlen"


def test_what_is_not_wanted_is_weighed_no_more_and_can_be_paid(
    qtbot: QtBot, face: TillFace
) -> None:
    scan(face, MILK_CODE)
    scan(face, CHEESE.key)
    click(qtbot, face.window.sale.slip.strips, "Meldung schließen")
    assert face.window.sale.counter.pay.text() == "Bezahlen"
    press(face, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: receipts(face) == 1)
    idle(qtbot, face)


def test_a_weighed_line_has_one_more_and_no_pieces(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    line = face.window.sale.slip.line
    assert line.pieces.text() == "1"
    scan(face, CHEESE.key)
    typed(qtbot, face, "342")
    press(face, ENTER)
    assert line.more.isVisible()
    assert not (line.pieces.isVisible() or line.less.isVisible())


def test_a_weight_in_grams_by_keys_only(qtbot: QtBot, face: TillFace) -> None:
    typed(qtbot, face, "30871")
    press(face, ENTER)
    typed(qtbot, face, "342")
    ask = face.sale.strips.shown[0].ask
    assert ask is not None
    assert ask.text == "0,342 kg   7,83"
    press(face, ENTER)
    assert face.desk.till.basket.total == euros("7.83")
    assert titles(face) == []


def test_a_weight_in_kilograms_by_clicks_only(qtbot: QtBot, face: TillFace) -> None:
    keys = face.window.sale.selling.keys
    keys.show_tab(1)
    qtbot.mouseClick(keys.findChildren(ArticleKey)[-1], Qt.MouseButton.LeftButton)
    pad = face.window.sale.selling.pad.pad
    for key in ("0", ",", "5"):
        click(qtbot, pad, key)
    click(qtbot, face.window.sale.slip.strips, "Verkaufen")
    assert face.desk.till.basket.total == euros("11.45")


def test_a_weight_by_hand_needs_its_right(qtbot: QtBot, seller: TillFace) -> None:
    scan(seller, CHEESE.key)
    typed(qtbot, seller, "500")
    press(seller, ENTER)
    assert titles(seller) == ["Freigabe: Gewicht von Hand"]
    typed(qtbot, seller, "1111")
    qtbot.waitUntil(lambda: not titles(seller))
    idle(qtbot, seller)
    assert seller.desk.till.basket.total == euros("11.45")


def test_each_article_waits_in_a_strip_of_its_own(qtbot: QtBot, face: TillFace) -> None:
    scan(face, CHEESE.key)
    scan(face, CHEESE.key)
    assert titles(face) == [CHEESE_TITLE, CHEESE_TITLE]
    typed(qtbot, face, "100")
    press(face, ENTER)
    press(face, Qt.Key.Key_Tab)
    typed(qtbot, face, "200")
    press(face, ENTER)
    weights = [line.quantity.thousandths for line in face.desk.till.basket.lines]
    assert weights == [100, 200]


def test_one_more_of_a_weighed_line_is_weighed(qtbot: QtBot, face: TillFace) -> None:
    scan(face, CHEESE.key)
    typed(qtbot, face, "100")
    press(face, ENTER)
    click(qtbot, face.window.sale.slip.line, "Eins mehr")
    assert titles(face) == [CHEESE_TITLE]
    assert face.desk.till.basket.lines[0].quantity.thousandths == 100


def test_a_typed_quantity_of_a_weight_needs_the_right_too(qtbot: QtBot, seller: TillFace) -> None:
    typed(qtbot, seller, "0,5")
    seller.sale.key_pressed(CHEESE.key)
    assert titles(seller) == ["Freigabe: Gewicht von Hand"]
    assert seller.desk.till.basket.is_empty


def test_without_a_number_the_strip_stays(qtbot: QtBot, face: TillFace) -> None:
    scan(face, CHEESE.key)
    click(qtbot, face.window.sale.slip.strips, "Verkaufen")
    ask = face.sale.strips.shown[0].ask
    assert ask is not None
    assert ask.message == "Erst die Zahl eintippen"


def test_a_typed_quantity_before_the_key_is_the_weight(qtbot: QtBot, face: TillFace) -> None:
    typed(qtbot, face, "0,5")
    face.sale.key_pressed(CHEESE.key)
    assert face.desk.till.basket.total == euros("11.45")


def test_the_scale_answers_once_it_stands_still(qtbot: QtBot, face: TillFace) -> None:
    scale = PretendScale()
    face.scale.scale = scale
    scale.lying = NoWeight("moving")
    scan(face, CHEESE.key)
    qtbot.waitUntil(
        lambda: face.sale.strips.shown[0].ask.message == "Unruhig: kurz warten"  # type: ignore[union-attr]
    )
    scan(face, MILK_CODE)
    scale.lying = Stable(Quantity(250, "kg"))
    qtbot.waitUntil(lambda: not titles(face))
    assert [line.quantity for line in face.desk.till.basket.lines] == [
        Quantity(1000),
        Quantity(250, "kg"),
    ]
