"""What somebody typed about an article, read field by field; every error names its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from backoffice.typed import plain
from schemas.article import MOST_TAGS, Article, TagRefused, tags
from schemas.keys import ArticleKey, BranchKey, GroupKey, KeyRefused, TaxClass, article_key
from schemas.money import AmountRefused, Currency, Money
from schemas.quantity import UNITS, Quantity, QuantityRefused
from services.importing.codes import CodeRefused, codes
from services.register import wording

FIELDS: Final = (
    "key", "de", "en", "es", "group", "unit", "tax", "deposit", "age", "size", "size_unit", "codes",
    "question", "least", "most", "tags",
)  # fmt: skip
ASKS: Final = ("price", "weight", "serial", "answer")


class FieldRefused(ValueError):
    """What stands in a field cannot be; `said` names the sentence, `parts` fill it."""

    def __init__(self, said: str, **parts: object) -> None:
        self.said = said
        self.parts = parts
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Ground:
    """What an article can be made of: groups, taxes and branches that are there."""

    groups: frozenset[str]
    taxes: tuple[str, ...]
    branches: frozenset[str]
    currency: Currency
    language: str


@dataclass
class ArticleForm:
    """An article as typed, and as understood.

    wrong  by field: the sentence that says what is the matter, with its parts
    """

    typed: Mapping[str, str]
    asks: tuple[str, ...] = ()
    fixed: bool = False
    branches: tuple[str, ...] = ()
    said: Article | None = None
    wrong: dict[str, tuple[str, Mapping[str, object]]] = field(default_factory=dict)

    @classmethod
    def of(cls, form: MultiDict[str, str], base: Article | None, ground: Ground) -> ArticleForm:
        """What the form says; what it has no field for stays as `base` has it."""
        typed = {name: form.get(name, "")[:2000].strip() for name in FIELDS}
        where = tuple(form.getlist("where")) if form.get("reach") == "some" else ()
        made = cls(
            typed, tuple(a for a in ASKS if a in form.getlist("asks")), bool(form.get("fixed")),
            where,
        )  # fmt: skip
        made._read(base, ground)
        return made

    @classmethod
    def shown(cls, article: Article, language: str) -> ArticleForm:
        """The form of an article that is there, with amounts as people write them."""

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
        }  # fmt: skip
        return cls(typed, article.asks, bool(article.fixed), article.branches)

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
        self._check(found, ground)
        if self.wrong:
            return
        before = base or Article(ArticleKey(found["key"]))
        self.said = replace(
            before, **found, asks=self.asks, fixed=self.fixed or None,
            branches=tuple(BranchKey(b) for b in self.branches),
        )  # fmt: skip

    def _check(self, found: Mapping[str, Any], ground: Ground) -> None:
        if not any(found.get(name) for name in ("de", "en", "es")):
            self.wrong.setdefault("de", ("entry.no-name", {}))
        least, most = found.get("least"), found.get("most")
        if least and most and least.minor > most.minor:
            self.wrong.setdefault("most", ("entry.least-most", {}))
        if "answer" in self.asks and not found.get("question"):
            self.wrong.setdefault("question", ("entry.no-question", {}))
        if not set(self.branches) <= ground.branches:
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
