"""Receipts that wait to go by e-mail, and what became of each. The address is personal data."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.database.sales import Place
from services.database.tables import Instant, Table


class MailRow(Table):
    """One receipt that somebody wants by e-mail; its key is the journal entry that says so.

    receipt_series, receipt   the receipt, of the same till
    state      waiting, sending (a worker is at it since `began_at`), sent, refused
    perhaps    a worker died, or the line broke, after the letter may have been taken
    said       why not yet, or why not at all; never with an address in it
    """

    __tablename__ = "mail"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    receipt_series: Mapped[str] = mapped_column(Place)
    receipt: Mapped[int]
    address: Mapped[str] = mapped_column(sa.String(254))
    state: Mapped[str] = mapped_column(sa.String(10))
    perhaps: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(Instant)
    next_at: Mapped[datetime] = mapped_column(Instant)
    began_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    said: Mapped[str | None] = mapped_column(sa.String(300))

    __table_args__ = (
        sa.Index("ix_mail_due", "state", "next_at"),
        sa.Index("ix_mail_made", "made_at", "branch"),
    )
