"""Prices: what articles cost, where, for whom and from when; the rows that head office edits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas.keys import ArticleKey, BranchKey
from schemas.money import Currency, UnitPrice
from schemas.price import Price
from services.database import changes
from services.database.articles import ArticleRow, EditConflict
from services.database.tables import Instant, Number, Table


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


def put_price(session: Session, price: Price, by: str) -> PriceRow:
    """Keep a price and note the change; one that begins at the same instant is replaced."""
    return put_prices(session, [price], by)[0]


def put_prices(session: Session, prices: Sequence[Price], by: str) -> list[PriceRow]:
    """Keep many prices at once; answers their rows in the same order."""
    there = price_rows(session, {price.article for price in prices})
    rows = []
    for price in prices:
        row = there.get(price.key)
        if row is None:
            row = there[price.key] = PriceRow(
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
        rows.append(row)
    mark(session, {price.article for price in prices if not price.branch})
    return rows


def mark(session: Session, articles: Iterable[str]) -> None:
    """Note of articles that they have a price for the whole chain, or have none any more."""
    session.flush()
    keys = sorted(set(articles))
    for begin in range(0, len(keys), 500):
        some = keys[begin : begin + 500]
        has = sa.exists().where(PriceRow.article == ArticleRow.key, PriceRow.branch == "")
        session.execute(
            sa.update(ArticleRow)
            .where(ArticleRow.key.in_(some), ArticleRow.priced != has)
            .values(priced=has)
            .execution_options(synchronize_session=False)
        )


def price_rows(session: Session, wanted: Iterable[str]) -> dict[str, PriceRow]:
    """All prices of some articles, by the keys of their documents."""
    keys = sorted(set(wanted))
    found: dict[str, PriceRow] = {}
    for begin in range(0, len(keys), 500):
        query = sa.select(PriceRow).where(PriceRow.article.in_(keys[begin : begin + 500]))
        found.update({row.document().key: row for row in session.scalars(query)})
    return found


def remove_price(session: Session, row: PriceRow, by: str) -> None:
    """Take a price back, as an undo does; tills get a tombstone."""
    remove_prices(session, [row], by)


def remove_prices(session: Session, rows: Sequence[PriceRow], by: str) -> None:
    """Take many prices back."""
    for row in rows:
        changes.gone(session, "price", row.document().key, changes.CHAIN, by)
        session.delete(row)
    mark(session, {ArticleKey(row.article) for row in rows if not row.branch})


def as_seen(session: Session, article: str, seen: int | None) -> ArticleRow:
    """The article, held for this transaction; raises EditConflict where its editor saw another."""
    row = session.get(ArticleRow, article, with_for_update=True)
    if row is None:
        raise LookupError(article)
    if seen is not None and seen != row.version:
        raise EditConflict(row.changed_by, row.changed_at)
    return row


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
    row = as_seen(session, article, seen)
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
