"""Users of head office: who may sign in, with which role, for which branch."""

from __future__ import annotations

import secrets
from typing import Any, Final

import flask
import sqlalchemy as sa

from backoffice import access, database, frame, htmx
from backoffice.people.forms import UserForm
from services.database import audit, duties, factor, people
from services.database.people import User

users = flask.Blueprint("users", __name__, url_prefix="/users")
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


@users.get("/")
def all_() -> Any:
    """Everybody who can sign in, or could."""
    typed = flask.request.args.get("q", "")[:100]
    query = sa.select(User).order_by(User.disabled, sa.func.lower(User.shown))
    if typed.strip():
        like = f"%{typed.strip().lower()}%"
        named = sa.or_(sa.func.lower(User.shown).like(like), sa.func.lower(User.name).like(like))
        query = query.where(named)
    rows = database.session().scalars(query).all()
    return flask.render_template("people/users.html", rows=rows, typed=typed, roles=role_names())


def role_names() -> dict[str, str]:
    """What each role is called."""
    shown = frame.shown()
    found = duties.roles(database.session())
    return {key: name or shown.t(f"office-role.{key}") for key, name, _ in found}


@users.get("/new")
def fresh() -> Any:
    """A form for somebody new."""
    return _page(None, UserForm({"role": "manager", "language": access.language()}))


@users.post("/new")
def make() -> Any:
    """Let somebody in; the password is shown once, and they choose another at their first sign-in."""
    form = _form(None)
    if form.wrong:
        return _page(None, form), 422
    by, typed = access.person().name, form.typed
    password = given()
    with database.writing() as session:
        user = people.make_user(
            session, typed["name"], password, shown=typed["shown"], language=typed["language"],
            branch=typed["branch"], role=typed["role"],
        )  # fmt: skip
        user.must_change, user.also = True, typed["also"].split() or None
        said = {name: typed[name] for name in ("role", "branch", "also") if typed[name]}
        audit.note(session, by, "user-made", user.name, said=said)
    return _page(_user(typed["name"]), UserForm.shown(_user(typed["name"])), password=password)


@users.get("/<user>")
def one(user: str) -> Any:
    """One user."""
    found = _user(user)
    return _page(found, UserForm.shown(found))


@users.post("/<user>")
def change(user: str) -> Any:
    """Say anew what somebody is called, may and sees. With another role or branch sessions end."""
    found = _user(user)
    _not_above(found)
    form = _form(found)
    if form.wrong:
        return _page(found, form), 422
    by, typed = access.person().name, form.typed
    with database.writing() as session:
        row = session.get_one(User, user, with_for_update=True)
        before = {"role": row.role, "branch": row.branch or "", "shown": row.shown,
                  "also": " ".join(row.also or ())}  # fmt: skip
        row.shown, row.language = typed["shown"], typed["language"]
        row.role, row.branch = typed["role"], typed["branch"] or None
        row.also = typed["also"].split() or None
        differs = {k: f"{v} → {typed[k]}" for k, v in before.items() if v != typed[k]}
        if {"role", "branch", "also"} & set(differs):
            people.end_sessions(session, user)
        audit.note(session, by, "user-changed", user, said=differs)
    return htmx.go(flask.url_for("users.one", user=user, said="users.saved"))


@users.post("/<user>/disable")
def disable(user: str) -> Any:
    """Shut somebody out at once, or let them in again."""
    _not_above(_user(user))
    if user == access.person().name:
        return _page(_user(user), UserForm.shown(_user(user)), wrong="users.not-yourself"), 422
    with database.writing() as session:
        row = session.get_one(User, user, with_for_update=True)
        row.disabled = flask.request.form.get("act") != "enable"
        people.end_sessions(session, user)
        audit.note(session, access.person().name,
                   "user-disabled" if row.disabled else "user-enabled", user)  # fmt: skip
    return htmx.go(flask.url_for("users.one", user=user))


@users.post("/<user>/password")
def reset(user: str) -> Any:
    """A new password, shown once; all sessions end, and a second factor ends where it is lost too."""
    _not_above(_user(user))
    password = given()
    lost = bool(flask.request.form.get("second"))
    with database.writing() as session:
        row = people.make_user(session, user, password)
        row.must_change = True
        if lost:
            factor.end(row)
        audit.note(session, access.person().name, "password-reset", user,
                   said={"second-factor": "ended"} if lost else None)  # fmt: skip
    return _page(_user(user), UserForm.shown(_user(user)), password=password)


def given() -> str:
    """A password to hand on, for one sign-in."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(3))


def _not_above(user: User) -> None:
    """Nobody changes who may more than they may themselves."""
    theirs = duties.rights(database.session(), user.role)
    if not duties.covers(access.rights(), theirs):
        flask.abort(403)


def _form(known: User | None) -> UserForm:
    session = database.session()
    own = access.rights()
    allowed = {key for key, _, held in duties.roles(session) if duties.covers(own, held)}
    branches = {key for key, _ in frame.place().branches}
    form = UserForm.of(flask.request.form, known, allowed, branches)
    if known is None and session.get(User, form.typed["name"]) is not None:
        form.wrong["name"] = "users.wrong.taken"
    if known is not None and known.name == access.person().name:
        for name, now in (("role", known.role), ("branch", known.branch or "")):
            if form.typed[name] != now:
                form.wrong[name] = "users.not-yourself"
    return form


def _user(name: str) -> User:
    found = database.session().get(User, name)
    if found is None:
        flask.abort(404)
    return found


def _page(user: User | None, form: UserForm, **more: Any) -> Any:
    given_ = {"password": None, "wrong": None, "said": flask.request.args.get("said")}
    signed_in = people.sessions(database.session(), user.name) if user else []
    answer = flask.make_response(
        flask.render_template("people/user.html", one=user, form=form, roles=role_names(),
                              signed_in=signed_in, **(given_ | more))
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer
