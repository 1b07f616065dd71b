"""What needs somebody: tills, articles without price or name, gaps in journals, quarantine, cash."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database.hooks import HookRow
from services.database.sales import QuarantineRow
from services.evaluation import assortment, cash
from services.evaluation.tills import TillState


@dataclass(frozen=True, slots=True)
class Task:
    """Something that somebody must do or look at.

    kind     tills-silent, tills-fault, tills-unenrolled, no-price, no-name, gap, quarantine,
             cash-difference or cash-missing
    urgency  act, check or info
    days     the business days that it is about, first and last
    """

    kind: str
    urgency: str
    count: int
    names: tuple[str, ...] = ()
    since: datetime | None = None
    waiting: int = 0
    days: tuple[date, date] | None = None


def of_tills(tills: Sequence[TillState]) -> list[Task]:
    """The tasks that tills are: a task for each reason, with the tills' names."""
    found = []
    for reason, urgency in (("silent", "act"), ("fault", "act"), ("unenrolled", "info")):
        those = [each for each in tills if each.reason == reason]
        if those:
            contacts = [t.device.contact_at for t in those if t.device and t.device.contact_at]
            found.append(
                Task(
                    f"tills-{reason}",
                    urgency,
                    len(those),
                    tuple(each.unit.key for each in those),
                    min(contacts, default=None),
                    sum(each.waiting for each in those),
                )
            )
    return found


def of_articles(session: Session, branch: str | None) -> list[Task]:
    """Articles that cannot be sold or read yet."""
    counts = [(f"no-{task}", assortment.count(session, task, branch)) for task in ("price", "name")]
    return [Task(kind, "check", many) for kind, many in counts if many]


def of_quarantine(session: Session, branch: str | None) -> list[Task]:
    """What was put aside on arrival."""
    query = sa.select(sa.func.count(), sa.func.min(QuarantineRow.received_at))
    if branch:
        query = query.where(QuarantineRow.branch == branch)
    many, since = session.execute(query).one()
    return [Task("quarantine", "act", many, (), since)] if many else []


def of_hooks(session: Session, branch: str | None) -> list[Task]:
    """Receivers of messages that were stopped, for who sees the company: nobody hears them any more."""
    if branch is not None:
        return []
    urls = session.scalars(sa.select(HookRow.url).where(HookRow.state == "stopped")).all()
    return [Task("hook", "act", len(urls), tuple(urls))] if urls else []


CASH_DAYS: Final = timedelta(days=6)
"""Today and so many days before it are looked through for differences."""
_DIFFERS: Final = 5
"""Currency units that a drawer may be out before it needs somebody."""
_MISSING_AFTER: Final = timedelta(hours=1)


def of_cash(session: Session, branch: str | None, today: date, now: datetime) -> list[Task]:
    """Z reports that differ much, and those whose receipts do not come."""
    rows = cash.differing(session, branch, today - CASH_DAYS, _DIFFERS)
    late = cash.incomplete(session, branch, now - _MISSING_AFTER)
    found = []
    for kind, urgency, those in (("cash-missing", "act", late), ("cash-difference", "check", rows)):
        if those:
            names = tuple(dict.fromkeys(f"{each.branch}-{each.till}" for each in those))
            days = [each.day for each in those]
            found.append(Task(kind, urgency, len(those), names, days=(min(days), max(days))))
    return found


_REASONS: Final = (
    ("format", r"line \d+:|<|the document has"),
    ("moment", r"the (entry|receipt) is of \d{4}-"),
    ("elsewhere", r"the (entry|receipt) is (of till|of series|number)"),
    ("sums", r"receipt \d+ (does not add up|is in [A-Z]{3} and holds)"),
    ("practice", r"receipt \d+ is practice"),
    ("twice", r".* is there twice"),
    (
        "stamp",
        r"receipt \d+ (has no stamp|was changed after|does not follow)|.* is no fiscal module",
    ),
    ("chain", r"the entry is not chained"),
    ("number", r"receipt number \d+ came before"),
    ("content", r"another content has been sent"),
    ("returned", r"more of receipt \S+ came back"),
    ("spent", r"more of voucher \S+ was taken"),
    ("rows", r"its rows cannot be made"),
)
"""How the reasons begin that entries are put aside for (services/spool), by kind.

What came back or was spent twice is counted all the same, and lies there as evidence."""


def kind_of(reason: str) -> str:
    """The kind of a reason, so that it can be said plainly; `other` where it is a new one."""
    return next((kind for kind, begins in _REASONS if re.match(begins, reason)), "other")


def quarantine(session: Session, branch: str | None, limit: int = 200) -> list[QuarantineRow]:
    """What was put aside, newest first."""
    query = sa.select(QuarantineRow).order_by(QuarantineRow.id.desc()).limit(limit)
    return list(session.scalars(query.where(QuarantineRow.branch == branch) if branch else query))
