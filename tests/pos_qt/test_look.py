"""The look: nothing overflows, in three languages, two themes and the sizes of real screens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pos_qt.presenters.shown import Keys, ShownKey, ShownTab
from pos_qt.theme import icons
from pos_qt.theme.look import Look
from pos_qt.theme.style import sheet
from pos_qt.till import TillFace
from pos_qt.translations.words import LANGUAGES, Words
from pos_qt.widgets.keygrid import narrowed
from schemas.keys import ArticleKey
from services.register import keyboardgrid
from services.register.refusal import StepRefused
from tests.pos_qt.conftest import BEER_CODE, MILK_CODE, Opener, sign_in
from tests.pretend.branch import CHEESE


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


SIZES = [(1366, 768), (1024, 768), (1920, 1080), (768, 1366)]


def cut(window: QWidget) -> list[str]:
    """Buttons that are seen and whose words do not fit, and parts that reach beyond the window."""
    found = []
    for made in window.findChildren(QPushButton):
        if not made.isVisible() or not made.text():
            continue
        icon = made.iconSize().width() if not made.icon().isNull() else 0
        if made.fontMetrics().horizontalAdvance(made.text()) + icon > made.width() - 2:
            found.append(f"{made.text()} in {made.width()}")
    for part in window.findChildren(QAbstractButton):
        if part.isVisible() and not part.visibleRegion().isEmpty():
            room = QRect(part.mapTo(window, part.rect().topLeft()), part.size())
            if not window.rect().contains(room):
                found.append(f"{part.accessibleName()} at {room}")
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_cut(qtbot: QtBot, face: TillFace, size: tuple[int, int], language: str) -> None:
    face.desk.words = Words(language)
    face.window.speak(face.desk.words)
    face.window.resize(*size)
    face.sale.speak()
    qtbot.wait(20)
    assert (face.window.width(), face.window.height()) == size
    face.sale.scanned(MILK_CODE)
    opens = {
        "sale": lambda: None,
        "shift": face.shift.open,
        "discount": face.discount.line,
        "menu": face.aftersale.menu,
        "return": face.returning.open,
        "payment": face.payment.pay,
    }
    faults = {}
    for name, begin in opens.items():
        begin()
        qtbot.wait(20)
        faults[name] = cut(face.window)
        panel = face.window.sale.selling.sheet
        if panel.isVisible():
            below = panel._panel.minimumSizeHint().height() - panel._panel.height()
            if below > 0 and name != "shift":
                faults[name].append(f"{below} too high")
        face.sheets.close()
    face.payment.back()
    face.counting.open()
    qtbot.wait(20)
    faults["count"] = cut(face.window)
    face.counting.later()
    for strips in (
        lambda: face.sale.scanned(BEER_CODE),
        lambda: face.sale.scanned(CHEESE.key),
        lambda: face.sale.scanned("4260107220015"),
        lambda: face.desk.asks(StepRefused("no-right", right="open-drawer"), face.lock),
        face.sale.abort,
    ):
        strips()
        qtbot.wait(20)
        faults[f"strips {len(faults)}"] = cut(face.window)
    assert {name: found for name, found in faults.items() if found} == {}


def test_a_small_window_has_three_columns_of_keys_and_three_tenders(
    qtbot: QtBot, face: TillFace
) -> None:
    face.window.resize(1024, 768)
    qtbot.wait(20)
    assert face.window.look.form == "small"
    assert not face.window.sale.counter.keys[2].isVisible()
    face.window.resize(1366, 768)
    qtbot.wait(20)
    assert face.window.sale.counter.keys[2].isVisible()


@pytest.mark.parametrize("size", SIZES)
def test_a_question_has_the_room_it_needs(
    qtbot: QtBot, face: TillFace, size: tuple[int, int]
) -> None:
    face.window.resize(*size)
    for code in (MILK_CODE, BEER_CODE, CHEESE.key):
        face.sale.scanned(code)
    qtbot.wait(20)
    slip = face.window.sale.slip
    layout = slip.strips.layout()
    assert layout is not None
    assert layout.totalHeightForWidth(slip.strips.width()) <= slip.strips.height()
    assert slip.strips.geometry().bottom() <= slip.paper.height()


def test_keys_that_do_not_fit_are_on_a_page_behind() -> None:
    keys = tuple(
        ShownKey(n // 4, n % 4, ArticleKey(str(n)), str(n), "1", None, None) for n in range(16)
    )
    small = narrowed(Keys(4, 4, (ShownTab("A", None, keys),)))
    assert [tab.name for tab in small.tabs] == ["A", "A 2"]
    assert [len(tab.keys) for tab in small.tabs] == [12, 4]
    assert (small.tabs[0].keys[4].row, small.tabs[0].keys[4].column) == (1, 1)
    assert small.tabs[0].keys[4].article == "4"


def test_a_tall_window_has_the_slip_above(qtbot: QtBot, face: TillFace) -> None:
    face.window.resize(768, 1366)
    qtbot.wait(20)
    sale = face.window.sale
    assert sale.slip.geometry().bottom() <= sale._stack.geometry().top()
    assert (
        sale.counter.keys[0].mapTo(sale, QPoint()).y() > sale.counter.pay.mapTo(sale, QPoint()).y()
    )


def test_the_left_hand_has_the_pad_at_the_left(qtbot: QtBot, opened: Opener) -> None:
    made = opened()
    made.window.wear(replace(made.window.look, left=True))
    sign_in(qtbot, made)
    qtbot.wait(20)
    sale = made.window.sale
    assert sale.selling.pad.mapTo(sale, QPoint()).x() < sale.slip.mapTo(sale, QPoint()).x()
    assert (
        sale.counter.pay.mapTo(sale, QPoint()).x() < sale.counter.amount.mapTo(sale, QPoint()).x()
    )


def test_large_text_is_larger_and_large_figures_stay() -> None:
    plain, large = Look(), Look(large=True)
    assert large.size(19) > plain.size(19)
    assert large.size(62) == plain.size(62)


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


@pytest.mark.parametrize(
    "size", [(1366, 768), (1024, 768), (1920, 1080), (768, 1366), (1280, 800), (1280, 1024)]
)
def test_the_keys_have_the_room_that_the_editor_shows(
    qtbot: QtBot, face: TillFace, size: tuple[int, int]
) -> None:
    face.window.resize(*size)
    qtbot.wait(20)
    field = face.window.sale.selling.keys._field
    room = keyboardgrid.Room.on(*size)
    assert (field.width(), field.height()) == (room.width, room.height)


def test_a_wide_key_covers_its_cells(qtbot: QtBot, face: TillFace) -> None:
    grid = face.window.sale.selling.keys
    keys = (
        ShownKey(0, 0, ArticleKey("1"), "Bergkäse", "22,90/kg", None, None, wide=2, tall=2),
        ShownKey(1, 1 + 1, ArticleKey("2"), "Milch", "1,39", None, None),
    )
    grid.show_keys(Keys(4, 4, (ShownTab("A", None, keys),)), "")
    qtbot.wait(20)
    wide, plain = grid._views
    assert wide.geometry().getRect() == (0, 0, 290, 222)
    assert plain.geometry().getRect() == (300, 116, 140, 106)
    with qtbot.waitSignal(grid.pressed) as said:
        qtbot.mouseClick(wide, Qt.MouseButton.LeftButton, pos=QPoint(280, 210))
    assert said.args == ["1"]
