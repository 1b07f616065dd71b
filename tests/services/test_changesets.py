"""Change sets: collected, reviewed by another, released together, acknowledged, undone as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas.keys import BranchKey, LayoutKey, RoleKey
from schemas.layout import Layout
from schemas.money import UnitPrice
from schemas.price import Price
from schemas.staff import Right, Role
from services.database import (
    aftermath,
    articles,
    audit,
    changes,
    changesets,
    organisation,
    prices,
    records,
    releasing,
)
from services.database.changesets import SetRefused
from services.demo.chain import Seat
from tests.pretend.branch import BEER, MILK, Chain, renamed

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Chain]:
    """A chain of two branches."""
    made = Chain(tmp_path, seats=(Seat("014", "Neustadt", "Weg 1", 1), Seat("003", "Elbe", "W", 1)))
    yield made
    made.office.close()


def _price(amount: str, begins: datetime = NOW) -> Price:
    return Price(MILK.key, begins, UnitPrice.parse(amount, "EUR"))


def _set(session: Session, *documents: object) -> int:
    number = changesets.make(session, "Winter", "jana").id
    changesets.collect(session, number, [(each, "chain") for each in documents], "jana")
    return number


def _costs(chain: Chain, till: str, at: datetime) -> str:
    chain.publish()
    chain.look(till)
    with chain.till(till, lambda: at) as found:
        return str(found.catalogue.price_steps(MILK.key, at)[-1][1])


def test_nothing_of_a_set_holds_before_its_release(chain: Chain) -> None:
    with chain.office.session() as session:
        number = _set(session, _price("1.59"), renamed(BEER, "Winterbier"))
    assert chain.publish() == 0
    with chain.office.reading() as session:
        assert session.get_one(articles.ArticleRow, BEER.key).de == "Pils"
        (beer, price) = changesets.review(session, changesets.edits(session, number))
        assert [(d.field, d.before, d.after) for d in beer.differences] == [
            ("de", "Pils", "Winterbier")
        ]
        assert price.before is None


def test_released_it_holds_everywhere_at_once_and_undone_nowhere(any_chain: Chain) -> None:
    with any_chain.office.session() as session:
        number = _set(session, _price("1.59"), renamed(BEER, "Winterbier"))
    with any_chain.office.session() as session:
        assert releasing.release(session, number, "jana").state == "released"
    later = datetime.now(UTC) + timedelta(seconds=1)
    assert _costs(any_chain, "014-1", later) == "1.59 EUR"
    with any_chain.office.session() as session:
        done = releasing.undo(session, number, "jana")
        assert (done.restored, done.left) == (2, [])
    assert _costs(any_chain, "014-1", later) == "1.39 EUR"
    with any_chain.office.reading() as session:
        assert session.get_one(articles.ArticleRow, BEER.key).de == "Pils"
        assert audit.verify(session).broken is None


def test_what_begins_is_at_the_tills_ahead_and_the_rest_waits_here(chain: Chain) -> None:
    begins = datetime.now(UTC) + timedelta(hours=3)
    with chain.office.session() as session:
        number = _set(session, _price("1.59"), renamed(BEER, "Winterbier"))
        releasing.release(session, number, "jana", begins=begins)
        assert session.get_one(changesets.ChangeSet, number).state == "scheduled"
    assert _costs(chain, "014-1", begins - timedelta(seconds=1)) == "1.39 EUR"
    assert _costs(chain, "014-1", begins) == "1.59 EUR", "by the till's own clock, without a line"
    with chain.office.session() as session:
        assert session.get_one(articles.ArticleRow, BEER.key).de == "Pils"
        assert releasing.due(session, begins - timedelta(seconds=1)) is None
        released = releasing.due(session, begins)
        assert released is not None
        assert released.id == number
        assert session.get_one(articles.ArticleRow, BEER.key).de == "Winterbier"
    with chain.office.session() as session:
        assert releasing.undo(session, number, "tom").restored == 2
        assert session.get_one(articles.ArticleRow, BEER.key).de == "Pils"


def test_for_some_branches_it_holds_only_there(two: Chain) -> None:
    role = Role(RoleKey("cashier"), "Aushilfe", (Right("sell"),))
    with two.office.session() as session:
        number = _set(session, _price("1.59"), role)
        releasing.release(session, number, "jana", branches=["014"])
    later = datetime.now(UTC) + timedelta(seconds=1)
    assert _costs(two, "014-1", later) == "1.59 EUR"
    assert _costs(two, "003-1", later) == "1.39 EUR"
    with two.till("014-1") as here, two.till("003-1") as there:
        assert here.catalogue.role(role.key) == role
        assert there.catalogue.role(role.key) != role
    with two.office.session() as session:
        releasing.undo(session, number, "jana")
    assert _costs(two, "014-1", later) == "1.39 EUR"
    with two.till("014-1") as here, two.till("003-1") as there:
        assert here.catalogue.role(role.key) == there.catalogue.role(role.key)


def test_articles_are_the_same_everywhere_and_no_set_narrows_them(chain: Chain) -> None:
    with chain.office.session() as session:
        number = _set(session, renamed(BEER, "Winterbier"))
        with pytest.raises(SetRefused, match=r"sets\.everywhere"):
            releasing.release(session, number, "jana", branches=["014"])


def test_who_edited_does_not_approve_and_where_review_is_asked_nothing_goes_without(
    chain: Chain,
) -> None:
    with chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.rules = {"release_review": "true"}
        session.flush()
        organisation.announce(session, "company", company.key, "test")
        number = _set(session, _price("1.59"))
        with pytest.raises(SetRefused, match="needs-review"):
            releasing.release(session, number, "jana")
        changesets.propose(session, number, "jana")
        with pytest.raises(SetRefused, match=r"sets\.own"):
            changesets.approve(session, number, "jana")
        changesets.approve(session, number, "tom")
        changesets.collect(session, number, [(_price("1.69"), "chain")], "jana")
        with pytest.raises(SetRefused, match="needs-review"):
            releasing.release(session, number, "jana")
        changesets.propose(session, number, "jana")
        changesets.approve(session, number, "tom")
        assert releasing.release(session, number, "jana").state == "released"


def test_what_somebody_changed_meanwhile_is_a_conflict_until_one_decides(chain: Chain) -> None:
    with chain.office.session() as session:
        number = _set(session, renamed(BEER, "Winterbier"), renamed(MILK, "Wintermilch"))
    with chain.office.session() as session:
        articles.put(session, renamed(BEER, "Dunkles"), "tom")
        articles.put(session, renamed(MILK, "Rohmilch"), "tom")
    with chain.office.session() as session:
        with pytest.raises(SetRefused) as refused:
            releasing.release(session, number, "jana")
        assert refused.value.parts == {"count": 2}
        changesets.keep_mine(session, number, "chain", "article", BEER.key, "jana")
        changesets.leave_out(session, number, "chain", "article", MILK.key, "jana")
        releasing.release(session, number, "jana")
        assert session.get_one(articles.ArticleRow, BEER.key).de == "Winterbier"
        assert session.get_one(articles.ArticleRow, MILK.key).de == "Rohmilch"


def test_a_set_that_waits_says_what_was_changed_meanwhile_and_is_still_decided(
    chain: Chain,
) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    with chain.office.session() as session:
        number = _set(session, renamed(BEER, "Winterbier"), renamed(MILK, "Wintermilch"))
        assert releasing.release(session, number, "jana", begins=soon).state == "scheduled"
        assert changesets.overtaken(session, number) == 0
    with chain.office.session() as session:
        articles.put(session, renamed(BEER, "Dunkles"), "tom")
        articles.put(session, renamed(MILK, "Rohmilch"), "tom")
    with chain.office.reading() as session:
        assert changesets.overtaken(session, number) == 2
        found = changesets.review(session, changesets.edits(session, number))
        assert [each.meanwhile.by for each in found if each.meanwhile] == ["tom", "tom"]
    for act, article in ((changesets.keep_mine, BEER), (changesets.leave_out, MILK)):
        with chain.office.session() as session:
            act(session, number, "chain", "article", article.key, "ina")
    with chain.office.session() as session:
        assert changesets.overtaken(session, number) == 0
        decided = sa.select(audit.Entry).where(audit.Entry.act == "set-decided")
        said = [(entry.by, entry.said["holds"]) for entry in session.scalars(decided) if entry.said]
        assert said == [("ina", "mine"), ("ina", "theirs")]
        assert releasing.due(session, soon) is not None
        assert session.get_one(articles.ArticleRow, BEER.key).de == "Winterbier"
        assert session.get_one(articles.ArticleRow, MILK.key).de == "Rohmilch"


def test_what_a_set_has_released_is_decided_no_more(chain: Chain) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    with chain.office.session() as session:
        number = _set(session, renamed(BEER, "Winterbier"), _price("1.59"))
        releasing.release(session, number, "jana", begins=soon)
    with chain.office.session() as session:
        (done,) = [edit for edit in changesets.edits(session, number) if edit.done]
        changesets.leave_out(session, number, done.scope, done.kind, done.key, "ina")
        assert len(changesets.edits(session, number)) == 2, "tills have it"


def test_a_set_is_acknowledged_till_by_till(two: Chain) -> None:
    for till in ("014-1", "003-1"):
        two.look(till)
    with two.office.session() as session:
        number = _set(session, _price("1.59"))
        releasing.release(session, number, "jana")
        assert releasing.reached(session, number)[number].ready == (), "it has no revision yet"
    two.publish()
    two.look("014-1")
    with two.office.reading() as session:
        reached = releasing.reached(session, number)[number]
        assert (reached.ready, reached.missing) == (("014-1",), ("003-1",))
    two.look("003-1")
    with two.office.reading() as session:
        assert releasing.reached(session, number)[number].missing == ()


def test_a_layout_gets_its_version_and_moment_at_the_release(chain: Chain) -> None:
    with chain.office.session() as session:
        before = changes.current(session, "chain", "layout", "standard")
        assert before is not None
        old = records.read("layout", before)
        number = _set(session, replace(old, columns=44))
        releasing.release(session, number, "jana")
    chain.publish()
    with chain.office.reading() as session:
        found = session.scalars(
            sa.select(changes.Published.document).where(changes.Published.kind == "layout")
        ).all()
        versions = sorted((records.read("layout", each) for each in found), key=lambda v: v.version)
    assert [each.version for each in versions] == [old.version, old.version + 1]
    assert isinstance(versions[-1], Layout)
    assert versions[-1].layout == LayoutKey("standard")
    assert versions[-1].begins is not None


def test_five_thousand_prices_are_one_set(chain: Chain) -> None:
    many = [
        Price(MILK.key, datetime(2040, 1, 1, tzinfo=UTC) + timedelta(minutes=n), UnitPrice.parse("1.00", "EUR"), BranchKey("014"))
        for n in range(5000)
    ]  # fmt: skip
    with chain.office.session() as session:
        number = _set(session, *many)
        releasing.release(session, number, "jana")
    with chain.office.session() as session:
        assert releasing.undo(session, number, "jana").restored == 5000
        assert len(prices.prices_of(session, MILK.key)) == 1


def test_for_some_branches_only_their_tills_are_waited_for(two: Chain) -> None:
    for till in ("014-1", "003-1"):
        two.look(till)
    with two.office.session() as session:
        number = _set(session, _price("1.59"))
        releasing.release(session, number, "jana", branches=["003"])
    with two.office.reading() as session:
        assert releasing.reached(session, number)[number].wanted == ("003-1",)


def test_what_a_record_was_is_still_said_after_the_release(chain: Chain) -> None:
    with chain.office.session() as session:
        number = _set(session, renamed(BEER, "Winterbier"))
        assert aftermath.before(session, number, changesets.edits(session, number)) == {}
        releasing.release(session, number, "jana")
    with chain.office.session() as session:
        (edit,) = changesets.edits(session, number)
        before = aftermath.before(session, number, [edit])[edit]
        assert before is not None and b"Pils" in before and b"Winterbier" not in before


def test_who_sent_a_set_back_is_said_until_it_is_sent_again(chain: Chain) -> None:
    with chain.office.session() as session:
        number = _set(session, _price("1.59"))
        changesets.propose(session, number, "jana")
    with chain.office.session() as session:
        assert aftermath.sent_back(session, number) is None
        changesets.reject(session, number, "ina", "too dear")
    with chain.office.session() as session:
        entry = aftermath.sent_back(session, number)
        assert entry is not None and (entry.by, entry.reason) == ("ina", "too dear")
        changesets.propose(session, number, "jana")
    with chain.office.session() as session:
        assert aftermath.sent_back(session, number) is None


@pytest.mark.parametrize("is_last_later", [True, False])
def test_of_two_prices_that_begin_with_the_release_the_last_edit_holds(
    any_chain: Chain, *, is_last_later: bool
) -> None:
    some = [_price("1.59"), _price("1.69", NOW + timedelta(minutes=1))]
    if not is_last_later:
        some.reverse()
    with any_chain.office.session() as session:
        number = changesets.make(session, "Winter", "jana").id
        for each in some:
            changesets.collect(session, number, [(each, "chain")], "jana")
    with any_chain.office.session() as session:
        releasing.release(session, number, "jana")
    with any_chain.office.reading() as session:
        found = prices.current_prices(session, [MILK.key], datetime.now(UTC), "")
        assert found[MILK.key].document().amount == some[-1].amount


def test_of_a_set_for_one_branch_its_own_price_holds_before_the_chain_s(two: Chain) -> None:
    own = replace(_price("1.49"), branch=BranchKey("014"))
    with two.office.session() as session:
        number = _set(session, own)
        changesets.collect(session, number, [(_price("1.59"), "chain")], "jana")
        releasing.release(session, number, "jana", branches=["014"])
    with two.office.reading() as session:
        found = prices.current_prices(session, [MILK.key], datetime.now(UTC), "014")
        assert found[MILK.key].document().amount == own.amount


def test_who_agreed_to_a_set_has_not_agreed_to_what_was_decided_in_it_since(chain: Chain) -> None:
    with chain.office.session() as session:
        number = _set(session, renamed(BEER, "Winterbier"))
        changesets.propose(session, number, "jana")
        changesets.approve(session, number, "tom")
        records.put(session, replace(BEER, en="Lager"), "chain", "ida")
        changesets.keep_mine(session, number, "chain", "article", BEER.key, "jana")
        assert session.get_one(changesets.ChangeSet, number).state == "draft"


def test_a_set_that_waits_for_its_moment_is_not_decided_by_its_author(chain: Chain) -> None:
    with chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.rules = {"release_review": "true"}
        number = _set(session, renamed(BEER, "Winterbier"))
        changesets.propose(session, number, "jana")
        changesets.approve(session, number, "tom")
        releasing.release(session, number, "jana", begins=datetime.now(UTC) + timedelta(days=1))
        records.put(session, replace(BEER, en="Lager"), "chain", "ida")
        with pytest.raises(SetRefused, match=r"sets\.own"):
            changesets.keep_mine(session, number, "chain", "article", BEER.key, "jana")
        assert changesets.overtaken(session, number) == 1
        changesets.keep_mine(session, number, "chain", "article", BEER.key, "tom")
        assert changesets.overtaken(session, number) == 0
