"""Articles are made and changed in the browser, one by one and many at once; sets collect the edits."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml import html

from schemas.money import UnitPrice
from schemas.quantity import Quantity
from services.database import articles, audit, changesets, people, prices, supplies, views
from services.database.articles import ArticleRow
from services.database.changesets import ChangeSet
from services.evaluation import consequences
from tests.backoffice.conftest import PASSWORD, Person
from tests.pretend.branch import BEER, CHEESE, MILK, Chain

FORM: dict[str, Any] = {
    "de": "Apfelsaft", "en": "Apple juice", "es": "", "group": "", "unit": "pcs", "tax": "A",
    "deposit": "0,25", "age": "", "size": "0,7", "size_unit": "l",
    "codes": "4012345678925\n4012345678932 × 6", "question": "", "least": "", "most": "", "reach": "all",
}  # fmt: skip


def _row(chain: Chain, key: str) -> ArticleRow | None:
    with chain.office.reading() as session:
        return session.get(ArticleRow, key)


def test_an_article_is_made_with_codes_packs_deposit_and_content(
    chain: Chain, jana: Person
) -> None:
    answer = jana.post("/articles/new", key="5001", **FORM)
    assert answer.status_code == 303
    row = _row(chain, "5001")
    assert row is not None
    document = row.document()
    assert [(c.value, c.pack) for c in document.codes] == [
        ("4012345678925", 1),
        ("4012345678932", 6),
    ]
    assert (str(document.deposit), document.size) == ("0.25 EUR", Quantity(700, "l"))
    assert "Apfelsaft" in jana.get("/articles/5001").text


def test_each_wrong_field_is_named_and_what_was_typed_is_kept(chain: Chain, jana: Person) -> None:
    bad = {**FORM, "de": "", "en": "", "codes": "4012345678926", "deposit": "viel", "age": "200"}
    answer = jana.post("/articles/new", key="5001", **bad)
    assert answer.status_code == 422
    for field in ("de", "codes", "deposit", "age"):
        assert f'href="#{field}"' in answer.text
    assert 'value="viel"' in answer.text
    assert _row(chain, "5001") is None
    taken = jana.post("/articles/new", key="5001", **{**FORM, "codes": MILK.codes[0].value})
    assert taken.status_code == 422 and MILK.key in taken.text
    again = jana.post("/articles/new", key=MILK.key, **FORM)
    assert again.status_code == 422


def test_two_editors_of_one_article_meet(chain: Chain, jana: Person) -> None:
    page = jana.get(f"/articles/{MILK.key}/edit").text
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    chain.price(MILK.key, "1.49")
    form = {**FORM, "codes": ""}
    answer = jana.post(f"/articles/{MILK.key}/edit", seen=seen.group(1), **form)
    assert answer.status_code == 409
    row = _row(chain, MILK.key)
    assert row is not None and row.de == "Milch"
    newer = re.search(r'name="seen" value="(\d+)"', answer.text)
    assert newer
    assert jana.post(f"/articles/{MILK.key}/edit", seen=newer.group(1), **form).status_code == 303


def test_what_is_sold_in_some_branches_is_refused_in_the_others(chain: Chain, jana: Person) -> None:
    form = {**FORM, "codes": "4012345678901", "reach": "some", "where": "999"}
    assert jana.post(f"/articles/{MILK.key}/edit", **form).status_code == 422
    assert jana.post(f"/articles/{MILK.key}/edit", **{**form, "where": "014"}).status_code == 303
    row = _row(chain, MILK.key)
    assert row is not None and row.document().branches == ("014",)


def test_who_collects_changes_nothing_before_the_release(chain: Chain, jana: Person) -> None:
    jana.post("/changes/", title="Winter")
    jana.post(f"/articles/{MILK.key}/price", amount="1,59", when="now")
    jana.post(f"/articles/{MILK.key}/price", amount="1,69", when="now")
    jana.post(f"/articles/{BEER.key}/edit", **{**FORM, "codes": "40123455"})
    assert "1.69" not in str(_prices(chain))
    page = jana.get("/changes/1").text
    assert "1,69" in page and "1,59" not in page and "Apfelsaft" in page
    assert "Winter" in jana.get("/articles/").text, "the bar says where edits go"
    assert jana.post("/changes/1/release", when="now", reach="all").status_code == 303
    assert "1.69 EUR" in _prices(chain)
    assert jana.post("/changes/1/undo").status_code == 303
    assert "1.69 EUR" not in _prices(chain)
    row = _row(chain, BEER.key)
    assert row is not None and row.de == "Pils"


def test_a_second_edit_in_a_set_goes_on_from_the_first(chain: Chain, jana: Person) -> None:
    jana.post("/changes/", title="Winter")
    address = f"/articles/{MILK.key}/edit"
    form = {**FORM, "codes": MILK.codes[0].value, "de": "Wintermilch"}
    jana.post(address, **form)
    assert 'value="Wintermilch"' in jana.get(address).text
    jana.post("/articles/bulk", act="tax", to_tax="B", all="yes", q="milch")
    with chain.office.reading() as session:
        (edit,) = changesets.edits(session, 1)
        assert b"Wintermilch" in (edit.document or b"") and b'tax="B"' in (edit.document or b"")


def test_what_a_set_released_is_put_back_as_a_set(chain: Chain, jana: Person) -> None:
    jana.post("/changes/", title="Winter")
    jana.post(f"/articles/{MILK.key}/price", amount="1,69", when="now")
    jana.post("/changes/1/release", when="now", reach="all")
    with chain.office.reading() as session:
        number = session.scalar(
            sa.select(audit.Entry.number).where(audit.Entry.act == "set-released")
        )
    assert "Zum Änderungssatz" in jana.get(f"/log/{number}").text
    assert jana.post(f"/log/{number}/undo").location.endswith("/changes/1")
    assert "1.69 EUR" in _prices(chain), "nothing was undone behind the set's back"


def _prices(chain: Chain) -> list[str]:
    with chain.office.reading() as session:
        return [str(row.amount) for row in prices.prices_of(session, MILK.key)]


def test_a_second_person_agrees_and_not_the_first(app: Flask, chain: Chain, jana: Person) -> None:
    jana.post("/changes/", title="Winter")
    jana.post(f"/articles/{MILK.key}/price", amount="1,59", when="now")
    jana.post("/changes/1/propose")
    refused = jana.post("/changes/1/approve")
    assert refused.status_code == 409 and "zweite Person" in refused.text
    with chain.office.session() as session:
        people.make_user(session, "tom", PASSWORD, language="de")
    tom = Person(app.test_client())
    tom.sign_in("tom")
    assert tom.post("/changes/1/approve").status_code == 303
    with chain.office.reading() as session:
        assert session.get_one(ChangeSet, 1).reviewed_by == "tom"


@pytest.mark.parametrize(
    ("act", "value", "ending", "after"),
    [
        ("percent", "-10", "", {"40122": "1.25", "40200": "0.86"}),
        ("percent", "10", "9", {"40122": "1.49", "40200": "1.09"}),
        ("amount", "0,20", "", {"40122": "1.59", "40200": "1.15"}),
        ("set", "2", "99", {"40122": "1.99", "40200": "1.99"}),
    ],
)
def test_many_prices_change_by_one_rule_and_are_looked_at_first(
    chain: Chain, jana: Person, act: str, value: str, ending: str, after: dict[str, str]
) -> None:
    token = jana.token("/tills/")
    picked = [MILK.key, BEER.key]
    answer = jana.client.post(
        "/articles/bulk",
        data={"csrf_token": token, "act": act, "value": value, "ending": ending, "pick": picked},
    )
    assert answer.headers["Location"].endswith("/changes/1")
    with chain.office.reading() as session:
        found = changesets.review(session, changesets.edits(session, 1))
        now = {
            each.edit.key.partition("|")[0]: next(
                d.after for d in each.differences if d.field == "amount"
            )
            for each in found
        }
    assert now == {key: f"{amount} EUR" for key, amount in after.items()}
    assert "1.39 EUR" in _prices(chain) and len(_prices(chain)) == 1


def test_all_of_a_lists_question_are_changed(chain: Chain, jana: Person) -> None:
    jana.post("/articles/bulk", act="tax", to_tax="A", all="yes", q="milch")
    with chain.office.reading() as session:
        assert [e.key for e in changesets.edits(session, 1)] == [MILK.key]
    jana.post("/articles/bulk", act="group", to_group="nowhere", all="yes")
    with chain.office.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ChangeSet)) == 1


def test_who_typed_no_figure_finds_the_marks_and_the_choice_again(
    chain: Chain, jana: Person
) -> None:
    form = {"csrf_token": jana.token("/tills/"), "act": "amount", "value": "viel", "ending": "99",
            "pick": [MILK.key, BEER.key], "sort": "-number"}  # fmt: skip
    answer = jana.client.post("/articles/bulk", data=form)
    page = html.fromstring(jana.get(answer.headers["Location"]).text)
    assert set(page.xpath("//input[@name='pick'][@checked]/@value")) == {MILK.key, BEER.key}
    assert page.xpath("//input[@name='value']/@value") == ["viel"]
    assert page.xpath("//select[@name='act']/option[@selected]/@value") == ["amount"]
    assert page.xpath("//select[@name='ending']/option[@selected]/@value") == ["99"]
    assert page.xpath("//th[@aria-sort='descending']")


def test_margin_and_unit_price_are_said_while_a_price_is_typed(chain: Chain, jana: Person) -> None:
    jana.post(f"/articles/{MILK.key}/edit", **{**FORM, "codes": "4012345678901", "tax": "B"})
    jana.post(f"/articles/{MILK.key}/supply", supplier="Nordhandel GmbH", cost="0,89",
              order_code="NH-1", pack="12", main="yes")  # fmt: skip
    with chain.office.reading() as session:
        row = supplies.of(session, [MILK.key])[MILK.key][0]
        assert (row.supplier, row.pack, row.main) == ("nordhandel-gmbh", 12, True)
    low = jana.get(f"/articles/{MILK.key}/price/preview?amount=0,90", **{"HX-Request": "true"}).text
    assert "Unter dem Einkaufspreis" in low and "1,29" in low  # 0.90 for 0.7 l
    jana.post("/articles/bulk", act="set", value="0,90", all="yes", q="apfelsaft")
    assert "Unter dem Einkaufspreis" in jana.get("/changes/1").text, "the preview says it too"
    far = jana.get(f"/articles/{MILK.key}/price/preview?amount=139", **{"HX-Request": "true"}).text
    assert "Komma" in far


def test_what_a_price_means_is_reckoned_without_tax() -> None:
    article = ArticleRow(key="1", unit="pcs", tax="A", terms={"size": "0.5 l"}, codes=[])
    article.deposit = article.age = article.group = None
    price, cost = UnitPrice.parse("1.19", "EUR"), UnitPrice.parse("0.75", "EUR")
    found = consequences.meaning(article, price, price, cost, Decimal(19))
    assert found.margin == pytest.approx(0.25)
    assert found.per == (UnitPrice.parse("2.38", "EUR"), "l")
    assert found.odd == ()


@pytest.mark.parametrize(
    ("page", "address"), [("receipts", "/receipts/"), ("customers", "/customers/")]
)
def test_other_lists_have_views_too(chain: Chain, jana: Person, page: str, address: str) -> None:
    jana.post(f"/views/{page}", name="Meine", question="q=milch")
    assert f'href="{address}?q=milch' in jana.get(address).text
    assert jana.post("/views/nothing", name="Keine").status_code == 404


def test_a_list_is_kept_as_a_view_under_a_name(chain: Chain, jana: Person) -> None:
    jana.post("/views/articles", name="Preislose", question="task=price&page=3", shared="yes")
    page = jana.get("/articles/").text
    assert "Preislose" in page and "/articles/?task=price" in page
    with chain.office.reading() as session:
        view = views.of(session, "somebody", "articles")[0]
    jana.post(f"/views/articles/{view.id}/drop")
    assert "Preislose" not in jana.get("/articles/").text


def test_the_log_says_who_did_it_and_takes_it_back(chain: Chain, jana: Person) -> None:
    jana.post(f"/articles/{CHEESE.key}/edit", **{**FORM, "unit": "kg", "codes": ""})
    log = jana.get("/log/").text
    number = re.search(r'/log/(\d+)"', log)
    assert number and "Apfelsaft" in log and "127.0.0.1" in log
    assert "Jana Brandt" in log, "people are called by their names"
    assert jana.get("/log/?q=apfel").text.count("<tr data-row") == 2, "made, and changed"
    assert jana.get("/log/?q=birne").text.count("<tr data-row") == 0
    entry = jana.get(f"/log/{number.group(1)}").text
    assert "<del>Bergkäse</del>" in entry and "<ins>Apfelsaft</ins>" in entry
    assert "sind, wie sie geschrieben wurden" in jana.get("/log/check").text
    assert jana.post(f"/log/{number.group(1)}/undo", reason="Vertippt").status_code == 200
    row = _row(chain, CHEESE.key)
    assert row is not None and row.de == "Bergkäse"
    history = jana.get(f"/log/of/article/{CHEESE.key}").text
    assert history.count("<ins>Bergkäse</ins>") == 1
    with chain.office.session() as session:
        session.execute(sa.update(articles.ArticleRow).values(changed_at=datetime.now(UTC)))
        session.execute(sa.text("update audit_entry set \"by\" = 'nobody' where number = 1"))
    assert "Eintrag 1 ist nicht mehr" in jana.get("/log/check").text


def test_groups_form_a_tree_without_circles(chain: Chain, jana: Person) -> None:
    for key, name, parent in (("drinks", "Getränke", ""), ("juice", "Säfte", "drinks")):
        answer = jana.post("/groups/", key=key, de=name, parent=parent, colour="")
        assert answer.status_code == 303
    page = jana.get("/groups/").text
    assert page.index("Getränke") < page.index("Säfte") and 'class="indent"' in page
    circle = jana.post("/groups/drinks", de="Getränke", parent="juice")
    assert circle.status_code == 422 and "in sich selbst" in circle.text
    assert jana.post("/groups/", key="juice", de="Noch einmal").status_code == 422
    assert jana.post("/groups/", key="x|y", de="Schlecht").status_code == 422
    assert jana.post("/groups/drinks", act="remove").status_code == 409
    assert jana.post("/groups/juice", act="remove").status_code == 303
    with chain.office.reading() as session:
        assert session.get(articles.ArticleGroup, "juice") is None


def test_a_set_says_why_it_was_sent_back_and_what_a_price_was_before_its_release(
    app: Flask, chain: Chain, jana: Person
) -> None:
    with chain.office.session() as session:
        people.make_user(session, "ina", PASSWORD, shown="Ina Ott", language="de")
    ina = Person(app.test_client())
    ina.sign_in("ina")
    jana.post("/changes/", title="Winter")
    jana.post(f"/articles/{MILK.key}/price", amount="1,69", when="now")
    jana.post("/changes/1/propose")
    ina.post("/changes/1/reject", reason="Zu teuer <b>")
    page = jana.get("/changes/1").text
    assert "Ina Ott" in page and "Zu teuer &lt;b&gt;" in page
    jana.post("/changes/1/propose")
    assert "Zu teuer" not in jana.get("/changes/1").text
    jana.post("/changes/1/release", when="now", reach="some", where="014")
    page = jana.get("/changes/1").text
    assert "<del>1,39" in page and "<ins>1,69" in page
    jana.post("/changes/1/undo")
    page = jana.get("/changes/1").text
    assert "<del>1,39" in page and page.count("Zurückgenommen") >= 2


def test_some_branches_without_any_is_refused_and_not_taken_for_all(
    chain: Chain, jana: Person
) -> None:
    form = {**FORM, "codes": "4012345678901", "reach": "some"}
    answer = jana.post(f"/articles/{MILK.key}/edit", **form)
    assert answer.status_code == 422 and 'href="#where"' in answer.text
    assert re.search(r'value="some" checked', answer.text), "what was chosen is kept"


def test_a_form_that_changes_nothing_leaves_no_step(chain: Chain, jana: Person) -> None:
    address, history = f"/articles/{MILK.key}/edit", f"/log/of/article/{MILK.key}"
    form = {**FORM, "codes": "4012345678901"}
    jana.post(address, **form)
    steps = jana.get(history).text.count('name="first"')
    assert jana.post(address, **form).status_code == 303
    assert jana.get(history).text.count('name="first"') == steps


def test_an_article_is_taken_out_and_brought_back_by_the_log(chain: Chain, jana: Person) -> None:
    answer = jana.post(f"/articles/{BEER.key}/drop")
    assert "Pils ist aus dem Sortiment" in jana.get(answer.location).text
    assert _row(chain, BEER.key) is None and jana.get(f"/articles/{BEER.key}").status_code == 404
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        assert till.catalogue.by_key(BEER.key) is None
    with chain.office.reading() as session:
        number = session.scalar(sa.select(sa.func.max(audit.Entry.number)))
    jana.post(f"/log/{number}/undo")
    assert "Pils" in jana.get(f"/articles/{BEER.key}").text


def test_a_part_of_a_set_is_not_taken_out(chain: Chain, jana: Person) -> None:
    made = {**FORM, "codes": "", "deposit": "", "part": BEER.key, "part_many": "6"}
    assert jana.post("/articles/new", key="5009", **made).status_code == 303
    answer = jana.post(f"/articles/{BEER.key}/drop")
    assert "Teil eines Sets" in jana.get(answer.location).text
    assert _row(chain, BEER.key) is not None


def test_many_articles_leave_a_branch_and_come_back(app: Flask, chain: Chain, jana: Person) -> None:
    jana.post("/units/new", kind="branch", key="003", name="Elbe", parent="company company")
    jana.post("/articles/bulk", act="unlist", to_branch="003", pick=MILK.key)
    jana.post("/changes/1/release", when="now", reach="all")
    row = _row(chain, MILK.key)
    assert row is not None and row.document().branches == ("014",)
    page = jana.get(f"/articles/{MILK.key}").text
    assert re.search(r'<span class="tag" title="[^"]*">014</span>', page)
    jana.post("/articles/bulk", act="unlist", to_branch="014", pick=MILK.key)
    assert _row(chain, MILK.key).document().branches == ("014",), "nowhere is no assortment"  # type: ignore[union-attr]
    jana.post("/articles/bulk", act="list", to_branch="003", pick=MILK.key)
    jana.post("/changes/2/release", when="now", reach="all")
    row = _row(chain, MILK.key)
    assert row is not None and row.document().branches == (), "everywhere again"


def test_what_a_price_reaches_counts_the_branches_that_carry_it(chain: Chain, jana: Person) -> None:
    jana.post("/units/new", kind="branch", key="003", name="Elbe", parent="company company")
    form = {**FORM, "codes": "4012345678901", "reach": "some", "where": "014"}
    jana.post(f"/articles/{MILK.key}/edit", **form)
    page = jana.get(f"/articles/{MILK.key}/price").text
    assert "014 Neustadt, 2 Kassen" in page


def test_an_article_names_its_supplier(chain: Chain, jana: Person) -> None:
    jana.post(f"/articles/{MILK.key}/supply", supplier="Hof Süd GmbH", cost="0,80")
    assert "Hof Süd GmbH" in jana.get(f"/articles/{MILK.key}").text
    assert "Hof Süd GmbH" in jana.get(f"/articles/{MILK.key}/edit").text
