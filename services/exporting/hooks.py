"""Telling others: what was published is put into their queues, and the queues are worked off.

Each message is on record before it is sent and after. HTTP cannot promise more than that: where the
answer was lost, the message goes again under the same `webhook-id`, by which the receiver can tell.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from schemas import xml
from schemas.price import Price
from services.database import changes
from services.database.changes import CHAIN, CUSTOMERS, Change
from services.database.headoffice import HeadOffice
from services.database.hooks import Happening, HookCursor, HookMessage, HookRow, tell
from services.exporting import post
from services.exporting.post import Answer, Gate

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
LEASE: Final = timedelta(minutes=2)
"""After so long nobody is at a message any more: its worker died."""
GIVE_UP: Final = timedelta(days=5)
"""A hook that has taken nothing for so long is stopped, and head office says so."""
KEPT: Final = timedelta(days=30)
"""How long messages are kept that were sent, or refused."""
_AT_ONCE: Final = 100
_HOOKS_AT_ONCE: Final = 8
_REVISIONS: Final = 5
_LEAST_S: Final = 5
_MOST_S: Final = 4 * 3600
_REFUSED_AFTER: Final = 6
"""So many times a message is sent to a hook that answers it with a fault of the message's own."""
_OURS: Final = frozenset({400, 409, 411, 413, 415, 422})
"""Statuses by which a hook refuses this one message; all others are about the hook itself."""
_KINDS: Final = {
    "article": "article.changed",
    "price": "price.changed",
    "customer": "customer.changed",
}

Send = Callable[[str, str, str, bytes, int, Gate], Answer]


def run(office: HeadOffice, gate: Gate, stop: threading.Event) -> None:
    """Tell what there is to tell, until `stop`."""
    while not stop.is_set():
        try:
            while (feed(office) or once(office, gate)) and not stop.is_set():
                pass
            sweep(office)
        except OperationalError as error:  # the database is away: the next look tries again
            log.warning("hooks not looked at why=%s", type(error).__name__)
        stop.wait(LOOK_S)


# What was published


def feed(office: HeadOffice, now: datetime | None = None) -> int:
    """Put what was published since the last time into the queues; answers how many changes that were.

    Revisions are given in one serial step, so that none comes in below one that was told already.
    """
    at = now or datetime.now(UTC)
    done = 0
    for scope in (CHAIN, CUSTOMERS):
        with office.reading() as session:
            newest = changes.revision(session, scope)
            cursor = session.get(HookCursor, scope)
        if newest is None or (cursor is not None and cursor.revision >= newest.number):
            continue
        with office.session() as session:
            done += _feed_scope(session, scope, newest.number, at)
    return done


def _feed_scope(session: Session, scope: str, newest: int, at: datetime) -> int:
    cursor = session.get(HookCursor, scope, with_for_update=True)
    if cursor is None:
        session.add(HookCursor(scope=scope, revision=newest))  # what was before is not told
        return 0
    begins, cursor.revision = cursor.revision, min(newest, cursor.revision + _REVISIONS)
    if session.scalar(sa.select(sa.func.count()).where(HookRow.state == "on")) == 0:
        cursor.revision = newest
        return 0
    query = (
        sa.select(Change.kind, Change.key, Change.revision, Change.document)
        .where(
            Change.scope == scope, Change.revision > begins, Change.revision <= cursor.revision,
            Change.kind.in_(_KINDS),
        )
        .order_by(Change.id)
    )  # fmt: skip
    last = {(row.kind, row.key, row.revision): row for row in session.execute(query)}
    tell(session.connection(), [_happening(scope, row) for row in last.values()], at)
    return cursor.revision - begins


def _happening(scope: str, row: Any) -> Happening:
    source = f"{scope}:{row.revision}:{row.kind}:{row.key}"
    if row.kind != "price":
        data = {"number": row.key, "removed": row.document is None}
        return Happening(_KINDS[row.kind], source, None, data)
    article, branch, begins, *_ = row.key.split("|")
    said: dict[str, Any] = {"article": article, "branch": branch or None, "from": begins,
                            "removed": row.document is None}  # fmt: skip
    if row.document is not None:
        price = xml.load(Price, row.document)
        said |= {
            "amount": price.amount.number, "currency": price.amount.currency,
            "until": price.ends.isoformat() if price.ends else None,
            "price_list": price.price_list, "customers": price.customers,
        }  # fmt: skip
    return Happening("price.changed", source, branch or None, said)


# What waits


def once(
    office: HeadOffice, gate: Gate, now: datetime | None = None, send: Send = post.send
) -> int:
    """Send what is due now, to several hooks at once, to each in order; answers how many were tried."""
    at = now or datetime.now(UTC)
    _orphans(office, at)
    with office.reading() as session:
        hooks = session.scalars(
            sa.select(HookRow.id).where(
                HookRow.state == "on", sa.or_(HookRow.next_at.is_(None), HookRow.next_at <= at),
                sa.exists().where(HookMessage.hook == HookRow.id, *_due(at)),
            )
        ).all()  # fmt: skip
    if not hooks:
        return 0
    with ThreadPoolExecutor(_HOOKS_AT_ONCE) as pool:
        return sum(pool.map(lambda hook: _work_off(office, gate, hook, at, send), hooks))


def _due(at: datetime) -> tuple[Any, Any]:
    return HookMessage.state == "waiting", HookMessage.next_at <= at


def _work_off(office: HeadOffice, gate: Gate, hook: int, at: datetime, send: Send) -> int:
    """Send what waits for one hook, until it does not take one."""
    with office.reading() as session:
        query = sa.select(HookMessage.id).where(HookMessage.hook == hook, *_due(at))
        due = session.scalars(query.order_by(HookMessage.id).limit(_AT_ONCE)).all()
    for tried, message in enumerate(due, 1):
        taken = _take(office, message, at)
        if taken is None:
            continue
        url, secret, name, body = taken
        answer = send(url, secret, name, body.encode(), int(at.timestamp()), gate)
        log.info("message hook=%d name=%s status=%s", hook, name, answer.status)
        if not _record(office, hook, message, answer, at):
            return tried
    return len(due)


def _take(office: HeadOffice, message: int, at: datetime) -> tuple[str, str, str, str] | None:
    """On record before it is sent; of two workers only one takes a message."""
    with office.session() as session:
        done = session.execute(
            sa.update(HookMessage)
            .where(HookMessage.id == message, HookMessage.state == "waiting")
            .values(state="sending", began_at=at, tries=HookMessage.tries + 1)
        )
        if not getattr(done, "rowcount", 0):
            return None
        row = session.get_one(HookMessage, message)
        hook = session.get_one(HookRow, row.hook)
        return hook.url, hook.secret, row.name, row.body


def _record(office: HeadOffice, hook: int, message: int, answer: Answer, at: datetime) -> bool:
    """Write down what came back; answers whether the hook may be sent the next one."""
    with office.session() as session:
        row = session.get(HookMessage, message, with_for_update=True)
        to = session.get(HookRow, hook, with_for_update=True)
        if row is None or to is None:
            return False
        row.status, row.said, row.began_at = answer.status, answer.said[:300], None
        if answer.status is not None and 200 <= answer.status < 300:
            row.state, row.sent_at = "sent", at
            to.failures, to.failing_since, to.next_at, to.said = 0, None, None, None
            return True
        row.state = "waiting"
        if answer.status in _OURS:
            row.next_at = at + _pause(row.tries)
            if row.tries >= _REFUSED_AFTER:
                row.state = "refused"
            return True
        _failed(to, answer, at)
        row.next_at = to.next_at or at
        return False


def _failed(hook: HookRow, answer: Answer, at: datetime) -> None:
    """The hook did not answer as it should: it is tried later, and stopped after some days."""
    hook.failures += 1
    hook.failing_since = hook.failing_since or at
    hook.next_at = at + _pause(hook.failures)
    hook.said = (f"{answer.status} {answer.said}" if answer.status else answer.said)[:300]
    if answer.status == 410 or at - hook.failing_since > GIVE_UP:  # 410: gone for good
        hook.state = "stopped"
        log.warning("hook stopped hook=%d since=%s", hook.id, hook.failing_since.isoformat())


def _pause(tries: int) -> timedelta:
    return timedelta(seconds=min(_MOST_S, _LEAST_S * 3 ** min(tries - 1, 10)))


def _orphans(office: HeadOffice, at: datetime) -> None:
    """Messages whose worker died are sent again: nobody knows whether they arrived."""
    old = sa.and_(HookMessage.state == "sending", HookMessage.began_at < at - LEASE)
    with office.reading() as session:
        if session.scalar(sa.select(HookMessage.id).where(old).limit(1)) is None:
            return
    with office.session() as session:
        session.execute(sa.update(HookMessage).where(old).values(state="waiting", began_at=None))


def sweep(office: HeadOffice, now: datetime | None = None) -> None:
    """Throw away what was told long ago."""
    old = sa.and_(
        HookMessage.made_at < (now or datetime.now(UTC)) - KEPT,
        HookMessage.state.in_(["sent", "refused"]),
    )
    with office.reading() as session:
        if session.scalar(sa.select(HookMessage.id).where(old).limit(1)) is None:
            return
    with office.session() as session:
        session.execute(sa.delete(HookMessage).where(old))
