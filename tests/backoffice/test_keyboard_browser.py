"""The editor of till keys in a real browser: by mouse, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from schemas.keyboard import Keyboard
from services.database import changes, drafts
from tests.backoffice.conftest import Served
from tests.backoffice.test_keyboard_editor import BOARD, drafted, places
from tests.pretend.branch import BEER, CHEESE, MILK, Chain

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def board(chain: Chain) -> Iterator[Keyboard]:
    """The chain has a keyboard."""
    with chain.office.session() as session:
        changes.record(session, BOARD, changes.CHAIN, "test")
    chain.publish()
    yield BOARD


def opened(served: Served) -> Page:
    """The editor."""
    served.sign_in()
    served.page.goto(f"{served.address}/keyboards/")
    served.page.get_by_role("link", name="main").click()
    return served.page


def cell(page: Page, row: int, column: int) -> Locator:
    """A cell, or the key on it."""
    return page.locator(f"[data-cell='{row}-{column}']")


def saved(page: Page, many: int) -> None:
    """The draft can be taken back, so it was saved."""
    expect(page.locator("#state .tag.info")).to_have_text("Entwurf")
    expect(page.locator("#board [data-move]")).to_have_count(many)


def test_by_mouse_keys_are_dragged_swapped_put_and_widened(chain: Chain, served: Served) -> None:
    page = opened(served)
    cell(page, 0, 0).drag_to(cell(page, 3, 3))
    expect(page.locator("a[data-move='3-3']")).to_have_attribute("aria-current", "true")
    assert places(drafted(chain)) == {BEER.key: (1, 2), MILK.key: (3, 3)}
    cell(page, 3, 3).drag_to(cell(page, 1, 2))
    expect(page.locator("a[data-move='1-2']")).to_have_attribute("aria-current", "true")
    assert places(drafted(chain)) == {BEER.key: (3, 3), MILK.key: (1, 2)}
    page.locator("#find").fill("käse")
    page.locator(f"[data-take='{CHEESE.key}']").drag_to(cell(page, 0, 1))
    saved(page, 3)
    page.locator("#f-wide").fill("2")
    page.locator("#f-wide").blur()
    expect(page.locator("a[data-move='0-1']")).to_have_attribute("data-wide", "2")
    wide, plain = cell(page, 0, 1).bounding_box(), cell(page, 1, 2).bounding_box()
    assert wide and plain and wide["width"] > 2 * plain["width"]
    page.locator("#screen").select_option("1024x768")
    expect(page.locator("#editor")).to_contain_text("hier drei Spalten")
    page.get_by_role("link", name="Veröffentlichen").click()
    page.get_by_role("button", name="Freigeben").click()
    expect(page.locator("main")).to_contain_text("Freigegeben")
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        assert till.catalogue.keyboard().tabs[0].keys[0].wide == 2


def test_by_keyboard_alone_keys_are_walked_carried_named_and_cleared(
    chain: Chain, served: Served
) -> None:
    page = opened(served)
    cell(page, 0, 0).focus()
    page.keyboard.press("ArrowRight")
    expect(cell(page, 0, 1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("a[data-move='1-0']")).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("a[data-move='1-1']")).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")  # the beer is there: they change places
    expect(page.locator("a[data-move='1-2']")).to_be_focused()
    assert places(drafted(chain)) == {BEER.key: (1, 1), MILK.key: (1, 2)}
    page.keyboard.press("Enter")
    expect(page.locator("#label")).to_be_focused()
    page.keyboard.type("Vollmilch")
    page.keyboard.press("Enter")
    expect(page.locator("#board")).to_contain_text("Vollmilch")
    expect(page.locator("a[data-move='1-2']")).to_be_focused()
    page.keyboard.press("Delete")
    saved(page, 1)
    page.get_by_role("button", name="Rückgängig").focus()
    page.keyboard.press("Enter")
    saved(page, 2)
    cell(page, 0, 0).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#fresh")).to_be_focused()
    page.keyboard.type(str(CHEESE.key))
    page.keyboard.press("Enter")
    saved(page, 3)
    with chain.office.reading() as session:
        draft = drafts.find(session, "keyboard", "main")
        assert draft is not None and draft.steps == 5


@pytest.mark.parametrize("width", [320, 390, 1024, 1440])
def test_the_editor_is_no_wider_than_its_window(served: Served, width: int) -> None:
    page = opened(served)
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/keyboards/", "/keyboards/main", "/keyboards/main?screen=768x1366",
                 "/keyboards/main?row=3&column=3"):  # fmt: skip
        page.goto(f"{served.address}{path}")
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, (path, over)
