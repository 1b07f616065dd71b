"""The slip's model tells the view exactly what changed."""

from __future__ import annotations

from PySide6.QtTest import QSignalSpy
from pytestqt.modeltest import ModelTester

from pos_qt.models.lines import LINE, SELECTED, LinesModel
from pos_qt.presenters.shown import Found, ShownLine
from pos_qt.widgets.foundlist import FoundModel
from schemas.keys import ArticleKey


def line(number: int, name: str = "Milch") -> ShownLine:
    """A line of the slip."""
    return ShownLine(number, "1", many=False, name=name, amount="1,39")


def test_lines_come_change_and_go(qtmodeltester: ModelTester) -> None:
    model = LinesModel()
    qtmodeltester.check(model, force_py=True)
    lines = [line(n) for n in range(1, 6)]
    model.show(lines, 5)
    model.show(lines[:3], 3)
    model.show([*lines[:1], line(2, "Käse"), lines[2]], 2)
    assert [model.index(row).data(LINE).name for row in range(3)] == ["Milch", "Käse", "Milch"]
    assert [model.index(row).data(SELECTED) for row in range(3)] == [False, True, False]
    model.show([], None)
    assert model.rowCount() == 0


def test_one_more_line_is_one_insertion_and_nothing_else() -> None:
    model = LinesModel()
    lines = [line(n) for n in range(1, 201)]
    model.show(lines, None)
    inserted, removed, reset = (
        QSignalSpy(model.rowsInserted),
        QSignalSpy(model.rowsRemoved),
        QSignalSpy(model.modelReset),
    )
    model.show([*lines, line(201)], None)
    assert (inserted.count(), removed.count(), reset.count()) == (1, 0, 0)


def test_results_are_a_sound_model(qtmodeltester: ModelTester) -> None:
    model = FoundModel()
    qtmodeltester.check(model, force_py=True)
    model.show([Found(ArticleKey("1"), "Milch", "1", "1,39", None, None)], 0)
    model.show([], 0)
