"""Appending to the journal: durable here, and only here, before anything prints."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas import binding, xml
from schemas.customer import Registration
from schemas.drawer import Closing, Drawer
from schemas.journal import BEGINNING, Aborted, Entry, Note
from schemas.keys import BranchKey, Digest, TillKey
from schemas.receipt import Receipt, Stamp
from services.disk import durable
from services.journal import read
from services.register.refusal import StepRefused


class JournalDamaged(Exception):
    """The journal is not whole. The till goes on in a new series; call a technician."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a series stands; `entry` is the newest, once this process has written one."""

    series: str
    number: int = 0
    digest: Digest = BEGINNING
    receipt: int = 0
    chain: Digest = BEGINNING
    last: Receipt | None = None
    entry: Entry | None = None


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
        self,
        folder: Path,
        branch: BranchKey,
        till: TillKey,
        acknowledged: dict[str, int],
        first: str = "1",
    ) -> None:
        """Open at the newest series; begin a new one where the old cannot be proven whole.

        first         the series that head office gave this box to begin with
        acknowledged  the highest number of each series that head office has; a journal that
                      ends before that was cut, or comes from an old copy
        """
        self._folder = folder
        self._branch = branch
        self._till = till
        self._acknowledged = acknowledged
        self._first = first
        self.damage: str | None = None
        self._bucket: Path | None = None
        self.head = self._open()
        durable.sweep(read.place(folder, self.head.series, self.head.number).parent)

    def _open(self) -> Head:
        names = {*read.series_names(self._folder), *self._acknowledged, self._first}
        newest = max(names, key=read.series_order)
        try:
            found = head(self._folder, newest)
            if found.number >= self._acknowledged.get(newest, 0):
                return found
            self.damage = f"head office has more of series {newest} than this box"
        except JournalDamaged as damage:
            self.damage = str(damage)
        given, more = read.series_order(newest)
        return Head(f"{given}x{more + 1}")

    def holds(self, ref: str) -> bool:
        """Is the sale of this name done, finished or given up? Looks at the newest of each series."""
        return any(
            ref == name
            for series in read.series_names(self._folder)
            for name in _newest_refs(self._folder, series)
        )

    def append_receipt(
        self, make: Callable[[str, int], Receipt], stamp: Callable[[Receipt, Digest], Stamp]
    ) -> tuple[Receipt, Digest]:
        """Fix the receipt's number, stamp it and keep it; answers it with its entry's digest.

        make   the receipt for a series and number
        stamp  the fiscal module's stamp after the chain so far
        Raises DiskRefused where the disk does not take it: then there is no receipt. Raises
        Unconfirmed where it may not stay: then there is one, and `head.last` is it.
        """
        bare = make(self.head.series, self.head.receipt + 1)
        receipt = replace(bare, stamp=stamp(bare, self.head.chain))
        chain = receipt.stamp.chain if receipt.stamp else BEGINNING
        after = replace(self.head, receipt=receipt.number, chain=chain, last=receipt)
        self._append(after, receipt.ends, receipt=receipt)
        return receipt, self.head.digest

    def append(self, what: Drawer | Aborted | Closing | Note | Registration) -> None:
        """Keep something that is no receipt; raises as `append_receipt` does."""
        self._append(self.head, what.at, **{binding.tag(type(what)): what})

    def _append(
        self,
        after: Head,
        at: datetime,
        **what: Any,
    ) -> None:
        """Write the next entry; `after` is how the series stands then, but for number and digest."""
        number = self.head.number + 1
        entry = Entry(
            self._branch,
            self._till,
            self.head.series,
            number,
            self.head.digest,
            at,
            **what,
        )
        data = _sound(entry)
        path = read.place(self._folder, self.head.series, number)
        if path.parent != self._bucket:
            durable.folder(path.parent.parent)
            self._bucket = durable.folder(path.parent)
        after = replace(after, number=number, digest=xml.digest(data), entry=entry)
        try:
            durable.create(path, data)
        except durable.Unconfirmed:
            self.head = after
            raise
        except FileExistsError as error:
            self.head = self._open()
            raise durable.DiskRefused(error) from error
        self.head = after


def _sound(entry: Entry) -> bytes:
    """The entry's bytes, which its XSD allows; raises StepRefused for what no till could read again."""
    try:
        data = xml.dump(entry)
        xml.check(Entry.__module__, xml.parse(data))
    except ValueError as error:
        raise StepRefused("not-recordable", what=str(error)) from error
    return data


def _newest_refs(journal: Path, series: str, most: int = 20) -> Iterator[str | None]:
    newest = read.last_number(journal, series)
    for number in range(newest, max(0, newest - most), -1):
        with contextlib.suppress(OSError, xml.DocumentRefused):
            entry = read.Stored(series, number, read.place(journal, series, number)).entry()
            done = entry.receipt or entry.aborted
            yield done.ref if done else None
