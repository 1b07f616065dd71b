"""Sets in head office: made with rows of parts, refused where no till could sell them, undone whole."""

from __future__ import annotations

import re
from typing import Any

import pytest

from schemas.article import Article
from schemas.keys import ArticleKey, Barcode, SupplierKey
from schemas.money import UnitPrice
from schemas.supplier import Supply
from services.database import articles, changes, supplies
from services.database.articles import ArticleRow
from tests.backoffice.conftest import Person
from tests.backoffice.test_api import Program, made
from tests.pretend.branch import BEER, CHEESE, MILK, Chain

FORM: dict[str, Any] = {
    "de": "Brotzeit", "en": "", "es": "", "group": "", "unit": "pcs", "tax": "A", "deposit": "",
    "age": "", "size": "", "size_unit": "kg", "codes": "4012345678925", "question": "", "least": "",
    "most": "", "reach": "all",
    "part": [MILK.key, "40123455", CHEESE.key, ""], "part_many": ["", "2", "0,25", ""],
}  # fmt: skip


def parts_of(chain: Chain, key: str) -> list[tuple[str, str]]:
    with chain.office.reading() as session:
        row = session.get(ArticleRow, key)
        return [(p.article, str(p.quantity)) for p in row.document().parts] if row else []


def test_a_set_is_made_priced_sold_changed_and_undone(any_chain: Chain, any_jana: Person) -> None:
    assert any_jana.post("/articles/new", key="900", **FORM).status_code == 303
    assert parts_of(any_chain, "900") == [
        (MILK.key, "1 pcs"), (BEER.key, "2 pcs"), (CHEESE.key, "0.25 kg"),
    ]  # fmt: skip
    any_chain.price("900", "7.99")
    with any_chain.office.session() as session:
        for key, cost in ((MILK.key, "0.80"), (BEER.key, "0.40"), (CHEESE.key, "10.00")):
            price = UnitPrice.parse(cost, "EUR")
            supplies.put_supply(
                session, Supply(SupplierKey("x"), ArticleKey(key), None, price), "test"
            )
    page = any_jana.get("/articles/900").text
    assert "1,03\N{THIN SPACE}€ günstiger als einzeln" in page, "1.39 + 1.90 + 5.73 alone"
    assert "4,10" in page, "0.80 + 0.80 + 2.50 to buy"
    # 7.99 shared is 1.23 and 5.08 at 7 %, 1.68 at 19 %: 7.31 without taxes, of which 3.21 stay
    assert re.search(r"Spanne</dt><dd>43,9\s%", page)
    assert "900" in any_jana.get(f"/articles/{MILK.key}").text
    any_chain.publish()
    with any_chain.till("014-1") as till:
        till.scan(Barcode("4012345678925"))
        assert [x.amount.minor for x in till.basket.lines if x.part] == [123, 168, 508]
    one = {**FORM, "part": [MILK.key], "part_many": ["3"]}
    assert any_jana.post("/articles/900/edit", **one).status_code == 303
    assert parts_of(any_chain, "900") == [(MILK.key, "3 pcs")]
    history = any_jana.get("/log/of/article/900").text
    assert f"Teil {CHEESE.key}" in history
    entry = re.search(r"/log/(\d+)", any_jana.get("/log/").text)
    assert entry
    assert any_jana.post(f"/log/{entry.group(1)}/undo").status_code == 200
    assert len(parts_of(any_chain, "900")) == 3


def test_rows_come_and_go_without_script_and_keep_what_was_typed(any_jana: Person) -> None:
    more = any_jana.post("/articles/new", key="900", row="more", **FORM)
    assert more.status_code == 200
    assert more.text.count('name="part"') == 5 and 'value="900"' in more.text
    assert "Bergkäse" in more.text, "a row says what its number is"
    less = any_jana.post("/articles/new", key="900", row="0", **FORM).text
    assert less.count('name="part"') == 3 and f'value="{MILK.key}"' not in less


@pytest.mark.parametrize(
    ("part", "many", "other", "said"),
    [
        ("9999", "1", {}, "keinen Artikel 9999"),
        (MILK.key, "0,5", {}, "in pcs verkauft"),
        (MILK.key, "viel", {}, "eine Menge"),
        (MILK.key, "0", {}, "eine Menge"),
        ("900", "1", {}, "keinen Artikel 900"),
        ("77", "1", {}, "selbst ein Set"),
        ("78", "1", {}, "Gutschein"),
        (MILK.key, "1", {"deposit": "0,25"}, "kein Pfand"),
        (MILK.key, "1", {"unit": "kg"}, "in Stück verkauft"),
    ],
)
def test_what_no_till_could_sell_is_refused(
    chain: Chain, jana: Person, part: str, many: str, other: dict[str, str], said: str
) -> None:
    jana.post("/articles/new", key="77", **{**FORM, "codes": ""})
    with chain.office.session() as session:
        articles.put(session, Article(ArticleKey("78"), "Karte", voucher="multi"), "test")
    form = {**FORM, **other, "part": [part], "part_many": [many]}
    answer = jana.post("/articles/new", key="900", **form)
    assert answer.status_code == 422 and said in answer.text
    assert parts_of(chain, "900") == []


def test_a_part_becomes_no_set_and_holds_not_itself(chain: Chain, jana: Person) -> None:
    jana.post("/articles/new", key="900", **FORM)
    itself = jana.post("/articles/900/edit", **{**FORM, "part": ["900"], "part_many": ["1"]})
    assert itself.status_code == 422 and "nicht selbst enthalten" in itself.text
    twice = {**FORM, "part": [MILK.key, MILK.key], "part_many": ["1", "2"]}
    assert "zweimal" in jana.post("/articles/900/edit", **twice).text
    form = {**FORM, "codes": "", "part": [BEER.key], "part_many": ["1"]}
    nested = jana.post(f"/articles/{MILK.key}/edit", **form)
    assert nested.status_code == 422 and "Teil des Sets 900" in nested.text
    fixed = {**FORM, "codes": "", "part": "", "part_many": "", "fixed": "yes"}
    assert "Teil des Sets 900" in jana.post(f"/articles/{MILK.key}/edit", **fixed).text


def test_a_set_is_collected_and_holds_from_the_release_on(chain: Chain, jana: Person) -> None:
    jana.post("/changes/", title="Winter")
    jana.post("/articles/new", key="900", **FORM)
    assert parts_of(chain, "900") == []
    assert "Brotzeit" in jana.get("/changes/1").text
    jana.post("/changes/1/release", when="now", reach="all")
    assert len(parts_of(chain, "900")) == 3
    jana.post("/changes/1/undo")
    assert parts_of(chain, "900") == []
    with chain.office.reading() as session:
        assert changes.current(session, "chain", "article", "900") is None


def test_programs_read_and_write_parts(chain: Chain, jana: Person) -> None:
    program = Program(jana.client.application.test_client(), made(chain))
    body = {"de": "Paar", "tax": "A", "parts": [{"article": MILK.key, "quantity": "2"}]}
    assert program.put("/articles/900", body).status_code == 201
    said = program.get("/articles/900").json
    assert said["parts"] == [{"article": MILK.key, "quantity": "2"}]
    assert program.put("/articles/900", {"de": "Paar neu", "tax": "A"}).status_code == 200
    assert parts_of(chain, "900") == [(MILK.key, "2 pcs")], "left out, they stay"
    for parts in ([{"article": "9999"}], [{"article": MILK.key, "quantity": "0"}],
                  [{"article": MILK.key, "quantity": "0.5"}], [{"article": "900"}]):  # fmt: skip
        assert program.put("/articles/900", {**body, "parts": parts}).status_code == 422
    assert program.put("/articles/900", {**body, "parts": []}).status_code == 200
    assert parts_of(chain, "900") == []
    program.put("/articles/900", body)
    out = jana.get("/export/articles.csv").text
    assert f"{MILK.key}*2" in out
