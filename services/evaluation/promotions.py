"""Promotions as head office looks at them: which there are, which want the same goods at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.promotion import Goods, Promotion
from services.database import changes
from services.database.articles import ArticleGroup, ArticleRow
from services.database.changes import CHAIN, Change, Published
from services.pricing.rivalry import ancestors

_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rivalry:
    """Another promotion that may want the same goods at the same time.

    articles  some of the goods that both want, and how many there are in all
    kind      same-layer: a piece takes part in one of them; stacks: it takes part in both, one
              after the other; shut-out: the earlier layer is exclusive
    """

    promotion: Promotion
    articles: tuple[str, ...]
    many: int
    kind: str


def every(session: Session) -> list[Promotion]:
    """All promotions as last edited, those that begin latest first."""
    return sorted(
        changes.every(session, Promotion), key=lambda each: (each.begins, each.key), reverse=True
    )


def one(session: Session, key: str) -> Promotion | None:
    """The promotion of this key, as last edited."""
    return changes.one(session, Promotion, key)


def above(session: Session) -> dict[str, frozenset[str]]:
    """For each group of articles, itself and all above it."""
    rows = session.execute(sa.select(ArticleGroup.key, ArticleGroup.parent))
    return ancestors({row.key: row.parent for row in rows})


def goods_query(session: Session, goods: Goods) -> sa.Select[Any] | None:
    """A question for the articles that belong to goods; None where all do."""
    if not (goods.articles or goods.groups or goods.not_articles or goods.not_groups):
        return None
    trees = above(session)
    inside = {key for key, up in trees.items() if not up.isdisjoint(goods.groups)}
    outside = {key for key, up in trees.items() if not up.isdisjoint(goods.not_groups)}
    query = sa.select(ArticleRow.key).where(ArticleRow.key.not_in(goods.not_articles))
    if goods.articles or goods.groups:
        either = sa.or_(ArticleRow.key.in_(goods.articles), ArticleRow.group.in_(inside))
        query = query.where(either)
    if outside:
        query = query.where(sa.or_(ArticleRow.group.is_(None), ArticleRow.group.not_in(outside)))
    return query


def wanted_query(session: Session, promotion: Promotion) -> sa.CompoundSelect[Any] | None:
    """A question for the articles that any of a promotion's goods hold; None where all do."""
    queries = [goods_query(session, goods) for goods in promotion.goods]
    some = [query for query in queries if query is not None]
    return sa.union(*some) if some and len(some) == len(queries) else None


def all_wanted(session: Session, promotion: Promotion) -> set[str] | None:
    """The articles that any of a promotion's goods hold; None where all do."""
    query = wanted_query(session, promotion)
    return None if query is None else set(session.scalars(query))


def rivals(session: Session, draft: Promotion) -> list[Rivalry]:
    """The promotions that a draft meets: on at the same time, in a branch, over the same goods."""
    mine = all_wanted(session, draft)
    found = []
    for other in every(session):
        if other.key == draft.key or not _meet(draft, other):
            continue
        theirs = all_wanted(session, other)
        both = theirs if mine is None else mine if theirs is None else mine & theirs
        if both is not None and not both:
            continue
        names = tuple(sorted(both or ())[:5])
        found.append(
            Rivalry(other, names, len(both) if both is not None else 0, _kind(draft, other))
        )
    return found


def _kind(one_: Promotion, other: Promotion) -> str:
    if one_.layer == other.layer:
        return "same-layer"
    first = min(one_, other, key=lambda each: each.layer)
    return "shut-out" if first.exclusive else "stacks"


def _meet(one_: Promotion, other: Promotion) -> bool:
    """May both be on at once, somewhere? Days that a time after midnight reaches count too."""
    if (one_.ends or _EVER) <= other.begins or (other.ends or _EVER) <= one_.begins:
        return False
    if one_.branches and other.branches and not set(one_.branches) & set(other.branches):
        return False
    if one_.days and other.days and not _reached(one_) & _reached(other):
        return False
    return _clock(one_) is None or _clock(other) is None or bool(_clock(one_) & _clock(other))  # type: ignore[operator]


def _reached(promotion: Promotion) -> set[int]:
    days = {int(day) for day in promotion.days}
    if (promotion.end_time or "24:00") < (promotion.begin_time or "00:00"):
        days |= {day % 7 + 1 for day in days}
    return days


def _clock(promotion: Promotion) -> set[int] | None:
    """The minutes of the day at which it may be on; None: always."""
    if promotion.begin_time is None and promotion.end_time is None:
        return None
    begin, end = (
        _minute(t) for t in (promotion.begin_time or "00:00", promotion.end_time or "24:00")
    )
    if begin <= end:
        return set(range(begin, end))
    return set(range(begin, 1440)) | set(range(end))


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def published(session: Session) -> list[Promotion]:
    """All promotions as tills have them."""
    rows = session.scalars(
        sa.select(Published.document).where(Published.scope == CHAIN, Published.kind == "promotion")
    )
    return [xml.load(Promotion, document) for document in rows]


def history_keys(session: Session) -> set[str]:
    """The keys that any promotion ever had: a new one takes none of them."""
    return set(session.scalars(sa.select(Change.key).where(Change.kind == "promotion").distinct()))
