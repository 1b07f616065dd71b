"""What tills reckon by, as last edited: taxes, tenders, ranges of codes, programmes."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas.tax import Tax
from schemas.tender import Tender
from services.database import changes
from services.database.articles import ArticleRow
from services.database.organisation import Unit


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
    return sorted({str(tax.zone) for tax in changes.every(session, Tax)})


def is_last_cash(tenders: Iterable[Tender], tender: Tender) -> bool:
    """Is it, of these, the only way to take a till's own cash? Without one no till gives change."""
    return {each.key for each in tenders if each.kind == "cash" and not each.currency} == {
        tender.key
    }
