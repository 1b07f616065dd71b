"""The design's tokens: colours, sizes and type, one file for the till's style and the web's."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any


@functools.cache
def tokens() -> dict[str, Any]:
    """All tokens, as `tokens.json` has them."""
    found: dict[str, Any] = json.loads(
        (Path(__file__).parent / "tokens.json").read_text(encoding="utf-8")
    )
    return found


def colours(theme: str) -> dict[str, str]:
    """The colours of a theme, `light` or `dark`, by name."""
    found: dict[str, str] = tokens()["color"][theme]
    return found


def group_colours(theme: str) -> dict[str, dict[str, str]]:
    """Tint, ink and bar of each article group's colour in a theme."""
    groups = tokens()["color"]["article_group"]
    return {name: both[theme] for name, both in groups.items()}
