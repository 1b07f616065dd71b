"""Making and changing articles, who delivers them, and many of them at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import flask

from backoffice import access, database, frame, htmx
from backoffice.articles.bulk import BulkForm
from backoffice.articles.entry import ArticleForm, Ground, money
from backoffice.articles.refused import FieldRefused
from backoffice.changes import drafts, keeping
from schemas import spelling, xml
from schemas.article import Article
from schemas.keys import ArticleKey, KeyRefused, SupplierKey, TaxClass, article_key
from schemas.model import Model
from schemas.money import UnitPrice
from schemas.supplier import Supplier, Supply
from services.database import articles as rows
from services.database import changesets, prices, sets, supplies
from services.database import models as model_rows
from services.database.articles import ArticleRow, EditConflict
from services.database.changes import CHAIN, OFFICE, RecordRefused
from services.database.models import ModelRow
from services.database.sets import PartsRefused
from services.evaluation import assortment

MARKED: Final = ("act", "value", "to_group", "to_tax", "to_tag", "to_branch", "ending", "all")
"""What the form for many articles holds beside the marks."""
_LONGEST: Final = 1500
"""Letters of marks that an address holds; more are marked again."""
editing = flask.Blueprint("editing", __name__, url_prefix="/articles")


def _ground() -> Ground:
    session, place = database.session(), frame.place()
    return Ground(
        frozenset(assortment.groups(session)),
        tuple(rows.tax_classes(session)),
        frozenset(key for key, _ in place.branches),
        place.currency,
        access.language(),
        _known,
        _model,
    )


def _model(key: str) -> Model | None:
    row = database.session().get(ModelRow, key)
    return drafts.as_left(database.session(), row.document(), CHAIN) if row else None


def _known(typed: str) -> Article | None:
    """The article with a number, or that bears a code, as this person left it."""
    session = database.session()
    drafted = drafts.drafted(session, CHAIN, "article")
    if typed in drafted:
        said = drafted[typed]
        return xml.load(Article, said) if said else None
    row = session.get(ArticleRow, typed)
    if row is None:
        code = session.get(rows.ArticleCode, typed)
        row = session.get(ArticleRow, code.article) if code else None
    return row.document() if row else None


def _article(key: str) -> ArticleRow:
    found = database.session().get(ArticleRow, key)
    if found is None:
        flask.abort(404)
    return found


def _left(article: ArticleRow) -> Article:
    return drafts.as_left(database.session(), article.document(), CHAIN)


@editing.get("/new")
def fresh() -> Any:
    """A form for an article that is not there yet."""
    blank = Article(ArticleKey("_"), tax=TaxClass("A"))
    form = ArticleForm.shown(blank, _ground())
    form.typed = {**form.typed, "key": ""}
    return _page(None, form)


@editing.post("/new")
def make() -> Any:
    """Make it; or another row for a part, while its parts are said."""
    if flask.request.form.get("row"):
        return _page(None, ArticleForm.typed_in(flask.request.form, _ground()))
    form = ArticleForm.of(flask.request.form, None, _ground())
    if form.said is not None and database.session().get(ArticleRow, form.said.key) is not None:
        form.wrong["key"], form.said = ("entry.taken", {}), None
    return _kept(None, form, None)


@editing.get("/<key>/edit")
def edit(key: str) -> Any:
    """The form of an article."""
    article = _article(key)
    return _page(article, ArticleForm.shown(_left(article), _ground()))


@editing.post("/<key>/edit")
def change(key: str) -> Any:
    """Say anew what an article is."""
    article = _article(key)
    if flask.request.form.get("row"):
        return _page(article, ArticleForm.typed_in(flask.request.form, _ground()))
    form = ArticleForm.of(flask.request.form, _left(article), _ground())
    seen = flask.request.form.get("seen", "")
    return _kept(article, form, int(seen) if seen.isdecimal() and len(seen) < 10 else None)


def _kept(article: ArticleRow | None, form: ArticleForm, seen: int | None) -> Any:
    if form.said is None:
        return _page(article, form, 422)
    said = form.said
    taken = _taken(said)
    if taken is not None:
        form.wrong["codes"] = ("entry.code-taken", {"code": taken[0], "article": taken[1]})
        return _page(article, form, 422)
    try:
        sets.check(database.session(), said, _known)
    except PartsRefused as refused:
        form.wrong["parts"] = (f"parts.{refused.fact}", refused.parts)
        return _page(article, form, 422)
    same = article is not None and said == _left(article)
    try:
        with database.writing() as session:
            if article is not None:
                prices.as_seen(session, said.key, seen)
            if not same:  # else the history would have a step without a difference
                keeping.keep(session, [(said, CHAIN)])
    except EditConflict as conflict:
        return _page(_article(said.key), form, 409, conflict)
    except RecordRefused as refused:
        form.wrong["key"] = ("entry.refused", {"why": str(refused)})
        return _page(article, form, 422)
    if article is None and keeping.collecting() is not None:
        return htmx.go(flask.url_for("changes.one", number=keeping.collecting().id))  # type: ignore[union-attr]
    return htmx.go(flask.url_for("articles.one", key=said.key, **frame.kept()))


def _taken(said: Article) -> tuple[str, str] | None:
    """A code of the article that another one has already, and which."""
    for code in said.codes:
        there = database.session().get(rows.ArticleCode, code.value)
        if there is not None and there.article != said.key:
            return code.value, there.article
    return None


def _page(
    article: ArticleRow | None, form: ArticleForm, status: int = 200,
    conflict: EditConflict | None = None,
) -> Any:  # fmt: skip
    session = database.session()
    delivered = supplies.of(session, [article.key]).get(article.key, []) if article else []
    return flask.render_template(
        "articles/edit.html", article=article, form=form, ground=_ground(), conflict=conflict,
        groups=assortment.groups(session), delivered=delivered,
        suppliers=supplies.suppliers(session), called=supplies.names(session, delivered), models=model_rows.all_of(session, access.language()),
    ), status  # fmt: skip


@editing.post("/<key>/drop")
def drop(key: str) -> Any:
    """Take an article out of the assortment: tills do not know it any more; the log brings it back."""
    article = _article(key)
    session = database.session()
    if sets.uses(session, key):
        return htmx.go(flask.url_for("editing.edit", key=key, wrong="used"))
    name = article.name(access.language())
    with database.writing() as writing:
        keeping.remove(writing, "article", article.key, CHAIN)
    into = keeping.collecting()
    if into is not None:
        return htmx.go(flask.url_for("changes.one", number=into.id))
    return htmx.go(flask.url_for("articles.found", said="entry.dropped", of=name[:200]))


@editing.post("/<key>/supply")
def supply(key: str) -> Any:
    """Say who delivers an article, at which price; or that they do not any more."""
    article, form = _article(key), flask.request.form
    name = " ".join(form.get("supplier", "").split())[:200]
    try:
        cost = money(form.get("cost", "")[:40].strip(), access.language(), frame.place().currency)
        supplier = _supplier(name)
    except (FieldRefused, KeyRefused):
        return htmx.go(flask.url_for("editing.edit", key=key, wrong="supply"))
    with database.writing() as session:
        if form.get("act") == "remove":
            keeping.remove(session, "supply", f"{key}|{supplier.key}", OFFICE)
        else:
            pack = form.get("pack", "1")
            made = Supply(
                supplier.key, ArticleKey(article.key), form.get("order_code", "")[:200] or None,
                UnitPrice.of(cost) if cost else None,
                int(pack) if pack.isdecimal() and int(pack[:6]) > 0 else 1,
                True if form.get("main") else None,
            )  # fmt: skip
            keeping.keep(session, [(supplier, OFFICE), (made, OFFICE)])
    return htmx.go(flask.url_for("editing.edit", key=key))


def _supplier(name: str) -> Supplier:
    """The supplier of this name or key; a new one where there is none."""
    session = database.session()
    taken = {row.key: row.document() for row in supplies.suppliers(session)}
    collected = drafts.drafted(session, OFFICE, "supplier")
    taken |= {SupplierKey(k): xml.load(Supplier, said) for k, said in collected.items() if said}
    for key, each in taken.items():
        if name.casefold() in {key.casefold(), each.name.casefold()}:
            return each
    plain = spelling.plain(name).lower()
    stem = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in plain).split())[:36]
    key = next(
        each for each in (stem, *(f"{stem}-{n}" for n in range(2, 999))) if each not in taken
    )
    return Supplier(SupplierKey(article_key(key)), name)


@editing.post("/bulk")
def bulk() -> Any:
    """Put one change of many articles into a change set, where it is looked at before it holds."""
    form, place = flask.request.form, frame.place()
    wanted = BulkForm.of(form, access.language(), place.currency)
    ground = _ground()
    there = {
        "group": ground.groups, "tax": ground.taxes,
        "list": ground.branches, "unlist": ground.branches,
    }.get(wanted.act)  # fmt: skip
    if wanted.wrong is None and there is not None and wanted.value not in there:
        wanted = replace(wanted, wrong="bulk.what")
    if wanted.wrong:
        return htmx.go(flask.url_for("articles.found", said=wanted.wrong, **_question(form)))
    session = database.session()
    picked = _picked(form)
    at, branch = frame.now(), place.branch or ""
    documents = wanted.documents(session, picked, at, branch)
    if not documents:
        return htmx.go(flask.url_for("articles.found", said="bulk.nothing", **_question(form)))
    with database.writing() as writing:
        into = keeping.collecting()
        title = frame.shown().t("bulk.title", what=frame.shown().t(f"bulk.{wanted.act}"))
        number = into.id if into else changesets.make(writing, title, access.person().name).id
        begins = changesets.opened(writing, number).made_at
        changesets.collect(writing, number, wanted.timed(documents, begins), access.person().name)
    return htmx.go(flask.url_for("changes.one", number=number))


def _question(form: Any) -> dict[str, Any]:
    """The list as it was, with its marks and what was chosen, for who has to choose again."""
    kept = ("q", "group", "tag", "task", "model", "branch", "sort", "size", "page", *MARKED)
    found = {name: form[name][:200] for name in kept if form.get(name)}
    marked = "|".join(form.getlist("pick"))
    return found | ({"marked": marked} if 0 < len(marked) <= _LONGEST else {})


def _picked(form: Any) -> list[str]:
    """The articles that were marked; with `all`, everything that the list's question finds."""
    if not form.get("all"):
        return [key[:40] for key in form.getlist("pick")][:10_000]
    query = assortment.matching(
        form.get("q", "")[:200], form.get("task", ""), form.get("group", "")[:40],
        frame.place().branch, model=form.get("model", "")[:40], tag=form.get("tag", "")[:40],
    )  # fmt: skip
    return list(database.session().scalars(query.with_only_columns(ArticleRow.key)))
