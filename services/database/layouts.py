"""Slip layouts at head office: each version is published once, and found again for ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.layout import Layout
from services.database import changes
from services.database.changes import CHAIN, Change, Published, RecordRefused

NEEDED: Final = ("firm", "head", "lines", "total", "tenders", "taxes")
"""What a receipt must say. Source: § 14 (4) UStG with § 33 UStDV; § 6 KassenSichV."""
_EVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a layout as it was let out: by whom, when, and for which scopes."""

    layout: Layout
    by: str
    at: datetime
    scopes: tuple[str, ...]


def put(session: Session, layout: Layout, by: str, scope: str = CHAIN) -> Layout:
    """Publish a layout as the next version of its key; answers it with its number.

    Raises RecordRefused where something that a receipt must say is missing, or may be.
    """
    made = numbered(session, layout)
    changes.record(session, made, scope, by)
    return made


def lacking(layout: Layout) -> list[str]:
    """The parts that a receipt must always have, and this layout has not, or only sometimes."""
    always = {block.kind for block in layout.blocks if block.when is None}
    return [kind for kind in NEEDED if kind not in always]


def check(layout: Layout) -> None:
    """Raise RecordRefused where something that a receipt must say is missing, or may be."""
    missing = lacking(layout)
    if missing:
        raise RecordRefused(
            f"a receipt must always say {', '.join(missing)}: add them, without a condition"
        )


def numbered(session: Session, layout: Layout) -> Layout:
    """The layout as the next version of its key; raises RecordRefused like `check`."""
    check(layout)
    newest = max((each.version for each in versions(session, layout.layout)), default=0)
    return replace(layout, version=newest + 1)


def versions(session: Session, key: str) -> Iterator[Layout]:
    """All versions of a layout that were ever published or wait for it, the newest edit first.

    What was deleted is among them: receipts were printed with it.
    """
    edits = (
        sa.select(Change.document)
        .where(Change.kind == "layout", _is(Change.key, key), Change.document.is_not(None))
        .order_by(Change.id.desc())
    )
    published = sa.select(Published.document).where(
        Published.scope == CHAIN, Published.kind == "layout", _is(Published.key, key)
    )
    for query in (edits, published):
        for document in session.scalars(query):
            if document:
                yield xml.load(Layout, document)


def version(session: Session, key: str, number: int) -> Layout | None:
    """A layout in the version that a receipt names."""
    return next((each for each in versions(session, key) if each.version == number), None)


def keys(session: Session) -> list[str]:
    """The keys of all layouts that there are or ever were."""
    found = session.scalars(sa.select(Change.key).where(Change.kind == "layout").distinct())
    return sorted({key.partition("|")[0] for key in found})


def editions(session: Session, key: str) -> list[Edition]:
    """Every version of a layout with who let it out, the newest first."""
    query = (
        sa.select(Change)
        .where(Change.kind == "layout", _is(Change.key, key), Change.document.is_not(None))
        .order_by(Change.id)
    )
    found: dict[int, Edition] = {}
    for row in session.scalars(query):
        layout = xml.load(Layout, row.document or b"")
        known = found.get(layout.version)
        before = known.scopes if known and known.layout == layout else ()
        scopes = tuple(dict.fromkeys((*before, row.scope)))
        found[layout.version] = Edition(layout, row.by, row.made_at, scopes)
    return [found[number] for number in sorted(found, reverse=True)]


def in_force(session: Session, key: str, at: datetime, branch: str | None = None) -> Layout | None:
    """The published version that tills print with at an instant; None where there is none.

    branch  its tills may have a version of their own; without it, what the chain has
    """
    scopes = [CHAIN, *([f"branch-{branch}"] if branch else [])]
    query = sa.select(Published.document).where(
        Published.scope.in_(scopes), Published.kind == "layout", _is(Published.key, key)
    )
    found = [xml.load(Layout, document) for document in session.scalars(query)]
    begun = [each for each in found if each.begins is None or each.begins <= at]
    return max(begun, key=lambda each: (each.begins or _EVER, each.version), default=None)


def _is(column: Any, key: str) -> sa.ColumnElement[bool]:
    """Versions that begin at some time have it in their key, behind a bar that no key contains."""
    return sa.or_(column == key, column.startswith(f"{key}|", autoescape=True))
