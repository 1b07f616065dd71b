"""The one style sheet: custom properties from the design's tokens, then the written components."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from schemas import tokens

_WRITTEN = Path(__file__).parent / "static" / "office.css"


def _colours(theme: str) -> str:
    return "".join(f"--{name}:{value};" for name, value in tokens.colours(theme).items())


def _groups(theme: str, within: str) -> str:
    return "\n".join(
        f"{within}.g-{name}{{--t:{each['tint']};--i:{each['ink']};--b:{each['bar']}}}"
        for name, each in tokens.group_colours(theme).items()
    )


@functools.cache
def stylesheet() -> bytes:
    """The whole style sheet."""
    written = _WRITTEN.read_text(encoding="utf-8")
    parts = (
        f":root{{{_colours('light')}}}",
        f"[data-theme=dark]{{{_colours('dark')}}}",
        _groups("light", ""),
        _groups("dark", "[data-theme=dark] "),
        written,
    )
    return "\n".join(parts).encode()


@functools.cache
def stamp(path: Path) -> str:
    """What changes when a static file does, for its address."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


@functools.cache
def stylesheet_stamp() -> str:
    """What changes when the style sheet does, for its address."""
    return hashlib.sha256(stylesheet()).hexdigest()[:10]
