"""Prices side by side: inherited or own, special, for a list, a branch or customers; and the calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from backoffice import charts
from schemas.keys import BranchKey
from schemas.money import UnitPrice
from schemas.price import Price
from services.database import organisation, prices
from services.evaluation import pricelists
from services.evaluation.pricelists import Column
from tests.backoffice.conftest import Person
from tests.pretend.branch import BEGAN, MILK, Chain

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def _euros(text: str) -> UnitPrice:
    return UnitPrice.parse(text, "EUR")


def test_a_cell_says_what_is_inherited_and_what_is_its_own(chain: Chain) -> None:
    with chain.office.session() as session:
        region = session.get_one(organisation.Unit, ("region", "east"))
        region.rules = {"price_list": "east"}
        session.flush()
        for price in (
            Price(MILK.key, BEGAN, _euros("1.29"), price_list="east"),
            Price(MILK.key, BEGAN, _euros("1.19"), customers="gold"),
            Price(
                MILK.key,
                BEGAN,
                _euros("0.99"),
                ends=NOW + timedelta(days=1),
                branch=BranchKey("014"),
            ),
            Price(MILK.key, NOW + timedelta(days=2), _euros("1.59")),
        ):
            prices.put_price(session, price, "test")
    with chain.office.reading() as session:
        wanted = pricelists.columns(session, ["014"])
        assert wanted == [
            Column("chain"), Column("list", "east"), Column("branch", "014", "east"),
            Column("customers", "gold"),
        ]  # fmt: skip
        cells = pricelists.grid(session, [MILK.key], wanted, NOW)[MILK.key]
        assert [(str(c.amount), c.own, c.special) for c in cells] == [
            ("1.39 EUR", True, False), ("1.29 EUR", True, False),
            ("0.99 EUR", True, True), ("1.19 EUR", True, False),
        ]  # fmt: skip
        later = pricelists.grid(session, [MILK.key], wanted, NOW + timedelta(days=1))[MILK.key]
        assert (str(later[2].amount), later[2].own) == ("1.29 EUR", False), "from its list again"
        assert [str(p.amount) for p in cells[0].coming] == ["1.59 EUR"]


def test_what_is_scheduled_says_how_many_tills_have_it(chain: Chain) -> None:
    for till in ("014-1", "014-2"):
        chain.look(till)
    begins = NOW.replace(year=2040)
    chain.price(MILK.key, "1.59", begins)
    with chain.office.reading() as session:
        (event,) = pricelists.coming(session, NOW, None)
        assert (event.at, event.many, event.ready, event.tills) == (begins, 1, 0, 2)
    chain.look("014-1")
    with chain.office.reading() as session:
        assert pricelists.coming(session, NOW, "014")[0].ready == 1
    chain.look("014-2")
    with chain.office.reading() as session:
        assert pricelists.coming(session, NOW, None)[0].ready == 2


@pytest.mark.parametrize(
    ("column", "stored"),
    [
        ("chain/", ("", "", "")), ("branch/014", ("014", "", "")),
        ("list/east", ("", "east", "")), ("customers/gold", ("", "", "gold")),
    ],
)  # fmt: skip
def test_a_price_is_set_and_taken_away_in_any_column(
    chain: Chain, jana: Person, column: str, stored: tuple[str, str, str]
) -> None:
    address = f"/prices/{MILK.key}/{column}"
    answer = jana.post(
        address, amount="1,11", when="at", at="2035-01-01T06:00", until="2035-02-01T00:00"
    )
    assert answer.status_code == 303
    with chain.office.reading() as session:
        row = next(r for r in prices.prices_of(session, MILK.key) if str(r.amount) == "1.11 EUR")
        assert (row.branch, row.price_list, row.customers) == stored
        assert row.ends is not None
        key = row.document().key
    assert "1,11" in jana.get(address).text
    jana.post(address, act="remove", price=key)
    with chain.office.reading() as session:
        assert all(str(r.amount) != "1.11 EUR" for r in prices.prices_of(session, MILK.key))
    wrong = jana.post(
        address, amount="1,11", when="at", at="2035-01-01T06:00", until="2034-01-01T00:00"
    )
    assert wrong.status_code == 422


def test_the_pages_are_tables_that_say_their_columns(chain: Chain, jana: Person) -> None:
    chain.price(MILK.key, "1.59", NOW.replace(year=2040))
    page = html.fromstring(jana.get("/prices/?with=014").text)
    heads = [head.text_content().strip() for head in page.iter("th") if head.get("scope") == "col"]
    assert heads == ["Artikel", "Basis", "014 Neustadt"]
    assert "bereit auf" in jana.get("/prices/coming").text
    assert jana.get(f"/prices/{MILK.key}/branch/999").status_code == 404
    assert jana.get(f"/prices/{MILK.key}/nothing/x").status_code == 404


def test_an_articles_page_shows_the_course_of_its_price(chain: Chain, jana: Person) -> None:
    assert "Preisverlauf" not in jana.get(f"/articles/{MILK.key}").text
    chain.price(MILK.key, "1.49")
    page = jana.get(f"/articles/{MILK.key}").text
    assert "Preisverlauf" in page and 'class="line dash" d=""' in page


def test_a_price_is_a_line_that_steps_and_is_dashed_where_it_is_to_come() -> None:
    first, last = NOW - timedelta(days=10), NOW + timedelta(days=10)
    steps = [(BEGAN, 139, "1.39"), (NOW - timedelta(days=5), 149, "1.49"),
             (NOW + timedelta(days=5), 129, "1.29")]  # fmt: skip
    found = charts.stair(steps, first, last, NOW)
    assert found is not None
    assert [(label, coming) for _, _, label, coming in found.marks] == [
        ("1.39", False), ("1.49", False), ("1.29", True),
    ]  # fmt: skip
    assert found.past.startswith("M8.0 ") and found.past.count("V") == 1
    assert found.coming.startswith("M") and found.coming.count("V") == 1
    assert charts.stair(steps[:1], first, last, NOW) is None


def test_a_list_and_a_group_have_a_column_before_their_first_price(
    chain: Chain, jana: Person
) -> None:
    assert "/list/" not in jana.get("/prices/").text
    jana.post("/units/region/east/setting", name="price_list", value="osten")
    jana.post("/customers/new", name="Kita Süd", customers="stammkunden")
    page = jana.get("/prices/").text
    assert f"/prices/{MILK.key}/list/osten" in page
    assert f"/prices/{MILK.key}/customers/stammkunden" in page
    answer = jana.post(f"/prices/{MILK.key}/list/osten", amount="1,11", when="now")
    assert answer.status_code == 303
    with chain.office.reading() as session:
        assert "osten" in {p.price_list for p in prices.prices_of(session, MILK.key)}
