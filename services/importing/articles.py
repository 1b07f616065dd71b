"""Articles from a table: rows become documents, or errors that name row and reason.

Nothing is half-applied: what can be taken is written in one transaction, what cannot is listed.
"""

from __future__ import annotations

import csv
import dataclasses
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas.article import Article, Group
from schemas.keys import ArticleKey, GroupKey, KeyRefused, TaxClass
from schemas.money import AmountRefused, Currency
from schemas.period import InstantRefused
from schemas.price import Price
from services.database import articles, changes, organisation, prices
from services.database.articles import ArticleCode, ArticleGroup, ArticleRow
from services.database.prices import PriceRow
from services.importing.codes import CodeRefused
from services.importing.row import Ground, RowRefused, Said, check, said
from services.importing.sheet import Sheet, SheetRefused, SheetRow

COLUMNS: Final = {
    "number": ("number", "artikelnummer", "article", "número", "numero", "sku"),
    "name_de": ("name_de", "product_name_de", "bezeichnung"),
    "name_en": ("name_en", "product_name_en"),
    "name_es": ("name_es", "product_name_es", "nombre"),
    "name": ("name", "description", "artikelbezeichnung"),
    "codes": ("codes", "gtin", "ean", "barcode", "code", "artikelcode"),
    "group": ("group", "group_tag", "warengruppe", "grupo"),
    "unit": ("unit", "einheit", "unidad"),
    "tax": ("tax class", "tax_class", "tax", "steuerklasse", "clase de iva"),
    "price": ("price", "preis", "precio"),
    "from": ("from", "ab", "desde"),
    "branch": ("branch", "filiale", "tienda"),
    "deposit": ("deposit", "pfand", "depósito"),
    "age": ("age", "alter", "edad"),
    "supplier": ("supplier", "lieferant", "proveedor"),
}
"""Our fields, and the column names that are taken for each, whatever their case."""

_SHOWN: Final = {"de": "name_de", "en": "name_en", "es": "name_es", "tax": "tax class"}
"""What a field is called in a file, where that differs."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """A row that cannot be taken: where it is, what it says, and why not."""

    line: int
    fields: dict[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one field of an article, as text; nothing before or after is a dash."""

    field: str
    before: str
    after: str


@dataclass
class Plan:
    """What an import would do, or has done.

    articles     as they are after it: what the file has no column for is as it was
    differences  by article that is there already, what changes of it, its price included
    ignored      columns of the file that are none of ours
    """

    articles: dict[ArticleKey, Article] = field(default_factory=dict)
    suppliers: dict[ArticleKey, str | None] = field(default_factory=dict)
    prices: list[Price] = field(default_factory=list)
    groups: dict[GroupKey, Group] = field(default_factory=dict)
    faulty: list[Faulty] = field(default_factory=list)
    new: list[ArticleKey] = field(default_factory=list)
    changed: list[ArticleKey] = field(default_factory=list)
    unchanged: int = 0
    without_price: int = 0
    differences: dict[ArticleKey, list[Difference]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)

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
        raise SheetRefused("There is no company yet. Make one first: tresen office set-up")
    branches = frozenset(unit.key for unit in organisation.units(session, "branch"))
    taxes = frozenset(key.partition("|")[0] for key in changes.keys(session, changes.CHAIN, "tax"))
    return Ground(
        Currency(company.currency),
        company.time_zone or "UTC",
        company.language or "en",
        TaxClass(tax),
        taxes,
        branches,
        datetime.now(UTC),
    )


def columns(sheet: Sheet) -> dict[str, str]:
    """Which of the file's columns is which of our fields. Raises SheetRefused."""
    by_name = {name.casefold(): name for name in reversed(sheet.columns)}
    found = {}
    for ours, names in COLUMNS.items():
        for name in names:
            if name in by_name:
                found[ours] = by_name[name]
                break
    if "number" not in found and "codes" not in found:
        there = ", ".join(name for name in sheet.columns if name)[:200]
        raise SheetRefused(
            "The file has neither a column “number” nor a column “codes”; its columns are: "
            f"{there}. docs/import.md says what each may be called."
        )
    return found


def plan(
    session: Session,
    sheet: Sheet,
    where: Ground,
    watch: Callable[[Iterable[SheetRow]], Iterable[SheetRow]] = lambda rows: rows,
) -> Plan:
    """What importing `sheet` would do. Reads only. `watch` sees the rows go by."""
    named = columns(sheet)
    reading = _Reading(session, named, where)
    for row in watch(sheet.rows):
        try:
            reading.take(row)
        except (
            RowRefused, CodeRefused, KeyRefused, AmountRefused, InstantRefused,
        ) as error:  # fmt: skip
            reading.faulty.append(Faulty(row.line, row.fields, str(error)))
    result = Plan(faulty=reading.faulty, groups=reading.new_groups, prices=[])
    result.prices = list(reading.prices.values())
    result.ignored = [name for name in sheet.columns if name and name not in named.values()]
    _compare(session, result, reading.said, where)
    return result


def apply(
    session: Session,
    result: Plan,
    by: str,
    watch: Callable[[Iterable[ArticleKey]], Iterable[ArticleKey]] = lambda keys: keys,
) -> None:
    """Do what a plan says, in the caller's transaction."""
    for group in result.groups.values():
        articles.put_group(session, group, by)
    _load(session, [*result.new, *result.changed])
    for key in watch([*result.new, *result.changed]):
        articles.put(session, result.articles[key], by, result.suppliers[key] or "")
    session.flush()
    prices.put_prices(session, result.prices, by)


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

    def __init__(self, session: Session, named: dict[str, str], where: Ground) -> None:
        self.said: dict[ArticleKey, Said] = {}
        self.prices: dict[str, Price] = {}
        self.new_groups: dict[GroupKey, Group] = {}
        self.faulty: list[Faulty] = []
        self._named = named
        self._where = where
        self._articles = set(session.scalars(sa.select(ArticleRow.key)))
        self._groups = set(session.scalars(sa.select(ArticleGroup.key)))
        codes = session.execute(sa.select(ArticleCode.value, ArticleCode.article))
        self._owners: dict[str, str] = {row.value: row.article for row in codes}

    def take(self, row: SheetRow) -> None:
        """Take one row in, wholly or not at all; raises what says why not."""
        again = said(row, self._named, self._where)
        if again.key not in self._articles and "tax" not in again.values:
            self._where.tax_class("")
        price = again.price
        if price and self.prices.get(price.key, price) != price:
            raise RowRefused(f"another price of article {again.key} stands above")
        if again.key in self.said:
            again = self.said[again.key].and_(again)
            check(again)
        for each in again.codes or ():
            owner = self._owners.get(each.value, again.key)
            if owner != again.key:
                raise RowRefused(f"the code {each.value} is on article {owner} already")
        self._owners.update((each.value, again.key) for each in again.codes or ())
        self.said[again.key] = again
        if price is not None:
            self.prices[price.key] = price
        group = again.values.get("group")
        if group and group not in self._groups:
            self.new_groups.setdefault(group, Group(group, en=again.group_name))


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
                name = f"price in {branch}" if branch else "price"
                after = f"{price.amount} from {begins:%Y-%m-%d}"
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
            yield Difference(_SHOWN.get(each.name, each.name), _shown(old), _shown(new))


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        value = "; ".join(f"{c.value}*{c.pack}" if c.pack > 1 else c.value for c in value)
    return "–" if value is None or value == "" else str(value)


def _priced(session: Session, keys: list[str]) -> set[str]:
    """The articles that have any price."""
    found: set[str] = set()
    for begin in range(0, len(keys), 500):
        some = PriceRow.article.in_(keys[begin : begin + 500])
        found.update(session.scalars(sa.select(PriceRow.article).where(some).distinct()))
    return found
