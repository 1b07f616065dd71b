"""What the sale's presenter asks of the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pos_qt.presenters.shown import ShownLine, Strip


class SaleView(Protocol):
    """What shows a sale."""

    def show_lines(self, lines: Sequence[ShownLine], selected: int | None) -> None:
        """All lines; `selected` is a line's number."""

    def show_head(self, number: str, items: str, *, undo: bool, whose: bool = False) -> None:
        """The slip's head."""

    def show_entry(self, caption: str, text: str) -> None:
        """What has been typed."""

    def show_strips(self, strips: Sequence[Strip]) -> None:
        """The open strips, oldest first."""
