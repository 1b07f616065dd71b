"""Is there a display to show the till on? Asked before Qt, which ends the process where there is none."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping


class DisplayMissing(Exception):
    """Nothing can be shown here; the message is fit to show."""


def check(otherwise: str, environment: Mapping[str, str] = os.environ) -> None:
    """Raise DisplayMissing where no window can be opened.

    otherwise  what to do instead, in a sentence
    """
    if not sys.platform.startswith("linux"):
        return
    if not any(environment.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")):
        raise DisplayMissing(
            "There is no display here: neither DISPLAY nor WAYLAND_DISPLAY is set. "
            f"Start it in a desktop session. {otherwise}"
        )
