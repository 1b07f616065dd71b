"""Making a box a till: with what it has been before, and without a trace where it is refused."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from schemas import signature, xml
from schemas.enrolment import Enrolment
from services.disk import durable
from services.disk.box import Box, BoxRefused
from services.journal import read
from services.link import identity
from services.link.office import Enrolling, OfficeNotReached, OfficeRefused, Past
from services.spool import upload


def enrol(box: Box, office: Enrolling, code: str) -> Enrolment:
    """Make `box` the till that the code stands for.

    Raises OfficeRefused, OfficeNotReached, BoxRefused, DiskRefused: then no folder is left that was
    not there before. Raises OfficeUnreachable where the answer was lost: then the key is kept, and
    the same code works again with it.
    """
    before = past(box)
    with _without_trace(box):
        durable.folder(box.keys)
        key = identity.device_key(box)
        who = office.enrol(code, signature.public_text(key), before)
        if before.till and before.till != who.name:
            raise OfficeRefused(
                f"This box is till {before.till}, and the code is for {who.name}. Make a new code "
                f"and enrol till {who.name} in an empty folder."
            )
    box.make()
    identity.keep(box, who)
    return who


@contextlib.contextmanager
def _without_trace(box: Box) -> Iterator[None]:
    key = box.keys / "device.pem"
    new = [path for path in (key, box.keys, *box.keys.parents) if not path.exists()]
    try:
        yield
    except (OfficeRefused, OfficeNotReached, BoxRefused, durable.DiskRefused):
        for path in new:
            with contextlib.suppress(OSError):
                path.unlink() if path == key else path.rmdir()
        raise


def past(box: Box) -> Past:
    """What the box has been: by its identity, else by its journal."""
    series = read.series_names(box.journal)
    till = _last_till(box.journal)
    trusts: tuple[str, ...] = ()
    with contextlib.suppress(BoxRefused):  # none, or damaged: then the journal says it
        who = identity.enrolment(box)
        till, trusts = who.name, who.trusted
    anchors = upload.cursor(box).anchors
    newest = max(anchors, key=lambda place: read.series_order(place[0]), default=None)
    return Past(
        till=till,
        entries=sum(read.last_number(box.journal, each) for each in series),
        trusts=trusts,
        newest=(*newest, anchors[newest]) if newest else None,
    )


def _last_till(journal: Path) -> str:
    """The till whose name the newest readable entry bears."""
    for series in reversed(read.series_names(journal)):
        for number in range(read.last_number(journal, series), 0, -1):
            with contextlib.suppress(OSError, xml.DocumentRefused):
                entry = read.Stored(series, number, read.place(journal, series, number)).entry()
                return f"{entry.branch}-{entry.till}"
    return ""
