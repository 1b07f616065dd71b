"""Each kind of record: how head office keeps it, so that any of them can be put, removed, restored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from schemas import replica, xml
from schemas.article import Article, Group
from schemas.binding import tag
from schemas.customer import Customer
from schemas.model import Model
from schemas.orgunit import OrgUnit
from schemas.picture import Picture
from schemas.price import Price
from schemas.staff import Staff
from schemas.supplier import Supplier, Supply
from services.database import (
    articles,
    bulk,
    changes,
    customers,
    models,
    organisation,
    people,
    pictures,
    prices,
    supplies,
)

KINDS: Final[dict[str, type[Any]]] = {
    **replica.RECORDS, **{tag(cls): cls for cls in (OrgUnit, Supplier, Supply)}
}  # fmt: skip
"""All kinds of record that have a history."""
DERIVED: Final = frozenset({"settings", "neighbour", "balance", "order-code"})
"""Kinds that follow from others: nobody edits them, and undoing the others undoes them."""

Put = Callable[[Session, Any, str, str], object]
_PUTS: Final[dict[type[Any], Put]] = {
    Article: lambda session, document, _, by: articles.put(session, document, by),
    Model: lambda session, document, _, by: models.put(session, document, by),
    Group: lambda session, document, _, by: articles.put_group(session, document, by),
    Price: lambda session, document, _, by: prices.put_price(session, document, by),
    Picture: lambda session, document, _, by: pictures.put(session, document, by),
    Customer: lambda session, document, _, by: customers.put(session, document, by),
    Supplier: lambda session, document, _, by: supplies.put_supplier(session, document, by),
    Supply: lambda session, document, _, by: supplies.put_supply(session, document, by),
    OrgUnit: lambda session, document, _, by: organisation.put(session, document, by),
    Staff: lambda session, document, scope, by: people.put_staff(
        session, document, scope.removeprefix("branch-"), by
    ),
}


def read(kind: str, document: bytes) -> Any:
    """A record from its bytes."""
    return xml.load(KINDS[kind], document)


def put(session: Session, document: Any, scope: str, by: str) -> None:
    """Keep a record, whatever its kind, and note the change."""
    keep = _PUTS.get(type(document), changes.record)
    keep(session, document, scope, by)


def put_all(session: Session, documents: Sequence[tuple[Any, str]], by: str) -> None:
    """Keep many, each with its scope; prices all at once, after the rest: they need their articles."""
    many = [d for d, _ in documents if isinstance(d, (Article, Price))]
    for document, scope in documents:
        if not isinstance(document, (Article, Price)):
            put(session, document, scope, by)
    bulk.put(session, [bulk.prepared(each) for each in many], by)


def remove(session: Session, kind: str, key: str, scope: str, by: str) -> None:
    """Take a record away, whatever its kind, and leave a tombstone. What is not there stays so."""
    if kind == "price":
        bulk.remove(session, kind, [key], by)
    elif kind == "article":
        articles.remove(session, key, by)
    elif kind == "model":
        models.remove(session, key, by)
    elif kind == "group":
        articles.remove_group(session, key, by)
    elif kind in {"supplier", "supply"}:
        supplies.remove(session, kind, key, by)
    elif kind == "staff":
        people.remove_staff(session, key, scope.removeprefix("branch-"), by)
    elif kind == "picture":
        pictures.remove(session, key, by)
    elif kind == "org-unit":
        organisation.remove(session, key, by)
    elif changes.current(session, scope, kind, key) is not None:
        changes.gone(session, kind, key, scope, by)


def remove_all(session: Session, kind: str, keys: Sequence[str], scope: str, by: str) -> None:
    """Take many records of a kind away."""
    if kind in {"article", "price"}:
        bulk.remove(session, kind, keys, by)
        return
    for key in keys:
        remove(session, kind, key, scope, by)
