"""Models in head office: a matrix of variants, the missing ones in one go, the way from and to articles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from services.database import prices
from services.database.articles import ArticleRow
from services.database.models import ModelRow, variants
from services.evaluation import keyboards
from tests.backoffice.conftest import Person
from tests.backoffice.test_api import Program, made
from tests.backoffice.test_sets import FORM
from tests.pretend.branch import MILK, Chain

SHIRT: dict[str, Any] = {
    "de": "T-Shirt", "en": "T-shirt", "es": "", "group": "", "tax": "A",
    "axis0": "Größe", "values0": "S, M, L", "axis1": "Farbe", "values1": "weiß, blau",
    "axis2": "", "values2": "",
}  # fmt: skip


def there(chain: Chain, model: str = "shirt") -> dict[str, tuple[str | None, list[str] | None]]:
    with chain.office.reading() as session:
        return {row.key: (row.de, row.options) for row in variants(session, model)}


def marked(*options: tuple[int, str, str], **more: str) -> dict[str, Any]:
    """The form that makes these: place among the missing, size, colour."""
    return {f"make-{n}": f"{size}\x1f{colour}" for n, size, colour in options} | more


def test_a_model_is_made_and_its_missing_variants_in_one_go(
    any_chain: Chain, any_jana: Person
) -> None:
    assert any_jana.post("/models/new", key="shirt", **SHIRT).location.endswith("/models/shirt")
    page = any_jana.get("/models/shirt").text
    assert "6 Varianten fehlen" in page and 'value="shirt-S-weiss"' in page
    form = marked((0, "S", "weiß"), (1, "S", "blau"), (5, "L", "blau"), price="17,90",
                  **{"number-5": "TS-L-B"})  # fmt: skip
    assert any_jana.post("/models/shirt/variants", **form).status_code == 303
    assert there(any_chain) == {
        "shirt-S-weiss": ("T-Shirt S weiß", ["S", "weiß"]),
        "shirt-S-blau": ("T-Shirt S blau", ["S", "blau"]),
        "TS-L-B": ("T-Shirt L blau", ["L", "blau"]),
    }
    with any_chain.office.reading() as session:
        row = session.get(ArticleRow, "TS-L-B")
        assert row is not None and row.tax == "A" and row.en == "T-shirt L blau"
        assert str(prices.prices_of(session, "TS-L-B")[0].amount) == "17.90 EUR"
    page = any_jana.get("/models/shirt").text
    assert "3 Varianten fehlen" in page and "TS-L-B" in page and "17,90" in page
    article = any_jana.get("/articles/TS-L-B").text
    assert 'href="/models/shirt"' in article and "blau" in article
    listed = any_jana.get("/articles/?model=shirt").text
    assert "T-Shirt S blau" in listed and "Milch" not in listed and "Modell: T-Shirt" in listed
    any_chain.publish()
    with any_chain.till("014-1") as till:
        model = till.catalogue.model("shirt")
        assert model is not None
        assert [a.key for a in till.catalogue.variants(model.key)] == [
            "shirt-S-weiss", "shirt-S-blau", "TS-L-B",
        ]  # fmt: skip


def test_numbers_go_on_where_siblings_have_plain_ones(chain: Chain, jana: Person) -> None:
    jana.post("/models/new", key="shirt", **SHIRT)
    form = {**FORM, "de": "T-Shirt S weiß", "codes": "", "part": "", "part_many": "", "tax": "B"}
    answer = jana.post("/articles/new", key="0700", **form, model="shirt", options="S, weiß")
    assert answer.status_code == 303
    jana.post("/articles/new", key="0702", **form)
    page = jana.get("/models/shirt").text
    assert 'value="0701"' in page and 'value="0702"' not in page and 'value="0703"' in page
    jana.post("/models/shirt/edit", **{**SHIRT, "tax": ""})
    jana.post("/models/shirt/variants", **marked((0, "S", "blau")))
    with chain.office.reading() as session:
        row = session.get(ArticleRow, "0701")
        assert row is not None and row.tax == "B", "what the model does not say is a sibling's"
        assert not prices.prices_of(session, "0701")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (marked((0, "S", "weiß"), **{"number-0": MILK.key}), "schon vergeben"),
        (marked((0, "S", "weiß"), (1, "S", "blau"), **{"number-0": "7", "number-1": "7"}), "schon vergeben"),
        (marked((0, "S", "weiß"), **{"number-0": "a|b"}), "a|b"),
        (marked((0, "S", "weiß"), price="viel"), "kein Betrag"),
        ({}, "Nichts ist markiert"),
        (marked((0, "XL", "weiß")), "Nichts ist markiert"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_said_and_nothing_is(
    chain: Chain, jana: Person, form: dict[str, Any], said: str
) -> None:
    jana.post("/models/new", key="shirt", **SHIRT)
    answer = jana.post("/models/shirt/variants", **form)
    assert answer.status_code == 422 and said in answer.text
    assert there(chain) == {}


@pytest.mark.parametrize(
    ("key", "change"),
    [(MILK.key, {}), ("a|b", {}), ("shirt", {"de": "", "en": ""}), ("shirt", {"values0": ""}),
     ("shirt", {"axis0": "", "values0": "", "axis1": "", "values1": ""}), ("shirt", {"tax": "Q"}),
     ("shirt", {"group": "none"}), ("shirt", {"values0": ",".join(map(str, range(101)))})],
)  # fmt: skip
def test_a_model_that_cannot_be_is_refused(
    chain: Chain, jana: Person, key: str, change: dict[str, str]
) -> None:
    assert jana.post("/models/new", key=key, **{**SHIRT, **change}).status_code == 422
    with chain.office.reading() as session:
        assert session.get(ModelRow, key) is None


def test_a_variant_names_a_value_of_each_axis(chain: Chain, jana: Person) -> None:
    jana.post("/models/new", key="shirt", **SHIRT)
    form = {**FORM, "codes": "", "part": "", "part_many": ""}
    for model, options in (("none", "S"), ("shirt", "S"), ("shirt", "S, rot"), ("shirt", "")):
        answer = jana.post("/articles/new", key="0700", **form, model=model, options=options)
        assert answer.status_code == 422, options
    jana.post("/articles/new", key="0700", **form, model="shirt", options="S, blau")
    assert there(chain)["0700"] == ("Brotzeit", ["S", "blau"])
    jana.post("/models/shirt/edit", **{**SHIRT, "values0": "M, L"})
    page = jana.get("/models/shirt").text
    assert "Andere Ausprägungen" in page and "Brotzeit" in page
    jana.post("/articles/0700/edit", **form, model="", options="")
    assert there(chain) == {}


def test_three_axes_are_pages_and_history_and_undo_know_models(chain: Chain, jana: Person) -> None:
    jana.post("/models/new", key="shirt", **{**SHIRT, "axis2": "Schnitt", "values2": "eng, weit"})
    page = jana.get("/models/shirt").text
    assert "Schnitt: eng" in page and "Schnitt: weit" in page and "12 Varianten fehlen" in page
    jana.post("/models/shirt/edit", **SHIRT)
    history = jana.get("/log/of/model/shirt").text
    assert "Achse Schnitt" in history
    log = jana.get("/log/").text
    number = max(
        int(part.partition('"')[0]) for part in log.split("/log/")[1:] if part[0].isdigit()
    )
    assert jana.post(f"/log/{number}/undo").status_code == 200
    with chain.office.reading() as session:
        row = session.get(ModelRow, "shirt")
        assert row is not None and len(row.axes) == 3


def test_a_key_that_names_a_model_shows_it_in_the_editor(chain: Chain, jana: Person) -> None:
    jana.post("/models/new", key="shirt", **SHIRT)
    jana.post("/models/shirt/variants", **marked((0, "S", "weiß"), price="17,90"))
    with chain.office.reading() as session:
        found = keyboards.goods(session, ["shirt", MILK.key], "de", datetime.now(UTC))
    assert (found["shirt"].name, found["shirt"].price) == ("T-Shirt", "17,90")
    assert found[MILK.key].name == "Milch"


def test_programs_read_and_write_which_variant_an_article_is(chain: Chain, jana: Person) -> None:
    jana.post("/models/new", key="shirt", **SHIRT)
    program = Program(jana.client.application.test_client(), made(chain))
    body = {"de": "T-Shirt", "tax": "A", "model": "shirt", "options": ["M", "blau"]}
    assert program.put("/articles/900", body).status_code == 201
    said = program.get("/articles/900").json
    assert (said["model"], said["options"]) == ("shirt", ["M", "blau"])
    out = jana.get("/export/articles.csv?model=shirt").text
    assert "M;blau" in out and MILK.key not in out
