"""Article keys: where they lie on each screen, what is cut, and that none hides another."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import xml
from schemas.keyboard import Key, Keyboard, Tab
from schemas.keys import ArticleKey, KeyboardKey
from services.register import keyboardface, keyboardfont, keyboardgrid
from services.register.keyboardgrid import Box, Room


@dataclass(frozen=True, slots=True)
class Spot:
    """A key without its article."""

    row: int
    column: int
    wide: int = 1
    tall: int = 1


spots = st.builds(Spot, st.integers(0, 7), st.integers(0, 7), st.integers(1, 5), st.integers(1, 5))


@pytest.mark.parametrize(
    ("screen", "room"),
    [
        ((1366, 768), Room(590, 454, 1.0, narrow=False)),
        ((1024, 768), Room(388, 454, 1.0, narrow=True)),
        ((768, 1366), Room(440, 446, 1.0, narrow=True)),
    ],
)
def test_the_room_for_keys_is_as_designed(screen: tuple[int, int], room: Room) -> None:
    assert Room.on(*screen) == room


@given(
    st.integers(1, 12), st.integers(1, 12), st.integers(200, 2000), st.integers(200, 2000),
    st.integers(0, 20),
)  # fmt: skip
def test_cells_fill_the_room_and_lie_apart(
    rows: int, columns: int, width: int, height: int, gap: int
) -> None:
    boxes = {
        (row, column): keyboardgrid.place(row, column, 1, 1, rows, columns, (width, height), gap)
        for row in range(rows)
        for column in range(columns)
    }
    last = boxes[rows - 1, columns - 1]
    assert (last.left + last.width, last.top + last.height) == (width, height)
    for (row, column), box in boxes.items():
        beside, below = boxes.get((row, column + 1)), boxes.get((row + 1, column))
        assert beside is None or abs(beside.left - box.left - box.width - gap) <= 1
        assert below is None or abs(below.top - box.top - box.height - gap) <= 1


def test_a_wide_key_ends_where_the_last_of_its_cells_does() -> None:
    size = (590, 454)
    wide = keyboardgrid.place(1, 1, 2, 3, 4, 4, size, 10)
    first = keyboardgrid.place(1, 1, 1, 1, 4, 4, size, 10)
    last = keyboardgrid.place(3, 2, 1, 1, 4, 4, size, 10)
    assert (wide.left, wide.top) == (first.left, first.top)
    assert wide.left + wide.width == last.left + last.width
    assert wide.top + wide.height == last.top + last.height
    assert keyboardgrid.place(3, 3, 4, 4, 4, 4, size, 10) == Box(450, 348, 140, 106)


@given(st.lists(spots, max_size=40), st.integers(1, 6))
def test_in_three_columns_every_key_is_somewhere_and_none_hides_another(
    keys: list[Spot], rows: int
) -> None:
    pages = keyboardgrid.narrowed(keys, rows)
    assert sum(map(len, pages)) == len(keys)
    for page in pages:
        assert keyboardgrid.overlapping(page) == []
        for key in page:
            assert key.column + key.wide <= 3
            assert key.row + key.tall <= rows


@given(st.text(max_size=60), st.integers(20, 400))
def test_a_name_never_runs_over_its_key(name: str, width: int) -> None:
    size = keyboardface.face(name, "1,00", width, 106, 1.0)
    room = width - 2 * size.margin
    for row in size.rows:
        fits = keyboardfont.width(row, size.name_size) <= room
        assert fits or row == "…" or width < 40
    assert len(size.rows) == len(size.baselines) <= 2


def test_a_name_breaks_between_words_and_is_cut_with_dots() -> None:
    rows = keyboardface.face("Bauernbrot 750 g", "3,95", 140, 106, 1.0).rows
    assert rows == ("Bauernbrot", "750\u00a0g")
    (cut,) = keyboardface.face("Kaffeevollautomatenreiniger", "3,95", 140, 106, 1.0).rows
    assert cut.endswith("…") and cut.startswith("Kaffeevoll")


def test_a_price_by_weight_stands_in_two_rows_where_one_is_too_wide() -> None:
    assert keyboardface.face("Käse", "22,90/kg", 140, 106, 1.0).price == ("22,90/kg",)
    assert keyboardface.face("Käse", "1.222,90/kg", 120, 106, 1.0).price == ("1.222,90", "/kg")


def test_a_key_of_two_cells_is_a_document() -> None:
    key = Key(0, 0, ArticleKey("1"), wide=2, tall=3)
    board = Keyboard(KeyboardKey("k"), 1, 4, 4, (Tab("A", keys=(key,)),))
    assert xml.load(Keyboard, xml.dump(board)) == board
    with pytest.raises(xml.DocumentRefused):
        xml.load(Keyboard, xml.dump(board).replace(b'wide="2"', b'wide="0"'))
