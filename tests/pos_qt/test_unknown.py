"""Codes that nobody knows, as the branch wants them met; and what a till sounds like."""

from __future__ import annotations

import array
import itertools
import time
from dataclasses import replace
from typing import cast

import miniaudio
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.peripherals import speaker
from pos_qt.peripherals.printer import Pretend
from pos_qt.peripherals.speaker import TONES, SoundCard, waveform
from pos_qt.till import TillFace
from tests.pos_qt.acts import ENTER, click, press, scan, titles, typed
from tests.pos_qt.conftest import MILK_CODE, idle, sign_in
from tests.pretend.branch import euros

STRANGE = "4260107220015"


def policy(face: TillFace, monkeypatch: pytest.MonkeyPatch, **rules: object) -> None:
    """Settings of the branch."""
    catalogue = face.desk.till.catalogue
    own = replace(catalogue.own, **rules)  # type: ignore[arg-type]
    monkeypatch.setattr(catalogue, "settings", own)
    face.sounds.tune(own)


def heard(face: TillFace) -> list[str]:
    """What was played so far."""
    return cast("speaker.Pretend", face.sounds._speaker).played


def test_a_till_that_stands_still_sells_nothing_until_somebody_looked(
    qtbot: QtBot, face: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(face, monkeypatch, unknown="hold")
    scan(face, MILK_CODE)
    scan(face, STRANGE)
    hold = face.window.hold
    assert hold.isVisible()
    assert STRANGE in hold.title.text()
    scan(face, MILK_CODE)
    press(face, ENTER)  # a scanner sends it
    typed(qtbot, face, "3")
    press(face, Qt.Key.Key_F9)
    assert hold.isVisible()
    assert face.desk.till.basket.total == euros("1.39")
    qtbot.waitUntil(lambda: heard(face) == ["sold", "unknown", "unknown"])
    press(face, Qt.Key.Key_Escape)
    assert face.window.sale.isVisible()
    assert face.sale.entry.is_empty
    scan(face, STRANGE)
    face.lock()
    assert face.window.signin.isVisible()
    assert not face.unknown.is_held
    sign_in(qtbot, face)
    scan(face, STRANGE)
    click(qtbot, hold, "Gesehen, weiter")
    scan(face, MILK_CODE)
    assert face.desk.till.basket.total == euros("2.78")


def test_a_code_that_must_be_answered_for_stands_before_the_money(
    qtbot: QtBot, face: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(face, monkeypatch, unknown="ask")
    scan(face, STRANGE)
    scan(face, MILK_CODE)
    assert face.window.sale.counter.pay.text() == "Artikel klären"
    press(face, Qt.Key.Key_F9)
    idle(qtbot, face)
    assert face.desk.till.next_number == 1
    click(qtbot, face.window.sale.slip, "Nicht verkaufen")
    assert titles(face) == []
    press(face, Qt.Key.Key_F9)
    idle(qtbot, face)
    assert face.desk.till.next_number == 2


def test_each_tone_has_its_moment_and_the_volume_is_the_tills(
    qtbot: QtBot, face: TillFace, printer: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(face, MILK_CODE)
    qtbot.waitUntil(lambda: heard(face) == ["sold"])
    scan(face, STRANGE)
    qtbot.waitUntil(lambda: heard(face)[1:] == ["unknown"])
    press(face, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: heard(face)[2:] == ["paid"])
    idle(qtbot, face)
    policy(face, monkeypatch, beeps=True)
    scan(face, MILK_CODE)
    policy(face, monkeypatch, volume=0)
    scan(face, STRANGE)
    policy(face, monkeypatch, volume=100)
    scan(face, STRANGE)
    qtbot.waitUntil(lambda: heard(face)[3:] == ["unknown"])


def test_tones_are_what_the_design_says() -> None:
    for tone, parts in TONES.items():
        samples = array.array("h", waveform(tone, 100))
        assert len(samples) == sum(ms for _, ms in parts) * 48, tone
        assert 15_000 < max(samples) < 25_000, tone
        assert max(array.array("h", waveform(tone, 10))) < max(samples) / 8, tone
    beep = array.array("h", waveform("sold", 100))
    rises = sum(1 for a, b in itertools.pairwise(beep) if a < 0 <= b)
    assert abs(rises / (len(beep) / 48_000) - 1320) < 60


def test_a_sound_card_plays_a_tone_to_its_end() -> None:
    card = SoundCard((miniaudio.Backend.NULL,))
    try:
        for tone in ("sold", "fault", "sold"):
            before = time.monotonic()
            card.play(tone, 50)
            assert time.monotonic() - before >= sum(ms for _, ms in TONES[tone]) / 1000 * 0.5
    finally:
        card.close()


def test_a_till_without_a_sound_card_lacks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    card = SoundCard((miniaudio.Backend.WASAPI,))  # there is none on this system
    card.play("paid", 50)
    card.play("paid", 50)
    card.close()
    assert [record.message[:8] for record in caplog.records] == ["no sound"]
