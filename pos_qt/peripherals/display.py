"""Customer displays: what the customer sees of the sale, as plain data.

The same picture goes to a pole of two rows, to a second window, or to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


class DisplayRefused(Exception):
    """The display does not take it. A sale goes on without. Fit to show."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of the sale; amounts are written out in the customer's manner."""

    name: str
    amount: str
    quantity: str = ""
    voided: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the customer may see at one moment.

    idle    nobody is served; `text` greets
    sale    `lines` so far, the newest last, and their `total`
    pay     what is to be paid; `qr` may hold what a customer can scan
    change  what was given, and what comes back
    """

    moment: Literal["idle", "sale", "pay", "change"] = "idle"
    text: str = ""
    lines: tuple[ShownLine, ...] = ()
    total_label: str = ""
    total: str = ""
    given_label: str = ""
    given: str = ""
    change_label: str = ""
    change: str = ""
    qr: str = ""


class CustomerDisplay(Protocol):
    """A display that the customer looks at.

    `show` may take a second on a slow line: never on the screen's thread, but for the second window,
    which takes it from any.
    """

    def show(self, picture: Picture) -> None:
        """Show this instead of what was shown. Raises DisplayRefused."""

    def close(self) -> None:
        """Clear it and let it go."""


class PretendDisplay:
    """A display in memory; `shown` has each picture, the newest last."""

    def __init__(self) -> None:
        self.shown: list[Picture] = []
        self.broken = False

    def show(self, picture: Picture) -> None:
        """Keep it."""
        if self.broken:
            raise DisplayRefused("the display does not answer")
        self.shown.append(picture)

    def close(self) -> None:
        """Nothing to let go."""
