"""Upload: hand the journal's entries to head office, in order, from a durable cursor on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from schemas import xml
from schemas.journal import Acknowledgement, Entry, Refused
from services.disk import durable
from services.disk.box import Box
from services.journal import read
from services.link.office import Office

log = logging.getLogger(__name__)

BATCH: Final = 200
"""Entries a call carries at most."""
BATCH_BYTES: Final = 4 * 1024 * 1024
_NOTED: Final = 1000
"""Refused entries that the box keeps a note of; head office has them all."""


class EntriesUnreadable(Exception):
    """A file of the journal is missing, or the disk does not give it back. The message names it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"Journal file {path} is missing or cannot be read. Call a technician.")


def cursor(box: Box) -> Acknowledgement:
    """What head office has acknowledged; empty before the first time."""
    try:
        return xml.load(Acknowledgement, (box.spool / "acknowledged.xml").read_bytes())
    except (FileNotFoundError, xml.DocumentRefused):
        return Acknowledgement()  # head office knows better; the next call asks it


def keep(box: Box, acknowledgement: Acknowledgement) -> None:
    """Keep the cursor; what head office refused stays noted beside it."""
    for refused in acknowledgement.refused:
        log.error(
            "entry refused series=%s number=%d why=%s",
            refused.series,
            refused.number,
            refused.reason,
        )
    if acknowledgement.refused:
        old = {(each.series, each.number): each for each in put_aside(box)}
        new = {(each.series, each.number): each for each in acknowledgement.refused}
        noted = tuple((old | new).values())[-_NOTED:]
        durable.replace(box.spool / "refused.xml", xml.dump(Acknowledgement(refused=noted)))
    durable.replace(
        box.spool / "acknowledged.xml", xml.dump(Acknowledgement(acknowledgement.through))
    )


def put_aside(box: Box) -> tuple[Refused, ...]:
    """The entries that head office has put aside, and why; the newest last."""
    try:
        return xml.load(Acknowledgement, (box.spool / "refused.xml").read_bytes()).refused
    except (FileNotFoundError, xml.DocumentRefused):
        return ()


def pending(box: Box, known: Acknowledgement) -> Iterator[read.Stored]:
    """The entries that head office has not, oldest first; what is missing here is passed over."""
    for series in read.series_names(box.journal):
        for stored in read.present(box.journal, series, known.numbers.get(series, 0)):
            if not known.has(series, stored.number):
                yield stored


def lost(box: Box, known: Acknowledgement) -> Path | None:
    """The first file that is missing on this box and in head office; None where none is."""
    for through in known.through:
        for gap in through.missing:
            for number in range(gap.first, gap.last + 1):
                path = read.place(box.journal, through.series, number)
                if not path.exists():
                    return path
    return None


def waiting(box: Box) -> tuple[int, datetime | None]:
    """How many entries wait, and when the oldest was made."""
    known = cursor(box)
    many = 0
    for series in read.series_names(box.journal):
        many += max(0, read.last_number(box.journal, series) - known.highest(series))
    if not many and not any(through.missing for through in known.through):
        return 0, None
    behind = [gap for through in known.through for gap in through.missing]
    waiting = pending(box, known)
    oldest = next(waiting, None)
    if oldest is None:
        return 0, None
    if behind:
        many = 1 + sum(1 for _ in waiting)
    try:
        entry: Entry = oldest.entry()
    except (OSError, xml.DocumentRefused):
        return many, None
    return many, entry.at


def upload(office: Office, box: Box) -> int:
    """Hand over everything that waits, batch by batch; answers how many entries went.

    Raises OfficeUnreachable or OfficeRefused; what was acknowledged before stays so. Raises
    EntriesUnreadable at the end where files could not be read: all others have gone.
    """
    sent = 0
    known = cursor(box)
    unreadable: dict[tuple[str, int], Path] = {}
    while batch := _batch(box, known, unreadable):
        known = office.upload([(s.series, s.number, data) for s, data in batch])
        keep(box, known)
        stays = [s for s, _ in batch if not known.has(s.series, s.number)]
        if stays:
            log.warning("head office has less than it was sent series=%s", stays[0].series)
            return sent
        sent += len(batch)
    if unreadable:
        raise EntriesUnreadable(next(iter(unreadable.values())))
    missing = lost(box, known)
    if missing is not None:
        raise EntriesUnreadable(missing)
    return sent


def _batch(
    box: Box, known: Acknowledgement, unreadable: dict[tuple[str, int], Path]
) -> list[tuple[read.Stored, bytes]]:
    size = 0
    batch: list[tuple[read.Stored, bytes]] = []
    for stored in pending(box, known):
        if (stored.series, stored.number) in unreadable:
            continue
        try:
            data = stored.data()
        except OSError as error:
            log.error("entry unreadable path=%s why=%s", stored.path, error)
            unreadable[stored.series, stored.number] = stored.path
            continue
        batch.append((stored, data))
        size += len(data)
        if len(batch) == BATCH or size > BATCH_BYTES:
            break
    return batch
