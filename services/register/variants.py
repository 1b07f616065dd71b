"""Variants of a model: their order, which values are still open to choose, which are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice, product

from schemas.article import Article
from schemas.model import Model

Options = tuple[str, ...]


def options_of(article: Article) -> Options:
    """What an article has on each axis of its model."""
    return tuple(option.value for option in article.options)


def place(model: Model | None, article: Article) -> tuple[tuple[int, str], ...]:
    """Where a variant stands among the others: by the order of its values on each axis.

    A value that the model does not know stands after those that it does.
    """
    axes = [axis.names for axis in model.axes] if model else []
    found = []
    for n, value in enumerate(options_of(article)):
        known = axes[n] if n < len(axes) else ()
        found.append((known.index(value) if value in known else len(known), value))
    return tuple(found)


def arranged(articles: Iterable[Article], model_of: Callable[[str], Model | None]) -> list[Article]:
    """The articles in their order, but the variants of a model under each other, at its first."""
    together: dict[tuple[str, str], list[Article]] = {}
    for article in articles:
        group = ("model", article.model) if article.model else ("article", article.key)
        together.setdefault(group, []).append(article)
    found: list[Article] = []
    for (kind, key), some in together.items():
        if kind == "model" and len(some) > 1:
            model = model_of(key)
            some = sorted(some, key=lambda each: place(model, each))  # noqa: PLW2901 (as it is now)
        found += some
    return found


def fitting(variants: Iterable[Article], chosen: Sequence[str]) -> list[Article]:
    """The variants that have these values on the first axes."""
    return [each for each in variants if options_of(each)[: len(chosen)] == tuple(chosen)]


def open_values(model: Model, variants: Iterable[Article], chosen: Sequence[str]) -> list[str]:
    """The values on the next axis that some variant with the chosen ones has, in the model's order."""
    at = len(chosen)
    some = sorted(fitting(variants, chosen), key=lambda each: place(model, each))
    return list(dict.fromkeys(options_of(x)[at] for x in some if len(x.options) > at))


def missing(model: Model, variants: Iterable[Article], most: int) -> list[Options]:
    """The combinations of the model's values that no variant has; the first `most` of them."""
    there = {options_of(each) for each in variants}
    if not model.axes:
        return []
    every = product(*(axis.names for axis in model.axes))
    return list(islice((each for each in every if each not in there), most))
