"""Discounts: a number and F6 at once, or a sheet with kind and reason; and why a price is what it is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Final

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.lines import NAMELESS
from pos_qt.presenters.page import ACT, Blank, Page
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.sheets import SheetPresenter
from pos_qt.presenters.shown import Action, Fact, Sheet, Tile
from pos_qt.translations.words import Words
from schemas.money import AmountRefused, Money
from schemas.receipt import Discount, Line
from services.register import sets, wording
from services.register.refusal import StepRefused

_QUICK: Final = ("5", "10", "20")
_KINDS: Final = ("percent", "off", "target")
_REASONS: Final = ("best-before", "damage", "staff", "goodwill")


class DiscountPresenter:
    """Makes a line or the receipt cheaper. What it comes to is pricing's matter."""

    def __init__(self, desk: Desk, sale: SalePresenter, sheets: SheetPresenter) -> None:
        self._desk = desk
        self._sale = sale
        self._sheets = sheets

    def line(self) -> None:
        """F6: the typed number is the selected line's discount in percent; without one, a sheet."""
        self._desk.take(self._line)

    def receipt(self) -> None:
        """A discount of the whole receipt."""
        if not self._desk.till.basket.is_empty:
            self._open(None)

    def _line(self) -> None:
        line = self._sale.selected
        if line is None:
            return
        percent = self._sale.entry.plain
        if percent:
            self._sale.entry.clear()
            self._give(line, self._discount("percent", percent, None))
        else:
            self._open(line)

    def _open(self, line: Line | None) -> None:
        words = self._desk.words
        kinds = tuple((key, words(f"discount.{key}")) for key in _KINDS)
        reasons = tuple((key, words(f"discount.reason.{key}")) for key in _REASONS)
        kind = Blank("kind", words("discount.kind"), "chips", kinds, text="percent")
        amount = Blank("amount", words("discount.amount"), "money")
        reason = Blank("reason", words("shift.reason"), "chips", reasons)
        quick = tuple(
            Tile(f"q{each}", wording.percent(Decimal(each), words.language)) for each in _QUICK
        )

        def said() -> str:
            """The customer reads the reason on the slip: in the branch's language."""
            branch = Words(self._desk.till.catalogue.own.language)
            known = reason.text in _REASONS
            return branch(f"discount.reason.{reason.text}") if known else reason.text

        def give(key: str, text: str) -> None:
            discount = self._discount(key, text, said() or None)
            self._sheets.close()
            self._give(line, discount)

        def look() -> Sheet:
            name = line.name if line else words("discount.all")
            sum_ = line.amount if line else self._desk.till.basket.total
            given = line is not None and line.discount is not None
            more = (Action("drop", words("discount.drop"), "x"),) if given else ()
            many = line.quantity.thousandths if line else 1000
            lead = self._preview(kind.text, amount.text, sum_, many)
            return Sheet(words("discount.title", name=name), lead, tiles=quick,
                         act=words("discount.give"), more=more)  # fmt: skip

        does: dict[str, Callable[[], None]] = {
            f"q{each}": partial(give, "percent", each) for each in _QUICK
        }
        does[ACT] = lambda: give(kind.text, amount.text)
        does["drop"] = lambda: self._drop(line)
        self._sheets.start(Page(look, does, blanks=(amount, kind, reason)))

    def _preview(self, kind: str, text: str, sum_: Money, thousandths: int) -> str:
        """Before and after, as typed so far."""
        words = self._desk.words
        try:
            given = self._discount(kind, text.replace(",", "."), None)
        except StepRefused:
            given = None
        if given is None or not text:
            return words.amount(sum_)
        if given.percent is not None:
            after = Money(sum_.minor - round(sum_.minor * given.percent / 100), sum_.currency)
        elif given.off is not None:
            after = sum_ - given.off
        else:
            assert given.target is not None
            after = Money(given.target.minor * thousandths // 1000, sum_.currency)
        return f"{words.amount(sum_)} → {words.amount(after)}"

    def _discount(self, kind: str, text: str, reason: str | None) -> Discount | None:
        """What was typed, as a discount; None where it is no number."""
        plain = text.replace(",", ".").rstrip(".")
        by, currency = self._desk.till.whoever.key, self._desk.till.basket.currency
        try:
            if kind == "percent":
                return Discount(by, percent=Decimal(plain), reason=reason)
            amount = Money.parse(plain, currency)
        except (ArithmeticError, AmountRefused):
            return None
        if kind == "off":
            return Discount(by, off=amount, reason=reason)
        return Discount(by, target=amount, reason=reason)

    def _give(self, line: Line | None, discount: Discount | None) -> None:
        discounts = self._desk.till.discounts
        if discount is None:
            self._sale.strips.warn(self._desk.words("strip.number-first"), kind="warn", icon="hash")
            self._sale.show()
        elif line is None:
            self._sale.do(lambda: discounts.receipt(discount))
        else:
            self._sale.do(lambda: discounts.line(line.number, discount))

    def _drop(self, line: Line | None) -> None:
        self._sheets.close()
        if line is not None:
            self._sale.do(lambda: self._desk.till.discounts.line(line.number, None))

    # Why this price

    def why(self, number: int) -> None:
        """How a line's price came about: base, each step, each reduction."""
        line = next((li for li in self._desk.till.basket.lines if li.number == number), None)
        if line is None:
            return
        words, mine = self._desk.words, sets.of(self._desk.till.basket, line)
        parts = [self._part(each) for each in mine if each.part]
        line = sets.as_one(mine) if parts else line
        facts = [
            Fact(self._rule(step.rule), f"{words.amount(step.price)}{self._unit(line)}")
            for step in line.steps
        ]
        facts.append(Fact(words("why.times"), wording.quantity(line.quantity, words.language)))
        facts += [
            Fact(self._reduction(each.kind, each.name), words.amount(-each.amount), "good")
            for each in line.reductions
        ]
        facts.append(Fact(words("counter.total"), words.amount(line.amount), "strong"))
        sheet = Sheet(words("why.title"), line.name, (*facts, *parts))
        self._sheets.start(Page(lambda: sheet))

    def _part(self, line: Line) -> Fact:
        """What a part bears of the set's price, and what it costs alone."""
        words = self._desk.words
        own = sets.alone(line)
        alone = words.amount(own.times(line.quantity.thousandths)) if own else "–"
        name = sets.named(line, words.language)
        bears = words.amount(line.part.amount) if line.part else ""
        text = words("why.part", name=name, set=line.part.name if line.part else "", alone=alone)
        return Fact(text, bears)

    def _unit(self, line: Line) -> str:
        return "" if line.quantity.unit == "pcs" else f"/{line.quantity.unit}"

    def _rule(self, rule: str) -> str:
        known = f"why.{rule}"
        return self._desk.words(known) if self._desk.words.knows(known) else rule

    def _reduction(self, kind: str, name: str) -> str:
        return self._desk.words(f"why.{kind}") if name == NAMELESS else name
