"""The editor of till keys: places, sizes, swaps, the palette, two editors, and what tills get."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from lxml import html

from backoffice.keyboards import acts
from backoffice.keyboards.acts import ActRefused, At
from schemas import xml
from schemas.keyboard import Key, Keyboard, Tab
from schemas.keys import ArticleKey, Barcode, KeyboardKey
from services.database import changes, drafts, keyboards, people, releasing
from tests.backoffice.conftest import PASSWORD, Person
from tests.pretend.branch import BEER, CHEESE, MILK, Chain

PAGE = "/keyboards/main"
FIRST = At()
BOARD = Keyboard(
    KeyboardKey("main"), 3, 4, 4,
    (
        Tab("Favoriten", "Favourites", "Favoritos", "star", (Key(0, 0, MILK.key), Key(1, 2, BEER.key))),
        Tab("Käse", keys=(Key(0, 0, CHEESE.key, wide=2),)),
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def board(chain: Chain) -> Iterator[Keyboard]:
    """The chain has a keyboard."""
    with chain.office.session() as session:
        changes.record(session, BOARD, changes.CHAIN, "test")
    chain.publish()
    yield BOARD


def save(person: Person, act: str, at: At = FIRST, **form: Any) -> Any:
    """Press a button of the editor, without script."""
    seen = html.fromstring(person.get(PAGE).text).xpath("//input[@name='seen']/@value")[0]
    where = {"tab": str(at.tab), "row": str(at.row), "column": str(at.column)}
    return person.post(PAGE, **({"seen": seen, "act": act} | where | form))


def drafted(chain: Chain) -> Keyboard | None:
    """The draft."""
    with chain.office.reading() as session:
        found = drafts.find(session, "keyboard", "main")
        return xml.load(Keyboard, found.document) if found else None


def places(board: Keyboard | None, tab: int = 0) -> dict[str, tuple[int, int]]:
    """Where the articles of a tab are."""
    return {key.article: (key.row, key.column) for key in board.tabs[tab].keys} if board else {}


def test_by_form_alone_a_key_is_put_changed_carried_and_cleared(chain: Chain, jana: Person) -> None:
    assert save(jana, "save", At(0, 3, 3), article=CHEESE.key).status_code == 303
    assert places(drafted(chain))[CHEESE.key] == (3, 3)
    save(jana, "save", At(0, 3, 3), was=CHEESE.key, article=CHEESE.key, label="Käse am Stück",
         colour="dairy", picture="cheese", wide="1", tall="1")  # fmt: skip
    save(jana, "carry-3-3-2-0", At(0, 3, 3))
    made = drafted(chain)
    assert made and made.tabs[0].keys[2] == Key(
        2, 0, CHEESE.key, "Käse am Stück", "dairy", "cheese"
    )
    page = jana.get(f"{PAGE}?row=2&column=0").text
    assert "Käse am" in page and 'value="Käse am Stück"' in page
    save(jana, "clear-2-0")
    assert CHEESE.key not in places(drafted(chain))


def test_two_keys_change_places(chain: Chain, jana: Person) -> None:
    save(jana, "carry-0-0-1-2")
    assert places(drafted(chain)) == {MILK.key: (1, 2), BEER.key: (0, 0)}


def test_a_key_becomes_wide_but_never_over_another(chain: Chain, jana: Person) -> None:
    form = {"was": MILK.key, "article": MILK.key, "label": "", "tall": "2"}
    answer = save(jana, "save", At(0, 0, 0), wide="3", **form)
    assert answer.status_code == 422 and "liegt schon eine Taste" in answer.text
    assert drafted(chain) is None
    save(jana, "save", At(0, 0, 0), wide="2", **form)
    made = drafted(chain)
    assert made and (made.tabs[0].keys[0].wide, made.tabs[0].keys[0].tall) == (2, 2)
    page = html.fromstring(jana.get(PAGE).text)
    face = page.xpath("//*[contains(@class,'key ')]/*[@class='edge2']")[0]
    assert (face.get("width"), face.get("height")) == ("290", "222")


def test_an_article_that_is_not_there_gets_no_key(chain: Chain, jana: Person) -> None:
    answer = save(jana, "save", At(0, 3, 3), article="4711000")
    assert answer.status_code == 422 and "4711000 gibt es nicht" in answer.text
    assert drafted(chain) is None


def test_pages_are_added_named_moved_and_removed(chain: Chain, jana: Person) -> None:
    save(jana, "tab-add")
    save(jana, "save", At(2), **{"tab-de": "Brot", "tab-en": "Bread", "tab-es": "Pan", "tab-icon": "bread"})  # fmt: skip
    save(jana, "tab-left", At(2))
    made = drafted(chain)
    assert made and [tab.de for tab in made.tabs] == ["Favoriten", "Brot", "Käse"]
    assert made.tabs[1] == Tab("Brot", "Bread", "Pan", "bread")
    save(jana, "tab-remove", At(1))
    made = drafted(chain)
    assert made and len(made.tabs) == 2


def test_a_smaller_grid_loses_no_key(chain: Chain, jana: Person) -> None:
    assert save(jana, "save", rows="1", columns="4").status_code == 422
    assert save(jana, "save", rows="5", columns="5").status_code == 303
    made = drafted(chain)
    assert made and (made.rows, made.columns) == (5, 5)


def test_what_sells_without_a_key_comes_first(chain: Chain, jana: Person) -> None:
    with chain.till("014-1") as till:
        for _ in range(3):
            till.sell(CHEESE.key)
        till.scan(Barcode("4012345678901"))
        till.pay()
    chain.look("014-1")
    with chain.office.session() as session:
        changes.record(session, replace(BOARD, tabs=BOARD.tabs[:1]), changes.CHAIN, "test")
    taken = html.fromstring(jana.get(PAGE).text).xpath("//ul[@id='palette']//@data-take")
    assert taken == [CHEESE.key]
    found = html.fromstring(jana.get(f"{PAGE}/palette?q=milch").text).xpath("//@data-take")
    assert found == [MILK.key]
    assert "3 ×" in jana.get(PAGE).text


def test_undo_and_two_editors(chain: Chain, app: Flask, jana: Person) -> None:
    with chain.office.session() as session:
        people.make_user(session, "tom", PASSWORD, shown="Tom", language="de")
    tom = Person(app.test_client())
    tom.sign_in("tom")
    save(jana, "clear-0-0")
    answer = tom.post(PAGE, seen="", tab="0", row="0", column="0", act="clear-1-2")
    assert answer.status_code == 409 and "Jana Brandt hat" in answer.text
    assert places(drafted(chain)) == {BEER.key: (1, 2)}
    save(jana, "undo")
    assert drafted(chain) is None


def test_tills_get_the_next_version_when_the_set_is_released(chain: Chain, jana: Person) -> None:
    save(jana, "put-3-0-" + CHEESE.key)
    with chain.office.session() as session:
        draft = drafts.find(session, "keyboard", "main")
        assert draft is not None
        releasing.release(session, draft.change_set, "jana")
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        board = till.catalogue.keyboard()
    assert board.version == 4 and places(board)[CHEESE.key] == (3, 0)
    with chain.office.reading() as session:
        assert keyboards.current(session, "main") == board


def test_on_a_narrow_screen_the_page_behind_can_be_seen(chain: Chain, jana: Person) -> None:
    many = [Key(n // 4, n % 4, (MILK, BEER, CHEESE)[n % 3].key) for n in range(16)]
    with chain.office.session() as session:
        board = replace(BOARD, tabs=(Tab("A", keys=tuple(many)),))
        changes.record(session, board, changes.CHAIN, "test")
    for leaf, keys in ((0, 12), (1, 4)):
        page = html.fromstring(jana.get(f"{PAGE}?screen=1024x768&page={leaf}").text)
        assert len(page.xpath("//*[@class='edge2']")) == keys
        assert page.xpath("//a[contains(@class,'chip on')]/text()") == [f"Blatt {leaf + 1}"]


@pytest.mark.parametrize("screen", ["1366x768", "1024x768", "1920x1080", "768x1366", "x"])
def test_every_screen_is_shown(jana: Person, screen: str) -> None:
    page = html.fromstring(jana.get(f"{PAGE}?screen={screen}").text)
    assert len(page.xpath("//*[@class='edge2']")) == 2
    free = page.xpath("//a[@class='cell' and not(@data-move)]")
    assert len(free) == (14 if screen in {"1366x768", "1920x1080", "x"} else 2)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("carry-0-0-9-9", "keys.outside"),
        ("put-0-1-<b>", "keys.no-article"),
        ("put-12-1-1", "keys.outside"),
    ],
)
def test_what_cannot_be_is_refused(act: str, said: str) -> None:
    with pytest.raises(ActRefused) as refused:
        acts.done(BOARD, act, At())
    assert refused.value.said == said


def test_a_swap_that_would_cover_a_third_key_is_refused() -> None:
    keys = (
        Key(0, 0, ArticleKey("a"), wide=2),
        Key(1, 0, ArticleKey("b")),
        Key(1, 1, ArticleKey("c")),
    )
    board = Keyboard(KeyboardKey("k"), 1, 4, 4, (Tab("A", keys=keys),))
    with pytest.raises(ActRefused):
        acts.done(board, "carry-0-0-1-0", At())


def test_a_hostile_label_stays_a_text(chain: Chain, jana: Person) -> None:
    text = "\x1b@<script>alert(1)</script>"
    save(jana, "save", At(0, 0, 0), was=MILK.key, article=MILK.key, label=text, wide="4", tall="1")
    page = jana.get(PAGE).text
    assert "<script>alert" not in page and "\x1b" not in page
    made = drafted(chain)
    assert made and made.tabs[0].keys[0].label == "@<script>alert(1)</script>"
