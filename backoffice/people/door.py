"""The door: sign-in by password and second factor, sign-out; each of them stands in the audit log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import flask
from sqlalchemy.orm import Session

from backoffice import access, browsers, database
from backoffice.words import LANGUAGES
from services.database import attempts, audit, factor, people
from services.database.people import User

door = flask.Blueprint("door", __name__)
_BETWEEN: Final = timedelta(minutes=10)
"""So long somebody whose password was right may take for the code."""
Wrong = tuple[str, dict[str, Any]]


@door.get("/sign-in")
def sign_in() -> Any:
    """The door."""
    return _door(access.target(flask.request.args.get("to")), "")


@door.post("/sign-in")
def enter() -> Any:
    """Let somebody in whose password is right; the session they come with ends here."""
    form = flask.request.form
    name, to = form.get("name", "").strip()[:60], access.target(form.get("to"))
    waiting = _counted(name, attempts.PASSWORD)
    if waiting:
        return _door(to, name, waiting), 429
    user = people.signed_in(database.session(), name, form.get("password", "")[:1000])
    if user is None:
        _failed(name, "password")
        return _door(to, name, ("door.wrong", {})), 422
    if user.second_factor is not None:
        with database.writing() as session:
            attempts.succeeded(session, name, browsers.known(name))
        flask.session.clear()
        flask.session["half"] = [user.name, int(datetime.now(UTC).timestamp())]
        return flask.redirect(flask.url_for("door.second", to=None if to == "/" else to), 303)
    return _in(user, to, attempts.PASSWORD, "password")


@door.get("/sign-in/code")
def second() -> Any:
    """The code of the app is asked for."""
    if _half() is None:
        return flask.redirect(flask.url_for("door.sign_in"), 303)
    return _second(access.target(flask.request.args.get("to")))


@door.post("/sign-in/code")
def check_second() -> Any:
    """Let somebody in whose code is right, too."""
    name, to = _half(), access.target(flask.request.form.get("to"))
    if name is None:
        return flask.redirect(flask.url_for("door.sign_in"), 303)
    waiting = _counted(name, attempts.SECOND_FACTOR)
    if waiting:
        return _second(to, waiting), 429
    code = flask.request.form.get("code", "")[:60]
    with database.writing() as session:
        user = session.get(User, name, with_for_update=True)
        seal = database.office().factor_seal()
        way = factor.accepts(user, code, seal, datetime.now(UTC)) if user else None
        if user is None or user.disabled or way is None:
            audit.note(session, name, "sign-in-failed", name, said={"with": "second-factor"})
    if user is None or user.disabled or way is None:
        return _second(to, ("door.second.wrong", {})), 422
    return _in(user, to, attempts.SECOND_FACTOR, way)


@door.post("/sign-out")
def sign_out() -> Any:
    """End this session: a cookie that somebody copied of it ends with it."""
    name, secret = access.person().name, flask.session.get("key", "")
    with database.writing() as session:
        people.end_session(session, secret)
        audit.note(session, name, "sign-out", name)
    flask.session.clear()
    answer = flask.redirect(flask.url_for("door.sign_in"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'  # the next at this computer is another
    return answer


@door.post("/me")
def choose() -> Any:
    """Keep the person's choice of language or theme."""
    name, form = access.person().name, flask.request.form
    with database.writing() as session:
        user = session.get(User, name)
        if user is not None and form.get("language") in LANGUAGES:
            user.language = form["language"]
        if user is not None and form.get("theme") in {"light", "dark"}:
            user.theme = form["theme"]
    return flask.redirect(access.target(form.get("to")), 303)


def _door(to: str, typed: str, wrong: Wrong | None = None) -> str:
    return flask.render_template("door/sign_in.html", to=to, typed=typed, wrong=wrong)


def _second(to: str, wrong: Wrong | None = None) -> str:
    return flask.render_template("door/second.html", to=to, wrong=wrong)


def _counted(name: str, what: str) -> Wrong | None:
    """Count a try; says how long it must wait where there were too many."""
    with database.writing() as session:
        wait = attempts.begin(session, name, browsers.known(name), datetime.now(UTC), what)
    return ("door.wait", {"minutes": -(-wait // timedelta(minutes=1))}) if wait else None


def _failed(name: str, with_: str) -> None:
    """Note a refusal. A name that nobody has is not kept: it may be a password in the wrong field."""
    with database.writing() as session:
        known = session.get(User, name)
        audit.note(session, known.name if known else "?", "sign-in-failed",
                   known.name if known else None, said={"with": with_})  # fmt: skip


def _half() -> str | None:
    """Whose password was right a moment ago, while their code is still missing."""
    held = flask.session.get("half")
    if not (isinstance(held, list) and len(held) == 2 and isinstance(held[1], int)):
        return None
    young = datetime.now(UTC).timestamp() - held[1] < _BETWEEN.total_seconds()
    return str(held[0]) if young else None


def _in(user: User, to: str, what: str, way: str) -> Any:
    name = user.name
    with database.writing() as session:
        _begin(session, name, what, way)
    answer = flask.redirect(to, 303)
    browsers.remember(answer, name)
    return answer


def _begin(session: Session, name: str, what: str, way: str) -> None:
    access.begin(session, session.get_one(User, name))
    attempts.succeeded(session, name, browsers.known(name), what)
    audit.note(session, name, "sign-in", name, said={"with": way})
