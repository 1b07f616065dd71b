"""Articles, their groups and codes: the rows that head office edits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from schemas import article as documents
from schemas import spelling
from schemas.keys import ArticleKey, Barcode, GroupKey, ModelKey, TaxClass
from schemas.money import Currency, Money
from schemas.quantity import Quantity
from services.database import changes, supplies
from services.database.tables import Instant, Number, Table


class EditConflict(Exception):
    """Somebody else changed the same row meanwhile; nothing was saved. `by` and `at` say who, when."""

    def __init__(self, by: str, at: datetime) -> None:
        self.by = by
        self.at = at
        super().__init__(f"{by} changed this at {at:%H:%M}.")


def sort_text(language: str) -> str:
    """The name that a list in this language is sorted by, as an expression that has an index."""
    others = [each for each in ("de", "en", "es") if each != language]
    return f"lower(coalesce({', '.join((language, *others))}, key))"


class ArticleGroup(Table):
    """A group of articles; groups form a tree."""

    __tablename__ = "article_group"

    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    de: Mapped[str | None] = mapped_column(sa.String(200))
    en: Mapped[str | None] = mapped_column(sa.String(200))
    es: Mapped[str | None] = mapped_column(sa.String(200))
    parent: Mapped[str | None] = mapped_column(sa.String(40))
    colour: Mapped[str | None] = mapped_column(sa.String(40))
    picture: Mapped[str | None] = mapped_column(sa.String(40))

    def document(self) -> documents.Group:
        """The group as tills have it."""
        parent = GroupKey(self.parent) if self.parent else None
        return documents.Group(
            GroupKey(self.key), self.de, self.en, self.es, parent, self.colour, self.picture
        )


class ArticleCode(Table):
    """One barcode of an article. Case counts; one code may be on one article only."""

    __tablename__ = "article_code"

    value: Mapped[str] = mapped_column(sa.String(48), primary_key=True)
    article: Mapped[str] = mapped_column(sa.ForeignKey("article.key"), index=True)
    pack: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)


class ArticleTag(Table):
    """A tag of an article, to find and count by; what an article's tags are, its row says itself."""

    __tablename__ = "article_tag"

    tag: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    article: Mapped[str] = mapped_column(sa.String(40), primary_key=True, index=True)


class ArticlePart(Table):
    """What the set `whole` holds of an article; `quantity` in thousandths of its unit."""

    __tablename__ = "article_part"

    whole: Mapped[str] = mapped_column(sa.ForeignKey("article.key"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    article: Mapped[str] = mapped_column(sa.String(40), index=True)
    quantity: Mapped[int] = mapped_column(Number)
    unit: Mapped[str] = mapped_column(sa.String(4))


class ArticleRow(Table):
    """An article. `version` counts edits, so that two editors meet; `words` is what search reads."""

    __tablename__ = "article"

    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    de: Mapped[str | None] = mapped_column(sa.String(200))
    en: Mapped[str | None] = mapped_column(sa.String(200))
    es: Mapped[str | None] = mapped_column(sa.String(200))
    group: Mapped[str | None] = mapped_column("group_key", sa.String(40), index=True)
    unit: Mapped[str] = mapped_column(sa.String(4), default="pcs")
    tax: Mapped[str] = mapped_column(sa.String(40))
    deposit: Mapped[int | None] = mapped_column(sa.BigInteger)
    deposit_currency: Mapped[str | None] = mapped_column(sa.String(3))
    age: Mapped[int | None]
    terms: Mapped[dict[str, str] | None] = mapped_column(sa.JSON)
    supplier: Mapped[str | None] = mapped_column(sa.String(200))
    model: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    options: Mapped[list[str] | None] = mapped_column(sa.JSON)
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[str] = mapped_column(sa.String(60))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    words: Mapped[str] = mapped_column(sa.String(1500))
    priced: Mapped[bool] = mapped_column(default=False)
    """Has it a price for the whole chain, so that what lacks one is found without looking at all?"""
    codes: Mapped[list[ArticleCode]] = relationship(
        order_by=ArticleCode.position, cascade="all, delete-orphan", lazy="selectin"
    )
    parts: Mapped[list[ArticlePart]] = relationship(
        order_by=ArticlePart.position, cascade="all, delete-orphan", lazy="selectin"
    )

    __table_args__ = (
        sa.Index("ix_article_unpriced", "key", sqlite_where=sa.text("NOT priced"),
                 postgresql_where=sa.text("NOT priced")),
        sa.Index("ix_article_unnamed", "key",
                 sqlite_where=sa.text("de IS NULL AND en IS NULL AND es IS NULL"),
                 postgresql_where=sa.text("de IS NULL AND en IS NULL AND es IS NULL")),
        *(
            sa.Index(f"ix_article_sort_{language}", sa.text(sort_text(language)), "key")
            for language in ("de", "en", "es")
        ),
    )  # fmt: skip

    def name(self, language: str) -> str:
        """The name in `language`, else in any language, else the number."""
        return getattr(self, language, None) or self.de or self.en or self.es or self.key

    def document(self) -> documents.Article:
        """The article as tills have it."""
        deposit = None
        if self.deposit is not None and self.deposit_currency:
            deposit = Money(self.deposit, Currency(self.deposit_currency))
        return documents.Article(
            key=ArticleKey(self.key),
            de=self.de,
            en=self.en,
            es=self.es,
            group=GroupKey(self.group) if self.group else None,
            unit=self.unit,
            tax=TaxClass(self.tax),
            deposit=deposit,
            age=self.age,
            **_terms_read(self.terms or {}),
            model=ModelKey(self.model) if self.model else None,
            codes=tuple(documents.Code(Barcode(c.value), c.pack) for c in self.codes),
            parts=tuple(
                documents.Part(ArticleKey(p.article), Quantity(p.quantity, p.unit))
                for p in self.parts
            ),
            options=tuple(documents.Option(value) for value in self.options or ()),
        )


def _terms_written(document: documents.Article) -> dict[str, str]:
    """What few articles have, as texts by name."""
    found = {
        "fixed": "true" if document.fixed else None,
        "asks": " ".join(document.asks),
        "question": document.question,
        "voucher": document.voucher,
        "least": str(document.least) if document.least else None,
        "most": str(document.most) if document.most else None,
        "size": str(document.size) if document.size else None,
        "branches": " ".join(document.branches),
        "tags": " ".join(document.tags),
    }
    return {name: text for name, text in found.items() if text}


def _terms_read(terms: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {name: terms[name] for name in ("question", "voucher") if name in terms}
    if "fixed" in terms:
        found["fixed"] = True
    if "asks" in terms:
        found["asks"] = tuple(terms["asks"].split())
    for name in ("least", "most"):
        if name in terms:
            found[name] = Money.parse(*terms[name].split())
    if "size" in terms:
        found["size"] = Quantity.parse(*terms["size"].split())
    for name in ("branches", "tags"):
        if name in terms:
            found[name] = tuple(terms[name].split())
    return found


def words(document: documents.Article) -> str:
    """What search reads of an article: number, names, tags, codes, as people may spell them."""
    names = [document.key, document.de, document.en, document.es]
    codes = [code.value for code in document.codes]
    also = [*document.tags, document.model, *(option.value for option in document.options)]
    return spelling.findable(" ".join(part for part in [*names, *codes, *also] if part))[:1500]


def put(
    session: Session, document: documents.Article, by: str, supplier: str | None = None
) -> ArticleRow:
    """Keep an article, new or changed, and note the change for the tills.

    supplier  None: as it is; "": none
    """
    row = session.get(ArticleRow, document.key)
    if row is None:
        row = ArticleRow(key=document.key, version=0)
        session.add(row)
    for name, value in columns(document).items():
        setattr(row, name, value)
    if supplier is not None:
        row.supplier = supplier or None
    row.codes = [
        ArticleCode(value=code.value, pack=code.pack, position=n)
        for n, code in enumerate(document.codes)
    ]
    row.parts = [ArticlePart(**each) for each in part_rows(document)]
    row.version += 1
    row.changed_by, row.changed_at = by, datetime.now(UTC)
    put_tags(session, [document])
    changes.record(session, document, changes.CHAIN, by)
    return row


def put_tags(session: Session, some: Sequence[documents.Article]) -> None:
    """Let some articles be found by the tags that they have now, and by no other."""
    session.execute(
        sa.delete(ArticleTag).where(ArticleTag.article.in_([each.key for each in some]))
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    rows = [{"tag": tag, "article": each.key} for each in some for tag in each.tags]
    if rows:
        session.execute(sa.insert(ArticleTag), rows)


def tags(session: Session, most: int = 200) -> list[str]:
    """The tags that there are, in order; each is one step in the index, however many articles have it."""
    first = sa.select(sa.func.min(ArticleTag.tag).label("tag")).cte("known", recursive=True)
    following = (
        sa.select(sa.func.min(ArticleTag.tag)).where(ArticleTag.tag > first.c.tag).scalar_subquery()
    )
    known = first.union_all(sa.select(following).where(first.c.tag.is_not(None)))
    query = sa.select(known.c.tag).where(known.c.tag.is_not(None)).limit(most)
    return [str(tag) for tag in session.scalars(query)]


def tax_classes(session: Session) -> list[str]:
    """The tax classes that an article can have: those with a rate in some zone."""
    return sorted({key.partition("|")[0] for key in changes.keys(session, changes.CHAIN, "tax")})


def columns(document: documents.Article) -> dict[str, Any]:
    """What a row holds of its article's document; codes and parts have rows of their own."""
    names = ("de", "en", "es", "group", "unit", "tax", "model")
    return {name: getattr(document, name) for name in names} | {
        "options": [option.value for option in document.options] or None,
        "age": document.age,
        "terms": _terms_written(document) or None,
        "deposit": document.deposit.minor if document.deposit else None,
        "deposit_currency": document.deposit.currency if document.deposit else None,
        "words": words(document),
    }


def part_rows(document: documents.Article) -> list[dict[str, Any]]:
    """The rows of a set's parts, as columns."""
    return [
        {"whole": document.key, "position": n, "article": part.article,
         "quantity": part.quantity.thousandths, "unit": part.quantity.unit}
        for n, part in enumerate(document.parts)
    ]  # fmt: skip


def put_group(session: Session, group: documents.Group, by: str) -> None:
    """Keep a group and note the change."""
    session.merge(
        ArticleGroup(
            key=group.key, de=group.de, en=group.en, es=group.es, parent=group.parent,
            colour=group.colour, picture=group.picture,
        )
    )  # fmt: skip
    changes.record(session, group, changes.CHAIN, by)


def remove(session: Session, key: str, by: str) -> None:
    """Take an article away, as an undo does; its prices and its receipts stay."""
    row = session.get(ArticleRow, key)
    if row is not None:
        session.execute(sa.delete(ArticleTag).where(ArticleTag.article == key))
        session.delete(row)
        changes.gone(session, "article", key, changes.CHAIN, by)


def remove_group(session: Session, key: str, by: str) -> None:
    """Take a group away, as an undo does."""
    row = session.get(ArticleGroup, key)
    if row is not None:
        session.delete(row)
        changes.gone(session, "group", key, changes.CHAIN, by)


def find(
    text: str = "", task: str = "", group: str = "", *, model: str = "", tag: str = ""
) -> sa.Select[Any]:
    """The articles that match: all words or the order code, the task `name`, a group, model, tag."""
    query = sa.select(ArticleRow)
    if words := spelling.folded(text).split()[:8]:
        said = sa.and_(*(ArticleRow.words.contains(word, autoescape=True) for word in words))
        called = supplies.called(text)
        if called is not None:
            ordered = sa.select(supplies.SupplyRow.article).where(called)
            said = sa.or_(said, ArticleRow.key.in_(ordered))
        query = query.where(said)
    if group:
        query = query.where(ArticleRow.group == group)
    if tag:
        tagged = sa.select(ArticleTag.article).where(ArticleTag.tag == tag)
        query = query.where(ArticleRow.key.in_(tagged))
    if model:
        query = query.where(ArticleRow.model == model)
    if task == "name":
        query = query.where(
            ArticleRow.de.is_(None), ArticleRow.en.is_(None), ArticleRow.es.is_(None)
        )
    return query
