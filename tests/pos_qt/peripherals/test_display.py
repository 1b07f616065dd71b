"""What the customer sees: on a pole, and in a second window."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from pos_qt.peripherals import pole
from pos_qt.peripherals.display import DisplayRefused, Picture, PretendDisplay, ShownLine
from pos_qt.peripherals.pole import PoleDisplay, PretendPole
from pos_qt.peripherals.scale_pretend import PretendLine
from pos_qt.peripherals.secondwindow import WindowDisplay, modules
from pos_qt.peripherals.serialline import SerialSetting
from pos_qt.theme import fonts

SALE = Picture(
    "sale",
    lines=(
        ShownLine("Vollmilch", "1,39 €"),
        ShownLine("Käse Gouda jung 48 %", "9,95 €", "0,500 kg"),
    ),
    total_label="Summe",
    total="11,34 €",
)


@pytest.fixture
def far() -> PretendPole:
    """The pole."""
    return PretendPole()


@pytest.fixture
def line(far: PretendPole) -> Iterator[PretendLine]:
    """Its line."""
    with PretendLine(far) as made:
        yield made


def poles(line: PretendLine, table: str = "858") -> PoleDisplay:
    return PoleDisplay(SerialSetting.parse(line.path, 9600, "8N1"), table)


def reads(qtbot: QtBot, far: PretendPole, first: str, second: str) -> None:
    qtbot.waitUntil(lambda: far.text() == [first, second])
    assert far.unknown == 0


@pytest.mark.parametrize("table", ["858", "1252"])
def test_a_sale_on_a_pole(qtbot: QtBot, far: PretendPole, line: PretendLine, table: str) -> None:
    near = poles(line, table)
    near.show(SALE)
    reads(qtbot, far, "0,500 kg Käse 9,95 €", "Summe        11,34 €")
    near.show(Picture("idle", "Grüß Gott!\nSeñora ñandú"))
    reads(qtbot, far, "     Grüß Gott!     ", "    Señora ñandú    ")
    near.close()
    reads(qtbot, far, " " * 20, " " * 20)


def test_what_a_table_lacks_is_spelt(qtbot: QtBot, far: PretendPole, line: PretendLine) -> None:
    near = poles(line, "437")
    near.show(replace(SALE, lines=(ShownLine("Łosoś Œuf", "9,95 €"),)))
    reads(qtbot, far, "Losos Oeuf  9,95 EUR", "Summe      11,34 EUR")
    near.close()


def test_change_and_payment_on_a_pole(qtbot: QtBot, far: PretendPole, line: PretendLine) -> None:
    near = poles(line)
    near.show(Picture("pay", total_label="Zu zahlen", total="11,34 €"))
    reads(qtbot, far, "Zu zahlen    11,34 €", " " * 20)
    near.show(
        Picture(
            "change", given_label="Gegeben", given="20,00 €", change_label="Zurück", change="8,66 €"
        )
    )
    reads(qtbot, far, "Gegeben      20,00 €", "Zurück        8,66 €")
    near.close()


def test_only_what_changed_is_sent(qtbot: QtBot, far: PretendPole, line: PretendLine) -> None:
    near = poles(line)
    near.show(SALE)
    qtbot.waitUntil(lambda: far.text()[1] == "Summe        11,34 €")
    line.heard.clear()
    near.show(SALE)
    near.show(replace(SALE, total="12,00 €"))
    qtbot.waitUntil(lambda: far.text()[1] == "Summe        12,00 €")
    assert len(line.heard) == 24
    near.close()


def test_a_pole_that_is_pulled_out_refuses_and_is_set_up_anew(line: PretendLine) -> None:
    near = poles(line)
    near.show(SALE)
    line.unplug()
    with pytest.raises(DisplayRefused):
        near.show(Picture())
    assert near._shown is None
    near.close()


def test_a_table_that_no_pole_has_is_refused(line: PretendLine) -> None:
    with pytest.raises(DisplayRefused, match="858"):
        poles(line, "99")


@given(
    st.text(max_size=60),
    st.text(max_size=30),
    st.sampled_from([c for _, c in pole.TABLES.values()]),
)
def test_a_row_is_twenty_columns_and_commands_nothing(left: str, right: str, codec: str) -> None:
    made = pole.row(left, right, codec)
    assert len(made) == 20
    assert not {0x0C, 0x1B, 0x1F} & set(made)


# The second window


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[WindowDisplay]:
    """A customer's window."""
    fonts.load()
    made = WindowDisplay()
    qtbot.waitExposed(made.window)
    yield made
    made.close()


def drawn(window: WindowDisplay) -> QImage:
    return window.window.grab().toImage()


def test_the_window_follows_within_a_tenth_of_a_second(qtbot: QtBot, window: WindowDisplay) -> None:
    lines = tuple(ShownLine(f"Artikel {n}", f"{n},99 €") for n in range(100))
    took: list[float] = []
    for n in range(1, 20):
        began = time.perf_counter()
        window.show(replace(SALE, lines=lines[: n * 5], total=f"{n},00 €"))
        drawn(window)
        took.append(time.perf_counter() - began)
    assert statistics.median(took) < 0.1  # other tests may run beside this one


def test_the_window_takes_pictures_from_any_thread(qtbot: QtBot, window: WindowDisplay) -> None:
    thread = threading.Thread(target=lambda: window.show(SALE))
    thread.start()
    qtbot.waitUntil(lambda: window.window.picture == SALE)
    thread.join()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_moment_looks_different_in_both_looks(qtbot: QtBot, theme: str) -> None:
    fonts.load()
    window = WindowDisplay(theme)
    pictures = [
        Picture("idle", "Willkommen"), SALE, replace(SALE, moment="pay", qr="V0;955002;Kassenbeleg-V1"),
        replace(SALE, moment="change", given_label="Gegeben", given="20,00 €",
                change_label="Zurück", change="8,66 €"),
    ]  # fmt: skip
    images = []
    for picture in pictures:
        window.show(picture)
        images.append(drawn(window))
    assert all(a != b for n, a in enumerate(images) for b in images[n + 1 :])
    window.close()


def test_a_customer_cannot_close_the_window(qtbot: QtBot, window: WindowDisplay) -> None:
    window.window.close()
    assert window.window.isVisible()


def test_a_qr_code_is_drawn_and_one_too_long_is_left_out(
    qtbot: QtBot, window: WindowDisplay
) -> None:
    assert len(modules("V0;955002;Kassenbeleg-V1")) >= 21
    assert modules("x" * 5000) == ()
    window.show(replace(SALE, qr="x" * 5000))
    drawn(window)


def test_a_pretend_display_keeps_what_it_was_shown() -> None:
    display = PretendDisplay()
    display.show(SALE)
    assert display.shown == [SALE]
    display.broken = True
    with pytest.raises(DisplayRefused):
        display.show(SALE)
    display.close()
