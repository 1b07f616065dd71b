"""The open interface: tokens and scopes, lists by cursor, writes that may be repeated, conflicts said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
import sqlalchemy as sa

from backoffice import create_app
from backoffice.api import entry
from backoffice.api.models import Unit
from schemas.customer import Customer
from schemas.keys import Barcode, BranchKey, CustomerKey
from schemas.money import UnitPrice
from schemas.price import Price
from schemas.quantity import UNITS
from services.database import customers, people, prices, tokens
from services.database.changes import Change
from services.demo.chain import Seat
from tests.backoffice.conftest import PASSWORD
from tests.pretend.branch import BEGAN, MILK, Chain

FAR = "QUX"


def made(chain: Chain, *scopes: str, branch: str | None = None, **more: Any) -> str:
    """A token with these scopes, or with all."""
    with chain.office.session() as session:
        allowed = list(scopes or tokens.SCOPES)
        _, text = tokens.make(
            session, "Nordhandel", allowed, branch, "jana", datetime.now(UTC), **more
        )
    return text


def sold_to(chain: Chain, branch: str = "014", many: int = 2) -> None:
    """A customer who bought some milk in a branch."""
    with chain.office.session() as session:
        customers.put(session, Customer(CustomerKey("20418"), "Anna Seidel"), "test")
    chain.publish()
    chain.look(f"{branch}-1")
    with chain.till(f"{branch}-1") as till:
        for _ in range(many):
            till.scan(Barcode("4012345678901"))
        buyer = till.clientele.shown("20418")
        if buyer is not None:
            till.clientele.choose(buyer)
        till.pay()
    chain.look(f"{branch}-1")


@dataclass
class Program:
    """A program of somebody else, with a token."""

    client: Any
    token: str | None

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A call; what it says is JSON."""
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        sent = (
            {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        )
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **sent)

    def get(self, path: str, **headers: str) -> Any:
        """Read."""
        return self.call("GET", path, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        """Write."""
        return self.call("PUT", path, body, **headers)


@dataclass
class House:
    """Head office and what comes in by token."""

    chain: Chain
    app: Any

    def program(self, *scopes: str, branch: str | None = None) -> Program:
        """A program with these scopes, or with all."""
        return Program(self.app.test_client(), made(self.chain, *scopes, branch=branch))


@pytest.fixture
def house(any_chain: Chain) -> Iterator[House]:
    """Head office with form tokens on, as it is in earnest."""
    with any_chain.office.session() as session:
        people.make_user(session, "jana", PASSWORD, language="de")
    app = create_app(any_chain.office.directory, any_chain.office.url)
    yield House(any_chain, app)
    app.extensions["office"].close()


def errors(answer: Any) -> dict[str, str]:
    """What a problem document says of fields."""
    assert answer.content_type == "application/problem+json"
    return {each["field"]: each["detail"] for each in answer.json["errors"]}


MILK_BODY = {"de": "Milch", "en": "Milk", "es": "Leche", "tax": "B",
             "codes": [{"value": "4012345678901"}, {"value": "4012345678918", "pack": 12}]}  # fmt: skip


def test_only_a_token_that_holds_and_has_the_scope_is_let_in(house: House) -> None:
    stranger = Program(house.app.test_client(), None)
    answer = stranger.get("/articles")
    assert answer.status_code == 401 and "Bearer" in answer.headers["WWW-Authenticate"]
    assert Program(house.app.test_client(), "tresen_nothing").get("/articles").status_code == 401
    reader = house.program("prices:read")
    assert reader.get("/prices").status_code == 200
    refused = reader.get("/articles")
    assert refused.status_code == 403 and "articles:read" in refused.json["detail"]
    assert "Set-Cookie" not in reader.get("/prices").headers
    late = Program(
        house.app.test_client(),
        made(house.chain, expires_at=datetime.now(UTC) - timedelta(seconds=1)),
    )
    assert late.get("/articles").status_code == 401


def test_a_browser_s_session_opens_nothing_here(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    client = house.app.test_client()
    signed = client.post("/sign-in", data={"name": "jana", "password": PASSWORD})
    assert signed.status_code == 303
    assert client.get("/api/v1/articles").status_code == 401
    assert client.put("/api/v1/articles", json=[]).status_code == 401


def test_only_a_digest_of_a_token_is_kept(house: House) -> None:
    text = made(house.chain)
    with house.chain.office.reading() as session:
        row = session.scalars(sa.select(tokens.ApiToken)).one()
        assert text not in str(vars(row)) and text.endswith(row.hint)
        assert row.used_at is None
    Program(house.app.test_client(), text).get("/articles")
    with house.chain.office.reading() as session:
        assert session.scalars(sa.select(tokens.ApiToken)).one().used_at is not None


def test_a_list_comes_page_by_page_and_then_only_what_changed(house: House) -> None:
    program = house.program()
    first = program.get("/articles?limit=3").json
    assert [each["number"] for each in first["items"]] == ["30871", "40122", "40200"]
    rest = program.get(f"/articles?limit=3&cursor={first['next']}").json
    assert [each["number"] for each in rest["items"]] == ["99"] and rest["next"] is None
    since = datetime.now(UTC).isoformat().replace("+", "%2B")
    assert program.get(f"/articles?changed_since={since}").json["items"] == []
    program.put("/articles/99", {"de": "Neu", "tax": "A"})
    assert [
        each["number"] for each in program.get(f"/articles?changed_since={since}").json["items"]
    ] == ["99"]
    assert errors(program.get("/articles?limit=0")).keys() == {"limit"}
    assert program.get("/articles?cursor=abc").status_code == 400
    assert errors(program.get("/articles?what=1")).keys() == {"what"}


def test_the_same_write_again_changes_nothing(house: House) -> None:
    program = house.program()
    assert program.put("/articles/40122", MILK_BODY).json["unchanged"] == ["40122"]
    body = {**MILK_BODY, "de": "Vollmilch"}
    dry = program.put("/articles/40122?dry_run=true", body)
    became = {"created": [], "changed": ["40122"], "unchanged": [], "removed": []}
    assert dry.json == {"dry_run": True, "change_set": None, "refused": [], **became}
    assert program.get("/articles/40122").json["de"] == "Milch"
    assert program.put("/articles/40122", body).json["changed"] == ["40122"]
    assert program.put("/articles/40122", body).json["unchanged"] == ["40122"]
    made_one = program.put("/articles/7001", {"de": "Neu", "tax": "A"})
    assert made_one.status_code == 201 and made_one.json["created"] == ["7001"]
    with house.chain.office.reading() as session:
        many = sa.select(sa.func.count()).select_from(Change).where(Change.by == "api:Nordhandel")
        assert session.scalar(many) == 2
    assert house.chain.publish() == 2


def test_what_was_changed_meanwhile_is_not_written_over(house: House) -> None:
    program = house.program()
    tag = program.get("/articles/40122").headers["ETag"]
    assert program.get("/articles/40122", **{"If-None-Match": tag}).status_code == 304
    mine = program.put("/articles/40122", {**MILK_BODY, "de": "Meine"}, **{"If-Match": tag})
    assert mine.status_code == 200
    theirs = program.put("/articles/40122", {**MILK_BODY, "de": "Ihre"}, **{"If-Match": tag})
    assert theirs.status_code == 412
    assert program.get("/articles/40122").json["de"] == "Meine"
    again = {"If-Match": mine.headers["ETag"]}
    assert program.put("/articles/40122", {**MILK_BODY, "de": "Ihre"}, **again).status_code == 200
    only_new = {"If-None-Match": "*"}
    assert program.put("/articles/40122", MILK_BODY, **only_new).status_code == 412
    assert program.put("/articles/none", MILK_BODY, **{"If-Match": "*"}).status_code == 412


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"tax": "Q"}, "tax"),
        ({"tax": "A", "codes": [{"value": "4006381333932"}]}, "codes[0].value"),
        ({"tax": "A", "codes": [{"value": "40123455"}]}, "codes[0].value"),
        ({"tax": "A", "unit": "pieces"}, "unit"),
        ({"tax": "A", "age": 0}, "age"),
        ({"tax": "A", "deposit": "1,50"}, "deposit"),
        ({"tax": "A", "de": "a\0b"}, "de"),
        ({"tax": "A", "colour": "red"}, "colour"),
        ({}, "tax"),
    ],
)
def test_a_problem_names_its_field(house: House, body: dict[str, Any], field: str) -> None:
    answer = house.program().put("/articles/40122", body)
    assert answer.status_code == 422 and errors(answer).keys() == {field}
    assert answer.json["status"] == 422 and answer.json["type"] == "about:blank"


def test_many_are_written_all_or_none(house: House) -> None:
    program = house.program()
    good = {"number": "8001", "tax": "A", "de": "Eins"}
    bad = {"number": "8002", "tax": "Q"}
    assert errors(program.put("/articles", [good, bad])).keys() == {"[1].tax"}
    assert program.get("/articles/8001").status_code == 404
    assert errors(program.put("/articles", [good, {"tax": "A"}])).keys() == {"[1].number"}
    assert program.put("/articles", [good]).json["created"] == ["8001"]
    assert program.put("/articles", [good] * 1001).status_code == 413
    assert program.call("PUT", "/articles", None).status_code == 415


def test_prices_groups_and_customers_are_written(house: House) -> None:
    program = house.program()
    price = {"article": "40122", "from": "2030-01-01T00:00:00+01:00", "amount": "1.49"}
    assert program.put("/prices", [price]).json["created"] == ["40122|"]
    assert program.put("/prices", [price]).json["unchanged"] == ["40122|"]
    assert program.put("/prices", [{**price, "amount": "1.59"}]).json["changed"] == ["40122|"]
    found = program.get("/prices?article=40122").json["items"]
    assert [each["amount"] for each in found] == ["1.39", "1.59"]
    assert found[1]["from"] == "2029-12-31T23:00:00Z"
    assert program.put("/groups/dairy", {"de": "Molkerei"}).status_code == 201
    assert errors(program.put("/groups/dairy", {"parent": "dairy"})).keys() == {"parent"}
    assert program.put("/customers/7", {"name": "Anna", "cards": ["C1"]}).status_code == 201
    assert program.get("/customers/7").json["cards"] == ["C1"]
    assert errors(program.put("/customers/7", {"name": "Anna", "email": "no"})) != {}


def test_receipts_and_turnover_are_read(house: House) -> None:
    sold_to(house.chain)
    program = house.program()
    (receipt,) = program.get("/receipts").json["items"]
    assert (receipt["total"], receipt["customer"]) == ("2.78", "20418")
    whole = program.get("/receipts/014/1/{series}/{number}".format(**receipt)).json
    assert [line["article"] for line in whole["lines"]] == ["40122", "40122"]
    assert sum(float(line["amount"]) for line in whole["lines"]) == 2.78
    day = receipt["business_day"]
    rows = program.get(f"/turnover?by=article&first={day}&last={day}").json["rows"]
    assert [(row["key"], row["total"]) for row in rows] == [("40122", "2.78")]
    assert errors(program.get("/turnover?first=2026-01-02&last=2026-01-01")).keys() == {"last"}


def test_a_token_of_one_branch_sees_and_writes_that_branch_only(tmp_path: Any) -> None:
    seats = (Seat("014", "Neustadt", "Weg 1", 1), Seat(FAR, f"{FAR}stadt", "Weg 2", 1))
    chain = Chain(tmp_path, seats=seats)
    with chain.office.session() as session:
        price = Price(MILK.key, BEGAN, UnitPrice.parse("8.88", "EUR"), BranchKey(FAR))
        prices.put_price(session, price, "test")
    chain.publish()
    sold_to(chain, FAR, many=7)
    app = create_app(chain.office.directory)
    house = House(chain, app)
    near = house.program(branch="014")
    for path in ("/articles", "/prices", "/customers", "/branches", "/tills", "/receipts",
                 "/promotions", "/turnover?first=2026-01-01&last=2026-12-31&by=article",
                 "/turnover?first=2026-01-01&last=2026-12-31"):  # fmt: skip
        answer = near.get(path)
        assert answer.status_code == 200, path
        assert FAR not in answer.text and "8.88" not in answer.text, path
    for path in (f"/prices?branch={FAR}", f"/receipts?branch={FAR}", f"/receipts/{FAR}/1/1/1",
                 f"/turnover?first=2026-01-01&last=2026-12-31&branch={FAR}",
                 "/customers/20418"):  # fmt: skip
        assert near.get(path).status_code == 404, path
    far = house.program(branch=FAR)
    assert len(far.get("/receipts").json["items"]) == 1
    price_of = {"article": "40122", "from": "2030-01-01T00:00:00Z", "amount": "1.00"}
    assert errors(near.put("/prices", [price_of])).keys() == {"[0].branch"}
    assert errors(near.put("/prices", [{**price_of, "branch": FAR}])).keys() == {"[0].branch"}
    assert near.put("/prices", [{**price_of, "branch": "014"}]).status_code == 200
    for path, body in (
        ("/articles/1", {"tax": "A"}),
        ("/groups/g", {}),
        ("/customers/1", {"name": "A"}),
    ):
        assert near.put(path, body).status_code == 403, path
    app.extensions["office"].close()
    chain.office.close()


def test_who_calls_too_often_waits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "_calls", entry.Buckets(3))
    program, other = house.program(), house.program()
    assert [program.get("/groups").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert int(program.get("/groups").headers["Retry-After"]) >= 1
    assert other.get("/groups").status_code == 200


def test_a_bucket_fills_again() -> None:
    bucket = entry.Buckets(60)
    assert [bucket.take("a", 0.0) for _ in range(60)] == [0.0] * 60
    assert bucket.take("a", 0.0) > 0.9
    assert bucket.take("a", 1.5) == 0


def test_what_is_not_there_is_a_problem_too(house: House) -> None:
    program = house.program()
    for method, path, status in (("GET", "/nothing", 404), ("POST", "/articles", 405),
                                 ("GET", "/articles/a%2Fb", 404), ("GET", "/articles/%00", 404)):  # fmt: skip
        answer = program.call(method, path)
        assert answer.status_code == status, path
        assert answer.content_type == "application/problem+json"


def test_a_fault_of_ours_is_a_problem_and_in_the_log(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("broken")

    program = house.program()
    program.put("/customers/7", {"name": "Anna"})
    monkeypatch.setattr("services.database.customers.document", broken)
    answer = program.get("/customers/7")
    assert answer.status_code == 500 and answer.content_type == "application/problem+json"
    assert "broken" not in answer.text and "page failed" in caplog.text


def test_the_document_has_our_units_and_needs_no_token(house: House) -> None:
    assert get_args(Unit) == UNITS
    said = Program(house.app.test_client(), None).get("/openapi.json").json
    assert said["openapi"].startswith("3.1") and "/articles/{number}" in said["paths"]
