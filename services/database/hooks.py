"""Messages to programs of others: who wants to hear of what, and what waits to be told."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from services.database.tables import Instant, Number, Table

EVENTS: Final = (
    "article.changed", "model.changed", "group.changed", "picture.changed", "price.changed",
    "promotion.changed", "customer.changed", "receipt.received", "z.received", "cash.moved",
)  # fmt: skip
"""What somebody may want to hear of."""


class HookRow(Table):
    """Somebody who wants to hear of something. `branch`: only of this one; none: of the company.

    secret         what messages are signed with, 32 random bytes in base64; both sides must have it
    state          on, off (somebody paused it), stopped (it was not heard for days)
    failures       how often in a row it did not take a message, first at `failing_since`
    next_at        not before this is it tried again
    """

    __tablename__ = "hook"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    url: Mapped[str] = mapped_column(sa.String(500))
    events: Mapped[str] = mapped_column(sa.String(200))
    branch: Mapped[str | None] = mapped_column(sa.String(12))
    secret: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[str] = mapped_column(sa.String(8))
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(Instant)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    said: Mapped[str | None] = mapped_column(sa.String(300))
    made_by: Mapped[str] = mapped_column(sa.String(60))
    made_at: Mapped[datetime] = mapped_column(Instant)

    def wants(self, event: str) -> bool:
        """Does it want to hear of this?"""
        return event in self.events.split()


class HookMessage(Table):
    """One message to one hook. `source` is what it is about: of one thing, a hook hears once.

    state  waiting, sending (a worker is at it since `began_at`), sent, refused (it will not take it)
    """

    __tablename__ = "hook_message"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)
    hook: Mapped[int] = mapped_column(sa.ForeignKey("hook.id"))
    event: Mapped[str] = mapped_column(sa.String(20))
    source: Mapped[str] = mapped_column(sa.String(160))
    body: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.String(8))
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(Instant)
    next_at: Mapped[datetime] = mapped_column(Instant)
    began_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    status: Mapped[int | None]
    said: Mapped[str | None] = mapped_column(sa.String(300))

    __table_args__ = (
        sa.UniqueConstraint("hook", "source"),
        sa.Index("ix_hook_message_due", "state", "next_at"),
        sa.Index("ix_hook_message_made", "made_at"),
    )


class HookCursor(Table):
    """Up to which revision of a scope the changes have been told."""

    __tablename__ = "hook_cursor"

    scope: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    revision: Mapped[int]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened. `branch`: where; None: everywhere. `source`: what it is, once.

    among  who hears of one branch hears of it only where that is among these; None: wherever
    """

    event: str
    source: str
    branch: str | None
    data: dict[str, Any]
    among: frozenset[str] | None = None


def subject(source: str) -> str:
    """The record that a message is about: what is said of one is told in its order."""
    return source if source.startswith("entry:") else source.split(":", 2)[-1]


def tell(connection: sa.Connection, happenings: Iterable[Happening], at: datetime) -> int:
    """Put what happened into the queue of everybody who wants to hear of it, in the caller's transaction.

    The same again is told once. Answers how many messages there are of it.
    """
    hooks = connection.execute(
        sa.select(HookRow.id, HookRow.events, HookRow.branch).where(HookRow.state == "on")
    ).all()
    if not hooks:
        return 0
    rows = []
    for each in happenings:
        said = {"type": each.event, "timestamp": at.isoformat(), "data": each.data}
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        rows += [
            {"name": f"msg_{secrets.token_hex(14)}", "hook": hook.id, "event": each.event,
             "source": each.source[:160], "body": body, "state": "waiting", "tries": 0,
             "made_at": at, "next_at": at}
            for hook in hooks
            if each.event in hook.events.split() and _meets(hook.branch, each)
        ]  # fmt: skip
    insert = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
    statement = insert(HookMessage).on_conflict_do_nothing()
    for begin in range(0, len(rows), 1000):
        connection.execute(statement, rows[begin : begin + 1000])
    return len(rows)


def _meets(hears: str | None, happened: Happening) -> bool:
    """Does who hears of one branch hear of this?"""
    if hears is None:
        return True
    if happened.among is not None:
        return hears in happened.among
    return happened.branch in {None, hears}
