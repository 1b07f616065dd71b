"""Promotions in the browser: a sentence each, their rivals, and what they would have done to real receipts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from backoffice.promotions.wording import sentence
from backoffice.shown import Shown
from schemas.keys import (
    ArticleKey,
    Barcode,
    BranchKey,
    GroupKey,
    PromotionKey,
    SupplierKey,
)
from schemas.money import Money, UnitPrice
from schemas.promotion import Goods, Promotion, Tier
from schemas.supplier import Supply
from services.database import changes, supplies
from services.evaluation import promotions as questions
from services.evaluation import replay
from services.evaluation.turnover import Days
from tests.backoffice.conftest import Person
from tests.pretend.branch import BEER, BEGAN, MILK, Chain

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
FORM: dict[str, Any] = {
    "key": "milk2", "de": "Zwei Milch", "shape": "price", "many": "2", "less": "2,50",
    "articles": MILK.key, "reach": "all", "layer": "1", "priority": "0",
}  # fmt: skip
MILKS = (Goods((MILK.key,), many=2),)
WEEK = Days(date(2020, 1, 1), date(2030, 1, 1))


def _promotion(key: str = "two", **more: Any) -> Promotion:
    return Promotion(PromotionKey(key), BEGAN, de=key, **{"goods": MILKS, **more})


def euros(text: str) -> Money:
    """An amount."""
    return Money.parse(text, "EUR")


SENTENCES = (
    (_promotion(price=euros("2.50")), "2 × Milch: zusammen 2,50 €"),
    (_promotion(percent=Decimal(100), cheapest=1), "2 nehmen, 1 zahlen: Milch"),
    (_promotion(goods=(Goods(groups=(GroupKey("sweets"),), not_articles=(BEER.key,)),),
                percent=Decimal(10), days=("5", "6"), begin_time="17:00", end_time="22:00"),
     "Süßes (ohne Pils): 10 % weniger, Fr–Sa, 17:00–22:00 Uhr"),
    (_promotion(goods=(Goods(),), tiers=(Tier(3, percent=Decimal(5)), Tier(value=euros("50"), off=euros("5")))),
     "alle Ware: ab 3 Stück 5 % weniger; ab 50,00 € 5,00 € weniger"),
    (_promotion(goods=(Goods((MILK.key,)), Goods((BEER.key,))), off=euros("0.50"),
                branches=(BranchKey("014"),), customers="gold", most=1),
     "Milch und Pils zusammen: 0,50 € weniger, nur 014, für Kundengruppe gold, höchstens einmal"),
)  # fmt: skip


@pytest.mark.parametrize(("promotion", "wanted"), SENTENCES)
def test_a_promotion_is_one_sentence(promotion: Promotion, wanted: str) -> None:
    shown = Shown("de", ZoneInfo("Europe/Berlin"), NOW)
    names = {MILK.key: "Milch", BEER.key: "Pils", "sweets": "Süßes"}
    said = sentence(promotion, shown, names)
    assert said.replace("\N{THIN SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ") == wanted


def test_it_is_made_in_the_browser_and_holds_at_the_till(chain: Chain, jana: Person) -> None:
    assert jana.post("/promotions/new", **FORM).headers["Location"] == "/promotions/milk2"
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        for _ in range(2):
            till.scan(MILK.codes[0].value)
        assert till.basket.total == euros("2.50")
        till.abort()
    assert "zusammen 2,50" in jana.get("/promotions/").text
    jana.post("/promotions/milk2/end")
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1", lambda: datetime.now(UTC) + timedelta(seconds=2)) as till:
        for _ in range(2):
            till.scan(MILK.codes[0].value)
        assert till.basket.total == euros("2.78")
        till.abort()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"articles": "40122 nowhere"}, "articles"),
        ({"shape": "n-for-m", "many": "2", "pay": "2"}, "less"),
        ({"shape": "percent", "less": "150 %"}, "less"),
        ({"from": "2026-12-01T00:00", "until": "2026-11-01T00:00"}, "until"),
        ({"begin": "25:00"}, "begin"),
        ({"shape": "tiers", "tiers": "viele"}, "less"),
        ({"shape": "together"}, "others"),
        ({"de": ""}, "de"),
        ({"reach": "some", "where": "999"}, "where"),
    ],
)
def test_what_is_wrong_is_named_at_its_field(
    chain: Chain, jana: Person, changed: dict[str, str], field: str
) -> None:
    answer = jana.post("/promotions/new", **{**FORM, **changed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "Zwei Milch" in answer.text or "de" in changed
    with chain.office.reading() as session:
        assert questions.every(session) == []


def test_the_form_says_again_what_it_was_told(chain: Chain, jana: Person) -> None:
    every = {
        "a": {"shape": "n-for-m", "many": "3", "pay": "2"},
        "b": {"shape": "percent", "many": "1", "less": "10 %", "days": "5"},
        "c": {"shape": "tiers", "tiers": "3: 10 %\n50,00 EUR: −5,00"},
        "d": {"shape": "together", "others": BEER.key, "less": "−0,50"},
    }
    for key, changed in every.items():
        assert jana.post("/promotions/new", **{**FORM, "key": key, **changed}).status_code == 303
    with chain.office.reading() as session:
        before = {each.key: each for each in questions.every(session)}
    for key in every:
        page = jana.get(f"/promotions/{key}").text
        form = _form_of(page)
        assert jana.post(f"/promotions/{key}", **form).status_code == 303, page
    with chain.office.reading() as session:
        after = {each.key: each for each in questions.every(session)}
    for key, promotion in before.items():
        assert after[key].goods == promotion.goods and after[key].tiers == promotion.tiers
        assert (after[key].percent, after[key].off, after[key].cheapest) == (
            promotion.percent, promotion.off, promotion.cheapest,
        )  # fmt: skip


def _form_of(page: str) -> dict[str, Any]:
    """What a browser would send if somebody pressed Save at once."""
    form: Any = html.fromstring(page).get_element_by_id("promotion")
    return {key: value for key, value in form.form_values() if key not in {"csrf_token", "act"}}


def test_rivals_are_found_by_goods_time_day_hour_and_branch(chain: Chain) -> None:
    draft = _promotion("draft", percent=Decimal(10))
    others = {
        "same": _promotion("same", off=euros("0.10")),
        "later-layer": _promotion("later-layer", off=euros("0.10"), layer=2),
        "beer": _promotion("beer", goods=(Goods((BEER.key,)),), off=euros("0.10")),
        "over": _promotion("over", ends=BEGAN.replace(year=2021), off=euros("0.10")),
        "monday": _promotion("monday", days=("1",), off=euros("0.10")),
    }
    with chain.office.session() as session:
        for other in others.values():
            changes.record(session, other, "chain", "test")
    with chain.office.reading() as session:
        found = {each.promotion.key: each.kind for each in questions.rivals(session, draft)}
        assert found == {"same": "same-layer", "later-layer": "stacks", "monday": "same-layer",
                         "over": "same-layer"}  # fmt: skip
        shut = questions.rivals(session, _promotion("draft", percent=Decimal(10), exclusive=True))
        assert "shut-out" in {each.kind for each in shut if each.promotion.key == "later-layer"}
        friday = Promotion(draft.key, BEGAN.replace(year=2022), de="f", goods=MILKS, days=("5",))
        found = {each.promotion.key: each.kind for each in questions.rivals(session, friday)}
        assert set(found) == {"same", "later-layer"}


def test_a_draft_is_run_over_what_was_really_sold(chain: Chain) -> None:
    for many in (1, 2, 5):
        with chain.till("014-1") as till:
            for _ in range(many):
                till.scan(Barcode("4012345678901"))
            till.pay()
    with chain.till("014-1") as till:
        till.scan(MILK.codes[0].value)
        till.pay()
    chain.look("014-1")
    with chain.office.session() as session:
        supplies.put_supply(
            session, Supply(SupplierKey("n"), ArticleKey(MILK.key), cost=UnitPrice.parse("1.00", "EUR")), "t"
        )  # fmt: skip
    draft = _promotion(price=euros("2.50"))
    with chain.office.reading() as session:
        found = replay.replay(session, draft, [], WEEK, "de")
        assert (found.receipts, found.looked, found.touched, found.pieces) == (4, 4, 2, 6)
        assert (found.before, found.after) == (7 * 139, 250 + 2 * 250 + 139)
        assert found.cost == 700
        assert found.examples[0].after - found.examples[0].before == -56
        elsewhere = replay.replay(session, draft, ["003"], WEEK, "de")
        assert (elsewhere.receipts, elsewhere.touched) == (0, 0)
        beer = _promotion(goods=(Goods((BEER.key,)),), percent=Decimal(50))
        assert replay.replay(session, beer, [], WEEK, "de").looked == 0


def test_the_replay_says_what_the_page_says_and_keeps_nothing(chain: Chain, jana: Person) -> None:
    with chain.till("014-1") as till:
        for _ in range(2):
            till.scan(Barcode("4012345678901"))
        till.pay()
    chain.look("014-1")
    page = jana.post("/promotions/new", **FORM, act="try")
    assert page.status_code == 200 and "−0,28" in page.text
    with chain.office.reading() as session:
        assert questions.every(session) == []
