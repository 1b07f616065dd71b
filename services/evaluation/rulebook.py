"""What tills reckon by, as last edited: taxes, tenders, ranges of codes, programmes."""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.binding import tag
from schemas.tax import Tax
from schemas.tender import Tender
from services.database import changes
from services.database.articles import ArticleRow
from services.database.changes import CHAIN
from services.database.organisation import Unit

D = TypeVar("D", bound=Any)


def every(session: Session, cls: type[D]) -> list[D]:
    """All records of a kind, by key."""
    kind = tag(cls)
    found = changes.currents(session, CHAIN, kind, changes.keys(session, CHAIN, kind))
    read = [xml.load(cls, each.document) for each in found.values() if each.document]
    return sorted(read, key=lambda each: str(each.key))


def one(session: Session, cls: type[D], key: str) -> D | None:
    """The record of this kind and key."""
    document = changes.current(session, CHAIN, tag(cls), key)
    return xml.load(cls, document) if document else None


def taxed(session: Session) -> dict[str, int]:
    """How many articles each tax class has."""
    query = sa.select(ArticleRow.tax, sa.func.count()).group_by(ArticleRow.tax)
    return {str(row[0]): int(row[1]) for row in session.execute(query)}


def takers(session: Session) -> dict[str, list[str]]:
    """What the units are called that say a tax zone, for their own sales or for goods taken away."""
    found: dict[str, list[str]] = {}
    for unit in session.scalars(sa.select(Unit).order_by(Unit.kind, Unit.key)):
        for zone in {unit.tax_zone, (unit.rules or {}).get("takeaway_zone")} - {None}:
            found.setdefault(str(zone), []).append(unit.name)
    return found


def zones(session: Session) -> list[str]:
    """The tax zones that have a tax."""
    return sorted({str(tax.zone) for tax in every(session, Tax)})


def is_last_cash(session: Session, tender: Tender) -> bool:
    """Is it the only way to take a till's own cash? Without one no till gives change."""
    own = {each.key for each in every(session, Tender) if each.kind == "cash" and not each.currency}
    return own == {tender.key}
