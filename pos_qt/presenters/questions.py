"""Questions that a line asks: the customer's age, and the weight of what is sold by weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from pos_qt.peripherals.scale import NoWeight, Stable, Weight
from pos_qt.presenters.desk import Desk
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.shown import Action, Ask
from schemas.article import Article
from schemas.keys import Barcode
from schemas.money import UnitPrice
from schemas.quantity import Quantity, QuantityRefused
from schemas.receipt import Basket, Line
from services.register import questions, wording

AGE: Final = "age "
WEIGHT: Final = "weight "


class Weighing(Protocol):
    """The scale behind the screen; None of it where the settings name none."""

    def ask(self, price: UnitPrice | None, name: str, then: Callable[[Weight], None]) -> bool:
        """Ask what lies on it until it stands still; False where there is no scale."""

    def rest(self) -> None:
        """Nobody wants to know any more."""


class NoScale:
    """A till without a scale."""

    def ask(self, price: UnitPrice | None, name: str, then: Callable[[Weight], None]) -> bool:  # noqa: ARG002
        """There is none."""
        return False

    def rest(self) -> None:
        """Nothing was asked."""


class AgePresenter:
    """Asks for proof of age inside the slip. Only a tap, or Space at the ring, answers it."""

    def __init__(self, desk: Desk, sale_: SalePresenter) -> None:
        self._desk = desk
        self._sale = sale_
        desk.till.asks_age = True

    @property
    def is_open(self) -> bool:
        """Has somebody's age to be proved before money is taken?"""
        return self._asking(self._desk.till.basket) is not None

    def jump(self) -> None:
        """The question comes to the front; the ring is at its first answer."""
        self.look()
        self._sale.strips.jump(AGE)
        self._sale.show_strips()

    def look(self) -> None:
        """Ask what is not answered yet; what is, is asked no more."""
        line = self._asking(self._desk.till.basket)
        about = f"{AGE}{line.number} {line.age}" if line else ""
        strips = self._sale.strips
        for other in strips.about(AGE):
            if other != about:
                strips.close(other)
        if line is not None and not strips.is_open(about):
            self._ask(line, about)
        self._sale.show_strips()

    def _asking(self, basket: Basket) -> Line | None:
        """The line with the highest age of those that are not proved: one answer serves them all."""
        return questions.unproven(basket)

    def _ask(self, line: Line, about: str) -> None:
        words, age = self._desk.words, line.age or 0
        born = self._born(age)
        yes = Action("yes", words("age.yes", age=age), "check", "go")
        no = Action("no", words("age.no"), "", "danger")
        till, number = self._desk.till, line.number
        said = words("age.answer", age=age)
        self._sale.strips.ask(
            about,
            (
                "identification-badge",
                words("age.title", age=age),
                f"{words('age.text', day=born)}\n{line.name}",
            ),
            None,
            (
                (yes, lambda: self._sale.do(lambda: till.answer(number, said))),
                (no, lambda: self._sale.do(lambda: till.void_line(number))),
            ),
            closes=False,
        )

    def _born(self, age: int) -> str:
        """The latest day on which somebody old enough was born."""
        today = self._desk.till.now().date()
        try:
            day = today.replace(year=today.year - age)
        except ValueError:  # the 29th of February
            day = date(today.year - age, 2, 28)
        return f"{day:%d.%m.%Y}"


@dataclass(slots=True)
class _Weighed:
    about: str
    article: Article
    name: str
    price: UnitPrice | None
    typed: str = ""
    message: str = ""


class WeightPresenter:
    """Asks for weights; none is guessed, and each article waits in a strip of its own."""

    def __init__(self, desk: Desk, sale_: SalePresenter) -> None:
        self._desk = desk
        self._sale = sale_
        self._waiting: dict[str, _Weighed] = {}
        self._asked_so_far = 0
        self.scale: Weighing = NoScale()
        sale_.on_weigh = self.ask

    @property
    def is_open(self) -> bool:
        """Does something still wait to be weighed? Paid without it, it would be given away."""
        return bool(self._sale.strips.about(WEIGHT))

    def jump(self) -> None:
        """The oldest of them comes to the front, ready for its digits."""
        self._sale.strips.jump(WEIGHT)
        self._sale.show_strips()

    def ask(self, article: Article) -> None:
        """Open a strip; the scale answers the newest one where there is a scale."""
        till, words = self._desk.till, self._desk.words
        price = till.catalogue.price(article.key, till.now())
        self._asked_so_far += 1
        about = f"{WEIGHT}{self._asked_so_far}"
        asked = _Weighed(about, article, article.name(words.language), price)
        if self.scale.ask(price, asked.name, lambda weight: self._weighed(asked, weight)):
            asked.message = words("weight.put")
        self._open(asked)

    def speak(self, before: str) -> None:
        """In another language than before, what still waits is asked for anew; what else was said is over."""
        if self._desk.words.language == before:
            return
        self._sale.strips.clear(but=WEIGHT)
        for asked in list(self._waiting.values()):
            if self._sale.strips.is_open(asked.about):
                asked.name = asked.article.name(self._desk.words.language)
                asked.message = ""
                self._open(asked)

    def _open(self, asked: _Weighed) -> None:
        self._waiting[asked.about] = asked
        sell = Action("sell", self._desk.words("weight.sell"), "check", "go")
        self._sale.strips.ask(
            asked.about,
            ("scales", *self._sentences(asked)),
            self._shown(asked),
            ((sell, lambda: self._sell(asked)),),
            typed=lambda name: self._typed(asked, name),
        )
        self._sale.show()

    def _sentences(self, asked: _Weighed) -> tuple[str, str]:
        words = self._desk.words
        price = "?" if asked.price is None else words.amount(asked.price)
        sign = wording.sign(self._desk.till.basket.currency)
        title = words("weight.title", name=asked.name)
        return title, f"{price} {sign}/{asked.article.unit} · {words('weight.text')}"

    def _shown(self, asked: _Weighed) -> Ask:
        words, weight = self._desk.words, self._quantity(asked)
        if weight is None:
            text = asked.typed or words.quantity(Quantity(0, asked.article.unit))
        else:
            text = words.quantity(weight)
            if asked.price is not None:
                text += f"   {words.amount(asked.price.times(weight.thousandths))}"
        return Ask(text, message=asked.message)

    def _quantity(self, asked: _Weighed) -> Quantity | None:
        """With a comma in the article's unit, without in thousandths of it: grams of a kilogram."""
        text, unit = asked.typed, asked.article.unit
        if not text:
            return None
        try:
            if "," in text:
                found = Quantity.parse(text.replace(",", ".").rstrip("."), unit)
            else:
                found = Quantity(int(text), unit)
        except (QuantityRefused, ValueError):
            return None
        return found if found.thousandths > 0 else None

    def _typed(self, asked: _Weighed, name: str) -> None:
        if name == "go":
            self._sell(asked)
            return
        if name == "C":
            asked.typed = ""
        elif name == "back":
            asked.typed = asked.typed[:-1]
        elif name in {",", "."}:
            asked.typed += "," if "," not in asked.typed else ""
        else:
            asked.typed = (asked.typed + "".join(c for c in name if c.isdigit()))[:7]
        asked.message = ""
        self._renew(asked)

    def _renew(self, asked: _Weighed) -> None:
        title, text = self._sentences(asked)
        self._sale.strips.renew(asked.about, title, text, self._shown(asked))
        self._sale.show_strips()

    def _sell(self, asked: _Weighed) -> None:
        """By hand: the till asks for its right."""
        weight = self._quantity(asked)
        if weight is None:  # the button closes its strip: it opens again
            asked.message = self._desk.words("strip.number-first")
            self._open(asked)
            return
        self._close(asked)
        self._sale.do(lambda: self._step(asked, weight, by_hand=True), newest=True)

    def _step(self, asked: _Weighed, weight: Quantity, *, by_hand: bool) -> Basket:
        till = self._desk.till
        if self._sale.is_back:
            code = Barcode(asked.article.key)
            return till.scan(code, weight, back=True, weighed=not by_hand)
        return till.sell(asked.article.key, weight, weighed=not by_hand)

    def _weighed(self, asked: _Weighed, weight: Weight) -> None:
        """What the scale says: it stands still, or why it does not."""
        if not self._sale.strips.is_open(asked.about):
            self.scale.rest()
            return
        words = self._desk.words
        if isinstance(weight, Stable):
            self._close(asked)
            many = weight.quantity
            self._sale.do(lambda: self._step(asked, many, by_hand=False), newest=True)
            return
        key = weight.why if isinstance(weight, NoWeight) else "gone"
        asked.message = words(f"weight.{key}")
        self._renew(asked)

    def _close(self, asked: _Weighed) -> None:
        self.scale.rest()
        self._waiting.pop(asked.about, None)
        self._sale.strips.close(asked.about)
        self._sale.strips.rest()
