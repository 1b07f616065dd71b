"""What somebody typed about an article, read field by field; every error names its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from backoffice.articles import parts
from backoffice.articles.refused import FieldRefused
from backoffice.typed import plain
from schemas.article import MOST_TAGS, Article, Option, TagRefused, tags
from schemas.keys import ArticleKey, BranchKey, GroupKey, KeyRefused, TaxClass, article_key
from schemas.model import Model
from schemas.money import AmountRefused, Currency, Money
from schemas.quantity import UNITS, Quantity, QuantityRefused
from services.importing.codes import CodeRefused, codes
from services.register import wording

FIELDS: Final = (
    "key", "de", "en", "es", "group", "unit", "tax", "deposit", "age", "size", "size_unit", "codes",
    "question", "least", "most", "tags", "model", "options",
)  # fmt: skip
ASKS: Final = ("price", "weight", "serial", "answer")


@dataclass(frozen=True, slots=True)
class Ground:
    """What an article can be made of: groups, taxes and branches that are there.

    known  the article with a number, or that bears a code, as this person left it
    """

    groups: frozenset[str]
    taxes: tuple[str, ...]
    branches: frozenset[str]
    currency: Currency
    language: str
    known: Callable[[str], Article | None]
    model: Callable[[str], Model | None]


@dataclass
class ArticleForm:
    """An article as typed, and as understood.

    narrowed  is it sold in some branches only?
    wrong     by field: the sentence that says what is the matter, with its parts
    """

    typed: Mapping[str, str]
    asks: tuple[str, ...] = ()
    fixed: bool = False
    narrowed: bool = False
    branches: tuple[str, ...] = ()
    parts: tuple[parts.Typed, ...] = ()
    said: Article | None = None
    wrong: dict[str, tuple[str, Mapping[str, object]]] = field(default_factory=dict)

    @classmethod
    def of(cls, form: MultiDict[str, str], base: Article | None, ground: Ground) -> ArticleForm:
        """What the form says; what it has no field for stays as `base` has it."""
        made = cls.typed_in(form, ground)
        made._read(base, ground)
        return made

    @classmethod
    def typed_in(cls, form: MultiDict[str, str], ground: Ground) -> ArticleForm:
        """What stands in the form, before anybody asks whether it can be."""
        typed = {name: form.get(name, "")[:2000].strip() for name in FIELDS}
        narrowed = form.get("reach") == "some"
        where = tuple(form.getlist("where")) if narrowed else ()
        return cls(
            typed, tuple(a for a in ASKS if a in form.getlist("asks")), bool(form.get("fixed")),
            narrowed, where, parts.named(parts.typed(form), ground.known, ground.language),
        )  # fmt: skip

    @classmethod
    def shown(cls, article: Article, ground: Ground) -> ArticleForm:
        """The form of an article that is there, with amounts as people write them."""
        language = ground.language

        def amount(money: Money | None) -> str:
            return wording.amount(money, language) if money else ""

        typed = {
            "key": article.key, "de": article.de or "", "en": article.en or "",
            "es": article.es or "", "group": article.group or "", "unit": article.unit,
            "tax": article.tax, "deposit": amount(article.deposit),
            "age": str(article.age or ""), "question": article.question or "",
            "size": article.size.number if article.size else "",
            "size_unit": article.size.unit if article.size else "",
            "codes": "\n".join(
                f"{c.value} × {c.pack}" if c.pack != 1 else c.value for c in article.codes
            ),
            "least": amount(article.least), "most": amount(article.most),
            "tags": ", ".join(article.tags),
            "model": article.model or "", "options": ", ".join(o.value for o in article.options),
        }  # fmt: skip
        rows = parts.shown(article.parts, ground.known, language)
        return cls(
            typed, article.asks, bool(article.fixed), bool(article.branches), article.branches, rows
        )

    def _read(self, base: Article | None, ground: Ground) -> None:
        found: dict[str, Any] = {}
        readers: dict[str, Callable[[str], Any]] = {
            "group": lambda text: GroupKey(_among(text, ground.groups)) if text else None,
            "unit": lambda text: _among(text, UNITS),
            "tax": lambda text: TaxClass(_among(text, ground.taxes)),
            "deposit": lambda text: money(text, ground.language, ground.currency),
            "age": _age,
            "size": self._size,
            "codes": codes,
            "question": lambda text: text[:200] or None,
            "least": lambda text: money(text, ground.language, ground.currency),
            "most": lambda text: money(text, ground.language, ground.currency),
            "tags": _tags,
        }
        if base is None:
            readers["key"] = article_key
        for language in ("de", "en", "es"):
            readers[language] = lambda text: text[:200] or None
        for name, read in readers.items():
            try:
                found[name] = read(self.typed[name])
            except FieldRefused as refused:
                self.wrong[name] = (refused.said, refused.parts)
            except (KeyRefused, CodeRefused) as refused:
                self.wrong[name] = ("entry.refused", {"why": str(refused)})
        try:
            found["parts"] = parts.read(self.parts, ground.known)
        except FieldRefused as refused:
            self.wrong["parts"] = (refused.said, refused.parts)
        self._variant(found, ground)
        self._check(found, ground)
        if self.wrong:
            return
        before = base or Article(ArticleKey(found["key"]))
        self.said = replace(
            before, **found, asks=self.asks, fixed=self.fixed or None,
            branches=tuple(BranchKey(b) for b in self.branches),
        )  # fmt: skip

    def _variant(self, found: dict[str, Any], ground: Ground) -> None:
        """Of which model it is a variant, and what it has on each of its axes."""
        found["model"], found["options"] = None, ()
        if not self.typed["model"]:
            return
        model = ground.model(self.typed["model"])
        if model is None:
            self.wrong["model"] = ("entry.not-there", {})
            return
        values = [part.strip() for part in self.typed["options"].split(",") if part.strip()]
        right = len(values) == len(model.axes) and all(
            value in axis.names for value, axis in zip(values, model.axes, strict=True)
        )
        if not right:
            axes = "; ".join(f"{axis.name}: {', '.join(axis.names)}" for axis in model.axes)
            self.wrong["options"] = ("entry.options.bad", {"axes": axes[:300]})
            return
        found["model"] = model.key
        found["options"] = tuple(Option(value) for value in values)

    def _check(self, found: Mapping[str, Any], ground: Ground) -> None:
        if not any(found.get(name) for name in ("de", "en", "es")):
            self.wrong.setdefault("de", ("entry.no-name", {}))
        least, most = found.get("least"), found.get("most")
        if least and most and least.minor > most.minor:
            self.wrong.setdefault("most", ("entry.least-most", {}))
        if "answer" in self.asks and not found.get("question"):
            self.wrong.setdefault("question", ("entry.no-question", {}))
        nowhere = self.narrowed and not self.branches
        if nowhere or not set(self.branches) <= ground.branches:
            self.wrong.setdefault("where", ("sets.no-branch", {}))

    def _size(self, text: str) -> Quantity | None:
        if not text:
            return None
        try:
            return Quantity.parse(text.replace(",", "."), self.typed["size_unit"] or "kg")
        except QuantityRefused as refused:
            raise FieldRefused("entry.size.bad") from refused


def _among(text: str, there: frozenset[str] | tuple[str, ...]) -> str:
    if text not in there:
        raise FieldRefused("entry.not-there")
    return text


def money(text: str, language: str, currency: Currency) -> Money | None:
    """An amount as typed; None where nothing is. Raises FieldRefused."""
    if not text:
        return None
    number, wrong = plain(text, language)
    if wrong is not None:
        raise FieldRefused("entry.amount")
    try:
        return Money.parse(number, currency)
    except AmountRefused as refused:
        raise FieldRefused("entry.amount") from refused


def _tags(text: str) -> tuple[str, ...]:
    """Words between commas or blanks."""
    try:
        return tags(text.replace(",", " ").replace(";", " ").split())
    except TagRefused as refused:
        raise FieldRefused("entry.tags.bad", tag=refused.tag, most=MOST_TAGS) from refused


def _age(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= 99):
        raise FieldRefused("entry.age.bad")
    return int(text)
