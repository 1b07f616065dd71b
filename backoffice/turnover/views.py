"""Turnover by branch, day or article; every number opens down to receipts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import flask
from sqlalchemy.orm import Session

from backoffice import charts, database, frame
from services.evaluation import tills
from services.evaluation import turnover as questions
from services.evaluation.places import Place
from services.evaluation.turnover import Days, Row

turnover = flask.Blueprint("turnover", __name__, url_prefix="/turnover")
BY: Final[dict[str, Callable[[Session, Place, Days], list[Row]]]] = {
    "branch": questions.by_branch,
    "day": questions.by_day,
    "article": questions.by_article,
}
_DRAWN: Final = 12
"""Rows that the chart shows; the table has all of a page."""
SIZES: Final = (50, 200)
MOST_DAYS: Final = 400
"""Days that the report by day shows: a year against the one before, and some."""


@turnover.get("/")
def report() -> Any:
    """A period's turnover, against the one before."""
    session, place, period = database.session(), frame.place(), frame.period("week")
    by = flask.request.args.get("by", "branch")
    by = by if by in BY else "branch"
    asked = period.days.count
    if by == "day":
        period = replace(period, days=period.days.latest(MOST_DAYS))
    rows = BY[by](session, place, period.days)
    size = 200 if frame.whole_number("size", 50) >= 200 else 50
    number = frame.whole_number("page", 1, 100_000)
    states = tills.tills(session, place.branch, frame.now())
    return flask.render_template(
        "turnover/report.html",
        by=by,
        period=period,
        shortened=asked > period.days.count,
        rows=rows[(number - 1) * size : number * size],
        count=len(rows),
        size=size,
        number=number,
        whole=questions.whole(session, place, period.days),
        charts=_charts(by, rows),
        others=questions.other_currencies(session, place, period.days),
        missing=[each for each in states if each.waiting or each.state == "act"],
        drill=drill,
        day_of=questions.day_of,
    )


def drill(by: str, row: Row) -> str:
    """The receipts that a row is made of."""
    wanted = frame.kept() or {}
    if "period" not in wanted and "from" not in wanted:
        wanted["period"] = "week"
    if by == "day":
        wanted = {k: v for k, v in wanted.items() if k != "period"} | {
            "from": row.key, "to": row.key,
        }  # fmt: skip
    if by != "day":
        wanted[by] = row.key
    return flask.url_for("receipts.found", **wanted)


def _charts(by: str, rows: list[Row]) -> tuple[charts.Chart, charts.Chart]:
    """The chart as it is beside nothing, and as it is on a telephone."""
    shown = frame.shown()
    marks = []
    for row in rows if by == "day" else rows[:_DRAWN]:
        label = f"{row.key} {row.name}" if by == "branch" else row.name
        title = shown.money(row.now.total, frame.place().currency)
        marks.append(
            charts.Mark(
                _day(row, len(rows)) if by == "day" else _cut(label),
                row.now.total,
                row.before.total or None,
                href=drill(by, row),
                title=title,
            )
        )
    draw = charts.columns if by == "day" else charts.rows
    return draw(marks, charts.WIDE), draw(marks, charts.NARROW)


def _cut(label: str) -> str:
    return label if len(label) <= 30 else label[:29] + "…"


def _day(row: Row, many: int) -> str:
    day = questions.day_of(row)
    return (
        frame.shown().day(day)
        if many <= 9
        else str(day.day)
        if many <= 40
        else frame.shown().short(day)
    )
