"""Reading the journal: which entries there are, and what lies in each."""

from __future__ import annotations

import re
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
_SERIES: Final = re.compile(r"[0-9]{1,5}(x[0-9]{1,5})?")


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


def series_order(name: str) -> tuple[int, int]:
    """Series in the order of their beginning: `2` is a box's first, `2x1` its next after damage.

    The number before the x is given by head office, a new one for each enrolment, so that no two
    boxes ever write under one name.
    """
    given, _, more = name.partition("x")
    return int(given), int(more or 0)


def place(journal: Path, series: str, number: int) -> Path:
    """Where entry `number` of a series lies."""
    return journal / series / f"{number // BUCKET:06d}" / f"{number:0{DIGITS}d}.xml"


def series_names(journal: Path) -> list[str]:
    """The series that have begun, oldest first."""
    if not journal.is_dir():
        return []
    names = (p.name for p in journal.iterdir() if p.is_dir())
    return sorted((name for name in names if _SERIES.fullmatch(name)), key=series_order)


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


def present(journal: Path, series: str, number: int) -> Iterator[Stored]:
    """The entries of a series after `number`, in order; what is missing in between is passed over."""
    for each in range(number + 1, last_number(journal, series) + 1):
        path = place(journal, series, each)
        if path.exists():
            yield Stored(series, each, path)


def everything(journal: Path) -> Iterator[Stored]:
    """All entries of all series, oldest series first."""
    for series in series_names(journal):
        yield from present(journal, series, 0)
