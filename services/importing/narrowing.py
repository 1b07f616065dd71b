"""What of a plan is wanted: what was not ticked is taken out of it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from schemas.keys import ArticleKey
from schemas.price import Price
from services.importing.articles import FROM, PRICE, SHOWN, Difference, Plan


def narrowed(result: Plan, wanted: Mapping[tuple[str, str], tuple[str, str]]) -> int:
    """Take out of a plan what is not wanted; answers how much that was.

    wanted  before and after by article and field; a new article has the field ``
    """
    left = [key for key in result.new if (key, "") not in wanted]
    result.new = [key for key in result.new if (key, "") in wanted]
    out: set[str] = set(left)
    count = len(left)
    for key, differences in result.differences.items():
        for each in differences:
            if wanted.get((key, each.field)) == (each.before, each.after.partition(FROM)[0]):
                continue
            count += 1
            _revert(result, key, each, out)
    result.prices = [price for price in result.prices if not {price.article, _named(price)} & out]
    result.changed = [
        key
        for key in result.changed
        if result.articles[key] != result.before[key].article
        or result.suppliers[key] != result.before[key].supplier
    ]
    used = {result.articles[key].group for key in (*result.new, *result.changed)}
    above = {key: group.parent for key, group in result.groups.items()}
    for group in list(used):
        parent = above.get(group) if group is not None else None
        while parent is not None and parent not in used:
            used.add(parent)
            parent = above.get(parent)
    result.groups = {key: group for key, group in result.groups.items() if key in used}
    named = {result.articles[key].model for key in (*result.new, *result.changed)}
    result.models = {key: model for key, model in result.models.items() if key in named}
    return count


def _named(price: Price) -> str:
    """A price of an article, as `narrowed` names it."""
    return f"{price.article}|{price.branch or ''}"


def _revert(result: Plan, key: ArticleKey, each: Difference, out: set[str]) -> None:
    """Leave one field of an article as it stood."""
    stood = result.before[key]
    if each.field.startswith(PRICE):
        out.add(f"{key}|{each.field.removeprefix(PRICE).removeprefix(' in ')}")
    elif each.field == "supplier":
        result.suppliers[key] = stood.supplier
    else:
        name = {shown: plain for plain, shown in SHOWN.items()}.get(each.field, each.field)
        values: dict[str, Any] = {name: getattr(stood.article, name)}
        result.articles[key] = replace(result.articles[key], **values)
