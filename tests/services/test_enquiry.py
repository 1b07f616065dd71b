"""Price enquiry: the price, why, what is on, what comes; and nothing is sold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from schemas.article import Article, Code
from schemas.keys import ArticleKey, Barcode, PromotionKey, TaxClass
from schemas.promotion import Goods, Promotion, Tier
from services.database import articles, changes
from services.register.refusal import StepRefused
from services.till.enquiry import enquire
from tests.pretend.branch import BEGAN, Chain


def test_an_enquiry_sells_nothing(chain: Chain) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    chain.price("40122", "1.79", begins=tomorrow)
    ten = Promotion(
        PromotionKey("ten"), BEGAN, tiers=(Tier(percent=Decimal(10)),),
        goods=(Goods((ArticleKey("40122"),)),),
    )  # fmt: skip
    with chain.office.session() as session:
        changes.record(session, ten, changes.CHAIN, "test")
    chain.publish()
    with chain.till("014-1") as till:
        said = enquire(till, Barcode("4012345678901"))
        assert (said.article.key, str(said.price)) == ("40122", "1.39 EUR")
        assert [rule for rule, _ in said.steps] == ["base"]
        assert [promotion.key for promotion in said.promotions] == ["ten"]
        assert said.coming is not None
        assert (said.coming[0], str(said.coming[1])) == (tomorrow, "1.79 EUR")
        assert enquire(till, Barcode("99")).price is None
        with pytest.raises(StepRefused, match="No article"):
            enquire(till, Barcode("404"))
        assert till.basket.lines == ()
        assert till.book.period.through == 0


def test_a_search_lists_what_bears_the_text_first_and_never_too_much(chain: Chain) -> None:
    with chain.office.session() as session:
        for n in range(1200):
            key = ArticleKey(f"4{n:04d}")
            made = Article(key, f"Ware {n}", tax=TaxClass("B"))
            articles.put(session, made, "test")
        codes = (Code(Barcode("40")),)
        articles.put(session, Article(ArticleKey("49999"), "Zuletzt", codes=codes), "test")
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        assert till.catalogue.search("40200")[0].key == "40200"
        assert till.catalogue.search("40")[0].key == "49999", "its code is just this"
        assert len(till.catalogue.search("4")) == 40
        assert len({a.key for a in till.catalogue.search("ware 1")}) == 40
        assert till.catalogue.search("ware 1199")[0].de == "Ware 1199"


def test_prices_that_were_read_are_read_anew_when_they_change(chain: Chain) -> None:
    with chain.till("014-1") as till:
        key, at = ArticleKey("40122"), till.now()
        assert str(till.catalogue.price(key, at)) == "1.39 EUR"
        chain.price("40122", "1.99")
        chain.look("014-1")
        assert str(till.catalogue.price(key, at)) == "1.39 EUR", "a sale in hand keeps its revision"
        assert till.renew()
        assert str(till.catalogue.price(key, till.now())) == "1.99 EUR"
