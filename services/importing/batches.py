"""Imports in the browser, step by step: the file is kept, read, tried, taken, and taken back.

Pages only say what is to be done next (`state`); the worker does it, so that no page waits. What a
step changes is one transaction: a worker that dies in the middle has changed nothing.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database.headoffice import HeadOffice
from services.database.imports import WORKING, ImportBatch, ImportColumns, ImportRow
from services.database.organisation import units
from services.disk import durable
from services.importing import columns, outliers, sheet
from services.importing.columns import Choice
from services.importing.sheet import Sheet, SheetRefused

log = logging.getLogger(__name__)

LARGEST_UPLOAD: Final = 64 * 1024 * 1024
"""Bytes of a file that is brought through the browser."""
KEPT: Final = timedelta(days=30)
"""How long a file and its dry run are kept; what was taken stays, and can be undone after it."""
_SAMPLES: Final = 3
_PIECE: Final = 1024 * 1024
_SHOWN: Final = 60
_NEXT: Final = 1000
"""Rows between two notes of how far it is."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the worker is: the step (read, compare, write), and how much of it is done."""

    step: str = "waits"
    done: int = 0
    total: int = 0


def folder(office: HeadOffice) -> Path:
    """Where files lie that people brought."""
    return durable.folder(office.directory / "uploads")


def path_of(office: HeadOffice, key: str) -> Path:
    """Where a batch's file lies. Keys are ours, so that no name of a file leads elsewhere."""
    if not (key.isascii() and key.isalnum()):
        raise ValueError(key)
    return folder(office) / f"{key}.upload"


def begin(
    office: HeadOffice, stream: IO[bytes], name: str, by: str, now: datetime | None = None
) -> str:
    """Keep a file that somebody brings, and propose how to read it; answers its key.

    Raises SheetRefused where it is no table, or too large; nothing is kept then.
    """
    key = secrets.token_hex(12)
    path = path_of(office, key)
    shown = "".join(sign for sign in name if sign.isprintable())[-120:] or "?"
    try:
        size = _keep(path, stream, shown)
        first = sheet.read(path, shown, columns.headed, _SHOWN)
        with office.session() as session:
            batch = ImportBatch(
                key=key, name=shown, size=size, state="columns", by=by, counts={},
                made_at=now or datetime.now(UTC), headers=_headers(first),
                reading=proposed(session, first.columns),
            )  # fmt: skip
            session.add(batch)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return key


def _keep(path: Path, stream: IO[bytes], name: str) -> int:
    size = 0
    with path.open("xb") as file:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > LARGEST_UPLOAD:
                raise SheetRefused("large", name=name, most=LARGEST_UPLOAD // 2**20)
            file.write(piece)
    return size


def _headers(first: Sheet) -> list[Any]:
    """The file's columns, each with a few values that stand in it."""
    found = []
    for name in first.columns:
        values = dict.fromkeys(row.fields.get(name, "") for row in first.rows if name)
        samples = [clean(text)[:_SHOWN] for text in values if text][:_SAMPLES]
        if name:
            found.append([clean(name)[:200], samples])
    return found


def clean(text: str) -> str:
    """Text that a database keeps and a page shows, whatever a file holds."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def proposed(session: Session, headers: Iterable[str]) -> dict[str, Any]:
    """How a file with these headers was read the last time, else what its columns are taken for."""
    names = list(headers)
    learned = session.get(ImportColumns, columns.signature(names))
    if learned is not None and set(learned.reading["columns"].values()) <= set(names):
        return {**learned.reading, "learned": True}
    branches = {unit.name: unit.key for unit in units(session, "branch")}
    choice = columns.chosen(names, branches)
    return {
        "columns": dict(choice.columns), "point": "", "supplier": "", "format": choice.format,
        "taxes": dict(choice.taxes), "carried": choice.carried, "tax": "",
        "limit": outliers.USUAL_LIMIT,
    }  # fmt: skip


def choice_of(reading: Mapping[str, Any]) -> Choice:
    """How a batch is read."""
    return Choice(
        reading["columns"], reading["point"], reading["supplier"], reading["format"],
        reading["taxes"], reading["carried"],
    )  # fmt: skip


def read_as(session: Session, batch: ImportBatch, reading: dict[str, Any], by: str) -> None:
    """Somebody says how the file is to be read: it is tried so, and remembered for its like.

    Raises SheetRefused where its articles could not be told apart.
    """
    names = [name for name, _ in batch.headers]
    columns.check(choice_of(reading), names)
    reading.pop("learned", None)
    batch.reading = reading
    to_do(batch, "planning")
    session.merge(
        ImportColumns(
            signature=columns.signature(names), reading=reading, by=by, at=datetime.now(UTC)
        )
    )


def to_do(batch: ImportBatch, state: str) -> None:
    """Leave the next step to the worker."""
    batch.state, batch.said, batch.claim, batch.claimed_at = state, None, None, None


def locked(session: Session, key: str, state: str) -> ImportBatch | None:
    """A batch that stands so, for a change of it: of two who press a button only one is heard."""
    batch = session.get(ImportBatch, key, with_for_update=True)
    return batch if batch is not None and batch.state == state else None


def progress(office: HeadOffice, key: str) -> Progress:
    """How far the worker is with a batch."""
    try:
        found = json.loads(path_of(office, key).with_suffix(".progress").read_text())
        return Progress(str(found["step"]), int(found["done"]), int(found["total"]))
    except (OSError, ValueError, KeyError):
        return Progress()


class Meter:
    """Notes how far a step is, in a file beside the upload: a page reads it at any time.

    Not in the database: while SQLite writes what an import changes, nobody else may write.
    """

    def __init__(self, office: HeadOffice, key: str) -> None:
        self._path = path_of(office, key).with_suffix(".progress")

    def note(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say how far it is."""
        beside = self._path.with_suffix(".part")
        beside.write_text(json.dumps({"step": step, "done": done, "total": total}))
        beside.replace(self._path)

    def watch(self, step: str, total: int, items: Iterable[Any]) -> Iterator[Any]:
        """The items as they go by, noted now and then."""
        for n, item in enumerate(items):
            if n % _NEXT == 0:
                self.note(step, n, total)
            yield item
        self.note(step, total, total)

    def quiet_for(self) -> timedelta:
        """How long ago somebody said something here."""
        try:
            then = datetime.fromtimestamp(self._path.stat().st_mtime, UTC)
        except OSError:
            return timedelta.max
        return datetime.now(UTC) - then

    def gone(self) -> None:
        """The step is over."""
        self._path.unlink(missing_ok=True)


def drop(office: HeadOffice, session: Session, batch: ImportBatch) -> None:
    """Throw a file and its dry run away; what was taken of it stays, and is still named."""
    session.execute(sa.delete(ImportRow).where(ImportRow.batch == batch.key))
    for ending in (".upload", ".progress", ".part"):
        path_of(office, batch.key).with_suffix(ending).unlink(missing_ok=True)
    if batch.state not in {"applied", "undone"}:
        session.delete(batch)


def expire(office: HeadOffice, now: datetime | None = None) -> int:
    """Throw away what has been kept long enough; answers how many files."""
    before = (now or datetime.now(UTC)) - KEPT
    with office.session() as session:
        old = session.scalars(
            sa.select(ImportBatch).where(
                ImportBatch.made_at < before, ImportBatch.state.not_in(WORKING)
            )
        ).all()
        there = [batch for batch in old if path_of(office, batch.key).exists()]
        for batch in there:
            drop(office, session, batch)
    return len(there)
