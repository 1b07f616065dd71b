"""Customers in the browser: found, made, changed, each branch its own; debits that came back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from backoffice.application import create_app
from schemas.customer import Card, Customer
from schemas.keys import Barcode, CustomerKey, TenderKey
from schemas.quantity import Quantity
from schemas.tender import Tender
from services.database import changes, customers, organisation, people
from services.database.customers import DebitRow
from services.demo.chain import Seat
from tests.backoffice.conftest import PASSWORD, Person
from tests.pretend.branch import Chain, euros

MILK = Barcode("4012345678901")
ANNA = Customer(
    CustomerKey("20418"), "Anna Seidel", "+49 351 4455", limit=euros("50.00"),
    cards=(Card(Barcode("777")),),
)  # fmt: skip
BOB = Customer(CustomerKey("20511"), "Bob Far")


def bought(chain: Chain, name: str, key: str, many: int, tender: str, *more: str) -> None:
    """A customer buys milk, and it comes up."""
    with chain.till(name) as till:
        till.scan(MILK, Quantity(many * 1000))
        till.clientele.choose(till.clientele.shown(key))
        till.pay([(TenderKey(tender), till.basket.open, *more)])
    chain.look(name)


@pytest.fixture
def people_(tmp_path: Path) -> Iterator[tuple[Chain, Person, Person]]:
    """A chain of two branches; Bea sees 014, Jana all."""
    seats = (Seat("014", "Neustadt", "Weg 1", 1), Seat("015", "Altstadt", "Weg 2", 1))
    chain = Chain(tmp_path, seats=seats)
    with chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.rules = {"account_budget": "30.00 EUR", "debit_budget": "30.00 EUR"}
        organisation.announce(session, "company", company.key, "test")
        debit = Tender(TenderKey("debit"), "debit", "Lastschrift", offline_most=euros("25.00"))
        account = Tender(TenderKey("account"), "account", "Kundenkonto")
        for document in (debit, account):
            changes.record(session, document, changes.CHAIN, "test")
        for customer in (ANNA, BOB):
            customers.put(session, customer, "test")
        for name, branch in (("bea", "014"), ("jana", None)):
            people.make_user(session, name, PASSWORD, language="en", branch=branch)
    chain.publish()
    bought(chain, "014-1", "20418", 3, "account")
    bought(chain, "015-1", "20418", 5, "account")
    bought(chain, "015-1", "20511", 1, "debit", "DE89370400440532013000")
    app = create_app(chain.office.directory)
    app.config["WTF_CSRF_ENABLED"] = False
    persons = []
    for name in ("bea", "jana"):
        client = app.test_client()
        client.post("/sign-in", data={"name": name, "password": PASSWORD})
        persons.append(Person(client))
    yield chain, persons[0], persons[1]
    app.extensions["office"].close()
    chain.office.close()


@pytest.mark.parametrize("typed", ["anna", "SEIDEL", "20418", "0351 4455", "777"])
def test_a_customer_is_found_by_what_is_known(
    people_: tuple[Chain, Person, Person], typed: str
) -> None:
    page = people_[2].get(f"/customers/?q={typed}").text
    assert "Anna Seidel" in page
    assert "Bob Far" not in page
    assert "11.12" in page


def test_one_customer_is_counted_as_one(people_: tuple[Chain, Person, Person]) -> None:
    _, _, jana = people_
    assert "1 customer<" in jana.get("/customers/?q=20418").text
    assert "2 customers<" in jana.get("/customers/").text


def test_who_sees_a_branch_sees_who_bought_there_and_what_moved_there(
    people_: tuple[Chain, Person, Person],
) -> None:
    _, bea, jana = people_
    page = bea.get("/customers/").text
    assert "Anna Seidel" in page and "4.17" in page
    assert "Bob Far" not in page and "11.12" not in page
    assert bea.get("/customers/20511").status_code == 404
    assert "6.95" not in bea.get("/customers/20418").text
    assert "6.95" in jana.get("/customers/20418").text
    assert bea.post("/customers/20418", name="Eve", limit="9999").status_code == 404
    assert "DE89" not in bea.get("/customers/debits").text
    assert bea.post("/customers/debits/015-1/1/2/0", state="returned").status_code == 404


def test_a_customer_is_changed_and_the_tills_are_told(
    people_: tuple[Chain, Person, Person],
) -> None:
    chain, _, jana = people_
    form = {"name": "Anna Seidel-Kurz", "phone": "0351 4455", "limit": "80,50", "cards": "777 778"}
    assert jana.client.post("/customers/20418", data=form).status_code == 303
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        found = till.clientele.shown("778")
        assert found is not None
        assert (found.name, found.limit) == ("Anna Seidel-Kurz", euros("80.50"))
    for wrong in ({"name": ""}, {"phone": "call me"}, {"limit": "much"}, {"email": "a@b@c"}):
        answer = jana.client.post("/customers/20418", data=form | wrong)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    with chain.office.reading() as session:
        row = customers.find(session, "20418")
        assert row is not None
        assert row.name == "Anna Seidel-Kurz"


def test_a_customer_is_made_under_a_number_of_its_own(
    people_: tuple[Chain, Person, Person],
) -> None:
    _, bea, jana = people_
    assert bea.get("/customers/new").status_code == 404
    answer = jana.post("/customers/new", name="Neu Mann", limit="")
    assert answer.status_code == 303
    assert "/customers/28" in answer.headers["Location"]
    assert "Neu Mann" in jana.get("/customers/?q=neu").text


def test_each_debit_of_a_receipt_has_a_state_of_its_own(
    people_: tuple[Chain, Person, Person],
) -> None:
    chain, _, jana = people_
    with chain.office.session() as session:
        first = session.scalars(sa.select(DebitRow)).one()
        values = {c.name: getattr(first, c.name) for c in DebitRow.__table__.columns}
        session.add(DebitRow(**values | {"number": 2, "account": "DE02120300000000202051"}))
    page = jana.get("/customers/debits").text
    assert all(f"/customers/debits/015-1/1/2/{payment}" in page for payment in (0, 2))
    assert '015-1</span> · <span class="mono">' in page, "till and receipt do not run together"
    assert jana.post("/customers/debits/015-1/1/2/2", state="returned").status_code == 303
    with chain.office.reading() as session:
        states = session.execute(sa.select(DebitRow.number, DebitRow.state)).all()
        assert sorted(map(tuple, states)) == [(0, "open"), (2, "returned")]


def test_a_card_that_was_lost_is_nobodys_any_more(people_: tuple[Chain, Person, Person]) -> None:
    chain, _, jana = people_
    form = {"name": "Anna Seidel", "limit": "50", "cards": "778"}
    assert jana.client.post("/customers/20418", data=form).status_code == 303
    assert (
        jana.client.post("/customers/20511", data={"name": "Bob Far", "cards": "778"}).status_code
        == 303
    )
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        assert till.clientele.shown("777") is None, "she had lost it"
        found = till.clientele.shown("778")
        assert found is not None
        assert found.key == "20511"
        anna = till.clientele.shown("20418")
        assert anna is not None
        assert anna.cards == ()


def test_a_debit_that_came_back_shuts_its_account(people_: tuple[Chain, Person, Person]) -> None:
    chain, _, jana = people_
    page = jana.get("/customers/debits?only=risk").text
    assert "DE89 … 3000" in page
    assert "DE89370400440532013000" not in page
    assert jana.post("/customers/debits/015-1/1/2/0", state="returned").status_code == 303
    with chain.office.reading() as session:
        assert session.scalars(sa.select(DebitRow.state)).all() == ["returned"]
    with chain.till("014-1") as till, chain.line("014-1"):
        till.scan(MILK)
        answer = till.authority.ask("debit", "DE89370400440532013000", euros("1.39"))
        assert answer is not None
        assert answer.reason == "blocked"
        till.abort()
