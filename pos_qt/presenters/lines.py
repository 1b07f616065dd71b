"""A basket as lines on the slip: deposits under their article, void lines left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pos_qt.presenters.shown import ShownLine
from pos_qt.translations.words import Words
from schemas.money import Money
from schemas.receipt import Basket, Line, Reduction
from services.register import sets, wording

NAMELESS: Final = "discount"
"""What pricing calls a discount without a reason."""
_TAGS: Final = {"return": "sale.back", "deposit": "function.empties"}
"""What is said of a line that brings something back. Deposits of a line stand under it."""


class Lines:
    """Works out only the lines that changed: a scan costs the same on line 2 and on line 200."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._known: dict[int, tuple[tuple[Line, ...], ShownLine]] = {}
        self._proven = 0

    def speak(self, words: Words) -> None:
        """Another language."""
        self._words = words
        self._known.clear()

    def of(self, basket: Basket) -> list[ShownLine]:
        """The lines that the slip shows, in order."""
        shown: list[ShownLine] = []
        proven = max((li.age or 0 for li in basket.lines if li.counts and li.answer), default=0)
        if proven != self._proven:
            self._proven = proven
            self._known.clear()
        fresh: dict[int, tuple[tuple[Line, ...], ShownLine]] = {}
        for group in _grouped(basket.lines):
            number = group[0].number
            known = self._known.get(number)
            if known is None or not _same(known[0], group):
                known = (group, self._group(group))
            fresh[number] = known
            shown.append(known[1])
        self._known = fresh
        return shown

    def _group(self, group: tuple[Line, ...]) -> ShownLine:
        """A line with what hangs on it: its deposit, or the parts of the set that it stands for."""
        if group[0].part is None:
            return self._shown(group[0], group[1:])
        return self._shown(sets.as_one(group), group)

    def _shown(self, line: Line, below: Sequence[Line]) -> ShownLine:
        words, language = self._words, self._words.language
        whole = line.quantity.unit == "pcs"
        many = wording.quantity(line.quantity, language)
        return ShownLine(
            number=line.number,
            quantity=(f"{many}×" if whole and line.quantity.thousandths != 1000 else "1"),
            many=whole and line.quantity.thousandths != 1000,
            name=line.name,
            amount=words.amount(line.amount),
            detail=self._detail(line, many),
            tag=words(_TAGS[line.kind]) if line.kind in _TAGS else self._age(line),
            below=(
                *((self._saved(each), "") for each in line.reductions[1:]),
                *(self._below(each) for each in below),
            ),
            pieces=many if whole else "",
            saved=self._saved(line.reductions[0]) if line.reductions else "",
            fixed=line.origin is not None or line.voucher is not None,
        )

    def _age(self, line: Line) -> str:
        if not line.age:
            return ""
        known = "sale.age.proven" if line.age <= self._proven else "sale.age"
        return self._words(known, age=line.age)

    def _saved(self, reduction: Reduction) -> str:
        """What a promotion or a discount takes off, by its name."""
        known = f"why.{reduction.kind}"
        name = self._words(known) if reduction.name == NAMELESS else reduction.name
        return f"{name} {self._words.amount(-reduction.amount)}"

    def _detail(self, line: Line, many: str) -> str:
        words = self._words
        price = words.amount(line.price)
        sign = wording.sign(line.price.currency)
        parts = []
        if line.quantity.unit != "pcs":
            parts.append(f"{many} × {price} {sign}/{line.quantity.unit}")
        elif line.quantity.thousandths != 1000:
            parts.append(words("sale.each", price=price))
        base = next((step.price for step in line.steps if step.rule == "base"), None)
        if any(step.rule == "override" for step in line.steps):
            said = words("sale.instead", price=base) if base else words("sale.by-hand")
            parts.append(said)
        elif line.reductions:
            taken = Money(sum(each.amount.minor for each in line.reductions), line.amount.currency)
            parts.append(words("sale.instead", price=line.amount + taken))
        return " · ".join(parts)

    def _below(self, line: Line) -> tuple[str, str]:
        """A row under the line: a part of a set without a price, which is the set's; a deposit with it."""
        if line.part is None:
            many = wording.quantity(line.quantity, self._words.language)
            text = self._words("sale.deposit", many=many, price=line.price)
            return text, self._words.amount(line.amount)
        return sets.named(line, self._words.language), ""


def _grouped(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    groups: list[tuple[Line, ...]] = []
    for line in lines:
        if not line.counts:
            continue
        if not line.leads and groups:
            groups[-1] = (*groups[-1], line)
        else:
            groups.append((line,))
    return groups


def _same(one: tuple[Line, ...], other: tuple[Line, ...]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def discounts_of(basket: Basket) -> Money:
    """What promotions and discounts took off altogether."""
    minor = sum(
        each.amount.minor for line in basket.lines if line.counts for each in line.reductions
    )
    return Money(minor, basket.currency)
