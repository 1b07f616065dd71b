"""Questions about what should be rare: unknown codes, and what each cashier does more than others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database.articles import ArticleCode
from services.database.sales import NoteRow


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A code that was scanned and no article bears, how often, where last."""

    code: str
    many: int
    branches: int
    last_at: datetime


def unknown_codes(
    session: Session, branch: str | None, first: date, last: date, limit: int = 200
) -> list[UnknownCode]:
    """Codes that are still unknown, the most frequent first."""
    known = sa.exists().where(ArticleCode.value == NoteRow.reason)
    wanted = (
        sa.select(
            NoteRow.reason,
            sa.func.count().label("many"),
            sa.func.count(sa.distinct(NoteRow.branch)).label("branches"),
            sa.func.max(NoteRow.at).label("last_at"),
        )
        .where(NoteRow.kind == "unknown-code", NoteRow.day >= first, NoteRow.day <= last, ~known)
        .group_by(NoteRow.reason)
        .order_by(sa.desc("many"), NoteRow.reason)
        .limit(limit)
    )
    if branch is not None:
        wanted = wanted.where(NoteRow.branch == branch)
    return [UnknownCode(r.reason, r.many, r.branches, r.last_at) for r in session.execute(wanted)]
