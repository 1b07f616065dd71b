"""Articles: the list with prices that are changed in place, and one article's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import flask
from sqlalchemy.orm import Session

from backoffice import access, charts, database, frame, htmx
from backoffice.articles import undo
from backoffice.articles.forms import PriceForm
from backoffice.changes import drafts, keeping
from schemas import xml
from schemas.keys import ArticleKey, BranchKey
from schemas.money import UnitPrice
from schemas.picture import Picture
from schemas.price import Price
from services.database import articles as rows
from services.database import changesets, supplies
from services.database import prices as price_rows
from services.database import sets as used_in
from services.database.articles import EditConflict
from services.database.changes import CHAIN, PICTURES
from services.database.models import ModelRow
from services.database.pictures import PictureRow
from services.evaluation import assortment, consequences, places, sets
from services.evaluation.assortment import Offer, Wanted
from services.evaluation.consequences import Meaning
from services.evaluation.sets import SetMeaning
from services.importing.pictures import LARGEST_UPLOAD

articles = flask.Blueprint("articles", __name__, url_prefix="/articles")
DRAWINGS = {
    "bread": "loaf", "produce": "apple", "dairy": "milk", "drinks": "water", "meat": "salami",
    "sweets": "choc", "household": "soap", "press": "paper", "alcohol": "beer",
}  # fmt: skip
"""The picture of a group's colour, where an article has none of its own."""


@articles.app_template_global()
def picture(offer: Offer) -> str | None:
    """The picture that stands for an article."""
    group = offer.group
    return (group.picture or DRAWINGS.get(group.colour or "")) if group else None


@articles.app_template_global()
def sold_in(offer: Offer) -> tuple[list[str], int]:
    """The branches that an article is sold in, and how many tills they have."""
    place, listed = frame.place(), offer.article.document().branches
    if not listed:
        return [key for key, _ in place.branches], place.tills
    return list(listed), places.tills(database.session(), listed)


@articles.app_template_filter()
def anchor(key: str) -> str:
    """A key as part of an element's id: keys may hold blanks."""
    return key.encode().hex()


def asked() -> Wanted:
    """Which articles the address asks for."""
    args = flask.request.args
    text, sort = args.get("q", "")[:200], args.get("sort", "")
    usual = assortment.MATCH if text.strip() else "name"
    return Wanted(
        text=text,
        task=args.get("task", "") if args.get("task") in {"price", "name"} else "",
        group=args.get("group", "")[:40],
        tag=args.get("tag", "")[:40],
        model=args.get("model", "")[:40],
        sort=sort.lstrip("-") if sort.lstrip("-") in assortment.SORTS else usual,
        down=sort.startswith("-"),
        size=200 if frame.whole_number("size", 50) >= 200 else 50,
        page=frame.whole_number("page", 1, 100_000),
    )


@articles.get("/")
def found() -> Any:
    """The articles that are wanted."""
    session, wanted = database.session(), asked()
    offers, count = assortment.page(
        session, wanted, frame.place().branch, access.language(), frame.now()
    )
    return htmx.page_or_part(
        "articles/found.html", "articles/_found.html", offers=offers, count=count, wanted=wanted,
        tasks=assortment.tasks(session, frame.place().branch), groups=assortment.groups(session),
        model=session.get(ModelRow, wanted.model) if wanted.model else None, tags=rows.tags(session),
        taxes=rows.tax_classes(session),
        marked=set(flask.request.args.get("marked", "").split("|")),
        drafts=_drafts([offer.article.key for offer in offers]),
    )  # fmt: skip


def _offer(key: str) -> Offer:
    offer = assortment.offer(database.session(), key, frame.place().branch, frame.now())
    if offer is None:
        flask.abort(404)
    return offer


@articles.get("/<key>")
def one(key: str) -> Any:
    """One article: its basics, its codes, its picture, and every step of its price."""
    return page(key)


def page(key: str, status: int = 200, *, refused: str | None = None) -> Any:
    """An article's page. `refused`: why a picture that was brought for it is not taken."""
    branch = frame.place().branch
    steps = price_rows.prices_of(database.session(), key)
    steps = [step for step in steps if branch is None or step.branch in {"", branch}]
    session, offer = database.session(), _offer(key)
    delivered = supplies.of(session, [key]).get(key, [])
    today = frame.now().astimezone(frame.place().zone).date()
    months = assortment.months(session, key, branch, today)
    marks = [
        charts.Mark(frame.shown().month(each.first), each.money, None,
                    "now" if each is months[-1] else "done")
        for each in months
    ]  # fmt: skip
    return flask.render_template(
        "articles/one.html", offer=offer, steps=steps, saved=flask.request.args.get("saved"),
        stair=_stair(steps), months=months, means=_means(offer, None),
        charts=(charts.columns(marks), charts.columns(marks, charts.NARROW)),
        delivered=delivered, called=supplies.names(session, delivered),
        keyed=assortment.keyed(session, key, *filter(None, (offer.article.model,))),
        whole=_of_set(offer, offer.price.amount if offer.price else None),
        used=used_in.uses(session, key),
        model=session.get(ModelRow, offer.article.model) if offer.article.model else None,
        refused=refused, likeness=_likeness(session, key), most=LARGEST_UPLOAD // 2**20,
    ), status  # fmt: skip


@dataclass(frozen=True, slots=True)
class Likeness:
    """An article's picture, and who gave it. `drafted`: a set that is collected changes it.

    coming  the digest of the one that the set gives it; None: it takes the picture away
    """

    row: PictureRow | None
    drafted: bool
    coming: str | None


def _likeness(session: Session, key: str) -> Likeness:
    said = drafts.drafted(session, PICTURES, "picture")
    document = said.get(key)
    coming = xml.load(Picture, document).digest if document else None
    return Likeness(session.get(PictureRow, key), key in said, coming)


def _stair(steps: list[price_rows.PriceRow]) -> charts.Stair | None:
    """The chain's price, or of a branch that has its own that one, over a year and what is to come."""
    now = frame.now()
    base = [s for s in steps if not (s.special or s.price_list or s.customers)]
    where = frame.place().branch or ""
    own = [step for step in base if step.branch == where] or [s for s in base if not s.branch]
    listed = [(s.begins, s.amount.fine, frame.shown().price(s.amount)) for s in reversed(own)]
    last = max([now + timedelta(days=30), *(s.begins + timedelta(days=30) for s in own)])
    return charts.stair(listed, now - timedelta(days=365), last, now)


@articles.get("/<key>/row")
def row(key: str) -> Any:
    """One article's row, as it stands; without script, its page."""
    if not htmx.asked():
        return flask.redirect(flask.url_for("articles.one", key=key, **frame.kept()))
    return htmx.part("articles/_row.html", offer=_offer(key), drafts=_drafts([key]))


@articles.get("/<key>/price")
def edit(key: str) -> Any:
    """The field for a new price."""
    return _edited(_offer(key), None)


@articles.get("/<key>/price/preview")
def preview(key: str) -> Any:
    """What a price would mean, while it is typed."""
    offer, form = _offer(key), _form(flask.request.args)
    return htmx.part("articles/_means.html", offer=offer, form=form, means=_means(offer, form))


@articles.post("/<key>/price")
def change(key: str) -> Any:
    """Set a price; answers with the article's row and a way back."""
    offer, form = _offer(key), _form(flask.request.form)
    if form.amount is None or form.wrong:
        return _edited(offer, form, 422)
    try:
        if keeping.collecting() is not None:
            return _collected(key, form, form.amount)
        done = _changed(key, form, form.amount)
    except EditConflict as conflict:
        return _edited(_offer(key), form, 409, conflict)
    if not htmx.asked():
        note = undo.note(done)
        return htmx.go(flask.url_for("articles.one", key=key, saved=note, **frame.kept()))
    return htmx.part(
        "articles/_saved.html", offer=_offer(key), note=undo.note(done), amount=form.amount,
        form=form,
    )  # fmt: skip


@articles.post("/<key>/undo")
def take_back(key: str) -> Any:
    """Take a change of price back."""
    done = undo.read(flask.request.form.get("note", ""))
    said = "price.undo-late"
    reviewed = changesets.needs_review(database.session())  # a note of before it was wanted
    if done is not None and done.article == key and not reviewed:
        try:
            with database.writing() as session:
                undo.take_back(session, done, access.person())
            said = "price.undone"
        except (EditConflict, LookupError):
            said = "price.undo-conflict"
    if not htmx.asked():
        return htmx.go(flask.url_for("articles.one", key=key, **frame.kept()))
    return htmx.part("articles/_undone.html", offer=_offer(key), said=said)


def _collected(key: str, form: PriceForm, amount: UnitPrice) -> Any:
    """Put a price into the set that the person collects into; nothing changes before its release."""
    own = frame.place().branch
    branch = BranchKey(own) if own else None
    begins = keeping.begins(form.begins)
    assert begins is not None
    price = Price(ArticleKey(key), begins, amount, branch)
    with database.writing() as session:
        price_rows.as_seen(session, key, form.seen)
        keeping.keep(session, [(price, CHAIN)])
    if not htmx.asked():
        return htmx.go(flask.url_for("articles.one", key=key, **frame.kept()))
    return htmx.part(
        "articles/_collected.html", offer=_offer(key), amount=amount, drafts=_drafts([key])
    )


def _drafts(keys: list[str]) -> Any:
    return drafts.drafted_prices(database.session(), keys)


def _means(offer: Offer, form: PriceForm | None) -> Meaning | None:
    """What a price would mean, or where none is typed, what the one that holds means."""
    before = offer.price.amount if offer.price else None
    amount = form.amount if form is not None else before
    if amount is None:
        return None
    session = database.session()
    zone = frame.place().tax_zone
    percent = consequences.rates(session, zone, frame.now()).get(offer.article.tax, Decimal(0))
    whole = _of_set(offer, amount)
    if whole is not None:
        plain = consequences.meaning(offer.article, amount, before, None, percent)
        return consequences.of_set(plain, whole.cost, whole.margin)
    cost = supplies.costs(session, [offer.article.key]).get(offer.article.key)
    return consequences.meaning(offer.article, amount, before, cost, percent)


def _of_set(offer: Offer, amount: UnitPrice | None) -> SetMeaning | None:
    place = frame.place()
    return sets.meaning(
        database.session(), offer.article, amount, place.branch or "", place.tax_zone, frame.now()
    )


def _form(values: Any) -> PriceForm:
    place = frame.place()
    return PriceForm.of(values, access.language(), place.currency, place.zone)


def _changed(key: str, form: PriceForm, amount: UnitPrice) -> undo.Done:
    branch = frame.place().branch or ""
    with database.writing() as session:
        before = undo.standing(session, key, branch, form.begins)
        price = price_rows.change_price(
            session, key, amount, access.person().name, begins=form.begins, branch=branch,
            seen=form.seen,
        )  # fmt: skip
        session.flush()
        version = session.get_one(rows.ArticleRow, key).version
        done = undo.Done(key, price.id, version, before)
    frame.anew()
    return done


def _edited(
    offer: Offer, form: PriceForm | None, status: int = 200, conflict: EditConflict | None = None
) -> Any:
    return htmx.page_or_part(
        "articles/price.html", "articles/_edit.html", status, offer=offer, form=form,
        conflict=conflict, means=_means(offer, form),
    )  # fmt: skip
