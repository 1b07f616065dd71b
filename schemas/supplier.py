"""Suppliers, and what they deliver: under which order code, at which purchase price. Head office's own."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.binding import attribute
from schemas.keys import ArticleKey, SupplierKey
from schemas.money import UnitPrice


@dataclass(frozen=True, slots=True)
class Supplier:
    """Somebody who delivers goods. `number` is what we are called there."""

    key: SupplierKey = attribute()
    name: str = attribute()
    address: str | None = attribute(default=None)
    phone: str | None = attribute(default=None)
    email: str | None = attribute(default=None)
    number: str | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Supply:
    """An article as a supplier delivers it.

    order_code  the supplier's number for it
    cost        what one piece costs there, without tax
    pack        pieces in the smallest delivery
    main        is it usually ordered there? Margins reckon with this one
    """

    supplier: SupplierKey = attribute()
    article: ArticleKey = attribute()
    order_code: str | None = attribute("order-code", default=None)
    cost: UnitPrice | None = attribute(default=None)
    pack: int = attribute(default=1)
    main: bool | None = attribute(default=None)

    @property
    def key(self) -> str:
        """Article and supplier."""
        return f"{self.article}|{self.supplier}"
