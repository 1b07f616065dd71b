"""Master data in a real browser: collected and released by mouse, many marked by keyboard, two at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from schemas.money import UnitPrice
from services.database import changesets, prices
from services.evaluation import promotions
from tests.backoffice.conftest import Served
from tests.backoffice.test_browser import sold
from tests.backoffice.test_pages import price
from tests.pretend.branch import BEER, MILK, Chain

pytestmark = pytest.mark.slow


def test_prices_are_collected_looked_at_released_and_undone_by_mouse(
    chain: Chain, served: Served
) -> None:
    chain.look("014-1")
    served.sign_in()
    page = served.page
    page.get_by_role("link", name="Änderungen").click()
    page.get_by_label("Name des Änderungssatzes").fill("Winterpreise")
    page.get_by_role("button", name="Änderungssatz beginnen").click()
    expect(page.locator(".collecting")).to_contain_text("Winterpreise")
    page.get_by_role("link", name="Artikel", exact=True).click()
    page.locator("[data-row]", has_text="Milch").locator(".priced").click()
    page.locator("tr.edit [name=amount]").fill("1,59")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("#toasts")).to_contain_text("gesammelt")
    assert price(chain) == "1.39", "nothing holds before the release"
    page.locator("#toasts").get_by_role("link", name="Ansehen").click()
    expect(page.locator(".diff")).to_contain_text("1,39")
    expect(page.locator(".diff ins")).to_contain_text("1,59")
    page.get_by_role("button", name="Freigeben").click()
    expect(page.locator(".ttl .tag").first).to_contain_text("Freigegeben")
    expect(page.get_by_text("bereit auf 0 von 1 Kassen")).to_be_visible()
    assert price(chain) == "1.59"
    chain.publish()
    chain.look("014-1")
    page.reload()
    expect(page.get_by_text("bereit auf 1 von 1 Kassen")).to_be_visible()
    page.get_by_role("button", name="Alles zurücknehmen").click()
    expect(page.locator(".ttl .tag").first).to_contain_text("Zurückgenommen")
    assert price(chain) == "1.39"


def test_many_are_marked_and_changed_by_keyboard_alone(chain: Chain, served: Served) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/articles/?sort=number")
    bar = page.locator("#bulk")
    expect(bar).to_be_hidden()
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("Space")
    expect(bar).to_be_visible()
    expect(bar).to_contain_text("2 markiert")
    act = bar.get_by_label("Was sich ändert")
    act.focus()
    page.keyboard.press("Tab")
    page.keyboard.type("-10")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Preis um %")
    with chain.office.reading() as session:
        assert len(changesets.edits(session, 1)) == 2


def test_a_row_that_is_edited_in_its_place_keeps_its_mark(served: Served) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/articles/?sort=number")
    marks = page.locator("[data-pick-row]")
    for n in range(2):
        marks.nth(n).check()
    page.locator(".priced").first.click()
    expect(page.locator("tr.edit [name=amount]")).to_be_focused()
    expect(page.locator("#bulk")).to_contain_text("2 markiert")
    page.keyboard.press("Escape")
    expect(page.locator("tr.edit")).to_have_count(0)
    expect(page.locator("[data-pick-row]:checked")).to_have_count(2)
    page.locator("#bulk [name=act]").select_option("group")
    expect(page.locator("#bulk [name=value]")).to_be_hidden()
    expect(page.locator("#bulk [name=to_group]")).to_be_visible()


def test_a_promotion_is_written_tried_and_kept_by_keyboard(chain: Chain, served: Served) -> None:
    sold(chain, many=2)
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/promotions/")
    page.keyboard.press("n")
    page.get_by_label("Kürzel").press_sequentially("milk2")
    page.keyboard.press("Tab")
    page.keyboard.type("Zwei Milch")
    page.locator("[name=shape]").select_option("price")
    page.locator("[name=many]").fill("2")
    page.get_by_label("Preis oder Abzug").fill("2,50")
    page.get_by_label("Artikelnummern").fill(MILK.key)
    page.get_by_role("button", name="An echten Bons proben").press("Enter")
    outcome = page.locator("#outcome")
    expect(outcome).to_contain_text("−0,28")
    expect(outcome).to_be_focused()
    page.get_by_role("button", name="Speichern").press("Enter")
    expect(page.locator(".sentence")).to_contain_text("zusammen 2,50")
    with chain.office.reading() as session:
        assert [each.key for each in promotions.every(session)] == ["milk2"]


def test_two_editors_meet_and_one_decides(chain: Chain, served: Served) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/articles/{BEER.key}/edit")
    with chain.office.session() as session:
        prices.change_price(session, BEER.key, UnitPrice.parse("1.05", "EUR"), "tom")
    page.get_by_label("Deutsch").fill("Pils vom Fass")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("tom")
    expect(page.get_by_label("Deutsch")).to_have_value("Pils vom Fass")
    page.get_by_role("button", name="Meine Fassung behalten").click()
    expect(page.locator("h1")).to_contain_text("Pils vom Fass")
