"""A promotion as one sentence, as people would say it: effect, goods, days, hours, places, for whom."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from backoffice.shown import Shown
from schemas.money import Money
from schemas.promotion import Goods, Promotion, Tier


def sentence(promotion: Promotion, shown: Shown, names: Mapping[str, str]) -> str:
    """The whole rule but its period; `names` are those of articles and groups, by key."""
    parts = [_effect(promotion, shown, names)]
    if promotion.days:
        parts.append(_days(promotion.days, shown))
    if promotion.begin_time or promotion.end_time:
        begin, end = promotion.begin_time or "00:00", promotion.end_time or "24:00"
        parts.append(shown.t("promo.hours", begin=begin, end=end))
    if promotion.branches:
        parts.append(shown.t("promo.in", branches=", ".join(promotion.branches)))
    if promotion.customers:
        parts.append(shown.t("promo.for", group=promotion.customers))
    if promotion.coupon:
        parts.append(shown.t("promo.coupon", code=promotion.coupon))
    if promotion.most:
        parts.append(shown.t("promo.most", count=promotion.most))
    return ", ".join(parts)


def _effect(promotion: Promotion, shown: Shown, names: Mapping[str, str]) -> str:
    said = _less(promotion, shown)
    if promotion.tiers:
        steps = [_tier(tier, shown) for tier in promotion.tiers]
        goods = (
            _goods(promotion.goods[0], shown, names) if promotion.goods else shown.t("promo.all")
        )
        return shown.t("promo.tiers", steps="; ".join(steps), goods=goods)
    many = sum(goods.many for goods in promotion.goods)
    listed = [_goods(goods, shown, names) for goods in promotion.goods]
    if promotion.cheapest is not None and promotion.percent == 100:
        pay = many - promotion.cheapest
        return shown.t("promo.n-for-m", many=many, pay=pay, goods=_with(listed, shown))
    if len(promotion.goods) > 1:
        each = [
            f"{goods.many} × {name}" if goods.many > 1 else name
            for goods, name in zip(promotion.goods, listed, strict=True)
        ]
        return shown.t("promo.together", goods=_with(each, shown), less=said)
    if many > 1:
        return shown.t("promo.bundle", many=many, goods=_with(listed, shown), less=said)
    return shown.t("promo.each", goods=_with(listed, shown), less=said)


def _less(promotion: Promotion, shown: Shown) -> str:
    if promotion.price is not None:
        return shown.t("promo.price", price=_amount(promotion.price, shown))
    if promotion.off is not None:
        return shown.t("promo.off", off=_amount(promotion.off, shown))
    percent = shown.rate(promotion.percent) if promotion.percent is not None else "–"
    if promotion.cheapest is not None:
        return shown.t("promo.percent-cheapest", percent=percent, count=promotion.cheapest)
    return shown.t("promo.percent", percent=percent)


def _tier(tier: Tier, shown: Shown) -> str:
    less = (
        shown.t("promo.off", off=_amount(tier.off, shown)) if tier.off is not None
        else shown.t("promo.percent", percent=shown.rate(tier.percent or Decimal(0)))
    )  # fmt: skip
    if tier.value is not None:
        return shown.t("promo.from-value", value=_amount(tier.value, shown), less=less)
    return shown.t("promo.from-pieces", count=tier.pieces or 1, less=less)


def _goods(goods: Goods, shown: Shown, names: Mapping[str, str]) -> str:
    some = [names.get(key, key) for key in (*goods.groups, *goods.articles)]
    text = _with(some[:4], shown) if some else shown.t("promo.all")
    if len(some) > 4:
        text = shown.t("promo.more", goods=", ".join(some[:4]), count=len(some) - 4)
    without = [names.get(key, key) for key in (*goods.not_groups, *goods.not_articles)]
    return shown.t("promo.without", goods=text, but=", ".join(without[:4])) if without else text


def _with(parts: list[str], shown: Shown) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return shown.t("promo.and", first=", ".join(parts[:-1]), last=parts[-1])


def _amount(money: Money, shown: Shown) -> str:
    return shown.money(money.minor, money.currency, sign=True)


def _days(days: tuple[str, ...], shown: Shown) -> str:
    """`Fr–Sa`, or `Mo, Mi`."""
    numbers = sorted({int(day) for day in days})
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return ", ".join(
        "–".join(shown.t(f"weekday.{day}") for day in sorted({span[0], span[-1]})) for span in spans
    )
