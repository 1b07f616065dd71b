"""Publishing in steps: who waits to write gets in between two of them."""

from __future__ import annotations

import pytest

from schemas.article import Article
from schemas.keys import ArticleKey, TaxClass
from services.database import articles, bulk
from services.replication import publish
from tests.pretend.branch import Chain


def test_between_two_steps_anybody_can_write(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [Article(ArticleKey(f"n{n}"), de=f"Neu {n}", tax=TaxClass("A")) for n in range(2_500)]
    with chain.office.session() as session:
        bulk.put(session, [bulk.prepared(each) for each in many], "jana")
    monkeypatch.setattr("services.replication.publish._AT_ONCE", 2_000)
    waits: list[float] = []

    def write(seconds: float) -> None:
        waits.append(seconds)
        late = Article(ArticleKey(f"late{len(waits)}"), de="Spät", tax=TaxClass("A"))
        with chain.office.session() as session:
            articles.put(session, late, "ina")

    monkeypatch.setattr("services.replication.publish.time.sleep", write)
    done = publish.publish(chain.office)
    assert len(waits) == 1 and min(waits) > 0.1, "SQLite's waiters look every tenth of a second"
    assert done == 2_501, "and what they wrote goes out too"
    chain.look("014-1")
    with chain.till("014-1") as till:
        assert till.catalogue.by_key(ArticleKey("late1")) is not None
