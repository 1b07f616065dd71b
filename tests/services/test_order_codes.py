"""What a delivery note calls an article finds it, at head office and at tills; purchase data stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from schemas import xml
from schemas.keys import ArticleKey, SupplierKey
from schemas.money import UnitPrice
from schemas.supplier import Supplier, Supply, asked, sought
from services.database import articles, changes, headoffice, supplies
from services.database.headoffice import HeadOffice
from services.evaluation import assortment
from tests.pretend.branch import BEER, CHEESE, MILK, Chain

DAIRY, NORTH = SupplierKey("dairy"), SupplierKey("north")


def test_a_code_is_sought_by_its_letters_and_digits_and_names_are_no_codes() -> None:
    assert sought(" AB-12/3.Ä ") == sought("ab 123 ä") == "ab123a"
    assert asked("Ab-12") == "ab12"
    assert asked("milch") == asked("--") == ""


def delivered(chain: Chain, article: str, supplier: str, code: str | None) -> None:
    with chain.office.session() as session:
        supply = Supply(
            SupplierKey(supplier), ArticleKey(article), code, UnitPrice.parse("0.40", "EUR")
        )
        supplies.put_supply(session, supply, "jana")


def office(chain: Chain, text: str) -> list[str]:
    with chain.office.reading() as session:
        return sorted(row.key for row in session.scalars(assortment.matching(text)))


def till(chain: Chain, text: str) -> list[str]:
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as open_:
        return [str(article.key) for article in open_.catalogue.search(text)]


def test_an_order_code_finds_its_article_until_it_is_another(any_chain: Chain) -> None:
    chain = any_chain
    with chain.office.session() as session:
        supplies.put_supplier(session, Supplier(DAIRY, "Molkerei"), "jana")
    delivered(chain, MILK.key, DAIRY, "XQ-77/Ä 1")
    delivered(chain, MILK.key, NORTH, "990077")
    delivered(chain, CHEESE.key, DAIRY, "XQ-78")
    chain.box("014-1")
    for find in (office, till):
        assert find(chain, "xq77") == find(chain, "XQ-77/Ä 1") == [MILK.key]
        assert sorted(find(chain, "xq-7")) == sorted([MILK.key, CHEESE.key])
        assert find(chain, "9900") == [MILK.key], "another supplier's code"
        assert find(chain, "xq") == [], "two letters are the beginning of a name"
        assert find(chain, "77") == [], "the middle of a code is none"
    delivered(chain, MILK.key, DAIRY, "XQ-79")
    delivered(chain, MILK.key, NORTH, None)
    with chain.office.session() as session:
        supplies.remove(session, "supply", f"{CHEESE.key}|{DAIRY}", "jana")
    for find in (office, till):
        assert find(chain, "xq-7") == [MILK.key]
        assert find(chain, "xq-79") == [MILK.key]
        assert find(chain, "990077") == find(chain, "xq-77") == []


def test_what_bears_the_code_itself_is_first_and_stands_once(chain: Chain) -> None:
    code = str(BEER.codes[0].value)
    delivered(chain, MILK.key, DAIRY, code)
    delivered(chain, BEER.key, DAIRY, code)
    chain.box("014-1")
    assert till(chain, code) == [BEER.key, MILK.key]


def test_tills_learn_codes_and_nothing_else_of_a_purchase_and_once(chain: Chain) -> None:
    delivered(chain, MILK.key, DAIRY, "XQ-77")
    with chain.office.reading() as session:
        first = changes.currents(session, changes.CHAIN, "order-code", [f"{MILK.key}|{DAIRY}"])
    delivered(chain, MILK.key, DAIRY, "XQ-77")
    with chain.office.reading() as session:
        again = changes.currents(session, changes.CHAIN, "order-code", [f"{MILK.key}|{DAIRY}"])
    assert again == first
    [told] = first.values()
    assert told.document is not None
    attributes = dict(xml.parse(told.document).attrib)
    assert attributes == {"supplier": DAIRY, "article": MILK.key, "value": "XQ-77"}


def test_a_code_that_is_longer_once_it_is_folded_is_kept_and_found(any_chain: Chain) -> None:
    code = "1" + "ß" * 150
    delivered(any_chain, MILK.key, NORTH, code)
    assert office(any_chain, code) == office(any_chain, "1ssss") == [MILK.key]


def test_at_a_till_what_only_begins_like_an_order_code_stands_last(any_chain: Chain) -> None:
    delivered(any_chain, CHEESE.key, DAIRY, "4012-7")
    any_chain.box("014-1")
    found = till(any_chain, "4012")
    assert found.index(MILK.key) < found.index(CHEESE.key), "numbers and codes before that"
    assert till(any_chain, "4012-7")[0] == CHEESE.key


def test_a_database_of_before_learns_what_is_sought_and_tells_the_tills(any_chain: Chain) -> None:
    head = any_chain.office
    delivered(any_chain, MILK.key, DAIRY, "AB-12/3")
    delivered(any_chain, CHEESE.key, DAIRY, "1" + "ß" * 150)
    delivered(any_chain, BEER.key, DAIRY, "---")
    with head.session() as session:
        articles.put(session, replace(BEER, de="Prüfbräu"), "jana")
    migrated(head, command.downgrade, "0019")
    with head.engine.begin() as connection:
        connection.execute(sa.text("delete from change where kind = 'order-code'"))
        of_before = {"words": "40200 prüfbräu", "key": BEER.key}
        connection.execute(sa.text("update article set words = :words where key = :key"), of_before)
    migrated(head, command.upgrade, "head")
    assert office(any_chain, "ab123") == [MILK.key]
    assert office(any_chain, "1sssss") == [CHEESE.key]
    assert office(any_chain, "pruefbraeu") == office(any_chain, "prufbrau") == [BEER.key]
    with head.reading() as session:
        told = set(changes.keys(session, changes.CHAIN, "order-code"))
    assert told == {f"{MILK.key}|{DAIRY}", f"{CHEESE.key}|{DAIRY}"}
    any_chain.box("014-1")
    assert till(any_chain, "ab123") == [MILK.key]


def migrated(head: HeadOffice, act: Callable[[Config, str], None], to: str) -> None:
    config = Config()
    folder = Path(headoffice.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    with head.engine.begin() as connection:
        config.attributes["connection"] = connection
        act(config, to)
