"""The look that is worn now: a theme's colours at one scale. Every painted part asks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QColor, QFont, QPixmap

from pos_qt.theme import fonts, icons
from schemas import tokens
from services.register import keyboardgrid
from services.register.keyboardgrid import (
    HEIGHT,
    PARTS,
    SMALL,
    TALL,
    WIDE,
    WIDTH,
    form_for,
    scale_for,
)

_LARGE: Final = 1.16
_LARGEST_GROWN: Final = 28


@dataclass(frozen=True)
class Look:
    """A theme, `light` or `dark`, at a scale `u`; 1 is 1366 by 768.

    form   wide, small or tall
    left   for the left hand: the outer columns and the counter's ends change places
    large  larger text, for eyes 80 cm away
    """

    theme: str = "light"
    u: float = 1.0
    form: str = WIDE
    left: bool = False
    large: bool = False

    @property
    def is_wide(self) -> bool:
        """Is there room for everything side by side?"""
        return self.form == WIDE

    @property
    def is_tall(self) -> bool:
        """Do the parts lie above each other?"""
        return self.form == TALL

    @property
    def text(self) -> float:
        """How much larger text is than drawn."""
        return _LARGE if self.large else 1.0

    def part(self, name: str) -> int:
        """The width of slip, pad, pay, gap or paper, in pixels of the screen."""
        return self.px(PARTS[self.form][name])

    def size(self, pixels: float) -> float:
        """A text's size at scale 1; what is large already does not grow."""
        return pixels * self.text if pixels < _LARGEST_GROWN else pixels

    def px(self, length: float) -> int:
        """A length of the design in pixels of the screen."""
        return keyboardgrid.px(length, self.u)

    def hex(self, name: str) -> str:
        """The colour called `name`, as `#rrggbb`."""
        return tokens.colours(self.theme)[name]

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        """The colour called `name`."""
        colour = QColor(self.hex(name))
        colour.setAlphaF(alpha)
        return colour

    def group(self, name: str | None) -> dict[str, str]:
        """Tint, ink and bar of an article group's colour; plain ones where there is none."""
        plain = {"tint": self.hex("surface"), "ink": self.hex("text"), "bar": self.hex("text-3")}
        return tokens.group_colours(self.theme).get(name or "", plain)

    def font(self, pixels: float, weight: int = 500) -> QFont:
        """The till's face; `pixels` at scale 1."""
        return fonts.ui(self.size(pixels) * self.u, weight)

    def mono(self, pixels: float, weight: int = 400) -> QFont:
        """The slip's face; `pixels` at scale 1."""
        return fonts.mono(pixels * self.u, weight)

    def icon(self, name: str, pixels: float, colour: str, ratio: float = 1.0) -> QPixmap:
        """An icon in the colour called `colour`; `pixels` at scale 1."""
        tint = self.hex(colour) if not colour.startswith("#") else colour
        return icons.icon(name, self.px(pixels), tint, ratio)


__all__ = ["HEIGHT", "SMALL", "TALL", "WIDE", "WIDTH", "Look", "form_for", "scale_for"]
