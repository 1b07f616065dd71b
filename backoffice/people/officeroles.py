"""Roles of head office: which parts each may see, and which it may change."""

from __future__ import annotations

import re
from typing import Any, Final

import flask
import sqlalchemy as sa

from backoffice import access, database, htmx
from services.database import audit, people
from services.database import duties as rules
from services.database.people import User

duties = flask.Blueprint("duties", __name__, url_prefix="/office-roles")
_KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,19}")


@duties.get("/")
def all_() -> Any:
    """The matrix of areas and roles."""
    return _page()


@duties.post("/")
def change() -> Any:
    """Say anew what the roles may; who loses or gains something signs in again."""
    form, own = flask.request.form, access.rights()
    by = access.person()
    said: dict[str, str] = {}
    fresh = form.get("key", "").strip()[:40]
    with database.writing() as session:
        known = rules.roles(session)
        if fresh and not (_KEY.fullmatch(fresh) and fresh not in {key for key, *_ in known}):
            fresh = ""
        for key, name, before in [*known, *([(fresh, form.get("name", ""), {})] if fresh else [])]:
            after = _after(key, before) if key != fresh else dict.fromkeys(("selling",), rules.SEE)
            if key in {rules.OWNER, by.role} or after == dict(before):
                continue
            if not (rules.covers(own, after) and rules.covers(own, before)):
                flask.abort(403)
            rules.put(session, key, " ".join((name or key).split())[:200] or key, after)
            said[key] = _told(dict(before), after)
            for held in session.scalars(sa.select(User.name).where(User.role == key)):
                people.end_sessions(session, held)
        if said:
            audit.note(session, by.name, "office-roles", None, said=said)
    return htmx.go(flask.url_for("duties.all_", said=len(said)))


def _after(role: str, before: Any) -> dict[str, str]:
    """What the form says of a role; an area that it does not speak of stays."""
    found = {}
    for area in rules.AREAS:
        act = flask.request.form.get(f"{role}|{area}", before.get(area, ""))
        if act in {rules.SEE, rules.CHANGE}:
            found[area] = act
    return found


def _told(before: dict[str, str], after: dict[str, str]) -> str:
    """What differs, for the audit log."""
    parts = [
        f"{area}: {before.get(area, '–')} → {after.get(area, '–')}"
        for area in rules.AREAS if before.get(area) != after.get(area)
    ]  # fmt: skip
    return ", ".join(parts)[:300]


def _page() -> str:
    return flask.render_template(
        "people/office_roles.html", roles=rules.roles(database.session()), areas=rules.AREAS,
        own=access.person().role, said=flask.request.args.get("said"),
    )  # fmt: skip
