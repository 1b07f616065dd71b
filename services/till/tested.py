"""The self-test's findings, kept where the agent finds them: head office sees how devices are."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from typing import Final

from schemas import xml
from schemas.status import Checked, Checks
from services.disk import bell
from services.disk.box import Box

_LONGEST: Final = 200
"""Signs of a cause that are kept; devices can say much."""


def kept(box: Box) -> tuple[Checked, ...]:
    """The newest test of each device; none where nothing can be read."""
    with contextlib.suppress(OSError, xml.DocumentRefused):
        return xml.load(Checks, box.tests.read_bytes()).tested
    return ()


def keep(box: Box, found: Checked, there: Collection[str]) -> None:
    """Put a device's newest test in place of the one before, and tell the agent.

    there  the devices that the till has; what was found of others is forgotten
    Raises OSError where the disk does not take it: nothing of a sale depends on it.
    """
    why = " ".join("".join(c if c.isprintable() else " " for c in found.why or "").split())
    found = Checked(found.device, found.at, found.light, found.fact, why[:_LONGEST] or None)
    others = (each for each in kept(box) if each.device != found.device and each.device in there)
    beside = box.tests.with_suffix(".new")
    beside.write_bytes(xml.dump(Checks((*others, found))))
    beside.rename(box.tests)
    bell.ring(box.path, "agent")
