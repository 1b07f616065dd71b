"""What the till's face promises: no scan is lost, one tap pays, a pulled cable stops nothing.

Source: DESIGN.md, section 10, checks 1, 2, 4 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from tests.pos_qt.acts import scan
from tests.pretend import scene, tillstates
from tests.pretend.scene import Scene

MILK: Final = "10089"
CODE: Final = "4000521013745"
APART_S: Final = 0.08


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Scene]:
    """A till on a real box of the sample chain."""
    made = Scene(scene.build(tmp_path_factory.mktemp("acceptance")), qapp)
    made.speak("de")
    made.wear((1366, 768))
    yield made
    made.close()


def milk(stage: Scene) -> int:
    """How many pieces of milk are in hand."""
    lines = stage.face.desk.till.basket.lines
    return sum(li.quantity.thousandths // 1000 for li in lines if li.counts and li.article == MILK)


def tap(stage: Scene, part: object) -> None:
    """A finger on it."""
    QTest.mouseClick(part, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]
    stage.idle()


IN_THE_WAY: Final = (
    "age", "strips", "unknown", "give-up", "approval", "approval-wrong", "found", "found-nothing",
    "discount", "parked", "recalled", "return", "menu", "preview", "void", "tender-change",
    "payment", "given", "change", "shift", "float", "pay-out", "x", "z", "counting", "system",
    "offline", "refused", "troubled",
)  # fmt: skip


@pytest.mark.parametrize("state", IN_THE_WAY)
def test_twenty_scans_are_booked_whatever_is_open(stage: Scene, state: str) -> None:
    tillstates.go(stage, state)
    before, entries = milk(stage), stage.face.desk.till.book.next_number
    asked = {strip.title for strip in stage.face.sale.strips.shown}
    for _ in range(20):
        scan(stage.face, CODE)
        stage.rest(APART_S if state in {"age", "approval"} else 0)
    stage.idle()
    assert milk(stage) == before + 20
    assert stage.face.desk.till.book.next_number == entries, "a scan finished a sale"
    assert asked <= {strip.title for strip in stage.face.sale.strips.shown}, "a scan answered"


@pytest.mark.parametrize("key", [0, 1, 2])
def test_cash_is_one_tap_and_the_next_receipt_none(stage: Scene, key: int) -> None:
    tillstates.go(stage, "lines")
    number = stage.face.desk.till.book.next_number
    tap(stage, stage.face.window.sale.counter.keys[key])
    stage.until(lambda: stage.face.desk.till.is_idle() and not stage.face.desk.is_busy)
    assert stage.face.desk.till.book.next_number == number + 1
    scan(stage.face, CODE)
    stage.idle()
    assert milk(stage) == 1


def test_a_cable_pulled_in_mid_sale_blocks_nothing_and_is_said(stage: Scene) -> None:
    tillstates.go(stage, "lines")
    stage.offline(3)
    assert stage.face.window.edge.edge.kind == "offline"
    scan(stage.face, CODE)
    stage.idle()
    stage.pay()
    stage.online()
    assert stage.face.window.edge.edge.kind == "normal"


def test_ten_articles_in_cash_cost_one_tap_beyond_their_scans(stage: Scene) -> None:
    stage.begin()
    number = stage.face.desk.till.book.next_number
    for _ in range(10):
        scan(stage.face, CODE)
        stage.idle()
    tap(stage, stage.face.window.sale.counter.keys[0])
    stage.until(lambda: stage.face.desk.till.is_idle() and not stage.face.desk.is_busy)
    assert stage.face.desk.till.book.next_number == number + 1


def keys(stage: Scene, *names: str) -> None:
    """Keys of a keyboard, one after the other; what is one letter is typed."""
    for name in names:
        target = stage.face.window.focusWidget() or stage.face.window
        if len(name) == 1:
            QTest.keyClicks(target, name)
            stage.rest(0.045)
        else:
            QTest.keySequence(target, QKeySequence(name))
        stage.idle()


def test_a_whole_day_by_the_keyboard_alone(stage: Scene) -> None:
    """S20: sign-in, sale, price, discount, void, age, parking, return, drawer, X, count and Z."""
    face = stage.face
    till = face.desk.till
    stage.begin()
    keys(stage, "Ctrl+L")
    assert till.cashier is None
    while face.signin._chosen is None or face.signin._chosen.key != "mira":
        keys(stage, "Down")
    keys(stage, *"1111")
    stage.until(lambda: till.cashier is not None and not face.desk.is_busy)
    stage._speak()
    keys(stage, *"3*1001", "Return", *"1004", "Return", *"5", "F6", *"6001", "Return")
    assert [li.quantity.thousandths for li in till.basket.lines if li.article == "1001"] == [3000]
    assert any(li.discount for li in till.basket.lines)
    keys(stage, "F12", "Space")  # Pay leads to the question of age
    assert not face.ages.is_open
    keys(stage, "F7", "Ctrl+Z", "F8")
    assert till.is_idle()
    keys(stage, "F8", "1")
    assert not till.is_idle()
    number = till.book.next_number
    keys(stage, "F12", *"50", "Return")
    stage.until(lambda: till.is_idle() and not face.desk.is_busy)
    assert till.book.next_number == number + 1
    keys(stage, "Ctrl+R", *str(number), "Return", "Down", "Down", "Return")
    stage.rest(0.1)
    assert face.sheets.is_open
    keys(stage, "Esc", "Esc", "Esc", "Ctrl+D", "2", *"10", "Return", "Right", "Return", "Return")
    stage.rest(0.1)
    assert till.book.period.sums["paid_in"] == 1000
    keys(stage, "8")
    assert face.sheets.page is not None
    keys(stage, "Esc", "6", "F12", "F12")
    assert till.book.period.counted is not None
    keys(stage, "9", "Down", "Up", "Return")
    stage.rest(0.2)
    assert till.book.period.sums["receipts"] == 0


def fingers(stage: Scene, *names: str) -> None:
    """Taps on what bears these names, one after the other."""
    for name in names:
        stage.rest()
        seen = [
            part
            for part in stage.face.window.findChildren(QAbstractButton)
            if part.isVisible() and part.isEnabled() and part.accessibleName().startswith(name)
        ]
        assert seen, name
        tap(stage, seen[0])


def test_a_whole_day_by_touch_alone(stage: Scene) -> None:
    """S20: the same day with a finger on what is seen, without a keyboard."""
    face = stage.face
    till = face.desk.till
    stage.begin()
    fingers(stage, "Mira")  # the cashier in the status bar: a tap locks
    assert till.cashier is None
    fingers(stage, "Mira Köhler", *"1111")
    stage.until(lambda: till.cashier is not None and not face.desk.is_busy)
    stage._speak()
    fingers(stage, *"3", "×", "Brötchen", "Bauernbrot 750 g", "Rabatt", "10")
    assert [li.quantity.thousandths for li in till.basket.lines if li.article == "1001"] == [3000]
    assert any(li.discount for li in till.basket.lines)
    fingers(stage, "Laugenbrezel", "Storno", "Rückgängig", "Parken")
    assert till.is_idle()
    fingers(stage, "Abruf", "Brötchen")
    assert not till.is_idle()
    number = till.book.next_number
    fingers(stage, "Bezahlen", *"50", "Abschließen")
    stage.until(lambda: till.is_idle() and not face.desk.is_busy)
    assert till.book.next_number == number + 1
    fingers(stage, "Retoure", "Letzter Bon", "Brötchen", "Defekt", "Zurück, etwa")
    tap(stage, face.window.sale.counter.keys[0])  # in cash
    stage.until(lambda: till.is_idle() and not face.desk.is_busy)
    assert till.book.next_number == number + 2
    fingers(stage, "Lade", "Einzahlung", *"10", "Wechselgeld", "Buchen")
    assert till.book.period.sums["paid_in"] == 1000
    fingers(stage, "X-Bericht", "Zurück", "Zählen", "Zählung abgeben", "Fertig")
    assert till.book.period.counted is not None
    fingers(stage, "Schicht schließen", "Abschließen (Z)")
    stage.rest(0.2)
    assert till.book.period.sums["receipts"] == 0
