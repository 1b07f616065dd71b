"""Cash: Z reports with their differences, what happened at the drawers, bags that went to the safe."""

from __future__ import annotations

from typing import Any, Final

import flask

from backoffice import database, frame
from backoffice.frame import Period
from services.evaluation import cash as questions
from services.evaluation.places import Place

cash = flask.Blueprint("cash", __name__, url_prefix="/cash")
SHOWS: Final = ("closings", "events", "bags")
_ONE: Final = "/<branch>-<till>/<series>/<int(max=2147483647):number>"
"""One Z report's address. No number is larger: the tables keep it in four bytes."""


@cash.get("/")
def all_() -> Any:
    """A period's Z reports, drawer events or bags, of the company or of a branch."""
    place, period = frame.place(), frame.period("week")
    shows = flask.request.args.get("show", "closings")
    shows = shows if shows in SHOWS else "closings"
    size = 200 if frame.whole_number("size", 50) >= 200 else 50
    number = frame.whole_number("page", 1, 100_000)
    given = (_closings if shows == "closings" else _events)(place, period, size, number)
    return flask.render_template(
        "cash/all.html", shows=shows, period=period, size=size, number=number, **given
    )


def _closings(place: Place, period: Period, size: int, number: int) -> dict[str, Any]:
    session, days = database.session(), period.days
    only = flask.request.args.get("only") == "difference"
    asked = (session, place.branch, days.first, days.last)
    sums = questions.sums(*asked, differing=only)
    rows = questions.closings(*asked, size, differing=only, after=(number - 1) * size)
    return {"rows": rows, "sums": sums, "count": sum(each.many for each in sums), "only": only}


def _events(place: Place, period: Period, size: int, number: int) -> dict[str, Any]:
    bags = flask.request.args.get("show") == "bags"
    ask = questions.bags_between if bags else questions.events
    session, days = database.session(), period.days
    rows, count = ask(session, place.branch, days.first, days.last, size, (number - 1) * size)
    return {"rows": rows, "count": count, "cashiers": questions.cashiers(session, rows)}


@cash.get(_ONE)
def one(branch: str, till: str, series: str, number: int) -> Any:
    """One Z report, as the slip that the till printed, or an addendum to what no Z covers."""
    frame.may_see(branch)
    made = "addendum" in flask.request.args
    addendum = frame.whole_number("addendum", 1, 100_000) if made else 0
    found = questions.show(database.session(), branch, till, series, number, addendum)
    if found is None:
        flask.abort(404)
    return flask.render_template("cash/one.html", found=found)
