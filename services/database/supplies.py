"""Suppliers and what they deliver, with purchase prices."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas.keys import ArticleKey, SupplierKey
from schemas.money import Currency, UnitPrice
from schemas.supplier import OrderCode, Supplier, Supply, asked, sought
from services.database import changes
from services.database.tables import Table


class SupplierRow(Table):
    """A supplier."""

    __tablename__ = "supplier"

    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    address: Mapped[str | None] = mapped_column(sa.String(2000))
    phone: Mapped[str | None] = mapped_column(sa.String(200))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    number: Mapped[str | None] = mapped_column(sa.String(200))

    def document(self) -> Supplier:
        """The same as a record."""
        return Supplier(
            SupplierKey(self.key), self.name, self.address, self.phone, self.email, self.number
        )


_Plain = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
"""Text that is compared sign by sign in every database, so that an index finds what begins so."""


class SupplyRow(Table):
    """An article as a supplier delivers it; `cost` in 100,000ths, without tax; `sought` as in searches."""

    __tablename__ = "supply"

    article: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    supplier: Mapped[str] = mapped_column(sa.String(40), primary_key=True, index=True)
    order_code: Mapped[str | None] = mapped_column(sa.String(200))
    sought: Mapped[str | None] = mapped_column(_Plain, index=True)
    cost: Mapped[int | None] = mapped_column(sa.BigInteger)
    currency: Mapped[str | None] = mapped_column(sa.String(3))
    pack: Mapped[int] = mapped_column(default=1)
    main: Mapped[bool] = mapped_column(default=False)

    def document(self) -> Supply:
        """The same as a record."""
        cost = None
        if self.cost is not None and self.currency:
            cost = UnitPrice(self.cost, Currency(self.currency))
        return Supply(
            SupplierKey(self.supplier), ArticleKey(self.article), self.order_code, cost, self.pack,
            self.main or None,
        )  # fmt: skip


def put_supplier(session: Session, supplier: Supplier, by: str) -> None:
    """Keep a supplier."""
    session.merge(
        SupplierRow(
            key=supplier.key, name=supplier.name, address=supplier.address, phone=supplier.phone,
            email=supplier.email, number=supplier.number,
        )
    )  # fmt: skip
    changes.record(session, supplier, changes.OFFICE, by)


def put_supply(session: Session, supply: Supply, by: str) -> None:
    """Keep what a supplier delivers; of an article's supplies at most one is the main one."""
    if supply.main:
        for row in of(session, [supply.article]).get(supply.article, []):
            if row.main and row.supplier != supply.supplier:
                row.main = False
                changes.record(session, row.document(), changes.OFFICE, by)
    session.merge(
        SupplyRow(
            article=supply.article, supplier=supply.supplier, order_code=supply.order_code,
            sought=sought(supply.order_code or "") or None,
            cost=supply.cost.fine if supply.cost else None,
            currency=supply.cost.currency if supply.cost else None,
            pack=supply.pack, main=bool(supply.main),
        )
    )  # fmt: skip
    changes.record(session, supply, changes.OFFICE, by)
    _tell_tills(session, supply, by)


def _tell_tills(session: Session, supply: Supply, by: str) -> None:
    """Let tills find the article by its order code, and by no older one."""
    code = OrderCode(supply.supplier, supply.article, supply.order_code or "")
    told = changes.current(session, changes.CHAIN, "order-code", code.key)
    if not sought(code.value):
        if told is not None:
            changes.gone(session, "order-code", code.key, changes.CHAIN, by)
    elif told != changes.sound(code):
        changes.follow(session, code, changes.CHAIN, by)


def remove(session: Session, kind: str, key: str, by: str) -> None:
    """Take a supplier, or something it delivers, away."""
    article, _, supplier = key.partition("|")
    row = (
        session.get(SupplierRow, key) if kind == "supplier"
        else session.get(SupplyRow, (article, supplier))
    )  # fmt: skip
    if row is not None:
        session.delete(row)
        changes.gone(session, kind, key, changes.OFFICE, by)
    if kind == "supply" and changes.current(session, changes.CHAIN, "order-code", key):
        changes.gone(session, "order-code", key, changes.CHAIN, by)


def called(text: str) -> sa.ColumnElement[bool] | None:
    """Does a supplier's code for an article begin with this? For a query over supplies."""
    code = asked(text)
    return SupplyRow.sought.between(code, code + chr(0x10FFFF)) if code else None


def suppliers(session: Session) -> list[SupplierRow]:
    """All suppliers, by name."""
    return list(session.scalars(sa.select(SupplierRow).order_by(SupplierRow.name, SupplierRow.key)))


def names(session: Session, some: Iterable[SupplyRow]) -> dict[str, str]:
    """What the suppliers of some supplies are called, by key."""
    keys = {row.supplier for row in some}
    rows = session.execute(
        sa.select(SupplierRow.key, SupplierRow.name).where(SupplierRow.key.in_(keys))
    )
    return {row.key: row.name for row in rows}


def of(session: Session, articles: Iterable[str]) -> dict[str, list[SupplyRow]]:
    """Who delivers some articles: the main supplier first, then the cheapest."""
    keys = sorted(set(articles))
    found: dict[str, list[SupplyRow]] = {}
    for begin in range(0, len(keys), 500):
        query = sa.select(SupplyRow).where(SupplyRow.article.in_(keys[begin : begin + 500]))
        order = (
            SupplyRow.main.desc(),
            sa.func.coalesce(SupplyRow.cost, 10**15),
            SupplyRow.supplier,
        )
        for row in session.scalars(query.order_by(*order)):
            found.setdefault(row.article, []).append(row)
    return found


def costs(session: Session, articles: Iterable[str]) -> dict[str, UnitPrice]:
    """What a piece of each article costs to buy, from its main or cheapest supplier."""
    return {
        key: cost
        for key, rows in of(session, articles).items()
        for cost in [next((d.cost for d in (r.document() for r in rows) if d.cost), None)]
        if cost is not None
    }
