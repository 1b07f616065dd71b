"""Receipts: finding one, and showing it as the slip that was printed."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any, Final

import flask

from backoffice import database, frame, htmx
from schemas.money import AmountRefused, Money
from services.evaluation import mails as letters
from services.evaluation import receipts as questions
from services.evaluation.receipts import Question

receipts = flask.Blueprint("receipts", __name__, url_prefix="/receipts")
receipts.add_app_template_test(questions.is_ahead, "ahead")
SIZES: Final = (50, 200)
STATES: Final = ("all", "waiting", "sent", "refused")
_NONE: Final[dict[str, Any]] = {"number": -1}
"""No receipt has this number."""
_ONE: Final = "/<branch>-<till>/<series>/<int(max=2147483647):number>"
"""One receipt's address. No number is larger: the tables keep it in four bytes."""


@receipts.get("/")
def found() -> Any:
    """The receipts that are wanted, newest first unless asked otherwise."""
    period = frame.period("all" if flask.request.args.get("q") else "today")
    question, wrong = asked(period)
    sort = flask.request.args.get("sort", "newest")
    size = 200 if frame.whole_number("size", 50) >= 200 else 50
    number = frame.whole_number("page", 1, 100_000)
    page = questions.page(database.session(), question, sort, size, number)
    status = 422 if wrong else 200
    return htmx.page_or_part(
        "receipts/found.html", "receipts/_found.html", status, page=page, question=question,
        sort=sort, size=size, number=number, period=period, wrong=wrong,
        typed=flask.request.args.get("q", ""), tenders=questions.tenders(database.session()),
    )  # fmt: skip


def asked(period: frame.Period) -> tuple[Question, str | None]:
    """Which receipts the address asks for, and why what was typed could not be read."""
    args, place = flask.request.args, frame.place()
    values: dict[str, Any] = {"branch": place.branch, "currency": place.currency}
    if period.key != "all":
        values |= {"first": period.days.first, "last": period.days.last}
    for name in ("till", "article", "kind"):
        values[name] = args.get(name) or None
    hour = args.get("hour", None, int)
    values["hour"] = hour if hour in range(24) else None
    read, wrong = _read(args.get("q", ""), place.currency)
    if place.branch not in {None, read.get("branch", place.branch)}:
        read, wrong = _NONE, "receipts.elsewhere"
    return Question(**(values | read)), wrong


def _read(typed: str, currency: str) -> tuple[dict[str, Any], str | None]:
    """What somebody looks for: `37,57` a sum, `4183` a number, `014-2 4183` a till's number."""
    text = typed.strip()
    if not text:
        return {}, None
    till = re.fullmatch(r"([0-9A-Za-z]{1,12})-([0-9A-Za-z]{1,12})(?:[\s#/]+(\d{1,9}))?", text)
    if till:
        branch, key, number = till.groups()
        wanted: dict[str, Any] = {"branch": branch, "till": key}
        return (wanted | {"number": int(number)} if number else wanted), None
    if re.fullmatch(r"#?\d{1,9}", text):
        return {"number": int(text.lstrip("#"))}, None
    try:
        plain = text.replace("−", "-").replace(" ", "")
        amount = plain.replace(".", "").replace(",", ".") if "," in plain else plain
        return {"total": Money.parse(amount, currency).minor}, None
    except AmountRefused:
        return _NONE, "receipts.not-understood"


def _shown(branch: str, till: str, series: str, number: int) -> questions.Shown:
    frame.may_see(branch)
    found_one = questions.show(database.session(), branch, till, series, number)
    if found_one is None:
        flask.abort(404)
    return found_one


@receipts.get("/mails")
def mails() -> Any:
    """Receipts that went by e-mail, wait to, or were refused, and why."""
    place, period, days = frame.place(), frame.period("week"), frame.period("week").days
    state = flask.request.args.get("show", "all")
    state = state if state in STATES else "all"
    size = 200 if frame.whole_number("size", 50) >= 200 else 50
    number = frame.whole_number("page", 1, 100_000)
    begins = datetime.combine(days.first, time(), place.zone)
    ends = datetime.combine(days.last, time(), place.zone) + timedelta(days=1)
    rows, count = letters.page(
        database.session(), place.branch, begins, ends, None if state == "all" else state, size,
        (number - 1) * size,
    )  # fmt: skip
    return flask.render_template(
        "receipts/mails.html", rows=rows, count=count, state=state, states=STATES, size=size,
        number=number, period=period,
    )  # fmt: skip


@receipts.get(_ONE)
def one(branch: str, till: str, series: str, number: int) -> Any:
    """One receipt: its slip, its lines and taxes, and what proves it."""
    return flask.render_template(
        "receipts/one.html", found=_shown(branch, till, series, number)
    )  # fmt: skip


@receipts.get(f"{_ONE}.xml")
def document(branch: str, till: str, series: str, number: int) -> Any:
    """The receipt's journal entry, the very bytes that the till sent; a file, for browsers show XML badly."""
    entry = _shown(branch, till, series, number).entry
    answer = flask.Response(entry.document, mimetype="application/xml")
    name = f"{branch}-{till}-{series}-{number}.xml"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
