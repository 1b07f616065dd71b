"""Letters with receipts: what waits, what went, what was refused and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database.mails import MailRow


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, for people: the address is shown as far as it helps to tell it.

    shown_to  the first sign and the part behind the @
    """

    branch: str
    till: str
    series: str
    receipt: int
    shown_to: str
    state: str
    perhaps: bool
    tries: int
    made_at: datetime
    next_at: datetime
    sent_at: datetime | None
    said: str | None


def page(
    session: Session, branch: str | None, begins: datetime, ends: datetime, state: str | None,
    limit: int, after: int,
) -> tuple[list[Letter], int]:  # fmt: skip
    """Letters that were asked for in [begins, ends), newest first, and how many there are."""
    wanted: list[Any] = [MailRow.made_at >= begins, MailRow.made_at < ends]
    if branch is not None:
        wanted.append(MailRow.branch == branch)
    if state is not None:
        states = ("waiting", "sending") if state == "waiting" else (state,)
        wanted.append(MailRow.state.in_(states))
    count = session.scalar(sa.select(sa.func.count()).select_from(MailRow).where(*wanted)) or 0
    newest = (MailRow.made_at.desc(), MailRow.branch, MailRow.till, MailRow.number.desc())
    rows = session.scalars(
        sa.select(MailRow).where(*wanted).order_by(*newest).limit(limit).offset(after)
    )
    return [_letter(row) for row in rows], count


def _letter(row: MailRow) -> Letter:
    name, _, place = row.address.rpartition("@")
    return Letter(
        row.branch, row.till, row.receipt_series, row.receipt, f"{name[:1]}…@{place}", row.state,
        row.perhaps, row.tries, row.made_at, row.next_at, row.sent_at, row.said,
    )  # fmt: skip
