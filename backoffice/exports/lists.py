"""The lists that can be taken out: the columns of each, and its rows as the page's filters want them.

A list is asked for while the request lasts; its rows come afterwards, out of a session of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

import flask
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice import access, frame
from backoffice.articles import views as article_pages
from backoffice.receipts import views as receipt_pages
from backoffice.turnover import views as turnover_pages
from schemas import xml
from schemas.money import Currency, Money
from schemas.promotion import Promotion
from schemas.quantity import Quantity
from services.database.audit import Entry
from services.database.changes import CHAIN, Published
from services.database.customers import CustomerRow
from services.database.organisation import Unit
from services.database.prices import PriceRow
from services.evaluation import assortment, cash, clientele, receipts, tills
from services.evaluation import mails as letters
from services.exporting.table import Cell
from services.register import debit

Rows = Iterator[Sequence[Cell]]
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it was asked for: its name, its columns (with an asterisk where money is), its rows."""

    name: str
    columns: Sequence[str]
    rows: Callable[[Session], Rows]
    filters: Sequence[str] = ()


def streamed(session: Session, query: sa.Select[Any]) -> Iterator[list[Any]]:
    """What a query finds, some hundred at a time, so that no list fills the memory."""
    found = session.scalars(query.execution_options(yield_per=_AT_ONCE))
    for some in found.partitions(_AT_ONCE):
        yield list(some)


def money(minor: int | None, currency: str) -> Decimal | None:
    """An amount of minor units, as a number."""
    return None if minor is None else Decimal(Money(minor, Currency(currency)).number)


def _articles() -> Listed:
    wanted, branch, now = article_pages.asked(), frame.place().branch, frame.now()
    language = access.language()

    def rows(session: Session) -> Rows:
        for some in streamed(session, assortment.ordered(wanted, branch, language)):
            for offer in assortment.offers(session, some, branch, now):
                row, price, coming = offer.article, offer.price, offer.coming
                codes = ";".join(
                    f"{c.value}*{c.pack}" if c.pack > 1 else c.value for c in row.codes
                )
                parts = ";".join(
                    f"{p.article}*{Quantity(p.quantity, p.unit).number}" for p in row.parts
                )
                yield (
                    row.key, row.de, row.en, row.es, codes, row.group, row.unit, row.tax,
                    Decimal(price.amount.number) if price else None,
                    price.begins if price else None, price.branch if price else None,
                    money(row.deposit, row.deposit_currency or "EUR"), row.age, row.supplier,
                    Decimal(coming.amount.number) if coming else None,
                    coming.begins if coming else None, ", ".join(row.document().tags), parts,
                    row.model, ";".join(row.options or ()),
                )  # fmt: skip

    columns = ("number", "name_de", "name_en", "name_es", "codes", "group", "unit", "tax class",
               "price*", "from", "branch", "deposit*", "age", "supplier", "next price*",
               "next from", "tags", "parts", "model", "options")  # fmt: skip
    said = [wanted.text and f"q: {wanted.text}", wanted.task and f"task: {wanted.task}",
            wanted.group and f"group: {wanted.group}", wanted.tag and f"tag: {wanted.tag}",
            wanted.model and f"model: {wanted.model}"]  # fmt: skip
    return Listed("articles", columns, rows, [each for each in said if each])


def _prices() -> Listed:
    branch = frame.place().branch
    query = sa.select(PriceRow).order_by(PriceRow.article, PriceRow.branch, PriceRow.begins)
    if branch is not None:
        query = query.where(PriceRow.branch.in_(["", branch]))

    def rows(session: Session) -> Rows:
        for some in streamed(session, query):
            for row in some:
                yield (
                    row.article, Decimal(row.amount.number), row.currency, row.begins, row.ends,
                    row.branch, row.price_list, row.customers, row.changed_by, row.changed_at,
                )  # fmt: skip

    return Listed(
        "prices", ("number", "price*", "currency", "from", "until", "branch", "price list",
                   "customers", "by", "changed"), rows,
    )  # fmt: skip


def _customers() -> Listed:
    branch, typed = frame.place().branch, flask.request.args.get("q", "")[:200]
    query = clientele.matching(branch, typed)
    ordered = query.order_by(CustomerRow.folded, CustomerRow.key)

    def rows(session: Session) -> Rows:
        for some in streamed(session, ordered):
            for each in clientele.listed(session, branch, some):
                row = each.row
                points = "; ".join(f"{k} {n // 1000}" for k, n in sorted(each.points.items()))
                yield (
                    row.key, row.name, row.phone, row.email, row.address, row.customers,
                    money(each.owed, row.currency or "EUR"), money(row.most, row.currency or "EUR"),
                    points, bool(row.blocked), row.made_at, row.changed_at,
                )  # fmt: skip

    columns = ("number", "name", "phone", "e-mail", "address", "group", "owes*", "limit*",
               "points", "blocked", "since", "changed")  # fmt: skip
    return Listed("customers", columns, rows, [f"q: {typed}"] if typed else [])


def _receipts() -> Listed:
    period = frame.period("all" if flask.request.args.get("q") else "today")
    question, _ = receipt_pages.asked(period)
    query = receipts.ordered(question, flask.request.args.get("sort", "newest"))

    def rows(session: Session) -> Rows:
        for some in streamed(session, query):
            paid = receipts.paid_by(session, some)
            for row in some:
                key = (row.branch, row.till, row.series, row.number)
                yield (
                    *key, row.kind, row.ends_at, row.business_day, row.cashier, row.cashier_name,
                    row.items, money(row.total, row.currency), row.currency,
                    "; ".join(paid.get(key, [])), row.customer, row.received_at,
                )  # fmt: skip

    columns = ("branch", "till", "series", "number", "kind", "time", "business day", "cashier",
               "cashier name", "lines", "total*", "currency", "tenders", "customer", "received",
               )  # fmt: skip
    said = [f"{n}: {flask.request.args[n]}" for n in ("q", "till", "article", "hour", "kind")
            if flask.request.args.get(n)]  # fmt: skip
    return Listed("receipts", columns, rows, [*_days(period), *said])


def _turnover() -> Listed:
    place, period = frame.place(), frame.period("week")
    by = flask.request.args.get("by", "branch")
    by = by if by in turnover_pages.BY else "branch"
    days = period.days.latest(turnover_pages.MOST_DAYS) if by == "day" else period.days

    def rows(session: Session) -> Rows:
        for row in turnover_pages.BY[by](session, place, days):
            key: Cell = date.fromisoformat(row.key) if by == "day" else row.key
            yield (
                key, row.name, money(row.now.total, place.currency),
                money(row.before.total, place.currency), row.now.receipts, row.before.receipts,
                row.now.items, Decimal(row.quantity) / 1000 if by == "article" else None,
                place.currency,
            )  # fmt: skip

    columns = (by, "name", "turnover*", "before*", "receipts" if by != "article" else "lines",
               "receipts before" if by != "article" else "lines before", "items", "quantity",
               "currency")  # fmt: skip
    return Listed(f"turnover by {by}", columns, rows, _days(period))


def _cash() -> Listed:
    period, branch = frame.period("week"), frame.place().branch
    shows = flask.request.args.get("show", "closings")
    first, last = period.days.first, period.days.last
    if shows in {"events", "bags"}:
        return _events(branch, first, last, shows, _days(period))
    differing = flask.request.args.get("only") == "difference"

    def rows(session: Session) -> Rows:
        after = 0
        while some := cash.closings(
            session, branch, first, last, _AT_ONCE, differing=differing, after=after
        ):
            for row in some:
                yield (
                    row.day, row.branch, row.till, row.series, row.number, row.cashier_name,
                    row.receipts, money(row.total, row.currency), money(row.cash, row.currency),
                    money(row.counted, row.currency), money(row.difference, row.currency),
                    row.currency, row.agrees,
                )  # fmt: skip
            after += len(some)

    columns = ("day", "branch", "till", "series", "z", "cashier", "receipts", "total*",
               "expected*", "counted*", "difference*", "currency", "complete")  # fmt: skip
    return Listed("cash", columns, rows, _days(period))


def _events(branch: str | None, first: date, last: date, shows: str, said: list[str]) -> Listed:
    ask = cash.bags_between if shows == "bags" else cash.events

    def rows(session: Session) -> Rows:
        after = 0
        while some := ask(session, branch, first, last, _AT_ONCE, after)[0]:
            for row in some:
                currency = row.currency or "EUR"
                yield (
                    row.at, row.branch, row.till, row.kind, row.cashier,
                    money(row.amount, currency), money(row.difference, currency), row.currency,
                    row.reason, row.bag,
                )  # fmt: skip
            after += len(some)

    columns = ("time", "branch", "till", "kind", "cashier", "amount*", "difference*", "currency",
               "reason", "bag")  # fmt: skip
    return Listed(f"cash {shows}", columns, rows, said)


def _debits() -> Listed:
    risk = flask.request.args.get("only") == "risk"
    query = clientele.debits_matching(frame.place().branch, risk=risk)

    def rows(session: Session) -> Rows:
        for some in streamed(session, query):
            for row in some:
                yield (
                    row.branch, row.till, row.series, row.receipt, row.at, debit.masked(row.account),
                    money(row.amount, row.currency), row.currency, row.offline, row.state,
                )  # fmt: skip

    columns = ("branch", "till", "series", "receipt", "time", "account", "amount*", "currency",
               "not asked", "state")  # fmt: skip
    return Listed("debits", columns, rows, ["only: risk"] if risk else [])


def _mails() -> Listed:
    place, period = frame.place(), frame.period("week")
    state = flask.request.args.get("show", "all")
    wanted = state if state in receipt_pages.STATES[1:] else None
    begins = datetime.combine(period.days.first, time(), place.zone)
    ends = datetime.combine(period.days.last, time(), place.zone) + timedelta(days=1)

    def rows(session: Session) -> Rows:
        after = 0
        while some := letters.page(session, place.branch, begins, ends, wanted, _AT_ONCE, after)[0]:
            for row in some:
                yield (
                    row.branch, row.till, row.series, row.receipt, row.shown_to, row.state,
                    row.tries, row.made_at, row.sent_at, row.said,
                )  # fmt: skip
            after += len(some)

    columns = ("branch", "till", "series", "receipt", "to", "state", "tries", "asked", "sent",
               "said")  # fmt: skip
    return Listed(
        "mails", columns, rows, [*_days(period), f"show: {state}"] if wanted else _days(period)
    )


def _tills() -> Listed:
    branch, now, wanted = frame.place().branch, frame.now(), flask.request.args.get("state")

    def rows(session: Session) -> Rows:
        for each in tills.tills(session, branch, now):
            if wanted in {"ok", "check", "act", "off"} and each.state != wanted:
                continue
            device = each.device
            yield (
                each.unit.key, each.branch, each.state, each.reason,
                device.software if device else None, each.waiting, each.behind,
                device.contact_at if device else None, device.mirror_published if device else None,
                device.disk_free if device else None,
            )  # fmt: skip

    columns = ("till", "branch", "state", "reason", "software", "receipts waiting",
               "revisions behind", "contact", "data as of", "disk free")  # fmt: skip
    return Listed("tills", columns, rows, [f"state: {wanted}"] if wanted else [])


def _branches() -> Listed:
    branch = frame.place().branch

    def rows(session: Session) -> Rows:
        query = sa.select(Unit).where(Unit.kind == "branch").order_by(Unit.key)
        if branch is not None:
            query = query.where(Unit.key == branch)
        for unit in session.scalars(query):
            many = sa.select(sa.func.count()).select_from(Unit)
            yield (
                unit.key, unit.name, unit.address, unit.parent_key, unit.currency, unit.time_zone,
                session.scalar(many.where(Unit.kind == "till", Unit.parent_key == unit.key)),
            )  # fmt: skip

    columns = ("branch", "name", "address", "below", "currency", "time zone", "tills")
    return Listed("branches", columns, rows)


def _log() -> Listed:
    """The audit log speaks of all branches: who sees one does not find it (areas.CHAIN)."""
    args = flask.request.args
    query = sa.select(Entry).order_by(Entry.number.desc())
    for name, column in (("by", Entry.by), ("act", Entry.act)):
        if args.get(name):
            query = query.where(column == args[name][:60])

    def rows(session: Session) -> Rows:
        for some in streamed(session, query):
            for row in some:
                yield (
                    row.number, row.at, row.by, row.act, row.subject, row.reason, row.origin,
                    row.many, row.digest,
                )  # fmt: skip

    columns = ("entry", "time", "by", "act", "subject", "reason", "from", "records", "digest")
    said = [f"{n}: {args[n]}" for n in ("by", "act") if args.get(n)]
    return Listed("log", columns, rows, said)


def _promotions() -> Listed:
    branch = frame.place().branch
    query = sa.select(Published).where(Published.scope == CHAIN, Published.kind == "promotion")

    def rows(session: Session) -> Rows:
        for some in streamed(session, query.order_by(Published.key)):
            for row in some:
                each = xml.load(Promotion, row.document)
                if branch is None or not each.branches or branch in each.branches:
                    seen = [key for key in each.branches if branch in {None, key}]
                    yield (
                        each.key, each.de, each.en, each.es, each.begins, each.ends,
                        "; ".join(seen), each.customers, each.coupon, each.layer, each.priority,
                    )  # fmt: skip

    columns = ("promotion", "name_de", "name_en", "name_es", "from", "until", "branches",
               "customers", "coupon", "layer", "priority")  # fmt: skip
    return Listed("promotions", columns, rows)


def _days(period: frame.Period) -> list[str]:
    if period.key == "all":
        return []
    return [f"{period.days.first.isoformat()} – {period.days.last.isoformat()}"]


LISTS: Final[dict[str, Callable[[], Listed]]] = {
    "articles": _articles, "prices": _prices, "customers": _customers, "receipts": _receipts,
    "turnover": _turnover, "cash": _cash, "debits": _debits, "mails": _mails, "tills": _tills,
    "branches": _branches, "log": _log, "promotions": _promotions,
}  # fmt: skip
"""Every list, by the name that its address has."""
