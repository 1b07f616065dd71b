"""Drafts in the editors of layouts and keyboards: found, saved at each touch, taken back."""

from __future__ import annotations

from typing import Any

from backoffice import access, database
from backoffice.changes import keeping
from services.database import drafts
from services.database.drafts import Draft


def _within() -> int | None:
    into = keeping.collecting()
    return into.id if into is not None else None


def find(kind: str, key: str) -> Draft | None:
    """The draft that this person works on: of the set that they collect into, else of any open one."""
    return drafts.find(database.session(), kind, key, _within())


def keys(kind: str) -> list[str]:
    """The records of a kind that somebody drafts."""
    return drafts.keys(database.session(), kind)


def keep(document: Any, seen: str, title: str) -> int:
    """Save it; answers the set's number. Raises Overtaken, SetRefused, RecordRefused."""
    within, by = _within(), access.person().name
    with database.writing() as session:
        return drafts.keep(session, document, by, seen=seen, title=title, within=within)


def undo(kind: str, key: str, seen: str) -> None:
    """Take the last save back. Raises Overtaken, SetRefused."""
    within, by = _within(), access.person().name
    with database.writing() as session:
        drafts.undo(session, kind, key, by, seen=seen, within=within)
