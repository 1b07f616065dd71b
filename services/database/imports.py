"""Imports as people make them in the browser: a file, how it is read, what it changes, what was taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.database.tables import Instant, Number, Table

STATES: Final = (
    "columns",
    "planning",
    "ready",
    "applying",
    "applied",
    "undoing",
    "undone",
    "failed",
)
WORKING: Final = ("planning", "applying", "undoing")
"""States in which the worker is at it, or will be."""


class ImportBatch(Table):
    """One file that somebody brought. The file lies beside head office under this key.

    state      see `STATES`; `before` is where a failed one stood
    headers    what its columns are called, with samples, as they were found
    reading    how it is read: columns, decimal sign, supplier, tax class
    prices_at  from when its prices hold that say nothing of it; None: when it is taken
    counts     what the dry run found, by kind, and what was taken
    change_set  the set that what is taken goes into; none: it holds as soon as it is taken
    entry      the audit log's entry of what it changed
    claim      the worker that is at it, since `claimed_at`
    """

    __tablename__ = "import_batch"

    key: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    size: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(10))
    said: Mapped[str | None] = mapped_column(sa.String(500))
    headers: Mapped[list[Any]] = mapped_column(sa.JSON)
    reading: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    prices_at: Mapped[datetime | None] = mapped_column(Instant)
    counts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    change_set: Mapped[int | None] = mapped_column(Number)
    entry: Mapped[str | None] = mapped_column(sa.String(16))
    by: Mapped[str] = mapped_column(sa.String(60))
    made_at: Mapped[datetime] = mapped_column(Instant)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    claim: Mapped[str | None] = mapped_column(sa.String(32))
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (sa.Index("ix_import_batch_state", "state"),)


class ImportRow(Table):
    """One thing that an import would do: a new article, a field that changes, a row that is faulty.

    kind     new, changed or faulty; `field` of an article that is there already
    outlier  why it stays unticked unless somebody says otherwise; none: it is ticked
    said     before and after, or why it is faulty; `fields` of the faulty row
    """

    __tablename__ = "import_row"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    batch: Mapped[str] = mapped_column(sa.String(32))
    line: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(sa.String(8))
    article: Mapped[str] = mapped_column(sa.String(40), default="")
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    field: Mapped[str] = mapped_column(sa.String(60), default="")
    outlier: Mapped[str | None] = mapped_column(sa.String(20))
    ticked: Mapped[bool]
    said: Mapped[dict[str, Any]] = mapped_column(sa.JSON)

    __table_args__ = (sa.Index("ix_import_row_batch", "batch", "kind", "outlier", "id"),)


class ImportColumns(Table):
    """How files with these headers were read the last time that somebody said so."""

    __tablename__ = "import_columns"

    signature: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    reading: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    by: Mapped[str] = mapped_column(sa.String(60))
    at: Mapped[datetime] = mapped_column(Instant)
