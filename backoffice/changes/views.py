"""Change sets: what is collected, who looked at it, when and where it holds, and which tills have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import flask
from sqlalchemy.orm import Session

from backoffice import access, database, frame, htmx
from backoffice.changes import keeping, naming
from backoffice.changes.forms import ReleaseForm
from schemas import xml
from schemas.keys import BranchKey
from schemas.money import UnitPrice
from schemas.price import Price
from services.database import aftermath, changesets, releasing
from services.database.changesets import OPEN, ChangeSet, SetRefused
from services.database.history import Difference, differences
from services.evaluation import consequences
from services.evaluation.consequences import Meaning

changes = flask.Blueprint("changes", __name__, url_prefix="/changes")
_AT_ONCE: Final = 50
_SHOWS: Final = {
    "open": OPEN,
    "released": ("released", "scheduled"),
    "ended": ("undone", "dropped"),
}


changes.add_app_template_filter(naming.likeness)


@changes.app_template_global()
def collecting() -> ChangeSet | None:
    """The set that this person's edits go into."""
    return keeping.collecting()


@changes.get("/")
def all_() -> Any:
    """The sets that are open, released, or ended."""
    shows = flask.request.args.get("show", "open")
    shows = shows if shows in _SHOWS else "open"
    number = frame.whole_number("page", 1, 100_000)
    session = database.session()
    states = changesets.counts(session)
    totals = {name: sum(states.get(each, 0) for each in some) for name, some in _SHOWS.items()}
    rows = changesets.page(session, _SHOWS[shows], _AT_ONCE, number)
    released = [row.id for row, _ in rows if row.state in _SHOWS["released"]]
    reached = releasing.reached(session, *released)
    awaits = [row.id for row, _ in rows if row.state == "scheduled"]
    overtaken = {number: changesets.overtaken(session, number) for number in awaits}
    return flask.render_template(
        "changes/all.html", rows=rows, shows=shows, totals=totals, reached=reached, overtaken=overtaken,
        count=totals[shows], size=_AT_ONCE, number=number,
    )  # fmt: skip


@changes.post("/")
def make() -> Any:
    """Begin a set; from now on this person's edits go into it."""
    title = " ".join(flask.request.form.get("title", "").split())[:120]
    if not title:
        return htmx.go(flask.url_for("changes.all_"))
    with database.writing() as session:
        number = changesets.make(session, title, access.person().name).id
    keeping.begin(number)
    return htmx.go(flask.url_for("changes.one", number=number))


@changes.post("/collecting")
def collect() -> Any:
    """Let this person's edits go into an open set, or into none."""
    text = flask.request.form.get("number", "")
    found = database.session().get(ChangeSet, int(text)) if _is_number(text) else None
    if found is None or found.state not in OPEN:
        keeping.end()
        return htmx.go(flask.url_for("changes.all_"))
    keeping.begin(found.id)
    return htmx.go(flask.url_for("changes.one", number=found.id))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


@changes.get("/<int(max=2147483647):number>")
def one(number: int) -> Any:
    """One set: what it changes, and how far it is."""
    return _page(number)


@changes.post("/<int(max=2147483647):number>/propose")
def propose(number: int) -> Any:
    """Ask for somebody else's review."""
    return _done(number, lambda session, by: changesets.propose(session, number, by))


@changes.post("/<int(max=2147483647):number>/approve")
def approve(number: int) -> Any:
    """Agree to it."""
    return _done(number, lambda session, by: changesets.approve(session, number, by))


@changes.post("/<int(max=2147483647):number>/reject")
def reject(number: int) -> Any:
    """Send it back, and say why."""
    reason = flask.request.form.get("reason", "").strip()
    return _done(number, lambda session, by: changesets.reject(session, number, by, reason))


@changes.post("/<int(max=2147483647):number>/drop")
def drop(number: int) -> Any:
    """Give it up."""
    return _done(number, lambda session, by: changesets.drop(session, number, by))


@changes.post("/<int(max=2147483647):number>/release")
def release(number: int) -> Any:
    """Let it out, from when and where somebody chose."""
    place = frame.place()
    form = ReleaseForm.of(flask.request.form, place.zone, {key for key, _ in place.branches})
    if form.wrong:
        return _page(number, 422, form=form, wrong=frame.shown().t(form.wrong))

    def act(session: Session, by: str) -> None:
        releasing.release(session, number, by, begins=form.begins, branches=form.branches)

    return _done(number, act, form)


@changes.post("/<int(max=2147483647):number>/undo")
def undo(number: int) -> Any:
    """Put everything back."""
    return _done(number, lambda session, by: releasing.undo(session, number, by))


@changes.post("/<int(max=2147483647):number>/edit")
def decide(number: int) -> Any:
    """Take one edit out of the set, or let it hold against what was changed meanwhile."""
    form = flask.request.form
    which = (form.get("scope", "")[:40], form.get("kind", "")[:20], form.get("key", "")[:120])
    act = changesets.keep_mine if form.get("act") == "mine" else changesets.leave_out
    return _done(number, lambda session, by: act(session, number, *which, by))


def _done(
    number: int, act: Callable[[Session, str], object], form: ReleaseForm | None = None
) -> Any:
    """Do it, and show the set; where it cannot be done, say why on its page."""
    try:
        with database.writing() as session:
            act(session, access.person().name)
    except SetRefused as refused:
        return _page(number, 409, form=form, wrong=naming.refusal(refused))
    except LookupError:
        flask.abort(404)
    return htmx.go(flask.url_for("changes.one", number=number, page=flask.request.form.get("page")))


def _drafts(
    session: Session, found: ChangeSet, some: list[changesets.Reviewed]
) -> dict[str, tuple[UnitPrice | None, Meaning]]:
    """Of each price: what holds in its place, and what it means; by its key.

    Of those that are released: what held until then.
    """
    zone, now = frame.place().tax_zone, frame.now()
    waiting, done = (
        [
            xml.load(Price, each.edit.document)
            for each in some
            if each.edit.kind == "price" and each.edit.document and each.edit.done == is_done
        ]
        for is_done in (False, True)
    )
    told = consequences.of_drafts(session, waiting, zone, now)
    since = found.begins or found.released_at
    if done and since is not None:
        where = [BranchKey(each) for each in found.branches[:1]]
        placed = [replace(each, branch=each.branch or next(iter(where), None)) for each in done]
        before = consequences.of_drafts(session, placed, zone, since - timedelta(microseconds=1))
        told |= {each.key: before[there.key] for each, there in zip(done, placed, strict=True)}
    return told


def _instead(
    drafts: dict[str, tuple[UnitPrice | None, Meaning]], price: Price
) -> tuple[Difference, ...]:
    before = drafts[price.key][0]
    return (Difference("amount", str(before) if before else None, str(price.amount)),)


def _page(
    number: int, status: int = 200, form: ReleaseForm | None = None, wrong: str | None = None
) -> Any:
    session = database.session()
    found = session.get(ChangeSet, number)
    if found is None:
        flask.abort(404)
    every = changesets.edits(session, number)
    at = frame.whole_number("page", 1, 100_000)
    some = changesets.review(session, every[(at - 1) * _AT_ONCE : at * _AT_ONCE])
    awaits = found.state in {*OPEN, "scheduled"}
    conflicts = changesets.overtaken(session, number) if awaits else 0
    reached = releasing.reached(session, number)[number] if found.released_at else None
    drafts = _drafts(session, found, some)
    was = aftermath.before(session, number, [each.edit for each in some])
    some = [
        replace(each, differences=differences(was[each.edit], each.edit.document))
        if each.edit in was else each
        for each in some
    ]  # fmt: skip
    return flask.render_template(
        "changes/one.html", found=found, some=some, count=len(every), size=_AT_ONCE, number=at,
        kinds=Counter(edit.kind for edit in every), conflicts=conflicts, reached=reached,
        names=naming.named(session, [(e.edit.kind, e.edit.key) for e in some]), field=naming.field,
        instead={
            each.edit.key: _instead(drafts, xml.load(Price, each.edit.document))
            for each in some
            if each.edit.key in drafts and each.edit.document
        },
        odd={key: means.odd for key, (_, means) in drafts.items() if means.odd},
        returned=aftermath.sent_back(session, number) if found.state == "draft" else None,
        said=naming.said, form=form or ReleaseForm(), wrong=wrong, open=found.state in OPEN,
        awaits=awaits, own=access.person().name in changesets.authors(session, found),
        needs_review=changesets.needs_review(session),
    ), status  # fmt: skip
