"""One's own account: password, second factor, where one is signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import flask
import itsdangerous
import qrcode
import qrcode.image.svg
from markupsafe import Markup

from backoffice import access, browsers, database, frame, htmx
from services.database import attempts, audit, factor, people
from services.database.people import PasswordRefused, User

me = flask.Blueprint("me", __name__, url_prefix="/me")
_OFFERED: Final = 30 * 60
"""Seconds that a secret which was shown waits for its first code."""


@me.get("/")
def one() -> Any:
    """What the account is like."""
    return _page()


@me.post("/sessions")
def end_others() -> Any:
    """End every session of the person but this one."""
    name, secret = access.person().name, flask.session.get("key", "")
    with database.writing() as session:
        people.end_sessions(session, name, but=secret)
        audit.note(session, name, "sessions-ended", name)
    return htmx.go(flask.url_for("me.one", said="me.sessions.ended"))


@me.get("/password")
def password() -> Any:
    """The form for a new password."""
    return flask.render_template("me/password.html", wrong=None)


@me.post("/password")
def change_password() -> Any:
    """Choose another password; all sessions end, and this browser gets a new one."""
    form, name = flask.request.form, access.person().name
    now, new = form.get("now", "")[:1000], form.get("new", "")[:1000]
    wrong = _counted(name)
    if wrong is None and not people.is_theirs(access.person(), now):
        wrong = ("me.password.not-yours", {})
    if wrong is None and new == now:
        wrong = ("me.password.same", {})
    if wrong is not None:
        return flask.render_template("me/password.html", wrong=wrong), 422
    try:
        with database.writing() as session:
            user = people.make_user(session, name, new)
            access.begin(session, user)
            attempts.succeeded(session, name, browsers.known(name))
            audit.note(session, name, "password-changed", name)
    except PasswordRefused as refused:
        least = people.LEAST_SIGNS
        wrong = (f"me.password.{refused.fact}", {"least": least, "most": people.MOST_SIGNS})
        return flask.render_template("me/password.html", wrong=wrong), 422
    return htmx.go(flask.url_for("me.one", said="me.password.changed"))


def _counted(name: str) -> tuple[str, dict[str, Any]] | None:
    """Count a try at the present password: a browser left open is no place to guess it."""
    with database.writing() as session:
        wait = attempts.begin(session, name, browsers.known(name), datetime.now(UTC))
    return ("door.wait", {"minutes": -(-wait.seconds // 60)}) if wait else None


@me.get("/second-factor")
def second_factor() -> Any:
    """A new secret, as a picture for the app and as letters; or that there is one already."""
    return _second_page(factor.fresh_secret())


@me.post("/second-factor")
def begin_second_factor() -> Any:
    """The app shows a code of the new secret: from now on one is asked. Recovery codes, once."""
    form = flask.request.form
    try:
        secret = _seals().loads(form.get("offer", ""), max_age=_OFFERED)
    except itsdangerous.BadData:
        return _second_page(factor.fresh_secret(), "me.second.too-late"), 422
    step = factor.step_of(secret, form.get("code", "")[:60], datetime.now(UTC))
    if step is None:
        return _second_page(secret, "door.second.wrong"), 422
    name = access.person().name
    if access.person().second_factor is not None:
        flask.abort(409)
    with database.writing() as session:
        user = session.get_one(User, name, with_for_update=True)
        codes = factor.begin(user, secret, database.office().factor_seal(), step)
        people.end_sessions(session, name)
        access.begin(session, user)
        audit.note(session, name, "second-factor-begun", name)
    return _once("me/codes.html", codes)


@me.post("/second-factor/codes")
def renew_codes() -> Any:
    """New recovery codes, for the price of a code of the app."""
    codes: list[str] = []

    def act(user: User) -> None:
        codes.extend(factor.renew(user))

    refused = _with_code("recovery-renewed", act)
    return refused or _once("me/codes.html", codes)


@me.post("/second-factor/end")
def end_second_factor() -> Any:
    """A password is enough again, where the company does not demand more."""
    if access.second_factor_for_all():
        return _page("me.second.demanded"), 422
    refused = _with_code("second-factor-ended", factor.end)
    return refused or htmx.go(flask.url_for("me.one", said="me.second.ended"))


def _with_code(act: str, do: Any) -> Any:
    """Do something to the second factor once a code of it was shown; else answers the refusal."""
    name, code = access.person().name, flask.request.form.get("code", "")[:60]
    now = datetime.now(UTC)
    with database.writing() as session:
        wait = attempts.begin(session, name, browsers.known(name), now, attempts.SECOND_FACTOR)
        user = session.get_one(User, name, with_for_update=True)
        good = not wait and factor.accepts(user, code, database.office().factor_seal(), now)
        if good:
            do(user)
            attempts.succeeded(session, name, browsers.known(name), attempts.SECOND_FACTOR)
            audit.note(session, name, act, name)
    return None if good else (_page("door.second.wrong"), 422)


def _second_page(secret: str, wrong: str | None = None) -> Any:
    user = access.person()
    where = factor.address(secret, user.name, frame.place().company)
    return _once(
        "me/second.html", None, secret=secret, offer=_seals().dumps(secret), wrong=wrong,
        picture=_picture(where), demanded=access.second_factor_for_all(),
    )  # fmt: skip


def _picture(text: str) -> Markup:
    """A QR code as SVG of the page itself: nothing is asked of anybody else."""
    code = qrcode.QRCode(image_factory=qrcode.image.svg.SvgPathImage, border=3)
    code.add_data(text)
    code.make(fit=True)
    return Markup(code.make_image().to_string(encoding="unicode"))  # noqa: S704 (made here)


def _once(template: str, codes: list[str] | None, **more: Any) -> flask.Response:
    """An answer that no browser keeps."""
    answer = flask.make_response(flask.render_template(template, codes=codes, **more))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _seals() -> itsdangerous.URLSafeTimedSerializer:
    """What was offered to this person alone; it is shown to them anyway, so it is sealed, not hidden."""
    key = flask.current_app.secret_key or b""
    return itsdangerous.URLSafeTimedSerializer(key, salt=f"second-factor {access.person().name}")


def _page(wrong: str | None = None) -> str:
    session, user = database.session(), access.person()
    now = people.session_of(session, str(flask.session.get("key", "")))
    return flask.render_template(
        "me/one.html", sessions=people.sessions(session, user.name), now_here=now, wrong=wrong,
        said=flask.request.args.get("said"), demanded=access.second_factor_for_all(),
    )  # fmt: skip
