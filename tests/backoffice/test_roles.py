"""Who may see what: every address times everybody, and nothing of another branch in any page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from backoffice import create_app
from backoffice.api.operation import OPERATIONS
from backoffice.articles import undo
from backoffice.exports.lists import LISTS
from schemas.customer import Customer
from schemas.keys import Barcode, BranchKey, CustomerKey, RoleKey, StaffKey
from schemas.money import UnitPrice
from schemas.price import Price
from schemas.staff import Staff
from services.database import articles, changesets, customers, organisation, people, prices
from services.database.organisation import Device, Unit
from services.database.sales import QuarantineRow, ReceiptRow, SeriesRow
from services.demo.chain import Seat
from services.till.signin import pin_digest
from tests.backoffice.conftest import PASSWORD, Person
from tests.pretend.branch import BEGAN, MILK, UNPRICED, Chain, euros

FAR = "QUXFAR"
"""The other branch's key. Whatever belongs to it has this in its name, or one of these sums."""
MARKS = (FAR.lower(), "8.88", "62.16", "63.55", "5.55")
LINK = "signed"
"""A till's call: it signs for itself, and no session opens it."""
TOKEN = "token"
"""A call of a program of others: it brings a token, and no session opens it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an address answers: to nobody, to who sees its branch, to who sees another, to the company."""

    nobody: int
    own: int
    other: int
    company: int


PAGE = Expected(303, 200, 404, 200)
ACT = Expected(303, 303, 404, 303)
COMPANY = Expected(303, 404, 404, 200)
FREE = Expected(200, 200, 200, 200)
MATRIX: dict[tuple[str, str], Expected | str] = {
    ("static", "GET"): FREE,
    ("sheet", "GET"): FREE,
    ("door.sign_in", "GET"): Expected(200, 200, 404, 200),
    ("door.enter", "POST"): Expected(422, 422, 404, 422),
    ("door.second", "GET"): Expected(303, 303, 404, 303),
    ("door.check_second", "POST"): Expected(303, 303, 404, 303),
    ("door.sign_out", "POST"): Expected(303, 303, 303, 303),
    ("door.choose", "POST"): ACT,
    ("home.overview", "GET"): PAGE,
    ("home.quarantine", "GET"): PAGE,
    ("live.stream", "GET"): PAGE,
    ("rules.all_", "GET"): COMPANY,
    ("rules.fresh", "GET"): COMPANY,
    ("rules.make", "POST"): Expected(303, 404, 404, 422),
    ("rules.one", "GET"): COMPANY,
    ("rules.change", "POST"): Expected(303, 404, 404, 409),
    ("rules.remove", "POST"): Expected(303, 404, 404, 303),
    ("models.all_", "GET"): COMPANY,
    ("models.fresh", "GET"): COMPANY,
    ("models.make", "POST"): Expected(303, 404, 404, 422),
    ("models.one", "GET"): Expected(303, 404, 404, 404),  # there is none of this key
    ("models.edit", "GET"): Expected(303, 404, 404, 404),  # there is none of this key
    ("models.change", "POST"): Expected(303, 404, 404, 404),
    ("models.fill", "POST"): Expected(303, 404, 404, 404),
    ("articles.found", "GET"): PAGE,
    ("articles.one", "GET"): PAGE,
    ("articles.row", "GET"): Expected(303, 302, 404, 302),
    ("articles.edit", "GET"): PAGE,
    ("articles.preview", "GET"): PAGE,
    ("articles.change", "POST"): Expected(303, 422, 404, 422),
    ("articles.take_back", "POST"): ACT,
    ("receipts.found", "GET"): PAGE,
    ("receipts.one", "GET"): PAGE,
    ("receipts.document", "GET"): PAGE,
    ("receipts.mails", "GET"): PAGE,
    ("slips.one", "GET"): Expected(404, 404, 404, 404),
    ("turnover.report", "GET"): PAGE,
    ("tills.all_", "GET"): PAGE,
    ("tills.one", "GET"): PAGE,
    ("tills.code", "POST"): PAGE,
    ("tills.approve", "POST"): Expected(303, 422, 404, 422),
    ("tills.revoke", "POST"): ACT,
    ("tills.restore", "POST"): ACT,
    ("branches.tree", "GET"): PAGE,
    ("units.fresh", "GET"): COMPANY,
    ("units.make", "POST"): Expected(303, 404, 404, 422),
    ("units.move", "POST"): Expected(303, 404, 404, 404),
    ("units.one", "GET"): PAGE,
    ("units.change", "POST"): Expected(303, 404, 404, 422),
    ("units.set_", "POST"): Expected(303, 403, 404, 422),  # no setting is named
    ("me.one", "GET"): PAGE,
    ("me.end_others", "POST"): ACT,
    ("me.password", "GET"): PAGE,
    ("me.change_password", "POST"): Expected(303, 422, 404, 422),
    ("me.second_factor", "GET"): PAGE,
    ("me.begin_second_factor", "POST"): Expected(303, 422, 404, 422),
    ("me.renew_codes", "POST"): Expected(303, 422, 404, 422),
    ("me.end_second_factor", "POST"): Expected(303, 422, 404, 422),
    ("users.all_", "GET"): Expected(303, 403, 404, 200),
    ("users.fresh", "GET"): Expected(303, 403, 404, 200),
    ("users.make", "POST"): Expected(303, 403, 404, 422),
    ("users.one", "GET"): Expected(303, 403, 404, 200),
    ("users.change", "POST"): Expected(303, 403, 404, 422),
    ("users.disable", "POST"): Expected(303, 403, 404, 303),
    ("users.reset", "POST"): Expected(303, 403, 404, 200),
    ("duties.all_", "GET"): Expected(303, 403, 404, 200),
    ("duties.change", "POST"): Expected(303, 403, 404, 303),
    ("cashiers.all_", "GET"): PAGE,
    ("cashiers.fresh", "GET"): PAGE,
    ("cashiers.make", "POST"): Expected(303, 422, 404, 422),
    ("cashiers.one", "GET"): PAGE,
    ("cashiers.change", "POST"): Expected(303, 422, 404, 422),
    ("cashiers.pin", "POST"): Expected(303, 422, 404, 422),
    ("cashiers.badge", "POST"): Expected(303, 422, 404, 422),
    ("cashiers.leave", "POST"): ACT,
    ("roles.all_", "GET"): COMPANY,
    ("roles.change", "POST"): Expected(303, 404, 404, 303),
    ("roles.make", "POST"): Expected(303, 404, 404, 422),
    ("roles.drop", "POST"): Expected(303, 404, 404, 422),  # somebody has it
    ("cash.all_", "GET"): PAGE,
    ("cash.one", "GET"): PAGE,
    ("imports.all_", "GET"): COMPANY,
    ("imports.bring", "POST"): Expected(303, 404, 404, 422),
    ("imports.one", "GET"): Expected(303, 404, 404, 404),
    ("imports.read_as", "POST"): Expected(303, 404, 404, 404),
    ("imports.again", "POST"): Expected(303, 404, 404, 404),
    ("imports.tick", "POST"): Expected(303, 404, 404, 404),
    ("imports.faulty_rows", "GET"): Expected(303, 404, 404, 404),
    ("imports.apply", "POST"): Expected(303, 404, 404, 404),
    ("imports.undo", "POST"): Expected(303, 404, 404, 404),
    ("imports.drop", "POST"): Expected(303, 404, 404, 404),
    **{(f"api.{each.name}", each.method): TOKEN for each in OPERATIONS},
    ("api.openapi", "GET"): FREE,
    ("interfaces.all_", "GET"): Expected(303, 403, 404, 200),
    ("interfaces.reference", "GET"): Expected(303, 403, 404, 200),
    ("interfaces.make_token", "POST"): Expected(303, 403, 404, 422),
    ("interfaces.revoke_token", "POST"): Expected(303, 403, 404, 404),
    ("interfaces.make_hook", "POST"): Expected(303, 403, 404, 422),
    ("interfaces.hook", "GET"): Expected(303, 403, 404, 404),
    ("interfaces.turn", "POST"): Expected(303, 403, 404, 404),
    ("interfaces.again", "POST"): Expected(303, 403, 404, 404),
    ("exports.export", "GET"): PAGE,
    ("clients.found", "GET"): PAGE,
    ("clients.fresh", "GET"): COMPANY,
    ("clients.make", "POST"): Expected(303, 404, 404, 422),
    ("clients.one", "GET"): Expected(303, 200, 404, 200),
    ("clients.change", "POST"): Expected(303, 404, 404, 422),
    ("clients.debits", "GET"): PAGE,
    ("clients.settle", "POST"): Expected(303, 404, 404, 404),  # it debited no account
    ("privacy.statement", "GET"): Expected(303, 200, 404, 200),
    ("privacy.data", "POST"): Expected(303, 404, 404, 200),
    ("privacy.ask", "GET"): Expected(303, 404, 404, 200),
    ("privacy.erase", "POST"): Expected(303, 404, 404, 303),
    ("vouchers.all_", "GET"): PAGE,
    ("vouchers.one", "GET"): Expected(303, 404, 404, 404),  # no voucher was sold
    ("vouchers.block", "POST"): Expected(303, 404, 404, 404),
    ("editing.fresh", "GET"): COMPANY,
    ("editing.make", "POST"): Expected(303, 404, 404, 422),
    ("editing.edit", "GET"): COMPANY,
    ("editing.change", "POST"): Expected(303, 404, 404, 422),
    ("editing.supply", "POST"): Expected(303, 404, 404, 303),
    ("editing.drop", "POST"): Expected(303, 404, 404, 303),
    ("editing.bulk", "POST"): Expected(303, 404, 404, 303),
    ("pictures.file", "GET"): Expected(303, 404, 404, 404),  # there is none of this digest
    ("pictures.change", "POST"): Expected(303, 404, 404, 422),
    ("pictures.take_back", "POST"): Expected(303, 404, 404, 303),
    ("prices.grid", "GET"): PAGE,
    ("prices.coming", "GET"): PAGE,
    ("prices.cell", "GET"): Expected(303, 404, 404, 404),  # there is no such column
    ("prices.set_", "POST"): Expected(303, 404, 404, 404),
    ("labels.due", "GET"): PAGE,
    ("labels.print_", "POST"): ACT,
    ("promotions.all_", "GET"): PAGE,
    ("promotions.fresh", "GET"): COMPANY,
    ("promotions.make", "POST"): Expected(303, 404, 404, 422),
    ("promotions.one", "GET"): Expected(303, 404, 404, 404),  # there is none of this key
    ("promotions.change", "POST"): Expected(303, 404, 404, 404),
    ("promotions.end", "POST"): Expected(303, 404, 404, 404),
    ("grouping.tree", "GET"): COMPANY,
    ("grouping.make", "POST"): Expected(303, 404, 404, 422),
    ("grouping.one", "GET"): Expected(303, 404, 404, 404),  # there is none of this key
    ("grouping.change", "POST"): Expected(303, 404, 404, 404),
    ("layouts.all_", "GET"): COMPANY,
    ("layouts.make", "POST"): Expected(303, 404, 404, 422),
    ("layouts.one", "GET"): Expected(303, 404, 404, 404),  # there is none of this key
    ("layouts.change", "POST"): Expected(303, 404, 404, 404),
    ("layouts.proof", "POST"): Expected(303, 404, 404, 404),
    ("layouts.versions", "GET"): Expected(303, 404, 404, 404),
    ("keyboards.all_", "GET"): COMPANY,
    ("keyboards.make", "POST"): Expected(303, 404, 404, 422),
    ("keyboards.one", "GET"): Expected(303, 404, 404, 404),
    ("keyboards.palette", "GET"): Expected(303, 404, 404, 404),
    ("keyboards.change", "POST"): Expected(303, 404, 404, 404),
    ("suppliers.all_", "GET"): COMPANY,
    ("suppliers.fresh", "GET"): COMPANY,
    ("suppliers.make", "POST"): Expected(303, 404, 404, 422),
    ("suppliers.one", "GET"): Expected(303, 404, 404, 404),  # there is none of this key
    ("suppliers.change", "POST"): Expected(303, 404, 404, 404),
    ("saved.keep", "POST"): ACT,
    ("saved.drop", "POST"): ACT,
    ("changes.all_", "GET"): COMPANY,
    ("changes.make", "POST"): Expected(303, 404, 404, 303),
    ("changes.collect", "POST"): Expected(303, 404, 404, 303),
    ("changes.one", "GET"): COMPANY,
    ("changes.propose", "POST"): Expected(303, 404, 404, 409),  # nothing is in it
    ("changes.approve", "POST"): Expected(303, 404, 404, 409),
    ("changes.reject", "POST"): Expected(303, 404, 404, 303),
    ("changes.decide", "POST"): Expected(303, 404, 404, 409),  # it was given up above
    ("changes.release", "POST"): Expected(303, 404, 404, 409),
    ("changes.undo", "POST"): Expected(303, 404, 404, 409),
    ("changes.drop", "POST"): Expected(303, 404, 404, 303),
    ("log.all_", "GET"): COMPANY,
    ("log.one", "GET"): COMPANY,
    ("log.undo", "POST"): COMPANY,
    ("log.check", "GET"): COMPANY,
    ("log.history_", "GET"): COMPANY,
    ("link.enrol_", "POST"): LINK,
    ("link.snapshot", "GET"): LINK,
    ("link.changes", "GET"): LINK,
    ("link.journal", "POST"): LINK,
    ("link.acknowledged", "GET"): LINK,
    ("link.status", "POST"): LINK,
    ("link.authorise", "POST"): LINK,
}
"""Every address that head office has; one that is not here fails the test."""


@dataclass(frozen=True, slots=True)
class House:
    """Head office over two branches that both sold: Bea sees 014, Fern the other, Jana all."""

    app: Flask
    chain: Chain
    bea: Person
    fern: Person
    jana: Person


def sold(chain: Chain, name: str, many: int) -> None:
    """Sell milk to a customer, where there is one of this number, and send it up."""
    with chain.till(name) as till:
        for _ in range(many):
            till.scan(Barcode("4012345678901"))
        buyer = till.clientele.shown(MILK.key)
        if buyer is not None:
            till.clientele.choose(buyer)
        till.pay()
    chain.look(name)


def closed(chain: Chain, name: str, counted: str) -> None:
    """Money goes out and to the safe, the drawer is counted, and a Z ends the day."""
    with chain.till(name) as till:
        till.drawer.pay_out(euros("1.00"), f"{name} flowers")
        till.drawer.safe_drop(euros("0.20"), f"{name}-B1")
        till.drawer.count(euros(counted))
        till.drawer.z_report()
    chain.look(name)


def fill(chain: Chain) -> None:
    """All that a branch can have, in the other branch: a region, prices, sales, faults, tasks."""
    office = chain.office
    with office.session() as session:
        region = Unit(kind="region", key=FAR.lower(), name=f"{FAR}mark", parent_kind="company",
                      parent_key="company")  # fmt: skip
        organisation.add(session, region, "test")
        session.get_one(Unit, ("branch", FAR)).parent_key = FAR.lower()
        for key, amount in ((MILK.key, "8.88"), (UNPRICED.key, "5.55")):
            price = Price(key, BEGAN, UnitPrice.parse(amount, "EUR"), BranchKey(FAR))
            prices.put_price(session, price, f"{FAR}-manager")
        for number, shown in ((str(MILK.key), "Buys everywhere"), (FAR, f"{FAR} buyer")):
            customers.put(session, Customer(CustomerKey(number), shown), "test")
        changesets.make(session, f"{FAR} winter", "test")
        for branch in ("014", FAR):
            zoe = Staff(StaffKey("zoe"), f"Zoe of {branch}", RoleKey("cashier"), pin_digest("5555"))
            people.put_staff(session, zoe, branch, "test")
        far = Staff(StaffKey("far"), f"{FAR} Kim", RoleKey("cashier"), pin_digest("5556"))
        people.put_staff(session, far, FAR, "test")
    chain.publish()
    sold(chain, "014-1", 1)
    sold(chain, f"{FAR}-1", 7)
    closed(chain, "014-1", "0.19")
    closed(chain, f"{FAR}-1", "5.55")
    with office.session() as session:
        session.get_one(Device, f"{FAR}-1").fault = f"{FAR} fault"
        session.add(SeriesRow(branch=FAR, till="2", series="1", through=1, highest=5, received=2,
                              digest="0" * 64))  # fmt: skip
        session.add(
            QuarantineRow(
                branch=FAR, till="1", series="1", number=7, digest="0" * 64, document=b"<x/>",
                reason=f"the entry is of till {FAR}-9", received_at=datetime.now(UTC),
            )
        )  # fmt: skip


@pytest.fixture
def house(tmp_path: Any) -> Iterator[House]:
    """Two branches with data, and three people in three browsers."""
    seats = (Seat("014", "Neustadt", "Weg 1", 2), Seat(FAR, f"{FAR}stadt", f"{FAR}weg 2", 2))
    chain = Chain(tmp_path, seats=seats)
    fill(chain)
    with chain.office.session() as session:
        for name, branch in (("bea", "014"), ("fern", FAR), ("jana", None)):
            people.make_user(session, name, PASSWORD, language="en", branch=branch)
    app = create_app(chain.office.directory)
    app.config["WTF_CSRF_ENABLED"] = False
    three = []
    for name in ("bea", "fern", "jana"):
        client = app.test_client()
        client.post("/sign-in", data={"name": name, "password": PASSWORD})
        three.append(Person(client))
    yield House(app, chain, *three)
    app.extensions["office"].close()
    chain.office.close()


OTHERWISE: dict[str, dict[str, str]] = {
    "units": {"kind": "branch"},
    "rules": {"kind": "tender", "key": "card"},
    "cashiers": {"key": "mira"},
    "cashiers.leave": {"key": "zoe"},
    "roles": {"key": "manager"},
    "privacy.erase": {"key": FAR},
    "vouchers": {"voucher": "V1"},
    "users": {"user": "fern"},
}
"""What stands for a part of an address where its pages mean something else by it."""


def given(house: House, branch: str) -> dict[str, str]:
    """What stands for the parts of an address, of one branch."""
    with house.chain.office.reading() as session:
        row = session.scalars(sa.select(ReceiptRow).where(ReceiptRow.branch == branch)).first()
        assert row is not None
        return {
            "branch": branch, "till": row.till, "series": row.series, "number": str(row.number), "payment": "0",
            "name": f"{branch}-1", "key": MILK.key, "filename": "office.js", "scope": "chain",
            "receipt": f"{branch}-{row.till}-{row.series}-{row.number}", "seal": "0" * 32,
            "what": "receipts", "ending": "csv",
            "kind": "article", "page": "articles", "article": MILK.key, "digest": "0" * 64,
            "addendum": "0", "supplier": "nordmilch",
        }  # fmt: skip


def asked(house: House, who: Person, rule: Rule, method: str, branch: str) -> int:
    """What an address of a branch answers; where it names none, the question does."""
    values = given(house, branch)
    values |= OTHERWISE.get(rule.endpoint.partition(".")[0], {}) | OTHERWISE.get(rule.endpoint, {})
    if rule.endpoint.startswith("units."):
        values["key"] = branch
    own: dict[str, Any] = {name: values[name] for name in rule.arguments}
    with house.app.test_request_context():
        address = house.app.url_for(rule.endpoint, **own)
    if not {"branch", "name"} & set(own):
        address += f"?branch={branch}"
    answer = who.client.open(address, method=method, buffered=False)
    answer.close()
    return answer.status_code


def test_every_address_has_its_rule_and_keeps_it(house: House) -> None:
    rules = [
        (rule, method)
        for rule in house.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    assert {(rule.endpoint, method) for rule, method in rules} == set(MATRIX)
    # these take what others need away, and the last ends the sessions
    last = ["editing.drop", "log.undo", "door.sign_out"]
    rules.sort(key=lambda each: last.index(each[0].endpoint) + 1 if each[0].endpoint in last else 0)
    for rule, method in rules:
        expected = MATRIX[rule.endpoint, method]
        nobody = Person(house.app.test_client())
        askers = ((nobody, "014"), (house.bea, "014"), (house.bea, FAR), (house.jana, FAR))
        found = [asked(house, who, rule, method, branch) for who, branch in askers]
        if expected == LINK:
            assert set(found) == {403}, rule
        elif expected == TOKEN:
            assert set(found) == {401}, rule
        else:
            assert isinstance(expected, Expected)
            wanted = [expected.nobody, expected.own, expected.other, expected.company]
            assert found == wanted, (rule, method)


PAGES = (
    "/", "/quarantine", "/articles/", "/articles/?q=mil", "/articles/?task=price",
    f"/articles/{MILK.key}", f"/articles/{UNPRICED.key}", f"/articles/{MILK.key}/price",
    f"/articles/{MILK.key}/price/preview?amount=2", "/receipts/", "/receipts/?period=all",
    "/receipts/?period=all&q=62.16", f"/receipts/?q={FAR}-1", "/turnover/", "/turnover/?by=day",
    "/turnover/?by=article", "/tills/", "/tills/?state=act", "/tills/014-1", "/branches/",
    "/cash/", "/cash/?only=difference", "/cash/?show=events", "/cash/?show=bags", "/cash/014-1/1/1",
    "/prices/", "/prices/coming", f"/prices/{MILK.key}/branch/014", "/promotions/",
    "/customers/", f"/customers/?q={FAR}", f"/customers/{MILK.key}", "/customers/debits",
    "/units/branch/014", "/units/till/014-1", "/units/till/014-1?edit=printer", "/cashiers/",
    f"/cashiers/?q={FAR}", "/cashiers/?state=left", "/cashiers/new", "/cashiers/mira", "/me/",
    f"/customers/{MILK.key}/statement?period=month", "/vouchers/", "/export/cashiers.csv",
    *(f"/export/{what}.csv?period=month{more}" for what in LISTS if what != "log"
      for more in ("", "&by=day", "&by=article", "&show=events", "&show=bags")),
)  # fmt: skip


def leaks(text: str) -> list[str]:
    """What of the other branch a page shows."""
    return [mark for mark in MARKS if mark in text.lower()]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_shows_nothing_of_another_branch(house: House, path: str) -> None:
    typed = {mark for mark in MARKS if mark in path.lower()}  # a page may say what was typed
    for headers in ({}, {"HX-Request": "true"}):
        answer = house.bea.get(path, **headers)
        assert answer.status_code in {200, 422}
        assert set(leaks(answer.text)) <= typed
        assert not typed or "<tr data-row" not in answer.text


def test_what_is_hidden_is_there_for_who_may_see_it(house: House) -> None:
    for path in ("/", "/quarantine", "/receipts/", "/tills/", "/branches/", "/turnover/", "/cash/",
                 "/cash/?only=difference", "/cash/?show=events", "/cash/?show=bags",
                 f"/articles/{MILK.key}"):  # fmt: skip
        assert leaks(house.jana.get(path).text), path
        assert leaks(house.fern.get(path).text), path


def test_figures_are_of_the_own_branch_alone(house: House) -> None:
    assert 'id="takings">1.39' in house.bea.get("/").text.replace("€", "")
    assert 'id="takings">63.55' in house.jana.get("/").text
    assert 'id="takings">62.16' in house.fern.get("/").text
    assert "1 articles without" not in house.fern.get("/").text
    assert "1 article without a price" in house.bea.get("/").text


def test_the_live_line_tells_of_the_own_branch_alone(house: House) -> None:
    line = house.bea.client.get("/live", buffered=False)
    events = iter(line.response)
    heard = str(next(events))
    sold(house.chain, f"{FAR}-1", 7)
    sold(house.chain, "014-1", 2)
    while "2.78" not in heard:
        said = next(events)
        heard += said.decode() if isinstance(said, bytes) else str(said)
    line.close()
    assert "event: runs" in heard and leaks(heard) == []


def test_a_note_of_another_branchs_price_takes_nothing_back(house: House) -> None:
    house.fern.post(f"/articles/{MILK.key}/price", amount="9.99", when="now")
    with house.chain.office.reading() as session:
        newest = max(prices.prices_of(session, MILK.key), key=lambda row: row.id)
        version = session.get_one(articles.ArticleRow, MILK.key).version
        key = newest.id
    assert newest.branch == FAR
    with house.app.app_context():
        note = undo.note(undo.Done(MILK.key, key, version, None))
    house.bea.post(f"/articles/{MILK.key}/undo", note=note)
    with house.chain.office.reading() as session:
        assert session.get(prices.PriceRow, key) is not None
    house.fern.post(f"/articles/{MILK.key}/undo", note=note)
    with house.chain.office.reading() as session:
        assert session.get(prices.PriceRow, key) is None
