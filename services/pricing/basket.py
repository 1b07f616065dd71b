"""What does this basket cost? Promotions, then the discounts of lines, then those of the receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from schemas.money import Money, UnitPrice, half_up
from schemas.promotion import Promotion
from schemas.receipt import Basket, Discount, Line, Reduction
from services.pricing.promotion import savings
from services.pricing.rivalry import Item
from services.pricing.sharing import share

_NAMELESS: Final = "discount"


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for this basket.

    promotions  those that are on now, here and for this customer
    above       for each group of articles, the group itself and all above it
    """

    promotions: Sequence[Promotion] = ()
    above: Mapping[str, frozenset[str]] | None = None
    language: str = "en"


def priced(basket: Basket, rules: Rules) -> Basket:
    """The basket with all its reductions reckoned anew; every line says why it costs what it does."""
    reducible = [line for line in basket.lines if line.kind == "sale" and not line.fixed]
    if not reducible:
        return basket
    plain = {line.number: full(line).minor for line in reducible}
    found: dict[int, list[Reduction]] = {number: [] for number in plain}
    left = dict(plain)

    def reduce(number: int, kind: str, rule: str, name: str, minor: int) -> None:
        if minor:
            left[number] -= minor
            amount = Money(minor, basket.currency)
            found[number].append(Reduction(kind, rule, name, amount))

    for saving in _promoted(basket, reducible, plain, rules):
        promotion = saving[1]
        reduce(saving[0], "promotion", promotion.key, promotion.name(rules.language), saving[2])
    for line in reducible:
        if line.discount is not None:
            minor = _off_line(line, line.discount, left[line.number])
            reduce(line.number, "discount", _NAMELESS, _name(line.discount), minor)
    on_list = dict(left)
    for number, discount in enumerate(basket.discounts, 1):
        base = on_list if discount.on_list else left
        numbers = [n for n in left if left[n] > 0]
        weights = [min(base[n], left[n]) if not discount.on_list else base[n] for n in numbers]
        off = _off_receipt(discount, sum(weights), _others(basket, left))
        shares = share(min(off, sum(left[n] for n in numbers)), weights)
        for place, minor in zip(numbers, shares, strict=True):
            reduce(place, "receipt", str(number), _name(discount), min(minor, left[place]))
    lines = tuple(
        _reduced(line, left[line.number], found[line.number]) if line.number in left else line
        for line in basket.lines
    )
    return replace(basket, lines=lines)


def _reduced(line: Line, minor: int, reductions: list[Reduction]) -> Line:
    """The line with its reductions; the same line where nothing has changed, as most have not."""
    if line.amount.minor == minor and line.reductions == tuple(reductions):
        return line
    amount = Money(minor, line.amount.currency)
    return replace(line, amount=amount, reductions=tuple(reductions))


def full(line: Line) -> Money:
    """Price times quantity, what the label says, or its share of a set, before any reduction."""
    if line.part is not None:
        return line.part.amount
    return line.label or line.price.times(line.quantity.thousandths)


def _promoted(
    basket: Basket, lines: list[Line], plain: dict[int, int], rules: Rules
) -> list[tuple[int, Promotion, int]]:
    if not rules.promotions:
        return []
    above = rules.above or {}
    items = [
        Item(
            line.number,
            line.article,
            above.get(line.group or "", frozenset({line.group or ""})),
            _pieces(line),
            plain[line.number],
        )
        for line in lines
        if plain[line.number] > 0 and _may_be_offered(line)
    ]
    coupons: dict[str, int] = {
        promotion.key: promotion.coupons(basket.coupons)
        for promotion in rules.promotions
        if promotion.coupon is not None
    }
    return [(s.line, s.promotion, s.minor) for s in savings(items, rules.promotions, coupons)]


def _may_be_offered(line: Line) -> bool:
    """Not what a person priced; nor a part of a set, whose price is an offer itself."""
    return line.part is None and not any(step.rule == "override" for step in line.steps)


def _pieces(line: Line) -> int | None:
    if line.quantity.unit != "pcs":
        return None
    return line.quantity.thousandths // 1000


def _off_line(line: Line, discount: Discount, left: int) -> int:
    if discount.target is not None:  # the price of one, which the cashier was asked for
        target = UnitPrice.of(discount.target).times(line.quantity.thousandths).minor
        return max(0, left - target)
    return _off(discount, left)


def _off_receipt(discount: Discount, base: int, others: int) -> int:
    """Minor units off; a target is what the whole receipt is to cost."""
    if discount.target is not None:
        return max(0, base + others - discount.target.minor)
    return _off(discount, base)


def _off(discount: Discount, base: int) -> int:
    if discount.percent is not None:
        return min(base, half_up(base * discount.percent / 100))
    return min(base, discount.off.minor) if discount.off is not None else 0


def _others(basket: Basket, left: dict[int, int]) -> int:
    """What the lines that take part in no discount come to."""
    return sum(li.amount.minor for li in basket.lines if li.counts and li.number not in left)


def _name(discount: Discount) -> str:
    if discount.reason:
        return discount.reason
    return f"{discount.percent.normalize():f} %" if discount.percent is not None else _NAMELESS
