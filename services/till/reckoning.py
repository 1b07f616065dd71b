"""Reckoning a basket anew after each step: promotions, discounts, and taxes that come on top."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from schemas.keys import TaxClass
from schemas.receipt import Basket
from services.mirror.catalogue import Catalogue
from services.pricing import basket as pricing
from services.pricing import tax
from services.pricing.tax import Levy


def reckoned(basket: Basket, catalogue: Catalogue, at: datetime) -> Basket:
    """The basket as it costs at a local instant."""
    basket = pricing.priced(basket, catalogue.rules(at, basket.customers))
    return taxed(basket, catalogue, at)


def taxed(basket: Basket, catalogue: Catalogue, at: datetime) -> Basket:
    """The basket with the taxes that come on top of its lines.

    A class that is not known costs nothing until the end of the sale, which refuses it.
    """

    def levy(class_: TaxClass) -> Levy:
        return catalogue.levy(class_, at, basket.zone) or Levy(Decimal(0))

    added = tax.added(basket.lines, levy, basket.currency)
    return replace(basket, added_tax=added or None)
