"""The queue: each letter is on record before it is handed over and after, so that none is forgotten.

SMTP cannot promise more than that: where the answer to a letter was lost, it has perhaps been sent.
It is sent again under the same Message-ID, by which the receiver's side can tell.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from services.database.headoffice import HeadOffice
from services.database.mails import MailRow
from services.evaluation import receipts
from services.mailing import letter, post
from services.mailing.post import Outcome, PostOffice

log = logging.getLogger(__name__)

LOOK_S: Final = 2.0
LEASE: Final = timedelta(minutes=10)
"""After so long nobody is at a letter any more: its worker died."""
GIVE_UP: Final = timedelta(days=3)
_LEAST: Final = timedelta(minutes=1)
_MOST: Final = timedelta(hours=4)
_AT_ONCE: Final = 20
Key = tuple[str, str, str, int]
Send = Callable[[PostOffice, str, EmailMessage], Outcome]


def run(office: HeadOffice, place: PostOffice, stop: threading.Event) -> None:
    """Send what is due, until `stop`."""
    while not stop.is_set():
        try:
            while once(office, place) and not stop.is_set():
                pass
        except OperationalError as error:  # the database is away: the next look tries again
            log.warning("letters not looked at why=%s", type(error).__name__)
        stop.wait(LOOK_S)


def once(
    office: HeadOffice, place: PostOffice, now: datetime | None = None, send: Send = post.send
) -> int:
    """Send what is due now; answers how many letters were tried."""
    now = now or datetime.now(UTC)
    _orphans(office, now)
    with office.reading() as session:
        due = session.execute(
            sa.select(MailRow.branch, MailRow.till, MailRow.series, MailRow.number)
            .where(MailRow.state == "waiting", MailRow.next_at <= now)
            .order_by(MailRow.next_at)
            .limit(_AT_ONCE)
        ).all()
    tried = 0
    for row in due:
        key: Key = (row[0], row[1], row[2], row[3])
        made = _made(office, place, key)
        if isinstance(made, Outcome):
            _record(office, key, made, now)
            continue
        if not _take(office, key, now):
            continue
        to, message = made
        tried += 1
        outcome = send(place, to, message)
        _record(office, key, outcome, now)
        log.info("letter till=%s-%s entry=%d state=%s", row[0], row[1], row[3], outcome.state)
    return tried


def _orphans(office: HeadOffice, now: datetime) -> None:
    """Letters whose worker died have perhaps been sent: they are sent again."""
    with office.session() as session:
        session.execute(
            sa.update(MailRow)
            .where(MailRow.state == "sending", MailRow.began_at < now - LEASE)
            .values(state="waiting", perhaps=True, said="the worker ended while it was sending")
        )


def _take(office: HeadOffice, key: Key, now: datetime) -> bool:
    """On record before anything is sent; of two workers only one takes a letter."""
    with office.session() as session:
        done = session.execute(
            sa.update(MailRow)
            .where(_at(key), MailRow.state == "waiting")
            .values(state="sending", began_at=now, tries=MailRow.tries + 1)
        )
        return bool(getattr(done, "rowcount", 0))


def _made(office: HeadOffice, place: PostOffice, key: Key) -> tuple[str, EmailMessage] | Outcome:
    """The address and the letter; or why it cannot be made, or not yet."""
    with office.reading() as session:
        row = session.get_one(MailRow, key)
        series, number = row.receipt_series, row.receipt
        found = receipts.show(session, row.branch, row.till, series, number)
        if found is None or found.settings is None or not found.rows:
            return Outcome("later", "the receipt has not come yet")
        try:
            return row.address, letter.made(
                found.rows, name=found.receipt.name, company=found.settings.company,
                sender=place.sender, to=row.address,
                language=found.receipt.language or found.settings.language,
                identity="-".join(("receipt", *map(str, key))), at=row.made_at,
            )  # fmt: skip
        except ValueError:
            return Outcome("refused", "the address cannot be written to")


def _record(office: HeadOffice, key: Key, outcome: Outcome, now: datetime) -> None:
    with office.session() as session:
        row = session.get(MailRow, key, with_for_update=True)
        if row is None or row.state in {"sent", "refused"}:
            return
        row.said, row.began_at = outcome.said, None
        row.perhaps = row.perhaps or outcome.state == "perhaps"
        if outcome.state in {"sent", "refused"}:
            row.state = outcome.state
            row.sent_at = now if outcome.state == "sent" else None
            return
        row.state, row.next_at = "waiting", now + min(_MOST, _LEAST * 2 ** min(row.tries, 10))
        if now - row.made_at > GIVE_UP:
            row.state = "refused"
            row.said = f"given up after three days: {outcome.said}"[:300]


def _at(key: Key) -> sa.ColumnElement[bool]:
    branch, till, series, number = key
    return sa.and_(
        MailRow.branch == branch, MailRow.till == till, MailRow.series == series,
        MailRow.number == number,
    )  # fmt: skip
