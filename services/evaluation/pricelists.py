"""Prices side by side: the chain's, those of price lists, branches and customer groups; and what is to come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas.keys import BranchKey
from schemas.money import UnitPrice
from schemas.price import Price
from services.database import organisation, prices
from services.database.changes import CHAIN, Change
from services.database.customers import CustomerRow
from services.database.organisation import Device, Unit
from services.database.prices import PriceRow
from services.pricing import lookup


@dataclass(frozen=True, slots=True)
class Column:
    """Where or for whom prices hold.

    kind  chain, list, branch, customers
    key   of the list, branch or group; empty for the chain
    list_ the price list of a branch, which it takes prices from
    """

    kind: str
    key: str = ""
    list_: str | None = None

    @property
    def buyer(self) -> lookup.Buyer:
        """Who asks in this column."""
        branch = BranchKey(self.key if self.kind == "branch" else "")
        list_ = self.key if self.kind == "list" else self.list_
        return lookup.Buyer(branch, list_, self.key if self.kind == "customers" else None)

    def owns(self, price: Price) -> bool:
        """Was this price set for this very column?"""
        return (price.branch or "", price.price_list or "", price.customers or "") == (
            self.key if self.kind == "branch" else "",
            self.key if self.kind == "list" else "",
            self.key if self.kind == "customers" else "",
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """What an article costs in a column. `own`: set there, not inherited. None: no price holds."""

    amount: UnitPrice | None
    own: bool
    special: bool
    coming: tuple[Price, ...]


def columns(session: Session, branches: Sequence[str]) -> list[Column]:
    """The chain, these branches, and all price lists and customer groups that have prices or takers.

    A list is taken where a unit's rules name it, a group where a customer is of it: so the first
    price of either can be set.
    """
    lists = session.scalars(
        sa.select(PriceRow.price_list).where(PriceRow.price_list != "").distinct()
    ).all()
    groups = session.scalars(
        sa.select(PriceRow.customers).where(PriceRow.customers != "").distinct()
    ).all()
    units = session.scalars(sa.select(Unit.rules).where(Unit.rules.is_not(None)))
    taken = {rules["price_list"] for rules in units if rules and rules.get("price_list")}
    members = session.scalars(
        sa.select(CustomerRow.customers).where(CustomerRow.customers.is_not(None)).distinct()
    ).all()
    return [
        Column("chain"),
        *(Column("list", key) for key in sorted({*lists, *taken})),
        *(Column("branch", key, list_of(session, key)) for key in branches),
        *(Column("customers", key) for key in sorted({*groups, *filter(None, members)})),
    ]


def list_of(session: Session, branch: str) -> str | None:
    """The price list that a branch takes its prices from, its own or one from above."""
    unit = session.get(Unit, ("branch", branch))
    above = organisation.lineage(session, unit) if unit is not None else ()
    return next((list_ for each in above if (list_ := (each.rules or {}).get("price_list"))), None)


def grid(
    session: Session, articles: Iterable[str], wanted: Sequence[Column], at: datetime
) -> dict[str, list[Cell]]:
    """What each article costs in each column at an instant."""
    rows = prices.price_rows(session, articles).values()
    by_article: dict[str, list[Price]] = {}
    for row in rows:
        by_article.setdefault(row.article, []).append(row.document())
    return {key: [_cell(some, column, at) for column in wanted] for key, some in by_article.items()}


def _cell(some: list[Price], column: Column, at: datetime) -> Cell:
    steps = lookup.steps(some, column.buyer, at)
    mine = [price for price in some if column.owns(price)]
    holding = [p for p in mine if p.begins <= at and (p.ends is None or at < p.ends)]
    coming = tuple(sorted((p for p in mine if p.begins > at), key=lambda p: p.begins))
    return Cell(steps[-1][1] if steps else None, bool(holding),
                bool(steps) and steps[-1][0] == "special", coming)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """A moment at which prices change by themselves.

    many    how many begin, or end; `end`: they are special prices that end
    ready   tills that have all of them already, of so many
    """

    at: datetime
    end: bool
    many: int
    articles: tuple[str, ...]
    ready: int
    tills: int


def coming(session: Session, now: datetime, branch: str | None) -> list[Event]:
    """The moments to come at which prices change, the next first."""
    here = [] if branch is None else [PriceRow.branch.in_(["", branch])]
    begin = session.scalars(sa.select(PriceRow).where(PriceRow.begins > now, *here))
    ends = session.scalars(sa.select(PriceRow).where(PriceRow.ends > now, *here))
    groups: dict[tuple[datetime, bool], list[PriceRow]] = {}
    for row in begin:
        groups.setdefault((row.begins, False), []).append(row)
    for row in ends:
        assert row.ends is not None
        groups.setdefault((row.ends, True), []).append(row)
    revisions = _mirrored(session, branch)
    found = []
    for (at, end), rows in sorted(groups.items()):
        needed = _needed(session, [row.document().key for row in rows])
        ready = sum(1 for each in revisions if needed is not None and each >= needed)
        names = tuple(sorted({row.article for row in rows})[:6])
        found.append(Event(at, end, len(rows), names, ready, len(revisions)))
    return found


def _mirrored(session: Session, branch: str | None) -> list[int]:
    """The revision of the chain that each till in use has."""
    query = sa.select(Device.mirrored).where(
        Device.public_key.is_not(None), Device.revoked_at.is_(None)
    )
    if branch is not None:
        query = query.where(Device.till.startswith(f"{branch}-", autoescape=True))
    return [(each or {}).get(CHAIN, 0) for each in session.scalars(query)]


def _needed(session: Session, keys: list[str]) -> int | None:
    """The revision that brought the last of these prices; None while one waits for it."""
    newest = 0
    for begin in range(0, len(keys), 500):
        some = keys[begin : begin + 500]
        last = (
            sa.select(sa.func.max(Change.id))
            .where(Change.scope == CHAIN, Change.kind == "price", Change.key.in_(some))
            .group_by(Change.key)
        )
        rows = session.scalars(sa.select(Change.revision).where(Change.id.in_(last))).all()
        if any(revision is None for revision in rows):
            return None
        newest = max([newest, *(revision for revision in rows if revision is not None)])
    return newest
