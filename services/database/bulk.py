"""Many articles, groups and prices at once: statements for thousands of rows instead of one each.

What a row holds is said where its table is (`articles.columns`); here is only how it goes quickly.
Documents are made and checked before the transaction, since SQLite lets nobody else write in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import binding
from schemas.article import Article, Group
from schemas.price import Price
from services.database import articles, changes
from services.database.articles import ArticleCode, ArticleRow
from services.database.changes import Change
from services.database.prices import PriceRow

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record that is sound for every till, and its bytes. `supplier` of an article; None: none."""

    document: Any
    data: bytes
    supplier: str | None = None


def prepared(document: Any, supplier: str | None = None) -> Prepared:
    """A record as it will be kept; raises RecordRefused where no till would take it."""
    return Prepared(document, changes.sound(document), supplier)


def put(session: Session, given: Sequence[Prepared], by: str) -> None:
    """Keep many records in the caller's transaction, and note each change for the tills."""
    for each in given:
        if isinstance(each.document, Group):
            articles.put_group(session, each.document, by)
    session.flush()
    now = datetime.now(UTC)
    _put_articles(session, [each for each in given if isinstance(each.document, Article)], by, now)
    _put_prices(
        session, [each.document for each in given if isinstance(each.document, Price)], by, now
    )
    entry = changes.entry(session)
    kept = [each for each in given if not isinstance(each.document, Group)]
    for some in _parts(kept):
        session.execute(
            sa.insert(Change),
            [
                {
                    "scope": changes.CHAIN,
                    "kind": binding.tag(type(each.document)),
                    "key": each.document.key,
                    "document": each.data,
                    "by": by,
                    "made_at": now,
                    "entry": entry,
                }
                for each in some
            ],
        )
    if given:
        session.info["changed"] = True


def _put_articles(session: Session, given: list[Prepared], by: str, now: datetime) -> None:
    table = cast(sa.Table, ArticleRow.__table__)
    columns = {attribute.key: attribute.columns[0].name for attribute in
               sa.inspect(ArticleRow).column_attrs}  # fmt: skip
    for some in _parts(given):
        keys = [each.document.key for each in some]
        there = set(session.scalars(sa.select(ArticleRow.key).where(ArticleRow.key.in_(keys))))
        session.execute(sa.delete(ArticleCode).where(ArticleCode.article.in_(there)))
        fresh, again = [], []
        for each in some:
            values = articles.columns(each.document)
            values |= {"supplier": each.supplier, "changed_by": by, "changed_at": now}
            row = {columns[name]: value for name, value in values.items()}
            if each.document.key in there:
                again.append(
                    {f"_{name}": value for name, value in row.items()} | {"_key": each.document.key}
                )
            else:
                fresh.append({**row, "key": each.document.key, "version": 1})
        if fresh:
            session.execute(sa.insert(table), fresh)
        if again:
            new: dict[str, Any] = {
                name[1:]: sa.bindparam(name) for name in again[0] if name != "_key"
            }
            statement = sa.update(table).where(table.c.key == sa.bindparam("_key"))
            session.connection().execute(
                statement.values(**new, version=table.c.version + 1), again
            )
    codes = [
        {"value": code.value, "article": each.document.key, "pack": code.pack, "position": n}
        for each in given
        for n, code in enumerate(each.document.codes)
    ]
    for part in _parts(codes):
        session.execute(sa.insert(ArticleCode), part)
    session.expire_all()


def _put_prices(session: Session, given: list[Price], by: str, now: datetime) -> None:
    """Prices that begin when another of the same place does take its place."""
    for some in _parts(given):
        keys = {price.article for price in some}
        there = {
            row.document().key: row.id
            for row in session.scalars(sa.select(PriceRow).where(PriceRow.article.in_(keys)))
        }
        gone = [there[price.key] for price in some if price.key in there]
        session.execute(sa.delete(PriceRow).where(PriceRow.id.in_(gone)))
        session.execute(
            sa.insert(PriceRow),
            [
                {
                    "article": price.article,
                    "branch": price.branch or "",
                    "begins": price.begins,
                    "ends": price.ends,
                    "special": price.ends is not None,
                    "price_list": price.price_list or "",
                    "customers": price.customers or "",
                    "fine": price.amount.fine,
                    "currency": price.amount.currency,
                    "sample": bool(price.sample),
                    "changed_by": by,
                    "changed_at": now,
                }
                for price in some
            ],
        )


def _parts(items: Sequence[Any]) -> Iterator[list[Any]]:
    for begin in range(0, len(items), _AT_ONCE):
        yield list(items[begin : begin + _AT_ONCE])
