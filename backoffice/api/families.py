"""Models for programs: what comes in sizes and colours, with the articles that are its variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.orm import Session

from backoffice.api import goods, models, paging, plain
from backoffice.api.models import (
    AskedSince,
    By,
    Collecting,
    CollectingMany,
    Key,
    Moment,
    Named,
    Said,
)
from backoffice.api.operation import Call, Told, operation
from backoffice.api.problem import missing, wrong
from backoffice.api.putting import NUMBER, WRONG, Into, many, one
from backoffice.api.wares import Option, Tax
from schemas.keys import GroupKey, KeyRefused, ModelKey, TaxClass, article_key
from schemas.model import Axis, Model, Value
from services.database.articles import ArticleRow
from services.database.models import ModelRow


class AxisBody(Said):
    """What variants differ in, with all values that there are, in their order."""

    name: Annotated[Option, Field(examples=["Größe"])]
    values: Annotated[list[Option], Field(min_length=1, max_length=100, examples=[["S", "M"]])]


class ModelBody(Named):
    """A model, whole: what is left out is empty afterwards."""

    group: Annotated[Key | None, Field(examples=["clothes"])] = Field(
        default=None, description="Of a new variant, where no other says so."
    )
    tax: Tax | None = Field(default=None, description="Of a new variant, likewise.")
    axes: Annotated[list[AxisBody], Field(min_length=1, max_length=3)]


class ModelItem(ModelBody):
    """A model among others."""

    key: Annotated[Key, Field(examples=["shirt"])]


class VariantSaid(Said):
    """An article that is a variant, and its value on each axis."""

    article: Key
    options: list[Option]


class ModelSaid(ModelItem):
    """A model as head office has it, with its variants."""

    axes: list[AxisBody]
    variants: list[VariantSaid]
    changed_at: Moment
    changed_by: By


def _said(session: Session, rows: Sequence[ModelRow]) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {row.key: [] for row in rows}
    query = sa.select(ArticleRow.model, ArticleRow.key, ArticleRow.options)
    query = query.where(ArticleRow.model.in_(list(found))).order_by(ArticleRow.key)
    for row in session.execute(query):
        found[row.model].append({"article": row.key, "options": row.options or []})
    names = ("key", "de", "en", "es", "group", "tax", "axes", "changed_at", "changed_by")
    return [
        {name: getattr(row, name) for name in names} | {"variants": found[row.key]} for row in rows
    ]


@operation("GET", "/models", "articles:read", answers=ModelSaid, many=True, query=AskedSince)
def list_models(call: Call) -> Told:
    """Models, by key, each with its variants; what a variant is else says `/articles?model=`."""
    query = paging.since(call, sa.select(ModelRow), ModelRow.changed_at)
    rows, following = paging.listed(call, query, ModelRow.key)
    return paging.page(call, _said(call.session, rows), following)


@operation("GET", "/models/{key}", "articles:read", answers=ModelSaid, keys={"key": NUMBER},
           wrong=(404,))  # fmt: skip
def get_model(call: Call) -> Told:
    """One model."""
    row = call.session.get(ModelRow, call.path["key"])
    if row is None:
        raise missing("api.no-model", key=call.path["key"])
    return Told(_said(call.session, [row])[0], etag=plain.tag(row.document()))


def _put_model(into: Into, item: ModelItem) -> str:
    try:
        key = ModelKey(article_key(item.key))
    except KeyRefused as error:
        raise wrong("key", "imports.bad.number", typed=item.key) from error
    if into.left(goods.ARTICLE, key) is not None:
        raise wrong("key", "api.is-article")  # a till's key names an article or a model
    if not (item.de or item.en or item.es):
        raise wrong("de", "entry.no-name")
    goods.check_group(into, item.group)
    if item.tax:
        goods.check_tax(into, item.tax)
    axes = []
    for n, each in enumerate(item.axes):
        values = [value.strip() for value in each.values]
        if "" in values or len(set(values)) < len(values):
            raise wrong(f"axes[{n}].values", "api.values-once")
        axes.append(Axis(each.name, tuple(map(Value, values))))
    return into.put(
        goods.MODEL,
        Model(
            key, item.de or None, item.en or None, item.es or None,
            GroupKey(item.group) if item.group else None,
            TaxClass(item.tax) if item.tax else None, tuple(axes),
        ),
    )  # fmt: skip


@operation("PUT", "/models/{key}", "articles:write", answers=models.Outcome, made=True,
           query=Collecting, body=ModelBody, keys={"key": NUMBER}, wrong=WRONG)  # fmt: skip
def put_model(call: Call) -> Told:
    """Make a model, or say anew what it is. Its variants are articles: see `/articles`."""
    key = call.path["key"]
    item = ModelItem(key=key, **call.body.model_dump(exclude_unset=True))
    return one(call, item, _put_model, key, goods.MODEL)


@operation("PUT", "/models", "articles:write", answers=models.Outcome, query=CollectingMany,
           body=ModelItem, bulk=True, wrong=WRONG)  # fmt: skip
def put_models(call: Call) -> Told:
    """Write up to 1,000 models: all or none, or with `partial` each that can be."""
    return many(call, _put_model, lambda item: str(item.key))
