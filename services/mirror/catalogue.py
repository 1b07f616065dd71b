"""Asking the mirror: articles by code, prices at an instant, people, layouts; one revision a sale."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from schemas import binding, proof, spelling, supplier, xml
from schemas.article import Article, Group
from schemas.coderule import CodeRule
from schemas.keyboard import Keyboard
from schemas.keys import (
    ArticleKey,
    Barcode,
    BranchKey,
    Digest,
    ModelKey,
    StaffKey,
    TaxClass,
    TaxZone,
    TenderKey,
)
from schemas.layout import Layout
from schemas.model import Model
from schemas.money import UnitPrice
from schemas.price import Price
from schemas.promotion import Promotion
from schemas.proof import Proof
from schemas.settings import Settings
from schemas.staff import Role, Staff
from schemas.tax import Tax
from schemas.tender import Tender
from services.mirror import index
from services.mirror.clientele import Clientele
from services.pricing import lookup
from services.pricing.basket import Rules
from services.pricing.rivalry import ancestors
from services.pricing.tax import Levy
from services.register import variants

D = TypeVar("D")
_EVER: Final = datetime.min.replace(tzinfo=UTC)

_MOST_KNOWN: Final = 4096
"""Documents that are kept read: a keyboard's, a basket's and a search's fit well."""
_NEAREST: Final = "case substr(scope, 1, 5) when 'till-' then 0 when 'branc' then 1 else 2 end"
"""What is said for a till alone goes before what is said for its branch, and that before the chain."""
RANKED: Final = 400
"""Articles that a search puts in order at most: ranking 50,000 takes longer than a key should."""


class MirrorMissing(Exception):
    """Master data has not come yet, or not all of it. The message is fit to show."""


class Catalogue:
    """The mirror as the register sees it.

    All answers come from the revision of the last `renew`. Safe to use from one thread at a time.
    """

    def __init__(self, mirror: Path, branch: BranchKey, till_scope: str) -> None:
        """Raises MirrorMissing where no master data is there yet."""
        self._path = mirror / index.FILE
        self._branch = branch
        self._till_scope = till_scope
        if not self._path.exists():
            raise MirrorMissing("Master data has not been loaded yet.")
        try:
            self._index = index.read(self._path)
        except sqlite3.DatabaseError as error:
            raise MirrorMissing("The master data must be loaded anew.") from error
        self.state: tuple[tuple[str, int, str], ...] = ()
        self._documents: dict[tuple[type, str], Any] = {}
        self._known_prices: dict[ArticleKey, list[Price]] = {}
        self._promotions: list[Promotion] | None = None
        self._layouts: list[Layout] | None = None
        self._above: dict[str, frozenset[str]] | None = None
        self._code_rules: list[CodeRule] | None = None
        self.settings: Settings | None = None
        self.clientele = Clientele(self._index.execute)
        self.renew()
        self.settings = self._one(Settings, till_scope.removeprefix("till-"))
        if self.settings is None:
            raise MirrorMissing("This till's settings have not been loaded yet.")

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    def renew(self) -> None:
        """Look at the newest revision from now on; call it between two sales only."""
        if self._index.in_transaction:
            self._index.execute("rollback")
        self._index.execute("begin")
        chain = index.standing(self._index, "chain")
        if chain is None:
            raise MirrorMissing("Master data has not been loaded yet.")
        self.revision = chain.revision
        self.digest: Digest = chain.digest
        self.published: datetime = chain.published
        state = index.state(self._index)
        if state == self.state:
            return  # what was read is still so
        self.state = state
        self._documents.clear()
        self._known_prices.clear()
        self._promotions = None
        self._layouts = None
        self._above = None
        self._code_rules = None
        if self.settings is not None:
            self.settings = self._one(Settings, self.settings_key) or self.settings

    @property
    def settings_key(self) -> str:
        """The till's name."""
        return self._till_scope.removeprefix("till-")

    def by_code(self, code: Barcode) -> tuple[Article, int] | None:
        """The article that bears exactly this code, and the pack that it stands for."""
        row = self._index.execute(
            "select article, pack from code where value = ? order by article limit 1", (code,)
        ).fetchone()
        article = self.by_key(ArticleKey(row[0])) if row else None
        return (article, row[1]) if article else None

    def by_weight(self, code: str) -> Article | None:
        """The article of a code or number, where it is sold by weight; None for pieces and strangers."""
        found = self.by_code(Barcode(code))
        article = found[0] if found else self.by_key(ArticleKey(code))
        return article if article is not None and article.unit != "pcs" else None

    def by_key(self, key: ArticleKey) -> Article | None:
        """The article with this number."""
        return self._one(Article, key)

    def pictured(self, article: ArticleKey) -> Digest | None:
        """What tells an article's picture from others; None where it has none (see pictures)."""
        row = self._index.execute(
            "select digest from pictured where article = ?", (article,)
        ).fetchone()
        return Digest(row[0]) if row else None

    def model(self, key: str) -> Model | None:
        """The model with this key."""
        return self._one(Model, key)

    def variants(self, model: ModelKey) -> list[Article]:
        """The variants of a model that are sold here, in the order of its values."""
        rows = self._index.execute("select article from variant where model = ?", (model,))
        known = self.model(model)
        found = (self.by_key(ArticleKey(row[0])) for row in rows.fetchall())
        here = [article for article in found if article and self.listed(article)]
        return sorted(here, key=lambda each: variants.place(known, each))

    def code_rules(self) -> Sequence[CodeRule]:
        """What the digits of scales' labels mean here; those with more fixed digits first."""
        if self._code_rules is None:
            found = list(self._all(CodeRule))
            self._code_rules = sorted(found, key=lambda r: -sum(map(str.isdigit, r.digits)))
        return self._code_rules

    def listed(self, article: Article) -> bool:
        """Is the article sold in this till's branch?"""
        return article.listed(self._branch)

    def price_steps(
        self, article: ArticleKey, at: datetime, customers: str | None = None
    ) -> list[tuple[str, UnitPrice]]:
        """How the price of a unit came about in this till's branch; the last step holds."""
        buyer = lookup.Buyer(self._branch, self.own.price_list, customers)
        return lookup.steps(self._prices(article), buyer, at)

    def coming_price(self, article: ArticleKey, at: datetime) -> tuple[datetime, UnitPrice] | None:
        """The next price for everybody here that begins after an instant, and when."""
        coming = [
            price
            for price in self._prices(article)
            if price.begins > at
            and price.customers is None
            and price.branch in {None, self._branch}
            and price.price_list in {None, self.own.price_list}
        ]
        first = min(coming, key=lambda price: price.begins, default=None)
        return (first.begins, first.amount) if first else None

    def _prices(self, article: ArticleKey) -> list[Price]:
        known = self._known_prices.get(article)
        if known is None:
            rows = self._index.execute(
                "select data from record where kind = 'price' and key >= ? and key < ?",
                (f"{article}|", f"{article}}}"),
            )
            if len(self._known_prices) > _MOST_KNOWN:
                self._known_prices.clear()
            known = self._known_prices[article] = [_read(Price, row[0]) for row in rows]
        return known

    def price(self, article: ArticleKey, at: datetime) -> UnitPrice | None:
        """What a unit costs in this till's branch at an instant."""
        steps = self.price_steps(article, at)
        return steps[-1][1] if steps else None

    def levy(self, class_: TaxClass, at: datetime, zone: TaxZone | None = None) -> Levy | None:
        """What a tax class costs at an instant, in this till's zone unless another is named."""
        tax = self._one(Tax, f"{class_}|{zone or self.own.tax_zone}")
        percent = tax.percent(at) if tax else None
        return Levy(percent, bool(tax and tax.added)) if percent is not None else None

    def above(self) -> Mapping[str, frozenset[str]]:
        """For each group of articles, itself and all above it."""
        if self._above is None:
            groups = self._all(Group)
            self._above = ancestors({group.key: group.parent for group in groups})
        return self._above

    def rules(self, at: datetime, customers: str | None = None) -> Rules:
        """The promotions that hold at a local instant, and how groups lie in each other."""
        if self._promotions is None:
            self._promotions = list(self._all(Promotion))
        holding = [
            promotion
            for promotion in self._promotions
            if promotion.customers in {None, customers} and promotion.holds(at, self._branch)
        ]
        return Rules(holding, self.above() if holding else {}, self.own.language)

    @property
    def own(self) -> Settings:
        """This till's settings."""
        assert self.settings is not None
        return self.settings

    def tender(self, key: TenderKey) -> Tender | None:
        """The tender with this key."""
        return self._one(Tender, key)

    def tenders(self) -> list[Tender]:
        """All tenders."""
        return list(self._all(Tender))

    def group(self, key: str) -> Group | None:
        """The group with this key."""
        return self._one(Group, key)

    def staff(self) -> list[Staff]:
        """Who may work at this till."""
        return sorted(self._all(Staff), key=lambda person: person.name)

    def person_now(self, key: StaffKey) -> Staff | None:
        """Who has this key by the newest master data, even while a sale keeps an older revision."""
        newest = index.read(self._path)
        try:
            row = newest.execute(
                "select data from record where kind = 'staff' and key = ?", (key,)
            ).fetchone()
        finally:
            newest.close()
        return _read(Staff, row[0]) if row else None

    def wearer(self, digest: Digest) -> Staff | None:
        """Whose badge has this digest, by the newest master data."""
        newest = index.read(self._path)
        try:
            rows = newest.execute("select data from record where kind = 'staff'").fetchall()
        finally:
            newest.close()
        found = (_read(Staff, row[0]) for row in rows)
        return next((person for person in found if person.badge == digest), None)

    def role(self, key: str) -> Role | None:
        """The role with this key."""
        return self._one(Role, key)

    def layout(self, at: datetime) -> Layout:
        """The receipt layout that this till prints at an instant: the newest that has begun.

        Raises MirrorMissing where none has.
        """
        if self._layouts is None:
            self._layouts = [each for each in self._all(Layout) if each.layout == self.own.layout]
        begun = [each for each in self._layouts if each.begins is None or each.begins <= at]
        found = max(begun, key=lambda each: (each.begins or _EVER, each.version), default=None)
        if found is None:
            raise MirrorMissing(f"The receipt layout {self.own.layout} has not been loaded yet.")
        return found

    def promotion(self, key: str) -> Promotion | None:
        """The promotion with this key."""
        return self._one(Promotion, key)

    def keyboard(self) -> Keyboard:
        """The article keys of this till; none where none are published."""
        found = self._one(Keyboard, self.own.keyboard)
        return found or Keyboard(self.own.keyboard, 0)

    def proof(self) -> Proof | None:
        """The test print that head office last asked this till for."""
        return self._one(Proof, proof.KEY)

    def search(self, text: str, most: int = 40) -> list[Article]:
        """Articles whose names, number, codes or options begin with the words of `text`; accents aside.

        What bears the text as its number or code is first, then what a supplier calls just so; whose
        order code only begins so is last, since nearly every number begins one. Variants of a model
        stand under each other. Of very many only the first `RANKED` are put in order: who types one
        letter types another.
        """
        words = "".join(c if c.isalnum() else " " for c in spelling.folded(text)).split()
        if not words:
            return []
        query = " ".join(f'"{word}"*' for word in words[:8])
        rows = self._index.execute(
            "select word.article from"
            " (select rowid, rank as far from search where search match ? limit ?) as found"
            " join word on word.id = found.rowid order by far, found.rowid limit ?",
            (query, RANKED, most),
        ).fetchall()
        exact = self.by_key(ArticleKey(text.strip())) or self._bearing(text.strip())
        whole, begun = self._ordered(text, most)
        first = [exact] if exact else []
        first += [article for article in whole if article != exact]
        found = (self.by_key(ArticleKey(row[0])) for row in rows)
        others = [article for article in found if article and article not in first]
        others = variants.arranged(others, self.model)
        last = [article for article in begun if article not in first and article not in others]
        return [*first, *others, *last][:most]

    def _ordered(self, text: str, most: int) -> tuple[list[Article], list[Article]]:
        """Articles that a supplier calls so, and those whose order code only begins so."""
        code = supplier.asked(text)
        if not code:
            return [], []
        rows = self._index.execute(
            "select article, min(value) from ordered where value between ? and ?"
            " group by article order by 2, 1 limit ?",
            (code, code + chr(0x10FFFF), most),
        )
        found: tuple[list[Article], list[Article]] = ([], [])
        for key, value in rows:
            article = self.by_key(ArticleKey(key))
            if article is not None:
                found[value != code].append(article)
        return found

    def _bearing(self, code: str) -> Article | None:
        found = self.by_code(Barcode(code))
        return found[0] if found else None

    def count(self) -> int:
        """How many articles there are."""
        return int(self._index.execute("select count(*) from word").fetchone()[0])

    def _one(self, cls: type[D], key: str) -> D | None:
        cached = self._documents.get((cls, key))
        if cached is None:
            row = self._index.execute(
                f"select data from record where kind = ? and key = ? order by {_NEAREST} limit 1",  # noqa: S608 - a constant
                (binding.tag(cls), key),
            ).fetchone()
            if row is None:
                return None
            cached = self._documents[cls, key] = _read(cls, row[0])
            if len(self._documents) > _MOST_KNOWN:
                self._documents.clear()
        found: D = cached
        return found

    def _all(self, cls: type[D]) -> Iterator[D]:
        """All of a kind; where a branch has its own of a key, that one and not the chain's."""
        rows = self._index.execute(
            f"select key, data from record where kind = ? order by key, {_NEAREST}",  # noqa: S608 - a constant
            (binding.tag(cls),),
        )
        last = None
        for key, data in rows:
            if key != last:
                yield _read(cls, data)
            last = key


def _read(cls: type[D], data: bytes) -> D:
    return binding.read(cls, xml.parse(data))
