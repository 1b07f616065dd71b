"""Empties: bottles and crates that come back for their deposit, without any receipt."""

from __future__ import annotations

from dataclasses import replace

from schemas.article import Article
from schemas.money import UnitPrice
from schemas.quantity import Quantity
from schemas.receipt import Basket, Line, Step
from services.register.limits import amount_of
from services.register.refusal import StepRefused
from services.register.sale import MOST_LINES, Given


def take(basket: Basket, article: Article, given: Given) -> Basket:
    """Pay the deposit of so many pieces back, at the article's own tax.

    Raises StepRefused for an article without a deposit.
    """
    name = article.name(given.language)
    if article.deposit is None or article.deposit.currency != basket.currency:
        raise StepRefused("no-deposit", article=name)
    if given.quantity.thousandths <= 0 or given.quantity.thousandths % 1000:
        raise StepRefused("quantity-whole", article=name)
    if len(basket.lines) >= MOST_LINES:
        raise StepRefused("too-many-lines", most=MOST_LINES)
    price = UnitPrice.of(article.deposit)
    quantity = Quantity(given.quantity.thousandths, article.unit)
    line = Line(
        number=max((each.number for each in basket.lines), default=0) + 1,
        kind="deposit",
        article=article.key,
        name=name,
        quantity=quantity,
        price=price,
        amount=amount_of(price, quantity, back=True),
        tax=article.tax,
        group=article.group,
        code=given.code,
        fixed=True,
        steps=(Step("empties", price),),
    )
    return replace(basket, begins=basket.begins or given.at, lines=(*basket.lines, line))
