"""The editor of receipt layouts in a real browser: by mouse, and by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from schemas import xml
from schemas.layout import Layout
from services.database import drafts, layouts
from tests.backoffice.conftest import Served
from tests.pretend.branch import Chain

pytestmark = pytest.mark.slow


def kinds(chain: Chain) -> list[str]:
    """The draft's blocks."""
    with chain.office.reading() as session:
        found = drafts.find(session, "layout", "standard")
        return [block.kind for block in xml.load(Layout, found.document).blocks] if found else []


def opened(served: Served) -> Page:
    """The editor."""
    served.sign_in()
    served.page.goto(f"{served.address}/layouts/")
    served.page.get_by_role("link", name="standard").click()
    return served.page


def block(page: Page, n: int) -> Locator:
    """A block in the list."""
    return page.locator(f"#select-{n}")


def test_by_mouse_a_block_is_dragged_chosen_in_the_preview_written_and_published(
    chain: Chain, served: Served
) -> None:
    page = opened(served)
    page.locator("li[data-move='14']").drag_to(page.locator("li[data-move='1']"))
    expect(block(page, 1)).to_contain_text("Text")
    assert kinds(chain)[:3] == ["firm", "text", "rule"]
    block(page, 0).click()
    expect(block(page, 0)).to_have_attribute("aria-current", "true")
    page.locator(".part", has_text="Vielen Dank!").click()
    expect(block(page, 1)).to_have_attribute("aria-current", "true")
    expect(page.locator(".part.on")).to_contain_text("Vielen Dank!")
    page.locator("#de").fill("Schön, dass Sie da sind!")
    expect(page.locator(".part.on")).to_contain_text("Schön, dass Sie da sind!")
    expect(page.locator("#de")).to_be_focused()
    page.locator("#paper").select_option("58")
    expect(page.locator(".look")).to_contain_text("32 Spalten")
    page.locator("#sample").select_option("training")
    expect(page.locator("#preview")).to_contain_text("ÜBUNG – KEIN BELEG")
    page.get_by_role("link", name="Veröffentlichen").click()
    page.get_by_role("button", name="Freigeben").click()
    expect(page.locator("main")).to_contain_text("Freigegeben")
    with chain.office.reading() as session:
        assert layouts.editions(session, "standard")[0].layout.version == 2


def test_by_keyboard_alone_a_block_is_moved_written_and_taken_back(
    chain: Chain, served: Served
) -> None:
    page = opened(served)
    block(page, 0).focus()
    for _ in range(14):
        page.keyboard.press("ArrowDown")
    expect(block(page, 14)).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(block(page, 13)).to_be_focused()
    expect(block(page, 13)).to_contain_text("Text")
    assert kinds(chain)[13:] == ["text", "code"]
    page.locator("#de").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Bis bald!")
    expect(page.locator(".part.on")).to_have_text(re.compile("Bis bald!"))
    block(page, 13).focus()
    page.keyboard.press("Delete")
    expect(page.locator("#blocks li")).to_have_count(14)
    page.get_by_role("button", name="Rückgängig").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#blocks li")).to_have_count(15)
    expect(page.locator("#preview")).to_contain_text("Bis bald!")


def test_what_is_typed_is_there_though_a_button_is_pressed_at_once(
    chain: Chain, served: Served
) -> None:
    page = opened(served)
    block(page, 14).click()
    expect(page.locator("#de")).to_have_value("Vielen Dank!")
    page.locator("#de").press_sequentially(" Und tschüss!", delay=40)
    page.locator("button[value=up-14]").click()
    expect(block(page, 13)).to_have_attribute("aria-current", "true")
    expect(page.locator(".part.on")).to_contain_text("Und tschüss!")
    expect(page.locator("#wrong")).to_have_text("")
    assert kinds(chain)[13:] == ["text", "code"]


def test_a_hostile_text_stays_a_text(chain: Chain, served: Served) -> None:
    page = opened(served)
    page.evaluate("window.ran = 0")
    block(page, 14).click()
    page.locator("#de").fill("<img src=x onerror='window.ran=1'><script>window.ran=2</script>")
    expect(page.locator("#preview .part.on")).to_contain_text("<script>")
    assert page.evaluate("window.ran") == 0
    assert page.locator("#preview img, #preview script").count() == 0


@pytest.mark.parametrize("width", [320, 390, 1024, 1440])
def test_the_editor_is_no_wider_than_its_window(served: Served, width: int) -> None:
    page = opened(served)
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/layouts/", "/layouts/standard", "/layouts/standard?block=14",
                 "/layouts/standard?block=-1", "/layouts/standard/versions?first=1&second=1"):  # fmt: skip
        page.goto(f"{served.address}{path}")
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, (path, over)
