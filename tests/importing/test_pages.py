"""An import in the browser: brought, named, tried, taken; only by who sees the whole company."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import create_app
from services.database import people
from services.database.articles import ArticleRow
from services.database.imports import ImportBatch
from services.database.prices import PriceRow
from services.importing import steps
from tests.backoffice.conftest import PASSWORD, Person
from tests.pretend.branch import Chain

TABLE = (
    "Artikelnummer;Bezeichnung;EAN;VK;Steuer\n"
    "40122;Vollmilch;4012345678901;1,45;B\n"
    "40200;Pils;40123455;9,50;A\n"
    "30871;Bergkäse;;22,90;19%\n"
    "7001;Neu;4006381333931;2,99;A\n"
    "7002;Falsch;4006381333932;2,99;A\n"
)


@pytest.fixture
def office(any_chain: Chain) -> Any:
    """Head office without form tokens, on both databases."""
    with any_chain.office.session() as session:
        people.make_user(session, "jana", PASSWORD, language="de")
        people.make_user(session, "bea", PASSWORD, branch="014")
    app = create_app(any_chain.office.directory, any_chain.office.url)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app, any_chain
    app.extensions["office"].close()


def signed_in(app: Flask, name: str = "jana") -> Person:
    """Somebody at a browser."""
    client = app.test_client()
    client.post("/sign-in", data={"name": name, "password": PASSWORD})
    return Person(client)


def brought(jana: Person, text: str = TABLE, name: str = "nordhandel.csv") -> str:
    """Upload a file; answers its page."""
    data = {"file": (io.BytesIO(text.encode()), name)}
    answer = jana.client.post("/imports/", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def columns(jana: Person, page: str, chain: Chain, **more: str) -> None:
    """Take the proposal as it is, and let the worker try it."""
    with chain.office.reading() as session:
        batch = session.get_one(ImportBatch, page.rpartition("/")[2])
        by_header = {header: ours for ours, header in batch.reading["columns"].items()}
        form = {f"column-{n}": by_header.get(h, "") for n, (h, _) in enumerate(batch.headers)}
    assert jana.client.post(f"{page}/columns", data={**form, **more}).status_code == 303
    while steps.once(chain.office):
        pass


def test_what_is_ticked_is_taken_and_what_is_odd_stays_out(office: tuple[Flask, Chain]) -> None:
    app, chain = office
    jana = signed_in(app)
    page = brought(jana)
    assert "nordhandel.csv" in jana.get(page).text
    columns(jana, page, chain)
    seen = jana.get(page).text
    assert "Vollmilch" in seen
    assert "Komma verrutscht?" in seen and "andere Steuerklasse" in seen
    assert "wrong check digit" in seen
    assert jana.client.post(f"{page}/apply", data={}).status_code == 303
    assert "wartet auf" in jana.get(page).text
    assert steps.once(chain.office)
    with chain.office.reading() as session:
        assert session.get_one(ArticleRow, "40122").de == "Vollmilch"
        assert session.get_one(ArticleRow, "30871").tax == "B"  # a change of tax is an outlier
        assert session.get_one(ArticleRow, "7001").de == "Neu"
        assert session.get(ArticleRow, "7002") is None
        prices = session.scalars(sa.select(PriceRow).where(PriceRow.article == "40200")).all()
        assert [price.amount.number for price in prices] == ["0.95"]
    assert "Übernommen" in jana.get(page).text
    assert "7002" in jana.get(f"{page}/faulty.csv").text
    assert chain.publish() > 0
