"""What programs write: whole records under their own keys, so that the same call again changes nothing.

Many at once are written all, or not at all. A record that is as it should be is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice import database
from backoffice.api import goods, models, plain
from backoffice.api.models import Writing
from backoffice.api.operation import Call, Told, operation
from backoffice.api.problem import CallRefused
from schemas.article import Article, Group
from schemas.customer import Card, Customer
from schemas.keys import (
    ArticleKey,
    BranchKey,
    CustomerKey,
    GroupKey,
    KeyRefused,
    article_key,
    barcode,
)
from schemas.money import AmountRefused, Money, UnitPrice
from schemas.price import Price
from services.database import articles, audit, changes, customers, organisation, prices, sets
from services.database.articles import ArticleGroup, ArticleRow
from services.database.changes import RecordRefused
from services.database.customers import CustomerRow
from services.database.prices import PriceRow
from services.database.sets import PartsRefused
from services.register import clientele
from services.register.refusal import StepRefused

MOST: Final = 1000
"""Records of one call."""
NUMBER: Final = r"^[0-9A-Za-z_.\-]{1,40}$"
WRONG: Final = (403, 409, 412, 413, 415)


class _RolledBack(Exception):
    """A dry run is over: nothing of it stays."""


@contextmanager
def _writing(call: Call) -> Iterator[Session]:
    """A transaction; one that is given up in the end, where the call is a dry run."""
    if call.branch is not None and not isinstance(call.body, models.PriceItem):
        _whole(call)
    try:
        with database.writing() as session:
            audit.note(session, call.token.by, "api", f"token {call.token.id}")
            yield session
            session.flush()
            if call.query.dry_run:
                session.info.pop("changed", None)
                raise _RolledBack
    except _RolledBack:
        return
    except sa.exc.IntegrityError as error:
        raise CallRefused(
            409, "Another call wrote the same at the same time; try again."
        ) from error


def _whole(call: Call) -> None:
    if call.branch is not None and not call.path.get("for branches"):
        raise CallRefused(403, "A token for one branch may write nothing but its prices.")


Put = Callable[[Session, Any, str], str]
"""Writes a record under its key; answers created, changed, unchanged or removed; raises CallRefused."""


def one(call: Call, item: Any, put: Put, key: str, now: Callable[[Session], str | None]) -> Told:
    """Write one record, where it is still the one that the caller saw."""
    with _writing(call) as session:
        tag = now(session)
        if call.match and (tag is None or not _matches(call.match, tag)):
            raise CallRefused(412, "It is another now than the one that you read.")
        if call.none_match == "*" and tag is not None:
            raise CallRefused(412, "It is there already.")
        became = put(session, item, call.token.by)
        session.flush()
        tag = now(session)
    status = 201 if became == "created" and not call.query.dry_run else 200
    return Told(_outcome(call, [(key, became)]), status, None if call.query.dry_run else tag)


def _matches(header: str, tag: str) -> bool:
    return header.strip() == "*" or tag in {
        each.strip().removeprefix("W/").strip('"') for each in header.split(",")
    }


def _many(call: Call, items: Sequence[Any], put: Put, key: Callable[[Any], str]) -> Told:
    """Write many, all or none; what is wrong is named by its place."""
    done: list[tuple[str, str]] = []
    wrong: list[tuple[str, str]] = []
    with _writing(call) as session:
        for n, item in enumerate(items):
            try:
                done.append((key(item), put(session, item, call.token.by)))
            except CallRefused as refused:
                wrong += [(f"[{n}].{field}", why) for field, why in refused.fields]
                if not refused.fields:
                    wrong.append((f"[{n}]", refused.detail))
        if wrong:
            raise CallRefused(422, "Nothing was written.", wrong[:100])
    return Told(_outcome(call, done))


def _outcome(call: Call, done: list[tuple[str, str]]) -> dict[str, Any]:
    said: dict[str, Any] = {"dry_run": call.query.dry_run}
    for became in ("created", "changed", "unchanged", "removed"):
        said[became] = [key for key, how in done if how == became]
    return said


# Articles and groups


def _put_article(session: Session, item: models.ArticleItem, by: str) -> str:
    row = session.get(ArticleRow, item.number, with_for_update=True)
    before = row.document() if row else None
    try:
        document = goods.article(session, item, before or Article(article_key(item.number)))
        changes.sound(document)
    except (KeyRefused, RecordRefused) as error:
        raise goods.refused("number", error) from error
    try:
        sets.check(session, document, lambda number: goods.known(session, number))
    except PartsRefused as error:
        raise goods.refused("parts", error) from error
    if before == document and row is not None and (row.supplier or None) == (item.supplier or None):
        return "unchanged"
    articles.put(session, document, by, item.supplier or "")
    session.flush()
    return "changed" if before else "created"


def _article_tag(number: str) -> Callable[[Session], str | None]:
    def now(session: Session) -> str | None:
        row = session.get(ArticleRow, number, with_for_update=True)
        return plain.tag(row.document(), row.supplier or "") if row else None

    return now


@operation("PUT", "/articles/{number}", "articles:write", answers=models.Outcome, query=Writing,
           body=models.ArticleBody, keys={"number": NUMBER}, wrong=WRONG)  # fmt: skip
def put_article(call: Call) -> Told:
    """Make an article, or say anew what it is.

    With `If-Match` it is written only where it is still the one that was read; with
    `If-None-Match: *` only where there is none.
    """
    number = call.path["number"]
    item = models.ArticleItem(number=number, **dict(call.body))
    return one(call, item, _put_article, number, _article_tag(number))


@operation("PUT", "/articles", "articles:write", answers=models.Outcome, query=Writing,
           body=models.ArticleItem, bulk=True, wrong=WRONG)  # fmt: skip
def put_articles(call: Call) -> Told:
    """Write up to 1,000 articles: all, or none."""
    return _many(call, call.body, _put_article, lambda item: str(item.number))


def _put_group(session: Session, item: models.GroupItem, by: str) -> str:
    row = session.get(ArticleGroup, item.key)
    document = Group(
        GroupKey(item.key), item.de or None, item.en or None, item.es or None,
        GroupKey(item.parent) if item.parent else None, item.colour, item.picture,
    )  # fmt: skip
    before = row.document() if row else None
    if before == document:
        return "unchanged"
    _check_parents(session, item)
    try:
        articles.put_group(session, document, by)
    except RecordRefused as error:
        raise goods.refused("key", error) from error
    session.flush()
    return "changed" if before else "created"


def _check_parents(session: Session, item: models.GroupItem) -> None:
    """A group lies below none that lies below it."""
    above, seen = item.parent, {item.key}
    while above is not None:
        if above in seen:
            raise CallRefused(422, "", [("parent", "lies below this group")])
        seen.add(above)
        row = session.get(ArticleGroup, above)
        above = row.parent if row else None


def _group_tag(key: str) -> Callable[[Session], str | None]:
    def now(session: Session) -> str | None:
        row = session.get(ArticleGroup, key, with_for_update=True)
        return plain.tag(row.document()) if row else None

    return now


@operation("PUT", "/groups/{key}", "groups:write", answers=models.Outcome, query=Writing,
           body=models.GroupBody, keys={"key": NUMBER}, wrong=WRONG)  # fmt: skip
def put_group(call: Call) -> Told:
    """Make a group, or say anew what it is."""
    key = call.path["key"]
    item = models.GroupItem(key=key, **dict(call.body))
    return one(call, item, _put_group, key, _group_tag(key))


@operation("PUT", "/groups", "groups:write", answers=models.Outcome, query=Writing,
           body=models.GroupItem, bulk=True, wrong=WRONG)  # fmt: skip
def put_groups(call: Call) -> Told:
    """Write up to 1,000 groups: all, or none."""
    return _many(call, call.body, _put_group, lambda item: str(item.key))


# Prices


def _put_price(call: Call) -> Put:
    def put(session: Session, item: models.PriceItem, by: str) -> str:
        document = _price(session, call, item)
        row = session.scalar(
            sa.select(PriceRow).where(
                PriceRow.article == document.article, PriceRow.begins == document.begins,
                PriceRow.branch == (document.branch or ""),
                PriceRow.special == (document.ends is not None),
                PriceRow.price_list == (document.price_list or ""),
                PriceRow.customers == (document.customers or ""),
            )
        )  # fmt: skip
        if row is not None and (row.amount, row.ends) == (document.amount, document.ends):
            return "unchanged"
        prices.put_price(session, document, by)
        session.flush()
        return "changed" if row else "created"

    return put


def _price(session: Session, call: Call, item: models.PriceItem) -> Price:
    if session.get(ArticleRow, item.article) is None:
        raise CallRefused(422, "", [("article", "there is no article with this number")])
    if call.branch is not None and item.branch != call.branch:
        raise CallRefused(422, "", [("branch", f"the token writes prices of {call.branch} only")])
    if item.branch and session.get(organisation.Unit, ("branch", item.branch)) is None:
        raise CallRefused(422, "", [("branch", "there is no such branch")])
    begins = plain.instant(item.begins)
    ends = plain.instant(item.until) if item.until else None
    if not 1970 < begins.year < 3000 or (ends and not 1970 < ends.year < 3000):
        raise CallRefused(422, "", [("from", "not a moment of our time")])
    if ends is not None and ends <= begins:
        raise CallRefused(422, "", [("until", "lies before from")])
    try:
        amount = UnitPrice.parse(item.amount, goods.currency(session))
        price = Price(
            ArticleKey(item.article), begins, amount, BranchKey(item.branch) if item.branch else None,
            None, ends, item.price_list, item.customers,
        )  # fmt: skip
        changes.sound(price)
    except (AmountRefused, RecordRefused) as error:
        raise goods.refused("amount", error) from error
    return price


@operation("PUT", "/prices", "prices:write", answers=models.Outcome, query=Writing,
           body=models.PriceItem, bulk=True, wrong=WRONG)  # fmt: skip
def put_prices(call: Call) -> Told:
    """Write up to 1,000 prices: all, or none; a token for one branch writes that branch's only."""
    call = replace(call, path={"for branches": "yes"})
    return _many(
        call, call.body, _put_price(call), lambda item: f"{item.article}|{item.branch or ''}"
    )


# Customers


def _put_customer(session: Session, item: models.CustomerItem, by: str) -> str:
    row = session.get(CustomerRow, item.number, with_for_update=True)
    if row is not None and row.into:
        raise CallRefused(409, f"This customer is number {row.into} now.")
    before = customers.document(session, row) if row else None
    try:
        limit = Money.parse(item.limit, goods.currency(session)) if item.limit else None
        document = clientele.checked(
            Customer(
                CustomerKey(item.number), item.name, item.phone or None, item.email or None,
                item.address or None, item.language, item.group, limit, item.blocked or None,
                item.consent, before.also if before else (),
                tuple(Card(barcode(code)) for code in sorted(set(item.cards))),
            )
        )  # fmt: skip
        changes.sound(document)
    except AmountRefused as error:
        raise goods.refused("limit", error) from error
    except KeyRefused as error:
        raise goods.refused("cards", error) from error
    except (StepRefused, RecordRefused) as error:
        raise CallRefused(422, "", [("name", str(error)[:300])]) from error
    if before == document:
        return "unchanged"
    customers.put(session, document, by)
    session.flush()
    return "changed" if before else "created"


def _customer_tag(number: str) -> Callable[[Session], str | None]:
    def now(session: Session) -> str | None:
        row = session.get(CustomerRow, number, with_for_update=True)
        return plain.tag(customers.document(session, row)) if row else None

    return now


@operation("PUT", "/customers/{number}", "customers:write", answers=models.Outcome, query=Writing,
           body=models.CustomerBody, keys={"number": NUMBER}, wrong=WRONG)  # fmt: skip
def put_customer(call: Call) -> Told:
    """Make a customer, or say anew who they are."""
    number = call.path["number"]
    item = models.CustomerItem(number=number, **dict(call.body))
    return one(call, item, _put_customer, number, _customer_tag(number))


@operation("PUT", "/customers", "customers:write", answers=models.Outcome, query=Writing,
           body=models.CustomerItem, bulk=True, wrong=WRONG)  # fmt: skip
def put_customers(call: Call) -> Told:
    """Write up to 1,000 customers: all, or none."""
    return _many(call, call.body, _put_customer, lambda item: str(item.number))
