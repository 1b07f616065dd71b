"""What programs read of goods: lists by cursor, what has changed since, single records with an ETag."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from backoffice.api import paging, plain, wares
from backoffice.api.models import AskedSince
from backoffice.api.operation import Call, Told, cursor, operation, place_of
from backoffice.api.problem import missing
from backoffice.api.putting import NUMBER
from schemas.keys import BranchKey
from services.database import prices
from services.database.articles import ArticleCode, ArticleGroup, ArticleRow, ArticleTag
from services.database.prices import PriceRow
from services.evaluation import pricelists
from services.pricing import lookup
from services.pricing.lookup import Buyer


def _sold_in(branch: str) -> Any:
    """Is an article in the assortment of a branch?"""
    named = sa.func.coalesce(ArticleRow.terms["branches"].as_string(), "")
    return sa.or_(named == "", (" " + named + " ").contains(f" {branch} ", autoescape=True))


def _articles(call: Call) -> sa.Select[Any]:
    """The articles that a token sees: one for a branch sees that branch's assortment."""
    query = sa.select(ArticleRow)
    return query.where(_sold_in(call.branch)) if call.branch else query


def _article(call: Call, row: ArticleRow) -> dict[str, Any]:
    said = plain.article(row)
    said["branches"] = [key for key in said["branches"] if call.sees(key)]
    return said


@operation("GET", "/articles", "articles:read", answers=wares.ArticleSaid, many=True,
           query=wares.AskedArticles)  # fmt: skip
def list_articles(call: Call) -> Told:
    """Articles, by number; a token for one branch sees what is sold there."""
    asked, query = call.query, paging.since(call, _articles(call), ArticleRow.changed_at)
    branch = call.only(asked.branch)
    if branch:
        query = query.where(_sold_in(branch))
    if asked.group:
        query = query.where(ArticleRow.group == asked.group)
    if asked.model:
        query = query.where(ArticleRow.model == asked.model)
    if asked.tag:
        tagged = sa.select(ArticleTag.article).where(ArticleTag.tag == asked.tag.casefold())
        query = query.where(ArticleRow.key.in_(tagged))
    if asked.code:
        coded = sa.select(ArticleCode.article).where(ArticleCode.value == asked.code)
        query = query.where(ArticleRow.key.in_(coded))
    rows, following = paging.listed(call, query, ArticleRow.key)
    return paging.page(call, [_article(call, row) for row in rows], following)


@operation("GET", "/articles/{number}", "articles:read", answers=wares.ArticleSaid,
           keys={"number": NUMBER}, wrong=(404,))  # fmt: skip
def get_article(call: Call) -> Told:
    """One article."""
    number = call.path["number"]
    row = call.session.scalar(_articles(call).where(ArticleRow.key == number))
    if row is None:
        raise missing("api.no-article", number=number)
    return Told(_article(call, row), etag=plain.tag(row.document(), row.supplier or ""))


@operation("GET", "/groups", "groups:read", answers=wares.GroupItem, many=True, query=AskedSince)
def list_groups(call: Call) -> Told:
    """Groups of articles, by key."""
    query = paging.since_noted(call, sa.select(ArticleGroup), "group", ArticleGroup.key)
    rows, following = paging.listed(call, query, ArticleGroup.key)
    return paging.page(call, [plain.group(row) for row in rows], following)


@operation("GET", "/groups/{key}", "groups:read", answers=wares.GroupItem, keys={"key": NUMBER},
           wrong=(404,))  # fmt: skip
def get_group(call: Call) -> Told:
    """One group."""
    row = call.session.get(ArticleGroup, call.path["key"])
    if row is None:
        raise missing("api.no-group", key=call.path["key"])
    return Told(plain.group(row), etag=plain.tag(row.document()))


@operation("GET", "/prices", "prices:read", answers=wares.PriceSaid, many=True,
           query=wares.AskedPrices)  # fmt: skip
def list_prices(call: Call) -> Told:
    """All price steps: past, in force and to come, in the order in which they were first set.

    Of a token for one branch: that branch's, and those that hold everywhere.
    """
    asked, query = call.query, paging.since(call, sa.select(PriceRow), PriceRow.changed_at)
    for column in ("article", "price_list", "customers"):
        if getattr(asked, column):
            query = query.where(getattr(PriceRow, column) == getattr(asked, column))
    call.only(asked.branch)
    if asked.branch or call.branch:
        query = query.where(
            PriceRow.branch.in_([asked.branch] if asked.branch else ["", call.branch])
        )
    after = place_of(asked.cursor, (int,))
    if after:
        query = query.where(PriceRow.id > min(after[0], 2**62))
    rows = list(call.session.scalars(query.order_by(PriceRow.id).limit(asked.limit + 1)))
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    following = cursor(rows[-1].id) if more else None
    return paging.page(call, [plain.price(row) for row in rows], following)


@operation("GET", "/prices/current", "prices:read", answers=wares.PriceNow, many=True,
           query=wares.AskedNow, wrong=(404,))  # fmt: skip
def list_current_prices(call: Call) -> Told:
    """What articles cost at a moment, in the company or in a branch, by article.

    As a till reckons it: the branch's price before its price list's before the chain's; a special
    price while it lasts; a customer group's where it is lower. Promotions come on top of it.
    `changed_since` narrows it to articles of which a price was changed.
    """
    asked = call.query
    branch = call.place(asked.branch).branch
    query = _articles(call).with_only_columns(ArticleRow.key)
    if asked.article:
        query = query.where(ArticleRow.key == asked.article)
    if asked.changed_since:
        since = plain.instant(asked.changed_since)
        query = query.where(
            ArticleRow.key.in_(sa.select(PriceRow.article).where(PriceRow.changed_at >= since))
        )
    at = plain.instant(asked.at) if asked.at else call.now
    after = place_of(asked.cursor, (str,))
    if after:
        query = query.where(ArticleRow.key > after[0])
    keys = list(call.session.scalars(query.order_by(ArticleRow.key).limit(asked.limit + 1)))
    more, keys = len(keys) > asked.limit, keys[: asked.limit]
    list_ = pricelists.list_of(call.session, branch) if branch else None
    buyer = Buyer(BranchKey(branch or ""), list_, asked.customers)
    by_article: dict[str, list[Any]] = {}
    for row in prices.price_rows(call.session, keys).values():
        by_article.setdefault(row.article, []).append(row.document())
    items = []
    for key in keys:
        steps = lookup.steps(by_article.get(key, []), buyer, at)
        if steps:
            rule, amount = steps[-1]
            base = next((each.number for name, each in steps if name == "base"), None)
            items.append(
                {"article": key, "amount": amount.number, "currency": amount.currency,
                 "rule": rule, "base": base}
            )  # fmt: skip
    return paging.page(call, items, cursor(keys[-1]) if more else None)
