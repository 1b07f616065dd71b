"""Models: what comes in sizes and colours, as a matrix of its variants; the missing ones in one go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import flask
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from backoffice import access, database, frame, htmx
from backoffice.articles.entry import money
from backoffice.articles.refused import FieldRefused
from backoffice.changes import drafts, keeping
from schemas.article import Article
from schemas.keys import GroupKey, KeyRefused, ModelKey, TaxClass, article_key
from schemas.model import Axis, Model, Value
from schemas.money import UnitPrice
from schemas.price import Price
from services.database import models as rows
from services.database.articles import ArticleRow, tax_classes
from services.database.changes import CHAIN, RecordRefused
from services.database.models import ModelRow
from services.evaluation import assortment
from services.evaluation import variants as questions
from services.evaluation.variants import Proposal

models = flask.Blueprint("models", __name__, url_prefix="/models")
AXES: Final = 3
"""Source: schemas/model.xsd."""
_MOST_VALUES: Final = 100


@dataclass
class ModelForm:
    """A model as typed, and as understood; `wrong` says what is the matter, by field."""

    typed: Mapping[str, str]
    said: Model | None = None
    wrong: dict[str, tuple[str, Mapping[str, object]]] = field(default_factory=dict)

    @classmethod
    def shown(cls, model: Model) -> ModelForm:
        """The form of a model that is there."""
        typed = {
            name: getattr(model, name) or "" for name in ("key", "de", "en", "es", "group", "tax")
        }
        for n in range(AXES):
            axis = model.axes[n] if n < len(model.axes) else Axis("")
            typed |= {f"axis{n}": axis.name, f"values{n}": ", ".join(axis.names)}
        return cls(typed)

    @classmethod
    def of(cls, form: MultiDict[str, str], key: ModelKey | None) -> ModelForm:
        """What the form says; of a new model with its key."""
        names = ["key", "de", "en", "es", "group", "tax"]
        names += [f"{each}{n}" for each in ("axis", "values") for n in range(AXES)]
        made = cls({name: form.get(name, "")[:4000].strip() for name in names})
        made._read(key)
        return made

    def _read(self, key: ModelKey | None) -> None:
        session, typed = database.session(), self.typed
        if key is None:
            try:
                key = ModelKey(article_key(typed["key"]))
            except KeyRefused as refused:
                self.wrong["key"] = ("entry.refused", {"why": str(refused)})
            else:
                self._check_key(key)
        if not (typed["de"] or typed["en"] or typed["es"]):
            self.wrong["de"] = ("entry.no-name", {})
        if typed["group"] and typed["group"] not in assortment.groups(session):
            self.wrong["group"] = ("entry.not-there", {})
        if typed["tax"] and typed["tax"] not in taxes():
            self.wrong["tax"] = ("entry.not-there", {})
        axes = self._axes()
        if self.wrong or key is None:
            return
        self.said = Model(
            key, typed["de"][:200] or None, typed["en"][:200] or None, typed["es"][:200] or None,
            GroupKey(typed["group"]) if typed["group"] else None,
            TaxClass(typed["tax"]) if typed["tax"] else None, axes,
        )  # fmt: skip

    def _check_key(self, key: ModelKey) -> None:
        """A till's key names an article or a model, so no two of them may have one number."""
        session = database.session()
        if session.get(ModelRow, key) is not None:
            self.wrong["key"] = ("models.taken", {})
        elif session.get(ArticleRow, key) is not None:
            self.wrong["key"] = ("entry.taken", {})

    def _axes(self) -> tuple[Axis, ...]:
        found = []
        for n in range(AXES):
            name, text = self.typed[f"axis{n}"][:200], self.typed[f"values{n}"]
            values = list(
                dict.fromkeys(v.strip()[:200] for v in re.split(r"[,;\n]", text) if v.strip())
            )
            if not name and not values:
                continue
            if not name or not values or len(values) > _MOST_VALUES:
                self.wrong[f"axis{n}"] = ("models.axis-half", {"most": _MOST_VALUES})
                continue
            found.append(Axis(name, tuple(Value(value) for value in values)))
        if not found and not self.wrong:
            self.wrong["axis0"] = ("models.no-axis", {})
        return tuple(found)


def taxes() -> list[str]:
    """The tax classes that there are."""
    return tax_classes(database.session())


@models.get("/")
def all_() -> Any:
    """All models, with how many variants each has."""
    session = database.session()
    counts = session.execute(
        sa.select(ArticleRow.model, sa.func.count().label("many"))
        .where(ArticleRow.model.is_not(None)).group_by(ArticleRow.model)
    )  # fmt: skip
    return flask.render_template(
        "models/all.html", found=rows.all_of(session, access.language()),
        counts={row.model: row.many for row in counts},
    )  # fmt: skip


@models.get("/new")
def fresh() -> Any:
    """A form for a model that is not there yet."""
    return _form(None, ModelForm.shown(Model(ModelKey(""))))


@models.post("/new")
def make() -> Any:
    """Make it."""
    return _kept(None, ModelForm.of(flask.request.form, None))


@models.get("/<key>")
def one(key: str) -> Any:
    """A model: its variants as a matrix, and the ones that are missing."""
    return _page(_found(key), {}, None)


@models.get("/<key>/edit")
def edit(key: str) -> Any:
    """The form of a model."""
    model = _found(key)
    left = drafts.as_left(database.session(), model.document(), CHAIN)
    return _form(model, ModelForm.shown(left))


@models.post("/<key>/edit")
def change(key: str) -> Any:
    """Say anew what a model is."""
    model = _found(key)
    return _kept(model, ModelForm.of(flask.request.form, ModelKey(model.key)))


@models.post("/<key>/variants")
def fill(key: str) -> Any:
    """Make the variants that were marked, each with its number, all at once."""
    model, form = _found(key), flask.request.form
    session = database.session()
    siblings = rows.variants(session, key)
    typed = {name: text[:48].strip() for name, text in form.items() if name.startswith("number-")}
    wanted = []
    for n, each in enumerate(questions.proposals(session, model.document(), siblings)):
        if form.get(f"make-{n}") == "\x1f".join(each.options):
            wanted.append(Proposal(each.options, typed.get(f"number-{n}", "") or each.number))
    try:
        documents = _made(model.document(), siblings, wanted)
        price = _price(form.get("price", "")[:20].strip())
        records: list[tuple[Any, str]] = [(document, CHAIN) for document in documents]
        if price is not None:
            begins = keeping.begins(None) or frame.now()
            records += [(Price(each.key, begins, price), CHAIN) for each in documents]
        with database.writing() as writing:
            keeping.keep(writing, records)
    except FieldRefused as refused:
        return _page(model, typed, (refused.said, refused.parts), 422)
    except (KeyRefused, RecordRefused) as refused:
        return _page(model, typed, ("entry.refused", {"why": str(refused)}), 422)
    return htmx.go(flask.url_for("models.one", key=key))


def _made(model: Model, siblings: list[ArticleRow], wanted: list[Proposal]) -> list[Article]:
    """The new variants. Raises FieldRefused where a number is taken, KeyRefused where it is none."""
    if not wanted:
        raise FieldRefused("models.none-marked")
    session, sibling = database.session(), siblings[0].document() if siblings else None
    seen: set[str] = set()
    for each in wanted:
        number = article_key(each.number)
        there = session.get(ArticleRow, number) or session.get(ModelRow, number)
        if there is not None or number in seen:
            raise FieldRefused("models.number-taken", number=number)
        seen.add(number)
    return [questions.made(model, sibling, each, taxes()[0]) for each in wanted]


def _price(text: str) -> UnitPrice | None:
    amount = money(text, access.language(), frame.place().currency)
    return UnitPrice.of(amount) if amount else None


def _found(key: str) -> ModelRow:
    found = database.session().get(ModelRow, key)
    if found is None:
        flask.abort(404)
    return found


def _kept(before: ModelRow | None, form: ModelForm) -> Any:
    if form.said is None:
        return _form(before, form, 422)
    try:
        with database.writing() as session:
            keeping.keep(session, [(form.said, CHAIN)])
    except RecordRefused as refused:
        form.wrong["de"] = ("entry.refused", {"why": str(refused)})
        return _form(before, form, 422)
    into = keeping.collecting()
    if before is None and into is not None:
        return htmx.go(flask.url_for("changes.one", number=into.id))
    return htmx.go(flask.url_for("models.one", key=form.said.key))


def _form(model: ModelRow | None, form: ModelForm, status: int = 200) -> Any:
    return flask.render_template(
        "models/edit.html", model=model, form=form, axes=range(AXES), taxes=taxes(),
        groups=assortment.groups(database.session()),
    ), status  # fmt: skip


def _page(
    model: ModelRow, typed: Mapping[str, str], wrong: tuple[str, Mapping[str, object]] | None,
    status: int = 200,
) -> Any:  # fmt: skip
    session, place = database.session(), frame.place()
    siblings, document = rows.variants(session, model.key), model.document()
    offers = assortment.offers(session, siblings, place.branch, frame.now())
    priced = next((offer.price for offer in offers if offer.price), None)
    return flask.render_template(
        "models/one.html", model=model, axes=document.axes, offers=offers, typed=typed, wrong=wrong,
        tables=questions.matrix(document, offers), strays=questions.strays(document, offers),
        proposals=questions.proposals(session, document, siblings), price=priced,
    ), status  # fmt: skip
