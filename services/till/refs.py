"""Which sale a ref belongs to: derived from the journal, so that no ref is ever sold twice."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from schemas import xml
from schemas.keys import Digest
from schemas.receipt import Receipt
from services.disk.durable import DiskRefused
from services.journal import read


class Refs:
    """Looks refs up; catches up with the journal by itself. Losing the file costs time only."""

    def __init__(self, hand: Path, journal: Path) -> None:
        self._journal = journal
        path = hand / "refs.sqlite"
        try:
            self._known = _opened(path)
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)  # derived: what the journal says is put in again
            with self._disk():
                self._known = _opened(path)

    @contextlib.contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise DiskRefused(OSError(errno.EIO, str(error))) from error

    def find(self, ref: str) -> tuple[Receipt, Digest] | None:
        """The receipt that was sold under `ref`, and its entry's digest. Raises DiskRefused."""
        with self._disk():
            self._catch_up()
            row = self._known.execute(
                "select series, number from ref where ref = ?", (ref,)
            ).fetchone()
        if row is None:
            return None
        stored = read.Stored(row[0], row[1], read.place(self._journal, row[0], row[1]))
        receipt = stored.entry().receipt
        return (receipt, stored.digest()) if receipt and receipt.ref == ref else None

    def _catch_up(self) -> None:
        seen = dict(self._known.execute("select series, number from seen").fetchall())
        for series in read.series_names(self._journal):
            self._known.execute("begin")
            number = seen.get(series, 0)
            for stored in read.after(self._journal, series, number):
                number = stored.number
                try:
                    receipt = stored.entry().receipt
                except xml.DocumentRefused:
                    continue  # damaged: no sale can be answered from it
                if receipt and receipt.ref:
                    self._known.execute(
                        "insert or ignore into ref values (?, ?, ?)", (receipt.ref, series, number)
                    )
            self._known.execute("insert or replace into seen values (?, ?)", (series, number))
            self._known.execute("commit")

    def close(self) -> None:
        """Close the file."""
        self._known.close()


def _opened(path: Path) -> sqlite3.Connection:
    known = sqlite3.connect(path, isolation_level=None)
    try:
        known.execute("pragma synchronous = off")
        known.executescript(
            "create table if not exists ref(ref text primary key, series text, number integer);"
            "create table if not exists seen(series text primary key, number integer);"
        )
    except sqlite3.DatabaseError:
        known.close()
        raise
    return known
