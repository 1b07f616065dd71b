"""What somebody typed as a promotion: five shapes that people know, each one rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from backoffice.articles.entry import money
from backoffice.articles.refused import FieldRefused
from backoffice.typed import local, plain
from schemas.keys import ArticleKey, BranchKey, GroupKey, KeyRefused, PromotionKey, article_key
from schemas.money import Currency, Money
from schemas.promotion import Goods, Promotion, Tier
from services.register import wording

SHAPES: Final = ("percent", "price", "n-for-m", "together", "tiers")
TEXTS: Final = (
    "key", "de", "en", "es", "articles", "others", "but", "many", "pay", "less", "from", "until",
    "begin", "end", "customers", "coupon", "most", "layer", "priority", "tiers",
)  # fmt: skip
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a promotion can be made of."""

    articles: frozenset[str]
    groups: frozenset[str]
    branches: frozenset[str]
    currency: Currency
    language: str
    zone: ZoneInfo
    now: datetime


@dataclass
class PromotionForm:
    """A promotion as typed, and as understood; `wrong` by field, with the parts of its sentence."""

    shape: str
    typed: Mapping[str, str]
    groups: tuple[str, ...] = ()
    but_groups: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    exclusive: bool = False
    said: Promotion | None = None
    wrong: dict[str, tuple[str, Mapping[str, object]]] = field(default_factory=dict)

    @classmethod
    def of(cls, form: MultiDict[str, str], key: str | None, ground: Ground) -> PromotionForm:
        """What the form says; `key` is that of a promotion that is there."""
        shape = form.get("shape", "percent")
        made = cls(
            shape if shape in SHAPES else "percent",
            {name: form.get(name, "")[:2000].strip() for name in TEXTS},
            tuple(form.getlist("groups")), tuple(form.getlist("but_groups")),
            tuple(d for d in form.getlist("days") if d in "1234567" and d),
            tuple(form.getlist("where")) if form.get("reach") == "some" else (),
            bool(form.get("exclusive")),
        )  # fmt: skip
        made._read(key, ground)
        return made

    def _read(self, key: str | None, ground: Ground) -> None:
        found: dict[str, Any] = {"key": PromotionKey(key) if key else None}
        readers: dict[str, Any] = {
            "from": lambda t: _moment(t, ground) or ground.now,
            "until": lambda t: _moment(t, ground),
            "begin": _clock, "end": _clock,
            "most": _whole, "layer": lambda t: _whole(t) or 1,
            "priority": lambda t: _whole(t) or 0,
            "customers": lambda t: t[:40] or None, "coupon": lambda t: t[:40] or None,
            "articles": lambda t: _articles(t, ground), "others": lambda t: _articles(t, ground),
            "but": lambda t: _articles(t, ground), "many": lambda t: _whole(t) or 1, "pay": _whole,
        }  # fmt: skip
        if key is None:
            readers["key"] = lambda t: PromotionKey(article_key(t))
        for language in ("de", "en", "es"):
            readers[language] = lambda t: t[:200] or None
        for name, read in readers.items():
            self._try(name, found, read)
        self._check(found, ground)
        effect: dict[str, Any] = {}
        self._try("less", effect, lambda text: self._effect(text, found, ground))
        if self.wrong:
            return
        self.said = Promotion(
            key=found["key"], begins=found["from"], ends=found["until"],
            de=found["de"], en=found["en"], es=found["es"],
            branches=tuple(BranchKey(b) for b in self.branches), layer=found["layer"],
            priority=found["priority"], exclusive=self.exclusive, days=self.days,
            begin_time=found["begin"], end_time=found["end"], customers=found["customers"],
            coupon=found["coupon"], most=found["most"], **effect["less"],
        )  # fmt: skip

    def _try(self, name: str, into: dict[str, Any], read: Any) -> None:
        try:
            into[name] = read(self.typed[name])
        except FieldRefused as refused:
            self.wrong[name] = (refused.said, refused.parts)
        except KeyRefused as refused:
            self.wrong[name] = ("entry.refused", {"why": str(refused)})

    def _check(self, found: Mapping[str, Any], ground: Ground) -> None:
        if not any(found.get(name) for name in ("de", "en", "es")):
            self.wrong.setdefault("de", ("entry.no-name", {}))
        begins, ends = found.get("from"), found.get("until")
        if begins and ends and ends <= begins:
            self.wrong.setdefault("until", ("promo.ends-first", {}))
        if not {*self.groups, *self.but_groups} <= ground.groups:
            self.wrong.setdefault("groups", ("entry.not-there", {}))
        if not set(self.branches) <= ground.branches:
            self.wrong.setdefault("where", ("sets.no-branch", {}))
        if self.shape == "together" and not found.get("others"):
            self.wrong.setdefault("others", ("promo.no-others", {}))

    def _effect(self, text: str, found: Mapping[str, Any], ground: Ground) -> dict[str, Any]:
        """Goods and what is taken off, by the shape."""
        many = found.get("many") or 1
        goods = Goods(
            found.get("articles") or (), tuple(GroupKey(g) for g in self.groups),
            found.get("but") or (), tuple(GroupKey(g) for g in self.but_groups), many,
        )  # fmt: skip
        if self.shape == "tiers":
            return {"goods": (goods,), "tiers": self._tiers(ground)}
        if self.shape == "n-for-m":
            pay = found.get("pay") or 0
            if not 0 < pay < many:
                raise FieldRefused("promo.n-for-m.bad")
            return {"goods": (goods,), "percent": Decimal(100), "cheapest": many - pay}
        both: tuple[Goods, ...] = (goods,)
        if self.shape == "together":
            both = (goods, Goods(found.get("others") or ()))
        if text.endswith("%"):
            return {"goods": both, "percent": _percent(text, ground)}
        if text[:1] in {"-", "\N{MINUS SIGN}"}:
            return {"goods": both, "off": _money(text[1:].strip(), ground)}
        if self.shape == "percent":
            return {"goods": both, "percent": _percent(text, ground)}
        return {"goods": both, "price": _money(text, ground)}

    def _tiers(self, ground: Ground) -> tuple[Tier, ...]:
        """One tier a line, as `3: 10 %` or `50,00 EUR: −5,00`."""
        found = []
        for line in filter(None, map(str.strip, self.typed["tiers"].splitlines())):
            reach, colon, less = (part.strip() for part in line.partition(":"))
            if not colon:
                raise FieldRefused("promo.tiers.bad", line=line[:40])
            pieces = int(reach) if reach.isascii() and reach.isdigit() and len(reach) < 6 else None
            value = (
                None if pieces else _money(reach.removesuffix(ground.currency).strip("€ "), ground)
            )
            if less.endswith("%"):
                found.append(Tier(pieces, value, _percent(less, ground)))
            else:
                found.append(
                    Tier(pieces, value, None, _money(less.lstrip("-\N{MINUS SIGN} "), ground))
                )
        if not found:
            raise FieldRefused("promo.tiers.bad", line="–")
        return tuple(found)

    @classmethod
    def shown(cls, promotion: Promotion, language: str, zone: ZoneInfo) -> PromotionForm:
        """The form of a promotion that is there."""
        first = promotion.goods[0] if promotion.goods else Goods()
        shape = _shape(promotion)

        def local(moment: datetime | None) -> str:
            return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""

        others = promotion.goods[1].articles if len(promotion.goods) > 1 else ()
        pay = first.many - promotion.cheapest if promotion.cheapest is not None else ""
        typed = {
            "key": promotion.key, "de": promotion.de or "", "en": promotion.en or "",
            "es": promotion.es or "", "articles": " ".join(first.articles),
            "others": " ".join(others), "but": " ".join(first.not_articles),
            "many": str(first.many), "pay": str(pay), "less": _less(promotion, language),
            "from": local(promotion.begins), "until": local(promotion.ends),
            "begin": promotion.begin_time or "", "end": promotion.end_time or "",
            "customers": promotion.customers or "", "coupon": promotion.coupon or "",
            "most": str(promotion.most or ""), "layer": str(promotion.layer),
            "priority": str(promotion.priority),
            "tiers": "\n".join(_tier(tier, language) for tier in promotion.tiers),
        }  # fmt: skip
        return cls(
            shape, typed, first.groups, first.not_groups, promotion.days, promotion.branches,
            promotion.exclusive,
        )  # fmt: skip


def representable(promotion: Promotion) -> bool:
    """Can the form say all of it? One that cannot is shown, and edited as a record only."""
    if len(promotion.goods) > 2 or (promotion.cheapest is not None and promotion.percent != 100):
        return False
    if len(promotion.goods) == 2:
        return promotion.goods[1] == Goods(promotion.goods[1].articles) and not promotion.tiers
    return True


def _shape(promotion: Promotion) -> str:
    if promotion.tiers:
        return "tiers"
    if promotion.cheapest is not None:
        return "n-for-m"
    if len(promotion.goods) > 1:
        return "together"
    return "percent" if promotion.percent is not None or promotion.off is not None else "price"


def _less(promotion: Promotion, language: str) -> str:
    if promotion.price is not None:
        return wording.amount(promotion.price, language)
    if promotion.off is not None:
        return f"\N{MINUS SIGN}{wording.amount(promotion.off, language)}"
    return wording.percent(promotion.percent, language) if promotion.percent is not None else ""


def _tier(tier: Tier, language: str) -> str:
    reach = (
        str(tier.pieces)
        if tier.pieces
        else f"{wording.amount(tier.value, language)} {tier.value.currency}"
        if tier.value
        else "1"
    )
    less = (
        wording.percent(tier.percent, language)
        if tier.percent is not None
        else f"\N{MINUS SIGN}{wording.amount(tier.off, language)}"
        if tier.off
        else ""
    )
    return f"{reach}: {less}"


def _articles(text: str, ground: Ground) -> tuple[ArticleKey, ...]:
    keys = tuple(dict.fromkeys(re.split(r"[\s,;]+", text))) if text else ()
    missing = [key for key in keys if key not in ground.articles]
    if missing:
        raise FieldRefused("promo.no-article", number=missing[0][:40])
    return tuple(map(ArticleKey, keys))


def _whole(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise FieldRefused("promo.whole")
    return int(text)


def _clock(text: str) -> str | None:
    if not text:
        return None
    if not _CLOCK.fullmatch(text):
        raise FieldRefused("promo.clock")
    return text


def _moment(text: str, ground: Ground) -> datetime | None:
    if not text:
        return None
    found = local(text, ground.zone)
    if found is None:
        raise FieldRefused("price.no-moment")
    if not 2000 <= found.year <= 2200:
        raise FieldRefused("price.too-far")
    return found.astimezone(UTC)


def _percent(text: str, ground: Ground) -> Decimal:
    number, wrong = plain(
        text.rstrip("% \N{NO-BREAK SPACE}").lstrip("-\N{MINUS SIGN}"), ground.language
    )
    try:
        value = Decimal(number)
    except InvalidOperation:
        wrong = wrong or "promo.percent.bad"
        value = Decimal(0)
    if wrong or not 0 < value <= 100:
        raise FieldRefused("promo.percent.bad")
    return value


def _money(text: str, ground: Ground) -> Money:
    amount = money(text, ground.language, ground.currency)
    if amount is None or amount.minor <= 0:
        raise FieldRefused("entry.amount")
    return amount
