"""Suppliers, and what they deliver: under which order code, at which purchase price.

Head office's own, but for the order codes: a cashier finds goods by what a delivery note calls them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schemas import spelling
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


@dataclass(frozen=True, slots=True)
class OrderCode:
    """What a supplier calls an article, for tills to find it by; it follows from a Supply."""

    supplier: SupplierKey = attribute()
    article: ArticleKey = attribute()
    value: str = attribute()

    @property
    def key(self) -> str:
        """Article and supplier."""
        return f"{self.article}|{self.supplier}"


_LONGEST: Final = 200
"""Letters of an order code; some signs are several once they are folded."""


def sought(code: str) -> str:
    """An order code as it is looked for: letters and digits alone, in small letters; `AB-12/3` is `ab123`."""
    return "".join(sign for sign in spelling.folded(code) if sign.isalnum())[:_LONGEST]


def asked(text: str) -> str:
    """What a search for `text` looks for among order codes; nothing where it is all words, as names are."""
    return sought(text) if any(sign.isdigit() for sign in text) else ""
