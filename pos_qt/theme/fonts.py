"""The till's fonts, shipped with it so that every till looks the same without a network."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

FOLDER: Final = Path(__file__).parent / "fonts"
UI: Final = "Hanken Grotesk"
MONO: Final = "JetBrains Mono"


@functools.cache
def load() -> None:
    """Make the shipped fonts known; call it once there is an application, before any widget."""
    for path in sorted(FOLDER.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(path))


@functools.cache
def _font(family: str, pixels: int, weight: int) -> QFont:
    font = QFont(family)
    font.setFamilies([family, "Noto Sans", "sans-serif"])
    font.setPixelSize(max(6, pixels))
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def ui(pixels: float, weight: int = 400) -> QFont:
    """The till's own face at so many pixels; `weight` is 400 to 800."""
    return _font(UI, round(pixels), weight)


def mono(pixels: float, weight: int = 400) -> QFont:
    """The face of slips: every character 0.6 em wide."""
    return _font(MONO, round(pixels), weight)
