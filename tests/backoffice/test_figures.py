"""The questions that the pages ask, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backoffice import create_app
from schemas.keys import Barcode
from services.database import people
from services.evaluation import (
    assortment,
    attention,
    places,
    receipts,
    takings,
    tills,
    turnover,
)
from services.evaluation.receipts import Question
from services.evaluation.turnover import Days
from tests.backoffice.conftest import PASSWORD, Person
from tests.pretend.branch import Chain

MILK_CODE = Barcode("4012345678901")
NOON = datetime(2026, 3, 11, 11, 0, tzinfo=UTC)
"""A Wednesday, noon in Berlin."""


def sold(chain: Chain) -> None:
    """Two milks a week before the day, at eleven and at one; three and a beer on the day."""
    with chain.till("014-1") as till:
        for hours, many in ((-169, 1), (-167, 1), (-3, 3)):
            for _ in range(many):
                till.scan(MILK_CODE, at=NOON + timedelta(hours=hours))
            till.pay(at=NOON + timedelta(hours=hours))
    with chain.till("014-2") as till:
        till.scan(Barcode("40123455"), at=NOON - timedelta(minutes=30))
        till.pay(at=NOON - timedelta(minutes=30))
    for name in ("014-1", "014-2"):
        chain.look(name)


def test_today_is_compared_with_the_same_time_a_week_before(any_chain: Chain) -> None:
    sold(any_chain)
    with any_chain.office.reading() as session:
        place = places.place(session)
        today = takings.today(session, place, NOON)
        assert (today.now.total, today.now.receipts) == (417 + 103, 2)
        assert (today.before.total, today.before.receipts) == (139, 1)
        assert today.hours == {9: 417, 11: 103}
        assert today.hours_before == {11: 139, 13: 139}
        assert today.branches["014"] == today.now
        assert today.last["014"] == NOON - timedelta(minutes=30)
        assert today.recent == 0, "what came just now was sold long ago"
        assert takings.today(session, place, NOON - timedelta(minutes=26)).recent == 1


def test_turnover_adds_up_whichever_way_it_is_cut(any_chain: Chain) -> None:
    sold(any_chain)
    with any_chain.office.reading() as session:
        place = places.place(session, "014")
        days = Days(NOON.date(), NOON.date())
        whole = turnover.whole(session, place, days)
        assert (whole.now.total, whole.before.total) == (520, 278)
        for question in (turnover.by_branch, turnover.by_day, turnover.by_article):
            rows = question(session, place, days)
            assert sum(row.now.total for row in rows) == 520
            assert sum(row.before.total for row in rows) == 278
        milk, beer = turnover.by_article(session, place, days)
        assert (milk.name, milk.quantity) == ("Milch", 3000)
        assert (beer.name, beer.quantity, beer.now.total) == ("Pils", 1000, 103)
        assert turnover.other_currencies(session, place, days) == []


def test_the_period_before_meets_the_same_weekdays() -> None:
    days = Days(NOON.date(), NOON.date() + timedelta(days=7))
    assert days.compared == Days(days.first - timedelta(days=14), days.last - timedelta(days=14))


@pytest.mark.parametrize(
    ("question", "many", "total"),
    [
        (Question(), 4, 798),
        (Question(first=NOON.date()), 2, 520),
        (Question(last=NOON.date() - timedelta(days=1)), 2, 278),
        (Question(article="40200"), 1, 103),
        (Question(total=139), 2, 278),
        (Question(till="2"), 1, 103),
        (Question(branch="999"), 0, 0),
        (Question(hour=11, kind="sale", currency="EUR"), 2, 242),
    ],
)
def test_receipts_are_found_and_summed(
    chain: Chain, question: Question, many: int, total: int
) -> None:
    sold(chain)
    with chain.office.reading() as session:
        page = receipts.page(session, question)
        assert (page.count, page.total, len(page.rows)) == (many, total, many)


def test_receipts_are_paged_and_shown_on_every_engine(any_chain: Chain) -> None:
    sold(any_chain)
    with any_chain.office.reading() as session:
        first = receipts.page(session, Question(), "highest", size=3)
        second = receipts.page(session, Question(), "highest", size=3, number=2)
        assert [row.total for row in (*first.rows, *second.rows)] == [417, 139, 139, 103]
        assert set(map(tuple, first.tenders.values())) == {("cash",)}
        row = first.rows[0]
        shown = receipts.show(session, row.branch, row.till, row.series, row.number)
        assert shown is not None and "4,17" in "".join(each.text for each in shown.rows)
        assert receipts.show(session, "014", "1", "1", 99) is None
        assert receipts.newest(session, "014", 1)[0].total == 103


def test_tills_are_judged_by_what_they_said_last(any_chain: Chain) -> None:
    sold(any_chain)
    now = datetime.now(UTC)
    with any_chain.office.reading() as session:
        assert {each.reason for each in tills.tills(session, None, now)} == {"selling"}
        later = tills.tills(session, "014", now + timedelta(hours=1))
        assert [task.kind for task in attention.of_tills(later)] == ["tills-silent"]
        assert tills.till(session, "014-9", now) is None
    with any_chain.office.session() as session:
        device = tills.till(session, "014-1", now)
        assert device is not None and device.device is not None
        device.device.fault = "disk full"
        device.device.waiting = 3
        session.flush()
        assert [each.reason for each in tills.tills(session, None, now)] == ["fault", "selling"]
        device.device.fault = None
        session.flush()
        assert [each.state for each in tills.tills(session, None, now)] == ["check", "ok"]


def test_the_assortment_is_paged_sorted_and_priced(any_chain: Chain) -> None:
    with any_chain.office.reading() as session:
        for sort in assortment.SORTS:
            wanted = assortment.Wanted(sort=sort, down=True, size=3)
            offers, count = assortment.page(session, wanted, None, "en", datetime.now(UTC))
            assert count == 4 and len(offers) == 3
        assert assortment.tasks(session, None) == {"": 4, "price": 1, "name": 0}


def test_the_pages_work_on_postgresql_too(any_chain: Chain) -> None:
    sold(any_chain)
    office = any_chain.office
    with office.session() as session:
        people.make_user(session, "jana", PASSWORD, language="en")
    app = create_app(office.directory, office.url)
    person = Person(app.test_client())
    person.sign_in()
    for path in ("/", "/articles/?q=milk", "/receipts/?period=all", "/turnover/?by=article",
                 "/tills/", "/branches/", "/quarantine"):  # fmt: skip
        assert person.get(path).status_code == 200, path
    answer = person.post("/articles/40122/price", htmx=True, amount="1.49", when="now")
    assert answer.status_code == 200 and "1.49" in answer.text
    app.extensions["office"].close()
