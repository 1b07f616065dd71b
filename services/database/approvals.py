"""Approvals by telephone: who let which till do what, and when. The answer itself is not kept."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.database.tables import Instant, Number, Table


class PhoneApproval(Table):
    """An answer that head office gave to a till's challenge.

    allowed  the right, as `permission.RIGHTS` calls it
    value    how far it reaches, in percent or currency units; None where it has no extent
    by_name  what the person was called when they gave it
    """

    __tablename__ = "phone_approval"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    branch: Mapped[str] = mapped_column(sa.String(12))
    till: Mapped[str] = mapped_column(sa.String(26))
    allowed: Mapped[str] = mapped_column(sa.String(40))
    value: Mapped[str | None] = mapped_column(sa.String(20))
    by: Mapped[str] = mapped_column(sa.String(60))
    by_name: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (sa.Index("ix_phone_approval_till", "till", "at"),)


def of_till(session: Session, till: str, limit: int = 20) -> list[PhoneApproval]:
    """The approvals of a till, newest first."""
    query = sa.select(PhoneApproval).where(PhoneApproval.till == till)
    newest = query.order_by(PhoneApproval.at.desc(), PhoneApproval.id.desc())
    return list(session.scalars(newest.limit(limit)))
