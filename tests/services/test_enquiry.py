"""Price enquiry: the price, why, what is on, what comes; and nothing is sold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from schemas.keys import ArticleKey, Barcode, PromotionKey
from schemas.promotion import Goods, Promotion, Tier
from services.database import changes
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
