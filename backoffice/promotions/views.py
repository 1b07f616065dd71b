"""Promotions: the list with a calendar, one with its rivals, and its replay over real receipts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import flask
import sqlalchemy as sa

from backoffice import access, charts, database, frame, htmx
from backoffice.changes import drafts, keeping
from backoffice.promotions.forms import Ground, PromotionForm, representable
from backoffice.promotions.wording import sentence
from schemas.keys import PromotionKey
from schemas.promotion import Promotion
from services.database.articles import ArticleGroup, ArticleRow
from services.database.changes import CHAIN, RecordRefused
from services.evaluation import assortment
from services.evaluation import promotions as questions
from services.evaluation import replay as replaying

promotions = flask.Blueprint("promotions", __name__, url_prefix="/promotions")


@promotions.get("/")
def all_() -> Any:
    """Every promotion of this scope: what runs, what comes, what is over."""
    session, branch, now = database.session(), frame.place().branch, frame.now()
    every = [
        each for each in questions.every(session)
        if branch is None or not each.branches or branch in each.branches
    ]  # fmt: skip
    states = {each.key: _state(each) for each in every}
    every.sort(key=lambda each: ["running", "coming", "over"].index(states[each.key]))
    today = now.astimezone(frame.place().zone).date()
    return flask.render_template(
        "promotions/all.html", every=every, states=states, said=_sentences(every),
        calendar=charts.calendar(
            [(each.key, each.name(access.language()), each.begins, each.ends) for each in every
             if states[each.key] != "over"],
            today - timedelta(days=today.weekday()), 35, frame.shown(),
        ),
    )  # fmt: skip


def _state(promotion: Promotion) -> str:
    if promotion.ends is not None and promotion.ends <= frame.now():
        return "over"
    return "coming" if promotion.begins > frame.now() else "running"


def _sentences(every: Iterable[Promotion]) -> dict[str, str]:
    listed = list(every)
    names = _names(listed)
    return {each.key: sentence(each, frame.shown(), names) for each in listed}


def _names(every: Iterable[Promotion]) -> dict[str, str]:
    """What the articles and groups are called that promotions speak of."""
    session, language = database.session(), access.language()
    goods = [each for promotion in every for each in promotion.goods]
    names = _called({key for each in goods for key in (*each.articles, *each.not_articles)})
    for group in session.scalars(sa.select(ArticleGroup)):
        names.setdefault(group.key, assortment.called(group, language))
    return names


def _called(articles: set[str]) -> dict[str, str]:
    rows = database.session().scalars(sa.select(ArticleRow).where(ArticleRow.key.in_(articles)))
    return {row.key: row.name(access.language()) for row in rows}


def _ground() -> Ground:
    session, place = database.session(), frame.place()
    return Ground(
        frozenset(session.scalars(sa.select(ArticleRow.key))),
        frozenset(session.scalars(sa.select(ArticleGroup.key))),
        frozenset(key for key, _ in place.branches),
        place.currency, access.language(), place.zone, frame.now(),
    )  # fmt: skip


@promotions.get("/new")
def fresh() -> Any:
    """A form for one that is not there yet."""
    blank = Promotion(PromotionKey("_"), frame.now())
    form = PromotionForm.shown(blank, access.language(), frame.place().zone)
    form.typed = {**form.typed, "key": "", "from": ""}
    return _page(None, form)


@promotions.post("/new")
def make() -> Any:
    """Make it, or try it."""
    return _act(None)


@promotions.get("/<key>")
def one(key: str) -> Any:
    """One promotion."""
    found = _found(key)
    return _page(found, PromotionForm.shown(found, access.language(), frame.place().zone))


@promotions.post("/<key>")
def change(key: str) -> Any:
    """Say it anew, or try it."""
    return _act(_found(key))


@promotions.post("/<key>/end")
def end(key: str) -> Any:
    """It ends now; receipts that are open keep it."""
    found = _found(key)
    if _state(found) != "over":
        ends = max(frame.now(), found.begins + timedelta(seconds=1))
        with database.writing() as session:
            keeping.keep(session, [(replace(found, ends=ends), CHAIN)])
    return htmx.go(flask.url_for("promotions.one", key=key))


def _found(key: str) -> Promotion:
    session = database.session()
    found = questions.one(session, key)
    if found is not None:
        found = drafts.as_left(session, found, CHAIN)
    branch = access.branch()
    if found is None or (branch and found.branches and branch not in found.branches):
        flask.abort(404)
    return found


def _act(found: Promotion | None) -> Any:
    form = PromotionForm.of(flask.request.form, found.key if found else None, _ground())
    session = database.session()
    if form.said and found is None and form.said.key in questions.history_keys(session):
        form.wrong["key"], form.said = ("promo.taken", {}), None
    if form.said is None:
        return _page(found, form, 422)
    if flask.request.form.get("act") == "try":
        place = frame.place()
        outcome = replaying.replay(
            session, form.said, form.said.branches or ([place.branch] if place.branch else []),
            frame.period("days30").days, access.language(),
        )  # fmt: skip
        return _page(found, form, outcome=outcome)
    try:
        with database.writing() as writing:
            keeping.keep(writing, [(form.said, CHAIN)])
    except RecordRefused as refused:
        form.wrong["key"] = ("entry.refused", {"why": str(refused)})
        return _page(found, form, 422)
    into = keeping.collecting()
    if into is not None:
        return htmx.go(flask.url_for("changes.one", number=into.id))
    return htmx.go(flask.url_for("promotions.one", key=form.said.key))


def _page(
    found: Promotion | None, form: PromotionForm, status: int = 200,
    outcome: replaying.Outcome | None = None,
) -> Any:  # fmt: skip
    session = database.session()
    draft = form.said or found
    rivals = questions.rivals(session, draft) if draft else []
    said = _sentences([*([draft] if draft else []), *(each.promotion for each in rivals)])
    groups = {group.key: group for group in session.scalars(sa.select(ArticleGroup))}
    return flask.render_template(
        "promotions/one.html", found=found, form=form, draft=draft, said=said, rivals=rivals,
        groups=groups, outcome=outcome, state=_state(found) if found else None,
        editable=access.branch() is None and (found is None or representable(found)),
        names=_called({number for each in rivals for number in each.articles}),
    ), status  # fmt: skip
