"""Roles at the tills as a matrix of rights and roles with limits; saved as one edit."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

import flask

from backoffice import access, database, frame, htmx
from backoffice.changes import drafts, keeping
from backoffice.people.forms import RolesForm, by_right, limit_text
from schemas import xml
from schemas.keys import RoleKey
from schemas.staff import Role
from services.database.changes import CHAIN
from services.database.people import StaffRow
from services.evaluation import staff as questions
from services.register import permission

roles = flask.Blueprint("roles", __name__, url_prefix="/roles")
roles.add_app_template_global(limit_text, "limit_text")
GROUPS: Final = (
    ("sale", ("sell", "void-line", "abort", "coupon", "manual-weight", "salesperson", "take-away",
              "empties", "split", "price-enquiry", "copy-receipt", "park", "recall", "recall-others", "training")),
    ("price", ("override-price", "override-beyond", "sell-unpriced", "discount-line",
               "discount-line-amount", "target-price", "discount-receipt", "discount-receipt-amount", "target-receipt")),
    ("return", ("return", "return-without-receipt", "return-late", "return-other-branch",
                "void-receipt", "refund-cash", "refund-card", "refund-account", "change-tender", "reprint", "gift-slip")),
    ("tender", ("tender-card", "tender-voucher", "tender-account", "tender-debit", "tender-points",
                "tender-coupon", "tender-foreign", "cashback", "voucher-sell")),
    ("drawer", ("open-drawer", "float", "pay-in", "pay-out", "safe-drop", "count", "count-difference",
                "hand-over", "see-expected", "drawer-full", "x-report", "z-report")),
    ("customer", ("customer", "customer-create")),
)  # fmt: skip
"""The rights as people look for them; one that is in no group stands in the last."""
_KEY: Final = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.\-]{0,39}")


def grouped() -> list[tuple[str, list[str]]]:
    """All rights, in groups; none is missing."""
    groups = [
        (head, [name for name in names if name in permission.RIGHTS]) for head, names in GROUPS
    ]
    named = {name for _, names in groups for name in names}
    rest = [name for name in permission.RIGHTS if name not in named]
    return [*groups, ("other", rest)] if rest else groups


@roles.get("/")
def all_() -> Any:
    """The matrix."""
    return _page(RolesForm(_known()))


@roles.post("/")
def change() -> Any:
    """Keep all changed roles as one edit."""
    known = _known()
    form = RolesForm.of(flask.request.form, known, access.language())
    if form.wrong:
        return _page(form), 422
    before = {role.key: by_right(role) for role in known}
    changed = [role for role in form.roles if by_right(role) != before[role.key]]
    if changed:
        with database.writing() as session:
            keeping.keep(session, [(role, CHAIN) for role in changed])
    return htmx.go(flask.url_for("roles.all_", said=len(changed)))


@roles.post("/new")
def make() -> Any:
    """A new role, with the rights of another one to begin with."""
    form, known = flask.request.form, _known()
    name = " ".join(form.get("name", "").split())[:200]
    key = form.get("key", "").strip()[:60]
    like = next((role for role in known if role.key == form.get("like")), None)
    if not (_KEY.fullmatch(key) and name and name.isprintable()) or key in {r.key for r in known}:
        return _page(RolesForm(known), wrong="roles.wrong.new"), 422
    made = replace(like, key=RoleKey(key), name=name) if like else Role(RoleKey(key), name)
    with database.writing() as session:
        keeping.keep(session, [(made, CHAIN)])
    return htmx.go(flask.url_for("roles.all_", said=1))


@roles.post("/<key>/drop")
def drop(key: str) -> Any:
    """Take a role away that nobody has."""
    known = _known()
    if key not in {str(role.key) for role in known}:
        flask.abort(404)
    if database.session().query(StaffRow).filter(StaffRow.role == key).first() is not None:
        return _page(RolesForm(known), wrong="roles.wrong.held"), 422
    with database.writing() as session:
        keeping.remove(session, "role", key, CHAIN)
    return htmx.go(flask.url_for("roles.all_", said=1))


def _known() -> list[Role]:
    """The roles as this person left them: with what they have collected about them."""
    session = database.session()
    found = {str(role.key): role for role in questions.roles(session)}
    for key, document in drafts.drafted(session, CHAIN, "role").items():
        found.pop(key, None)
        if document is not None:
            found[key] = xml.load(Role, document)
    return sorted(found.values(), key=lambda role: (len(role.rights), role.name))


def _page(form: RolesForm, wrong: str | None = None) -> Any:
    typed = flask.request.args.get("q", "")[:100]
    shown = frame.shown()
    words = typed.casefold().split()
    groups = [
        (head, [name for name in names
                if all(w in f"{shown.t(f'right.{name}')} {name}".casefold() for w in words)])
        for head, names in grouped()
    ]  # fmt: skip
    saved = {role.key: by_right(role) for role in questions.roles(database.session())}
    return flask.render_template(
        "people/roles.html", roles=form.roles, held={r.key: by_right(r) for r in form.roles},
        saved=saved, groups=[each for each in groups if each[1]], kinds=permission.RIGHTS,
        wrong_cells=form.wrong, wrong=wrong, typed=typed, said=flask.request.args.get("said"),
    )  # fmt: skip
