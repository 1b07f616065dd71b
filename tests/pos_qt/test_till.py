"""The till with its face, over a real box: selling by keys, by clicks, and through everything."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_qt.peripherals.printer import Pretend
from pos_qt.till import TillFace
from pos_qt.widgets.articlekey import ArticleKey
from pos_qt.widgets.tile import TileKey
from schemas.keys import Barcode, RoleKey
from schemas.staff import Right, Role
from services.disk.durable import DiskRefused
from tests.pos_qt.acts import ENTER, click, press, receipts, scan, shown_total, titles, typed
from tests.pos_qt.conftest import BEER_CODE, MILK_CODE, Clock, Opener, idle, sign_in
from tests.pretend.branch import MILK, Chain, euros


def test_scans_are_booked_and_the_total_is_shown(face: TillFace) -> None:
    scan(face, MILK_CODE)
    scan(face, BEER_CODE)
    assert face.desk.till.basket.total == euros("2.42")
    assert shown_total(face) == "2,42 €"
    assert face.window.sale.slip.list.lines.rowCount() == 2


def test_twenty_scans_with_the_focus_in_the_search_are_all_booked(
    qtbot: QtBot, face: TillFace
) -> None:
    press(face, Qt.Key.Key_F3)
    field = face.window.sale.selling.search.field
    qtbot.waitUntil(field.hasFocus)
    face.sale.scanned("nonsense")
    for _ in range(20):
        scan(face, MILK_CODE)
        qtbot.wait(5)
    assert len(face.desk.till.basket.lines) == 20
    assert field.text() == ""
    assert face.desk.till.last is None


def test_a_sale_by_keys_only(qtbot: QtBot, opened: Opener) -> None:
    face = opened()
    typed(qtbot, face, "1111")
    qtbot.waitUntil(lambda: face.desk.till.cashier is not None and not face.desk.is_busy)
    typed(qtbot, face, "3*")
    typed(qtbot, face, "40122")
    press(face, ENTER)
    assert face.desk.till.basket.total == euros("4.17")
    press(face, Qt.Key.Key_F12)
    typed(qtbot, face, "10")
    press(face, ENTER)
    qtbot.waitUntil(lambda: receipts(face) == 1)
    idle(qtbot, face)
    assert face.desk.till.last is not None
    assert face.desk.till.last.change == euros("5.83")


def test_a_sale_by_clicks_only(qtbot: QtBot, opened: Opener) -> None:
    face = opened()
    qtbot.mouseClick(face.window.signin.people[0], Qt.MouseButton.LeftButton)
    for _ in range(4):
        click(qtbot, face.window.signin.pad, "1")
    qtbot.waitUntil(lambda: face.desk.till.cashier is not None and not face.desk.is_busy)
    key = face.window.sale.selling.keys.findChildren(ArticleKey)[0]
    qtbot.mouseClick(key, Qt.MouseButton.LeftButton)
    click(qtbot, face.window.sale.slip.line, "Eins mehr")
    assert shown_total(face) == "2,78 €"
    qtbot.mouseClick(face.window.sale.counter.keys[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: receipts(face) == 1)
    idle(qtbot, face)
    assert face.desk.till.last is not None
    assert face.desk.till.last.change == euros("2.22")


def test_the_change_due_never_blocks_the_next_scan(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    face.payment.quick("500")
    scan(face, BEER_CODE)
    idle(qtbot, face)
    slip = face.window.sale.slip
    qtbot.waitUntil(lambda: len(face.desk.till.basket.lines) == 2)
    assert receipts(face) == 1
    assert slip.card.isHidden()
    assert slip.chip.text() == "Rückgeld 3,61"


def test_the_change_due_is_large_until_the_next_act(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    face.payment.quick("500")
    idle(qtbot, face)
    slip = face.window.sale.slip
    assert not slip.card.isHidden()
    typed(qtbot, face, "2")
    assert slip.card.isHidden()
    assert not slip.chip.isHidden()


def test_a_killed_till_comes_back_with_basket_and_number(
    qtbot: QtBot, face: TillFace, opened: Opener
) -> None:
    scan(face, MILK_CODE)
    face.payment.quick("exact")
    idle(qtbot, face)
    scan(face, BEER_CODE)
    scan(face, MILK_CODE)
    basket = face.desk.till.basket
    face.worker.close()  # what was written so far; nothing else is said goodbye to
    shutil.copytree(face.box.path, face.box.path.with_name("copy"))
    face.close()
    face.till = None
    again = opened()
    assert again.desk.till.basket == basket
    assert again.desk.till.next_number == 2
    sign_in(qtbot, again)
    assert again.window.sale.slip.list.lines.rowCount() == 2


def test_an_unknown_code_is_a_strip_and_the_next_scan_is_free(face: TillFace) -> None:
    scan(face, "4260107220015")
    assert titles(face) == ["Artikel unbekannt: 4260107220015"]
    scan(face, MILK_CODE)
    assert face.desk.till.basket.total == euros("1.39")


def test_an_article_without_a_price_is_sold_at_a_typed_one(qtbot: QtBot, face: TillFace) -> None:
    face.sale.key_pressed(face.window.sale.selling.keys._views[2].shown.article)
    assert titles(face) == ["Kein Preis: Rätsel"]
    typed(qtbot, face, "2,50")
    face.sale.strip_acted(face.sale.strips.shown[0].number, "price")
    assert face.desk.till.basket.total == euros("2.50")
    assert titles(face) == []


def test_undo_takes_back_the_last_steps(face: TillFace) -> None:
    scan(face, MILK_CODE)
    scan(face, BEER_CODE)
    press(face, Qt.Key.Key_F7)
    assert face.desk.till.basket.total == euros("1.39")
    press(face, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert face.desk.till.basket.total == euros("2.42")
    press(face, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert face.desk.till.basket.total == euros("1.39")


def test_quantity_and_price_of_the_selected_line(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    typed(qtbot, face, "4")
    press(face, Qt.Key.Key_F4)
    assert face.desk.till.basket.total == euros("5.56")
    typed(qtbot, face, "1")
    press(face, Qt.Key.Key_F5)
    assert face.desk.till.basket.total == euros("4.00")


def test_a_scan_while_paying_goes_back_to_selling(face: TillFace) -> None:
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_F12)
    scan(face, BEER_CODE)
    assert not face.payment.is_open
    assert face.desk.till.basket.total == euros("2.42")


def test_less_than_due_becomes_a_part_and_the_rest_stays_open(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_F12)
    typed(qtbot, face, "1")
    press(face, ENTER)
    assert face.payment.open_amount == euros("0.39")
    face.payment.choose("card")
    press(face, ENTER)
    qtbot.waitUntil(lambda: receipts(face) == 1)
    idle(qtbot, face)
    assert face.desk.till.last is not None
    assert [p.tender for p in face.desk.till.last.payments] == ["cash", "card"]


def test_too_much_on_a_card_is_refused_in_words(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_F12)
    face.payment.choose("card")
    typed(qtbot, face, "5")
    press(face, ENTER)
    qtbot.waitUntil(lambda: titles(face) == ["Karte gibt kein Rückgeld."])
    assert face.desk.till.basket.total == euros("1.39")


def test_a_full_disk_is_said_and_the_receipt_stays(
    qtbot: QtBot, face: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: object, least: int = 0) -> None:
        raise DiskRefused(OSError(28, "No space left on device"))

    monkeypatch.setattr("services.disk.durable.check_room", full)
    scan(face, MILK_CODE)
    face.payment.quick("exact")
    qtbot.waitUntil(lambda: bool(titles(face)))
    assert titles(face) == ["Die Platte ist voll. Nichts wurde verkauft."]
    assert face.desk.till.basket.total == euros("1.39")
    assert receipts(face) == 0


def test_the_slip_prints_after_the_journal_has_it(
    qtbot: QtBot, face: TillFace, printer: Pretend
) -> None:
    scan(face, MILK_CODE)
    face.payment.quick("exact")
    qtbot.waitUntil(lambda: len(printer.slips) == 1)
    assert receipts(face) == 1
    assert printer.kicks == 1
    last = face.desk.till.last
    assert last is not None
    assert printer.slips[0] == face.desk.till.prints.rows(last)


def test_a_dead_printer_stops_no_sale_and_prints_later(
    qtbot: QtBot, face: TillFace, printer: Pretend
) -> None:
    printer.broken = True
    for _ in range(3):
        scan(face, MILK_CODE)
        face.payment.quick("exact")
        idle(qtbot, face)
    assert receipts(face) == 3
    qtbot.waitUntil(lambda: face.print_queue.state == "fault")
    printer.broken = False
    face.print_queue.retry()
    qtbot.waitUntil(lambda: len(printer.slips) == 3)
    assert face.print_queue.state == "ready"


def test_locking_keeps_the_receipt(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert face.desk.till.cashier is None
    scan(face, BEER_CODE)
    sign_in(qtbot, face)
    assert face.desk.till.basket.total == euros("1.39")


def test_a_wrong_pin_counts_down_and_locks(
    qtbot: QtBot, opened: Opener, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = opened()
    message = face.window.signin.message
    for left in (4, 3, 2, 1):
        face.signin.typed("9999")
        idle(qtbot, face)
        expected = "1 Versuch." if left == 1 else f"{left} Versuche."
        assert message.text() == f"Falsche PIN. Noch {expected}"
    face.signin.typed("9999")
    idle(qtbot, face)
    assert message.text().startswith("Gesperrt.")
    face.signin.typed("1111")
    assert face.desk.till.cashier is None
    clock.ahead = timedelta(seconds=61)
    up = time.clock_gettime(time.CLOCK_BOOTTIME) + 61
    monkeypatch.setattr(face.desk.till, "_up", lambda: up)
    face.signin.tick()
    face.signin.typed("1111")
    qtbot.waitUntil(lambda: face.desk.till.cashier is not None)


def test_a_new_price_holds_for_the_next_receipt(qtbot: QtBot, face: TillFace, shop: Chain) -> None:
    scan(face, MILK_CODE)
    shop.price(MILK.key, "1.99")
    shop.look("014-2")
    qtbot.wait(50)
    scan(face, MILK_CODE)
    assert face.desk.till.basket.total == euros("2.78")
    face.payment.quick("exact")
    idle(qtbot, face)
    scan(face, MILK_CODE)
    assert face.desk.till.basket.total == euros("1.99")


def test_a_till_without_master_data_waits_for_it(qtbot: QtBot, chain: Chain, clock: Clock) -> None:
    face = TillFace(chain.box("014-1"), clock)
    assert face.till is None
    chain.look("014-1")
    qtbot.waitUntil(lambda: face.till is not None, timeout=4000)
    face.close()
    face.window.deleteLater()


def test_search_finds_and_sells(qtbot: QtBot, face: TillFace) -> None:
    press(face, Qt.Key.Key_F3)
    qtbot.waitUntil(face.window.sale.selling.search.field.hasFocus)
    typed(qtbot, face, "mil")
    qtbot.waitUntil(lambda: len(face.search._found) == 1)
    press(face, ENTER)
    assert face.desk.till.basket.total == euros("1.39")
    assert not face.search.is_open


def test_aborting_is_asked_inside_the_slip_and_recorded(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    face.sale.abort()
    assert titles(face) == ["Bon 1 abbrechen?"]
    scan(face, BEER_CODE)
    assert face.desk.till.basket.total == euros("2.42")
    face.sale.strip_acted(face.sale.strips.shown[0].number, "yes")
    idle(qtbot, face)
    assert face.desk.till.basket.is_empty
    assert receipts(face) == 1


def test_opening_the_drawer_is_recorded(qtbot: QtBot, face: TillFace, printer: Pretend) -> None:
    press(face, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: printer.kicks == 1)
    assert receipts(face) == 1


def test_the_newest_receipt_can_be_seen_and_printed_again(
    qtbot: QtBot, face: TillFace, printer: Pretend
) -> None:
    scan(face, MILK_CODE)
    face.payment.quick("exact")
    idle(qtbot, face)
    face.preview.last()
    preview = face.window.sale.preview
    assert preview.isVisible()
    click(qtbot, preview, "Nachdruck")
    qtbot.waitUntil(lambda: len(printer.slips) == 2)
    scan(face, BEER_CODE)
    assert not preview.isVisible()


def test_a_second_tap_on_pay_is_no_second_sale(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_F12)
    for _ in range(3):
        press(face, Qt.Key.Key_F12)
    idle(qtbot, face)
    assert receipts(face) == 1
    assert titles(face) == []


def test_two_presses_of_a_bouncing_key_are_one(qtbot: QtBot, face: TillFace) -> None:
    keys = face.window.sale.selling.keys
    for _ in range(2):
        qtbot.mouseClick(keys.findChildren(ArticleKey)[0], Qt.MouseButton.LeftButton)
    assert len(face.desk.till.basket.lines) == 1
    qtbot.wait(150)
    qtbot.mouseClick(keys.findChildren(ArticleKey)[0], Qt.MouseButton.LeftButton)
    assert len(face.desk.till.basket.lines) == 2


def test_what_nobody_foresaw_is_a_strip_and_the_receipt_stays(
    face: TillFace, caplog: pytest.LogCaptureFixture
) -> None:
    scan(face, MILK_CODE)
    face.fault(ZeroDivisionError, ZeroDivisionError("x"), None)
    assert titles(face) == ["Etwas ist schiefgegangen. Der Bon ist sicher."]
    assert face.desk.till.basket.total == euros("1.39")
    assert "unexpected fault" in caplog.text


def test_a_right_that_is_missing_is_said_in_words(
    qtbot: QtBot, face: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = Role(RoleKey("seller"), "Seller", (Right("sell"),))
    catalogue = face.desk.till.catalogue
    monkeypatch.setattr(catalogue, "role", lambda key: only)
    scan(face, MILK_CODE)
    monkeypatch.setattr(catalogue, "settings", replace(catalogue.own, approval_key=None))
    press(face, Qt.Key.Key_F7)
    assert titles(face) == ["Dafür fehlt das Recht: Position stornieren."]
    assert face.desk.till.basket.total == euros("1.39")


def test_a_part_that_was_given_stays_with_its_sale(qtbot: QtBot, face: TillFace) -> None:
    face.sale.scanned("4012345678901")
    face.payment.pay()
    face.payment.choose("card")
    face.sale.typed("1.00")
    face.payment.pay()
    assert face.payment.open_amount.minor == 39
    face.payment.back()
    face.sale.abort()
    face.sale.strip_acted(1, "yes")
    idle(qtbot, face)
    kept = face.desk.till.basket
    assert len(kept.payments) == 1, "paid in part: it cannot be given up"
    face.payment.drop(0)
    face.sale.strips.clear()
    face.sale.abort()
    face.sale.strip_acted(face.sale.strips.shown[-1].number, "yes")
    idle(qtbot, face)
    assert face.desk.till.basket.is_empty
    assert face.payment.open_amount.minor == 0


def test_an_even_exchange_is_finished_without_money(qtbot: QtBot, face: TillFace) -> None:
    face.sale.scanned("4012345678901")
    face.desk.till.scan(Barcode("4012345678901"), back=True)
    face.payment.pay()
    face.payment.pay()
    idle(qtbot, face)
    last = face.desk.till.last
    assert last is not None
    assert (last.total.minor, len(last.lines)) == (0, 2)


def test_undo_needs_the_right_to_void_and_leaves_a_record(qtbot: QtBot, face: TillFace) -> None:
    face.sale.scanned("4012345678901")
    face.sale.undo()
    kinds = [(line.kind, line.was) for line in face.desk.till.basket.lines]
    assert kinds == [("void", "sale")]


def test_a_part_is_taken_and_the_entry_is_empty_for_the_next(qtbot: QtBot, face: TillFace) -> None:
    face.sale.scanned(MILK_CODE)
    face.payment.pay()
    face.commands.typed("1")
    face.commands.pressed("F12")
    idle(qtbot, face)
    assert face.desk.till.basket.open == euros("0.39")
    assert face.window.sale.payment.entry.accessibleName() == "Gegeben "


def test_a_receipt_is_seen_from_the_change_card(qtbot: QtBot, face: TillFace) -> None:
    face.sale.scanned(MILK_CODE)
    face.payment.quick("exact")
    qtbot.waitUntil(lambda: face.desk.till.is_idle() and not face.desk.is_busy)
    click(qtbot, face.window.sale, "Ansehen")
    assert face.window.sale.is_previewing
    face.commands.pressed("Esc")
    assert not face.window.sale.is_previewing


def test_a_receipt_is_seen_from_the_menu(qtbot: QtBot, face: TillFace) -> None:
    face.sale.scanned(MILK_CODE)
    face.payment.quick("exact")
    qtbot.waitUntil(lambda: face.desk.till.is_idle() and not face.desk.is_busy)
    face.aftersale.menu()
    face.aftersale.last()
    QApplication.processEvents()
    tiles = face.window.sale.findChildren(TileKey)
    tile = next(each for each in tiles if each.accessibleName() == "Ansehen" and each.isVisible())
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert face.window.sale.is_previewing
    face.commands.pressed("Esc")
    assert not face.window.sale.is_previewing
