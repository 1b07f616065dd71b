"""What programs write of articles, read against what head office knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy.orm import Session

from backoffice.api import wares
from backoffice.api.problem import CallRefused, say, wrong
from backoffice.api.putting import Into, Kind
from backoffice.articles.entry import ASKS
from schemas.article import MOST_TAGS, Article, Code, Group, Option, Part, TagRefused, tags
from schemas.keys import BranchKey, GroupKey, ModelKey, TaxClass
from schemas.model import Model
from schemas.money import AmountRefused, Currency, Money
from schemas.quantity import Quantity
from services.database import organisation
from services.database.articles import ArticleCode, ArticleGroup, ArticleRow, tax_classes
from services.database.changes import CHAIN
from services.database.models import ModelRow
from services.importing.codes import CodeRefused
from services.importing.codes import code as checked_code


def held_in(row: Any) -> Callable[[Session, str, bool], Any]:
    """Finds a record in the table that keeps its kind."""

    def held(session: Session, key: str, lock: bool) -> Any:
        found = session.get(row, key, with_for_update=True if lock else None)
        return found.document() if found is not None else None

    return held


def _supplier(session: Session, key: str) -> str:
    row = session.get(ArticleRow, key)
    return (row.supplier or "") if row else ""


ARTICLE: Final = Kind(Article, CHAIN, held_in(ArticleRow), _supplier, ArticleRow)
GROUP: Final = Kind(Group, CHAIN, held_in(ArticleGroup), row=ArticleGroup)
MODEL: Final = Kind(Model, CHAIN, held_in(ModelRow), row=ModelRow)


def currency(session: Session) -> Currency:
    """The company's currency; raises CallRefused before head office is set up."""
    company = organisation.company(session)
    if company is None or not company.currency:
        raise CallRefused(409, say("api.not-set-up"))
    return Currency(company.currency)


def money(session: Session, text: str | None, field: str) -> Money | None:
    """An amount in the company's currency; None where none is said. Raises CallRefused."""
    if not text:
        return None
    try:
        return Money.parse(text, currency(session))
    except AmountRefused as error:
        raise wrong(field, "entry.amount") from error


def check_tax(into: Into, tax: str) -> None:
    """Is there this tax class? Raises CallRefused."""
    if "taxes" not in into.known:
        into.known["taxes"] = tax_classes(into.session)
    there = into.known["taxes"]
    if tax not in there:
        raise wrong("tax", "api.no-tax", there=", ".join(there))


def check_group(into: Into, group: str | None, field: str = "group") -> None:
    """Is there this group? Raises CallRefused."""
    if group and into.left(GROUP, group) is None:
        raise wrong(field, "api.no-group", key=group)


def check_branches(into: Into, branches: Sequence[str]) -> None:
    """Are there all these branches? Raises CallRefused."""
    for key in branches:
        if into.session.get(organisation.Unit, ("branch", key)) is None:
            raise wrong("branches", "api.no-branch", branch=key)


def _owner(into: Into, code: str) -> str | None:
    """The article that has a code, as this call leaves it."""
    bears = into.known.setdefault("codes", {})
    if code in bears:
        return str(bears[code])
    row = into.session.get(ArticleCode, code)
    if row is None:
        return None
    left = into.left(ARTICLE, row.article)
    there = left is not None and code in {each.value for each in left.codes}
    return row.article if there else None


def bears(into: Into, document: Article) -> None:
    """From here on in this call, the article has its codes."""
    known = into.known.setdefault("codes", {})
    known |= {code.value: document.key for code in document.codes}


def _codes(into: Into, item: wares.ArticleItem) -> tuple[Code, ...]:
    found = []
    for n, each in enumerate(item.codes):
        field = f"codes[{n}].value"
        try:
            found.append(Code(checked_code(each.value).value, each.pack))
        except CodeRefused as error:
            raise wrong(field, f"imports.bad.{error.said}", **error.parts) from error
        owner = _owner(into, found[-1].value)
        if owner is not None and owner != item.number:
            raise wrong(field, "api.code-taken", article=owner)
    if len({code.value for code in found}) < len(found):
        raise wrong("codes", "api.code-twice")
    return tuple(found)


def _parts(into: Into, given: Sequence[wares.PartBody]) -> tuple[Part, ...]:
    found = []
    for n, each in enumerate(given):
        there = into.left(ARTICLE, each.article)
        if there is None:
            raise wrong(f"parts[{n}].article", "api.no-article", number=each.article)
        quantity = Quantity.parse(each.quantity, there.unit)
        if not quantity.thousandths:
            raise wrong(f"parts[{n}].quantity", "api.above-zero")
        found.append(Part(there.key, quantity))
    return tuple(found)


def _variant(into: Into, item: wares.ArticleItem, before: Article) -> dict[str, Any]:
    """Of which model it is a variant, where the call speaks of that: its value on each axis."""
    if item.model is None and item.options is None:
        return {}
    key = before.model if item.model is None else ModelKey(item.model) if item.model else None
    options = item.options
    if options is None:
        options = [each.value for each in before.options] if key == before.model else []
    if key is None:
        if options:
            raise wrong("options", "api.no-model-named")
        return {"model": None, "options": ()}
    model = into.left(MODEL, key)
    if model is None:
        raise wrong("model", "api.no-model", key=key)
    right = len(options) == len(model.axes) and all(
        value in axis.names for value, axis in zip(options, model.axes, strict=True)
    )
    if not right:
        axes = "; ".join(f"{axis.name}: {', '.join(axis.names)}" for axis in model.axes)
        raise wrong("options", "entry.options.bad", axes=axes[:200])
    return {"model": key, "options": tuple(Option(value) for value in options)}


def _terms(into: Into, item: wares.ArticleItem) -> dict[str, Any]:
    """What few articles have; what the call does not name stays as it is."""
    named = item.model_fields_set
    found: dict[str, Any] = {}
    if item.tags is not None:
        try:
            found["tags"] = tags(item.tags)
        except TagRefused as error:
            raise wrong("tags", "imports.bad.tag", typed=error.tag, most=MOST_TAGS) from error
    if item.parts is not None:
        found["parts"] = _parts(into, item.parts)
    if item.branches is not None:
        check_branches(into, item.branches)
        found["branches"] = tuple(BranchKey(key) for key in dict.fromkeys(item.branches))
    if item.fixed is not None:
        found["fixed"] = item.fixed or None
    if item.asks is not None:
        found["asks"] = tuple(each for each in ASKS if each in item.asks)
    if "question" in named:
        found["question"] = item.question or None
    if "size" in named:
        size = Quantity.parse(item.size.quantity, item.size.unit) if item.size else None
        if size is not None and not size.thousandths:
            raise wrong("size.quantity", "api.above-zero")
        found["size"] = size
    for name in ("least", "most"):
        if name in named:
            found[name] = money(into.session, getattr(item, name), name)
    return found


def article(into: Into, item: wares.ArticleItem, before: Article) -> Article:
    """The article that a call writes; what it has no field for stays as before. Raises CallRefused."""
    check_tax(into, item.tax)
    check_group(into, item.group)
    if into.left(MODEL, item.number) is not None:
        raise wrong("number", "api.is-model")
    made = replace(
        before, de=item.de or None, en=item.en or None, es=item.es or None,
        group=GroupKey(item.group) if item.group else None, unit=item.unit,
        tax=TaxClass(item.tax), deposit=money(into.session, item.deposit, "deposit"),
        age=item.age, codes=_codes(into, item), **_terms(into, item),
        **_variant(into, item, before),
    )  # fmt: skip
    if made.least and made.most and made.least.minor > made.most.minor:
        raise wrong("most", "entry.least-most")
    if "answer" in made.asks and not made.question:
        raise wrong("question", "entry.no-question")
    return made
