"""Who is here: sign-in, sign-out, the session, and that every page but the door needs one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import flask
import sqlalchemy as sa
from flask.sessions import SecureCookieSessionInterface

from backoffice import browsers, database, htmx
from backoffice.words import LANGUAGES
from services.database import attempts, organisation, people
from services.database.people import User

door = flask.Blueprint("door", __name__)
OPEN: Final = {"static", "door.sign_in", "door.enter", "sheet", "slips.one"}
"""The endpoints that need no session: a slip's address is sealed, and the tills' calls under /link sign for themselves, and programs of others bring a token to /api."""
LARGE: Final[dict[str, int]] = {"imports.bring": 65 * 1024 * 1024}
"""Endpoints that take more than a form, and how many bytes."""
_LASTS: Final = timedelta(hours=12)
_FORM_BYTES: Final = 64 * 1024


class Cookies(SecureCookieSessionInterface):
    """Signed session cookies that are sent over TLS only, wherever the page came over TLS."""

    def get_cookie_secure(self, app: flask.Flask) -> bool:  # noqa: ARG002 (Flask hands it in)
        """Did this request come over TLS?"""
        return flask.request.is_secure


def install(app: flask.Flask) -> None:
    """Guard every page."""
    app.session_interface = Cookies()
    app.config.update(
        SESSION_COOKIE_NAME="tresen",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=_LASTS,
    )
    app.before_request(guard)
    app.register_blueprint(door)


def person() -> User:
    """Who is acting; aborts where nobody has signed in."""
    user = flask.g.get("user")
    if not isinstance(user, User):
        flask.abort(401)
    return user


def language() -> str:
    """The language of this answer: the person's own, else the browser's, else the company's."""
    if "language" in flask.g:
        return str(flask.g.language)
    user = flask.g.get("user")
    if isinstance(user, User):
        return user.language
    return flask.request.accept_languages.best_match(list(LANGUAGES)) or _company_language()


def _company_language() -> str:
    try:
        unit = organisation.company(database.session())
    except sa.exc.SQLAlchemyError:  # the page that says so needs a language too
        return "en"
    return unit.language if unit and unit.language in LANGUAGES else "en"


def guard() -> Any:
    """Let in whoever has a session that still holds; send everybody else to the door."""
    endpoint = flask.request.endpoint or ""
    if endpoint.startswith("link.") or endpoint in {"static", "sheet"}:
        return None
    if flask.request.path.startswith("/api/"):  # a token lets in there, and no session
        return None
    flask.request.max_content_length = _most(endpoint)
    database.begin_reading()
    if any("\0" in value for value in _given()):
        flask.abort(400)  # no name, number or word holds it, and PostgreSQL takes none
    flask.g.user = _of_session()
    if flask.g.user and flask.g.user.branch:
        _stay_within(flask.g.user.branch)
    if flask.g.user is not None or endpoint in OPEN:
        return None
    here = flask.request.full_path.rstrip("?") if flask.request.method == "GET" else "/"
    return htmx.go(flask.url_for("door.sign_in", to=None if here == "/" else here))


def _most(endpoint: str) -> int:
    """Bytes that an endpoint takes; much only where somebody signed in brings a file."""
    if endpoint in LARGE and isinstance(flask.session.get("user"), str):
        return LARGE[endpoint]
    return _FORM_BYTES


def _given() -> Iterator[str]:
    """All that the address and the form say."""
    view = flask.request.view_args or {}
    yield from (str(value) for value in view.values())
    for _, values in flask.request.values.lists():
        yield from values


def _stay_within(branch: str) -> None:
    """Not found, where a person of one branch asks for another: before any view begins."""
    if any(wanted not in {"", branch} for wanted in flask.request.values.getlist("branch")):
        flask.abort(404)


def _of_session() -> User | None:
    name, generation = flask.session.get("user"), flask.session.get("generation")
    if not isinstance(name, str):
        return None
    user = database.session().get(User, name)
    return user if user and not user.disabled and user.sessions == generation else None


def _target(text: str | None) -> str:
    """Where to go after sign-in: a page of ours only."""
    plain = text or "/"
    inside = plain.startswith("/") and not plain.startswith(("//", "/\\")) and plain.isprintable()
    return plain if inside else "/"


@door.get("/sign-in")
def sign_in() -> Any:
    """The door."""
    return flask.render_template(
        "door/sign_in.html", to=_target(flask.request.args.get("to")), typed="", wrong=None
    )


@door.post("/sign-in")
def enter() -> Any:
    """Let somebody in whose password is right; the session they come with ends here."""
    form = flask.request.form
    name, to = form.get("name", "").strip()[:60], _target(form.get("to"))
    browser = browsers.known(name)
    with database.writing() as session:
        wait = attempts.begin(session, name, browser, datetime.now(UTC))
    if wait:
        wrong = ("door.wait", {"minutes": -(-wait // timedelta(minutes=1))})
        return flask.render_template("door/sign_in.html", to=to, typed=name, wrong=wrong), 429
    user = people.signed_in(database.session(), name, form.get("password", "")[:200])
    if user is None:
        wrong = ("door.wrong", {})
        return flask.render_template("door/sign_in.html", to=to, typed=name, wrong=wrong), 422
    flask.session.clear()
    flask.session.permanent = True
    flask.session["user"], flask.session["generation"] = user.name, user.sessions
    flask.session["since"] = datetime.now(UTC).isoformat()
    with database.writing() as session:
        attempts.succeeded(session, name, browser)
    answer = flask.redirect(to, 303)
    browsers.remember(answer, name)
    return answer


@door.post("/sign-out")
def sign_out() -> Any:
    """End all sessions of the person: a cookie that somebody copied ends with them."""
    name = person().name
    with database.writing() as session:
        user = session.get(User, name, with_for_update=True)
        if user is not None:
            user.sessions += 1
    flask.session.clear()
    return flask.redirect(flask.url_for("door.sign_in"), 303)


@door.post("/me")
def choose() -> Any:
    """Keep the person's choice of language or theme."""
    name, form = person().name, flask.request.form
    with database.writing() as session:
        user = session.get(User, name)
        if user is not None and form.get("language") in LANGUAGES:
            user.language = form["language"]
        if user is not None and form.get("theme") in {"light", "dark"}:
            user.theme = form["theme"]
    return flask.redirect(_target(form.get("to")), 303)
