"""The look that is worn now: a theme's colours at one scale. Every painted part asks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QColor, QFont, QPixmap

from pos_qt.theme import fonts, icons
from schemas import tokens

WIDTH: Final = 1366
HEIGHT: Final = 768


def scale_for(width: int, height: int) -> float:
    """The scale at which the till's face fills a window. Source: DESIGN.md, section 4."""
    return min(2.2, max(0.6, min(width / WIDTH, height / HEIGHT)))


@dataclass(frozen=True)
class Look:
    """A theme, `light` or `dark`, at a scale `u`; 1 is 1366 by 768."""

    theme: str = "light"
    u: float = 1.0

    def px(self, length: float) -> int:
        """A length of the design in pixels of the screen."""
        return max(1, round(length * self.u))

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
        return fonts.ui(pixels * self.u, weight)

    def mono(self, pixels: float, weight: int = 400) -> QFont:
        """The slip's face; `pixels` at scale 1."""
        return fonts.mono(pixels * self.u, weight)

    def icon(self, name: str, pixels: float, colour: str, ratio: float = 1.0) -> QPixmap:
        """An icon in the colour called `colour`; `pixels` at scale 1."""
        tint = self.hex(colour) if not colour.startswith("#") else colour
        return icons.icon(name, self.px(pixels), tint, ratio)
