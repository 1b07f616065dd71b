"""Vouchers: what each was sold for, what is left of it, where it was sold and spent."""

from __future__ import annotations

from typing import Any, Final

import flask

from backoffice import access, database, frame, htmx
from services.database import audit
from services.database.sales import VoucherRow
from services.evaluation import vouchers as questions

vouchers = flask.Blueprint("vouchers", __name__, url_prefix="/vouchers")
SHOWN: Final = ("open", "spent", "blocked", "odd")


@vouchers.get("/")
def all_() -> Any:
    """The vouchers of this scope, the last moved first."""
    args = flask.request.args
    typed, show = args.get("q", "")[:60], args.get("show", "")
    size = 200 if frame.whole_number("size", 50) >= 200 else 50
    number = frame.whole_number("page", 1, 100_000)
    rows, count = questions.page(
        database.session(), frame.place().branch, typed, show if show in SHOWN else "", size, number
    )
    return flask.render_template(
        "clientele/vouchers.html", rows=rows, count=count, typed=typed, show=show, size=size,
        number=number, kinds=SHOWN,
    )  # fmt: skip


@vouchers.get("/<voucher>")
def one(voucher: str) -> Any:
    """One voucher, with each receipt that moved it."""
    return _page(voucher)


@vouchers.post("/<voucher>")
def block(voucher: str) -> Any:
    """Shut a voucher, or open it again: tills that ask are told at once."""
    rows = _rows(voucher)
    act = flask.request.form.get("act")
    with database.writing() as session:
        for row in rows:
            kept = session.get_one(VoucherRow, (row.number, row.currency), with_for_update=True)
            kept.blocked = act != "free"
        done = "voucher-freed" if act == "free" else "voucher-blocked"
        audit.note(session, access.person().name, done, voucher[:40])
    return htmx.go(flask.url_for("vouchers.one", voucher=voucher, **frame.kept()))


def _rows(number: str) -> list[VoucherRow]:
    found = questions.of_number(database.session(), frame.place().branch, number)
    if not found:
        flask.abort(404)
    return found


def _page(number: str) -> str:
    session, branch = database.session(), frame.place().branch
    return flask.render_template(
        "clientele/voucher.html", rows=_rows(number), one=number,
        moves=questions.moves(session, branch, number),
    )  # fmt: skip
