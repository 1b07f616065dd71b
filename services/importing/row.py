"""One row of a file: what it says of its article; of what has no column it says nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from schemas import spelling
from schemas.article import MOST_TAGS, Article, Code, Option, TagRefused, tags
from schemas.keys import (
    ArticleKey,
    BranchKey,
    GroupKey,
    KeyRefused,
    ModelKey,
    TaxClass,
    article_key,
)
from schemas.money import AmountRefused, Currency, Money, UnitPrice, exponent
from schemas.period import InstantRefused, instant
from schemas.price import Price
from schemas.quantity import UNITS
from services.database import changes
from services.importing.codes import codes
from services.importing.columns import Choice
from services.importing.refusal import ImportRefused
from services.importing.sheet import SheetRow

_KEYED: Final = re.compile(r"[^0-9A-Za-z_.\-]+")
_BROKEN: Final = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_AMOUNT: Final = re.compile(r"-?\d{1,9}(?:[.,]\d{1,5})?")
_AMBIGUOUS: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_AGES: Final = range(1, 100)
_LANGUAGES: Final = ("de", "en", "es")


_YES: Final = frozenset({"y", "yes", "true", "1", "ja", "j", "sí", "si", "s"})


class RowRefused(ImportRefused):
    """A row that cannot be taken."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the rows of a file are read against. `tax` is the class of what has none."""

    currency: Currency
    time_zone: str
    language: str
    tax: TaxClass
    taxes: frozenset[str]
    branches: frozenset[str]
    now: datetime
    rates: Mapping[str, str] = field(default_factory=dict)
    """Tax classes by the percent that holds now, as in `19`."""
    choice: Choice = field(default_factory=lambda: Choice({}))
    begins: datetime | None = None
    """From when prices hold that say nothing of it; None: now."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Branches' keys by their names."""

    def tax_class(self, text: str) -> TaxClass:
        """The tax class written `text`, else the one of what has none; raises RowRefused."""
        name = self.choice.taxes.get(text, text) or self.tax
        if name not in self.taxes:
            name = self.rates.get(_percent(name), name)
        if name not in self.taxes:
            raise RowRefused("tax", typed=name[:40], there=", ".join(sorted(self.taxes)))
        return TaxClass(name)


@dataclass(frozen=True, slots=True)
class Variant:
    """Of which model a row's article is a variant: what the file calls it, its axes and its options."""

    model: ModelKey
    name: str
    axes: tuple[str, ...]
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of one article, in one row or several.

    values      by the fields of an article, and `supplier`: only what the file has a column for
    codes       None where the file has no column for them
    path        its group and those above, outermost first, with what each is called
    variant     the model that it is a variant of, where the file says so
    """

    key: ArticleKey
    values: Mapping[str, Any]
    codes: tuple[Code, ...] | None
    prices: tuple[Price, ...]
    path: tuple[tuple[GroupKey, str], ...]
    variant: Variant | None = None

    def upon(self, before: Article) -> Article:
        """The article as it is after the import; what the file does not say stays."""
        values = {name: value for name, value in self.values.items() if name != "supplier"}
        if self.codes is not None:
            values["codes"] = self.codes
        return replace(before, **values)

    def and_(self, again: Said) -> Said:
        """The same with a further row of the article: codes add up, and nothing else may differ."""
        if again.values != self.values:
            raise RowRefused("twice", article=again.key)
        prices = self.prices + again.prices
        if self.codes is None or again.codes is None:
            return replace(self, prices=prices)
        known = {each.value for each in self.codes}
        more = tuple(each for each in again.codes if each.value not in known)
        return replace(self, codes=self.codes + more, prices=prices)


def _percent(text: str) -> str:
    """A rate as it is compared: `19`, `19 %`, `19,0` and `19.00` are one."""
    plain = text.strip().rstrip("%").strip().replace(",", ".")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain


class _Fields:
    """A row's fields by our names for them."""

    def __init__(self, row: SheetRow, named: Mapping[str, str]) -> None:
        self._row = row
        self._named = named

    def has(self, ours: str) -> bool:
        """Has the file a column for it?"""
        return ours in self._named

    def text(self, ours: str) -> str:
        """What stands there; nothing where there is no such column."""
        return self._row.fields.get(self._named[ours], "") if ours in self._named else ""

    def is_number(self, ours: str) -> bool:
        """Was it a number in a workbook? Then its decimal point is one."""
        return self._named.get(ours) in self._row.numbers


def said(row: SheetRow, where: Ground) -> Said:
    """What a row says; raises RowRefused, CodeRefused."""
    if "\0more" in row.fields:
        raise RowRefused("fields")
    for name in where.choice.columns.values():  # what is not read may be as it likes
        value = row.fields.get(name, "")
        if "\ufffd" in value or _BROKEN.search(value):
            raise RowRefused("broken")
    fields = _Fields(row, where.choice.columns)
    found = _codes(fields)
    if not fields.text("number") and not found:
        raise RowRefused("nothing")
    key = _key(fields.text("number") or found[0].value)
    path = _path(fields.text("group"))
    values = _values(fields, where)
    if fields.has("group"):
        values["group"] = path[-1][0] if path else None
    variant = _variant(row.fields.get(where.choice.carried, ""), fields)
    if variant is not None:
        values["model"] = variant.model
        values["options"] = tuple(Option(value) for value in variant.options)
    return Said(
        key, values, found if fields.has("codes") else None, _prices(key, fields, where), path,
        variant,
    )  # fmt: skip


def _variant(handle: str, fields: _Fields) -> Variant | None:
    """A product's row with options is a variant; one whose only option is Shopify's default is none."""
    said = [(fields.text(f"axis{n}"), fields.text(f"option{n}")) for n in (1, 2, 3)]
    said = [(name[:200], value[:200]) for name, value in said if value]
    key = _KEYED.sub("-", spelling.plain(handle))[:40].strip("-. ")
    if not key or not said or (len(said) == 1 and said[0][0].casefold() == "title"):
        return None
    names = tuple(name or str(n) for n, (name, _) in enumerate(said, 1))
    return Variant(ModelKey(key), fields.text("name") or handle[:200], names,
                   tuple(value for _, value in said))  # fmt: skip


def _key(text: str) -> ArticleKey:
    try:
        return article_key(text)
    except KeyRefused as error:
        raise RowRefused("number", typed=text[:60]) from error


def _codes(fields: _Fields) -> tuple[Code, ...]:
    """The row's codes; a pack size in a column of its own is that of all of them."""
    found = codes(fields.text("codes"))
    pack = fields.text("pack")
    if pack in {"", "1"}:
        return found
    if not (pack.isascii() and pack.isdigit() and 0 < int(pack) < 100_000):
        raise RowRefused("pack", typed=pack[:40])
    return tuple(replace(each, pack=int(pack)) for each in found)


def _path(text: str) -> tuple[tuple[GroupKey, str], ...]:
    """A category and those above it, as in `Food > Cheese`, `Food>>Cheese` or `All / Cheese`."""
    found: dict[GroupKey, str] = {}
    for part in re.split(r"\s*>+\s*|\s+/\s+", text.partition("|")[0]):
        name = part.rpartition(":")[2]
        key = _KEYED.sub("-", spelling.plain(name))[:40].strip("-. ")
        if key:
            found.setdefault(GroupKey(key), name.replace("-", " ").capitalize()[:200])
    return tuple(found.items())


def check(result: Said) -> None:
    """Raise RowRefused where a till would not take in what a row says."""
    try:
        changes.sound(result.upon(Article(result.key)))
        for price in result.prices:
            changes.sound(price)
    except changes.RecordRefused as error:
        raise RowRefused("till", why=error) from error


def _values(fields: _Fields, where: Ground) -> dict[str, Any]:
    values: dict[str, Any] = dict(_names(fields, where))
    text = fields.text
    if fields.has("unit"):
        values["unit"] = _unit(text("unit"))
    if fields.has("weighed"):
        values["unit"] = "kg" if text("weighed").lower() in _YES else values.get("unit", "pcs")
    if fields.has("tax"):
        values["tax"] = where.tax_class(text("tax"))
    for ours in where.choice.columns:
        if ours.startswith("tax=") and text(ours).lower() in _YES:
            values["tax"] = where.tax_class(ours.removeprefix("tax="))
    if fields.has("deposit"):
        values["deposit"] = _deposit(text("deposit"), where.choice.point, where.currency)
    if fields.has("age"):
        values["age"] = _age(text("age"))
    if fields.has("tags"):
        values["tags"] = _tags(text("tags"))
    if fields.has("supplier"):
        values["supplier"] = text("supplier")[:200] or where.choice.supplier or None
    elif where.choice.supplier:
        values["supplier"] = where.choice.supplier
    return values


def _names(fields: _Fields, where: Ground) -> dict[str, str | None]:
    """The names that the file has columns for. A plain `name` is in the company's language."""
    names = {
        language: fields.text(f"name_{language}")[:200] or None
        for language in _LANGUAGES
        if fields.has(f"name_{language}")
    }
    if fields.has("name") and not any(names.values()):
        names[where.language] = fields.text("name")[:200] or None
    return names


def _unit(text: str) -> str:
    unit = text.lower() or "pcs"
    if unit not in UNITS:
        raise RowRefused("unit", typed=unit[:40], there=", ".join(UNITS))
    return unit


def _deposit(text: str, point: str, currency: Currency) -> Money | None:
    if not text:
        return None
    number = _number(text, point)
    try:
        deposit = Money.parse(number, currency)
    except AmountRefused as error:
        raise RowRefused("decimals", typed=number, currency=currency) from error
    if deposit.minor < 0:
        raise RowRefused("deposit")
    return deposit


def _tags(text: str) -> tuple[str, ...]:
    """Tags between commas; what has blanks inside is one tag all the same."""
    try:
        return tags(re.split(r"[,;|]", text))
    except TagRefused as error:
        raise RowRefused("tag", typed=error.tag, most=MOST_TAGS) from error


def _age(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) not in _AGES:
        raise RowRefused("age", typed=text[:40])
    return int(text)


def _number(text: str, point: str = "") -> str:
    """An amount with a dot. Without a known decimal sign, groups of thousands are not guessed."""
    plain = text.rstrip(" €\N{NO-BREAK SPACE}")
    if point:
        mark = "," if point == "." else "."
        if re.fullmatch(rf"-?\d{{1,3}}(?:\{mark}\d{{3}})+(?:\{point}\d*)?", plain, re.ASCII):
            plain = plain.replace(mark, "")
    if not (plain.isascii() and _AMOUNT.fullmatch(plain)):
        raise RowRefused("amount", typed=text[:40])
    return plain.replace(",", ".")


def _prices(key: ArticleKey, fields: _Fields, where: Ground) -> tuple[Price, ...]:
    """The row's price, and those of branches that have a column of their own."""
    branch = fields.text("branch")
    if branch and branch not in where.branches:
        raise RowRefused("branch", typed=branch[:40])
    columns = [("price", branch)]
    columns += [(n, n[6:]) for n in where.choice.columns if n.startswith("price@")]
    found = []
    for ours, place in columns:
        amount = _amount(ours, fields, where)
        if amount is not None:
            begins = _begins(fields.text("from"), where)
            found.append(Price(key, begins, amount, BranchKey(place) if place else None))
    return tuple(found)


def _amount(ours: str, fields: _Fields, where: Ground) -> UnitPrice | None:
    text = fields.text(ours)
    if not text:
        return None
    number = _number(text, "" if fields.is_number(ours) else where.choice.point)
    if not (fields.is_number(ours) or where.choice.point):
        _refuse_ambiguous(text, where.currency)
    amount = UnitPrice.parse(number, where.currency)
    if amount.fine < 0:
        raise RowRefused("price")
    return amount


def _refuse_ambiguous(text: str, currency: Currency) -> None:
    """Three decimals can be a group of thousands, but where the currency has three itself."""
    if exponent(currency) == 3 or not _AMBIGUOUS.fullmatch(text):
        return
    fine = text.replace(",", ".")
    thousands = Money.parse(fine.replace(".", ""), currency).number
    raise RowRefused("ambiguous", typed=text, thousands=thousands, fine=fine)


def _begins(text: str, where: Ground) -> datetime:
    if not text:
        return where.begins or where.now
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _moment(text)
    return datetime.combine(day, time(), ZoneInfo(where.time_zone))


def _moment(text: str) -> datetime:
    try:
        return instant(text)
    except InstantRefused as error:
        raise RowRefused("moment", typed=text[:40]) from error
