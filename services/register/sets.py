"""Sets in a sale: lines that are one. What a set costs is shared over its parts, to the cent.

Each part is a line of its own, so it keeps its tax, counts in evaluation and comes back by itself;
the first line of a set stands for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from schemas.keys import ArticleKey
from schemas.money import Money, UnitPrice, total
from schemas.quantity import Quantity
from schemas.receipt import Basket, Line, Reduction, SetPart, Step
from services.pricing import sets as pricing
from services.pricing.sets import Worth
from services.register import wording
from services.register.limits import amount_of, check_quantity
from services.register.refusal import StepRefused

RULE = "set"
"""The step of a part's price that says that the set's price holds."""


def together(lines: Iterable[Line], number: int) -> frozenset[int]:
    """The numbers of all lines that are one with a line: its deposit; all of its set, and theirs."""
    every = list(lines)
    first = next((x.part.line for x in every if x.number == number and x.part), None)
    mine = {number} | {x.number for x in every if x.part and x.part.line == first}
    return frozenset(mine | {x.number for x in every if x.of in mine})


def of(basket: Basket, line: Line) -> list[Line]:
    """The lines that count of the set that a line is of, with their deposits."""
    numbers = together(basket.lines, line.number)
    return [each for each in basket.lines if each.number in numbers and each.counts]


def counted(basket: Basket, line: Line, sets: Quantity) -> tuple[Sequence[Line], Sequence[Line]]:
    """The lines of a set for another number of sets; and those of what is sold no more, as new lines.

    Raises StepRefused for what cannot be so many, or no whole number of sets.
    """
    assert line.part is not None
    mine, sets = of(basket, line), Quantity(sets.thousandths)
    for each in mine:
        if each.asks_serial:
            raise StepRefused("serial-one", article=each.name)
    check_quantity(sets, line.part.name)
    amount_of(line.part.price, sets, back=False)
    changed = times(mine, sets)
    for each in changed:
        check_quantity(each.quantity, each.name)
    less = line.part.quantity.thousandths - sets.thousandths
    if less <= 0:
        return changed, ()
    first = max(each.number for each in basket.lines) + 1
    return changed, renumbered(times(mine, Quantity(less)), first)


def as_one(lines: Sequence[Line]) -> Line:
    """A set's lines as the one that a cashier and a customer see: its name, its price, all it costs.

    It has the first part's tax and group, which are not the others'. Deposits are left out.
    """
    mine = [(line, line.part) for line in lines if line.part is not None]
    first, part = mine[0]
    reductions: dict[tuple[str, str], Reduction] = {}
    for line, _ in mine:
        for each in line.reductions:
            so_far = reductions.get((each.kind, each.rule))
            amount = so_far.amount + each.amount if so_far else each.amount
            reductions[each.kind, each.rule] = replace(each, amount=amount)
    currency = part.amount.currency
    return replace(
        first, article=part.article, name=part.name, quantity=part.quantity, price=part.price,
        amount=total([line.amount for line, _ in mine], currency), code=part.code, part=None,
        age=max((line.age or 0 for line, _ in mine), default=0) or None, steps=part.steps,
        reductions=tuple(reductions.values()), serial=None,
    )  # fmt: skip


def priced(lines: Sequence[Line], steps: tuple[Step, ...]) -> tuple[Line, ...]:
    """A set's lines, with their deposits, at another price of the set: the last of `steps`."""
    return tuple(_shared(lines, steps, None))


def times(lines: Sequence[Line], sets: Quantity) -> tuple[Line, ...]:
    """A set's lines, with their deposits, for so many sets; a whole number of them."""
    steps = next(line.part.steps for line in lines if line.part)
    return tuple(_shared(lines, steps, sets))


def renumbered(lines: Sequence[Line], first: int) -> tuple[Line, ...]:
    """The same lines as another set, numbered from `first` on."""
    known = {line.number: first + place for place, line in enumerate(lines)}
    return tuple(
        replace(
            line, number=known[line.number], of=known.get(line.of or 0),
            part=replace(line.part, line=known[line.part.line]) if line.part else None,
        )
        for line in lines
    )  # fmt: skip


def opened(
    lines: Sequence[Line], article: ArticleKey, name: str, sets: Quantity, steps: tuple[Step, ...]
) -> tuple[Line, ...]:
    """New lines as the parts of so many sets; deposits among them belong to none.

    steps  how the set's own price came about, the last of which holds
    """
    nothing = Money.zero(steps[-1].price.currency)
    part = SetPart(article, name, lines[0].number, sets, nothing, steps=steps)
    marked = [x if x.kind == "deposit" else replace(x, part=part) for x in lines]
    return tuple(_shared(marked, steps, None))


def _shared(
    lines: Sequence[Line], steps: tuple[Step, ...], sets: Quantity | None
) -> Iterator[Line]:
    price = steps[-1].price
    parts = [(line, line.part) for line in lines if line.part is not None]
    now = parts[0][1].quantity
    many = sets or now
    of_one = [line.quantity.thousandths * 1000 // now.thousandths for line, _ in parts]
    worths = [Worth(alone(line), each) for (line, _), each in zip(parts, of_one, strict=True)]
    minors = pricing.shares(price, many.thousandths // 1000, worths)
    found = {
        line.number: _part(line, replace(part, quantity=many, steps=steps), each, minor)
        for (line, part), each, minor in zip(parts, of_one, minors, strict=True)
    }
    for line in lines:
        if line.number in found:
            yield found[line.number]
        elif line.of in found:  # its container
            yield _deposit(line, found[line.of])
        else:
            yield line


def _part(line: Line, part: SetPart, of_one: int, minor: int) -> Line:
    currency = part.price.currency
    quantity = Quantity(of_one * part.quantity.thousandths // 1000, line.quantity.unit)
    amount = Money(minor, currency)
    price = pricing.unit(minor, quantity.thousandths, currency)
    own = tuple(step for step in line.steps if step.rule != RULE)
    return replace(
        line,
        quantity=quantity,
        price=price,
        amount=-amount if line.kind == "return" else amount,
        part=replace(part, amount=amount),
        reductions=(),
        steps=(*own, Step(RULE, price)),
    )


def _deposit(line: Line, part: Line) -> Line:
    amount = line.price.times(part.quantity.thousandths)
    back = part.kind == "return"
    return replace(line, quantity=part.quantity, amount=-amount if back else amount)


def named(line: Line, language: str) -> str:
    """A part as it stands under its set: `Milch`, `2 × Milch`, `0,25 kg Käse`."""
    many = wording.quantity(line.quantity, language)
    if line.quantity.unit != "pcs":
        return f"{many} {line.name}"
    return line.name if line.quantity.thousandths == 1000 else f"{many} × {line.name}"


def alone(line: Line) -> UnitPrice | None:
    """What a unit of a part costs by itself; None where it has no price."""
    own = [step.price for step in line.steps if step.rule != RULE]
    return own[-1] if own else None
