"""Tills: how each is, a code to enrol one, and shutting one out."""

from __future__ import annotations

from typing import Any, Final

import flask

from backoffice import access, database, frame, htmx
from services.evaluation import tills as questions
from services.evaluation.tills import TillState
from services.gateway import address, enrol
from services.link.office import OfficeRefused

tills = flask.Blueprint("tills", __name__, url_prefix="/tills")
STATES: Final = ("ok", "check", "act", "off")


@tills.get("/")
def all_() -> Any:
    """The tills of this scope, with how many are in which state."""
    states = questions.tills(database.session(), frame.place().branch, frame.now())
    counts = {state: sum(each.state == state for each in states) for state in STATES}
    wanted = flask.request.args.get("state")
    rows = [each for each in states if wanted not in STATES or each.state == wanted]
    return htmx.page_or_part(
        "tills/all.html", "tills/_all.html", rows=rows, counts=counts, wanted=wanted,
        many=len(states),
    )  # fmt: skip


@tills.get("/<name>")
def one(name: str) -> Any:
    """One till."""
    return flask.render_template("tills/one.html", state=_state(name), code=None)


@tills.post("/<name>/code")
def code(name: str) -> Any:
    """A new enrolment code; it is shown on this page once, and nowhere else again."""
    state = _state(name)
    try:
        office = _office_address()
    except OfficeRefused:
        return flask.render_template("tills/one.html", state=state, code=None, homeless=True), 409
    with database.writing() as session:
        made = enrol.make_code(session, name, access.person().name)
    answer = flask.make_response(
        flask.render_template("tills/one.html", state=_state(name), code=made, office=office)
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _office_address() -> str:
    """What the till will be told to call; raises OfficeRefused where that is not known."""
    request, configured = flask.request, flask.current_app.config["OFFICE_ADDRESS"]
    return address.for_tills(configured, request.url_root, dict(request.headers))


@tills.post("/<name>/revoke")
def revoke(name: str) -> Any:
    """Shut a till out."""
    _state(name)
    with database.writing() as session:
        enrol.revoke(session, name)
    return htmx.go(flask.url_for("tills.one", name=name, **frame.kept()))


@tills.post("/<name>/restore")
def restore(name: str) -> Any:
    """Let a till in again."""
    _state(name)
    with database.writing() as session:
        enrol.restore(session, name)
    return htmx.go(flask.url_for("tills.one", name=name, **frame.kept()))


def _state(name: str) -> TillState:
    found = questions.till(database.session(), name, frame.now())
    if found is None:
        flask.abort(404)
    frame.may_see(found.branch)
    return found
