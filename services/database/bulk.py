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
from schemas.model import Model
from schemas.price import Price
from services.database import articles, changes, models
from services.database.articles import ArticleCode, ArticlePart, ArticleRow, ArticleTag
from services.database.changes import Change
from services.database.prices import PriceRow, mark

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record that is sound for every till, and its bytes.

    supplier  of an article: None leaves what is there, "" is none
    """

    document: Any
    data: bytes
    supplier: str | None = None


def prepared(document: Any, supplier: str | None = None) -> Prepared:
    """A record as it will be kept; raises RecordRefused where no till would take it."""
    return Prepared(document, changes.sound(document), supplier)


def put(session: Session, given: Sequence[Prepared], by: str) -> None:
    """Keep many groups, models, articles and prices in the caller's transaction; tills are told of each."""
    session.flush()
    for each in given:
        if isinstance(each.document, Group):
            articles.put_group(session, each.document, by)
        elif isinstance(each.document, Model):
            models.put(session, each.document, by)
    session.flush()
    now = datetime.now(UTC)
    _put_articles(session, [each for each in given if isinstance(each.document, Article)], by, now)
    _put_prices(
        session, [each.document for each in given if isinstance(each.document, Price)], by, now
    )
    mark(
        session,
        (_article(each.document) for each in given if not isinstance(each.document, Group | Model)),
    )
    kept = [each for each in given if not isinstance(each.document, Group | Model)]
    _note(session, [(binding.tag(type(e.document)), e.document.key, e.data) for e in kept], by, now)


def remove(session: Session, kind: str, keys: Sequence[str], by: str) -> None:
    """Take many articles or prices away, as an undo does; tills get a tombstone of each that was there."""
    session.flush()
    now = datetime.now(UTC)
    for some in _parts(keys):
        there = (
            _remove_prices(session, some) if kind == "price" else _remove_articles(session, some)
        )
        _note(session, [(kind, key, None) for key in some if key in there], by, now)
    mark(session, (key.partition("|")[0] for key in keys))
    session.expire_all()


def _article(document: Article | Price) -> str:
    return document.key if isinstance(document, Article) else document.article


def _remove_articles(session: Session, keys: list[str]) -> set[str]:
    there = set(session.scalars(sa.select(ArticleRow.key).where(ArticleRow.key.in_(keys))))
    for statement in (
        sa.delete(ArticleCode).where(ArticleCode.article.in_(there)),
        sa.delete(ArticleTag).where(ArticleTag.article.in_(there)),
        sa.delete(ArticlePart).where(ArticlePart.whole.in_(there)),
        sa.delete(ArticleRow).where(ArticleRow.key.in_(there)),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    return there


def _remove_prices(session: Session, keys: list[str]) -> set[str]:
    rows = _prices_of(session, {key.partition("|")[0] for key in keys})
    gone = {key: rows[key] for key in keys if key in rows}
    statement = sa.delete(PriceRow).where(PriceRow.id.in_(gone.values()))
    session.execute(statement.execution_options(synchronize_session=False))
    return set(gone)


def _prices_of(session: Session, wanted: set[str]) -> dict[str, int]:
    """The rows of all prices of some articles, by the keys of their documents."""
    rows = session.scalars(sa.select(PriceRow).where(PriceRow.article.in_(wanted)))
    return {row.document().key: row.id for row in rows}


def _note(
    session: Session, changed: Sequence[tuple[str, str, bytes | None]], by: str, now: datetime
) -> None:
    """Note changes of the chain's records, as changes.record and changes.gone do of one."""
    entry = changes.entry(session)
    for some in _parts(changed):
        session.execute(
            sa.insert(Change),
            [
                {"scope": changes.CHAIN, "kind": kind, "key": key, "document": data, "by": by,
                 "made_at": now, "entry": entry}
                for kind, key, data in some
            ],
        )  # fmt: skip
    if changed:
        session.info["changed"] = True


def _put_articles(session: Session, given: list[Prepared], by: str, now: datetime) -> None:
    table = cast(sa.Table, ArticleRow.__table__)
    columns = {attribute.key: attribute.columns[0].name for attribute in
               sa.inspect(ArticleRow).column_attrs}  # fmt: skip
    for some in _parts(given):
        keys = [each.document.key for each in some]
        found = session.execute(
            sa.select(ArticleRow.key, ArticleRow.supplier).where(ArticleRow.key.in_(keys))
        )
        suppliers: dict[str, str | None] = {row.key: row.supplier for row in found}
        there = set(suppliers)
        for owned in (ArticleCode.article, ArticlePart.whole):
            session.execute(
                sa.delete(owned.class_).where(owned.in_(there))
                .execution_options(synchronize_session=False)
            )  # fmt: skip
        articles.put_tags(session, [each.document for each in some])
        fresh, again = [], []
        for each in some:
            values = articles.columns(each.document)
            values |= {"changed_by": by, "changed_at": now}
            held = suppliers.get(each.document.key)
            values["supplier"] = held if each.supplier is None else each.supplier or None
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
    rows = [row for each in given for row in articles.part_rows(each.document)]
    for part in _parts(rows):
        session.execute(sa.insert(ArticlePart), part)
    session.expire_all()


def _put_prices(session: Session, given: list[Price], by: str, now: datetime) -> None:
    """One that begins when another of the same place does takes its place."""
    table = cast(sa.Table, PriceRow.__table__)
    for some in _parts(given):
        there = _prices_of(session, {price.article for price in some})
        fresh, again = [], []
        for price in some:
            values = {
                "ends": price.ends, "fine": price.amount.fine, "currency": price.amount.currency,
                "sample": bool(price.sample), "changed_by": by, "changed_at": now,
            }  # fmt: skip
            if price.key in there:
                again.append({f"_{name}": value for name, value in values.items()}
                             | {"_row": there[price.key]})  # fmt: skip
            else:
                place = {
                    "article": price.article, "branch": price.branch or "", "begins": price.begins,
                    "special": price.ends is not None, "price_list": price.price_list or "",
                    "customers": price.customers or "",
                }  # fmt: skip
                fresh.append(values | place)
        if fresh:
            session.execute(sa.insert(PriceRow), fresh)
        if again:
            new: dict[str, Any] = {n[1:]: sa.bindparam(n) for n in again[0] if n != "_row"}
            statement = sa.update(table).where(table.c.id == sa.bindparam("_row")).values(**new)
            session.connection().execute(statement, again)
    session.expire_all()


def _parts(items: Sequence[Any]) -> Iterator[list[Any]]:
    for begin in range(0, len(items), _AT_ONCE):
        yield list(items[begin : begin + _AT_ONCE])
