"""Customers of the chain, what receipts moved on their accounts, and what is held for open sales.

A customer's balance is the sum of their moves, one row a receipt: it never drifts, a receipt that
comes again moves nothing, and two customers who turn out to be one have one sum.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas.customer import Balance, Card, Collected, Customer
from schemas.keys import Barcode, CustomerKey, ProgrammeKey
from schemas.money import Currency, Money
from services.database import changes
from services.database.sales import Place, ReceiptRow
from services.database.tables import Instant, Table
from services.register import clientele

HELD_AT_MOST: Final = timedelta(days=30)


class CustomerRow(Table):
    """A customer; `into`: it turned out to be that one, and answers by its number for ever.

    folded, digits, mail  name, telephone and e-mail as they are compared
    """

    __tablename__ = "customer"

    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    folded: Mapped[str] = mapped_column(sa.String(400))
    phone: Mapped[str | None] = mapped_column(sa.String(60))
    digits: Mapped[str | None] = mapped_column(sa.String(60))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    mail: Mapped[str | None] = mapped_column(sa.String(254))
    address: Mapped[str | None] = mapped_column(sa.String(200))
    language: Mapped[str | None] = mapped_column(sa.String(2))
    customers: Mapped[str | None] = mapped_column(sa.String(40))
    currency: Mapped[str | None] = mapped_column(sa.String(3))
    most: Mapped[int | None] = mapped_column(sa.BigInteger)
    """How much they may owe, in minor units."""
    blocked: Mapped[bool] = mapped_column(default=False)
    consent: Mapped[bool | None]
    into: Mapped[str | None] = mapped_column(sa.String(40))
    made_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[str] = mapped_column(sa.String(60))

    __table_args__ = (
        sa.Index("ix_customer_folded", "folded"),
        sa.Index("ix_customer_into", "into"),
    )


class CardRow(Table):
    """A card's code, and whose it is."""

    __tablename__ = "customer_card"

    code: Mapped[str] = mapped_column(sa.String(48), primary_key=True)
    customer: Mapped[str] = mapped_column(sa.String(40))

    __table_args__ = (sa.Index("ix_customer_card_customer", "customer"),)


class AccountMove(Table):
    """What an entry put on a customer's account, or below zero paid of it; minor units."""

    __tablename__ = "account_move"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime] = mapped_column(Instant)
    currency: Mapped[str] = mapped_column(sa.String(3))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    offline: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (sa.Index("ix_account_move_customer", "customer", "at"),)


class PointsMove(Table):
    """What an entry brought of a programme, less what it used; thousandths of points."""

    __tablename__ = "points_move"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True)
    programme: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    customer: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime] = mapped_column(Instant)
    thousandths: Mapped[int] = mapped_column(sa.BigInteger)

    __table_args__ = (sa.Index("ix_points_move_customer", "customer", "programme"),)


class DebitRow(Table):
    """A direct debit that a till took; `state`: open, collected or returned.

    A debit that came back blocks its account, until somebody sets it to collected.
    """

    __tablename__ = "debit"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[int]
    account: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime] = mapped_column(Instant)
    currency: Mapped[str] = mapped_column(sa.String(3))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    offline: Mapped[bool]
    state: Mapped[str] = mapped_column(sa.String(10), default="open")

    __table_args__ = (sa.Index("ix_debit_account", "account", "state"),)


class HoldRow(Table):
    """So much of something is held for a sale whose end has not come yet; minor units."""

    __tablename__ = "hold"

    sale: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    programme: Mapped[str] = mapped_column(sa.String(40), primary_key=True, default="")
    branch: Mapped[str] = mapped_column(Place)
    till: Mapped[str] = mapped_column(Place)
    currency: Mapped[str] = mapped_column(sa.String(3))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        sa.Index("ix_hold_key", "kind", "key"),
        sa.Index("ix_hold_till", "branch", "till"),
    )


# Who


def find(session: Session, key: str) -> CustomerRow | None:
    """The customer with this number, or whom the one with it turned out to be."""
    row = session.get(CustomerRow, key)
    seen: set[str] = set()
    while row is not None and row.into and row.key not in seen:
        seen.add(row.key)
        row = session.get(CustomerRow, row.into)
    return row


def document(session: Session, row: CustomerRow) -> Customer:
    """The customer as tills know them."""
    also = session.scalars(
        sa.select(CustomerRow.key).where(CustomerRow.into == row.key).order_by(CustomerRow.key)
    )
    codes = session.scalars(
        sa.select(CardRow.code).where(CardRow.customer == row.key).order_by(CardRow.code)
    )
    limit = None
    if row.most is not None and row.currency:
        limit = Money(row.most, Currency(row.currency))
    return Customer(
        CustomerKey(row.key), row.name, row.phone, row.email, row.address, row.language,
        row.customers, limit, row.blocked or None, row.consent, tuple(also),
        tuple(Card(Barcode(code)) for code in codes),
    )  # fmt: skip


def register(session: Session, said: Customer, at: datetime, by: str) -> Customer:
    """A till says that it met this customer: made, put to what is known, or merged by the rule.

    Answers the customer as the chain knows them now. What only head office decides stays.
    """
    own = find(session, said.key)
    others = [row for row in _alike(session, said) if own is None or row.key != own.key]
    rows = sorted([*([own] if own else []), *others], key=lambda row: (row.made_at, row.key))
    if not rows:
        fresh = _row(CustomerRow(key=said.key, made_at=at), said, at, by)
        session.add(fresh)
        session.flush()
        return _told(session, fresh, said, by)
    kept = rows[0]
    # Of what came late, only what was not known counts: the newest word was said already.
    late = at < kept.changed_at
    before = document(session, kept)
    after = clientele.merged(said, before) if late else clientele.merged(before, said)
    _row(kept, after, max(at, kept.changed_at), by)
    for row in rows[1:]:
        _merge(session, row, kept, by)
    if own is None and session.get(CustomerRow, said.key) is None:
        alias = _row(CustomerRow(key=said.key, made_at=at), said, at, by)
        alias.into = kept.key
        session.add(alias)
        _move(session, said.key, kept.key)  # their receipts may have come before
        rows.append(alias)
    session.flush()
    if len(rows) > 1:
        _tell_balances(session, kept.key, by)
    return _told(session, kept, after, by)


def put(session: Session, said: Customer, by: str) -> Customer:
    """A manager says who a customer is, with group, limit, whether they are blocked, and all cards.

    A card that is not said is theirs no more; one that was another's is theirs now.
    """
    now = datetime.now(UTC)
    row = session.get(CustomerRow, said.key) or CustomerRow(key=said.key, made_at=now)
    _row(row, said, now, by)
    row.customers, row.blocked = said.customers, bool(said.blocked)
    row.most = said.limit.minor if said.limit else None
    row.currency = said.limit.currency if said.limit else row.currency
    session.add(row)
    session.flush()
    codes = [card.code for card in said.cards]
    mine = CardRow.customer == row.key
    session.execute(sa.delete(CardRow).where(mine, CardRow.code.not_in(codes)))
    taken = sa.select(CardRow.customer).where(CardRow.code.in_(codes), ~mine).distinct()
    others = [other for key in session.scalars(taken).all() if (other := find(session, key))]
    told = _told(session, row, said, by)
    for other in others:
        if other.key != row.key:
            changes.record(session, document(session, other), changes.CUSTOMERS, by)
    return told


def _alike(session: Session, said: Customer) -> list[CustomerRow]:
    """Customers that the rule takes for the same person."""
    owners = session.scalars(
        sa.select(CardRow.customer).where(CardRow.code.in_([card.code for card in said.cards]))
    )
    named = session.scalars(
        sa.select(CustomerRow).where(
            CustomerRow.folded == clientele.folded(said.name), CustomerRow.into.is_(None)
        )
    )
    found = {row.key: row for row in named if clientele.same(document(session, row), said)}
    for owner in owners:
        row = find(session, owner)
        if row is not None:
            found[row.key] = row
    return list(found.values())


def _row(row: CustomerRow, said: Customer, at: datetime, by: str) -> CustomerRow:
    row.name, row.folded = said.name, clientele.folded(said.name)[:400]
    row.phone, row.digits = said.phone, clientele.digits(said.phone) or None
    row.email, row.mail = said.email, (said.email or "").casefold() or None
    row.address, row.language, row.consent = said.address, said.language, said.consent
    row.changed_at, row.changed_by = at, by
    return row


def _merge(session: Session, row: CustomerRow, kept: CustomerRow, by: str) -> None:
    """Two are one: moves, cards and holds go over; the old number stays known."""
    _move(session, row.key, kept.key)
    session.execute(sa.update(CustomerRow).where(CustomerRow.into == row.key).values(into=kept.key))
    if kept.most is None and row.most is not None:
        kept.most, kept.currency = row.most, row.currency
    kept.customers = kept.customers or row.customers
    kept.blocked = kept.blocked or row.blocked
    row.into = kept.key
    changes.gone(session, "customer", row.key, changes.CUSTOMERS, by)


def _move(session: Session, key: str, to: str) -> None:
    """What was said of one number is said of another; holds of one sale are one."""
    for table in (AccountMove, PointsMove, CardRow):
        session.execute(sa.update(table).where(table.customer == key).values(customer=to))
    held = (HoldRow.key == key, HoldRow.kind.in_(("account", "points")))
    for hold in session.scalars(sa.select(HoldRow).where(*held)):
        there = session.get(HoldRow, (hold.sale, hold.kind, to, hold.programme))
        if there is None:
            hold.key = to
        else:
            there.amount += hold.amount
            session.delete(hold)
    session.flush()


def _tell_balances(session: Session, key: str, by: str) -> None:
    """Each branch where two customers moved something hears what the one that they are has."""
    moves = [
        sa.select(AccountMove.branch, AccountMove.currency).where(AccountMove.customer == key),
        sa.select(PointsMove.branch, sa.null()).where(PointsMove.customer == key),
    ]
    currencies: dict[str, str | None] = {}
    for branch, currency in session.execute(sa.union(*moves)):
        currencies[branch] = currency or currencies.get(branch)
    now = datetime.now(UTC)
    for branch, known in currencies.items():
        sold = sa.select(ReceiptRow.currency).where(ReceiptRow.branch == branch).limit(1)
        currency = known or session.scalar(sold)
        if currency is not None:
            told = balance(session, key, currency, now)
            changes.record(session, told, f"branch-{branch}", by)


def _told(session: Session, row: CustomerRow, said: Customer, by: str) -> Customer:
    for card in said.cards:
        session.merge(CardRow(code=card.code, customer=row.key))
    session.flush()
    found = document(session, row)
    changes.record(session, found, changes.CUSTOMERS, by)
    return found


# What they have


def owed(session: Session, key: str, currency: str) -> int:
    """Minor units that a customer owes."""
    found = session.scalar(
        sa.select(sa.func.sum(AccountMove.amount)).where(
            AccountMove.customer == key, AccountMove.currency == currency
        )
    )
    return int(found or 0)


def collected(session: Session, key: str, programme: str | None = None) -> dict[str, int]:
    """Thousandths of points that a customer has of each programme."""
    query = sa.select(PointsMove.programme, sa.func.sum(PointsMove.thousandths))
    query = query.where(PointsMove.customer == key).group_by(PointsMove.programme)
    if programme is not None:
        query = query.where(PointsMove.programme == programme)
    return {name: int(many) for name, many in session.execute(query)}


def balance(session: Session, key: str, currency: str, at: datetime) -> Balance:
    """What a customer owes and has collected, as a till is told it."""
    points = tuple(
        Collected(ProgrammeKey(name), Decimal(many).scaleb(-3))
        for name, many in sorted(collected(session, key).items())
    )
    debt = Money(owed(session, key, currency), Currency(currency))
    return Balance(CustomerKey(key), at, debt, points)


def held(session: Session, kind: str, key: str, programme: str, but: str) -> int:
    """Minor units of something that are held for sales other than `but`.

    What has been held for so long that its till must be gone counts no more.
    """
    found: Any = session.scalar(
        sa.select(sa.func.sum(HoldRow.amount)).where(
            HoldRow.kind == kind, HoldRow.key == key, HoldRow.programme == programme,
            HoldRow.sale != but, HoldRow.at > datetime.now(UTC) - HELD_AT_MOST,
        )
    )  # fmt: skip
    return int(found or 0)
