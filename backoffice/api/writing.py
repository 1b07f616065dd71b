"""What programs write of articles, groups and prices."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice.api import goods, models, plain, wares
from backoffice.api.models import Collecting, CollectingMany
from backoffice.api.operation import Call, Told, operation
from backoffice.api.problem import wrong
from backoffice.api.putting import NUMBER, WRONG, Into, Kind, many, one, outcome, writing
from schemas.article import Article, Group
from schemas.keys import ArticleKey, BranchKey, GroupKey, KeyRefused, article_key
from schemas.money import AmountRefused, UnitPrice
from schemas.price import Price
from services.database import organisation, prices, sets
from services.database.articles import ArticleRow
from services.database.changes import CHAIN
from services.database.prices import PriceRow
from services.database.sets import PartsRefused

# Articles


def _put_article(into: Into, item: wares.ArticleItem) -> str:
    try:
        fresh = Article(article_key(item.number))
    except KeyRefused as error:
        raise wrong("number", "imports.bad.number", typed=item.number) from error
    before = into.left(goods.ARTICLE, item.number, lock=True)
    document = goods.article(into, item, before or fresh)
    try:
        sets.check(into.session, document, lambda key: into.left(goods.ARTICLE, key))
    except PartsRefused as error:
        raise wrong("parts", f"parts.{error.fact}", **error.parts) from error
    supplier, row = item.supplier or "", into.session.get(ArticleRow, item.number)
    differs = supplier != ((row.supplier or "") if row else "")
    if into.collects:
        if supplier and differs:
            raise wrong("supplier", "api.supplier-not-in-set")
        differs = False
    became = into.put(goods.ARTICLE, document, differs=differs, supplier=supplier)
    goods.bears(into, document)
    return became


def _expect_articles(into: Into, items: list[Any]) -> None:
    numbers = sorted({item.number for item in items})
    into.expect(goods.ARTICLE, numbers, lock=True)
    into.expect(goods.MODEL, numbers)
    into.expect(goods.GROUP, sorted({item.group for item in items if item.group}))


@operation("PUT", "/articles/{number}", "articles:write", answers=models.Outcome, made=True,
           query=Collecting, body=wares.ArticleBody, keys={"number": NUMBER}, wrong=WRONG)  # fmt: skip
def put_article(call: Call) -> Told:
    """Make an article, or say anew what it is.

    With `If-Match` it is written only where it is still the one that was read; with
    `If-None-Match: *` only where there is none.
    """
    number = call.path["number"]
    said = call.body.model_dump(exclude_unset=True)
    item = wares.ArticleItem(number=number, **said)
    return one(call, item, _put_article, number, goods.ARTICLE)


@operation("PUT", "/articles", "articles:write", answers=models.Outcome, query=CollectingMany,
           body=wares.ArticleItem, bulk=True, wrong=WRONG)  # fmt: skip
def put_articles(call: Call) -> Told:
    """Write up to 1,000 articles: all or none, or with `partial` each that can be."""
    return many(call, _put_article, lambda item: str(item.number), expect=_expect_articles)


# Groups


def _put_group(into: Into, item: wares.GroupItem) -> str:
    document = Group(
        GroupKey(item.key), item.de or None, item.en or None, item.es or None,
        GroupKey(item.parent) if item.parent else None, item.colour, item.picture,
    )  # fmt: skip
    above, seen = item.parent, {item.key}
    while above is not None:
        if above in seen:
            raise wrong("parent", "api.below-itself")
        seen.add(above)
        group = into.left(goods.GROUP, above)
        above = group.parent if group else None
    return into.put(goods.GROUP, document)


@operation("PUT", "/groups/{key}", "groups:write", answers=models.Outcome, made=True,
           query=Collecting, body=wares.GroupBody, keys={"key": NUMBER}, wrong=WRONG)  # fmt: skip
def put_group(call: Call) -> Told:
    """Make a group, or say anew what it is."""
    key = call.path["key"]
    item = wares.GroupItem(key=key, **call.body.model_dump(exclude_unset=True))
    return one(call, item, _put_group, key, goods.GROUP)


@operation("PUT", "/groups", "groups:write", answers=models.Outcome, query=CollectingMany,
           body=wares.GroupItem, bulk=True, wrong=WRONG)  # fmt: skip
def put_groups(call: Call) -> Told:
    """Write up to 1,000 groups: all or none, or with `partial` each that can be."""
    return many(call, _put_group, lambda item: str(item.key))


# Prices


def _price_held(session: Session, key: str, lock: bool) -> Price | None:
    article = key.partition("|")[0]
    query = sa.select(PriceRow).where(PriceRow.article == article)
    rows = session.scalars(query.with_for_update() if lock else query)
    return next((found for row in rows if (found := row.document()).key == key), None)


PRICE: Final = Kind(Price, CHAIN, _price_held)


def _put_price(into: Into, item: wares.PriceItem) -> str:
    document = _price(into, item)
    if "prices" in into.known:
        into.hold(PRICE, document.key, into.known["prices"].get(document.key))
    before = into.left(PRICE, document.key)
    if before is not None and (before.amount, before.ends) == (document.amount, document.ends):
        return "unchanged"
    return into.put(PRICE, document)


def _price(into: Into, item: wares.PriceItem) -> Price:
    session = into.session
    if into.left(goods.ARTICLE, item.article) is None:
        raise wrong("article", "api.no-article", number=item.article)
    _of_its_branch(into, item.branch)
    if item.branch and session.get(organisation.Unit, ("branch", item.branch)) is None:
        raise wrong("branch", "api.no-branch", branch=item.branch)
    begins = plain.instant(item.begins)
    ends = plain.instant(item.until) if item.until else None
    if not 1970 < begins.year < 3000 or (ends and not 1970 < ends.year < 3000):
        raise wrong("from", "api.not-our-time")
    if ends is not None and ends <= begins:
        raise wrong("until", "promo.ends-first")
    try:
        amount = UnitPrice.parse(item.amount, goods.currency(session))
    except AmountRefused as error:
        raise wrong("amount", "entry.amount") from error
    return Price(
        ArticleKey(item.article), begins, amount, BranchKey(item.branch) if item.branch else None,
        None, ends, item.price_list, item.customers,
    )  # fmt: skip


def _expect_prices(into: Into, items: list[Any]) -> None:
    numbers = sorted({item.article for item in items})
    into.expect(goods.ARTICLE, numbers)
    into.known["prices"] = {
        key: row.document() for key, row in prices.price_rows(into.session, numbers).items()
    }


def _of_its_branch(into: Into, branch: str | None) -> None:
    if into.branch is not None and branch != into.branch:
        raise wrong("branch", "api.its-prices-only", branch=into.branch)


def price_key(item: Any) -> str:
    """What an outcome calls a price: article and branch."""
    return f"{item.article}|{item.branch or ''}"


@operation("PUT", "/prices", "prices:write", answers=models.Outcome, query=CollectingMany,
           body=wares.PriceItem, bulk=True, wrong=WRONG)  # fmt: skip
def put_prices(call: Call) -> Told:
    """Write up to 1,000 prices: all or none, or with `partial` each that can be.

    A token for one branch writes that branch's only. With `until` a price is special; with
    `price_list` it holds in the branches that take that list, with `customers` for that group.
    """
    return many(call, _put_price, price_key, of_a_branch=True, expect=_expect_prices)


@operation("DELETE", "/prices", "prices:write", answers=models.Outcome, query=wares.ThisPrice,
           wrong=(403, 404, 409))  # fmt: skip
def delete_price(call: Call) -> Told:
    """Take a price back, as one that was to begin; where there is none, nothing changes.

    What receipts were sold at stays. The price that began before it holds again.
    """
    asked = call.query
    with writing(call, of_a_branch=True) as into:
        _of_its_branch(into, asked.branch)
        begins = plain.instant(asked.begins)
        key = Price(
            ArticleKey(asked.article), begins, UnitPrice(0, goods.currency(into.session)),
            BranchKey(asked.branch) if asked.branch else None, None,
            begins if asked.special else None, asked.price_list, asked.customers,
        ).key  # fmt: skip
        became = into.remove(PRICE, key)
    return Told(outcome(call, [(price_key(asked), became)], into=into))
