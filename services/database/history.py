"""The history of a record: every field that ever changed, who changed it, when, and from what to what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from schemas import xml
from services.database.changes import Change


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after, as the document writes it; None where it is not there.

    field  its path: `tax`, or `code[4012345678901].pack` for a part that has a name of its own
    """

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a record. No differences: it was written again as it was."""

    change: int
    by: str
    at: datetime
    entry: str | None
    scope: str
    gone: bool
    new: bool
    differences: tuple[Difference, ...]


_NAMES = ("key", "value", "name", "number", "row", "kind", "article")
"""What tells parts of one kind from each other, the best first."""


def fields(document: bytes | None) -> dict[str, str]:
    """All that a document says, by path."""
    if document is None:
        return {}
    found: dict[str, str] = {}
    _walk(xml.parse(document), "", found)
    return found


def _walk(element: etree._Element, path: str, found: dict[str, str]) -> None:
    for name, value in element.attrib.items():
        found[f"{path}{name}"] = str(value)
    seen: Counter[str] = Counter()
    for part in element:
        tag = etree.QName(part).localname
        named = next((part.get(name) for name in _NAMES if part.get(name)), "")
        if tag == "key":  # of a keyboard: its place is its name
            named = f"{part.get('row')}/{part.get('column')}"
        step = f"{tag}[{named}]"
        seen[step] += 1
        if seen[step] > 1 or not named:
            step = f"{tag}[{named}#{seen[step]}]" if named else f"{tag}[{seen[step]}]"
        if not part.attrib and not len(part):
            found[f"{path}{step}"] = ""
        _walk(part, f"{path}{step}.", found)


def differences(before: bytes | None, after: bytes | None) -> tuple[Difference, ...]:
    """What differs between two forms of a record, in the order of their fields."""
    old, new = fields(before), fields(after)
    return tuple(
        Difference(name, old.get(name), new.get(name))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    )


def of(
    session: Session, kind: str, key: str, scopes: list[str] | None = None, limit: int = 200
) -> list[Step]:
    """The steps of a record, the newest first; of the scopes named, or of all."""
    query = sa.select(Change).where(Change.kind == kind, Change.key == key)
    if scopes is not None:
        query = query.where(Change.scope.in_(scopes))
    rows = list(session.scalars(query.order_by(Change.id.desc()).limit(limit + 1)))
    before: dict[str, Change] = {}
    steps: list[Step] = []
    for row in reversed(rows):
        last = before.get(row.scope)
        before[row.scope] = row
        steps.append(
            Step(
                row.id, row.by, row.made_at, row.entry, row.scope, row.document is None,
                last is None or last.document is None,
                differences(last.document if last else None, row.document),
            )
        )  # fmt: skip
    return steps[::-1][:limit]


def step(session: Session, change: Change) -> tuple[Difference, ...]:
    """What one change made of what stood before it."""
    before = session.scalar(
        sa.select(Change.document)
        .where(
            Change.scope == change.scope, Change.kind == change.kind, Change.key == change.key,
            Change.id < change.id,
        )
        .order_by(Change.id.desc())
        .limit(1)
    )  # fmt: skip
    return differences(before, change.document)


def between(session: Session, first: int, second: int) -> tuple[Difference, ...]:
    """What differs between any two changes of one record.

    Raises LookupError where they are not there, or are of two records.
    """
    one, two = session.get(Change, first), session.get(Change, second)
    if one is None or two is None or (one.kind, one.key) != (two.kind, two.key):
        raise LookupError(f"{first}, {second}")
    return differences(one.document, two.document)
