"""Appending to the journal: durable here, and only here, before anything prints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from schemas import xml
from schemas.drawer import Drawer
from schemas.journal import BEGINNING, Aborted, Entry
from schemas.keys import BranchKey, Digest, TillKey
from schemas.receipt import Receipt, Stamp
from services.disk import durable
from services.journal import read


class JournalDamaged(Exception):
    """The journal is not whole. The till goes on in a new series; call a technician."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a series stands."""

    series: str
    number: int = 0
    digest: Digest = BEGINNING
    receipt: int = 0
    chain: Digest = BEGINNING
    last: Receipt | None = None


def head(journal: Path, series: str) -> Head:
    """Where a series stands, from its newest entries back to its newest receipt.

    Raises JournalDamaged where one of these is missing or unsound.
    """
    newest = read.last_number(journal, series)
    found = Head(series)
    expected: Digest | None = None
    for number in range(newest, 0, -1):
        path = read.place(journal, series, number)
        try:
            data = path.read_bytes()
            entry = xml.load(Entry, data)
        except (OSError, xml.DocumentRefused) as error:
            raise JournalDamaged(f"{path}: {error}") from error
        if expected is not None and xml.digest(data) != expected:
            raise JournalDamaged(f"{path}: is not what the next entry was chained to")
        if number == newest:
            found = replace(found, number=newest, digest=xml.digest(data))
        expected = entry.previous
        if entry.receipt is not None:
            stamp = entry.receipt.stamp
            chain = stamp.chain if stamp else BEGINNING
            return replace(found, receipt=entry.receipt.number, chain=chain, last=entry.receipt)
    return found


class Journal:
    """One till's journal, open for writing. The caller holds the box's lock."""

    def __init__(
        self, folder: Path, branch: BranchKey, till: TillKey, acknowledged: dict[str, int]
    ) -> None:
        """Open at the newest series; begin a new one where the old cannot be proven whole.

        acknowledged  the highest number of each series that head office has; a journal that
                      ends before that was cut, or comes from an old copy
        """
        self._folder = folder
        self._branch = branch
        self._till = till
        self._acknowledged = acknowledged
        self.damage: str | None = None
        self._bucket: Path | None = None
        self.head = self._open()

    def _open(self) -> Head:
        names = read.series_names(self._folder)
        known = sorted({*names, *self._acknowledged}, key=lambda n: (len(n), n))
        if not known:
            return Head("1")
        newest = known[-1]
        try:
            found = head(self._folder, newest)
            if found.number >= self._acknowledged.get(newest, 0):
                return found
            self.damage = f"head office has more of series {newest} than this box"
        except JournalDamaged as damage:
            self.damage = str(damage)
        return Head(str(int(newest) + 1))

    def reopen(self) -> None:
        """Look again at what is on disk, after the disk refused a write."""
        self.head = self._open()

    def append_receipt(
        self, make: Callable[[str, int], Receipt], stamp: Callable[[Receipt, Digest], Stamp]
    ) -> tuple[Receipt, Digest]:
        """Fix the receipt's number, stamp it and keep it; answers it with its entry's digest.

        make   the receipt for a series and number
        stamp  the fiscal module's stamp after the chain so far
        Raises DiskRefused where the disk does not keep it: then there is no receipt.
        """
        bare = make(self.head.series, self.head.receipt + 1)
        receipt = replace(bare, stamp=stamp(bare, self.head.chain))
        self._append(receipt.ends, receipt=receipt)
        chain = receipt.stamp.chain if receipt.stamp else BEGINNING
        self.head = replace(self.head, receipt=receipt.number, chain=chain, last=receipt)
        return receipt, self.head.digest

    def append(self, what: Drawer | Aborted) -> None:
        """Keep a drawer event or an aborted sale."""
        if isinstance(what, Drawer):
            self._append(what.at, drawer=what)
        else:
            self._append(what.at, aborted=what)

    def _append(
        self,
        at: datetime,
        *,
        receipt: Receipt | None = None,
        drawer: Drawer | None = None,
        aborted: Aborted | None = None,
    ) -> None:
        number = self.head.number + 1
        entry = Entry(
            self._branch,
            self._till,
            self.head.series,
            number,
            self.head.digest,
            at,
            receipt,
            drawer,
            aborted,
        )
        data = xml.dump(entry)
        path = read.place(self._folder, self.head.series, number)
        if path.parent != self._bucket:
            durable.folder(path.parent.parent)
            self._bucket = durable.folder(path.parent)
        durable.create(path, data)
        self.head = replace(self.head, number=number, digest=xml.digest(data))
