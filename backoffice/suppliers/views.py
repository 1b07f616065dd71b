"""Suppliers: the list, one with all that it delivers, and who they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import flask
from sqlalchemy.orm import Session

from backoffice import database, frame, htmx
from backoffice.changes import drafts, keeping
from schemas.keys import KeyRefused, SupplierKey, article_key
from schemas.supplier import Supplier
from services.database import changes
from services.database.changes import OFFICE, RecordRefused
from services.database.supplies import SupplierRow
from services.evaluation import deliveries

suppliers = flask.Blueprint("suppliers", __name__, url_prefix="/suppliers")
FIELDS: Final = ("name", "number", "phone", "email", "address")
_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class SupplierForm:
    """A supplier as typed. `wrong`: the field that is not right, and why, as a word's name."""

    typed: Mapping[str, str]
    wrong: tuple[str, str] | None = None


@suppliers.get("/")
def all_() -> Any:
    """Suppliers by name, each with how many articles it delivers."""
    text = flask.request.args.get("q", "")[:200]
    number = frame.whole_number("page", 1, 100_000)
    rows, count = deliveries.page(database.session(), text, _AT_ONCE, number)
    return htmx.page_or_part(
        "suppliers/all.html", "suppliers/_all.html", rows=rows, count=count, size=_AT_ONCE,
        number=number, typed=text,
    )  # fmt: skip


@suppliers.get("/new")
def fresh() -> Any:
    """A form for a new one."""
    return _page(None, SupplierForm({}))


@suppliers.post("/new")
def make() -> Any:
    """Make it."""
    typed = _typed(("key", *FIELDS))
    try:
        key = SupplierKey(article_key(typed["key"]))
    except KeyRefused:
        return _page(None, SupplierForm(typed, ("key", "suppliers.no-key"))), 422
    session = database.session()
    collected = drafts.drafted(session, OFFICE, "supplier").get(key) is not None
    if collected or session.get(SupplierRow, key) is not None:
        return _page(None, SupplierForm(typed, ("key", "suppliers.taken"))), 422
    return _kept(None, key, typed)


@suppliers.get("/<key>")
def one(key: str) -> Any:
    """One supplier, with what it delivers."""
    row = _found(key)
    left = drafts.as_left(database.session(), row.document(), OFFICE)
    return _page(row, SupplierForm({name: getattr(left, name) or "" for name in FIELDS}))


@suppliers.post("/<key>")
def change(key: str) -> Any:
    """Say anew who it is; or take away one that delivers nothing."""
    row = _found(key)
    if flask.request.form.get("act") == "remove":
        if deliveries.count(database.session(), key):
            return _page(row, SupplierForm(_typed(FIELDS), ("act", "suppliers.delivers"))), 409
        with database.writing() as session:
            keeping.remove(session, "supplier", key, OFFICE)
        return htmx.go(flask.url_for("suppliers.all_"))
    typed = _typed(FIELDS)
    seen = flask.request.form.get("seen", "")
    if seen.isdecimal() and seen[:18] != str(_change(database.session(), key)):
        return _page(row, SupplierForm(typed, ("name", "units.conflict"))), 409
    return _kept(row, SupplierKey(row.key), typed)


def _typed(names: tuple[str, ...]) -> dict[str, str]:
    return {name: flask.request.form.get(name, "")[:300].strip() for name in names}


def _found(key: str) -> SupplierRow:
    found = database.session().get(SupplierRow, key)
    if found is None:
        flask.abort(404)
    return found


def _kept(row: SupplierRow | None, key: SupplierKey, typed: Mapping[str, str]) -> Any:
    if not typed["name"]:
        return _page(row, SupplierForm(typed, ("name", "customers.no-name"))), 422
    said = Supplier(
        key, typed["name"], typed["address"] or None, typed["phone"] or None,
        typed["email"] or None, typed["number"] or None,
    )  # fmt: skip
    try:
        with database.writing() as session:
            keeping.keep(session, [(said, OFFICE)])
    except RecordRefused:
        wrong = ("email", "customers.bad-mail") if typed["email"] else ("name", "suppliers.odd")
        return _page(row, SupplierForm(typed, wrong)), 422
    into = keeping.collecting()
    if row is None and into is not None:
        return htmx.go(flask.url_for("changes.one", number=into.id))
    told = "collected" if into is not None else "saved"
    return htmx.go(flask.url_for("suppliers.one", key=key, said=told))


def _change(session: Session, key: str) -> int:
    """The number of a supplier's newest change."""
    return changes.currents(session, OFFICE, "supplier", [key])[key].change


def _page(row: SupplierRow | None, form: SupplierForm) -> str:
    session, number = database.session(), frame.whole_number("page", 1, 100_000)
    some, count = deliveries.of(session, row.key, _AT_ONCE, number) if row else ([], 0)
    return flask.render_template(
        "suppliers/one.html", supplier=row, form=form, some=some, count=count, size=_AT_ONCE,
        number=number, seen=_change(session, row.key) if row else 0,
        said=flask.request.args.get("said"),
    )  # fmt: skip
