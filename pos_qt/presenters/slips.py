"""Where presenters send what is to be printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.register.columns import Row


class Prints(Protocol):
    """Takes slips, and has the drawer on its plug."""

    @property
    def state(self) -> str:
        """How the printer is; `none` where there is none."""

    def put(self, rows: Sequence[Row] | None, *, kick: bool = False) -> None:
        """Print a slip, open the drawer, or both."""
