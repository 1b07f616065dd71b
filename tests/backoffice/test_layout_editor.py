"""The editor of receipt layouts: saved at each touch, taken back, published, and nothing in it can run."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from lxml import html

from schemas import xml
from schemas.layout import Block, Layout, When
from services.database import beginning, changesets, drafts, layouts, releasing
from tests.backoffice.conftest import PASSWORD, Person
from tests.pretend.branch import Chain

PAGE = "/layouts/standard"
LAST = len(beginning.LAYOUT.blocks) - 1
"""The greeting at the slip's end."""


def seen(person: Person) -> str:
    """What the editor says that it shows."""
    found: list[str] = html.fromstring(person.get(PAGE).text).xpath("//input[@name='seen']/@value")
    return found[0]


def save(person: Person, act: str, block: int = 0, **form: Any) -> Any:
    """Press a button of the editor, without script."""
    given = {"seen": seen(person), "block": str(block), "act": act}
    return person.post(PAGE, **(given | form))


def drafted(chain: Chain) -> Layout | None:
    """The layout's draft."""
    with chain.office.reading() as session:
        found = drafts.find(session, "layout", "standard")
        return xml.load(Layout, found.document) if found else None


def test_blocks_move_are_added_copied_and_removed_without_script(
    chain: Chain, jana: Person
) -> None:
    assert save(jana, "up-4").status_code == 303
    made = drafted(chain)
    assert made and [block.kind for block in made.blocks[2:5]] == ["head", "lines", "rule"]
    save(jana, "add-text", block=0)
    save(jana, "move-1-0")
    save(jana, "copy-0")
    made = drafted(chain)
    assert made and [block.kind for block in made.blocks[:3]] == ["text", "text", "firm"]
    save(jana, "remove-0")
    made = drafted(chain)
    assert made and [block.kind for block in made.blocks[:2]] == ["text", "firm"]


def test_a_text_and_its_condition_are_kept_and_seen_on_the_slip(chain: Chain, jana: Person) -> None:
    form = {"kind": "text", "de": "Nur heute:\nKaffee 1,00", "en": "Today", "align": "right",
            "bold": "yes", "when-kinds": "sale", "when-least": "5,00", "when-customer": "no",
            "when-days": "6", "when-languages": "de"}  # fmt: skip
    save(jana, "save", block=LAST, **form)
    made = drafted(chain)
    assert made is not None
    when = When(customer=False, kinds=("sale",), least=made.blocks[LAST].when.least,  # type: ignore[union-attr]
                days=("6",), languages=("de",))  # fmt: skip
    block = Block(
        "text", de="Nur heute:|Kaffee 1,00", en="Today", align="right", bold=True, when=when
    )
    assert made.blocks[LAST] == block and str(block.when and block.when.least) == "5.00 EUR"
    slip = html.fromstring(jana.get(f"{PAGE}?language=de").text).xpath("//*[@id='preview']")[0]
    assert "Kaffee 1,00" in slip.text_content()
    other = html.fromstring(jana.get(f"{PAGE}?language=en").text).xpath("//*[@id='preview']")[0]
    assert "Today" not in other.text_content()


def test_what_is_no_amount_is_said_and_not_saved(chain: Chain, jana: Person) -> None:
    answer = save(jana, "save", block=LAST, kind="text", **{"when-least": "viel"})
    assert answer.status_code == 422 and "„viel“ ist kein Betrag" in answer.text
    assert drafted(chain) is None


@pytest.mark.parametrize("paper", ["80", "58"])
@pytest.mark.parametrize("sample", ["sale", "return", "foreign", "customer", "training", "copy"])
def test_every_row_of_the_preview_says_its_block(jana: Person, sample: str, paper: str) -> None:
    page = html.fromstring(jana.get(f"{PAGE}?sample={sample}&paper={paper}&language=es").text)
    rows = page.xpath("//*[@id='preview']//button/@value")
    assert rows == sorted(rows, key=lambda each: int(each.partition("-")[2]))
    assert {"select-0", "select-2", "select-4", "select-6", "select-9"} <= set(rows)
    marked = page.xpath("//*[@id='preview']//button[contains(@class,' on')]/@value")
    assert marked == ["select-0"]


def test_undo_goes_back_step_by_step_and_ends_the_draft(chain: Chain, jana: Person) -> None:
    save(jana, "up-4")
    save(jana, "remove-0")
    save(jana, "undo")
    made = drafted(chain)
    assert made and made.blocks[0].kind == "firm" and made.blocks[3].kind == "lines"
    save(jana, "undo")
    assert drafted(chain) is None
    with chain.office.reading() as session:
        assert changesets.counts(session) == {"dropped": 1}


def test_two_editors_one_is_told_and_nothing_is_lost(
    chain: Chain, app: Flask, jana: Person
) -> None:
    from services.database import people  # noqa: PLC0415 - only this test has a second person

    with chain.office.session() as session:
        people.make_user(session, "tom", PASSWORD, shown="Tom", language="de")
    tom = Person(app.test_client())
    tom.sign_in("tom")
    old = seen(tom)
    save(jana, "up-4")
    answer = tom.post(PAGE, seen=old, block="0", act="remove-0")
    assert answer.status_code == 409 and "Jana Brandt hat" in answer.text
    made = drafted(chain)
    assert made and len(made.blocks) == LAST + 1
    assert save(tom, "remove-0").status_code == 303


def test_a_layout_that_lacks_what_the_law_wants_is_never_published(
    chain: Chain, jana: Person
) -> None:
    save(jana, "remove-9")  # the taxes
    assert "Es fehlt:" in jana.get(PAGE).text
    with chain.office.reading() as session:
        draft = drafts.find(session, "layout", "standard")
        assert draft is not None
    answer = jana.post(f"/changes/{draft.change_set}/release", when="now")
    assert answer.status_code == 409 and "Steuertabelle" in answer.text
    save(jana, "undo")
    assert "vollständig" in jana.get(PAGE).text


def test_a_published_draft_is_the_next_version_and_old_ones_can_be_gone_back_to(
    chain: Chain, jana: Person
) -> None:
    save(jana, "save", block=LAST, kind="text", de="Bis morgen!")
    with chain.office.session() as session:
        draft = drafts.find(session, "layout", "standard")
        assert draft is not None
        releasing.release(session, draft.change_set, "jana")
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        layout = till.catalogue.layout(till.now())
    assert layout.version == 2 and layout.blocks[LAST].de == "Bis morgen!"
    page = jana.get(f"{PAGE}/versions?first=1&second=2").text
    assert "Vielen Dank!" in page and "Bis morgen!" in page
    save(jana, "from-1")
    made = drafted(chain)
    assert made and made.blocks == beginning.LAYOUT.blocks and made.version == 2


HOSTILE = "\x1b@\x1dV\x00<script>alert(1)</script>{{7*7}}|\x07%s\u202e"


def test_nothing_in_a_text_can_run_or_command(chain: Chain, jana: Person) -> None:
    text = HOSTILE.replace("\x00", "")
    assert save(jana, "save", block=LAST, kind="text", de=text).status_code == 303
    made = drafted(chain)
    assert made is not None and made.blocks[LAST].de
    assert not re.search(r"[\x00-\x1f\x7f\u202e]", made.blocks[LAST].de or "")
    page = jana.get(f"{PAGE}?language=de&block={LAST}").text
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page and "{{7*7}}" in page
    with chain.office.session() as session:
        layouts.put(session, replace(made, version=0), "test")


def test_only_who_sees_the_whole_company_sees_layouts(app: Flask) -> None:
    bea = Person(app.test_client())
    bea.sign_in("bea")
    assert bea.get(PAGE).status_code == 404
