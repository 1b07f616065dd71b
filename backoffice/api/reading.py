"""What programs read: lists by cursor, what has changed since, single records with an ETag."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from backoffice.api import models, plain
from backoffice.api.models import (
    Asked,
    AskedPrices,
    AskedReceipts,
    AskedSince,
    AskedTurnover,
)
from backoffice.api.operation import Call, Told, cursor, operation, place_of
from backoffice.api.problem import CallRefused
from schemas import xml
from schemas.promotion import Promotion
from services.database import customers as clients
from services.database.articles import ArticleGroup, ArticleRow
from services.database.changes import CHAIN, Published
from services.database.customers import CustomerRow
from services.database.organisation import Unit
from services.database.prices import PriceRow
from services.database.sales import LineRow, PaymentRow, ReceiptRow
from services.evaluation import clientele, tills, turnover
from services.evaluation.turnover import Days

_NUMBER = r"^[0-9A-Za-z_.\-]{1,40}$"
_PLACE = r"^[0-9A-Za-z]{1,12}$"


def _listed(call: Call, query: sa.Select[Any], key: Any) -> tuple[list[Any], str | None]:
    """A page of a query in the order of one key, and where the next begins."""
    after = place_of(call.query.cursor, (str,))
    if after:
        query = query.where(key > after[0])
    rows = list(call.session.scalars(query.order_by(key).limit(call.query.limit + 1)))
    more = len(rows) > call.query.limit
    rows = rows[: call.query.limit]
    return rows, cursor(getattr(rows[-1], key.key)) if more else None


def _page(call: Call, items: list[Any], following: str | None) -> Told:
    return Told({"items": items, "next": following, "as_of": call.as_of})


def _since(call: Call, query: sa.Select[Any], column: Any) -> sa.Select[Any]:
    since = call.query.changed_since
    return query if since is None else query.where(column >= plain.instant(since))


@operation("GET", "/articles", "articles:read", answers=models.ArticleSaid, many=True,
           query=AskedSince)  # fmt: skip
def list_articles(call: Call) -> Told:
    """Articles, by number."""
    query = _since(call, sa.select(ArticleRow), ArticleRow.changed_at)
    rows, following = _listed(call, query, ArticleRow.key)
    return _page(call, [plain.article(row) for row in rows], following)


@operation("GET", "/articles/{number}", "articles:read", answers=models.ArticleSaid,
           keys={"number": _NUMBER}, wrong=(404,))  # fmt: skip
def get_article(call: Call) -> Told:
    """One article."""
    row = call.session.get(ArticleRow, call.path["number"])
    if row is None:
        raise CallRefused(404, "There is no article with this number.")
    return Told(plain.article(row), etag=plain.tag(row.document(), row.supplier or ""))


@operation("GET", "/groups", "groups:read", answers=models.GroupItem, many=True, query=Asked)
def list_groups(call: Call) -> Told:
    """Groups of articles, by key."""
    rows, following = _listed(call, sa.select(ArticleGroup), ArticleGroup.key)
    return _page(call, [plain.group(row) for row in rows], following)


@operation("GET", "/groups/{key}", "groups:read", answers=models.GroupItem, keys={"key": _NUMBER},
           wrong=(404,))  # fmt: skip
def get_group(call: Call) -> Told:
    """One group."""
    row = call.session.get(ArticleGroup, call.path["key"])
    if row is None:
        raise CallRefused(404, "There is no group with this key.")
    return Told(plain.group(row), etag=plain.tag(row.document()))


@operation("GET", "/prices", "prices:read", answers=models.PriceSaid, many=True, query=AskedPrices)
def list_prices(call: Call) -> Told:
    """Prices, in the order in which they were first set.

    Of a token for one branch: that branch's, and those that hold everywhere.
    """
    query = _since(call, sa.select(PriceRow), PriceRow.changed_at)
    if call.query.article:
        query = query.where(PriceRow.article == call.query.article)
    branch = call.query.branch
    if branch and call.branch not in {None, branch}:
        raise CallRefused(404, "The token does not see this branch.")
    if branch or call.branch:
        query = query.where(PriceRow.branch.in_([branch] if branch else ["", call.branch]))
    after = place_of(call.query.cursor, (int,))
    if after:
        query = query.where(PriceRow.id > min(after[0], 2**62))
    rows = list(call.session.scalars(query.order_by(PriceRow.id).limit(call.query.limit + 1)))
    more, rows = len(rows) > call.query.limit, rows[: call.query.limit]
    return _page(call, [plain.price(row) for row in rows], cursor(rows[-1].id) if more else None)


@operation("GET", "/promotions", "promotions:read", answers=models.PromotionSaid, many=True,
           query=Asked)  # fmt: skip
def list_promotions(call: Call) -> Told:
    """Promotions that tills have, by key."""
    query = sa.select(Published).where(Published.scope == CHAIN, Published.kind == "promotion")
    rows, following = _listed(call, query, Published.key)
    found = [xml.load(Promotion, row.document) for row in rows]
    seen = [
        plain.promotion(_narrowed(document, call.branch))
        for document in found
        if call.branch is None or not document.branches or call.branch in document.branches
    ]
    return _page(call, seen, following)


def _narrowed(document: Promotion, branch: str | None) -> Promotion:
    """A promotion as one branch may see it: no other branch is named."""
    own = tuple(key for key in document.branches if branch in {None, key})
    return replace(document, branches=own)


@operation("GET", "/customers", "customers:read", answers=models.CustomerSaid, many=True,
           query=AskedSince)  # fmt: skip
def list_customers(call: Call) -> Told:
    """Customers, by number; a token for one branch sees those who bought there."""
    query = _since(call, clientele.matching(call.branch, ""), CustomerRow.changed_at)
    rows, following = _listed(call, query, CustomerRow.key)
    found = [
        plain.customer(each, clients.document(call.session, each.row))
        for each in clientele.listed(call.session, call.branch, rows)
    ]
    return _page(call, found, following)


@operation("GET", "/customers/{number}", "customers:read", answers=models.CustomerSaid,
           keys={"number": _NUMBER}, wrong=(404,))  # fmt: skip
def get_customer(call: Call) -> Told:
    """One customer, by their number or one they had before."""
    found = clientele.show(call.session, call.branch, call.path["number"])
    if found is None:
        raise CallRefused(404, "There is no customer with this number.")
    said = plain.customer(found, found.customer)
    return Told(said, etag=plain.tag(found.customer))


@operation("GET", "/branches", "organisation:read", answers=models.BranchSaid, many=True,
           query=Asked)  # fmt: skip
def list_branches(call: Call) -> Told:
    """Branches, by key."""
    query = sa.select(Unit).where(Unit.kind == "branch")
    if call.branch:
        query = query.where(Unit.key == call.branch)
    rows, following = _listed(call, query, Unit.key)
    return _page(call, [plain.branch(row) for row in rows], following)


@operation("GET", "/tills", "organisation:read", answers=models.TillSaid, many=True, query=Asked)
def list_tills(call: Call) -> Told:
    """Tills, by name, and how each is."""
    after = place_of(call.query.cursor, (str,))
    states = [
        each
        for each in tills.tills(call.session, call.branch, call.now)
        if not after or each.unit.key > after[0]
    ]
    some = states[: call.query.limit]
    following = cursor(some[-1].unit.key) if len(states) > len(some) else None
    return _page(call, [plain.till(each) for each in some], following)


_RECEIPT = (ReceiptRow.branch, ReceiptRow.till, ReceiptRow.series, ReceiptRow.number)


@operation("GET", "/receipts", "receipts:read", answers=models.ReceiptSaid, many=True,
           query=AskedReceipts, wrong=(404,))  # fmt: skip
def list_receipts(call: Call) -> Told:
    """Receipts, in the order in which they came in."""
    asked = call.query
    place = call.place(asked.branch)
    query = sa.select(ReceiptRow)
    if place.branch:
        query = query.where(ReceiptRow.branch == place.branch)
    if asked.received_since:
        query = query.where(ReceiptRow.received_at >= plain.instant(asked.received_since))
    if asked.first:
        query = query.where(ReceiptRow.day >= asked.first)
    if asked.last:
        query = query.where(ReceiptRow.day <= asked.last)
    after = place_of(asked.cursor, (str, str, str, str, int))
    if after:
        begins = _moment(after[0])
        key = (begins, after[1], after[2], after[3], min(after[4], 2**31 - 1))
        query = query.where(sa.tuple_(ReceiptRow.received_at, *_RECEIPT) > key)
    ordered = query.order_by(ReceiptRow.received_at, *_RECEIPT).limit(asked.limit + 1)
    rows = list(call.session.scalars(ordered))
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    following = None
    if more:
        last = rows[-1]
        following = cursor(
            last.received_at.isoformat(), last.branch, last.till, last.series, last.number
        )
    return _page(call, [plain.receipt(row) for row in rows], following)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return plain.instant(found if found.tzinfo else found.replace(tzinfo=UTC))
    except ValueError as error:
        raise CallRefused(400, "The cursor is not one of ours.", [("cursor", "unknown")]) from error


@operation("GET", "/receipts/{branch}/{till}/{series}/{number}", "receipts:read",
           answers=models.ReceiptWhole, wrong=(404,),
           keys={"branch": _PLACE, "till": _PLACE, "series": _PLACE, "number": r"^[0-9]{1,9}$"})  # fmt: skip
def get_receipt(call: Call) -> Told:
    """One receipt, with its lines and payments."""
    key = tuple(call.path[name] for name in ("branch", "till", "series"))
    number = int(call.path["number"])
    row = call.session.get(ReceiptRow, (*key, number))
    if row is None or call.branch not in {None, row.branch}:
        raise CallRefused(404, "There is no such receipt.")
    of = {"branch": row.branch, "till": row.till, "series": row.series, "receipt": row.number}
    lines = sa.select(LineRow).filter_by(**of).order_by(LineRow.number)
    payments = sa.select(PaymentRow).filter_by(**of).order_by(PaymentRow.number)
    said = plain.receipt(row) | {
        "lines": [plain.line(each, row.currency) for each in call.session.scalars(lines)],
        "payments": [plain.payment(each, row.currency) for each in call.session.scalars(payments)],
    }
    return Told(said)


_SPLIT = {
    "branch": turnover.by_branch, "day": turnover.by_day, "article": turnover.by_article,
}  # fmt: skip
_MOST_DAYS = 400


@operation("GET", "/turnover", "turnover:read", answers=models.TurnoverSaid, query=AskedTurnover,
           wrong=(404,))  # fmt: skip
def get_turnover(call: Call) -> Told:
    """The turnover of some days, by branch, day or article, against the stretch before.

    At most 400 days.
    """
    asked = call.query
    if asked.last < asked.first:
        raise CallRefused(422, "", [("last", "lies before first")])
    if (asked.last - asked.first).days >= _MOST_DAYS or asked.first.year < 1971:
        raise CallRefused(422, "", [("first", "at most 400 days, from 1971 on")])
    place = call.place(asked.branch)
    rows = _SPLIT[asked.by](call.session, place, Days(asked.first, asked.last))
    return Told(
        {
            "by": asked.by, "first": asked.first, "last": asked.last, "currency": place.currency,
            "rows": [plain.turnover(row, place.currency) for row in rows],
        }
    )  # fmt: skip
