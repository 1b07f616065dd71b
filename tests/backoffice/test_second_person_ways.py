"""Ways round the second person that somebody could try: a token of their own, undoing, notes of before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice.changes import keeping
from schemas import xml
from schemas.orgunit import Own
from services.database import changesets, duties, organisation, people, releasing, tokens
from services.database.articles import ArticleRow
from services.database.audit import Entry
from services.database.changes import CHAIN, OFFICE
from services.database.changesets import SetRefused
from services.importing import steps
from tests.backoffice.conftest import PASSWORD
from tests.backoffice.test_second_person import office, price, sets, wants_review
from tests.importing.test_pages import brought, columns, signed_in
from tests.pretend.branch import BEER, MILK, Chain, renamed

__all__ = ["office"]


def test_nobody_agrees_to_what_a_token_of_theirs_has_written(any_chain: Chain) -> None:
    with any_chain.office.session() as session:
        token, _ = tokens.make(session, "Robo", ["prices:write"], None, "jana", datetime.now(UTC))
        number = changesets.make(session, "Winter", token.by).id
        changesets.collect(session, number, [(renamed(BEER, "Helles"), "chain")], token.by)
        changesets.propose(session, number, token.by)
    with any_chain.office.session() as session, pytest.raises(SetRefused, match=r"sets\.own"):
        changesets.approve(session, number, "jana")
    with any_chain.office.session() as session:
        changesets.approve(session, number, "tom")


def test_undoing_the_entry_that_demands_a_second_person_needs_one_too(
    office: tuple[Flask, Chain],
) -> None:
    app, chain = office
    wants_review(chain, wants=False)
    wants_review(chain)
    jana = signed_in(app)
    with chain.office.reading() as session:
        number = session.scalar(sa.select(sa.func.max(Entry.number)).where(Entry.many > 0))
    jana.client.post(f"/log/{number}/undo", data={})
    with chain.office.reading() as session:
        assert changesets.needs_review(session)
    [(_, state, kinds)] = sets(chain)
    assert (state, kinds) == ("draft", ["org-unit"])


def test_a_note_of_before_takes_nothing_back_without_a_second_person(
    office: tuple[Flask, Chain],
) -> None:
    app, chain = office
    wants_review(chain, wants=False)
    jana = signed_in(app)
    answer = jana.client.post(f"/articles/{MILK.key}/price", data={"amount": "1,59", "when": "now"})
    note = answer.headers["Location"].partition("saved=")[2].partition("&")[0]
    assert note and price(chain) == "1.59"
    wants_review(chain)
    jana.client.post(f"/articles/{MILK.key}/undo", data={"note": note})
    assert price(chain) == "1.59"


def test_undoing_a_set_alone_does_not_end_the_second_person(any_chain: Chain) -> None:
    with any_chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        said = company.document()
        own = (*said.own, Own("release_review", "true"))
        number = changesets.make(session, "Regel", "jana").id
        changesets.collect(session, number, [(replace(said, own=own), OFFICE)], "jana")
        releasing.release(session, number, "jana")
        assert changesets.needs_review(session)
    with (
        pytest.raises(SetRefused, match=r"sets\.undo-review"),
        any_chain.office.session() as session,
    ):
        releasing.undo(session, number, "jana")
    with any_chain.office.reading() as session:
        assert changesets.needs_review(session)


def test_an_import_that_holds_is_not_undone_alone(office: tuple[Flask, Chain]) -> None:
    app, chain = office
    wants_review(chain, wants=False)
    jana = signed_in(app)
    page = brought(jana)
    columns(jana, page, chain)
    jana.client.post(f"{page}/apply", data={})
    assert steps.once(chain.office)
    wants_review(chain)
    answer = jana.client.post(f"{page}/undo", data={})
    assert answer.status_code == 409
    assert "im Protokoll" in answer.text
    assert not steps.once(chain.office)
    with chain.office.reading() as session:
        assert session.get_one(ArticleRow, MILK.key).de == "Vollmilch"


def test_an_import_of_who_finds_no_sets_asks_for_the_review(office: tuple[Flask, Chain]) -> None:
    app, chain = office
    with chain.office.session() as session:
        duties.put(session, "goods", "Waren", {"articles": "change"})
        people.make_user(session, "gus", PASSWORD, language="de", role="goods")
    gus = signed_in(app, "gus")
    page = brought(gus)
    columns(gus, page, chain)
    gus.client.post(f"{page}/apply", data={})
    assert steps.once(chain.office)
    assert [state for _, state, _ in sets(chain)] == ["proposed"]
    gus.client.post(f"/articles/{BEER.key}/price", data={"amount": "0,99", "when": "now"})
    gus.client.post(f"{page}/undo", data={})
    assert steps.once(chain.office)
    assert [(state, kinds) for _, state, kinds in sets(chain)] == [("proposed", ["price"])]


def test_an_import_adds_to_what_the_set_says_and_says_what_it_leaves(
    office: tuple[Flask, Chain],
) -> None:
    app, chain = office
    jana = signed_in(app)
    drafted = replace(MILK, en="Fresh milk", group=None)
    with chain.office.session() as session:
        number = changesets.make(session, "Winter", "jana").id
        changesets.collect(session, number, [(drafted, CHAIN)], "jana")
    jana.client.post("/changes/collecting", data={"number": number})
    page = brought(
        jana, "Artikelnummer;Bezeichnung;Lieferant\n40122;Vollmilch;Nord\n40200;Pils;Nord\n"
    )
    columns(jana, page, chain)
    jana.client.post(f"{page}/apply", data={})
    assert steps.once(chain.office)
    with chain.office.reading() as session:
        edits = {edit.key: edit for edit in changesets.edits(session, number)}
        assert edits.keys() == {MILK.key}, "of the beer nothing changes that a set holds"
        assert edits[MILK.key].document == xml.dump(replace(drafted, de="Vollmilch"))
    assert "Bei 2 Artikeln blieb der Lieferant" in jana.get(page).text


def test_a_set_that_is_released_meanwhile_takes_no_edit_and_the_page_says_so(
    office: tuple[Flask, Chain], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, chain = office
    jana = signed_in(app)
    jana.client.post("/changes/", data={"title": "Winter"})
    begins = keeping.begins

    def dropped(moment: datetime | None) -> datetime | None:
        found = begins(moment)
        with chain.office.session() as session:
            changesets.drop(session, 1, "tom")
        return found

    monkeypatch.setattr(keeping, "begins", dropped)
    answer = jana.client.post(f"/articles/{MILK.key}/price", data={"amount": "1,59", "when": "now"})
    assert answer.status_code == 409
    assert "Jemand war schneller" in answer.text
    assert price(chain) == "1.39"
