"""Customers: a list that is searched, a page for each, and the direct debits that tills took."""

from __future__ import annotations

from typing import Any, Final

import flask

from backoffice import access, database, frame, htmx
from backoffice.clientele.forms import CustomerForm
from schemas.customer import Customer
from schemas.keys import KeyRefused, article_key
from services.database import customers
from services.database.changes import RecordRefused
from services.database.customers import DebitRow
from services.evaluation import clientele as questions
from services.register import debit
from services.till.clientele import new_number

clients = flask.Blueprint("clients", __name__, url_prefix="/customers")
clients.add_app_template_filter(debit.masked, "masked")
STATES: Final = ("open", "collected", "returned")


@clients.get("/")
def found() -> Any:
    """The customers that are wanted."""
    typed = flask.request.args.get("q", "")
    size = 200 if frame.whole_number("size", 50) >= 200 else 50
    number = frame.whole_number("page", 1, 100_000)
    session, place = database.session(), frame.place()
    rows, count = questions.page(session, place.branch, typed, size, number)
    return htmx.page_or_part(
        "clientele/found.html", "clientele/_found.html", rows=rows, count=count, typed=typed,
        size=size, number=number, programmes=questions.programmes(session),
    )  # fmt: skip


@clients.get("/new")
def fresh() -> Any:
    """A form for a customer whom nobody knows yet."""
    return flask.render_template("clientele/fresh.html", form=CustomerForm({}))


@clients.post("/new")
def make() -> Any:
    """Make a customer under a number of its own."""
    form = _form(new_number(), None)
    if form.said is None:
        return flask.render_template("clientele/fresh.html", form=form), 422
    return _kept(form, "clientele/fresh.html", {})


@clients.get("/debits")
def debits() -> Any:
    """Direct debits, newest first, or those only that a till could not ask about."""
    risk = flask.request.args.get("only") == "risk"
    size = 200 if frame.whole_number("size", 50) >= 200 else 50
    number = frame.whole_number("page", 1, 100_000)
    rows, count = questions.debits(
        database.session(), frame.place().branch, risk=risk, size=size, number=number
    )
    return flask.render_template(
        "clientele/debits.html", rows=rows, count=count, size=size, number=number, risk=risk
    )


@clients.post("/debits/<branch>-<till>/<series>/<int(max=2147483647):number>/<int(max=50):payment>")
def settle(branch: str, till: str, series: str, number: int, payment: int) -> Any:
    """A debit was collected, or came back: then its account is shut at all tills that can ask."""
    frame.may_see(branch)
    state = flask.request.form.get("state", "")
    with database.writing() as session:
        row = session.get(DebitRow, (branch, till, series, number, payment))
        if row is None:
            flask.abort(404)
        if state in STATES:
            row.state = state
    return htmx.go(flask.url_for("clients.debits", **frame.kept()))


@clients.get("/<key>")
def one(key: str) -> Any:
    """One customer."""
    shown = _shown(key)
    return _page(shown, CustomerForm.shown(shown.customer, access.language()))


@clients.post("/<key>")
def change(key: str) -> Any:
    """Say anew who a customer is, and what they may owe."""
    shown = _shown(key)
    form = _form(key, shown.customer)
    if form.said is None:
        return _page(shown, form), 422
    return _kept(form, "clientele/one.html", _given(shown))


def _form(key: str, known: Customer | None) -> CustomerForm:
    language, currency = access.language(), frame.place().currency
    return CustomerForm.of(key, known, flask.request.form, language, currency)


def _kept(form: CustomerForm, template: str, given: dict[str, Any]) -> Any:
    assert form.said is not None
    try:
        with database.writing() as session:
            kept = customers.put(session, form.said, access.person().name)
    except RecordRefused:
        form = CustomerForm(form.typed, None, "customers.not-taken")
        return flask.render_template(template, form=form, **given), 422
    return htmx.go(flask.url_for("clients.one", key=kept.key, saved=1, **frame.kept()))


def _page(shown: questions.Shown, form: CustomerForm) -> str:
    return flask.render_template("clientele/one.html", form=form, **_given(shown))


def _given(shown: questions.Shown) -> dict[str, Any]:
    return {"found": shown, "programmes": questions.programmes(database.session())}


def _shown(key: str) -> questions.Shown:
    try:
        found_one = questions.show(database.session(), frame.place().branch, article_key(key))
    except KeyRefused:
        found_one = None
    if found_one is None:
        flask.abort(404)
    return found_one
