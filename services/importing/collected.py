"""What is taken of an import where a change set collects it: on top of what the set says already."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from schemas import xml
from schemas.article import Article, Group
from schemas.binding import tag
from services.database import changesets
from services.database.bulk import Prepared
from services.database.changes import CHAIN
from services.importing.articles import Plan, stands


def collect(
    session: Session, number: int, plan: Plan, ready: Sequence[Prepared], by: str, at: datetime
) -> int:
    """Put what an import changes into a set; answers how many names of suppliers stay out of it.

    Such a name is head office's own and no part of a record, so that no set holds it. Raises
    PlanOutdated (see `stands`), SetRefused, LookupError.
    """
    stands(session, plan)
    edits = {
        (edit.kind, edit.key): edit.document
        for edit in changesets.edits(session, number)
        if edit.scope == CHAIN
    }
    put = []
    for each in ready:
        name = tag(type(each.document))
        document = _upon(each.document, plan, edits.get((name, each.document.key)))
        if document is not None:
            put.append((document, CHAIN))
    changesets.collect(session, number, put, by, at)
    stood = {key: each.supplier for key, each in plan.before.items()}
    return sum(plan.suppliers[key] != stood.get(key) for key in (*plan.new, *plan.changed))


def _upon(document: Any, plan: Plan, drafted: bytes | None) -> Any:
    """What the set shall say: of an article what the file changes, and else what somebody drafted.

    None: nothing. A group that the file names without more stays as it was drafted.
    """
    if isinstance(document, Group):
        return document if drafted is None else None
    if not isinstance(document, Article):
        return document
    stood = plan.before.get(document.key)
    before = stood.article if stood is not None else Article(document.key)
    changed = {
        each.name: getattr(document, each.name)
        for each in dataclasses.fields(Article)
        if getattr(document, each.name) != getattr(before, each.name)
    }
    if stood is not None and not changed:
        return None
    return (
        document if drafted is None else dataclasses.replace(xml.load(Article, drafted), **changed)
    )
