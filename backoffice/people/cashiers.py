"""Cashiers: who may sell where, with which role; PINs and badges; and taking somebody off all tills.

Names, roles and branches go where a person's edits go, so they can be collected. A PIN, a badge and a
leaver hold at once, whatever is being collected: they are matters of safety.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any, Final

import flask
from sqlalchemy.orm import Session

from backoffice import access, database, frame, htmx
from backoffice.changes import keeping
from backoffice.people.forms import CashierForm, is_badge, is_pin
from schemas.staff import Staff
from services.database import audit, organisation, records
from services.database.people import StaffRow
from services.evaluation import staff as questions
from services.evaluation.staff import Person
from services.till.signin import pin_digest

cashiers = flask.Blueprint("cashiers", __name__, url_prefix="/cashiers")
STATES: Final = ("active", "left")


@cashiers.get("/")
def all_() -> Any:
    """Who sells in this scope; or who did once."""
    args, session, branch = flask.request.args, database.session(), frame.place().branch
    typed, role = args.get("q", "")[:100], args.get("role", "")[:40]
    gone = args.get("state") == "left"
    rows = [] if gone else questions.people(session, branch, typed, role)
    return flask.render_template(
        "people/cashiers.html", rows=rows, gone=questions.left(session, branch) if gone else None,
        typed=typed, role=role, roles=_role_names(),
    )  # fmt: skip


def _role_names() -> dict[str, str]:
    return {str(role.key): role.name for role in questions.roles(database.session())}


@cashiers.get("/new")
def fresh() -> Any:
    """A form for somebody new."""
    place = frame.place()
    where = (place.branch,) if place.branch else ()
    return _form_page(CashierForm({"language": access.language(), "role": "cashier"}, where))


@cashiers.post("/new")
def make() -> Any:
    """Let somebody sell."""
    form = _form(None)
    session = database.session()
    if not form.wrong and questions.person(session, form.typed["key"]) is not None:
        form.wrong["key"] = "cashiers.wrong.taken"
    badge = _digest(form.badge) if form.badge and not form.wrong else None
    if badge and _wearer(badge):
        form.wrong["badge"] = "cashiers.wrong.worn"
    if form.wrong:
        return _form_page(form, 422)
    person = form.person(pin_digest(form.pin), badge)
    with database.writing() as writing:
        keeping.keep(writing, [(person, f"branch-{branch}") for branch in form.branches])
    if keeping.collecting() is not None:
        return htmx.go(flask.url_for("cashiers.all_", said="collected", **frame.kept()))
    return htmx.go(flask.url_for("cashiers.one", key=person.key, said="saved", **frame.kept()))


@cashiers.get("/<key>")
def one(key: str) -> Any:
    """One person, with what they may in one branch."""
    return _page(_person(key))


@cashiers.post("/<key>")
def change(key: str) -> Any:
    """Say anew who somebody is, where they sell, and with which role."""
    found = _person(key)
    form = _form(found.first)
    if form.wrong:
        return _page(found, form), 422
    seen = {branch for branch, _ in frame.place().branches}
    with database.writing() as session:
        kept = []
        for branch in form.branches:
            here = found.staff.get(branch, found.first)
            kept.append((form.person(here.pin, here.badge), f"branch-{branch}"))
        keeping.keep(session, kept)
        for branch in (set(found.staff) & seen) - set(form.branches):
            keeping.remove(session, "staff", key, f"branch-{branch}")
    if keeping.collecting() is not None:
        return htmx.go(flask.url_for("cashiers.one", key=key, said="collected", **frame.kept()))
    return htmx.go(flask.url_for("cashiers.one", key=key, said="saved", **frame.kept()))


@cashiers.post("/<key>/pin")
def pin(key: str) -> Any:
    """Another PIN, at once at all their tills; it is kept as a digest, and shown to nobody."""
    found = _person(key)
    text = flask.request.form.get("pin", "").strip()[:20]
    if not is_pin(text):
        return _page(found, wrong="cashiers.wrong.pin"), 422
    digest = pin_digest(text)
    return _at_once(found, "pin-set", lambda person: replace(person, pin=digest), "pin")


@cashiers.post("/<key>/badge")
def badge(key: str) -> Any:
    """A badge, typed or scanned; or none any more. Only the digest of its code is kept."""
    found = _person(key)
    if flask.request.form.get("act") == "revoke":
        return _at_once(found, "badge-revoked", lambda person: replace(person, badge=None), "none")
    code = flask.request.form.get("badge", "").strip()[:60]
    if not is_badge(code):
        return _page(found, wrong="cashiers.wrong.badge"), 422
    digest = _digest(code)
    worn = _wearer(digest)
    if worn and worn != key:
        return _page(found, wrong="cashiers.wrong.worn"), 422
    return _at_once(found, "badge-set", lambda person: replace(person, badge=digest), "badge")


@cashiers.post("/<key>/leave")
def leave(key: str) -> Any:
    """Somebody has left: one act takes them off all tills that the person may speak for, at once."""
    found, by = _person(key), access.person().name
    with database.writing() as session:
        for branch in found.staff:
            records.remove(session, "staff", key, f"branch-{branch}", by)
        audit.note(session, by, "staff-left", key, said={"branches": ", ".join(found.staff)})
    return htmx.go(flask.url_for("cashiers.all_", said="left", **frame.kept()))


def _at_once(found: Person, act: str, do: Any, said: str) -> Any:
    """Change somebody at all their tills now, and not into a change set."""
    by = access.person().name
    with database.writing() as session:
        for branch, person in _rows(session, found):
            records.put(session, do(person), f"branch-{branch}", by)
        audit.note(session, by, act, found.key, said={"branches": ", ".join(found.staff)})
    return htmx.go(flask.url_for("cashiers.one", key=found.key, said=said, **frame.kept()))


def _rows(session: Session, found: Person) -> list[tuple[str, Staff]]:
    rows = [(branch, session.get(StaffRow, (found.key, branch))) for branch in found.staff]
    return [(branch, row.document()) for branch, row in rows if row is not None]


def _digest(code: str) -> Any:
    return organisation.badge_digest(database.session(), code)


def _wearer(digest: str) -> str | None:
    """Who wears this badge anywhere."""
    row = database.session().query(StaffRow).filter(StaffRow.badge == digest).first()
    return row.key if row else None


def _form(known: Staff | None) -> CashierForm:
    may = {branch for branch, _ in frame.place().branches}
    return CashierForm.of(flask.request.form, known, set(_role_names()), may)


def _person(key: str) -> Person:
    """Somebody as far as the person may see them: in all branches, or in their own."""
    found = questions.person(database.session(), key, access.person().own)
    if found is None:
        flask.abort(404)
    return found


def _form_page(form: CashierForm, status: int = 200) -> Any:
    code = f"T-{secrets.token_hex(8).upper()}"
    return flask.render_template(
        "people/cashier_new.html", form=form, roles=_role_names(), proposed=code
    ), status


def _page(found: Person, form: CashierForm | None = None, wrong: str | None = None) -> Any:
    session = database.session()
    wanted = flask.request.args.get("in", "")
    there = wanted if wanted in found.staff else min(found.staff)
    role = questions.roles_of(session, there).get(found.staff[there].role)
    return flask.render_template(
        "people/cashier.html", one=found, there=there, role=role, wrong=wrong, roles=_role_names(),
        form=form or CashierForm.shown(found.first, tuple(found.staff)),
        rights=questions.effective(role), said=flask.request.args.get("said"),
    )  # fmt: skip
