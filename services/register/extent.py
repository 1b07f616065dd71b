"""How far a step goes, as the limits of rights count it: percent off, or currency units."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from schemas.article import Article
from schemas.money import Money, UnitPrice
from schemas.receipt import Basket, Discount, Line

Extent = tuple[str, Decimal | None]
"""The right that is needed, and how far it must reach."""


def units(amount: Money) -> Decimal:
    """Currency units of an amount, never below zero."""
    return abs(Decimal(amount.number))


def is_empties(line: Line) -> bool:
    """Is it a container that came back by itself, for its deposit?"""
    return line.kind == "deposit" and line.of is None and line.origin is None


def of_empties(basket: Basket) -> Extent:
    """All containers that come back by themselves."""
    back = sum(li.amount.minor for li in basket.lines if li.counts and is_empties(li))
    return "empties", units(Money(back, basket.currency))


def without_receipt(basket: Basket) -> Decimal:
    """All that comes back in a sale without a receipt, in currency units."""
    back = sum(
        line.amount.minor
        for line in basket.lines
        if line.counts
        and line.amount.minor < 0
        and line.origin is None
        and line.kind != "voucher"
        and not is_empties(line)
    )
    return units(Money(back, basket.currency))


def of_new(
    basket: Basket, line: Line, price: UnitPrice | None, *, weighed: bool
) -> Iterator[Extent]:
    """A line that is new in a basket, at a price that somebody gave or its own.

    weighed  a scale or its label says the quantity; else a weight is by hand
    """
    yield "sell", None
    if line.sold.unit != "pcs" and not weighed:
        yield "manual-weight", None
    if line.voucher is not None:
        yield "voucher-sell", units(line.amount)
    if line.kind == "return":
        yield "return-without-receipt", without_receipt(basket)
    elif price is not None:
        yield of_price(line, price)


def of_quantity(basket: Basket, before: Line, line: Line) -> Iterator[Extent]:
    """Another quantity for a line, which is by hand; `basket` has it already."""
    if line.sold.unit != "pcs":
        yield "manual-weight", None
    if line.kind == "return":
        yield "return-without-receipt", without_receipt(basket)
    elif is_empties(line):
        yield of_empties(basket)
    elif line.sold.thousandths < before.sold.thousandths:
        yield "void-line", None
    elif not _own_prices(line):
        yield "sell-unpriced", units((line.part or line).price.times(line.sold.thousandths))


def of_price(line: Line, price: UnitPrice) -> Extent:
    """Another price for a line: percent below its own; above it is no matter of limits."""
    own = _own_prices(line)
    if not own:
        return "sell-unpriced", units(price.times(line.sold.thousandths))
    return "override-price", _percent(own[-1].fine, price.fine)


def _own_prices(line: Line) -> list[UnitPrice]:
    """What it costs, or the set that it is of, unless a person says something else."""
    steps = line.part.steps if line.part else line.steps
    return [step.price for step in steps if step.rule != "override"]


def beyond(article: Article, price: UnitPrice) -> bool:
    """Does the price lie outside the article's own limits?"""
    least, most = article.least, article.most
    return (least is not None and price.fine < UnitPrice.of(least).fine) or (
        most is not None and price.fine > UnitPrice.of(most).fine
    )


def of_discount(line: Line, discount: Discount) -> Extent:
    """A discount of a line."""
    if discount.percent is not None:
        return "discount-line", discount.percent
    if discount.off is not None:
        return "discount-line-amount", units(discount.off)
    assert discount.target is not None
    return "target-price", _percent(line.price.fine, UnitPrice.of(discount.target).fine)


def of_receipt_discount(basket: Basket, discount: Discount) -> Extent:
    """A discount of the receipt, with those that it has already."""
    if discount.percent is not None:
        before = sum((d.percent for d in basket.discounts if d.percent is not None), Decimal(0))
        return "discount-receipt", before + discount.percent
    if discount.off is not None:
        before = sum((units(d.off) for d in basket.discounts if d.off is not None), Decimal(0))
        return "discount-receipt-amount", before + units(discount.off)
    assert discount.target is not None
    return "target-receipt", _percent(basket.total.minor, discount.target.minor)


def _percent(own: int, now: int) -> Decimal:
    """Percent that `now` lies below `own`, to two decimals; nothing where it lies above."""
    if own <= 0 or now >= own:
        return Decimal(0)
    return (Decimal(own - now) * 100 / own).quantize(Decimal("0.01"))
