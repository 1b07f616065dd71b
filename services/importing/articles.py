"""Articles from a table: rows become documents, or errors that name row and reason.

Nothing is half-applied: what can be taken is written in one transaction, what cannot is listed.
"""

from __future__ import annotations

import csv
import dataclasses
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.article import Article, Group
from schemas.keys import ArticleKey, GroupKey, ModelKey, TaxClass
from schemas.model import Model
from schemas.money import Currency
from schemas.price import Price
from schemas.tax import Tax
from services.database import bulk, changes, organisation, prices
from services.database.articles import ArticleCode, ArticleGroup, ArticleRow, tax_classes
from services.database.changes import Change
from services.database.prices import PriceRow
from services.importing import columns
from services.importing.models import modelled
from services.importing.refusal import ImportRefused
from services.importing.row import Ground, RowRefused, Said, check, said
from services.importing.sheet import Sheet, SheetRefused, SheetRow

FROM: Final = " from "
NOTHING: Final = "–"
PRICE: Final = "price"
"""What a difference of price is called, with ` in ` and the branch where it holds in one only."""
SHOWN: Final = {"de": "name_de", "en": "name_en", "es": "name_es", "tax": "tax class"}
"""What a field is called in a file, where that differs."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """A row that cannot be taken: where it is, what it says, and why not."""

    line: int
    fields: dict[str, str]
    why: ImportRefused

    @property
    def reason(self) -> str:
        """Why not, in English."""
        return str(self.why)


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one field of an article, as text; nothing before or after is a dash."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Stood:
    """An article as it stood when the plan was made."""

    article: Article
    supplier: str | None
    version: int


class PlanOutdated(Exception):
    """Somebody changed these articles since the plan was made; nothing was written."""


@dataclass
class Plan:
    """What an import would do, or has done.

    articles     as they are after it: what the file has no column for is as it was
    differences  by article that is there already, what changes of it, its price included
    ignored      columns of the file that are none of ours
    models       as they are after it, those that are new or have new values
    before       what stood when the plan was made
    """

    articles: dict[ArticleKey, Article] = field(default_factory=dict)
    suppliers: dict[ArticleKey, str | None] = field(default_factory=dict)
    prices: list[Price] = field(default_factory=list)
    groups: dict[GroupKey, Group] = field(default_factory=dict)
    models: dict[ModelKey, Model] = field(default_factory=dict)
    faulty: list[Faulty] = field(default_factory=list)
    new: list[ArticleKey] = field(default_factory=list)
    changed: list[ArticleKey] = field(default_factory=list)
    unchanged: int = 0
    without_price: int = 0
    differences: dict[ArticleKey, list[Difference]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    before: dict[ArticleKey, Stood] = field(default_factory=dict)

    @property
    def without_name(self) -> int:
        """Articles without any name: tasks, not errors."""
        return sum(1 for a in self.articles.values() if not (a.de or a.en or a.es))

    @property
    def fields(self) -> Counter[str]:
        """In how many articles each field changes."""
        return Counter(each.field for many in self.differences.values() for each in many)


def ground(session: Session, tax: str = "A") -> Ground:
    """The company's own values. Raises SheetRefused where no company is set up."""
    company = organisation.company(session)
    if company is None or not company.currency:
        raise SheetRefused("no-company")
    branches = {unit.name: unit.key for unit in organisation.units(session, "branch")}
    taxes = frozenset(tax_classes(session))
    now = datetime.now(UTC)
    return Ground(
        Currency(company.currency),
        company.time_zone or "UTC",
        company.language or "en",
        TaxClass(tax),
        taxes,
        frozenset(branches.values()),
        now,
        _rates(session, company.tax_zone or "", now),
        names=branches,
    )


def _rates(session: Session, zone: str, now: datetime) -> dict[str, str]:
    """Tax classes of the company's zone by the percent that holds now."""
    found = {}
    documents = sa.select(Change.document).where(
        Change.scope == changes.CHAIN, Change.kind == "tax", Change.document.is_not(None)
    )
    for document in session.scalars(documents.order_by(Change.id)):
        tax = xml.load(Tax, document) if document else None
        percent = tax.percent(now) if tax is not None and tax.zone == zone else None
        if tax is not None and percent is not None:
            found[f"{percent.normalize():f}"] = str(tax.class_)
    return found


def plan(
    session: Session,
    sheet: Sheet,
    where: Ground,
    watch: Callable[[Iterable[SheetRow]], Iterable[SheetRow]] = lambda rows: rows,
    *,
    again: bool = False,
) -> Plan:
    """What importing `sheet` would do. Reads only. `watch` sees the rows go by.

    again  it was planned before, and only what was sound then will be kept (`narrowed`): so rows
           are not checked a second time as tills would; what is kept is, when it is prepared
    """
    if not where.choice.columns:
        where = replace(where, choice=columns.chosen(sheet.columns, where.names))
    columns.check(where.choice, sheet.columns)
    reading = _Reading(session, where, checks=not again)
    for row in watch(columns.carried(sheet, where.choice)):
        try:
            reading.take(row)
        except ImportRefused as error:
            reading.faulty.append(Faulty(row.line, row.fields, error))
    result = Plan(faulty=reading.faulty, groups=reading.new_groups, prices=[])
    result.prices = list(reading.prices.values())
    result.models = modelled(session, reading.said.values(), where.language)
    taken = {*where.choice.columns.values(), where.choice.carried}
    result.ignored = [name for name in sheet.columns if name and name not in taken]
    _compare(session, result, reading.said, where)
    return result


def prepared(
    result: Plan, watch: Callable[[Iterable[Any]], Iterable[Any]] = lambda items: items
) -> list[bulk.Prepared]:
    """All that a plan writes, as it is kept; made before the transaction, which is then short."""
    named = [
        (result.articles[key], result.suppliers[key] or "")
        for key in (*result.new, *result.changed)
    ]
    whole: list[tuple[Any, str | None]] = [(group, None) for group in result.groups.values()]
    whole += [(model, None) for model in result.models.values()]
    whole += named
    whole += [(price, None) for price in result.prices]
    return [bulk.prepared(document, supplier) for document, supplier in watch(whole)]


def apply(
    session: Session,
    result: Plan,
    by: str,
    watch: Callable[[Iterable[Any]], Iterable[Any]] = lambda items: items,
    ready: Sequence[bulk.Prepared] | None = None,
) -> None:
    """Do what a plan says, in the caller's transaction. `ready`: what was prepared before it.

    Raises PlanOutdated (see `stands`).
    """
    ready = prepared(result, watch) if ready is None else ready
    stands(session, result)
    bulk.put(session, ready, by)


def stands(session: Session, result: Plan) -> None:
    """Raises PlanOutdated where an article is another than it was when the plan was made."""
    stand = {key: row.version for key, row in _load(session, list(result.articles)).items()}
    if stand != {key: stood.version for key, stood in result.before.items()}:
        raise PlanOutdated


def write_faulty(path: Path, sheet: Sheet, faulty: list[Faulty]) -> None:
    """The rows that were not taken, as CSV with line and reason in front."""
    with path.open("w", encoding="utf-8", newline="", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", *sheet.columns])
        for row in faulty:
            writer.writerow(
                [row.line, row.reason, *(row.fields.get(name, "") for name in sheet.columns)]
            )


class _Reading:
    """What the rows have said so far, and what head office has."""

    def __init__(self, session: Session, where: Ground, *, checks: bool = True) -> None:
        self._checks = checks
        self.said: dict[ArticleKey, Said] = {}
        self.prices: dict[str, Price] = {}
        self.new_groups: dict[GroupKey, Group] = {}
        self.faulty: list[Faulty] = []
        self._where = where
        self._articles = set(session.scalars(sa.select(ArticleRow.key)))
        self._groups = set(session.scalars(sa.select(ArticleGroup.key)))
        codes = session.execute(sa.select(ArticleCode.value, ArticleCode.article))
        self._owners: dict[str, str] = {row.value: row.article for row in codes}

    def take(self, row: SheetRow) -> None:
        """Take one row in, wholly or not at all; raises what says why not."""
        again = said(row, self._where)
        if self._checks:
            check(again)
        if again.key not in self._articles and "tax" not in again.values:
            self._where.tax_class("")
        for price in again.prices:
            if self.prices.get(price.key, price) != price:
                raise RowRefused("price-twice", article=again.key)
        if again.key in self.said:
            again = self.said[again.key].and_(again)
            if self._checks:
                check(again)
        for each in again.codes or ():
            owner = self._owners.get(each.value, again.key)
            if owner != again.key:
                raise RowRefused("owner", code=each.value, article=owner)
        self._owners.update((each.value, again.key) for each in again.codes or ())
        self.said[again.key] = again
        self.prices.update((price.key, price) for price in again.prices)
        above = None
        for group, name in again.path:
            if group not in self._groups:
                self.new_groups.setdefault(group, Group(group, en=name, parent=above))
            above = group


def _load(session: Session, keys: list[ArticleKey]) -> dict[str, ArticleRow]:
    found: dict[str, ArticleRow] = {}
    for begin in range(0, len(keys), 500):
        rows = session.scalars(
            sa.select(ArticleRow).where(ArticleRow.key.in_(keys[begin : begin + 500]))
        )
        found.update({row.key: row for row in rows})
    return found


def _compare(session: Session, result: Plan, said: dict[ArticleKey, Said], where: Ground) -> None:
    stored = _load(session, list(said))
    for key, each in said.items():
        row = stored.get(key)
        before = row.document() if row else Article(key, tax=where.tax)
        result.articles[key] = each.upon(before)
        supplier = row.supplier if row else None
        if row is not None:
            result.before[key] = Stood(before, supplier, row.version)
        result.suppliers[key] = each.values.get("supplier", supplier)
        if row is None:
            result.new.append(key)
            continue
        found = list(_differences(before, result.articles[key]))
        if result.suppliers[key] != supplier:
            found.append(Difference("supplier", _shown(supplier), _shown(result.suppliers[key])))
        if found:
            result.changed.append(key)
            result.differences[key] = found
        else:
            result.unchanged += 1
    priced = {price.article for price in result.prices} | _priced(session, list(stored))
    result.without_price = sum(1 for key in result.articles if key not in priced)
    _compare_prices(session, result, stored)


def _compare_prices(session: Session, result: Plan, stored: dict[str, ArticleRow]) -> None:
    """Drop the prices that hold already; the others are a difference of their article."""
    together: dict[tuple[datetime, str], list[Price]] = defaultdict(list)
    for price in result.prices:
        together[price.begins, price.branch or ""].append(price)
    result.prices = []
    for (begins, branch), some in together.items():
        now = _prices_at(session, [p.article for p in some if p.article in stored], begins, branch)
        for price in some:
            before = now.get(price.article)
            if before and before.amount == price.amount and before.branch == branch:
                continue
            result.prices.append(price)
            if price.article in stored:
                name = f"{PRICE} in {branch}" if branch else PRICE
                after = f"{price.amount}{FROM}{begins:%Y-%m-%d}"
                result.differences.setdefault(price.article, []).append(
                    Difference(name, _shown(before and before.amount), after)
                )


def _prices_at(
    session: Session, keys: list[str], begins: datetime, branch: str
) -> dict[str, PriceRow]:
    found: dict[str, PriceRow] = {}
    for begin in range(0, len(keys), 500):
        found |= prices.current_prices(session, keys[begin : begin + 500], begins, branch)
    return found


def _differences(before: Article, after: Article) -> Iterator[Difference]:
    for each in dataclasses.fields(Article):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if old != new:
            yield Difference(SHOWN.get(each.name, each.name), _shown(old), _shown(new))


def _shown(value: Any) -> str:
    if isinstance(value, tuple) and all(isinstance(each, str) for each in value):
        value = ", ".join(value)
    elif isinstance(value, tuple):
        value = "; ".join(
            f"{c.value}*{c.pack}" if getattr(c, "pack", 1) > 1 else c.value for c in value
        )
    return str(value) if value not in {None, ""} else NOTHING


def _priced(session: Session, keys: list[str]) -> set[str]:
    """The articles that have any price."""
    found: set[str] = set()
    for begin in range(0, len(keys), 500):
        some = PriceRow.article.in_(keys[begin : begin + 500])
        found.update(session.scalars(sa.select(PriceRow.article).where(some).distinct()))
    return found
