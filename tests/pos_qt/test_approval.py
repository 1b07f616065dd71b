"""Approval on the spot: a step that the cashier may not take is done once somebody allowed it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.till import TillFace
from services.register import permission
from tests.pos_qt.acts import click, press, scan, titles, typed
from tests.pos_qt.conftest import BEER_CODE, MILK_CODE, idle
from tests.pretend.branch import euros

KEY = "ab" * 32
TITLE = "Freigabe: Preis ändern, 28,06 %"


def too_cheap(qtbot: QtBot, face: TillFace, by_telephone: pytest.MonkeyPatch | None = None) -> None:
    """Milk for a euro is more than Jo may take off."""
    scan(face, MILK_CODE)
    if by_telephone:
        catalogue = face.desk.till.catalogue
        by_telephone.setattr(catalogue, "settings", replace(catalogue.own, approval_key=KEY))
    typed(qtbot, face, "1")
    press(face, Qt.Key.Key_F5)


def test_a_pin_allows_the_step_and_it_is_done_again_by_keys_only(
    qtbot: QtBot, seller: TillFace
) -> None:
    too_cheap(qtbot, seller)
    assert titles(seller) == [TITLE]
    typed(qtbot, seller, "1111")
    qtbot.waitUntil(lambda: not titles(seller))
    idle(qtbot, seller)
    assert seller.desk.till.basket.total == euros("1.00")
    assert [a.by for a in seller.desk.till.basket.approvals] == ["mira"]
    assert seller.desk.till.cashier is not None
    assert seller.desk.till.cashier.key == "jo"


def test_a_pin_allows_the_step_by_clicks_only(qtbot: QtBot, seller: TillFace) -> None:
    scan(seller, MILK_CODE)
    pad = seller.window.sale.selling.pad
    click(qtbot, pad.pad, "1")
    click(qtbot, pad, "Preis")
    click(qtbot, seller.window.sale.slip.strips, "Mira Köhler")
    for _ in range(4):
        click(qtbot, pad.pad, "1")
    qtbot.waitUntil(lambda: not titles(seller))
    idle(qtbot, seller)
    assert seller.desk.till.basket.total == euros("1.00")


def test_a_wrong_pin_says_how_many_tries_are_left(qtbot: QtBot, seller: TillFace) -> None:
    too_cheap(qtbot, seller)
    typed(qtbot, seller, "9999")
    qtbot.waitUntil(lambda: seller.sale.strips.shown[0].ask.wrong)  # type: ignore[union-attr]
    ask = seller.sale.strips.shown[0].ask
    assert ask is not None
    assert ask.message == "Falsche PIN. Noch 4 Versuche."
    assert seller.desk.till.basket.total == euros("1.39")


def test_scans_go_on_below_and_digits_are_numbers_again(qtbot: QtBot, seller: TillFace) -> None:
    too_cheap(qtbot, seller)
    typed(qtbot, seller, "11")
    scan(seller, BEER_CODE)
    assert titles(seller)[0] == TITLE
    assert seller.desk.till.basket.total == euros("2.42")
    typed(qtbot, seller, "7")
    assert seller.sale.entry.text == "7"
    for _ in range(3):  # past the question of the beer
        press(seller, Qt.Key.Key_Tab)
    typed(qtbot, seller, "11")
    qtbot.waitUntil(lambda: TITLE not in titles(seller))
    idle(qtbot, seller)
    assert seller.desk.till.basket.lines[0].amount == euros("1.00")


def test_enter_and_a_scan_answer_nothing(qtbot: QtBot, seller: TillFace) -> None:
    too_cheap(qtbot, seller)
    scan(seller, "1111")
    press(seller, Qt.Key.Key_Return)
    assert TITLE in titles(seller)
    assert seller.desk.till.basket.lines[0].amount == euros("1.39")


def test_head_office_allows_it_by_telephone(
    qtbot: QtBot, seller: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_cheap(qtbot, seller, monkeypatch)
    click(qtbot, seller.window.sale.slip.strips, "Telefon")
    asked = seller.approval._asked
    assert asked is not None
    shown = f"{asked.challenge[:3]}\N{NO-BREAK SPACE}{asked.challenge[3:]}"
    assert shown in seller.sale.strips.shown[0].text
    typed(qtbot, seller, permission.answer(KEY, asked.challenge, asked.right, asked.value))
    qtbot.waitUntil(lambda: not titles(seller))
    assert seller.desk.till.basket.total == euros("1.00")
    assert seller.desk.till.basket.approvals[0].how == "code"


def test_a_wrong_answer_by_telephone_needs_a_new_challenge(
    qtbot: QtBot, seller: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_cheap(qtbot, seller, monkeypatch)
    click(qtbot, seller.window.sale.slip.strips, "Telefon")
    asked = seller.approval._asked
    assert asked is not None
    before = asked.challenge
    answer = permission.answer("cd" * 32, before, asked.right, asked.value)
    typed(qtbot, seller, answer)
    qtbot.waitUntil(lambda: asked.challenge != before)
    assert asked.message == "Das wurde nicht freigegeben."
    assert seller.desk.till.basket.total == euros("1.39")


def test_what_writes_waits_for_the_approval_too(
    qtbot: QtBot, seller: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    cashier = seller.desk.till.catalogue.role("cashier")
    manager = seller.desk.till.catalogue.role("manager")
    assert cashier is not None
    less = tuple(right for right in cashier.rights if right.name != "open-drawer")
    roles = {"cashier": replace(cashier, rights=less), "manager": manager}
    monkeypatch.setattr(seller.desk.till.catalogue, "role", roles.get)
    press(seller, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: titles(seller) == ["Freigabe: Lade öffnen"])
    typed(qtbot, seller, "1111")
    qtbot.waitUntil(lambda: not titles(seller))
    idle(qtbot, seller)
    assert seller.desk.till.book.period.sums["opened"] == 1
