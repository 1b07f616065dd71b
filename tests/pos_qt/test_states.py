"""Every state of every screen, in four sizes and three languages, and in one 35 % longer.

Nothing is cut, nothing lies over another thing or outside the window, every target is 10 mm large on
its screen and has a name for those who listen. Source: DESIGN.md, section 10, checks 5 to 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from PySide6.QtWidgets import QApplication

from tests.conftest import THOROUGH
from tests.pretend import scene, tillstates
from tests.pretend.legible import Look
from tests.pretend.scene import Scene

SCREENS: Final = {
    (1366, 768): 0.253,
    (1024, 768): 0.298,
    (1920, 1080): 0.248,
    (768, 1366): 0.253,
}
"""How wide a pixel is in mm: 15.6", 15", 21.5", and the first on its side."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Scene]:
    """A till on a real box of the sample chain."""
    made = Scene(scene.build(tmp_path_factory.mktemp("stage")), qapp)
    yield made
    made.close()


_ALL: Final = [
    (language, size, how)
    for language, how in (("de", ""), ("longer", ""), ("es", ""), ("en", "left"), ("de", "large"))
    for size in SCREENS
]
_QUICK: Final = [
    ("de", (1366, 768), ""), ("de", (1024, 768), ""), ("de", (768, 1366), ""),
    ("longer", (1366, 768), ""), ("longer", (1024, 768), ""), ("longer", (768, 1366), ""),
    ("es", (1024, 768), ""), ("en", (1024, 768), "left"), ("de", (1024, 768), "large"),
]  # fmt: skip
"""What is looked at each time; the rest with TRESEN_THOROUGH=1. 1920 x 1080 is 1366 x 768 larger."""


@pytest.mark.parametrize(("language", "size", "how"), _ALL if THOROUGH else _QUICK)
def test_every_state_can_be_read_and_tapped(
    stage: Scene, language: str, size: tuple[int, int], how: str
) -> None:
    faults: dict[str, list[str]] = {}
    stage.speak(language)
    stage.wear(size, left=how == "left", large=how == "large")
    for state in tillstates.STATES:
        tillstates.go(stage, state)
        look = Look(stage.face.window, SCREENS[size], ellipses=language == "longer" or bool(how))
        for fault in look.faults():
            faults.setdefault(fault, []).append(state)
    said = [f"{fault}\n    {', '.join(places)}" for fault, places in faults.items()]
    assert not said, "\n".join(said)


@pytest.mark.parametrize("state", ["many-lines", "strips", "chip", "counting", "offline", "menu"])
def test_a_window_that_changes_its_form_is_laid_out_anew(stage: Scene, state: str) -> None:
    stage.speak("de")
    stage.wear((1366, 768))
    tillstates.go(stage, state)
    for size in [*SCREENS, (1366, 768)]:
        stage.wear(size)
        assert Look(stage.face.window, SCREENS[size], ellipses=False).faults() == [], size
