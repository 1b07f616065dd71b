"""Articles, their groups, codes and prices: the rows that head office edits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from schemas import article as documents
from schemas.keys import ArticleKey, Barcode, BranchKey, GroupKey, TaxClass
from schemas.money import Currency, Money, UnitPrice
from schemas.price import Price
from services.database import changes
from services.database.tables import Instant, Number, Table


class EditConflict(Exception):
    """Somebody else changed the same row meanwhile; nothing was saved. `by` and `at` say who, when."""

    def __init__(self, by: str, at: datetime) -> None:
        self.by = by
        self.at = at
        super().__init__(f"{by} changed this at {at:%H:%M}.")


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


class ArticleCode(Table):
    """One barcode of an article. Case counts; one code may be on one article only."""

    __tablename__ = "article_code"

    value: Mapped[str] = mapped_column(sa.String(48), primary_key=True)
    article: Mapped[str] = mapped_column(sa.ForeignKey("article.key"), index=True)
    pack: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)


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
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[str] = mapped_column(sa.String(60))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    words: Mapped[str] = mapped_column(sa.String(1500))
    codes: Mapped[list[ArticleCode]] = relationship(
        order_by=ArticleCode.position, cascade="all, delete-orphan", lazy="selectin"
    )

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
            codes=tuple(documents.Code(Barcode(c.value), c.pack) for c in self.codes),
        )


class PriceRow(Table):
    """What an article costs from an instant on, in 100,000ths; in the chain, or in one branch.

    With `ends` it is a special price; `price_list` and `customers` are empty for everybody's.
    """

    __tablename__ = "price"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    article: Mapped[str] = mapped_column(sa.String(40))
    branch: Mapped[str] = mapped_column(sa.String(12), default="")
    begins: Mapped[datetime] = mapped_column(Instant)
    ends: Mapped[datetime | None] = mapped_column(Instant)
    special: Mapped[bool] = mapped_column(default=False)
    price_list: Mapped[str] = mapped_column(sa.String(40), default="")
    customers: Mapped[str] = mapped_column(sa.String(40), default="")
    fine: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    sample: Mapped[bool] = mapped_column(default=False)
    changed_by: Mapped[str] = mapped_column(sa.String(60))
    changed_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        sa.UniqueConstraint("article", "branch", "begins", "special", "price_list", "customers"),
    )

    @property
    def amount(self) -> UnitPrice:
        """The price."""
        return UnitPrice(self.fine, Currency(self.currency))

    def document(self) -> Price:
        """The price as tills have it."""
        return Price(
            ArticleKey(self.article),
            self.begins,
            self.amount,
            BranchKey(self.branch) if self.branch else None,
            self.sample or None,
            self.ends,
            self.price_list or None,
            self.customers or None,
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
    return found


def words(document: documents.Article) -> str:
    """What search reads of an article: number, names, codes, in small letters."""
    names = [document.key, document.de, document.en, document.es]
    codes = [code.value for code in document.codes]
    return " ".join(part for part in [*names, *codes] if part).casefold()[:1500]


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
    row.version += 1
    row.changed_by, row.changed_at = by, datetime.now(UTC)
    changes.record(session, document, changes.CHAIN, by)
    return row


def columns(document: documents.Article) -> dict[str, Any]:
    """What a row holds of its article's document; codes have rows of their own."""
    found = {name: getattr(document, name) for name in ("de", "en", "es", "group", "unit", "tax")}
    return found | {
        "age": document.age,
        "terms": _terms_written(document) or None,
        "deposit": document.deposit.minor if document.deposit else None,
        "deposit_currency": document.deposit.currency if document.deposit else None,
        "words": words(document),
    }


def put_group(session: Session, group: documents.Group, by: str) -> None:
    """Keep a group and note the change."""
    session.merge(
        ArticleGroup(
            key=group.key, de=group.de, en=group.en, es=group.es, parent=group.parent,
            colour=group.colour, picture=group.picture,
        )
    )  # fmt: skip
    changes.record(session, group, changes.CHAIN, by)


def put_price(session: Session, price: Price, by: str) -> PriceRow:
    """Keep a price and note the change; one that begins at the same instant is replaced."""
    row = session.scalar(
        sa.select(PriceRow).where(
            PriceRow.article == price.article,
            PriceRow.branch == (price.branch or ""),
            PriceRow.begins == price.begins,
            PriceRow.special == (price.ends is not None),
            PriceRow.price_list == (price.price_list or ""),
            PriceRow.customers == (price.customers or ""),
        )
    )
    if row is None:
        row = PriceRow(
            article=price.article, branch=price.branch or "", begins=price.begins,
            special=price.ends is not None, price_list=price.price_list or "",
            customers=price.customers or "",
        )  # fmt: skip
        session.add(row)
    row.ends = price.ends
    row.fine, row.currency = price.amount.fine, price.amount.currency
    row.sample = bool(price.sample)
    row.changed_by, row.changed_at = by, datetime.now(UTC)
    changes.record(session, price, changes.CHAIN, by)
    return row


def remove_price(session: Session, row: PriceRow, by: str) -> None:
    """Take a price back, as an undo does; tills get a tombstone."""
    changes.gone(session, "price", row.document().key, changes.CHAIN, by)
    session.delete(row)


def change_price(
    session: Session,
    article: str,
    amount: UnitPrice,
    by: str,
    *,
    begins: datetime | None = None,
    branch: str = "",
    seen: int | None = None,
) -> PriceRow:
    """Set what an article costs from `begins` on (now, where it is None).

    seen  the row version that the editor saw; raises EditConflict where it is another now
    """
    row = session.get(ArticleRow, article, with_for_update=True)
    if row is None:
        raise LookupError(article)
    if seen is not None and seen != row.version:
        raise EditConflict(row.changed_by, row.changed_at)
    now = datetime.now(UTC)
    row.version += 1
    row.changed_by, row.changed_at = by, now
    price = Price(ArticleKey(article), begins or now, amount, BranchKey(branch) if branch else None)
    return put_price(session, price, by)


def _begun(at: datetime, branch: str) -> Any:
    return sa.select(
        PriceRow,
        sa.func.row_number()
        .over(
            partition_by=PriceRow.article,
            order_by=(PriceRow.branch.desc(), PriceRow.begins.desc()),
        )
        .label("place"),
    ).where(PriceRow.begins <= at, PriceRow.branch.in_(["", branch]), *_everybodys())


def _everybodys() -> list[Any]:
    """Base prices, which hold for every customer."""
    return [PriceRow.special.is_(False), PriceRow.price_list == "", PriceRow.customers == ""]


def current_prices(
    session: Session, keys: list[str], at: datetime, branch: str = ""
) -> dict[str, PriceRow]:
    """The price that holds for each article at an instant, in a branch or in the chain."""
    ranked = _begun(at, branch).where(PriceRow.article.in_(keys)).subquery()
    rows = session.scalars(
        sa.select(PriceRow).join(ranked, ranked.c.id == PriceRow.id).where(ranked.c.place == 1)
    )
    return {row.article: row for row in rows}


def coming_prices(
    session: Session, keys: list[str], at: datetime, branch: str = ""
) -> dict[str, PriceRow]:
    """The next price of each article that has not begun yet."""
    rows = session.scalars(
        sa.select(PriceRow)
        .where(
            PriceRow.article.in_(keys),
            PriceRow.begins > at,
            PriceRow.branch.in_(["", branch]),
            *_everybodys(),
        )
        .order_by(PriceRow.begins.desc())
    )
    return {row.article: row for row in rows}


def prices_of(session: Session, article: str) -> list[PriceRow]:
    """All price steps of an article, newest first."""
    return list(
        session.scalars(
            sa.select(PriceRow).where(PriceRow.article == article).order_by(PriceRow.begins.desc())
        )
    )


def find(text: str = "", task: str = "", group: str = "") -> sa.Select[Any]:
    """The articles that match: all words of `text`, a task (`price` or `name` missing), a group."""
    query = sa.select(ArticleRow)
    for word in text.casefold().split()[:8]:
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = query.where(ArticleRow.words.like(f"%{escaped}%", escape="\\"))
    if group:
        query = query.where(ArticleRow.group == group)
    if task == "price":
        priced = sa.exists().where(PriceRow.article == ArticleRow.key)
        query = query.where(~priced)
    if task == "name":
        query = query.where(
            ArticleRow.de.is_(None), ArticleRow.en.is_(None), ArticleRow.es.is_(None)
        )
    return query
