"""Imports as lists: what was brought, and what one of them would change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database.imports import ImportBatch, ImportRow


def batches(session: Session, size: int, number: int) -> tuple[Sequence[ImportBatch], int]:
    """What was brought, newest first; and how much that is."""
    count = session.scalar(sa.select(sa.func.count()).select_from(ImportBatch)) or 0
    query = sa.select(ImportBatch).order_by(ImportBatch.made_at.desc(), ImportBatch.key)
    return session.scalars(query.limit(size).offset((number - 1) * size)).all(), count


def which(batch: str, kind: str, why: str) -> list[Any]:
    """The rows of a kind; `why`: an outlier's reason, `outliers` all of them, `prices` price changes."""
    found: list[Any] = [ImportRow.batch == batch, ImportRow.kind == kind]
    if why == "prices":
        found.append(ImportRow.field.like("price%"))
    elif why == "outliers":
        found.append(ImportRow.outlier.is_not(None))
    elif why:
        found.append(ImportRow.outlier == why)
    return found


def rows(
    session: Session, batch: str, kind: str, why: str, size: int, number: int
) -> tuple[Sequence[ImportRow], int]:
    """A page of what a batch would change, in the file's order; and how much that is."""
    where = which(batch, kind, why)
    count = session.scalar(sa.select(sa.func.count()).select_from(ImportRow).where(*where)) or 0
    query = sa.select(ImportRow).where(*where).order_by(ImportRow.id)
    return session.scalars(query.limit(size).offset((number - 1) * size)).all(), count


def reasons(session: Session, batch: str, kind: str) -> dict[str, int]:
    """How many outliers there are for each reason, and how many prices change."""
    query = sa.select(ImportRow.outlier, sa.func.count()).where(
        ImportRow.batch == batch, ImportRow.kind == kind, ImportRow.outlier.is_not(None)
    )
    found = {str(row[0]): int(row[1]) for row in session.execute(query.group_by(ImportRow.outlier))}
    prices = sa.select(sa.func.count()).select_from(ImportRow).where(*which(batch, kind, "prices"))
    return {"prices": session.scalar(prices) or 0, "outliers": sum(found.values()), **found}


def ticked(session: Session, batch: str) -> int:
    """How much of it would be taken."""
    query = sa.select(sa.func.count()).select_from(ImportRow)
    return session.scalar(query.where(ImportRow.batch == batch, ImportRow.ticked)) or 0
