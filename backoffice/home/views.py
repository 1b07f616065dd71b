"""The overview: is today normal, and what needs me."""

from __future__ import annotations

from typing import Any, Final

import flask
from sqlalchemy.orm import Session

from backoffice import access, charts, database, frame
from services.evaluation import attention, receipts, takings, tills
from services.evaluation.attention import Task
from services.evaluation.places import Place
from services.evaluation.takings import Figures, Today
from services.evaluation.tills import TillState
from services.spool.gaps import gaps

home = flask.Blueprint("home", __name__)
RUNS = 10
"""Receipts that the live slip shows."""


BRANCHES: Final = 40
"""Branches that the overview lists at most."""
_WORST: Final = ("act", "check", "ok", "off")


@home.get("/")
def overview() -> Any:
    """Today so far, what needs somebody, and the receipts as they come."""
    session, place = database.session(), frame.place()
    live = seen(session, place)
    return flask.render_template(
        "home/overview.html", tasks=tasks(session, place, live["states"]), **live
    )


def seen(session: Session, place: Place) -> dict[str, Any]:
    """What the live parts of the overview show."""
    now = frame.now()
    today = takings.today(session, place, now)
    states = tills.tills(session, place.branch, now)
    return {
        "today": today,
        "charts": _hours(today),
        "branches": _branches(place, today, states),
        "states": states,
        "runs": receipts.newest(session, place.branch, RUNS),
    }


def tasks(session: Session, place: Place, states: list[TillState]) -> list[Task]:
    """What needs somebody, most urgent first."""
    found = attention.of_tills(states)
    found += [
        Task("gap", "act", each.last - each.first + 1, (f"{each.branch}-{each.till}",))
        for each in gaps(session)
        if place.branch in {None, each.branch}
    ]
    found += attention.of_quarantine(session, place.branch)
    found += attention.of_articles(session, place.branch)
    found += attention.of_hooks(session, access.branch() or place.branch)
    today = frame.now().astimezone(place.zone).date()
    found += attention.of_cash(session, place.branch, today, frame.now())
    return sorted(found, key=lambda task: ("act", "check", "info").index(task.urgency))


@home.get("/quarantine")
def quarantine() -> Any:
    """What was put aside on arrival, with the reason of each."""
    rows = attention.quarantine(database.session(), frame.place().branch)
    return flask.render_template(
        "home/quarantine.html", rows=rows, kinds=[attention.kind_of(row.reason) for row in rows]
    )


def _hours(today: Today) -> tuple[charts.Chart, charts.Chart]:
    hour = frame.now().astimezone(frame.place().zone).hour
    open_at = [*today.hours, *today.hours_before]
    first, last = (min(open_at), max(open_at)) if open_at else (8, 18)
    marks = [
        charts.Mark(
            str(each),
            today.hours.get(each, 0),
            today.hours_before.get(each) or None,
            "now" if each == hour else "done",
            flask.url_for("receipts.found", **{**frame.kept(), "period": "today", "hour": each}),
        )
        for each in range(first, last + 1)
    ]
    return charts.columns(marks), charts.columns(marks, charts.NARROW)


def _shown_first(
    place: Place, today: Today, tills_of: dict[str, list[TillState]]
) -> list[tuple[str, str]]:
    """The branches that the overview lists: all where they are few.

    Else those that need somebody, then those with the most turnover; the rest is a link away.
    """
    if len(place.branches) <= BRANCHES:
        return list(place.branches)

    def urgent(branch: tuple[str, str]) -> tuple[int, int]:
        worst = min((_WORST.index(each.state) for each in tills_of.get(branch[0], [])), default=9)
        return min(2, worst), -today.branches.get(branch[0], Figures()).total

    return sorted(place.branches, key=urgent)[:BRANCHES]


def _branches(place: Place, today: Today, states: list[TillState]) -> list[dict[str, Any]]:
    most = max((f.total for f in (*today.branches.values(), *today.branches_before.values())),
               default=0)  # fmt: skip
    by_branch: dict[str, list[TillState]] = {}
    for each in states:
        by_branch.setdefault(each.branch, []).append(each)
    rows = []
    for key, name in _shown_first(place, today, by_branch):
        if place.branch not in {None, key}:
            continue
        now, before = (each.get(key, Figures()) for each in (today.branches, today.branches_before))
        own = by_branch.get(key, [])
        rows.append(
            {
                "key": key,
                "name": name,
                "now": now,
                "before": before,
                "share": round(96 * now.total / most, 1) if most > 0 and now.total > 0 else 0,
                "mark": round(96 * before.total / most, 1) if most > 0 and before.total else None,
                "tills": own,
                "last": today.last.get(key),
                "waiting": sum(each.waiting for each in own),
            }
        )
    return sorted(rows, key=lambda row: -row["now"].total)
