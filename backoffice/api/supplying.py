"""Suppliers and purchase conditions for programs: who delivers what, at which cost. The company's only."""

from __future__ import annotations

from typing import Annotated, Any, Final

import sqlalchemy as sa
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from backoffice.api import goods, models, paging, plain
from backoffice.api.models import (
    CLEAN,
    Amount,
    AskedSince,
    Collecting,
    CollectingMany,
    Key,
    Said,
    Text,
)
from backoffice.api.operation import Call, Told, operation
from backoffice.api.problem import missing, wrong
from backoffice.api.putting import NUMBER, WRONG, Into, Kind, many, one
from schemas.keys import ArticleKey, KeyRefused, SupplierKey, article_key
from schemas.money import AmountRefused, UnitPrice
from schemas.supplier import Supplier, Supply
from services.database.changes import OFFICE
from services.database.supplies import SupplierRow, SupplyRow

_MAIL = r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-.]{1,64}@([A-Za-z0-9\-]{1,63}\.)+[A-Za-z]{2,24}$"
"""Source: the type `mail` of schemas/values.xsd."""


class SupplierBody(Said):
    """A supplier, whole: what is left out is empty afterwards. `number`: what we are called there."""

    name: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200, pattern=CLEAN),
        Field(examples=["Nordmilch"]),
    ]
    address: Annotated[
        str, StringConstraints(max_length=2000, pattern=CLEAN), Field(examples=["Hof 3, Husum"])
    ] | None = None  # fmt: skip
    phone: Annotated[Text | None, Field(examples=["+49 4841 1234"])] = None
    email: Annotated[
        str,
        StringConstraints(max_length=254, pattern=_MAIL),
        Field(examples=["order@example.com"]),
    ] | None = None  # fmt: skip
    number: Annotated[Text | None, Field(examples=["K-5512"])] = None


class SupplierItem(SupplierBody):
    """A supplier among others."""

    key: Annotated[Key, Field(examples=["nordmilch"])]


class SupplyBody(Said):
    """How a supplier delivers an article. `cost`: of one piece, without tax. `main`: ordered there."""

    order_code: Annotated[Text | None, Field(examples=["NM-40122"])] = None
    cost: Annotated[Amount | None, Field(examples=["0.89"])] = None
    pack: Annotated[int, Field(ge=1, le=999_999)] = 1
    main: bool = False


class SupplyItem(SupplyBody):
    """What a supplier delivers, among others."""

    article: Key
    supplier: Annotated[Key, Field(examples=["nordmilch"])]


class SupplySaid(SupplyItem):
    """A purchase condition as head office has it."""

    currency: Annotated[str | None, Field(examples=["EUR"])]


class AskedSupplies(AskedSince):
    """A page of purchase conditions."""

    article: Key | None = None
    supplier: Key | None = None


SUPPLIER: Final = Kind(
    Supplier, OFFICE,
    lambda session, key, lock: _supplier(session.get(SupplierRow, key, with_for_update=lock or None)),
)  # fmt: skip


def _supplier(row: SupplierRow | None) -> Supplier | None:
    if row is None:
        return None
    return Supplier(SupplierKey(row.key), row.name, row.address, row.phone, row.email, row.number)


def _supply_held(session: Session, key: str, lock: bool) -> Supply | None:
    article, _, supplier = key.partition("|")
    row = session.get(SupplyRow, (article, supplier), with_for_update=True if lock else None)
    return row.document() if row is not None else None


SUPPLY: Final = Kind(Supply, OFFICE, _supply_held)


def _said(row: SupplierRow) -> dict[str, Any]:
    names = ("key", "name", "address", "phone", "email", "number")
    return {name: getattr(row, name) for name in names}


@operation("GET", "/suppliers", "suppliers:read", answers=SupplierItem, many=True,
           query=AskedSince)  # fmt: skip
def list_suppliers(call: Call) -> Told:
    """Suppliers, by key."""
    call.of_the_company()
    query = paging.since_noted(call, sa.select(SupplierRow), "supplier", SupplierRow.key)
    rows, following = paging.listed(call, query, SupplierRow.key)
    return paging.page(call, [_said(row) for row in rows], following)


@operation("GET", "/suppliers/{key}", "suppliers:read", answers=SupplierItem, keys={"key": NUMBER},
           wrong=(404,))  # fmt: skip
def get_supplier(call: Call) -> Told:
    """One supplier."""
    call.of_the_company()
    row = call.session.get(SupplierRow, call.path["key"])
    if row is None:
        raise missing("api.no-supplier", key=call.path["key"])
    return Told(_said(row), etag=plain.tag(_supplier(row)))


@operation("GET", "/supplies", "suppliers:read", answers=SupplySaid, many=True,
           query=AskedSupplies)  # fmt: skip
def list_supplies(call: Call) -> Told:
    """Purchase conditions: which supplier delivers which article, by article."""
    call.of_the_company()
    key = SupplyRow.article + "|" + SupplyRow.supplier
    query = paging.since_noted(call, sa.select(SupplyRow), "supply", key)
    if call.query.article:
        query = query.where(SupplyRow.article == call.query.article)
    if call.query.supplier:
        query = query.where(SupplyRow.supplier == call.query.supplier)
    rows, following = paging.keyed(call, query, (SupplyRow.article, SupplyRow.supplier), (str, str))
    return paging.page(call, [_condition(row) for row in rows], following)


def _condition(row: SupplyRow) -> dict[str, Any]:
    cost = row.document().cost
    return {
        "article": row.article, "supplier": row.supplier, "order_code": row.order_code,
        "cost": cost.number if cost else None, "currency": row.currency, "pack": row.pack,
        "main": row.main,
    }  # fmt: skip


def _put_supplier(into: Into, item: SupplierItem) -> str:
    try:
        key = SupplierKey(article_key(item.key))
    except KeyRefused as error:
        raise wrong("key", "imports.bad.number", typed=item.key) from error
    return into.put(
        SUPPLIER,
        Supplier(key, item.name, item.address or None, item.phone or None, item.email or None,
                 item.number or None),
    )  # fmt: skip


@operation("PUT", "/suppliers/{key}", "suppliers:write", answers=models.Outcome, made=True,
           query=Collecting, body=SupplierBody, keys={"key": NUMBER}, wrong=WRONG)  # fmt: skip
def put_supplier(call: Call) -> Told:
    """Make a supplier, or say anew who they are."""
    key = call.path["key"]
    return one(call, SupplierItem(key=key, **dict(call.body)), _put_supplier, key, SUPPLIER)


@operation("PUT", "/suppliers", "suppliers:write", answers=models.Outcome, query=CollectingMany,
           body=SupplierItem, bulk=True, wrong=WRONG)  # fmt: skip
def put_suppliers(call: Call) -> Told:
    """Write up to 1,000 suppliers: all or none, or with `partial` each that can be."""
    return many(call, _put_supplier, lambda item: str(item.key))


def _put_supply(into: Into, item: SupplyItem) -> str:
    if into.left(goods.ARTICLE, item.article) is None:
        raise wrong("article", "api.no-article", number=item.article)
    if into.left(SUPPLIER, item.supplier) is None:
        raise wrong("supplier", "api.no-supplier", key=item.supplier)
    try:
        cost = UnitPrice.parse(item.cost, goods.currency(into.session)) if item.cost else None
    except AmountRefused as error:
        raise wrong("cost", "entry.amount") from error
    return into.put(
        SUPPLY,
        Supply(SupplierKey(item.supplier), ArticleKey(item.article), item.order_code or None,
               cost, item.pack, item.main or None),
    )  # fmt: skip


@operation("PUT", "/supplies", "suppliers:write", answers=models.Outcome, query=CollectingMany,
           body=SupplyItem, bulk=True, wrong=WRONG)  # fmt: skip
def put_supplies(call: Call) -> Told:
    """Write up to 1,000 purchase conditions: all or none, or with `partial` each that can be.

    Margins reckon with the main supplier's; of an article's suppliers at most one is that.
    """
    return many(call, _put_supply, lambda item: f"{item.article}|{item.supplier}")


@operation("DELETE", "/supplies/{article}/{supplier}", "suppliers:write", answers=models.Outcome,
           query=Collecting, keys={"article": NUMBER, "supplier": NUMBER}, wrong=(403, 409, 412))  # fmt: skip
def delete_supply(call: Call) -> Told:
    """A supplier does not deliver this article any more; where they did not, nothing changes."""
    key = f"{call.path['article']}|{call.path['supplier']}"
    return one(call, None, lambda into, _: into.remove(SUPPLY, key), key, SUPPLY)
