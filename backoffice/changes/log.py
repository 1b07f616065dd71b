"""The audit log and the history of records: who changed what, when, from what to what; and back."""

from __future__ import annotations

from typing import Any, Final

import flask
import sqlalchemy as sa

from backoffice import access, database, frame, htmx
from backoffice.changes import keeping, naming
from services.database import audit, changesets, history, records, undoing
from services.database.articles import ArticleRow
from services.database.audit import Entry
from services.database.changes import Change
from services.evaluation import assortment
from services.worker import anchor

log = flask.Blueprint("log", __name__, url_prefix="/log")
_AT_ONCE: Final = 50
_CALLED: Final = 10
"""Articles of a name that the log is searched for."""


@log.get("/")
def all_() -> Any:
    """The entries that are wanted, newest first."""
    args, session = flask.request.args, database.session()
    text, by, act = (args.get(name, "").strip()[:60] for name in ("q", "by", "act"))
    number = frame.whole_number("page", 1, 100_000)
    query = sa.select(Entry)
    if by:
        query = query.where(Entry.by == by)
    if act:
        query = query.where(Entry.act == act)
    if text:
        keyed = sa.select(Change.entry).where(_about(text))
        query = query.where(
            sa.or_(Entry.subject.contains(text, autoescape=True), Entry.token.in_(keyed))
        )
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(
        query.order_by(Entry.number.desc()).limit(_AT_ONCE).offset((number - 1) * _AT_ONCE)
    ).all()
    return htmx.page_or_part(
        "changes/log.html", "changes/_log.html", rows=rows, count=count, size=_AT_ONCE,
        number=number, typed=text, by=by, act=act, first=_first(rows),
        people=session.scalars(sa.select(Entry.by).distinct().order_by(Entry.by)).all(),
        acts=session.scalars(sa.select(Entry.act).distinct().order_by(Entry.act)).all(),
    )  # fmt: skip


def _about(text: str) -> sa.ColumnElement[bool]:
    """Changes of a record with this number or key, or of articles that are called so, and their prices."""
    found = assortment.matching(text, "", "", None).with_only_columns(ArticleRow.key)
    called = database.session().scalars(found.limit(_CALLED)).all()
    theirs = [Change.key.startswith(f"{key}|", autoescape=True) for key in called]
    return sa.or_(
        Change.key.startswith(text, autoescape=True),
        sa.and_(Change.kind == "article", Change.key.in_(called)),
        sa.and_(Change.kind == "price", sa.or_(sa.false(), *theirs)),
    )


def _first(rows: Any) -> dict[str, Any]:
    """Of each entry the first record that it changed, to say in a line what it was about."""
    session = database.session()
    tokens = [row.token for row in rows if row.many]
    firsts = (
        sa.select(sa.func.min(Change.id))
        .where(Change.entry.in_(tokens), Change.kind.not_in(records.DERIVED))
        .group_by(Change.entry)
    )
    found = session.scalars(sa.select(Change).where(Change.id.in_(firsts))).all()
    names = naming.named(session, [(each.kind, each.key) for each in found])
    return {each.entry: (each.kind, names[each.kind, each.key]) for each in found if each.entry}


@log.get("/<int(max=2147483647):number>")
def one(number: int) -> Any:
    """One entry, with what it changed."""
    return _page(number)


@log.post("/<int(max=2147483647):number>/undo")
def undo(number: int) -> Any:
    """Put back all that an entry changed, but what somebody changed since.

    Where a second person must agree, that is an edit like any other, and collected.
    """
    entry = _entry(number)
    if _is_release(entry):  # a set is put back as a set, and then says so
        return htmx.go(flask.url_for("changes.one", number=entry.change_set))
    reason = flask.request.form.get("reason", "").strip()[:300] or None
    collecting = keeping.collecting() if changesets.needs_review(database.session()) else None
    into = collecting.id if collecting is not None else None
    try:
        with database.writing() as session:
            done = undoing.undo(
                session, [entry.token], access.person().name, subject=f"#{number}", reason=reason,
                into=into,
            )  # fmt: skip
    except LookupError:
        flask.abort(404)
    if into is not None and done.restored:
        return htmx.go(flask.url_for("changes.one", number=into))
    return _page(number, done=done)


def _is_release(entry: Entry) -> bool:
    return entry.act == "set-released" and entry.change_set is not None


@log.get("/check")
def check() -> Any:
    """Is every entry as it was written?"""
    verdict = audit.verify(database.session(), anchor.kept(database.office()))
    return flask.render_template("changes/check.html", verdict=verdict)


@log.get("/of/<kind>/<path:key>")
def history_(kind: str, key: str) -> Any:
    """The history of one record; of two steps of it, what differs."""
    session = database.session()
    if kind not in records.KINDS:
        flask.abort(404)
    steps = history.of(session, kind, key[:120])
    if not steps:
        flask.abort(404)
    first, second = (flask.request.args.get(name, 0, int) for name in ("first", "second"))
    compared = None
    if first and second:
        try:
            compared = history.between(session, first, second)
        except (LookupError, OverflowError):
            flask.abort(404)
    return flask.render_template(
        "changes/history.html", kind=kind, key=key, steps=steps, compared=compared, first=first,
        second=second, name=naming.named(session, [(kind, key)])[kind, key], field=naming.field,
        said=naming.said,
    )  # fmt: skip


def _entry(number: int) -> Entry:
    found = database.session().get(Entry, number)
    if found is None:
        flask.abort(404)
    return found


def _page(number: int, done: undoing.Undone | None = None) -> Any:
    session, entry = database.session(), _entry(number)
    at = frame.whole_number("page", 1, 100_000)
    where = (Change.entry == entry.token, Change.kind.not_in(records.DERIVED))
    count = session.scalar(sa.select(sa.func.count()).select_from(Change).where(*where)) or 0
    rows = session.scalars(
        sa.select(Change).where(*where).order_by(Change.id)
        .limit(_AT_ONCE).offset((at - 1) * _AT_ONCE)
    ).all()  # fmt: skip
    names = naming.named(session, [(row.kind, row.key) for row in rows])
    steps = [(row, history.step(session, row)) for row in rows]
    left = naming.named(session, [(e.kind, e.key) for e in done.left]) if done else {}
    return flask.render_template(
        "changes/entry.html", entry=entry, steps=steps, names=names, count=count, size=_AT_ONCE,
        number=at, field=naming.field, said=naming.said, done=done, left=left,
        is_release=_is_release(entry), names_lasting=naming.named(session, done.lasting) if done else {},
    )  # fmt: skip
