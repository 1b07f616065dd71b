"""An import in the browser: brought, named, tried, taken; only by who sees the whole company."""

from __future__ import annotations

import io
import string
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import create_app
from backoffice.imports import reasons
from backoffice.words import LANGUAGES, catalogue, word
from services.database import people
from services.database.articles import ArticleRow
from services.database.imports import ImportBatch, ImportRow
from services.database.prices import PriceRow
from services.importing import articles, batches, steps
from services.importing.refusal import SENTENCES
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
    assert "falsche Prüfziffer" in seen
    assert jana.client.post(f"{page}/apply", data={}).status_code == 303
    assert "wartet auf" in jana.get(page).text
    assert steps.once(chain.office)
    with chain.office.reading() as session:
        assert session.get_one(ArticleRow, "40122").de == "Vollmilch"
        assert session.get_one(ArticleRow, "30871").tax == "B"  # a change of tax is an outlier
        new = session.get_one(ArticleRow, "7001")
        assert new.de == "Neu" and new.priced
        assert session.get(ArticleRow, "7002") is None
        prices = session.scalars(sa.select(PriceRow).where(PriceRow.article == "40200")).all()
        assert [price.amount.number for price in prices] == ["0.95"]
    assert "Übernommen" in jana.get(page).text
    faulty = jana.get(f"{page}/faulty.csv").text
    assert "7002" in faulty and "falsche Prüfziffer" in faulty
    assert chain.publish() > 0


def state(chain: Chain, page: str) -> ImportBatch:
    """A batch as it stands."""
    with chain.office.reading() as session:
        return session.get_one(ImportBatch, page.rpartition("/")[2])


def test_a_whole_import_is_taken_back_but_for_what_somebody_changed_since(
    office: tuple[Flask, Chain],
) -> None:
    app, chain = office
    jana = signed_in(app)
    page = brought(
        jana, "number;name_de;price;supplier\n40122;Vollmilch;1,45;Hof\n7001;Neu;2,99;Hof\n"
    )
    columns(jana, page, chain)
    jana.client.post(f"{page}/apply", data={})
    assert steps.once(chain.office) and state(chain, page).state == "applied"
    chain.price("7001", "3.49")
    assert "Import zurücknehmen" in jana.get(page).text
    jana.client.post(f"{page}/undo")
    assert steps.once(chain.office) and state(chain, page).state == "undone"
    with chain.office.reading() as session:
        milk = session.get_one(ArticleRow, "40122")
        assert (milk.de, milk.supplier) == ("Milch", None)
        assert session.get(ArticleRow, "7001") is None and milk.priced
        prices = session.scalars(sa.select(PriceRow).where(PriceRow.article == "40122"))
        assert [price.amount.number for price in prices] == ["1.39"]
    assert chain.publish() > 0
    jana.client.post(f"{page}/undo")
    assert not steps.once(chain.office)  # it is undone once


def test_an_outlier_is_taken_once_somebody_ticks_it(office: tuple[Flask, Chain]) -> None:
    app, chain = office
    jana = signed_in(app)
    page = brought(jana)
    columns(jana, page, chain)
    with chain.office.reading() as session:
        rows = session.scalars(
            sa.select(ImportRow).where(ImportRow.kind == "changed").order_by(ImportRow.id)
        ).all()
    odd = {row.outlier: row for row in rows if row.outlier}
    assert {why: row.article for why, row in odd.items()} == {
        "codes": "40122", "tax": "30871", "tenfold": "40200",
    }  # fmt: skip
    assert not any(row.ticked for row in odd.values())
    jana.client.post(f"{page}/ticks", data={"show": "changed", "why": "tenfold", "all": "yes"})
    shown = {"row": [str(row.id) for row in rows], "tick": [str(odd["tenfold"].id)]}
    jana.client.post(f"{page}/apply", data=shown)  # the boxes as they stand on the page
    steps.once(chain.office)
    with chain.office.reading() as session:
        beer = session.scalars(sa.select(PriceRow).where(PriceRow.article == "40200")).all()
        assert sorted(price.amount.number for price in beer) == ["0.95", "9.50"]
        assert session.get_one(ArticleRow, "40122").de == "Milch"  # it was unticked
        assert session.get_one(ArticleRow, "7001").de == "Neu"  # it was on no page
        assert session.get_one(ArticleRow, "30871").tax == "B"


def test_prices_hold_from_the_moment_that_was_said(office: tuple[Flask, Chain]) -> None:
    app, chain = office
    jana = signed_in(app)
    page = brought(jana, "number;price\n40122;1,45\n")
    columns(jana, page, chain)
    wrong = jana.client.post(f"{page}/apply", data={"when": "at", "at": "gestern"})
    assert wrong.status_code == 422 and state(chain, page).state == "ready"
    jana.client.post(f"{page}/apply", data={"when": "at", "at": "2031-11-24T06:00"})
    steps.once(chain.office)
    with chain.office.reading() as session:
        found = session.scalars(sa.select(PriceRow).where(PriceRow.article == "40122"))
        assert [row.begins.isoformat() for row in found][-1] == "2031-11-24T05:00:00+00:00"


def test_what_was_changed_since_the_dry_run_is_left(office: tuple[Flask, Chain]) -> None:
    app, chain = office
    jana = signed_in(app)
    page = brought(jana, "number;name_de;price\n40122;Vollmilch;1,45\n40200;Pilsner;0,99\n")
    columns(jana, page, chain)
    chain.price("40122", "1.42")
    jana.client.post(f"{page}/apply", data={})
    steps.once(chain.office)
    with chain.office.reading() as session:
        found = session.scalars(sa.select(PriceRow).where(PriceRow.article == "40122"))
        assert sorted(row.amount.number for row in found) == ["1.39", "1.42"]
        assert session.get_one(ArticleRow, "40122").de == "Vollmilch"
    assert state(chain, page).counts["left"] == 1


def test_a_worker_that_dies_has_changed_nothing_and_another_goes_on(
    office: tuple[Flask, Chain], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, chain = office
    jana = signed_in(app)
    page = brought(jana)
    columns(jana, page, chain)
    jana.client.post(f"{page}/apply", data={})
    real = articles.apply

    def dies(*given: Any, **named: Any) -> None:
        real(*given, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(articles, "apply", dies)
        with pytest.raises(KeyboardInterrupt):
            steps.once(chain.office)
    with chain.office.reading() as session:
        assert session.get(ArticleRow, "7001") is None
    assert not steps.once(chain.office)  # nobody knows yet that it is dead
    with chain.office.session() as session:
        batch = session.get_one(ImportBatch, page.rpartition("/")[2])
        batch.claimed_at = datetime.now(UTC) - 2 * steps.DEAD
    assert steps.once(chain.office) and state(chain, page).state == "applied"


def test_two_workers_take_a_batch_once(office: tuple[Flask, Chain]) -> None:
    app, chain = office
    jana = signed_in(app)
    page = brought(jana)
    columns(jana, page, chain)
    jana.client.post(f"{page}/apply", data={})
    assert steps._take(chain.office) is not None
    assert steps._take(chain.office) is None


def test_a_file_with_the_same_headers_is_read_as_the_last_time(office: tuple[Flask, Chain]) -> None:
    app, chain = office
    jana = signed_in(app)
    odd = "Nr;Text;Wert\n7001;Neu;2,99\n"
    page = brought(jana, odd)
    assert jana.client.post(f"{page}/columns", data={}).status_code == 422
    form = {"column-0": "number", "column-1": "name_de", "column-2": "price", "point": ",",
            "supplier": "Nordhandel"}  # fmt: skip
    twice = jana.client.post(f"{page}/columns", data={**form, "column-1": "number"})
    assert twice.status_code == 422 and "Nur eine" in twice.text
    assert jana.client.post(f"{page}/columns", data=form).status_code == 303
    again = brought(jana, odd.replace("Neu", "Anders"))
    assert "wie beim letzten Mal" in jana.get(again).text
    assert state(chain, again).reading["columns"] == {
        "number": "Nr",
        "name_de": "Text",
        "price": "Wert",
    }
    assert state(chain, again).reading["supplier"] == "Nordhandel"


def test_nobody_of_one_branch_imports(office: tuple[Flask, Chain]) -> None:
    app, _ = office
    jana, bea = signed_in(app), signed_in(app, "bea")
    page = brought(jana)
    assert bea.get("/imports/").status_code == 404 and bea.get(page).status_code == 404
    assert "/imports/" not in bea.get("/articles/").text
    data = {"file": (io.BytesIO(b"number\n1\n"), "a.csv")}
    answer = bea.client.post("/imports/", data=data, content_type="multipart/form-data")
    assert answer.status_code == 404
    for step in ("columns", "again", "ticks", "apply", "undo", "drop"):
        assert bea.client.post(f"{page}/{step}").status_code == 404


def test_a_file_lies_beside_head_office_and_goes_after_a_while(office: tuple[Flask, Chain]) -> None:
    app, chain = office
    jana = signed_in(app)
    page = brought(jana, name="../../../etc/passwd <b>.csv")
    files = list((chain.office.directory / "uploads").iterdir())
    assert [file.suffix for file in files] == [".upload"]
    assert "<b>" not in jana.get(page).text and "&lt;b&gt;.csv" in jana.get(page).text
    assert batches.expire(chain.office, datetime.now(UTC) + timedelta(days=29)) == 0
    assert batches.expire(chain.office, datetime.now(UTC) + timedelta(days=31)) == 1
    assert list((chain.office.directory / "uploads").iterdir()) == []
    assert jana.get(page).status_code == 404


def test_every_reason_is_said_in_three_languages_and_in_english_as_the_command_line_says_it() -> (
    None
):
    for name, sentence in SENTENCES.items():
        assert catalogue("en")[f"imports.bad.{name}"] == sentence
        values = {part: f"<{part}>" for _, part, _, _ in string.Formatter().parse(sentence) if part}
        said = {language: word(language, f"imports.bad.{name}", **values) for language in LANGUAGES}
        for language, text in said.items():
            assert name == "no-key" or all(each in text for each in values.values()), (
                language,
                name,
            )
        assert name == "till" or len(set(said.values())) == 3, name


def test_what_cannot_be_read_is_said_in_the_readers_language(office: tuple[Flask, Chain]) -> None:
    jana = signed_in(office[0])
    for body, said in ((b"", "leer.csv ist leer"), (b"\0\0", "weder CSV noch XLSX")):
        data = {"file": (io.BytesIO(body), "leer.csv")}
        answer = jana.client.post("/imports/", data=data, content_type="multipart/form-data")
        assert answer.status_code == 422 and said in answer.text


def test_a_reason_from_before_they_had_names_is_still_said() -> None:
    assert reasons.of_row({"reason": "there was one", "fields": {}}) == "there was one"
    assert reasons.of_batch("there was one") == "there was one"
