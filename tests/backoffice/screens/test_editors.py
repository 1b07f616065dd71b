"""The editors of receipt layouts and till keys; each by mouse and by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.backoffice.screens.conftest import Visit

pytestmark = pytest.mark.slow


def test_a_layout_is_begun_a_block_written_and_moved_and_the_whole_published(visit: Visit) -> None:
    key = f"slip-{visit.hand.name}"
    visit.go("/layouts/")
    page, hand = visit.page, visit.hand
    hand.write(page.locator("#key"), key)
    hand.press(page.get_by_role("button", name="Neues Layout"))
    expect(page.locator("h1")).to_contain_text(key)
    hand.press(page.locator("#select-14"))
    expect(page.locator("#select-14")).to_have_attribute("aria-current", "true")
    hand.write(page.locator("#de"), "Bis bald!")
    expect(page.locator(".part.on")).to_contain_text("Bis bald!")
    hand.press(page.locator("button[value=up-14]"))
    expect(page.locator("#select-13")).to_have_attribute("aria-current", "true")
    hand.choose(page.locator("#paper"), "58 mm")
    expect(page.locator(".look")).to_contain_text("32 Spalten")
    hand.press(page.get_by_role("button", name="Rückgängig"))
    expect(page.locator("#select-14")).to_contain_text("Text")
    hand.press(page.get_by_role("link", name="Veröffentlichen"))
    hand.press(page.get_by_role("button", name="Freigeben"))
    expect(page.locator(".ttl .tag").first).to_have_text("Freigegeben")


def test_the_blocks_of_a_layout_are_walked_and_moved_by_arrows_or_dragged(visit: Visit) -> None:
    key = f"walk-{visit.hand.name}"
    visit.go("/layouts/")
    page, hand = visit.page, visit.hand
    hand.write(page.locator("#key"), key)
    hand.press(page.get_by_role("button", name="Neues Layout"))
    expect(page.locator("h1")).to_contain_text(key)
    if hand.name == "mouse":
        page.locator("li[data-move='14']").drag_to(page.locator("li[data-move='1']"))
        expect(page.locator("#select-1")).to_contain_text("Text")
    else:
        hand.press(page.locator("#select-0"))
        expect(page.locator("#select-0")).to_be_focused()
        page.keyboard.press("ArrowDown")  # at once, though the answer is still under way
        page.keyboard.press("Alt+ArrowDown")
        page.keyboard.press("Alt+ArrowDown")
        expect(page.locator("#select-3")).to_be_focused()
        page.keyboard.press("Alt+ArrowUp")
        expect(page.locator("#select-1")).to_contain_text("Bondaten")
        expect(page.locator("#select-2")).to_be_focused()


def test_two_versions_of_a_layout_are_compared(visit: Visit) -> None:
    visit.go("/layouts/standard")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Fassungen"))
    expect(page.locator("h1")).to_have_text("Fassungen standard")
    hand.tick(page.get_by_label("Von Stand 1"))
    hand.press(page.get_by_role("button", name="Vergleichen"))
    expect(page.locator("main")).to_contain_text("Von Stand")


def test_a_board_of_keys_is_begun_a_key_put_named_and_carried_and_the_whole_published(
    visit: Visit,
) -> None:
    key = f"keys-{visit.hand.name}"
    visit.go("/keyboards/")
    page, hand = visit.page, visit.hand
    hand.write(page.locator("#key"), key)
    hand.press(page.get_by_role("button", name="Neue Belegung"))
    expect(page.locator("h1")).to_contain_text(key)
    hand.press(page.locator("[data-cell='0-0']"))
    hand.write(page.locator("#fresh"), "1004")
    if hand.name == "mouse":
        hand.press(page.get_by_role("button", name="Hierher legen"))
    else:
        page.keyboard.press(
            "Enter"
        )  # what was typed is put as soon as the field is left: Tab does it too
    expect(page.locator("a[data-move='0-0']")).to_be_visible()
    hand.write(page.locator("#label"), "Bauernlaib")
    page.keyboard.press("Enter")
    expect(page.locator("#board")).to_contain_text("Bauernlaib")
    hand.press(page.get_by_role("button", name="nach rechts"))
    expect(page.locator("a[data-move='0-1']")).to_be_visible()
    hand.tick(page.locator("[name=colour][value=bread]"))
    expect(page.locator("#board .key.g-bread")).to_have_count(1)
    hand.choose(page.locator("#screen"), "1024 × 768")
    expect(page.locator("#editor")).to_contain_text("hier drei Spalten")
    hand.press(page.get_by_role("link", name="Veröffentlichen"))
    hand.press(page.get_by_role("button", name="Freigeben"))
    expect(page.locator(".ttl .tag").first).to_have_text("Freigegeben")


def test_a_key_is_carried_by_arrows_or_dragged(visit: Visit) -> None:
    key = f"carry-{visit.hand.name}"
    visit.go("/keyboards/")
    page, hand = visit.page, visit.hand
    hand.write(page.locator("#key"), key)
    hand.choose(page.locator("#like"), "wie main")
    hand.press(page.get_by_role("button", name="Neue Belegung"))
    expect(page.locator("h1")).to_contain_text(key)
    name = page.locator("a[data-move='0-0']").get_attribute("aria-label") or ""
    if hand.name == "mouse":
        page.locator("a[data-move='0-0']").drag_to(page.locator("[data-cell='0-1']"))
    else:
        hand.press(page.locator("[data-cell='0-1']"))
        expect(page.locator("#label")).to_be_focused()
        hand.reach(page.locator("[data-cell='0-1']"))  # type: ignore[attr-defined]
        page.keyboard.press("ArrowLeft")
        expect(page.locator("[data-cell='0-0']")).to_be_focused()
        page.keyboard.press("Shift+ArrowRight")
    carried = page.locator("a[data-move='0-1']")
    expect(carried).to_have_attribute("aria-label", re.compile(name.partition(",")[0]))
