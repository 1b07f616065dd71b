"""A grey picture of each state still tells offline, training, return, selected and failed apart.

Source: DESIGN.md, section 10, check 7; 3 to 1 is what it asks of marks.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final, cast

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from tests.pretend import scene, tillstates
from tests.pretend.scene import Scene

STATES: Final = ("offline", "training", "pay-out-return", "selected", "unknown", "age")
_APART: Final = 40
"""Steps of grey between two points that nobody takes for the same."""
_POINTS: Final = 600
"""So many points that differ are seen: a bar, or an icon and a word."""
_LEAST: Final = 3.0


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Scene]:
    """A till on a real box of the sample chain."""
    made = Scene(scene.build(tmp_path_factory.mktemp("grey")), qapp)
    yield made
    made.close()


def grey(part: QWidget) -> QImage:
    return part.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)


def apart(one: QImage, other: QImage) -> int:
    """How many points differ so much that it is seen."""
    if one.size() != other.size():
        other = other.scaled(one.size())
    wide, pairs = one.width(), 0
    for y in range(one.height()):
        ours, theirs = (bytes(cast("bytes", each.constScanLine(y))) for each in (one, other))
        pairs += sum(abs(a - b) > _APART for a, b in zip(ours[:wide], theirs[:wide], strict=True))
    return pairs


def contrast(one: QColor, other: QColor) -> float:
    """By WCAG 2.2's relative luminance."""

    def light(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_states_are_told_apart_in_grey(stage: Scene, theme: str) -> None:
    seen = {}
    for state in STATES:
        stage.wear((1366, 768), theme)
        tillstates.go(stage, state)
        seen[state] = grey(stage.face.window)
    alike = [(one, other) for one, other in itertools.combinations(STATES, 2)
             if apart(seen[one], seen[other]) < _POINTS]  # fmt: skip
    assert alike == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_selected_and_what_failed_have_a_bar_that_is_seen_in_grey(
    stage: Scene, theme: str
) -> None:
    stage.wear((1366, 768), theme)
    tillstates.go(stage, "unknown")
    slip = stage.face.window.sale.slip
    picture = slip.grab().toImage()
    for part in (slip.strips._views[0], slip.line):
        corner = part.mapTo(slip, QPoint(0, part.height() // 2))
        bar = picture.pixelColor(corner + QPoint(2, 0))
        ground = picture.pixelColor(corner + QPoint(9, part.height() // 2 - 3))
        assert contrast(bar, ground) >= _LEAST, type(part).__name__


def test_a_failure_and_a_question_have_icons_of_their_own(stage: Scene) -> None:
    icons = []
    for state in ("unknown", "age", "give-up"):
        stage.wear((1366, 768))
        tillstates.go(stage, state)
        strip = stage.face.window.sale.slip.strips._views[0]
        icons.append(grey(strip).copy(strip._icon.geometry()))
    for one, other in itertools.combinations(icons, 2):
        assert apart(one, other) > _POINTS // 10
