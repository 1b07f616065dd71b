"""Taxes: the rate of each class in each zone, what comes next, and a new rate from a moment on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
import sqlalchemy as sa

from backoffice import database, frame, htmx
from backoffice.changes import drafts, keeping
from backoffice.taxes.forms import RateForm, without
from schemas import xml
from schemas.keys import TaxClass, TaxZone
from schemas.tax import Tax
from services.database import changes
from services.database.articles import ArticleRow
from services.database.changes import CHAIN, Newest, RecordRefused
from services.database.organisation import Unit

taxes = flask.Blueprint("taxes", __name__, url_prefix="/taxes")


def _all() -> dict[str, Newest]:
    session = database.session()
    return changes.currents(session, CHAIN, "tax", sorted(changes.keys(session, CHAIN, "tax")))


def _document(newest: Newest) -> Tax:
    """A tax as this person left it."""
    assert newest.document is not None
    return drafts.as_left(database.session(), xml.load(Tax, newest.document), CHAIN)


def _found(class_: str, zone: str) -> tuple[Tax, int]:
    """A tax, and the number of its newest change."""
    key = Tax(TaxClass(class_), TaxZone(zone), "").key
    newest = changes.currents(database.session(), CHAIN, "tax", [key])[key]
    if newest.document is None:
        flask.abort(404)
    return _document(newest), newest.change


@taxes.get("/")
def all_() -> Any:
    """Every class in every zone, what it costs now, and what comes."""
    session = database.session()
    listed = [_document(each) for each in _all().values() if each.document]
    many = sa.select(ArticleRow.tax, sa.func.count().label("many")).group_by(ArticleRow.tax)
    articles = {row.tax: row.many for row in session.execute(many)}
    takers: dict[str, list[Unit]] = {}
    for unit in session.scalars(sa.select(Unit).order_by(Unit.kind, Unit.key)):
        for zone in {unit.tax_zone, (unit.rules or {}).get("takeaway_zone")} - {None}:
            takers.setdefault(str(zone), []).append(unit)
    return flask.render_template("taxes/all.html", taxes=listed, articles=articles, takers=takers)


@taxes.get("/new")
def fresh() -> Any:
    """A form for a class that a zone has no rate of yet."""
    return _page(None, 0, RateForm({}))


@taxes.post("/new")
def make() -> Any:
    """Give a class its first rate in a zone."""
    form = RateForm.of(flask.request.form, None, frame.place().zone, frame.now())
    if form.said is not None and form.said.key in changes.keys(database.session(), CHAIN, "tax"):
        form.wrong["class"], form.said = "taxes.taken", None
    return _kept(None, 0, form)


@taxes.get("/<class_>/<zone>")
def one(class_: str, zone: str) -> Any:
    """A class in a zone: all its rates, and a form for the next."""
    tax, change = _found(class_, zone)
    return _page(tax, change, RateForm({"name": tax.name}))


@taxes.post("/<class_>/<zone>")
def change(class_: str, zone: str) -> Any:
    """Set a rate from a moment on; or take one away that has not begun."""
    tax, newest = _found(class_, zone)
    form: Mapping[str, str] = flask.request.form
    if form.get("seen", "")[:18] != str(newest):
        kept = RateForm(
            {name: form.get(name, "")[:200] for name in ("name", "percent", "when", "at")}
        )
        kept.wrong["seen"] = "units.conflict"
        return _page(tax, newest, kept, 409)
    if form.get("act") == "remove":
        made = RateForm({"name": tax.name}, without(tax, form.get("rate", "")[:40], frame.now()))
        return _kept(tax, newest, made)
    return _kept(tax, newest, RateForm.of(form, tax, frame.place().zone, frame.now()))


def _kept(tax: Tax | None, newest: int, form: RateForm) -> Any:
    if form.said is None:
        return _page(tax, newest, form, 422)
    try:
        with database.writing() as session:
            keeping.keep(session, [(form.said, CHAIN)])
    except RecordRefused:
        form.wrong["name"] = "taxes.no-name"
        return _page(tax, newest, form, 422)
    into = keeping.collecting()
    if tax is None and into is not None:
        return htmx.go(flask.url_for("changes.one", number=into.id))
    said = "collected" if into is not None else "saved"
    where = flask.url_for("taxes.one", class_=form.said.class_, zone=form.said.zone, said=said)
    return htmx.go(where)


def _page(tax: Tax | None, newest: int, form: RateForm, status: int = 200) -> Any:
    known = sorted(each.partition("|")[::2] for each in _all())
    return flask.render_template(
        "taxes/one.html", tax=tax, seen=newest, form=form, classes=sorted({c for c, _ in known}),
        zones=sorted({z for _, z in known}), said=flask.request.args.get("said"),
    ), status  # fmt: skip
