"""Tills: how each is, a code to enrol one, shutting one out, and approvals by telephone."""

from __future__ import annotations

from typing import Any, Final

import flask

from backoffice import access, database, frame, htmx
from backoffice.tills.forms import RIGHTS_BY_EXTENT, ApprovalForm
from services.database.approvals import PhoneApproval, of_till
from services.evaluation import tills as questions
from services.evaluation.places import inherited
from services.evaluation.tills import TillState
from services.gateway import address, enrol
from services.link.office import OfficeRefused
from services.register import permission

tills = flask.Blueprint("tills", __name__, url_prefix="/tills")
STATES: Final = ("ok", "check", "act", "off")


@tills.get("/")
def all_() -> Any:
    """The tills of this scope, with how many are in which state."""
    states = questions.tills(database.session(), frame.place().branch, frame.now())
    counts = {state: sum(each.state == state for each in states) for state in STATES}
    wanted = flask.request.args.get("state")
    rows = [each for each in states if wanted not in STATES or each.state == wanted]
    size = 200 if frame.whole_number("size", 50) >= 200 else 50
    number = frame.whole_number("page", 1, 100_000)
    return htmx.page_or_part(
        "tills/all.html", "tills/_all.html", rows=rows[(number - 1) * size : number * size],
        counts=counts, wanted=wanted, many=len(states), count=len(rows), size=size, number=number,
    )  # fmt: skip


@tills.get("/<name>")
def one(name: str) -> Any:
    """One till."""
    return _page(name)


@tills.post("/<name>/code")
def code(name: str) -> Any:
    """A new enrolment code; it is shown on this page once, and nowhere else again."""
    _state(name)
    try:
        office = _office_address()
    except OfficeRefused:
        return _page(name, homeless=True), 409
    with database.writing() as session:
        made = enrol.make_code(session, name, access.person().name)
    return _once(_page(name, code=made, office=office))


def _office_address() -> str:
    """What the till will be told to call; raises OfficeRefused where that is not known."""
    request, configured = flask.request, flask.current_app.config["OFFICE_ADDRESS"]
    return address.for_tills(configured, request.url_root, dict(request.headers))


@tills.post("/<name>/approve")
def approve(name: str) -> Any:
    """Answer a cashier on the telephone: one use of a right. Who allowed it is kept, then it is shown."""
    state, person = _state(name), access.person()
    form = ApprovalForm.of(flask.request.form)
    if form.refused:
        return _page(name, form=form), 422
    digits = permission.answer(state.unit.secret, form.challenge, form.right, form.value)
    with database.writing() as session:
        given = PhoneApproval(
            branch=state.branch, till=name, allowed=form.right, value=form.value_text,
            by=person.name, by_name=person.shown, at=frame.now(),
        )  # fmt: skip
        session.add(given)
    return _once(_page(name, answer=digits, form=form))


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


def _page(name: str, **more: Any) -> str:
    """A till's page, with what has just been made or refused."""
    state = _state(name)
    session = database.session()
    given = {
        "approvals": of_till(session, name),
        "currency": inherited(session, state.unit, "currency") or "EUR",
        "extents": permission.RIGHTS,
        "form": ApprovalForm(),
        "rights": RIGHTS_BY_EXTENT,
        "tested": questions.tested(state.device),
    }
    return flask.render_template("tills/one.html", state=state, **(given | more))


def _once(page: str) -> flask.Response:
    """An answer that no browser keeps."""
    answer = flask.make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _state(name: str) -> TillState:
    found = questions.till(database.session(), name, frame.now())
    if found is None:
        flask.abort(404)
    frame.may_see(found.branch)
    return found
