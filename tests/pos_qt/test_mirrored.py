"""In a language from right to left the till stands the other way round, and nothing collides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.pretend import scene, tillstates
from tests.pretend.legible import Look
from tests.pretend.scene import Scene

STATES: Final = (
    "selected", "payment", "counting", "z", "strips", "signin", "offline", "change", "next-door",
    "customers", "return-lines", "shift", "training",
)  # fmt: skip


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Scene]:
    """A till that runs from right to left."""
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    made = Scene(scene.build(tmp_path_factory.mktemp("mirrored")), qapp)
    made.wear((1366, 768))
    yield made
    made.close()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def left(stage: Scene, part: QWidget) -> int:
    return part.mapTo(stage.face.window, QPoint()).x()


@pytest.mark.parametrize("state", STATES)
def test_nothing_collides_from_right_to_left(stage: Scene, state: str, tmp_path: Path) -> None:
    tillstates.go(stage, state)
    look = Look(stage.face.window, 0.253, ellipses=True)
    assert look.faults() == []
    assert stage.face.window.grab().save(str(tmp_path / "mirrored.png"))


def test_the_slip_is_at_the_right_and_digits_run_as_ever(stage: Scene) -> None:
    tillstates.go(stage, "selected")
    sale = stage.face.window.sale
    assert left(stage, sale.slip) > left(stage, sale.selling.keys) > left(stage, sale.selling.pad)
    assert left(stage, sale.counter.amount) > left(stage, sale.counter.pay)
    digits = sale.selling.pad.pad._keys
    assert left(stage, digits["7"]) < left(stage, digits["8"]) < left(stage, digits["9"])
