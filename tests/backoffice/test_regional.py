"""Who sees several branches sees each for itself, and nothing of any other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from lxml import html

from backoffice import create_app
from services.database import people, prices
from services.database.people import User
from services.database.prices import PriceRow
from services.demo.chain import Seat
from tests.backoffice.conftest import PASSWORD, Person
from tests.backoffice.test_browser import sold
from tests.backoffice.test_roles import FAR, PAGES, fill, leaks
from tests.pretend.branch import MILK, Chain


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Chain]]:
    """Three branches that sell, and Rita, who sees two of them."""
    seats = (Seat("014", "Neustadt", "Weg 1", 2), Seat("015", "Altstadt", "Weg 3", 1),
             Seat(FAR, f"{FAR}stadt", f"{FAR}weg 2", 2))  # fmt: skip
    chain = Chain(tmp_path_factory.mktemp("region"), seats=seats)
    fill(chain)
    sold(chain, "015-1", 3)
    with chain.office.session() as session:
        people.make_user(session, "jana", PASSWORD, language="en")
        rita = people.make_user(session, "rita", PASSWORD, language="en", branch="014")
        rita.also = ["015"]
    app = create_app(chain.office.directory)
    app.config.update(WTF_CSRF_ENABLED=False, PACED=False)
    yield app, chain
    app.extensions["office"].close()
    chain.office.close()


@pytest.fixture
def rita(region: tuple[Flask, Chain]) -> Person:
    """Rita, signed in."""
    client = region[0].test_client()
    client.post("/sign-in", data={"name": "rita", "password": PASSWORD})
    return Person(client)


def scope(person: Person, path: str) -> list[str]:
    """The branches that the page offers; the chosen one has an asterisk."""
    page = html.fromstring(person.get(path).text)
    links = page.xpath("//header//details[@data-pick][1]/nav/a[span]")
    return [
        link.xpath("string(span)") + ("*" if link.get("aria-current") else "") for link in links
    ]


def test_the_scope_offers_the_own_branches_and_not_the_company(rita: Person) -> None:
    assert scope(rita, "/receipts/?period=all") == ["014*", "015"]
    assert scope(rita, "/receipts/?period=all&branch=015") == ["014", "015*"]
    assert scope(rita, "/tills/") == ["014", "015*"], "what was looked at last"


@pytest.mark.parametrize("branch", ["014", "015"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_shows_anything_of_another_branch(rita: Person, path: str, branch: str) -> None:
    asked = path if "branch=" in path else f"{path}{'&' if '?' in path else '?'}branch={branch}"
    answer = rita.get(asked)
    of_014 = "014" in path or path.startswith(f"/customers/{MILK.key}")  # who bought there
    elsewhere = {404} if branch == "015" and of_014 else set()
    assert answer.status_code in {200, 422} | elsewhere, answer.text[:300]
    typed = set(leaks(path))
    assert set(leaks(answer.text)) <= typed, asked


def test_an_address_of_an_own_branch_is_found_wherever_one_looked_last(rita: Person) -> None:
    for path in ("/tills/015-1", "/units/branch/014", "/units/till/015-1", "/tills/014-1"):
        assert rita.get(path).status_code == 200, path
    receipts = html.fromstring(rita.get("/receipts/?period=all&branch=015").text)
    links = [str(each) for each in receipts.xpath("//main//a/@href") if "/015-1/" in str(each)]
    assert links
    rita.get("/tills/?branch=014")
    assert rita.get(links[0].partition("?")[0]).status_code == 200


@pytest.mark.parametrize(
    "path", [f"/receipts/?branch={FAR}", f"/tills/{FAR}-1", f"/units/branch/{FAR}",
             f"/units/till/{FAR}-1", f"/export/receipts.csv?branch={FAR}", "/users/", "/imports/",
             "/changes/", "/rules/", "/units/company/company"],
)  # fmt: skip
def test_what_is_anothers_or_the_companys_is_not_found(rita: Person, path: str) -> None:
    assert rita.get(path).status_code in {403, 404}


def test_a_price_is_set_where_the_page_looks(region: tuple[Flask, Chain], rita: Person) -> None:
    for branch, amount in (("014", "1.41"), ("015", "1.51")):
        form = {"amount": amount, "when": "now", "branch": branch}
        assert rita.client.post(f"/articles/{MILK.key}/price", data=form).status_code == 303
    form = {"amount": "9.99", "when": "now", "branch": FAR}
    far = rita.client.post(f"/articles/{MILK.key}/price", data=form)
    assert far.status_code == 404
    with region[1].office.reading() as session:
        rows = prices.price_rows(session, [MILK.key]).values()
        found = {
            row.branch: str(row.document().amount) for row in rows if isinstance(row, PriceRow)
        }
    assert (found["014"], found["015"]) == ("1.41 EUR", "1.51 EUR")
    assert found[FAR] == "8.88 EUR"


def test_she_is_given_branches_and_loses_them_with_her_sessions(
    region: tuple[Flask, Chain],
) -> None:
    app, chain = region
    jana, ina = (Person(app.test_client()) for _ in range(2))
    jana.client.post("/sign-in", data={"name": "jana", "password": PASSWORD})
    with chain.office.session() as session:
        people.make_user(session, "ina", PASSWORD, language="en", branch="014")
    ina.client.post("/sign-in", data={"name": "ina", "password": PASSWORD})
    form = {"shown": "Ina", "language": "en", "branch": "014", "role": "manager"}
    assert jana.client.post("/users/ina", data={**form, "also": ["015", "014"]}).status_code == 303
    with chain.office.reading() as session:
        assert session.get_one(User, "ina").own == ("014", "015")
    assert ina.get("/receipts/").status_code == 303, "her sessions have ended"
    for wrong in ({"also": ["999"]}, {"branch": "", "also": ["015"]}):
        assert jana.client.post("/users/ina", data={**form, **wrong}).status_code == 422
    assert jana.client.post("/users/ina", data=form).status_code == 303
    with chain.office.reading() as session:
        assert session.get_one(User, "ina").own == ("014",)


def test_a_form_is_of_the_branch_that_its_page_showed_whatever_is_looked_at_meanwhile(
    region: tuple[Flask, Chain], rita: Person
) -> None:
    rita.get("/tills/?branch=014")
    page = html.fromstring(rita.get(f"/articles/{MILK.key}/price").text)
    [form] = [each for each in page.forms if str(each.action).partition("?")[0].endswith("/price")]
    rita.get("/tills/?branch=015")
    typed = {**dict(form.form_values()), "amount": "1.43", "when": "now"}
    rita.client.post(str(form.action), data=typed)
    with region[1].office.reading() as session:
        rows = prices.price_rows(session, [MILK.key]).values()
        found = {row.branch for row in rows if str(row.document().amount) == "1.43 EUR"}
    assert found == {"014"}
