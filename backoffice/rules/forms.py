"""What somebody typed as a tax, a tender, a range of codes or a programme."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from backoffice.articles.entry import money
from backoffice.articles.refused import FieldRefused
from backoffice.typed import ahead, plain
from schemas.coderule import CodeRule
from schemas.customer import Programme
from schemas.keys import (
    GroupKey,
    KeyRefused,
    ProgrammeKey,
    TaxClass,
    TaxZone,
    TenderKey,
    article_key,
)
from schemas.money import Currency, Money
from schemas.tax import Rate, Tax
from schemas.tender import Tender
from services.database.beginning import EPOCH

KINDS: Final[dict[str, type[Any]]] = {
    "tax": Tax, "tender": Tender, "code-rule": CodeRule, "programme": Programme,
}  # fmt: skip
TENDERS: Final = ("cash", "card", "voucher", "account", "debit", "coupon", "points", "other")
VALUES: Final = ("weight", "price", "count")
_NAMES: Final = ("de", "en", "es")
_FIELDS: Final = {
    "tax": ("class", "zone", "name", "percent", "from"),
    "tender": ("key", *_NAMES, "kind", "least", "most", "offline_most", "cashback", "copies",
               "currency", "rate", "rounding", "programme"),
    "code-rule": ("key", "digits", "value", "decimals", "probe"),
    "programme": ("key", *_NAMES, "worth", "per", "group", "least"),
}  # fmt: skip
_BOXES: Final = {"tax": ("added",), "tender": ("change", "drawer", "customer")}
_DIGITS: Final = re.compile(r"[0-9avpxc]{8,14}")

Said = tuple[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a rule is read by, and may speak of."""

    language: str
    currency: Currency
    zone: ZoneInfo
    now: datetime
    groups: frozenset[str]
    programmes: frozenset[str]


@dataclass
class RuleForm:
    """A rule as typed, and as understood; `wrong` by field, with the parts of its sentence."""

    kind: str
    typed: dict[str, str]
    boxes: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    said: Any = None
    wrong: dict[str, Said] = field(default_factory=dict)

    @classmethod
    def shown(cls, kind: str, document: Any, language: str) -> RuleForm:
        """The form of a rule as it is; of None, an empty one."""
        made = cls(kind, dict.fromkeys(_FIELDS[kind], ""))
        if document is None:
            made.typed |= {"kind": "other", "value": "weight", "decimals": "3", "zone": ""}
            return made
        known = {each.name.rstrip("_"): each.name for each in fields(document)}
        for name in made.typed.keys() & known.keys():
            made.typed[name] = _written(getattr(document, known[name]), language)
        made.boxes = frozenset(n for n in _BOXES.get(kind, ()) if getattr(document, n))
        return made

    @classmethod
    def of(cls, kind: str, form: MultiDict[str, str], found: Any, ground: Ground) -> RuleForm:
        """What the form says; `found` is the rule that is there."""
        made = cls(
            kind, {name: form.get(name, "")[:200].strip() for name in _FIELDS[kind]},
            frozenset(name for name in _BOXES.get(kind, ()) if form.get(name)),
            frozenset(form.getlist("drop")),
        )  # fmt: skip
        readers: dict[str, Callable[[Any, Ground], Any]] = {
            "tax": made._tax, "tender": made._tender, "code-rule": made._code_rule,
            "programme": made._programme,
        }  # fmt: skip
        said = readers[kind](found, ground)
        made.said = None if made.wrong else said
        return made

    def _try(self, name: str, read: Callable[[str], Any]) -> Any:
        """What a field says; None where it cannot be read, which is then said."""
        try:
            return read(self.typed[name])
        except FieldRefused as refused:
            self.wrong[name] = (refused.said, refused.parts)
        except KeyRefused as refused:
            self.wrong[name] = ("entry.refused", {"why": str(refused)})
        return None

    def _key(self, found: Any, name: str = "key") -> str:
        """The key: of what is there it stays."""
        if found is not None:
            self.typed[name] = str(getattr(found, {"class": "class_"}.get(name, name)))
            return self.typed[name]
        return str(self._try(name, article_key) or "")

    def _named(self) -> dict[str, str | None]:
        if not any(self.typed[name] for name in _NAMES):
            self.wrong["de"] = ("entry.no-name", {})
        return {name: self.typed[name] or None for name in _NAMES}

    def _tax(self, found: Tax | None, ground: Ground) -> Tax:
        class_, zone = self._key(found, "class"), self._key(found, "zone")
        if not self.typed["name"]:
            self.wrong["name"] = ("entry.no-name", {})
        kept = tuple(
            rate for rate in (found.rates if found else ())
            if rate.begins <= ground.now or rate.begins.isoformat() not in self.dropped
        )  # fmt: skip
        percent = self._try("percent", lambda text: _percent(text, ground.language))
        begins = self._try("from", lambda text: _moment(text, ground))
        if percent is not None:
            begins = begins or (ground.now if found else EPOCH)
            kept = (*(rate for rate in kept if rate.begins != begins), Rate(begins, percent))
        elif not kept:
            self.wrong.setdefault("percent", ("rules.no-percent", {}))
        rates = tuple(sorted(kept, key=lambda rate: rate.begins))
        added = found.added if found else ("added" in self.boxes or None)
        return Tax(TaxClass(class_), TaxZone(zone), self.typed["name"], rates, added)

    def _tender(self, found: Tender | None, ground: Ground) -> Tender:
        key, names = self._key(found), self._named()
        kind = self.typed["kind"] if self.typed["kind"] in TENDERS else "other"
        amounts = {
            name: self._try(name, lambda text: money(text, ground.language, ground.currency))
            for name in ("least", "most", "offline_most", "cashback")
        }
        if amounts["least"] and amounts["most"] and amounts["most"].minor < amounts["least"].minor:
            self.wrong["most"] = ("rules.most-first", {})
        currency = self._try("currency", lambda text: _currency(text, ground.currency))
        rate = self._try("rate", lambda text: _worth(text, ground.language))
        if bool(currency) != bool(rate) and not self.wrong:
            self.wrong["rate" if currency else "currency"] = ("rules.both", {})
        programme = self._try("programme", lambda text: _among(text, ground.programmes))
        if (kind == "points") != bool(programme) and "programme" not in self.wrong:
            self.wrong["programme"] = ("rules.points", {})
        return Tender(
            TenderKey(key), kind, names["de"], names["en"], names["es"], change="change" in self.boxes,
            drawer="drawer" in self.boxes, customer="customer" in self.boxes or None,
            copies=self._try("copies", lambda text: _whole(text, 0, 9)),
            rounding=self._try("rounding", lambda text: _whole(text, 2, 1000)),
            currency=currency, rate=rate, programme=ProgrammeKey(programme) if programme else None,
            **amounts,
        )  # fmt: skip

    def _code_rule(self, found: CodeRule | None, _: Ground) -> CodeRule:
        key = self._key(found)
        digits = str(self._try("digits", _digits) or "")
        value = self.typed["value"] if self.typed["value"] in VALUES else "weight"
        decimals = self._try("decimals", lambda text: _whole(text or "0", 0, 3)) or 0
        return CodeRule(key, digits, value, decimals)

    def _programme(self, found: Programme | None, ground: Ground) -> Programme:
        def positive(text: str) -> Money | None:
            amount = money(text, ground.language, ground.currency)
            if amount is not None and not amount.minor:
                raise FieldRefused("price.zero")
            return amount

        key, names = self._key(found), self._named()
        worth = self._try("worth", positive)
        if worth is None:
            self.wrong.setdefault("worth", ("rules.worth.bad", {}))
        group = self._try("group", lambda text: _among(text, ground.groups))
        return Programme(
            ProgrammeKey(key), worth or Money(1, ground.currency), **names,
            group=GroupKey(group) if group else None, per=self._try("per", positive),
            least=self._try("least", lambda text: _whole(text or "1", 1, 100_000)) or 1,
        )  # fmt: skip


def tender_of(programme: Programme) -> Tender:
    """How a new programme's points are paid with: a tender of its own, of the same key."""
    return Tender(
        TenderKey(programme.key), "points", programme.de, programme.en, programme.es,
        programme=programme.key,
    )  # fmt: skip


def _written(value: Any, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        value = str(value).partition(" ")[0]
    elif not isinstance(value, Decimal):
        return str(value)
    return str(value) if language == "en" else str(value).replace(".", ",")


def _number(text: str, language: str, said: str) -> Decimal | None:
    if not text:
        return None
    number, wrong = plain(text, language)
    try:
        return Decimal(number) if wrong is None else _refuse(said)
    except InvalidOperation:
        return _refuse(said)


def _refuse(said: str) -> Decimal:
    raise FieldRefused(said)


def _percent(text: str, language: str) -> Decimal | None:
    found = _number(text.removesuffix("%").strip(), language, "rules.no-percent")
    if found is not None and not (found <= 100 and found == round(found, 4)):
        raise FieldRefused("rules.no-percent")
    return found


def _worth(text: str, language: str) -> Decimal | None:
    found = _number(text, language, "rules.no-rate")
    if found is not None and not (0 < found < 1_000_000 and found == round(found, 8)):
        raise FieldRefused("rules.no-rate")
    return found


def _moment(text: str, ground: Ground) -> datetime | None:
    if not text:
        return None
    found, wrong = ahead(text, ground.zone)
    if wrong is not None:
        raise FieldRefused(wrong)
    return found


def _currency(text: str, own: Currency) -> Currency | None:
    if not text:
        return None
    if not re.fullmatch(r"[A-Za-z]{3}", text) or text.upper() == own:
        raise FieldRefused("rules.no-currency", own=own)
    return Currency(text.upper())


def _among(text: str, there: frozenset[str]) -> str | None:
    if text and text not in there:
        raise FieldRefused("entry.not-there")
    return text or None


def _whole(text: str, least: int, most: int) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 8 and least <= int(text) <= most):
        raise FieldRefused("rules.whole", least=least, most=most)
    return int(text)


def _digits(text: str) -> str:
    """A pattern that a label can have: an article's code, one value, check digits where they belong."""
    together = all(len(re.findall(f"{sign}+", text)) == 1 for sign in "av")
    if not _DIGITS.fullmatch(text) or not together or text.count("p") > 1 or "c" in text[:-1]:
        raise FieldRefused("rules.digits.bad")
    if "p" in text and text.count("v") not in {4, 5}:
        raise FieldRefused("rules.digits.check")
    return text
