"""Who listens instead of looking hears the cashier's language: no part is named in another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QListView, QWidget

from pos_qt.widgets.articlekey import ArticleKey
from tests.pretend import scene, tillstates
from tests.pretend.scene import Scene

STATES: Final = (
    "selected", "found", "letters", "age", "strips", "approval", "parked", "return", "payment",
    "parts", "card-asked", "change", "preview", "shift", "drop", "counting", "z", "system",
    "customers", "customer-new", "training", "signin", "offline",
)  # fmt: skip
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_DATA: Final = {"method", "tab"}
"""Kinds of keys that bear the names of tenders and of groups."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Scene]:
    """A till on a real box of the sample chain."""
    made = Scene(scene.build(tmp_path_factory.mktemp("listening")), qapp)
    made.wear((1366, 768))
    yield made
    made.close()


def heard(stage: Scene) -> set[str]:
    """The names of all that can be operated, but for those of goods and people."""
    till = stage.face.desk.till
    data = {person.name for person in till.catalogue.staff()} | {"Anna Seidel"}
    data |= {line.name for parked in till.parking.all() for line in parked.basket.lines}
    found = set()
    for part in stage.face.window.findChildren(QWidget):
        if not isinstance(part, QAbstractButton | QListView | QLineEdit) or not part.isVisible():
            continue
        if isinstance(part, ArticleKey) or part.property("kind") in _DATA:
            continue
        name = part.accessibleName()
        if _WORD.search(name) and not any(name.startswith(each) for each in data):
            found.add(name)
    return found


@pytest.mark.parametrize("state", STATES)
def test_no_part_has_a_name_that_stays_in_every_language(stage: Scene, state: str) -> None:
    """In the language that nobody speaks every word is longer: what is not, was never translated."""
    names = []
    for language in ("en", "longer"):
        stage.speak(language)
        tillstates.go(stage, state)
        names.append(heard(stage))
    assert names[0] & names[1] == set()
