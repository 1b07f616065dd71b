"""A key that names a model asks which of its variants is meant, axis by axis, inside the slip.

Only a tap, or Space at the ring, chooses: a scanner's Enter never does, and a scan of a variant's
code sells it at once meanwhile.
"""

from __future__ import annotations

from typing import Final

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.shown import Action, Ask, Choice
from schemas.article import Article
from schemas.keys import ArticleKey
from schemas.model import Model
from services.register import variants

ABOUT: Final = "variant "
MOST: Final = 12
"""Choices that a strip has room for; more are searched for."""


class VariantPresenter:
    """Takes the taps on article keys; what is an article is sold at once."""

    def __init__(self, desk: Desk, sale: SalePresenter) -> None:
        self._desk = desk
        self._sale = sale

    def pressed(self, key: ArticleKey) -> None:
        """A key of the keyboard, which names an article or a model."""
        self._desk.take(lambda: self._pressed(key))

    def _pressed(self, key: ArticleKey) -> None:
        catalogue = self._desk.till.catalogue
        model = catalogue.model(key) if catalogue.by_key(key) is None else None
        if model is None:
            self._sale.key_pressed(key)
        else:
            self._ask(model, ())

    def _ask(self, model: Model, chosen: tuple[str, ...]) -> None:
        catalogue, strips, words = self._desk.till.catalogue, self._sale.strips, self._desk.words
        about, name = f"{ABOUT}{model.key}", model.name(words.language)
        strips.close(about)
        some = variants.fitting(catalogue.variants(model.key), chosen)
        if len(some) == 1:
            self._sale.key_pressed(some[0].key)
            return
        if not some:
            strips.warn(words("variant.none", name=name), kind="warn", icon="info")
            self._sale.show_strips()
            return
        values = variants.open_values(model, some, chosen)
        if len(values) == 1:
            self._ask(model, (*chosen, values[0]))
            return
        self._offer(model, chosen, values, some)

    def _offer(
        self, model: Model, chosen: tuple[str, ...], values: list[str], some: list[Article]
    ) -> None:
        """Values to choose from; of variants with the same ones, their names."""
        words, at = self._desk.words, len(chosen)
        name, about = model.name(words.language), f"{ABOUT}{model.key}"
        texts = values or [each.name(words.language) for each in some]
        axis = model.axes[at].name if values and at < len(model.axes) else ""
        choices = tuple(
            Choice(str(n), self._priced(text, (*chosen, text), some) if values else text)
            for n, text in enumerate(texts[:MOST])
        )

        def choose(key: str) -> None:
            self._sale.strips.close(about)
            if values:
                self._ask(model, (*chosen, values[int(key)]))
            else:
                self._sale.key_pressed(some[int(key)].key)

        offers = ()
        if len(texts) > MOST:
            more = Action("search", words("strip.search"), "magnifying-glass")
            offers = ((more, lambda: self._sale.on_search(name)),)  # type: ignore[assignment]
        title = words("variant.which", name=" ".join((name, *chosen)))
        ask = Ask(choices=choices, plain=True)
        self._sale.strips.ask(about, ("list-checks", title, axis), ask, offers, choose=choose)
        self._sale.show_strips()

    def _priced(self, text: str, chosen: tuple[str, ...], some: list[Article]) -> str:
        """A value, with what it costs where that is one price, and not the same for all."""
        till = self._desk.till
        at = till.now()
        costs = {till.catalogue.price(each.key, at) for each in some}
        mine = {till.catalogue.price(e.key, at) for e in variants.fitting(some, chosen)}
        price = next(iter(mine)) if len(mine) == 1 else None
        if len(costs) == 1 or price is None:
            return text
        return f"{text} · {self._desk.words.amount(price)}"
