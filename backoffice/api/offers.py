"""The form of promotions: all that a till knows of one, as JSON, and how the two become each other."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from backoffice.api.models import Amount, By, Code, Key, Moment, Named, Percent, Place, Said
from backoffice.api.problem import wrong
from schemas import xml
from schemas.keys import ArticleKey, BranchKey, GroupKey, PromotionKey
from schemas.money import AmountRefused, Currency, Money
from schemas.promotion import Goods, Promotion, Tier

Clock = Annotated[
    str,
    StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"),
    Field(description="Local time.", examples=["17:00"]),
]
Keys = Annotated[list[Key], Field(max_length=900)]
Count = Annotated[int, Field(ge=1, le=99_999)]


class GoodsBody(Said):
    """Which goods: those of `articles` and `groups`, or all where both are empty, but for the rest."""

    articles: Keys = Field(default_factory=list)
    groups: Annotated[Keys, Field(examples=[["dairy"]])] = Field(default_factory=list)
    not_articles: Keys = Field(default_factory=list)
    not_groups: Keys = Field(default_factory=list)
    many: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=1, description="Pieces that a bundle needs."
    )


class TierBody(Said):
    """From so many pieces, or from such a value, on: so much less on all of them."""

    pieces: Count | None = None
    value: Amount | None = None
    percent: Percent | None = None
    off: Amount | None = None


class PromotionBody(Named):
    """A promotion, whole. A bundle takes `percent`, `off` or costs `price`; else it has `tiers`."""

    model_config = ConfigDict(extra="forbid", validate_by_name=True)

    begins: Moment = Field(alias="from")
    until: Annotated[Moment | None, Field(examples=["2031-12-24T14:00:00+01:00"])] = None
    branches: Annotated[list[Place], Field(max_length=300)] = Field(
        default_factory=list, description="Where it holds; empty: everywhere."
    )
    layer: Annotated[int, Field(ge=1, le=255)] = Field(
        default=1, description="A layer sees what those before it left of the prices."
    )
    priority: Annotated[int, Field(ge=0, le=99_999)] = 0
    exclusive: bool = Field(default=False, description="Its pieces take part in no later layer.")
    days: Annotated[list[Literal[1, 2, 3, 4, 5, 6, 7]], Field(max_length=7)] = Field(
        default_factory=list, description="1 Monday to 7 Sunday; empty: every day."
    )
    begin_time: Clock | None = None
    end_time: Annotated[Clock | None, Field(examples=["19:00"])] = None
    customers: Annotated[Key | None, Field(examples=["staff"])] = Field(
        default=None, description="Only for customers of this group."
    )
    coupon: Annotated[Code | None, Field(examples=["9801"])] = Field(
        default=None, description="Only where a code that begins so was scanned."
    )
    most: Count | None = Field(default=None, description="Bundles of one receipt.")
    percent: Percent | None = None
    off: Amount | None = None
    price: Amount | None = None
    cheapest: Count | None = Field(
        default=None, description="Only so many of the cheapest pieces are cheaper: 1 of `many` 3."
    )
    goods: Annotated[list[GoodsBody], Field(min_length=1, max_length=10)]
    tiers: Annotated[list[TierBody], Field(max_length=20)] = Field(default_factory=list)


class PromotionItem(PromotionBody):
    """A promotion among others."""

    key: Annotated[Key, Field(examples=["milk-week"])]


class PromotionSaid(PromotionItem):
    """A promotion as head office has it."""

    document: str = Field(
        description="All of it, as the XML document that tills have.", examples=["<promotion/>"]
    )
    changed_at: Moment | None
    changed_by: By | None


def said(promotion: Promotion) -> dict[str, Any]:
    """A promotion as plain values."""
    names = ("key", "de", "en", "es", "layer", "priority", "exclusive", "begin_time", "end_time",
             "customers", "coupon", "most", "cheapest")  # fmt: skip
    amounts = {name: _text(getattr(promotion, name)) for name in ("percent", "off", "price")}
    return {name: getattr(promotion, name) for name in names} | amounts | {
        "from": promotion.begins, "until": promotion.ends, "branches": list(promotion.branches),
        "days": [int(day) for day in promotion.days],
        "goods": [
            {name: list(getattr(each, name))
             for name in ("articles", "groups", "not_articles", "not_groups")} | {"many": each.many}
            for each in promotion.goods
        ],
        "tiers": [
            {"pieces": each.pieces, "value": _text(each.value), "percent": _text(each.percent),
             "off": _text(each.off)}
            for each in promotion.tiers
        ],
        "document": xml.dump(promotion).decode(),
    }  # fmt: skip


def _text(value: Money | Decimal | None) -> str | None:
    if value is None:
        return None
    return value.number if isinstance(value, Money) else f"{value.normalize():f}"


def read(item: PromotionItem, key: PromotionKey, currency: Currency) -> Promotion:
    """The promotion that a call writes; raises CallRefused where its parts cannot be one."""
    _whole(item)
    if item.until is not None and item.until <= item.begins:
        raise wrong("until", "promo.ends-first")
    for name, moment in (("from", item.begins), ("until", item.until)):
        if moment is not None and not 2000 <= moment.year <= 2200:
            raise wrong(name, "api.not-our-time")
    return Promotion(
        key=key, begins=item.begins, ends=item.until, de=item.de or None, en=item.en or None,
        es=item.es or None, branches=tuple(BranchKey(each) for each in dict.fromkeys(item.branches)),
        layer=item.layer, priority=item.priority, exclusive=item.exclusive,
        days=tuple(str(day) for day in sorted(set(item.days))), begin_time=item.begin_time,
        end_time=item.end_time, customers=item.customers, coupon=item.coupon, most=item.most,
        percent=_percent(item.percent, "percent"), off=_money(item.off, currency, "off"),
        price=_money(item.price, currency, "price"), cheapest=item.cheapest,
        goods=tuple(_goods(each) for each in item.goods),
        tiers=tuple(_tier(each, currency, n) for n, each in enumerate(item.tiers)),
    )  # fmt: skip


def _whole(item: PromotionItem) -> None:
    """Does it say what is taken off, once, and is there anything that no till would reckon with?"""
    if not (item.de or item.en or item.es):
        raise wrong("de", "entry.no-name")
    effects = [item.percent, item.off, item.price]
    said = sum(each is not None for each in effects)
    if item.tiers and (said or item.cheapest is not None or len(item.goods) > 1):
        raise wrong("tiers", "api.tiers-alone")
    if not item.tiers and said != 1:
        raise wrong("percent", "api.one-effect")
    for n, tier in enumerate(item.tiers):
        one_reach = (tier.pieces is None) != (tier.value is None)
        if not one_reach or (tier.percent is None) == (tier.off is None):
            raise wrong(f"tiers[{n}]", "api.tier-whole")


def _goods(each: GoodsBody) -> Goods:
    def once(keys: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(keys))

    return Goods(
        tuple(map(ArticleKey, once(each.articles))), tuple(map(GroupKey, once(each.groups))),
        tuple(map(ArticleKey, once(each.not_articles))),
        tuple(map(GroupKey, once(each.not_groups))), each.many,
    )  # fmt: skip


def _tier(each: TierBody, currency: Currency, n: int) -> Tier:
    return Tier(
        each.pieces, _money(each.value, currency, f"tiers[{n}].value"),
        _percent(each.percent, f"tiers[{n}].percent"),
        _money(each.off, currency, f"tiers[{n}].off"),
    )  # fmt: skip


def _percent(text: str | None, field: str) -> Decimal | None:
    if text is None:
        return None
    found = Decimal(text)
    if not found:
        raise wrong(field, "api.above-zero")
    return found


def _money(text: str | None, currency: Currency, field: str) -> Money | None:
    if text is None:
        return None
    try:
        found = Money.parse(text, currency)
    except AmountRefused as error:
        raise wrong(field, "entry.amount") from error
    if found.minor <= 0:
        raise wrong(field, "api.above-zero")
    return found
