"""Upload: hand the journal's entries to head office, in order, from a durable cursor on."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from schemas import xml
from schemas.journal import Acknowledgement, Entry
from services.disk import durable
from services.disk.box import Box
from services.journal import read
from services.link.office import Office

log = logging.getLogger(__name__)

BATCH: Final = 200
"""Entries a call carries at most."""
BATCH_BYTES: Final = 4 * 1024 * 1024


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
    durable.replace(
        box.spool / "acknowledged.xml", xml.dump(Acknowledgement(acknowledgement.through))
    )


def pending(box: Box, known: Acknowledgement) -> Iterator[read.Stored]:
    """The entries that head office has not acknowledged, oldest first."""
    for series in read.series_names(box.journal):
        yield from read.after(box.journal, series, known.numbers.get(series, 0))


def waiting(box: Box) -> tuple[int, datetime | None]:
    """How many entries wait, and when the oldest was made."""
    known = cursor(box)
    many = read.waiting(box.journal, known.numbers)
    oldest = next(pending(box, known), None) if many > 0 else None
    if oldest is None:
        return max(0, many), None
    try:
        entry: Entry = oldest.entry()
    except xml.DocumentRefused:
        return many, None
    return many, entry.at


def upload(office: Office, box: Box) -> int:
    """Hand over everything that waits, batch by batch; answers how many entries went.

    Raises OfficeUnreachable or OfficeRefused; what was acknowledged before stays so.
    """
    sent = 0
    known = cursor(box)
    while batch := list(_batch(box, known)):
        known = office.upload([(s.series, s.number, s.data()) for s in batch])
        keep(box, known)
        last = batch[-1]
        if known.numbers.get(last.series, 0) < last.number:
            log.warning("head office has less than it was sent series=%s", last.series)
            return sent
        sent += len(batch)
    return sent


def _batch(box: Box, known: Acknowledgement) -> Iterator[read.Stored]:
    size = 0
    for stored in itertools.islice(pending(box, known), BATCH):
        size += stored.path.stat().st_size
        yield stored
        if size > BATCH_BYTES:
            return
