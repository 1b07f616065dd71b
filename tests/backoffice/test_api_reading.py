"""What programs read: receipts as tills wrote them, Z reports, cash, vouchers; of one branch only its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pydantic
import pytest

from backoffice import create_app
from backoffice.api import document
from backoffice.api.operation import OPERATIONS, Operation
from schemas import xml
from schemas.customer import Customer
from schemas.journal import Entry
from schemas.keys import CustomerKey
from services.database import customers, organisation, privacy
from services.database.hooks import EVENTS
from services.database.people import StaffRow
from services.database.sales import EntryRow
from services.database.tokens import SCOPES
from tests.backoffice import test_roles
from tests.backoffice.test_api import House, Program, house, made, sold_to
from tests.backoffice.test_cash import MILK, closed
from tests.backoffice.test_roles import house as branches
from tests.pretend.branch import Chain, euros
from tests.services.test_vouchers import MULTI, VOUCHER, issued, selling

__all__ = ["branches", "house", "selling"]
QUESTIONS = {
    "get_turnover": "?first=2026-01-01&last=2026-12-31&by=till", "list_receipts": "?whole=true",
    "list_current_prices": "?limit=500",
}  # fmt: skip
"""What an operation must be asked, or should be, so that it says all it can."""


def test_a_receipt_is_read_whole_and_as_its_till_wrote_it(house: House) -> None:
    sold_to(house.chain)
    program = house.program()
    (receipt,) = program.get("/receipts?whole=true&till=1&customer=20418").json["items"]
    assert [line["article"] for line in receipt["lines"]] == ["40122", "40122"]
    assert [(each["kind"], each["amount"]) for each in receipt["payments"]] == [("cash", "2.78")]
    assert receipt["taxes"] == [
        {"tax": "B", "percent": "7", "gross": "2.78", "net": "2.60", "amount": "0.18"}
    ]
    path = "/receipts/{branch}/{till}/{series}/{number}".format(**receipt)
    assert program.get(path).json == receipt
    file = program.get(f"{path}/document")
    assert file.content_type == "application/xml"
    entry = xml.load(Entry, file.data)
    assert entry.receipt is not None and entry.receipt.total.number == "2.78"
    with house.chain.office.reading() as session:
        kept = session.get_one(EntryRow, (entry.branch, entry.till, entry.series, entry.number))
        assert kept.document == file.data
    assert program.get("/receipts?till=2").json["items"] == []


def test_receipts_come_page_by_page_and_none_is_missed(house: House) -> None:
    sold_to(house.chain, many=1)
    with house.chain.till("014-1") as till:
        for _ in range(6):
            till.scan(MILK)
            till.pay()
    house.chain.look("014-1")
    program = house.program()
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = program.get(f"/receipts?limit=2&cursor={cursor}").json
        seen += [each["number"] for each in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 7
    since = page["as_of"].replace("+", "%2B")
    assert len(program.get(f"/receipts?received_since={since}").json["items"]) == 7
    for bad in ("abc", "WzFd", "WyIyMDMxIiwgMSwgMSwgMSwgMV0"):
        assert program.get(f"/receipts?cursor={bad}").status_code == 400


def test_z_reports_and_cash_are_read(house: House) -> None:
    closed(house.chain)
    program = house.program()
    (z,) = program.get("/closings").json["items"]
    assert (z["branch"], z["till"], z["counted"], z["difference"]) == (
        "014",
        "1",
        "37.39",
        "-10.00",
    )
    path = "/closings/{branch}/{till}/{series}/{number}/{addendum}".format(**z)
    assert program.get(path).json == z
    entry = xml.load(Entry, program.get(f"{path}/document").data)
    assert entry.closing is not None and entry.closing.number == z["number"]
    moves = program.get("/cash-movements?limit=500").json["items"]
    assert {"float", "opened", "pay-out", "count", "safe-drop"} <= {each["kind"] for each in moves}
    (out,) = program.get("/cash-movements?kind=pay-out").json["items"]
    assert (out["amount"], out["currency"], out["reason"]) == ("4.00", "EUR", "Blumen")
    first = program.get("/cash-movements?limit=2").json
    rest = program.get(f"/cash-movements?limit=500&cursor={first['next']}").json
    assert [*first["items"], *rest["items"]] == moves
    now = datetime.now(UTC).isoformat().replace("+", "%2B")
    day = z["business_day"]
    for list_ in ("/closings", "/cash-movements"):
        assert program.get(f"{list_}?received_since={now}").json["items"] == []
        assert program.get(f"{list_}?last=2020-01-01").json["items"] == []
        assert program.get(f"{list_}?first={day}&last={day}").json["items"] != []
    assert program.get("/closings/014/1/1/99/0").status_code == 404
    by_hour = program.get(f"/turnover?by=hour&first={day}&last={day}").json["rows"]
    by_till = program.get(f"/turnover?by=till&first={day}&last={day}").json["rows"]
    assert [row["total"] for row in by_hour] == [row["total"] for row in by_till] == ["1.39"]
    assert by_till[0]["key"] == "014-1"


def test_a_voucher_says_what_is_left_and_can_be_shut(selling: Chain) -> None:
    with selling.till("014-1") as till:
        number = issued(till, MULTI)
        till.scan(MILK)
        till.pay([(VOUCHER, euros("1.39"), number)])
    selling.look("014-1")
    app = create_app(selling.office.directory, selling.office.url)
    program = House(selling, app).program()
    said = program.get(f"/vouchers/{number}")
    (balance,) = said.json["balances"]
    assert (balance["issued"], balance["balance"], balance["blocked"]) == ("20.00", "18.61", False)
    assert [(m["issued"], m["redeemed"]) for m in said.json["moves"]] == [
        ("20.00", "0.00"), ("0.00", "1.39"),
    ]  # fmt: skip
    shut = {"blocked": True}
    stale = program.put(f"/vouchers/{number}/blocked", shut, **{"If-Match": '"x"'})
    assert stale.status_code == 412
    mine = {"If-Match": said.headers["ETag"]}
    assert program.put(f"/vouchers/{number}/blocked", shut, **mine).json["changed"] == [number]
    assert program.put(f"/vouchers/{number}/blocked", shut).json["unchanged"] == [number]
    assert [v["number"] for v in program.get("/vouchers?blocked=true").json["items"]] == [number]
    assert program.get("/vouchers/none").status_code == 404
    assert program.put("/vouchers/none/blocked", shut).status_code == 404
    assert program.get("/audit?by=api:Nordhandel").json["items"][-1]["act"] == "voucher-blocked"
    reader = House(selling, app).program("vouchers:read")
    assert reader.put(f"/vouchers/{number}/blocked", shut).status_code == 403
    app.extensions["office"].close()


def test_the_organisation_is_read_with_where_each_setting_comes_from(house: House) -> None:
    with house.chain.office.session() as session:
        branch = session.get_one(organisation.Unit, ("branch", "014"))
        branch.rules = {"price_list": "station"}
    program = house.program()
    (till,) = [
        each for each in program.get("/units?kind=till").json["items"] if each["key"] == "014-1"
    ]
    settings = {each["name"]: each for each in till["settings"]}
    assert settings["price_list"] == {
        "name": "price_list", "value": "station", "own": False, "source": "branch 014",
    }  # fmt: skip
    assert settings["currency"]["source"].startswith("company ")
    assert program.get("/units/branch/014").json["name"] == "Neustadt"
    assert {each["kind"] for each in program.get("/units").json["items"]} >= {"company", "till"}
    with house.chain.office.reading() as session:
        secrets = [unit.secret for unit in organisation.units(session, "till")]
        mira = session.get_one(StaffRow, ("mira", "014"))
    text = program.get("/units?limit=500").text + program.get("/staff").text
    assert not any(secret in text for secret in secrets) and mira.pin not in text
    assert program.get("/staff?role=cashier").status_code == 200
    assert [each["key"] for each in program.get("/staff").json["items"]] == ["mira"]
    assert [each["rights"] for each in program.get("/roles").json["items"] if each["rights"]]
    taxes = {
        each["key"]: each["rates"][0]["percent"] for each in program.get("/taxes").json["items"]
    }
    assert (taxes["A"], taxes["B"]) == ("19", "7")
    assert "cash" in [each["key"] for each in program.get("/tenders").json["items"]]


def test_who_was_erased_is_gone_and_said_to_be(house: House) -> None:
    program = house.program()
    rows = [{"number": "7", "name": "Anna Seidel", "consent": True, "cards": ["C1"]},
            {"number": "8", "name": "Bert", "consent": False}, {"number": "9", "name": "Cleo"}]  # fmt: skip
    program.put("/customers", rows)

    def numbers(asked: str) -> list[str]:
        return [each["number"] for each in program.get(f"/customers{asked}").json["items"]]

    assert numbers("?consent=true") == ["7"] and numbers("?consent=false") == ["8", "9"]
    assert numbers("?card=C1") == ["7"] and numbers("") == ["7", "8", "9"]
    house.chain.publish()
    with house.chain.office.session() as session:
        privacy.erase(session, "7", "jana")
    assert numbers("") == ["8", "9"] and program.get("/customers/7").status_code == 404
    assert [each["number"] for each in program.get("/erased-customers").json["items"]] == ["7"]
    again = program.put("/customers/7", {"name": "Anna Seidel"})
    assert again.status_code == 409 and "Anna" not in program.get("/customers").text
    bulk = program.put("/customers?partial=true", [rows[0], {"number": "10", "name": "Dora"}]).json
    assert (bulk["created"], bulk["refused"][0]["key"]) == (["10"], "7")


def asked(each: Operation) -> str:
    """The address of a list, with the question that it needs."""
    return each.address + QUESTIONS.get(each.name, "?limit=500" if each.many else "")


def test_no_list_shows_a_branch_s_token_anything_of_another(branches: test_roles.House) -> None:
    near = Program(branches.app.test_client(), made(branches.chain, branch="014"))
    far = Program(branches.app.test_client(), made(branches.chain, branch=test_roles.FAR))
    all_ = Program(branches.app.test_client(), made(branches.chain))
    with branches.chain.office.session() as session:
        customers.put(session, Customer(CustomerKey("alone"), "QUXFAR A"), "test")
    lists = [each for each in OPERATIONS if each.method == "GET" and not each.keys]
    whole = ""
    for each in lists:
        path = asked(each)
        answer = near.get(path)
        assert answer.status_code in {200, 403}, path
        shown = answer.text.casefold()
        assert not [mark for mark in test_roles.MARKS if mark in shown], path
        assert far.get(path).status_code == answer.status_code, path
        whole += all_.get(path).text.casefold()
    assert len(lists) >= 25 and all(mark in whole for mark in test_roles.MARKS[:2])


def test_no_address_shows_a_branch_s_token_anything_of_another(branches: test_roles.House) -> None:
    near = Program(branches.app.test_client(), made(branches.chain, branch="014"))
    all_ = Program(branches.app.test_client(), made(branches.chain))
    found = 0
    for list_, address in (
        ("/receipts", "/receipts/{branch}/{till}/{series}/{number}"),
        ("/receipts", "/receipts/{branch}/{till}/{series}/{number}/document"),
        ("/closings", "/closings/{branch}/{till}/{series}/{number}/{addendum}"),
        ("/closings", "/closings/{branch}/{till}/{series}/{number}/{addendum}/document"),
        ("/units", "/units/{kind}/{key}"), ("/customers", "/customers/{number}"),
    ):  # fmt: skip
        mine = {str(item) for item in near.get(f"{list_}?limit=500").json["items"]}
        for item in all_.get(f"{list_}?limit=500").json["items"]:
            theirs = test_roles.FAR.casefold() in str(item).casefold()
            path = address.format(**item)
            assert all_.get(path).status_code == 200, path
            if theirs and str(item) not in mine:
                found += 1
                assert near.get(path).status_code == 404, path
        for path in (f"{list_}?branch={test_roles.FAR}",):
            if list_ in {"/receipts", "/closings"}:
                assert near.get(path).status_code == 404
    for path in ("/cash-movements", "/staff", "/prices/current", "/prices", "/articles"):
        assert near.get(f"{path}?branch={test_roles.FAR}").status_code == 404, path
    assert found >= 6


def test_the_document_is_whole_and_its_examples_are_true() -> None:
    said = document.openapi()
    scopes = {each.scope for each in OPERATIONS}
    assert scopes == set(SCOPES)
    assert len(" ".join(SCOPES)) <= 400 and len(" ".join(EVENTS)) <= 200  # their columns hold them
    assert all(len(event) <= 20 for event in EVENTS)
    for each in OPERATIONS:
        one: Any = said["paths"][each.address][each.method.lower()]
        assert each.summary and one["tags"], each.name
        content = one["responses"]["200"]["content"]
        if each.answers is None:
            assert set(content) == {each.raw}
            continue
        model = document.page_of(each.answers) if each.many else each.answers
        model.model_validate_json(document.example_text(content["application/json"]["example"]))
        if each.body is not None:
            body = one["requestBody"]["content"]["application/json"]["example"]
            kind: Any = list[each.body] if each.bulk else each.body  # type: ignore[name-defined]
            pydantic.TypeAdapter(kind).validate_json(document.example_text(body))


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_opens_its_scope_only(house: House, scope: str) -> None:
    program = house.program(scope)
    for each in OPERATIONS:
        if each.method == "GET" and not each.keys:
            expected = 200 if each.scope == scope else 403
            assert program.get(asked(each)).status_code == expected, each.name
