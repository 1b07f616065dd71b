"""A customer's rights in their own data, and the statement of their account."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import flask

from backoffice import access, database, frame, htmx
from schemas.keys import KeyRefused, article_key
from services.database import audit
from services.database import privacy as rules
from services.database.privacy import ErasureRefused
from services.evaluation import clientele as questions

privacy = flask.Blueprint("privacy", __name__, url_prefix="/customers")


@privacy.get("/<key>/statement")
def statement(key: str) -> Any:
    """What moved on a customer's account in a period, with what was owed before and after."""
    days, place = frame.period("month").days, frame.place()
    shown = _shown(key, place.branch)
    begin = datetime.combine(days.first, time(), place.zone)
    end = datetime.combine(days.last + timedelta(days=1), time(), place.zone)
    found = questions.statement(database.session(), place.branch, shown.row.key, begin, end)
    return flask.render_template(
        "clientele/statement.html", found=shown, statement=found, days=days,
        period=frame.period("month"),
    )  # fmt: skip


@privacy.post("/<key>/data")
def data(key: str) -> Any:
    """All that is known of a customer, as a file; that it was handed out stands in the audit log."""
    shown = _shown(key)
    with database.writing() as session:
        audit.note(session, access.person().name, "customer-exported", shown.row.key)
    packed = rules.handed_out(database.session(), shown.row.key)
    answer = flask.Response(packed, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="customer-{shown.row.key}.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@privacy.get("/<key>/erase")
def ask(key: str) -> Any:
    """What an erasure takes away, and what stays."""
    return _page(key)


@privacy.post("/<key>/erase")
def erase(key: str) -> Any:
    """Erase a customer."""
    shown = _shown(key)
    try:
        with database.writing() as session:
            rules.erase(session, shown.row.key, access.person().name)
    except ErasureRefused as refused:
        return _page(key, f"privacy.{refused.fact}"), 422
    return htmx.go(flask.url_for("clients.one", key=shown.row.key))


def _page(key: str, wrong: str | None = None) -> str:
    return flask.render_template("clientele/erase.html", found=_shown(key), wrong=wrong)


def _shown(key: str, branch: str | None = None) -> questions.Shown:
    try:
        found = questions.show(database.session(), branch, article_key(key))
    except KeyRefused:
        found = None
    if found is None:
        flask.abort(404)
    return found
