"""Saved views: questions to a list that somebody asks again and again, kept under a name."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.database.tables import Number, Table

MOST: Final = 30
"""Views of one person on one page; more than that nobody finds again."""


class SavedView(Table):
    """A question to a list. `shared`: everybody sees it; only its owner takes it away.

    question  what stands behind the `?` of its address
    """

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    owner: Mapped[str] = mapped_column(sa.String(60))
    page: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(60))
    question: Mapped[str] = mapped_column(sa.String(1000))
    shared: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (sa.UniqueConstraint("owner", "page", "name"),)


def of(session: Session, owner: str, page: str) -> list[SavedView]:
    """The views that somebody has of a page: their own, and those that others share."""
    query = sa.select(SavedView).where(
        SavedView.page == page, sa.or_(SavedView.owner == owner, SavedView.shared)
    )
    return list(session.scalars(query.order_by(SavedView.name, SavedView.id)))


def keep(
    session: Session, owner: str, page: str, name: str, question: str, *, shared: bool
) -> SavedView | None:
    """Keep a view; one of the same name is replaced. None where there are too many."""
    query = sa.select(SavedView).where(
        SavedView.owner == owner, SavedView.page == page, SavedView.name == name
    )
    found = session.scalar(query)
    if found is None:
        mine = sum(1 for view in of(session, owner, page) if view.owner == owner)
        if mine >= MOST:
            return None
        found = SavedView(owner=owner, page=page, name=name)
        session.add(found)
    found.question, found.shared = question, shared
    return found


def drop(session: Session, owner: str, number: int) -> None:
    """Take a view away; another person's stays."""
    found = session.get(SavedView, number)
    if found is not None and found.owner == owner:
        session.delete(found)
