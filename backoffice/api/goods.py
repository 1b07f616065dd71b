"""What programs write of articles, read against what head office knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from backoffice.api import models
from backoffice.api.problem import CallRefused
from schemas.article import Article, Code, Option, Part, TagRefused, tags
from schemas.keys import GroupKey, ModelKey, TaxClass
from schemas.money import AmountRefused, Currency, Money
from schemas.quantity import Quantity
from services.database import changes, organisation
from services.database.articles import ArticleCode, ArticleRow
from services.importing.codes import CodeRefused
from services.importing.codes import code as checked_code


def currency(session: Session) -> Currency:
    """The company's currency; raises CallRefused before head office is set up."""
    company = organisation.company(session)
    if company is None or not company.currency:
        raise CallRefused(409, "Head office is not set up yet.")
    return Currency(company.currency)


def refused(field: str, error: Exception) -> CallRefused:
    """What is wrong with a field, as it is said."""
    return CallRefused(422, "", [(field, str(error)[:300])])


def known(session: Session, number: str) -> Article | None:
    """The article with this number."""
    row = session.get(ArticleRow, number)
    return row.document() if row else None


def _parts(session: Session, given: Sequence[models.PartBody]) -> tuple[Part, ...]:
    found = []
    for n, each in enumerate(given):
        there = known(session, each.article)
        if there is None:
            raise CallRefused(422, "", [(f"parts[{n}].article", "there is no such article")])
        quantity = Quantity.parse(each.quantity, there.unit)
        if not quantity.thousandths:
            raise CallRefused(422, "", [(f"parts[{n}].quantity", "must be above zero")])
        found.append(Part(there.key, quantity))
    return tuple(found)


def article(session: Session, item: models.ArticleItem, before: Article) -> Article:
    """The article that a call writes; what it has no field for stays as before. Raises CallRefused."""
    taxes = {key.partition("|")[0] for key in changes.keys(session, changes.CHAIN, "tax")}
    if item.tax not in taxes:
        raise CallRefused(422, "", [("tax", f"there are {', '.join(sorted(taxes))}")])
    codes = []
    for n, each in enumerate(item.codes):
        try:
            codes.append(Code(checked_code(each.value).value, each.pack))
        except CodeRefused as error:
            raise refused(f"codes[{n}].value", error) from error
        owner = session.get(ArticleCode, codes[-1].value)
        if owner is not None and owner.article != item.number:
            raise CallRefused(422, "", [(f"codes[{n}].value", f"is on article {owner.article}")])
    if len({code.value for code in codes}) < len(codes):
        raise CallRefused(422, "", [("codes", "one stands there twice")])
    try:
        deposit = Money.parse(item.deposit, currency(session)) if item.deposit else None
    except AmountRefused as error:
        raise refused("deposit", error) from error
    values: dict[str, Any] = {}
    if item.tags is not None:
        try:
            values["tags"] = tags(item.tags)
        except TagRefused as error:
            raise refused("tags", error) from error
    if item.parts is not None:
        values["parts"] = _parts(session, item.parts)
    if item.model is not None:
        values["model"] = ModelKey(item.model) if item.model else None
    if item.options is not None:
        values["options"] = tuple(Option(value) for value in item.options)
    return replace(
        before, de=item.de or None, en=item.en or None, es=item.es or None,
        group=GroupKey(item.group) if item.group else None, unit=item.unit,
        tax=TaxClass(item.tax), deposit=deposit, age=item.age, codes=tuple(codes), **values,
    )  # fmt: skip
