"""Articles as keys and as search results: name, price and picture of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pos_qt.presenters.shown import Found, Keys, ShownKey, ShownTab
from pos_qt.translations.words import Words
from schemas.article import Article, Group
from schemas.keyboard import Key
from services.mirror.catalogue import Catalogue


def keys_of(catalogue: Catalogue, words: Words, at: datetime) -> Keys:
    """The till's keyboard with the prices of an instant. A key without its article is left out."""
    board = catalogue.keyboard()
    tabs = []
    for tab in board.tabs:
        shown = (_key(catalogue, words, key, at) for key in tab.keys)
        keys = tuple(key for key in shown if key is not None)
        tabs.append(ShownTab(tab.name(words.language), tab.icon, keys))
    return Keys(board.rows, board.columns, tuple(tabs))


def found_of(catalogue: Catalogue, words: Words, article: Article, at: datetime) -> Found:
    """One search result."""
    group = _group(catalogue, article)
    return Found(
        article=article.key,
        name=article.name(words.language),
        number=" · ".join(
            [
                *(option.value for option in article.options),
                article.key,
                *(code.value for code in article.codes[:1]),
            ]
        ),
        price=_price(catalogue, words, article, at) or words("search.no-price"),
        colour=group.colour if group else None,
        picture=group.picture if group else None,
        photo=catalogue.pictured(article.key),
    )


def _key(catalogue: Catalogue, words: Words, key: Key, at: datetime) -> ShownKey | None:
    article = catalogue.by_key(key.article)
    if article is None:
        return _model_key(catalogue, words, key, at)
    group = _group(catalogue, article)
    return ShownKey(
        row=key.row,
        column=key.column,
        article=article.key,
        name=key.label or article.name(words.language),
        price=_price(catalogue, words, article, at) or "?",
        colour=key.colour or (group.colour if group else None),
        picture=key.picture or (group.picture if group else None),
        badge=str(article.age) if article.age else "",
        wide=key.wide or 1,
        tall=key.tall or 1,
        photo=catalogue.pictured(article.key),
    )


def _model_key(catalogue: Catalogue, words: Words, key: Key, at: datetime) -> ShownKey | None:
    """A key that stands for a model: what its variants cost from; None where there are none here."""
    model = catalogue.model(key.article)
    variants = catalogue.variants(model.key) if model else []
    if model is None or not variants:
        return None
    first = replace(variants[0], group=model.group or variants[0].group)
    group = _group(catalogue, first)
    known = [cost for each in variants if (cost := catalogue.price(each.key, at))]
    least = min(known, key=lambda cost: cost.fine, default=None)
    price = words.amount(least) if least else "?"
    if len({cost.fine for cost in known}) > 1:
        price = words("key.from", price=price)
    return ShownKey(
        row=key.row, column=key.column, article=key.article,
        name=key.label or model.name(words.language), price=price,
        colour=key.colour or (group.colour if group else None),
        picture=key.picture or (group.picture if group else None),
        badge=str(first.age) if first.age else "", wide=key.wide or 1, tall=key.tall or 1,
    )  # fmt: skip


def _group(catalogue: Catalogue, article: Article) -> Group | None:
    """The article's group, or the nearest above it that has a colour."""
    group = catalogue.group(article.group) if article.group else None
    for _ in range(8):
        if group is None or group.colour or not group.parent:
            break
        group = catalogue.group(group.parent)
    return group


def _price(catalogue: Catalogue, words: Words, article: Article, at: datetime) -> str:
    price = catalogue.price(article.key, at)
    if price is None:
        return ""
    unit = "" if article.unit == "pcs" else f"/{article.unit}"
    return words.amount(price) + unit
