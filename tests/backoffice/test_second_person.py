"""Where a company wants a second person to agree, no edit in the browser goes past that."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

import backoffice
from backoffice import create_app
from backoffice.changes import keeping
from services.database import changesets, organisation, people, prices, releasing
from services.database.articles import ArticleRow
from services.database.changesets import ChangeSet, SetEdit
from services.database.imports import ImportBatch
from services.database.organisation import Unit
from services.importing import steps
from tests.backoffice.conftest import PASSWORD, Person
from tests.importing.test_pages import brought, columns, signed_in
from tests.pretend.branch import BEER, MILK, Chain


def wants_review(chain: Chain, *, wants: bool = True) -> None:
    with chain.office.session() as session:
        company = session.get_one(Unit, ("company", "company"))
        company.rules = {**(company.rules or {}), "release_review": "true" if wants else "false"}
        session.flush()
        organisation.announce(session, "company", company.key, "test")
    chain.publish()


@pytest.fixture
def office(any_chain: Chain) -> Iterator[tuple[Flask, Chain]]:
    """Head office of a company that wants it, with Jana, Tom, and Bea, who sees branch 014 only."""
    with any_chain.office.session() as session:
        for name in ("jana", "tom"):
            people.make_user(session, name, PASSWORD, shown=name.title(), language="de")
        people.make_user(session, "bea", PASSWORD, shown="Bea", branch="014", language="de")
    wants_review(any_chain)
    app = create_app(any_chain.office.directory, any_chain.office.url)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app, any_chain
    app.extensions["office"].close()


def sets(chain: Chain) -> list[tuple[str, str, list[str]]]:
    """Title, state and kinds of what each set holds."""
    with chain.office.reading() as session:
        return [
            (row.title, row.state, sorted(edit.kind for edit in changesets.edits(session, row.id)))
            for row in session.scalars(sa.select(ChangeSet).order_by(ChangeSet.id))
        ]


def price(chain: Chain, branch: str = "") -> str:
    chain.publish()
    with chain.office.reading() as session:
        found = prices.current_prices(session, [MILK.key], datetime.now(UTC), branch)
        return str(found[MILK.key].document().amount).removesuffix(" EUR")


def test_an_edit_is_collected_and_holds_when_somebody_else_has_agreed(
    office: tuple[Flask, Chain],
) -> None:
    app, chain = office
    jana, tom = signed_in(app), signed_in(app, "tom")
    answer = jana.client.post(f"/articles/{MILK.key}/price", data={"amount": "1,59", "when": "now"})
    assert answer.status_code == 303
    assert price(chain) == "1.39"
    [(title, state, kinds)] = sets(chain)
    assert title.startswith("Änderungen von Jana, ")
    assert (state, kinds) == ("draft", ["price"])
    assert "Sammelt in „Änderungen von Jana" in jana.get("/articles/").text
    assert jana.client.post("/changes/1/release", data={}).status_code in {303, 409, 422}
    assert price(chain) == "1.39", "not without a second person"
    jana.client.post("/changes/1/propose", data={})
    jana.client.post("/changes/1/approve", data={})
    tom.client.post("/changes/1/approve", data={})
    jana.client.post("/changes/1/release", data={"when": "now"})
    assert price(chain) == "1.59"
    jana.client.post(f"/articles/{BEER.key}/price", data={"amount": "0,99", "when": "now"})
    assert [state for _, state, _ in sets(chain)] == ["released", "draft"]


def test_who_stops_collecting_does_not_come_past_it(office: tuple[Flask, Chain]) -> None:
    app, chain = office
    jana = signed_in(app)
    for amount in ("1,59", "1,69"):
        jana.client.post(f"/articles/{MILK.key}/price", data={"amount": amount, "when": "now"})
        assert "nächste Änderung kommt in den Satz des Tages" in stopped(jana)
    assert price(chain) == "1.39"
    assert len(sets(chain)) == 1


def stopped(person: Person) -> str:
    person.client.post("/changes/collecting", data={})
    return str(person.get("/changes/1").text)


def test_a_branch_manager_who_finds_no_sets_has_asked_for_the_review(
    office: tuple[Flask, Chain],
) -> None:
    app, chain = office
    bea, tom = signed_in(app, "bea"), signed_in(app, "tom")
    answer = bea.client.post(
        f"/articles/{MILK.key}/price", data={"amount": "1,49", "when": "now"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert answer.status_code == 200
    assert "/changes/1" not in answer.text, "she could not open it"
    assert [(state, kinds) for _, state, kinds in sets(chain)] == [("proposed", ["price"])]
    assert bea.get("/articles/").status_code == 200
    assert bea.get("/changes/1").status_code in {403, 404}
    tom.client.post("/changes/1/approve", data={})
    tom.client.post("/changes/1/release", data={"when": "now"})
    assert (price(chain), price(chain, "014")) == ("1.39", "1.49")


def test_nothing_is_begun_for_what_was_refused_before_or_changes_no_till(
    office: tuple[Flask, Chain],
) -> None:
    app, chain = office
    Person(app.test_client()).client.post(f"/articles/{MILK.key}/price", data={"amount": "1"})
    jana = signed_in(app)
    jana.get("/articles/")
    jana.client.post("/imports/", data={})
    jana.client.post("/me/language", data={"language": "en"})
    assert sets(chain) == []
    app.config["WTF_CSRF_ENABLED"] = True
    refused = jana.client.post(f"/articles/{MILK.key}/price", data={"amount": "1,59"})
    assert refused.status_code == 400
    assert sets(chain) == []


def test_who_left_is_off_the_tills_at_once_all_the_same(office: tuple[Flask, Chain]) -> None:
    app, chain = office
    signed_in(app).client.post("/cashiers/mira/leave", data={})
    with chain.office.reading() as session:
        assert session.scalars(sa.select(people.StaffRow)).all() == []
    assert sets(chain) == []


def test_an_import_is_collected_and_taken_out_again(office: tuple[Flask, Chain]) -> None:
    app, chain = office
    jana = signed_in(app)
    page = brought(jana)
    columns(jana, page, chain)
    jana.client.post(f"{page}/apply", data={})
    assert steps.once(chain.office)
    with chain.office.reading() as session:
        assert session.get_one(ArticleRow, "40122").de == "Milch"
        assert session.get(ArticleRow, "7001") is None
    [(_, _, kinds)] = sets(chain)
    assert {"article", "price"} <= set(kinds)
    assert "gesammelt" in jana.get(page).text
    dearer = dataclasses.replace(BEER, de="Helles")
    with chain.office.session() as session:
        changesets.collect(session, 1, [(dearer, "chain")], "jana")
    jana.client.post(f"{page}/undo", data={})
    assert steps.once(chain.office)
    with chain.office.reading() as session:
        assert session.get_one(ImportBatch, page.rpartition("/")[2]).state == "undone"
        left = session.scalars(sa.select(SetEdit)).all()
        assert [(edit.kind, edit.key) for edit in left] == [("article", BEER.key)]


def test_an_import_out_of_a_released_set_is_undone_as_that_set(
    office: tuple[Flask, Chain],
) -> None:
    app, chain = office
    wants_review(chain, wants=False)
    jana = signed_in(app)
    jana.client.post("/changes/", data={"title": "Winter"})
    page = brought(jana)
    columns(jana, page, chain)
    assert "gilt ab der Freigabe" in jana.get(page).text
    jana.client.post(f"{page}/apply", data={})
    assert steps.once(chain.office)
    with chain.office.session() as session:
        releasing.release(session, 1, "jana")
        assert session.get_one(ArticleRow, "40122").de == "Vollmilch"
    jana.client.post(f"{page}/undo", data={})
    assert steps.once(chain.office)
    assert "wird als Ganzes zurückgenommen" in jana.get(page).text
    with chain.office.reading() as session:
        assert session.get_one(ArticleRow, "40122").de == "Vollmilch"


def test_every_page_that_keeps_what_tills_get_is_among_those_that_are_reviewed() -> None:
    keeps = re.compile(r"keeping\.(keep|remove)\(")
    for module in Path(backoffice.__file__).parent.rglob("*.py"):
        text = module.read_text(encoding="utf-8")
        if keeps.search(text) and module.name != "keeping.py":
            names = re.findall(r'flask\.Blueprint\(\s*"([a-z_]+)"', text)
            assert names, f"{module.name}: whose pages are these?"
            assert set(names) <= keeping.REVIEWED, module
