"""Promotions: forty golden baskets, and the best outcome against trying everything."""

from __future__ import annotations

import functools
import itertools
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.keys import ArticleKey, BranchKey, GroupKey, PromotionKey
from schemas.money import Currency, Money
from schemas.promotion import Goods, Promotion, Tier
from services.pricing.promotion import Saving, savings
from services.pricing.rivalry import Item, wants

EUR = Currency("EUR")
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)


def euros(text: str) -> Money:
    return Money.parse(text, "EUR")


def goods(*names: str, many: int = 1, without: tuple[str, ...] = ()) -> Goods:
    """Articles in small letters, groups in capitals."""
    return Goods(
        tuple(ArticleKey(n) for n in names if n.islower()),
        tuple(GroupKey(n) for n in names if n.isupper()),
        tuple(ArticleKey(n) for n in without if n.islower()),
        tuple(GroupKey(n) for n in without if n.isupper()),
        many,
    )


def promotion(key: str, *some: Goods, **more: object) -> Promotion:
    return Promotion(PromotionKey(key), begins=BEGAN, goods=some, **more)  # type: ignore[arg-type]


GROUPS = {"a": "X", "b": "X", "c": "Y", "d": "Y", "t": "TOBACCO"}


def basket(text: str) -> list[Item]:
    """`3a2.00` is three pieces of a at 2.00 each; `k1.37` is weighed, worth 1.37."""
    items = []
    for line, word in enumerate(text.split(), 1):
        many, name, price = word[:-5], word[-5:-4], word[-4:]
        weighed = not many
        minor = int(Decimal(price) * 100) * (1 if weighed else int(many))
        groups = frozenset({GROUPS[name], "ALL"})
        items.append(Item(line, name, groups, None if weighed else int(many), minor))
    return items


def by_line(found: list[Saving]) -> dict[int, int]:
    lines: dict[int, int] = {}
    for saving in found:
        lines[saving.line] = lines.get(saving.line, 0) + saving.minor
    return lines


THREE_FOR_TWO = promotion("3for2", goods("X", many=3), percent=Decimal(100), cheapest=1)
TWO_FOR_THREE = promotion("2for3", goods("X", many=2), price=euros("3.00"))
SECOND_HALF = promotion("2nd", goods("X", many=2), percent=Decimal(50), cheapest=1)
MENU = promotion("menu", goods("a"), goods("c"), price=euros("4.00"))
MENU_CHEAPEST = promotion("menu free", goods("X"), goods("Y"), percent=Decimal(100), cheapest=1)
TEN = promotion("ten", goods("X"), tiers=(Tier(pieces=1, percent=Decimal(10)),))
TIERS = promotion(
    "tiers",
    goods("X"),
    tiers=(Tier(pieces=3, percent=Decimal(5)), Tier(pieces=6, percent=Decimal(10))),
)
FIVE_OFF_FIFTY = promotion(
    "5 off 50", goods(without=("TOBACCO",)), tiers=(Tier(value=euros("50.00"), off=euros("5.00")),)
)
ALL_TEN = promotion("all", goods(without=("TOBACCO",)), tiers=(Tier(percent=Decimal(10)),), layer=2)
ONCE = promotion("once", goods("X", many=2), off=euros("1.00"), most=1)
COUPON = promotion("coupon", goods("a"), off=euros("0.50"), coupon="981")

GOLDEN: list[tuple[str, str, list[Promotion], dict[str, int], dict[int, int]]] = [
    # what it shows, the basket, what is on, coupons, minor units saved by line
    ("three, one free", "3a2.00", [THREE_FOR_TWO], {}, {1: 200}),
    ("two are not three", "2a2.00", [THREE_FOR_TWO], {}, {}),
    ("seven make two times", "7a2.00", [THREE_FOR_TWO], {}, {1: 400}),
    ("the cheapest of three is free", "1a3.00 1b2.00 1b1.00", [THREE_FOR_TWO], {}, {1: 50, 2: 33, 3: 17}),
    ("dearest together: two are free", "3a3.00 3b1.00", [THREE_FOR_TWO], {}, {1: 300, 2: 100}),
    ("other groups do not count", "2a2.00 1c2.00", [THREE_FOR_TWO], {}, {}),
    ("two for three", "2a2.00", [TWO_FOR_THREE], {}, {1: 100}),
    ("two for three, mixed", "1a2.00 1b1.60", [TWO_FOR_THREE], {}, {1: 33, 2: 27}),
    ("a bundle that saves nothing is none", "1a1.40 1b1.60", [TWO_FOR_THREE], {}, {}),
    ("never dearer than without", "2a1.00", [TWO_FOR_THREE], {}, {}),
    ("three: the dearest two", "1a2.00 1b1.60 1b1.90", [TWO_FOR_THREE], {}, {1: 46, 3: 44}),
    ("the second at half", "2a1.99", [SECOND_HALF], {}, {1: 100}),
    ("the second at half, four", "4a1.99", [SECOND_HALF], {}, {1: 199}),
    ("the second is the cheaper", "1a3.00 1b1.01", [SECOND_HALF], {}, {1: 38, 2: 13}),
    ("a menu of two groups", "1a3.00 1c2.00", [MENU], {}, {1: 60, 2: 40}),
    ("half a menu", "1a3.00 1d2.00", [MENU], {}, {}),
    ("two menus", "2a3.00 2c2.00", [MENU], {}, {1: 120, 2: 80}),
    ("one menu and one alone", "2a3.00 1c2.00", [MENU], {}, {1: 60, 2: 40}),
    ("a menu, the cheaper is free", "1b3.00 1d2.00", [MENU_CHEAPEST], {}, {1: 120, 2: 80}),
    ("ten percent", "3a1.99 1c1.00", [TEN], {}, {1: 60}),
    ("ten percent of what is weighed", "a1.37", [TEN], {}, {1: 14}),
    ("ten percent over lines is rounded once", "1a0.05 1b0.05", [TEN], {}, {1: 1}),
    ("no tier yet", "2a1.00", [TIERS], {}, {}),
    ("first tier", "3a1.00", [TIERS], {}, {1: 15}),
    ("second tier", "4a1.00 2b1.00", [TIERS], {}, {1: 40, 2: 20}),
    ("a tier counts what is weighed as one", "a1.00 2b1.00", [TIERS], {}, {1: 5, 2: 10}),
    ("five off fifty", "5a9.99 1c0.05", [FIVE_OFF_FIFTY], {}, {1: 500}),
    ("not yet fifty", "5a9.99", [FIVE_OFF_FIFTY], {}, {}),
    ("tobacco does not count", "5a9.90 1t7.00", [FIVE_OFF_FIFTY], {}, {}),
    ("tobacco gets nothing", "6a9.90 1t7.00", [FIVE_OFF_FIFTY], {}, {1: 500}),
    ("layers: ten percent of what is left", "3a2.00", [THREE_FOR_TWO, ALL_TEN], {}, {1: 240}),
    ("once only", "4a2.00", [ONCE], {}, {1: 100}),
    ("no coupon", "1a2.00", [COUPON], {}, {}),
    ("a coupon", "2a2.00", [COUPON], {"coupon": 1}, {1: 50}),
    ("two coupons", "3a2.00", [COUPON], {"coupon": 2}, {1: 100}),
    ("a coupon is never more than its goods", "1a0.30", [COUPON], {"coupon": 1}, {1: 30}),
    ("rivals: the better holds", "3a2.00", [THREE_FOR_TWO, TEN], {}, {1: 200}),
    ("rivals: one each", "5a2.00", [THREE_FOR_TWO, TWO_FOR_THREE], {}, {1: 300}),
    ("rivals: a bundle, and the rest at ten percent", "4a2.00", [THREE_FOR_TWO, TEN], {}, {1: 220}),
    ("rivals: two times two beat three", "4a2.00", [THREE_FOR_TWO, TWO_FOR_THREE, TEN], {}, {1: 220}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "pieces", "on", "coupons", "expected"), GOLDEN, ids=[row[0] for row in GOLDEN]
)
def test_golden_baskets(
    what: str,
    pieces: str,
    on: list[Promotion],
    coupons: dict[str, int],
    expected: dict[int, int],
) -> None:
    assert len(GOLDEN) >= 40
    assert by_line(savings(basket(pieces), on, coupons)) == expected


def test_a_higher_priority_takes_its_pieces_first() -> None:
    first = promotion("first", goods("a", many=2), off=euros("0.10"), priority=5)
    found = savings(basket("3a2.00"), [THREE_FOR_TWO, first], {})
    assert by_line(found) == {1: 10}


def test_what_is_exclusive_takes_part_in_no_later_layer() -> None:
    alone = promotion("alone", goods("a", many=2), price=euros("3.00"), exclusive=True)
    assert by_line(savings(basket("2a2.00 1c1.00"), [alone, ALL_TEN], {})) == {1: 100, 2: 10}


@pytest.mark.parametrize(
    ("at", "on"),
    [
        ("2026-11-27T16:59:59+01:00", False),
        ("2026-11-27T17:00:00+01:00", True),
        ("2026-11-28T01:59:59+01:00", True),
        ("2026-11-28T02:00:00+01:00", False),
        ("2026-11-28T17:00:00+01:00", False),
        ("2026-11-27T01:00:00+01:00", False),
        ("2026-12-04T17:00:00+01:00", False),
    ],
)
def test_a_friday_evening_ends_after_midnight(at: str, *, on: bool) -> None:
    evening = promotion(
        "evening", goods("a"), percent=Decimal(10), days=("5",), begin_time="17:00",
        end_time="02:00", ends=datetime.fromisoformat("2026-12-04T00:00:00+01:00"),
        branches=(BranchKey("014"),),
    )  # fmt: skip
    assert evening.holds(datetime.fromisoformat(at), BranchKey("014")) is on
    assert not evening.holds(datetime.fromisoformat(at), BranchKey("002"))


# Against trying everything

NAMES = "abcd"
some_goods = st.builds(
    lambda names, many: goods(*names, many=many),
    st.lists(st.sampled_from(["a", "b", "X", "Y", "ALL"]), min_size=1, max_size=2, unique=True),
    st.integers(1, 3),
)
effects = st.one_of(
    st.sampled_from([10, 25, 33, 50, 100]).map(lambda p: {"percent": Decimal(p)}),
    st.sampled_from([10, 50, 199]).map(lambda m: {"off": Money(m, EUR)}),
    st.sampled_from([100, 250, 399]).map(lambda m: {"price": Money(m, EUR)}),
    st.sampled_from([50, 100]).map(lambda p: {"percent": Decimal(p), "cheapest": 1}),
)
bundles = st.builds(
    lambda some, effect, most: promotion("p", *some, most=most, **effect),
    st.lists(some_goods, min_size=1, max_size=2),
    effects,
    st.sampled_from([None, None, 1]),
)
tiered = st.builds(
    lambda some, pieces, percent: promotion(
        "p", some, tiers=(Tier(pieces=pieces, percent=Decimal(percent)),)
    ),
    some_goods,
    st.integers(1, 4),
    st.sampled_from([5, 10, 20]),
)
baskets = st.lists(
    st.tuples(st.sampled_from(NAMES), st.integers(1, 2), st.integers(10, 400)),
    min_size=1,
    max_size=4,
)


Piece = tuple[Item, int]
"""One piece of a line, and what it costs in minor units."""


def pieces_of(items: list[Item]) -> list[Piece]:
    pieces: list[Piece] = []
    for item in items:
        assert item.pieces
        each, more = divmod(item.minor, item.pieces)
        pieces += [(item, each + (1 if n < more else 0)) for n in range(item.pieces)]
    return pieces


def saved(p: Promotion, worths: list[int]) -> Fraction:
    if p.cheapest is not None:
        worths = sorted(worths)[: p.cheapest]
    worth = Fraction(sum(worths))
    if p.percent is not None:
        return worth * Fraction(p.percent) / 100
    if p.off is not None:
        return min(worth, Fraction(p.off.minor))
    assert p.price is not None
    return worth - p.price.minor


def fits(p: Promotion, chosen: list[Piece]) -> bool:
    slots = [g for g in p.goods for _ in range(g.many)]
    return len(chosen) == len(slots) and any(
        all(wants(slot, item) for slot, (item, _) in zip(slots, order, strict=True))
        for order in itertools.permutations(chosen)
    )


def by_tiers(tiers: list[Promotion], left: list[Piece]) -> Fraction:
    """The most that tiers save, in whatever order they take what is left."""
    best = Fraction(0)
    for order in itertools.permutations(tiers):
        now, sum_ = left, Fraction(0)
        for p in order:
            taken = [piece for piece in now if wants(p.goods[0], piece[0])]
            tier = p.tiers[0]
            if taken and len(taken) >= (tier.pieces or 0):
                sum_ += (
                    Fraction(sum(worth for _, worth in taken)) * Fraction(tier.percent or 0) / 100
                )
                now = [piece for piece in now if not wants(p.goods[0], piece[0])]
        best = max(best, sum_)
    return best


def everything(items: list[Item], on: list[Promotion]) -> Fraction:
    """The largest saving of one layer, by trying every way; written for clarity only.

    Each piece is one of a list; a bundle is any set of them that fits; tiers take what is left.
    """
    pieces = pieces_of(items)
    whole = [p for p in on if not p.tiers]
    tiers = [p for p in on if p.tiers]

    @functools.cache
    def best(left: frozenset[int], used: frozenset[int]) -> Fraction:
        found = by_tiers(tiers, [pieces[n] for n in sorted(left)])
        for number, p in enumerate(whole):
            if number in used:
                continue
            size = sum(g.many for g in p.goods)
            for chosen in itertools.combinations(sorted(left), size):
                if fits(p, [pieces[n] for n in chosen]):
                    more = saved(p, [pieces[n][1] for n in chosen])
                    if more > 0:
                        after = used | {number} if p.most == 1 else used
                        found = max(found, more + best(left - set(chosen), after))
        return found

    return best(frozenset(range(len(pieces))), frozenset())


@given(baskets, st.lists(st.one_of(bundles, tiered), min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_the_best_outcome_is_found(lines: list[tuple[str, int, int]], on: list[Promotion]) -> None:
    items = [
        Item(n, name, frozenset({GROUPS[name], "ALL"}), many, minor * many)
        for n, (name, many, minor) in enumerate(lines, 1)
    ]
    if sum(item.pieces or 0 for item in items) > 6:
        return
    from dataclasses import replace  # noqa: PLC0415

    named = [replace(p, key=PromotionKey(f"p{n}")) for n, p in enumerate(on)]
    found = savings(items, named)
    best = everything(items, named)
    assert abs(sum(s.minor for s in found) - best) <= Fraction(len(named), 2), (found, float(best))
    for item in items:
        assert 0 <= by_line(found).get(item.line, 0) <= item.minor


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdt"), st.integers(1, 30), st.integers(1, 3000)), max_size=30
    ),
    st.lists(st.one_of(bundles, tiered), max_size=12),
)
@settings(max_examples=150, deadline=None)
def test_no_line_ever_costs_less_than_nothing(
    lines: list[tuple[str, int, int]], on: list[Promotion]
) -> None:
    from dataclasses import replace  # noqa: PLC0415

    items = [
        Item(n, name, frozenset({GROUPS[name], "ALL"}), many, minor * many)
        for n, (name, many, minor) in enumerate(lines, 1)
    ]
    named = [replace(p, key=PromotionKey(f"p{n}"), layer=n % 3) for n, p in enumerate(on)]
    saved = by_line(savings(items, named))
    for item in items:
        assert 0 <= saved.get(item.line, 0) <= item.minor


@pytest.mark.parametrize(
    ("codes", "many"),
    [
        ([], 0),
        (["971"], 0),
        (["98112345"], 1),
        (["98112345", "98112345"], 1),
        (["98112345", "98112346"], 2),
        (["981", "981"], 2),
        (["981", "98112345", "98112345", "981"], 3),
    ],
)
def test_a_coupon_of_its_own_number_counts_once_and_a_general_one_each_time(
    codes: list[str], many: int
) -> None:
    assert replace(COUPON, coupon="981").coupons(codes) == many
    assert replace(COUPON, coupon=None).coupons(codes) == 0
