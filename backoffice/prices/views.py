"""Prices: columns for chain, lists, branches and customer groups; one cell; and the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import flask
import sqlalchemy as sa

from backoffice import access, charts, database, frame, htmx
from backoffice.articles.forms import PriceForm
from backoffice.changes import keeping
from backoffice.typed import ahead
from schemas.keys import ArticleKey, BranchKey
from schemas.price import Price
from services.database import prices as rows
from services.database.articles import ArticleRow, EditConflict
from services.database.changes import CHAIN, RecordRefused
from services.evaluation import assortment, pricelists
from services.evaluation.assortment import Wanted
from services.evaluation.pricelists import Column

prices = flask.Blueprint("prices", __name__, url_prefix="/prices")
_BRANCHES: Final = 4
"""Branches that stand side by side at most, where the scope is the whole company."""


def _columns() -> list[Column]:
    place = frame.place()
    if place.branch:
        return pricelists.columns(database.session(), [place.branch])
    picked = [key for key in flask.request.args.getlist("with") if key in place.names][:_BRANCHES]
    return pricelists.columns(database.session(), picked)


@prices.get("/")
def grid() -> Any:
    """Articles, and what each costs where and for whom."""
    session, place = database.session(), frame.place()
    number = frame.whole_number("page", 1, 100_000)
    text = flask.request.args.get("q", "")[:200]
    wanted = Wanted(text=text, sort=assortment.MATCH if text.strip() else "name", page=number)
    offers, count = assortment.page(session, wanted, place.branch, access.language(), frame.now())
    listed = _columns()
    cells = pricelists.grid(session, [o.article.key for o in offers], listed, frame.now())
    return htmx.page_or_part(
        "prices/grid.html", "prices/_grid.html", offers=offers, columns=listed, cells=cells,
        count=count, size=wanted.size, number=number, typed=text,
        picked=flask.request.args.getlist("with"),
    )  # fmt: skip


@prices.get("/coming")
def coming() -> Any:
    """The moments at which prices change by themselves, as a calendar and as a list."""
    session, place = database.session(), frame.place()
    events = pricelists.coming(session, frame.now(), place.branch)
    today = frame.now().astimezone(place.zone).date()
    names = _called({key for event in events for key in event.articles})
    things = [
        (f"{n}", _title(event), event.at, event.at + timedelta(hours=6))
        for n, event in enumerate(events)
    ]
    return flask.render_template(
        "prices/coming.html", events=events, names=names,
        calendar=charts.calendar(
            things, today - timedelta(days=today.weekday()), 35, frame.shown()
        ),
    )  # fmt: skip


def _title(event: pricelists.Event) -> str:
    what = "prices.ends" if event.end else "prices.begins"
    return frame.shown().t(what, count=event.many)


def _called(articles: set[str]) -> dict[str, str]:
    query = sa.select(ArticleRow).where(ArticleRow.key.in_(articles))
    return {row.key: row.name(access.language()) for row in database.session().scalars(query)}


@dataclass(frozen=True, slots=True)
class CellForm:
    """A price for one column as typed; with an end it is special."""

    price: PriceForm
    until: str
    ends: datetime | None
    wrong: str | None


def _column(kind: str, key: str) -> Column:
    """The column that an address names; a person of one branch has that one only."""
    own = access.branch()
    if kind not in {"chain", "list", "branch", "customers"} or (kind == "chain") != (not key):
        flask.abort(404)
    if own is not None and (kind, key) != ("branch", own):
        flask.abort(404)
    if kind == "branch" and key not in frame.place().names:
        flask.abort(404)
    return Column(
        kind, key[:40], pricelists.list_of(database.session(), key) if kind == "branch" else None
    )


@prices.get("/<article>/<kind>/", defaults={"key": ""})
@prices.get("/<article>/<kind>/<key>")
def cell(article: str, kind: str, key: str) -> Any:
    """One price of an article: all its steps in a column, and a form for a new one."""
    return _page(_article(article), _column(kind, key))


@prices.post("/<article>/<kind>/", defaults={"key": ""})
@prices.post("/<article>/<kind>/<key>")
def set_(article: str, kind: str, key: str) -> Any:
    """Set a price in a column, from and until when somebody said; or take one away."""
    row, column, form = _article(article), _column(kind, key), flask.request.form
    if form.get("act") == "remove":
        with database.writing() as session:
            there = rows.price_rows(session, [row.key])
            if form.get("price", "") in there and column.owns(there[form["price"]].document()):
                keeping.remove(session, "price", form["price"], CHAIN)
        return htmx.go(flask.url_for("prices.cell", article=article, kind=kind, key=key or None))
    typed = _typed()
    if typed.price.amount is None or typed.wrong:
        return _page(row, column, typed, 422)
    begins = keeping.begins(typed.price.begins) or frame.now()
    price = Price(
        ArticleKey(row.key), begins, typed.price.amount,
        BranchKey(key) if kind == "branch" else None, ends=typed.ends,
        price_list=key if kind == "list" else None,
        customers=key if kind == "customers" else None,
    )  # fmt: skip
    try:
        with database.writing() as session:
            rows.as_seen(session, row.key, typed.price.seen)
            keeping.keep(session, [(price, CHAIN)])
    except EditConflict as conflict:
        return _page(_article(article), column, typed, 409, conflict)
    except RecordRefused:
        return _page(row, column, CellForm(typed.price, typed.until, None, "entry.not-there"), 422)
    frame.anew()
    return htmx.go(flask.url_for("prices.cell", article=article, kind=kind, key=key or None))


def _typed() -> CellForm:
    place, form = frame.place(), flask.request.form
    price = PriceForm.of(form, access.language(), place.currency, place.zone)
    until = form.get("until", "").strip()[:40]
    ends, wrong = ahead(until, place.zone) if until else (None, None)
    if ends is not None and price.begins is not None and ends <= price.begins:
        wrong = "promo.ends-first"
    return CellForm(price, until, ends, price.wrong or wrong)


def _article(key: str) -> ArticleRow:
    found = database.session().get(ArticleRow, key)
    if found is None:
        flask.abort(404)
    return found


def _page(
    article: ArticleRow, column: Column, form: CellForm | None = None, status: int = 200,
    conflict: EditConflict | None = None,
) -> Any:  # fmt: skip
    session = database.session()
    steps = [row for row in rows.prices_of(session, article.key) if column.owns(row.document())]
    cells = pricelists.grid(session, [article.key], [column], frame.now()).get(article.key)
    return flask.render_template(
        "prices/cell.html", article=article, column=column, steps=steps, form=form,
        cell=cells[0] if cells else None, conflict=conflict,
    ), status  # fmt: skip
