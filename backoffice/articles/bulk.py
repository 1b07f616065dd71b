"""One change of many articles: what is to be changed, and the records that come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice.changes import drafts
from backoffice.typed import plain
from schemas import xml
from schemas.article import MOST_TAGS, Article, TagRefused, tag, tags
from schemas.keys import ArticleKey, BranchKey, GroupKey, TaxClass
from schemas.money import FINENESS, AmountRefused, Currency, Money, UnitPrice, half_up
from schemas.price import Price
from services.database import organisation, prices
from services.database.articles import ArticleRow
from services.database.changes import CHAIN

ACTS: Final = ("percent", "amount", "set", "group", "tax", "tag", "untag", "list", "unlist")
_FIELDS: Final = {
    "group": "to_group", "tax": "to_tax", "tag": "to_tag", "untag": "to_tag",
    "list": "to_branch", "unlist": "to_branch",
}  # fmt: skip
"""The field that says what becomes of them, where it is not a figure in `value`."""
_ENDINGS: Final = ("", "9", "5", "0", "99")
"""How new prices may end: as they come, or on these last digits, rounded to the nearest."""


@dataclass(frozen=True, slots=True)
class BulkForm:
    """What shall become of the marked articles.

    act     percent, amount (both change the price), set (a price), group, tax, tag (give it one
            more), untag (take it away), list (sell it in one branch more), unlist (no longer)
    value   the figure, or the key of the group, tax class or branch, or the tag
    ending  the last digits of new prices
    """

    act: str
    value: Decimal | str
    ending: str
    currency: Currency
    wrong: str | None = None

    @classmethod
    def of(cls, form: Mapping[str, str], language: str, currency: Currency) -> BulkForm:
        """What was chosen and typed."""
        act = form.get("act", "")
        typed = form.get(_FIELDS.get(act, "value"), "").strip()[:40]
        ending = form.get("ending", "") if form.get("ending", "") in _ENDINGS else ""
        if act not in ACTS or not typed:
            return cls(act, typed, ending, currency, "bulk.what")
        if act in {"group", "tax", "list", "unlist"}:
            return cls(act, typed, ending, currency)
        if act in {"tag", "untag"}:
            try:
                return cls(act, tag(typed), ending, currency)
            except TagRefused:
                return cls(act, typed, ending, currency, "bulk.tag.bad")
        sign = -1 if typed[:1] in {"-", "\N{MINUS SIGN}"} else 1
        number, wrong = plain(typed.lstrip("+-\N{MINUS SIGN}").rstrip("% "), language)
        try:
            value = sign * Decimal(number)
        except InvalidOperation:
            wrong = "price.not-a-price"
            value = Decimal(0)
        if wrong is None and (abs(value) > 10**6 or (act == "percent" and not -90 <= value <= 900)):
            wrong = "price.too-high"
        return cls(act, value, ending, currency, wrong)

    def documents(
        self, session: Session, keys: Sequence[str], at: datetime, branch: str
    ) -> list[Article | Price]:
        """The records as they shall be; of what would not change there is none."""
        rows: list[ArticleRow] = []
        for begin in range(0, len(keys), 500):
            some = sa.select(ArticleRow).where(ArticleRow.key.in_(keys[begin : begin + 500]))
            rows += session.scalars(some)
        if self.act in _FIELDS:
            said = drafts.drafted(session, CHAIN, "article")
            left = [_left(row, said.get(row.key)) for row in rows]
            every = [unit.key for unit in organisation.units(session, "branch")]
            return [new for each in left if (new := self._moved(each, every)) != each]
        found: list[Article | Price] = []
        for begin in range(0, len(rows), 500):
            part = [row.key for row in rows[begin : begin + 500]]
            for key, old in prices.current_prices(session, part, at, branch).items():
                amount = self._priced(old.amount)
                if amount.fine > 0 and amount != old.amount:
                    where = BranchKey(branch) if branch else None
                    found.append(Price(ArticleKey(key), at, amount, where))
        return found

    def timed(
        self, documents: Sequence[Article | Price], begins: datetime
    ) -> list[tuple[Any, str]]:
        """The same for a set: prices hold from its release on."""
        return [
            (replace(each, begins=begins) if isinstance(each, Price) else each, CHAIN)
            for each in documents
        ]

    def _moved(self, article: Article, every: Sequence[str]) -> Article:
        if self.act in {"list", "unlist"}:
            return self._listed(article, every)
        if self.act == "group":
            return replace(article, group=GroupKey(str(self.value)))
        if self.act == "tag" and len(article.tags) < MOST_TAGS:
            return replace(article, tags=tags((*article.tags, str(self.value))))
        if self.act == "untag":
            return replace(article, tags=tuple(t for t in article.tags if t != self.value))
        if self.act == "tag":
            return article
        return replace(article, tax=TaxClass(str(self.value)))

    def _listed(self, article: Article, every: Sequence[str]) -> Article:
        """Sold in one branch more, or one less; nowhere at all is no assortment, so that stays."""
        where = set(article.branches or every)
        where = where | {str(self.value)} if self.act == "list" else where - {str(self.value)}
        if not where:
            return article
        kept = () if where >= set(every) else tuple(BranchKey(key) for key in sorted(where))
        return article if set(kept) == set(article.branches) else replace(article, branches=kept)

    def _priced(self, old: UnitPrice) -> UnitPrice:
        assert isinstance(self.value, Decimal)
        if self.act == "percent":
            exact = Decimal(old.fine) * (100 + self.value) / 100
        elif self.act == "amount":
            exact = Decimal(old.fine) + self.value * FINENESS
        else:
            exact = self.value * FINENESS
        return self._ended(exact)

    def _ended(self, exact: Decimal) -> UnitPrice:
        """Rounded to whole minor units, and to the nearest price with the wanted ending."""
        one = UnitPrice.of(Money(1, self.currency)).fine
        minor = half_up(exact / one)
        if self.ending and minor > 0:
            step, last = 10 ** len(self.ending), int(self.ending)
            minor = max(last or step, half_up(Decimal(minor - last) / step) * step + last)
        try:
            return UnitPrice.of(Money(minor, self.currency))
        except AmountRefused:
            return UnitPrice(0, self.currency)


def _left(row: ArticleRow, said: bytes | None) -> Article:
    """An article as this person left it (see changes/drafts)."""
    return xml.load(Article, said) if said else row.document()
