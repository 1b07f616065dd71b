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


_LOOKS: Final = {
    ("de", ""): [(1366, 768), (1024, 768), (768, 1366)],
    ("longer", ""): [(1366, 768), (1024, 768), (768, 1366)],
    ("es", ""): [(1024, 768)],
    ("en", "left"): [(1024, 768)],
    ("de", "large"): [(1024, 768)],
    ("en", "large"): [(1024, 768)],
}
"""What is looked at each time; in every size with TRESEN_THOROUGH=1. 1920 x 1080 is 1366 x 768 larger."""


@pytest.mark.parametrize(("language", "how"), list(_LOOKS))
def test_every_state_can_be_read_and_tapped(stage: Scene, language: str, how: str) -> None:
    """Each state is gone to once, in one size after the other, and then seen in the rest."""
    faults: dict[str, list[str]] = {}
    sizes = list(SCREENS) if THOROUGH else _LOOKS[language, how]
    stage.speak(language)
    for at, state in enumerate(tillstates.STATES):
        first = at % len(sizes)
        for size in (*sizes[first:], *sizes[:first]):
            stage.wear(size, left=how == "left", large=how == "large")
            if size == sizes[first]:
                tillstates.go(stage, state)
            look = Look(
                stage.face.window, SCREENS[size], ellipses=language == "longer" or bool(how)
            )
            for fault in look.faults():
                faults.setdefault(f"{size[0]}x{size[1]} {fault}", []).append(state)
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
