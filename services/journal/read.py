"""Reading the journal: which entries there are, and what lies in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schemas import xml
from schemas.journal import Entry
from schemas.keys import Digest

BUCKET: Final = 10_000
"""Entries a folder holds."""
DIGITS: Final = 10


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry's file: its place in the journal, and the bytes as written."""

    series: str
    number: int
    path: Path

    def data(self) -> bytes:
        """The bytes as written."""
        return self.path.read_bytes()

    def entry(self) -> Entry:
        """The entry; raises DocumentRefused where the file is damaged."""
        return xml.load(Entry, self.data())

    def digest(self) -> Digest:
        """The digest over the bytes as written."""
        return xml.digest(self.data())


def place(journal: Path, series: str, number: int) -> Path:
    """Where entry `number` of a series lies."""
    return journal / series / f"{number // BUCKET:06d}" / f"{number:0{DIGITS}d}.xml"


def series_names(journal: Path) -> list[str]:
    """The series that have begun, oldest first."""
    if not journal.is_dir():
        return []
    return sorted((p.name for p in journal.iterdir() if p.is_dir()), key=lambda n: (len(n), n))


def last_number(journal: Path, series: str) -> int:
    """The highest number of a series; 0 where it has no entry."""
    buckets = sorted(p for p in (journal / series).glob("[0-9]*") if p.is_dir())
    for bucket in reversed(buckets):
        names = [p.stem for p in bucket.glob("[0-9]*.xml")]
        if names:
            return int(max(names))
    return 0


def after(journal: Path, series: str, number: int) -> Iterator[Stored]:
    """The entries of a series after `number`, in order, up to the first that is not there."""
    number += 1
    while (path := place(journal, series, number)).exists():
        yield Stored(series, number, path)
        number += 1


def everything(journal: Path) -> Iterator[Stored]:
    """All entries of all series, oldest series first."""
    for series in series_names(journal):
        yield from after(journal, series, 0)


def waiting(journal: Path, acknowledged: dict[str, int]) -> int:
    """How many entries head office has not acknowledged; counts by numbers, opens no file."""
    return sum(
        last_number(journal, series) - acknowledged.get(series, 0)
        for series in series_names(journal)
    )
