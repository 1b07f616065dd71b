"""Interfaces in the browser: tokens for programs of others, messages to them, and what they can ask."""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from typing import Any, Final

import flask
import sqlalchemy as sa

from backoffice import access, database, frame, htmx
from backoffice.api import document
from services.database import audit, tokens
from services.database.hooks import EVENTS, HookMessage, HookRow
from services.database.organisation import Unit
from services.database.tokens import SCOPES, ApiToken
from services.exporting import post

interfaces = flask.Blueprint("interfaces", __name__, url_prefix="/interfaces")
LASTS: Final = {"30": 30, "365": 365, "": None}
"""Days that a token may hold; none: until somebody revokes it."""
_NUMBER: Final = "<int(max=9007199254740991):number>"


@interfaces.get("/")
def all_() -> Any:
    """Tokens and hooks."""
    return _page()


def _page(status: int = 200, **more: Any) -> Any:
    session = database.session()
    given: dict[str, Any] = {"made": None, "wrong": None, "typed": flask.request.form}
    answer = flask.make_response(
        flask.render_template(
            "interfaces/all.html", scopes=SCOPES, events=EVENTS, lasts=list(LASTS),
            tokens=session.scalars(sa.select(ApiToken).order_by(ApiToken.id.desc())).all(),
            hooks=session.scalars(sa.select(HookRow).order_by(HookRow.id.desc())).all(),
            waiting=_waiting(), **(given | more),
        ), status,
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _waiting() -> dict[int, int]:
    """How many messages wait for each hook."""
    query = sa.select(HookMessage.hook, sa.func.count()).where(
        HookMessage.state.in_(["waiting", "sending"])
    )
    rows = database.session().execute(query.group_by(HookMessage.hook))
    return {row[0]: row[1] for row in rows}


def _branch() -> str | None:
    """The branch that was chosen; none: the company. One that is not there is not found."""
    key = flask.request.form.get("for", "")[:12]
    if key and database.session().get(Unit, ("branch", key)) is None:
        flask.abort(404)
    return key or None


@interfaces.post("/tokens")
def make_token() -> Any:
    """A new token; its text is shown once, and nowhere else again."""
    form, person = flask.request.form, access.person()
    name, wanted, branch = form.get("name", "").strip()[:50], form.getlist("scope"), _branch()
    if not name or not name.isprintable() or not set(wanted) & set(SCOPES):
        return _page(422, wrong=frame.shown().t("interfaces.token-wrong"))
    if branch and any(each.endswith(":write") and each != "prices:write" for each in wanted):
        return _page(422, wrong=frame.shown().t("interfaces.token-branch"))
    days = LASTS.get(form.get("lasts", ""))
    ends = frame.now() + timedelta(days=days) if days else None
    with database.writing() as session:
        row, text = tokens.make(session, name, wanted, branch, person.name, frame.now(), ends)
        said = {"scopes": row.scopes, "branch": branch or ""}
        audit.note(session, person.name, "token", name, said=said)
    return _page(made=("token", name, text))


@interfaces.post(f"/tokens/{_NUMBER}/revoke")
def revoke_token(number: int) -> Any:
    """From now on the token lets nobody in."""
    person = access.person().name
    with database.writing() as session:
        row = session.get(ApiToken, number, with_for_update=True)
        if row is None:
            flask.abort(404)
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by = frame.now(), person
            audit.note(session, person, "token-end", row.name)
    return htmx.go(flask.url_for("interfaces.all_"))


@interfaces.get("/reference")
def reference() -> Any:
    """What programs can ask, for people to read."""
    return flask.render_template("interfaces/reference.html", said=document.openapi())


# Hooks


@interfaces.post("/hooks")
def make_hook() -> Any:
    """Somebody new wants to hear of something; the secret is shown once."""
    form, person = flask.request.form, access.person()
    wanted, branch = [each for each in EVENTS if each in form.getlist("event")], _branch()
    try:
        url = post.checked(form.get("url", ""))
    except post.AddressRefused:
        return _page(422, wrong=frame.shown().t("interfaces.hook-url"))
    if not wanted:
        return _page(422, wrong=frame.shown().t("interfaces.hook-events"))
    secret = base64.b64encode(secrets.token_bytes(32)).decode()
    with database.writing() as session:
        session.add(
            HookRow(
                url=url, events=" ".join(wanted), branch=branch, secret=secret, state="on",
                made_by=person.name, made_at=frame.now(),
            )
        )  # fmt: skip
        audit.note(session, person.name, "hook", url[:120], said={"events": wanted})
    return _page(made=("hook", url, f"whsec_{secret}"))


def _hook(number: int) -> HookRow:
    row = database.session().get(HookRow, number)
    if row is None:
        flask.abort(404)
    return row


@interfaces.get(f"/hooks/{_NUMBER}")
def hook(number: int) -> Any:
    """One hook: its messages, newest first, and what came back."""
    row, page = _hook(number), frame.whole_number("page", 1, 100_000)
    state = flask.request.args.get("show", "")
    query = sa.select(HookMessage).where(HookMessage.hook == number)
    if state in {"waiting", "sent", "refused"}:
        query = query.where(HookMessage.state == state)
    session = database.session()
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(
        query.order_by(HookMessage.id.desc()).limit(50).offset((page - 1) * 50)
    ).all()
    return flask.render_template(
        "interfaces/hook.html", hook=row, rows=rows, count=count, number=page, size=50,
        state=state,
    )  # fmt: skip


@interfaces.post(f"/hooks/{_NUMBER}/state")
def turn(number: int) -> Any:
    """Pause a hook, or let it hear again; what waits is kept meanwhile."""
    _hook(number)
    wanted, person = flask.request.form.get("state", ""), access.person().name
    with database.writing() as session:
        row = session.get_one(HookRow, number, with_for_update=True)
        if wanted in {"on", "off"}:
            row.state, row.failures, row.failing_since, row.next_at = wanted, 0, None, None
            audit.note(session, person, "hook", row.url[:120], said={"state": wanted})
    return htmx.go(flask.url_for("interfaces.hook", number=number))


@interfaces.post(f"/messages/{_NUMBER}/again")
def again(number: int) -> Any:
    """Send a message again, now, under the same name."""
    with database.writing() as session:
        row = session.get(HookMessage, number, with_for_update=True)
        if row is None:
            flask.abort(404)
        if row.state != "sending":
            row.state, row.tries, row.next_at = "waiting", 0, frame.now()
            session.get_one(HookRow, row.hook, with_for_update=True).next_at = None
        to = row.hook
    return htmx.go(flask.url_for("interfaces.hook", number=to))
