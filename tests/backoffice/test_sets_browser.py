"""Sets and models in a real browser: a set by keyboard alone, a model's variants by mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from services.database.articles import ArticleRow
from services.database.models import variants
from tests.backoffice.conftest import Served
from tests.pretend.branch import BEER, MILK, Chain

pytestmark = pytest.mark.slow


def typed(page: Page, text: str) -> None:
    """Into whatever has the focus."""
    page.keyboard.type(text)


def test_a_set_is_put_together_by_keyboard_alone(chain: Chain, served: Served) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/articles/new")
    page.locator("#key").focus()
    typed(page, "900")
    page.keyboard.press("Tab")
    typed(page, "Brotzeit")
    for number, many in ((MILK.key, "2"), (BEER.key, "")):
        page.get_by_role("button", name="Teil hinzufügen").focus()
        page.keyboard.press("Enter")
        rows = page.locator("[name=part]")
        expect(rows.last).to_be_focused()
        typed(page, number)
        page.keyboard.press("Tab")
        typed(page, many)
    expect(page.locator("#key")).to_have_value("900")
    page.locator("[name=part_many]").last.focus()
    page.keyboard.press("Enter")  # as everywhere, Enter in a field saves
    expect(page.locator("h1")).to_have_text("Brotzeit")
    expect(page.locator("table", has_text="Im Set")).to_contain_text("Pils")
    with chain.office.reading() as session:
        row = session.get(ArticleRow, "900")
        assert row is not None
        assert [(part.article, part.quantity) for part in row.parts] == [
            (MILK.key, 2000), (BEER.key, 1000),
        ]  # fmt: skip
    page.goto(f"{served.address}/articles/900/edit")
    page.get_by_role("button", name="Milch entfernen").click()
    expect(page.locator("[name=part]")).to_have_count(1)
    page.get_by_role("button", name="Speichern").last.click()
    expect(page.locator("table", has_text="Im Set")).not_to_contain_text("Milch")


def test_a_models_missing_variants_are_made_by_mouse(chain: Chain, served: Served) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/articles/")
    page.get_by_role("link", name="Modelle").click()
    page.get_by_role("link", name="Neues Modell").click()
    page.fill("#key", "shirt")
    page.fill("#de", "T-Shirt")
    page.fill("#axis0", "Größe")
    page.fill("#values0", "S, M, L")
    page.fill("#axis1", "Farbe")
    page.fill("#values1", "weiß, blau")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("h1")).to_have_text("T-Shirt")
    expect(page.locator(".variants td")).to_have_count(6)
    page.get_by_label("T-Shirt L weiß").uncheck()
    page.get_by_label("Nummer von S weiß").fill("TS1")
    page.fill("[name=price]", "17,90")
    page.get_by_role("button", name="Markierte anlegen").click()
    expect(page.locator(".variants .tag")).to_have_count(1)
    expect(page.locator(".variants")).to_contain_text("17,90")
    page.locator(".variants").get_by_role("link", name="TS1").click()
    expect(page.locator("h1")).to_have_text("T-Shirt S weiß")
    page.get_by_role("link", name="T-Shirt", exact=True).click()
    page.get_by_role("link", name="5 Varianten als Liste").click()
    expect(page.locator("[data-row]")).to_have_count(5)
    with chain.office.reading() as session:
        assert len(variants(session, "shirt")) == 5
