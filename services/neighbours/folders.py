"""What lies where while a parked sale passes from till to till; one writer a folder.

`hand/parked` and `hand/wanted` are the till process's; `passing/given`, `passing/void` and
`passing/brought` are the agent's. Who decides about a parked sale (the till that recalls it itself,
the agent that gives it away) holds the box's one lock from the look to the durable deed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from schemas import xml
from schemas.passing import Given
from services.disk import durable
from services.disk.box import Box

RECALLED: Final = ".recalled"
"""The ending of a parked sale that its own till has in hand."""
BELL: Final = "neighbours"
"""Who listens where the till wants something of its neighbours."""
_PATIENCE_S: Final = 5.0


class Undecided(Exception):
    """The other process of this box is deciding, and does not come to an end. Nothing was done."""


def parked(box: Box) -> Path:
    """What this till has parked."""
    return box.hand / "parked"


def wanted(box: Box) -> Path:
    """What this till wants from others."""
    return box.hand / "wanted"


def given(box: Box) -> Path:
    """What this till gave away, each with who has it."""
    return box.passing / "given"


def void(box: Box) -> Path:
    """Claims that were released before anything was given for them."""
    return box.passing / "void"


def brought(box: Box) -> Path:
    """What others answered to what this till wants."""
    return box.passing / "brought"


def around(box: Box) -> Path:
    """What the agent last saw of the neighbours."""
    return box.status / "neighbours.xml"


def stem(ref: str) -> str:
    """How the files of one sale's parkings begin."""
    return xml.digest(ref.encode())[:32]


def gift(box: Box, parking: str) -> Given | None:
    """The record that a parking was given away; None where it was not.

    Raises DocumentRefused for a record that cannot be read: then nobody may have the sale.
    """
    try:
        return xml.load(Given, (given(box) / f"{parking}.xml").read_bytes())
    except FileNotFoundError:
        return None


@contextlib.contextmanager
def deciding(box: Box) -> Iterator[None]:
    """Decide alone about what is parked on this box; the lock ends with the process.

    Raises Undecided where the other process holds it for seconds.
    """
    durable.folder(box.passing)
    handle = os.open(box.passing / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        end = time.monotonic() + _PATIENCE_S
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise Undecided("the other process of this box is busy") from None
                time.sleep(0.005)
        yield
    finally:
        os.close(handle)
