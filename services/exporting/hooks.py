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
from schemas.promotion import Promotion
from services.database import changes, privacy
from services.database.changes import CHAIN, CUSTOMERS, PICTURES, Change
from services.database.erasing import redacted
from services.database.headoffice import HeadOffice
from services.database.hooks import Happening, HookCursor, HookMessage, HookRow, subject, tell
from services.database.sales import ReceiptRow
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
    kind: f"{kind}.changed"
    for kind in ("article", "model", "group", "picture", "price", "promotion", "customer")
}
_NAMED: Final = {"article": "number", "picture": "article", "customer": "number"}
"""What a message calls the key of a record, where it is not `key`."""
_SOON: Final = timedelta(seconds=5)
"""After so long it is looked again whether a message of the same record has arrived."""

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
    for scope in (CHAIN, CUSTOMERS, PICTURES):
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
        sa.select(Change.id, Change.kind, Change.key, Change.revision, _told_of(Change.document))
        .where(
            Change.scope == scope, Change.revision > begins, Change.revision <= cursor.revision,
            Change.kind.in_(_KINDS),
        )
        .order_by(Change.id)
    )  # fmt: skip
    last = {(row.kind, row.key, row.revision): row for row in session.execute(query)}
    happened = [_happening(session, scope, row) for row in last.values()]
    tell(session.connection(), happened, at)
    return cursor.revision - begins


def _told_of(document: Any) -> Any:
    """What a message needs of a document: of a picture only that it is there."""
    there = sa.case((document.is_(None), None), else_=sa.literal(b"there"))
    return sa.case((Change.kind == "picture", there), else_=document).label("document")


def _happening(session: Session, scope: str, row: Any) -> Happening:
    source = f"{scope}:{row.revision}:{row.kind}:{row.key}"
    if row.kind != "price":
        data = {_NAMED.get(row.kind, "key"): row.key, "removed": row.document is None}
        among = None
        if row.kind == "promotion":
            among = _promoted(session, row, data)
        elif row.kind == "customer":
            data["erased"] = row.document == redacted(row.key)
            among = _bought(session, row.key)
        return Happening(_KINDS[row.kind], source, None, data, among)
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


def _promoted(session: Session, row: Any, data: dict[str, Any]) -> frozenset[str] | None:
    """From when a promotion holds, into `data`; answers where it does or did; None: everywhere."""
    among: set[str] = set()
    before = changes.currents(session, CHAIN, "promotion", [row.key], row.id)[row.key].document
    for n, document in enumerate((row.document, before)):
        if document is None:
            continue
        promotion = xml.load(Promotion, document)
        if n == 0:
            data["from"] = promotion.begins.isoformat()
            data["until"] = promotion.ends.isoformat() if promotion.ends else None
        if not promotion.branches:
            return None
        among |= set(promotion.branches)
    return frozenset(among)


def _bought(session: Session, customer: str) -> frozenset[str]:
    """The branches that know a customer: those where they bought, whatever number they showed."""
    numbers = [customer, *privacy.numbers(session, customer)]
    query = sa.select(ReceiptRow.branch).where(ReceiptRow.customer.in_(numbers)).distinct()
    return frozenset(session.scalars(query))


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
    """Send what waits for one hook, until it does not take one.

    What waits behind an earlier message of the same record goes after it, never before.
    """
    with office.reading() as session:
        query = sa.select(HookMessage.id, HookMessage.source)
        query = query.where(HookMessage.hook == hook, *_due(at))
        due = session.execute(query.order_by(HookMessage.id).limit(_AT_ONCE)).all()
        held = _held(session, hook, at) if due else {}
    tried = 0
    for message, source in due:
        about = subject(source)
        if about in held and held[about][0] < message:
            _postpone(office, message, held[about][1])
            continue
        taken = _take(office, message, at)
        if taken is None:
            continue
        tried += 1
        url, secret, name, body = taken
        answer = send(url, secret, name, body.encode(), int(at.timestamp()), gate)
        log.info("message hook=%d name=%s status=%s", hook, name, answer.status)
        if not _record(office, hook, message, answer, at):
            return tried
        if answer.status in _OURS:
            held.setdefault(about, (message, at + _SOON))
    return tried


def _held(session: Session, hook: int, at: datetime) -> dict[str, tuple[int, datetime]]:
    """Records of which a message is under way or waits for its next try: which one, and until when."""
    waits = sa.or_(
        HookMessage.state == "sending",
        sa.and_(HookMessage.state == "waiting", HookMessage.next_at > at),
    )
    query = sa.select(HookMessage.id, HookMessage.source, HookMessage.next_at)
    query = query.where(HookMessage.hook == hook, HookMessage.state.in_(["sending", "waiting"]))
    found: dict[str, tuple[int, datetime]] = {}
    for message, source, next_at in session.execute(query.where(waits).order_by(HookMessage.id)):
        found.setdefault(subject(source), (message, max(next_at, at + _SOON)))
    return found


def _postpone(office: HeadOffice, message: int, until: datetime) -> None:
    """A message waits for an earlier one of the same record."""
    with office.session() as session:
        session.execute(
            sa.update(HookMessage)
            .where(HookMessage.id == message, HookMessage.state == "waiting")
            .values(next_at=until)
        )


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
