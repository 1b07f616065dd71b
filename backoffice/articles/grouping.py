"""Groups of articles: a tree that is read, extended and rearranged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import flask
import sqlalchemy as sa

from backoffice import access, database, htmx
from backoffice.changes import drafts, keeping
from schemas import tokens
from schemas.article import Group
from schemas.keys import GroupKey, KeyRefused, article_key
from services.database.articles import ArticleGroup, ArticleRow
from services.database.changes import CHAIN, RecordRefused
from services.evaluation import assortment

grouping = flask.Blueprint("grouping", __name__, url_prefix="/groups")
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Branching:
    """A group in the tree, with how deep it lies and how many articles it holds itself."""

    group: ArticleGroup
    depth: int
    articles: int


@grouping.get("/")
def tree() -> Any:
    """The tree, and a form for a new group."""
    return _page(None, {}, None)


@grouping.get("/<key>")
def one(key: str) -> Any:
    """One group, to be changed."""
    group = _found(key)
    left = drafts.as_left(database.session(), group.document(), CHAIN)
    typed = {name: getattr(left, name) or "" for name in ("de", "en", "es", "parent", "colour")}
    return _page(group, typed, None)


@grouping.post("/")
def make() -> Any:
    """Make a group."""
    typed = {name: flask.request.form.get(name, "").strip()[:200] for name in
             ("key", "de", "en", "es", "parent", "colour")}  # fmt: skip
    try:
        key = article_key(typed["key"])
    except KeyRefused as refused:
        return _page(None, typed, ("entry.refused", {"why": str(refused)}), 422)
    if database.session().get(ArticleGroup, key) is not None:
        return _page(None, typed, ("entry.taken-group", {}), 422)
    return _kept(None, key, typed)


@grouping.post("/<key>")
def change(key: str) -> Any:
    """Say anew what a group is; or take it away where nothing lies in it."""
    group = _found(key)
    if flask.request.form.get("act") == "remove":
        return _removed(group)
    typed = {name: flask.request.form.get(name, "").strip()[:200] for name in
             ("de", "en", "es", "parent", "colour")}  # fmt: skip
    return _kept(group, key, typed)


def _removed(group: ArticleGroup) -> Any:
    session = database.session()
    inside = sa.or_(
        sa.exists().where(ArticleRow.group == group.key),
        sa.exists().where(ArticleGroup.parent == group.key),
    )
    if session.scalar(sa.select(inside)):
        typed = {
            name: getattr(group, name) or "" for name in ("de", "en", "es", "parent", "colour")
        }
        return _page(group, typed, ("groups.not-empty", {}), 409)
    with database.writing() as writing:
        keeping.remove(writing, "group", group.key, CHAIN)
    return htmx.go(flask.url_for("grouping.tree"))


def _kept(before: ArticleGroup | None, key: str, typed: dict[str, str]) -> Any:
    wrong = _wrong(key, typed)
    if wrong is not None:
        return _page(before, typed, (wrong, {}), 422)
    made = Group(
        GroupKey(key), typed["de"] or None, typed["en"] or None, typed["es"] or None,
        GroupKey(typed["parent"]) if typed["parent"] else None, typed["colour"] or None,
        before.picture if before else None,
    )  # fmt: skip
    try:
        with database.writing() as session:
            keeping.keep(session, [(made, CHAIN)])
    except RecordRefused as refused:
        return _page(before, typed, ("entry.refused", {"why": str(refused)}), 422)
    return htmx.go(flask.url_for("grouping.tree"))


def _wrong(key: str, typed: dict[str, str]) -> str | None:
    groups = assortment.groups(database.session())
    if not (typed["de"] or typed["en"] or typed["es"]):
        return "entry.no-name"
    if typed["colour"] and typed["colour"] not in tokens.group_colours("light"):
        return "entry.not-there"
    at, steps = typed["parent"], 0
    while at:
        if at not in groups:
            return "entry.not-there"
        if at == key or steps > _DEEPEST:
            return "groups.circle"
        at, steps = groups[at].parent or "", steps + 1
    return None


def _found(key: str) -> ArticleGroup:
    found = database.session().get(ArticleGroup, key)
    if found is None:
        flask.abort(404)
    return found


def _page(
    group: ArticleGroup | None, typed: dict[str, str],
    wrong: tuple[str, dict[str, object]] | None, status: int = 200,
) -> Any:  # fmt: skip
    session = database.session()
    rows = session.execute(
        sa.select(ArticleRow.group, sa.func.count().label("many")).group_by(ArticleRow.group)
    )
    counts = {row[0]: row.many for row in rows}
    groups = assortment.groups(session)
    return flask.render_template(
        "articles/groups.html", group=group, typed=typed, wrong=wrong,
        tree=_ordered(groups, counts), groups=groups, colours=sorted(tokens.group_colours("light")),
    ), status  # fmt: skip


def _ordered(groups: dict[str, ArticleGroup], counts: dict[str | None, int]) -> list[Branching]:
    """The tree from above down; what lies in a circle or below nothing stands at the top."""
    language = access.language()
    below: dict[str | None, list[ArticleGroup]] = {}
    for each in groups.values():
        below.setdefault(each.parent if each.parent in groups else None, []).append(each)
    found: list[Branching] = []
    seen: set[str] = set()

    def walk(parent: str | None, depth: int) -> None:
        for each in sorted(
            below.get(parent, []), key=lambda g: assortment.called(g, language).casefold()
        ):
            if each.key not in seen:
                seen.add(each.key)
                found.append(Branching(each, depth, counts.get(each.key, 0)))
                walk(each.key, depth + 1)

    walk(None, 0)
    found += [
        Branching(each, 0, counts.get(key, 0)) for key, each in groups.items() if key not in seen
    ]
    return found


@grouping.app_template_filter()
def called(group: ArticleGroup) -> str:
    """What a group is called in this reader's language."""
    return assortment.called(group, access.language())
