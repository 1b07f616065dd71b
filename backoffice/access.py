"""Who is here, and what they may: every page but the door needs a session, and a right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import flask
import sqlalchemy as sa
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.orm import Session

from backoffice import areas, database, htmx, pace
from backoffice.words import LANGUAGES
from services.database import duties, organisation, people
from services.database.organisation import Unit
from services.database.people import User

OPEN: Final = {
    "static", "door.sign_in", "door.enter", "door.second", "door.check_second", "sheet", "slips.one"
}  # fmt: skip
"""The endpoints that need no session: a slip's address is sealed, and the tills' calls under /link sign for themselves, and programs of others bring a token to /api."""
HALFWAY: Final = {
    "door.sign_out", "door.choose", "me.password", "me.change_password", "me.second_factor",
    "me.begin_second_factor", "static", "sheet",
}  # fmt: skip
"""What somebody may ask who has yet to choose a password of their own, or a second factor."""
_OF_NO_BRANCH: Final = frozenset({"static", "sheet", "door", "me", "slips", "link", "api"})
_NAMING: Final = frozenset({"branch", "name", "kind"})
"""Parts of an address by which it says itself of which branch it is, or that it is of another kind."""
IDLE: Final = timedelta(hours=2)
"""After so long without a page asked for, somebody signs in again."""
_SEEN: Final = timedelta(minutes=1)
LARGE: Final[dict[str, int]] = {
    "imports.bring": 65 * 1024 * 1024,
    "pictures.change": 32 * 1024 * 1024,  # what is too large is named, and not just refused
}
"""Endpoints that take more than a form, and how many bytes."""
_FORM_BYTES: Final = 64 * 1024


class Cookies(SecureCookieSessionInterface):
    """Signed session cookies that are sent over TLS only, wherever the page came over TLS."""

    def get_cookie_secure(self, app: flask.Flask) -> bool:
        """Is head office public, or did this request come over TLS?"""
        return is_public(app) or flask.request.is_secure

    def get_cookie_name(self, app: flask.Flask) -> str:
        """Where head office is public, a name that browsers take over TLS and from no other host."""
        return "__Host-tresen" if is_public(app) else "tresen"


def install(app: flask.Flask) -> None:
    """Guard every page."""
    app.session_interface = Cookies()
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=people.LASTS,
    )
    app.before_request(guard)
    app.url_defaults(_of_its_branch)
    app.add_template_global(may)


def is_public(app: flask.Flask) -> bool:
    """Is head office served under an https address? Then no cookie ever goes over a plain line."""
    return str(app.config.get("OFFICE_ADDRESS") or "").startswith("https:")


def person() -> User:
    """Who is acting; aborts where nobody has signed in."""
    user = flask.g.get("user")
    if not isinstance(user, User):
        flask.abort(401)
    return user


def branch() -> str | None:
    """The branch of this page, where the person sees branches only; None: they see the whole company.

    Of several it is the one that the page asks for, else the one that they looked at last: each
    page is about one of them, so that what holds for one branch holds for these people too.
    """
    own = person().own
    if not own:
        return None
    if "branch" not in flask.g:
        asked = (_asked_for(), flask.session.get("looking"))
        flask.g.branch = next((each for each in asked if each in own), own[0])
        if len(own) > 1 and flask.session.get("looking") != flask.g.branch:
            flask.session["looking"] = flask.g.branch
    found: str = flask.g.branch
    return found


def _of_its_branch(endpoint: str, values: dict[str, Any]) -> None:
    """Of several branches each address says which: a form is for the one that its page showed.

    Else it would be for the one that was looked at last, perhaps in another window.
    """
    user = flask.g.get("user")
    if not isinstance(user, User) or len(user.own) < 2:
        return
    if endpoint.partition(".")[0] not in _OF_NO_BRANCH and not _NAMING & values.keys():
        values["branch"] = branch()


def _asked_for() -> str | None:
    """The branch that an address is of: by its name, by one of its tills, or by the question."""
    parts = flask.request.view_args or {}
    if "branch" in parts:
        return str(parts["branch"])
    till = parts.get("name") or (parts.get("kind") == "till" and parts.get("key"))
    if till:
        unit = database.session().get(Unit, ("till", str(till)))
        return unit.parent_key if unit else None
    if parts.get("kind") == "branch":
        return str(parts.get("key"))
    return flask.request.values.get("branch")


def rights() -> Mapping[str, str]:
    """By area, what the person may."""
    if "rights" not in flask.g:
        flask.g.rights = duties.rights(database.session(), person().role)
    held: Mapping[str, str] = flask.g.rights
    return held


def may(endpoint: str, method: str = "GET", what: str = "") -> bool:
    """May the person ask this? For what pages offer; the guard asks the same before any view."""
    return not _is_beyond(endpoint, what) and areas.allowed(rights(), endpoint, method, what)


def _is_beyond(endpoint: str, what: str) -> bool:
    """Is it the whole chain's, and the person sees branches only?"""
    return bool(person().own) and areas.of_the_chain(endpoint, what)


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
    if flask.g.user and (own := branch()):
        _stay_within(own)
    if flask.g.user is None:
        return None if endpoint in OPEN else _to_the_door()
    missing = None if endpoint in HALFWAY else _missing(flask.g.user)
    if missing:
        return htmx.go(flask.url_for(missing))
    what = str((flask.request.view_args or {}).get("what", ""))
    if endpoint and not areas.allowed(rights(), endpoint, flask.request.method, what):
        flask.abort(403)
    if endpoint and _is_beyond(endpoint, what):
        flask.abort(404)
    pace.check(flask.g.user.name, endpoint)
    return None


def _to_the_door() -> Any:
    here = flask.request.full_path.rstrip("?") if flask.request.method == "GET" else "/"
    return htmx.go(flask.url_for("door.sign_in", to=None if here == "/" else here))


def _missing(user: User) -> str | None:
    """What somebody has to do before anything else: the endpoint where they do."""
    if user.must_change:
        return "me.password"
    if user.second_factor is None and second_factor_for_all():
        return "me.second_factor"
    return None


def second_factor_for_all() -> bool:
    """Does the company demand a second factor of everybody?"""
    unit = organisation.company(database.session())
    return bool(unit and (unit.rules or {}).get("second_factor") == "true")


def _most(endpoint: str) -> int:
    """Bytes that an endpoint takes; much only where somebody signed in brings a file."""
    if endpoint in LARGE and isinstance(flask.session.get("key"), str):
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
    """Whose session the cookie speaks of, where it has not been ended, nor lain idle for too long."""
    secret, seen = flask.session.get("key"), flask.session.get("seen")
    if not (isinstance(secret, str) and isinstance(seen, int)):
        return None
    now = int(datetime.now(UTC).timestamp())
    if now - seen > IDLE.total_seconds():
        return None
    kept = people.session_of(database.session(), secret)
    user = database.session().get(User, kept.user) if kept else None
    if user is None or user.disabled:
        return None
    if now - seen > _SEEN.total_seconds():
        flask.session["seen"] = now
    return user


def begin(session: Session, user: User) -> None:
    """A new session of somebody, in a writing transaction; the one that they came with ends."""
    before = flask.session.get("key")
    if isinstance(before, str):
        people.end_session(session, before)
    agent = flask.request.user_agent.string
    secret = people.begin_session(session, user.name, flask.request.remote_addr, agent)
    flask.session.clear()
    flask.session.permanent = True
    flask.session["key"], flask.session["seen"] = secret, int(datetime.now(UTC).timestamp())


def target(text: str | None) -> str:
    """Where to go after sign-in: a page of ours only."""
    plain = text or "/"
    inside = plain.startswith("/") and not plain.startswith(("//", "/\\")) and plain.isprintable()
    return plain if inside else "/"
