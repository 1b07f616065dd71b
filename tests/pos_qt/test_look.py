"""The look: nothing overflows, in three languages, two themes and the sizes of real screens."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from pos_qt.theme import icons
from pos_qt.theme.look import Look
from pos_qt.theme.style import sheet
from pos_qt.till import TillFace
from pos_qt.translations.words import LANGUAGES, Words
from tests.pos_qt.conftest import MILK_CODE


@pytest.mark.parametrize("size", [(1024, 768), (1366, 768), (1920, 1080)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_function_is_cut(
    qtbot: QtBot, face: TillFace, size: tuple[int, int], language: str
) -> None:
    face.window.resize(*size)
    face.window.speak(Words(language))
    face.sale.scanned(MILK_CODE)
    qtbot.wait(20)
    assert (face.window.width(), face.window.height()) == size
    pad = face.window.sale.selling.pad
    for made in pad.findChildren(QPushButton):
        room = made.fontMetrics().horizontalAdvance(made.text()) + made.iconSize().width()
        if made.property("kind") == "function":
            assert room + face.window.look.px(14) <= made.width(), made.text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_style_sheet_has_no_place_left_open(theme: str) -> None:
    text = sheet(Look(theme, 1.4))
    assert "{{" not in text
    assert text.count("{") == text.count("}")


def test_icons_take_their_colour_and_unknown_ones_are_empty() -> None:
    assert icons.has_icon("barcode")
    assert not icons.has_icon("no-such-icon")
    picture = icons.icon("barcode", 24, "#ff0000").toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(24) for y in range(24)
               if picture.pixelColor(x, y).alpha() == 255}  # fmt: skip
    assert colours == {"#ff0000"}
    assert icons.picture("no-such-picture", 24) is None
