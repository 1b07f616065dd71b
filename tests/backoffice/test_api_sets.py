"""Change sets by programs: edits are collected, seen by people, released, and undone as a whole."""

from __future__ import annotations

import itertools
from typing import Any

from services.database import changesets, organisation
from tests.backoffice.test_api import MILK_BODY, House, errors, house

__all__ = ["house"]
PRICE = {"article": "40122", "from": "2031-01-01T00:00:00Z", "amount": "1.49"}


def begun(program: Any) -> int:
    """A set that the program has begun."""
    number: int = program.call("POST", "/change-sets", {"title": "Winter"}).json["number"]
    return number


def test_what_is_collected_holds_only_once_it_is_released(house: House) -> None:
    program = house.program()
    made = program.call("POST", "/change-sets", {"title": "Winter"})
    number = made.json["number"]
    assert made.status_code == 201 and made.json["state"] == "draft"
    again = program.call("POST", "/change-sets", {"title": "Winter"})
    assert (again.status_code, again.json["number"]) == (200, number)
    into = f"?change_set={number}"
    fresh = {"number": "8100", "tax": "A", "de": "Neu", "group": "winter"}
    assert program.put(f"/groups/winter{into}", {"de": "Winter"}).json["created"] == ["winter"]
    assert program.put(f"/articles{into}", [fresh]).json["created"] == ["8100"]
    assert program.put(f"/articles{into}", [fresh]).json["unchanged"] == ["8100"]
    rows = [PRICE, {**PRICE, "article": "8100"}]
    said = program.put(f"/prices{into}", rows).json
    assert said["change_set"] == number and len(said["created"]) == 2
    changed = {**MILK_BODY, "de": "Wintermilch"}
    assert program.put(f"/articles/40122{into}", changed).json["changed"] == ["40122"]
    week = {"de": "Woche", "from": "2031-01-05T06:00:00Z", "percent": "10",
            "goods": [{"articles": ["8100"]}]}  # fmt: skip
    assert program.put(f"/promotions/week{into}", week).json["created"] == ["week"]
    assert program.get("/articles/8100").status_code == 404
    assert program.get("/articles/40122").json["de"] == "Milch"
    edits = program.get(f"/change-sets/{number}/edits").json["items"]
    assert [each["kind"] for each in edits] == ["article", "article", "group", "price", "price",
                                                "promotion"]  # fmt: skip
    assert not any(each["conflict"] or each["done"] for each in edits)
    some = program.get(f"/change-sets/{number}/edits?limit=4").json
    rest = program.get(f"/change-sets/{number}/edits?limit=4&cursor={some['next']}").json
    assert [*some["items"], *rest["items"]] == edits
    assert program.call("POST", f"/change-sets/{number}/propose").status_code == 200
    released = program.call("POST", f"/change-sets/{number}/release", {})
    assert released.status_code == 200, released.json
    assert program.get("/articles/8100").json["group"] == "winter"
    assert program.get("/articles/40122").json["de"] == "Wintermilch"
    assert program.get("/promotions/week").status_code == 200
    whole = program.get(f"/change-sets/{number}").json
    assert (whole["state"], whole["edits"], whole["ready"]) == ("released", 6, 0)
    late = program.put(f"/articles{into}", [fresh])
    assert late.status_code == 409 and late.content_type == "application/problem+json"
    assert program.call("POST", f"/change-sets/{number}/undo").status_code == 200
    assert program.get("/articles/40122").json["de"] == "Milch"


def test_an_etag_is_that_of_the_set(house: House) -> None:
    program = house.program()
    into = f"?change_set={begun(program)}"
    here = program.get("/articles/40122").headers["ETag"]
    first = program.put(f"/articles/40122{into}", {**MILK_BODY, "de": "A"}, **{"If-Match": here})
    assert first.status_code == 200
    late = program.put(f"/articles/40122{into}", {**MILK_BODY, "de": "B"}, **{"If-Match": here})
    assert late.status_code == 412
    tag = first.headers["ETag"]
    more = program.put(f"/articles/40122{into}", {**MILK_BODY, "de": "B"}, **{"If-Match": tag})
    assert more.status_code == 200 and program.get("/articles/40122").json["de"] == "Milch"


def test_where_a_second_person_must_agree_no_program_goes_past_that(house: House) -> None:
    with house.chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.rules = {"release_review": "true"}
    program, near = house.program(), house.program("prices:write", branch="014")
    changed = {**MILK_BODY, "de": "Neu"}
    dry = program.put("/articles/40122?dry_run=true", changed).json
    assert (dry["changed"], dry["change_set"]) == (["40122"], None)
    assert program.put("/articles/40122", MILK_BODY).json["unchanged"] == ["40122"]
    assert program.get("/change-sets").json["items"] == []  # none is made for nothing
    first = program.put("/articles/40122", changed).json
    number = first["change_set"]
    assert number and program.get("/articles/40122").json["de"] == "Milch"
    assert program.put("/articles/40122", changed).json["unchanged"] == ["40122"]
    assert program.put("/prices", [PRICE]).json["change_set"] == number
    here = "/prices?article=40122&from=2020-01-01T00:00:00Z"
    assert program.call("DELETE", here).json["removed"] == ["40122|"]
    assert near.put("/prices", [{**PRICE, "branch": "014"}]).json["change_set"] == number
    (found,) = program.get("/change-sets").json["items"]
    assert (found["state"], found["edits"]) == ("proposed", 4) and "Nordhandel" in found["title"]
    assert program.call("POST", f"/change-sets/{number}/release", {}).status_code == 409
    assert program.put("/customers/7", {"name": "Anna"}).json["change_set"] is None  # no till waits
    with house.chain.office.session() as session:
        changesets.approve(session, number, "tom")
    assert program.call("POST", f"/change-sets/{number}/release", {}).status_code == 200
    assert program.get("/articles/40122").json["de"] == "Neu"


def test_a_company_that_wants_reviews_gets_them(house: House) -> None:
    with house.chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.rules = {"release_review": "true"}
    program = house.program()
    number = begun(program)
    empty = program.call("POST", f"/change-sets/{number}/release", {}, **{"Accept-Language": "de"})
    assert empty.status_code == 409 and "gesammelt" in empty.json["detail"]
    program.put(f"/prices?change_set={number}", [PRICE])
    early = program.call("POST", f"/change-sets/{number}/release", {})
    assert early.status_code == 409 and "second person" in early.json["detail"]
    program.call("POST", f"/change-sets/{number}/propose")
    with house.chain.office.session() as session:
        changesets.approve(session, number, "tom")
    assert program.call("POST", f"/change-sets/{number}/release", {}).status_code == 200


def test_what_is_the_same_everywhere_is_not_released_to_some_branches(house: House) -> None:
    program = house.program()
    number = begun(program)
    model = {"de": "Hemd", "axes": [{"name": "Größe", "values": ["S"]}]}
    program.put(f"/models/shirt?change_set={number}", model)
    some = {"branches": ["014"]}
    path = f"/change-sets/{number}/release"
    refused = program.call("POST", path, some, **{"Accept-Language": "de"})
    assert refused.status_code == 409 and "Modell" in refused.json["detail"]
    assert program.call("POST", path, {"branches": ["999"]}).status_code == 422
    assert program.call("POST", path, {}).status_code == 200


def test_who_may_not_release_does_not(house: House) -> None:
    writer = house.program("prices:write", "changes:write", "changes:read")
    number = begun(writer)
    assert writer.put(f"/prices?change_set={number}", [PRICE]).status_code == 200
    answer = writer.call("POST", f"/change-sets/{number}/release", {})
    assert answer.status_code == 403 and "changes:release" in answer.json["detail"]
    near = house.program(branch="014")
    for method, path, body in (
        ("GET", "/change-sets", None), ("GET", f"/change-sets/{number}", None),
        ("GET", f"/change-sets/{number}/edits", None), ("GET", "/audit", None),
        ("POST", "/change-sets", {"title": "A"}), ("POST", f"/change-sets/{number}/release", {}),
        ("POST", f"/change-sets/{number}/propose", None),
    ):  # fmt: skip
        assert near.call(method, path, body).status_code == 403, path
    assert errors(writer.put("/prices?change_set=999", [PRICE])).keys() == {"change_set"}
    assert writer.call("GET", "/change-sets/999").status_code == 404
    dry = writer.call("POST", "/change-sets?dry_run=true", {"title": "Dry"})
    assert dry.status_code == 200
    assert [each["title"] for each in writer.get("/change-sets").json["items"]] == ["Winter"]


def test_a_branch_s_token_collects_its_own_prices(house: House) -> None:
    number = begun(house.program())
    near = house.program(branch="014")
    path = f"/prices?change_set={number}"
    assert near.put(path, [{**PRICE, "branch": "014"}]).json["created"] == ["40122|014"]
    assert errors(near.put(path, [PRICE])).keys() == {"[0].branch"}


def test_the_log_is_read_entry_by_entry(house: House) -> None:
    program = house.program()
    program.put("/articles/40122", {**MILK_BODY, "de": "Neu"})
    entries = program.get("/audit?limit=500").json["items"]
    assert [each["number"] for each in entries] == list(range(1, len(entries) + 1))
    for one, following in itertools.pairwise(entries):
        assert following["before"] == one["digest"]
    assert (entries[-1]["act"], entries[-1]["by"], entries[-1]["many"]) == (
        "api", "api:Nordhandel", 1,
    )  # fmt: skip
    program.put(
        "/articles/40122", {**MILK_BODY, "de": "Neu"}
    )  # what stands there is not done again
    assert program.get("/audit?limit=500").json["items"] == entries
    mine = program.get("/audit?by=api:Nordhandel").json["items"]
    assert [each["number"] for each in mine] == [entries[-1]["number"]]
