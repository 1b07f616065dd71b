"""Promotions for programs: read and written whole, as forms write them; one that is over is ended, not removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice.api import goods, models, offers, paging, plain
from backoffice.api.models import AskedSince, Collecting, CollectingMany
from backoffice.api.operation import Call, Told, operation
from backoffice.api.problem import missing, wrong
from backoffice.api.putting import NUMBER, WRONG, Into, Kind, many, one
from schemas import xml
from schemas.keys import KeyRefused, PromotionKey, article_key
from schemas.promotion import Promotion
from services.database import changes, organisation
from services.database.articles import ArticleGroup, ArticleRow
from services.database.changes import CHAIN, Newest
from services.evaluation import promotions as questions


def _held(session: Session, key: str, lock: bool) -> Promotion | None:
    """Promotions have no rows of their own: who writes one holds the company's meanwhile."""
    if lock:
        query = sa.select(organisation.Unit.key).where(organisation.Unit.kind == "company")
        session.execute(query.with_for_update())
    return questions.one(session, key)


PROMOTION: Final = Kind(Promotion, CHAIN, _held)


def _said(newest: Newest, branch: str | None) -> dict[str, Any]:
    assert newest.document is not None
    document = xml.load(Promotion, newest.document)
    if branch is not None:  # no other branch is named
        own = tuple(key for key in document.branches if key == branch)
        document = replace(document, branches=own)
    return offers.said(document) | {"changed_at": newest.at, "changed_by": newest.by}


def _visible(found: Iterable[tuple[str, Newest]], branch: str | None) -> list[tuple[str, Newest]]:
    """Those that hold where the token looks."""
    seen = []
    for key, newest in found:
        if newest.document is None:
            continue
        branches = xml.load(Promotion, newest.document).branches if branch else ()
        if not branches or branch in branches:
            seen.append((key, newest))
    return seen


@operation("GET", "/promotions", "promotions:read", answers=offers.PromotionSaid, many=True,
           query=AskedSince)  # fmt: skip
def list_promotions(call: Call) -> Told:
    """Promotions, by key: what runs, what comes and what is over."""
    keys = sorted(changes.keys(call.session, CHAIN, "promotion"))
    newest = changes.currents(call.session, CHAIN, "promotion", keys)
    since = call.query.changed_since
    found = [
        (key, each)
        for key, each in _visible(newest.items(), call.branch)
        if since is None or (each.at is not None and each.at >= plain.instant(since))
    ]
    some, following = paging.sliced(call, found, lambda each: str(each[0]))
    return paging.page(call, [_said(each, call.branch) for _, each in some], following)


@operation("GET", "/promotions/{key}", "promotions:read", answers=offers.PromotionSaid,
           keys={"key": NUMBER}, wrong=(404,))  # fmt: skip
def get_promotion(call: Call) -> Told:
    """One promotion."""
    key = call.path["key"]
    newest = changes.currents(call.session, CHAIN, "promotion", [key])
    found = _visible(newest.items(), call.branch)
    if not found:
        raise missing("api.no-promotion", key=key)
    said = _said(found[0][1], call.branch)
    return Told(said, etag=plain.tag(xml.load(Promotion, found[0][1].document or b"")))


def _put_promotion(into: Into, item: offers.PromotionItem) -> str:
    try:
        key = PromotionKey(article_key(item.key))
    except KeyRefused as error:
        raise wrong("key", "imports.bad.number", typed=item.key) from error
    document = offers.read(item, key, goods.currency(into.session))
    _check_goods(into, document)
    goods.check_branches(into, document.branches)
    there = into.left(PROMOTION, key)
    if there is None and key in _former(into):
        raise wrong("key", "api.was-another")  # receipts name promotions by their keys
    return into.put(PROMOTION, document)


def _former(into: Into) -> set[str]:
    if "promotions" not in into.known:
        into.known["promotions"] = questions.history_keys(into.session)
    found: set[str] = into.known["promotions"]
    return found


def _check_goods(into: Into, document: Promotion) -> None:
    """Are there all articles and groups that it speaks of? What the call's set holds counts."""
    for n, each in enumerate(document.goods):
        for name, row, kind in (
            ("articles", ArticleRow, goods.ARTICLE), ("not_articles", ArticleRow, goods.ARTICLE),
            ("groups", ArticleGroup, goods.GROUP), ("not_groups", ArticleGroup, goods.GROUP),
        ):  # fmt: skip
            wanted = set(getattr(each, name))
            there = set(into.session.scalars(sa.select(row.key).where(row.key.in_(wanted))))
            for key in sorted(wanted - there):
                if into.left(kind, key) is None:
                    said = "api.no-article" if kind is goods.ARTICLE else "api.no-group"
                    raise wrong(f"goods[{n}].{name}", said, number=key, key=key)


@operation("PUT", "/promotions/{key}", "promotions:write", answers=models.Outcome, made=True,
           query=Collecting, body=offers.PromotionBody, keys={"key": NUMBER}, wrong=WRONG)  # fmt: skip
def put_promotion(call: Call) -> Told:
    """Make a promotion, or say it anew; `until` now ends it. Open receipts keep what they had."""
    key = call.path["key"]
    item = offers.PromotionItem(key=key, **call.body.model_dump(exclude_unset=True))
    return one(call, item, _put_promotion, key, PROMOTION)


@operation("PUT", "/promotions", "promotions:write", answers=models.Outcome, query=CollectingMany,
           body=offers.PromotionItem, bulk=True, wrong=WRONG)  # fmt: skip
def put_promotions(call: Call) -> Told:
    """Write up to 1,000 promotions: all or none, or with `partial` each that can be."""
    return many(call, _put_promotion, lambda item: str(item.key))
