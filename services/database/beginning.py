"""The first records of a chain: what every till needs before there is a single article."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from schemas.keys import LayoutKey, RoleKey, TaxClass, TaxZone, TenderKey
from schemas.layout import Block, Layout
from schemas.staff import Right, Role
from schemas.tax import Rate, Tax
from schemas.tender import Tender
from services.database import changes, organisation
from services.database.organisation import Unit

BY: Final = "set-up"
EPOCH: Final = datetime(2007, 1, 1, tzinfo=UTC)
"""Before any receipt of ours; the first rates hold from here on."""

LAYOUT: Final = Layout(
    LayoutKey("standard"),
    1,
    42,
    (
        Block("firm", align="centre"),
        Block("rule"),
        Block("head"),
        Block("rule"),
        Block("lines"),
        Block("rule"),
        Block("total"),
        Block("tenders"),
        Block("space"),
        Block("taxes"),
        Block("fiscal", align="centre"),
        Block("text", text="Vielen Dank! · Thank you! · ¡Gracias!", align="centre"),
    ),
)

RIGHTS: Final = ("sell", "void-line", "override-price", "open-drawer", "abort")


def rules(session: Session, taxes: dict[str, tuple[str, Decimal]], zone: str, by: str = BY) -> None:
    """Taxes of a zone, tenders, roles and the receipt layout."""
    for class_, (name, percent) in taxes.items():
        tax = Tax(TaxClass(class_), TaxZone(zone), name, (Rate(EPOCH, percent),))
        changes.record(session, tax, changes.CHAIN, by)
    cash = Tender(TenderKey("cash"), "cash", "Bar", "Cash", "Efectivo", change=True, drawer=True)
    card = Tender(TenderKey("card"), "card", "Karte", "Card", "Tarjeta")
    for tender in (cash, card):
        changes.record(session, tender, changes.CHAIN, by)
    role = Role(RoleKey("cashier"), "Kassierer", tuple(Right(name) for name in RIGHTS))
    changes.record(session, role, changes.CHAIN, by)
    changes.record(session, LAYOUT, changes.CHAIN, by)


def add_branch(session: Session, branch: Unit, tills: int, by: str = BY) -> list[str]:
    """A branch below its parent with tills numbered from 1; answers the tills' names."""
    organisation.add(session, branch, by)
    names = []
    for number in range(1, tills + 1):
        name = f"{branch.key}-{number}"
        till = Unit(
            kind="till", key=name, name=str(number), parent_kind="branch",
            parent_key=branch.key,
        )  # fmt: skip
        organisation.add(session, till, by)
        names.append(name)
    return names
