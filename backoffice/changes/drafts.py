"""What a record says in the set that a person collects into, else what head office says now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice.changes import keeping
from schemas import xml
from schemas.binding import tag
from schemas.price import Price
from services.database.changesets import SetEdit


class Keyed(Protocol):
    """A record: it has a key."""

    @property
    def key(self) -> str:
        """Its key within its kind."""


T = TypeVar("T", bound=Keyed)


def as_left(session: Session, document: T, scope: str) -> T:
    """A record as this person left it: what they collected about it, else as it holds.

    A second edit in a set so goes on from the first, and takes nothing of it back.
    """
    said = drafted(session, scope, tag(type(document))).get(document.key)
    return xml.load(type(document), said) if said else document


def drafted(session: Session, scope: str, kind: str) -> dict[str, bytes | None]:
    """What the set holds of a kind, by key; None: it is taken away."""
    into = keeping.collecting()
    if into is None:
        return {}
    rows = session.execute(
        sa.select(SetEdit.key, SetEdit.document).where(
            SetEdit.change_set == into.id, SetEdit.scope == scope, SetEdit.kind == kind
        )
    )
    return {row.key: row.document for row in rows}


def drafted_prices(session: Session, articles: Sequence[str]) -> dict[str, Price]:
    """What the set that this person collects into will make of some articles' prices, by article."""
    into = keeping.collecting()
    if into is None or not articles:
        return {}
    wanted = sa.or_(*(SetEdit.key.startswith(f"{key}|", autoescape=True) for key in articles))
    rows = session.scalars(
        sa.select(SetEdit.document).where(
            SetEdit.change_set == into.id, SetEdit.kind == "price", wanted
        )
    )
    found = [xml.load(Price, document) for document in rows if document]
    return {price.article: price for price in found}
