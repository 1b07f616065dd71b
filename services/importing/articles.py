"""Articles from a table: rows become documents, or errors that name row and reason.

Nothing is half-applied: what can be taken is written in one transaction, what cannot is listed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas.article import Article, Code, Group
from schemas.keys import ArticleKey, BranchKey, GroupKey, KeyRefused, TaxClass, article_key
from schemas.money import AmountRefused, Currency, Money, UnitPrice
from schemas.period import InstantRefused, instant
from schemas.price import Price
from schemas.quantity import UNITS
from services.database import articles, organisation
from services.database.articles import ArticleCode, ArticleGroup, ArticleRow
from services.importing.codes import CodeRefused, codes
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

_KEYED: Final = re.compile(r"[^0-9A-Za-z_.\-]+")
_BROKEN: Final = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_AMOUNT: Final = re.compile(r"-?\d{1,9}(?:[.,]\d{1,5})?")
_AGES: Final = range(1, 100)


class RowRefused(ValueError):
    """A row that cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """A row that cannot be taken: where it is, what it says, and why not."""

    line: int
    fields: dict[str, str]
    reason: str


@dataclass
class Plan:
    """What an import would do, or has done."""

    articles: dict[ArticleKey, Article] = field(default_factory=dict)
    suppliers: dict[ArticleKey, str] = field(default_factory=dict)
    prices: list[Price] = field(default_factory=list)
    groups: dict[GroupKey, Group] = field(default_factory=dict)
    faulty: list[Faulty] = field(default_factory=list)
    new: list[ArticleKey] = field(default_factory=list)
    changed: list[ArticleKey] = field(default_factory=list)
    unchanged: int = 0

    @property
    def without_price(self) -> int:
        """Articles of the file that have no price in it: tasks, not errors."""
        priced = {price.article for price in self.prices}
        return sum(1 for key in self.articles if key not in priced)

    @property
    def without_name(self) -> int:
        """Articles without any name: tasks, not errors."""
        return sum(1 for a in self.articles.values() if not (a.de or a.en or a.es))


@dataclass(frozen=True, slots=True)
class Ground:
    """What the rows of a file are read against."""

    currency: Currency
    time_zone: str
    language: str
    tax: TaxClass
    branches: frozenset[str]
    now: datetime


def ground(session: Session, tax: str = "A") -> Ground:
    """The company's own values. Raises SheetRefused where no company is set up."""
    company = organisation.company(session)
    if company is None or not company.currency:
        raise SheetRefused("There is no company yet. Make one first: tresen office set-up")
    branches = frozenset(unit.key for unit in organisation.units(session, "branch"))
    return Ground(
        Currency(company.currency),
        company.time_zone or "UTC",
        company.language or "en",
        TaxClass(tax),
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
        raise SheetRefused("The file has neither a column “number” nor a column “codes”.")
    return found


def plan(
    session: Session,
    sheet: Sheet,
    where: Ground,
    watch: Callable[[Iterable[SheetRow]], Iterable[SheetRow]] = lambda rows: rows,
) -> Plan:
    """What importing `sheet` would do. Reads only. `watch` sees the rows go by."""
    named = columns(sheet)
    result = Plan()
    known = session.execute(sa.select(ArticleCode.value, ArticleCode.article))
    owners: dict[str, str] = {row.value: row.article for row in known}
    groups = set(session.scalars(sa.select(ArticleGroup.key)))
    for row in watch(sheet.rows):
        try:
            _take(result, row, named, where, owners, groups)
        except (
            RowRefused, CodeRefused, KeyRefused, AmountRefused, InstantRefused,
        ) as error:  # fmt: skip
            result.faulty.append(Faulty(row.line, row.fields, str(error)))
    _compare(session, result)
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
        articles.put(session, result.articles[key], by, result.suppliers.get(key))
    session.flush()
    for price in result.prices:
        articles.put_price(session, price, by)


def write_faulty(path: Path, sheet: Sheet, faulty: list[Faulty]) -> None:
    """The rows that were not taken, as CSV with line and reason in front."""
    with path.open("w", encoding="utf-8", newline="", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", *sheet.columns])
        for row in faulty:
            writer.writerow(
                [row.line, row.reason, *(row.fields.get(name, "") for name in sheet.columns)]
            )


def _take(
    result: Plan,
    row: SheetRow,
    named: dict[str, str],
    where: Ground,
    owners: dict[str, str],
    groups: set[str],
) -> None:
    def text(ours: str) -> str:
        return row.fields.get(named[ours], "") if ours in named else ""

    if "\0more" in row.fields:
        raise RowRefused("the row has more fields than there are columns")
    for value in row.fields.values():
        if "\ufffd" in value or _BROKEN.search(value):
            raise RowRefused("some characters are broken; save the file as UTF-8")
    found = codes(text("codes"))
    if not text("number") and not found:
        raise RowRefused("there is neither a number nor a code")
    key = article_key(text("number") or found[0].value)
    article = _article(key, text, found, where)
    before = result.articles.get(key)
    if before is not None:
        article = _merged(before, article)
    for each in article.codes:
        owner = owners.setdefault(each.value, key)
        if owner != key:
            raise RowRefused(f"the code {each.value} is on article {owner} already")
    price = _price(key, text, where)
    result.articles[key] = article
    if text("supplier"):
        result.suppliers[key] = text("supplier")[:200]
    if price is not None:
        result.prices.append(price)
    if article.group and article.group not in groups:
        name = text("group").rpartition(":")[2].replace("-", " ").capitalize()[:200]
        result.groups.setdefault(article.group, Group(article.group, en=name))


def _article(
    key: ArticleKey, text: Callable[[str], str], found: tuple[Code, ...], where: Ground
) -> Article:
    names = {language: text(f"name_{language}")[:200] or None for language in ("de", "en", "es")}
    if text("name") and not any(names.values()):
        names[where.language] = text("name")[:200]
    unit = text("unit").lower() or "pcs"
    if unit not in UNITS:
        raise RowRefused(f"“{unit}” is not a unit; use one of {', '.join(UNITS)}")
    group = _KEYED.sub("-", text("group").rpartition(":")[2])[:40].strip("-. ")
    tax = TaxClass(_KEYED.sub("", text("tax")) or where.tax)
    deposit = Money.parse(_number(text("deposit")), where.currency) if text("deposit") else None
    age = None
    if text("age"):
        if not text("age").isdigit() or int(text("age")) not in _AGES:
            raise RowRefused(f"“{text('age')}” is not an age")
        age = int(text("age"))
    return Article(
        key, names["de"], names["en"], names["es"], GroupKey(group) if group else None, unit, tax,
        deposit, age, found,
    )  # fmt: skip


def _merged(before: Article, again: Article) -> Article:
    """Several rows of one article: their codes add up, and nothing else may differ."""
    known = {each.value for each in before.codes}
    more = tuple(each for each in again.codes if each.value not in known)
    if replace(again, codes=()) != replace(before, codes=()):
        raise RowRefused(f"article {again.key} stands above with other values")
    return replace(before, codes=before.codes + more)


def _number(text: str) -> str:
    """An amount with a dot. A comma is a decimal comma; groups of thousands are not guessed."""
    if not _AMOUNT.fullmatch(text):
        raise RowRefused(f"“{text[:40]}” is not an amount; write it as in 1.29 or 1,29")
    return text.replace(",", ".")


def _price(key: ArticleKey, text: Callable[[str], str], where: Ground) -> Price | None:
    if not text("price"):
        return None
    amount = UnitPrice.parse(_number(text("price")), where.currency)
    if amount.fine < 0:
        raise RowRefused("a price cannot be below zero")
    branch = text("branch")
    if branch and branch not in where.branches:
        raise RowRefused(f"there is no branch “{branch[:40]}”")
    return Price(key, _begins(text("from"), where), amount, BranchKey(branch) if branch else None)


def _begins(text: str, where: Ground) -> datetime:
    if not text:
        return where.now
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return instant(text)
    return datetime.combine(day, time(), ZoneInfo(where.time_zone))


def _load(session: Session, keys: list[ArticleKey]) -> dict[str, ArticleRow]:
    found: dict[str, ArticleRow] = {}
    for begin in range(0, len(keys), 500):
        rows = session.scalars(
            sa.select(ArticleRow).where(ArticleRow.key.in_(keys[begin : begin + 500]))
        )
        found.update({row.key: row for row in rows})
    return found


def _compare(session: Session, result: Plan) -> None:
    stored = _load(session, list(result.articles))
    for key, article in result.articles.items():
        row = stored.get(key)
        if row is None:
            result.new.append(key)
        elif row.document() != article:
            result.changed.append(key)
        else:
            result.unchanged += 1
    result.prices = [p for p in result.prices if not _same_price(session, stored, p)]


def _same_price(session: Session, stored: dict[str, ArticleRow], price: Price) -> bool:
    if price.article not in stored:
        return False
    now = articles.current_prices(session, [price.article], price.begins, price.branch or "").get(
        price.article
    )
    return now is not None and now.amount == price.amount and now.branch == (price.branch or "")
