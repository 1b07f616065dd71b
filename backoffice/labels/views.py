"""The labels of a branch that are due: looked at, printed, and noted as printed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import flask

from backoffice import access, database, frame, htmx
from backoffice.labels import paper
from backoffice.typed import ahead
from services.database import labels as rows
from services.evaluation import shelf

labels = flask.Blueprint("labels", __name__, url_prefix="/labels")
_MOST: Final = 2000


def _until() -> tuple[datetime, str]:
    """The instant at which labels have to be right: now, or one to come, as typed."""
    typed = flask.request.values.get("until", "").strip()[:40]
    found, wrong = ahead(typed, frame.place().zone) if typed else (None, None)
    if found is None or wrong or found > frame.now() + timedelta(days=60):
        return frame.now(), ""
    return found, typed


@labels.get("/")
def due() -> Any:
    """What is due in the branch of this scope; without one, the branches to choose from."""
    place = frame.place()
    if not place.branch:
        return flask.render_template("labels/due.html", found=None, typed="")
    until, typed = _until()
    found = shelf.due(database.session(), place.branch, until, _MOST)
    return flask.render_template("labels/due.html", found=found, typed=typed)


@labels.post("/")
def print_() -> Any:
    """The marked labels as PDF or ZPL; from now on the shelf says these prices."""
    place, form = frame.place(), flask.request.form
    picked = [key[:40] for key in form.getlist("pick")][:_MOST]
    if not place.branch or not picked:
        return htmx.go(flask.url_for("labels.due", **frame.kept()))
    until, _ = _until()
    found = shelf.wanted(database.session(), place.branch, picked, until)
    if not found:
        return htmx.go(flask.url_for("labels.due", **frame.kept()))
    if form.get("format") == "zpl":
        data, kind, name = paper.zpl(found, frame.shown()), "application/x-zpl", "labels.zpl"
    else:
        data, kind, name = paper.pdf(found, frame.shown()), "application/pdf", "labels.pdf"
    with database.writing() as session:
        prices = {str(each.article.key): each.price.fine for each in found}
        rows.keep(session, place.branch, prices, access.person().name, frame.now())
    answer = flask.Response(data, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{place.branch}-{name}"'
    return answer
