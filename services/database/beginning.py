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
from services.register import permission

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
        Block("customer"),
        Block("mandate"),
        Block("code"),
        Block("text", align="centre", de="Vielen Dank!", en="Thank you!", es="¡Gracias!"),
    ),
)

CASHIER: Final[dict[str, str | None]] = {
    "sell": None, "void-line": None, "abort": None, "override-price": "10", "discount-line": "10",
    "discount-line-amount": "5", "discount-receipt": "5", "coupon": None, "salesperson": None,
    "take-away": None, "empties": "50", "split": None, "customer": None, "customer-create": None, "price-enquiry": None,
    "copy-receipt": None, "park": None, "recall": None, "recall-others": None, "return": "50",
    "refund-cash": "50", "refund-card": None, "tender-card": None, "tender-voucher": None,
    "tender-account": "100", "tender-coupon": None, "tender-points": None,
    "tender-debit": "200", "refund-account": "50", "tender-foreign": None, "cashback": "200",
    "voucher-sell": "200", "reprint": None, "gift-slip": None, "open-drawer": None, "float": None,
    "pay-in": "200", "pay-out": "50", "safe-drop": None, "count": None, "hand-over": None,
    "x-report": None, "z-report": None, "training": None,
}  # fmt: skip
"""What a cashier may do where a chain has not said otherwise, with limits in percent or units."""


def rules(session: Session, taxes: dict[str, tuple[str, Decimal]], zone: str, by: str = BY) -> None:
    """Taxes of a zone, tenders, roles and the receipt layout."""
    for class_, (name, percent) in taxes.items():
        tax = Tax(TaxClass(class_), TaxZone(zone), name, (Rate(EPOCH, percent),))
        changes.record(session, tax, changes.CHAIN, by)
    cash = Tender(TenderKey("cash"), "cash", "Bar", "Cash", "Efectivo", change=True, drawer=True)
    card = Tender(TenderKey("card"), "card", "Karte", "Card", "Tarjeta")
    voucher = Tender(TenderKey("voucher"), "voucher", "Gutschein", "Voucher", "Vale")
    for tender in (cash, card, voucher):
        changes.record(session, tender, changes.CHAIN, by)
    own = tuple(Right(n, None if most is None else Decimal(most)) for n, most in CASHIER.items())
    everything = tuple(Right(name) for name in permission.RIGHTS)
    for role in (
        Role(RoleKey("cashier"), "Kassierer", own),
        Role(RoleKey("manager"), "Leitung", everything),
    ):
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
