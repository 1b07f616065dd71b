"""Selling: the overview, figures, receipts, cash, what leaves as a file; each by mouse and by keyboard alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.backoffice.screens.conftest import Visit

pytestmark = pytest.mark.slow


def test_the_overview_of_one_branch_leads_to_what_needs_somebody(visit: Visit) -> None:
    visit.go("/")
    page, hand = visit.page, visit.hand
    hand.press(page.locator(".bar summary", has_text="Elbmarkt"))
    hand.press(page.get_by_role("link", name="001 Dresden-Neustadt").first)
    expect(page.locator("#branches tbody tr")).to_have_count(1)
    hand.press(page.locator("summary", has_text="Als Tabelle"))
    expect(page.locator("#hours table")).to_be_visible()
    hand.press(page.locator(".task", has_text="weicht ab").get_by_role("link"))
    expect(page.locator("h1")).to_have_text("Kasse")
    expect(page.locator("main")).to_contain_text("−10,00 zu wenig")


def test_the_running_receipts_are_held_still_and_let_go(visit: Visit) -> None:
    visit.go("/")
    pause = visit.page.locator("#pause")
    expect(visit.page.locator("#live")).to_have_text("Live")
    visit.hand.press(pause)
    expect(pause).to_have_attribute("aria-pressed", "true")
    visit.hand.press(pause)
    expect(pause).to_have_attribute("aria-pressed", "false")


def test_what_waits_in_quarantine_is_looked_at(visit: Visit) -> None:
    visit.go("/")
    visit.hand.press(visit.page.locator(".task", has_text="Quarantäne").get_by_role("link"))
    expect(visit.page.locator("main")).to_contain_text("the entry is of till 003-9")


def test_figures_of_a_branch_and_a_time_lead_down_to_their_receipts(visit: Visit) -> None:
    visit.go("/turnover/")
    page, hand = visit.page, visit.hand
    hand.press(page.locator(".bar summary", has_text="Diese Woche"))
    hand.press(page.get_by_role("link", name="Letzte 30 Tage"))
    expect(page.locator(".bar summary", has_text="Letzte 30 Tage")).to_be_visible()
    hand.press(page.locator(".bar summary", has_text="Elbmarkt"))
    hand.press(page.get_by_role("link", name="002 Leipzig Südvorstadt").first)
    expect(page.locator(".bar summary", has_text="002 Leipzig")).to_be_visible()
    hand.press(page.get_by_role("link", name="Artikel", exact=True).last)
    expect(page.locator("h1")).to_have_text("Umsatz nach Artikel")
    hand.press(page.locator("tbody tr").first.get_by_role("link").last)
    expect(page.locator("h1")).to_have_text("Bons")
    expect(page.locator("[data-row]").first).to_contain_text("002")


def test_a_time_of_ones_own_is_chosen(visit: Visit) -> None:
    visit.go("/turnover/?by=day")
    page, hand = visit.page, visit.hand
    first = page.locator("[name=from]")
    hand.press(page.locator(".bar summary", has_text="Diese Woche"))
    now = visit.today()
    hand.date(first, now.replace(day=1))
    hand.press(page.locator(".pop").get_by_role("button", name="Zeigen"))
    expect(page.locator("h1")).to_have_text("Umsatz nach Tag")
    expect(page).to_have_url(re.compile(f"from={now:%Y-%m}-01"))


def test_a_receipt_is_found_and_its_slip_and_its_trace_are_seen(visit: Visit) -> None:
    number = visit.house.scene.parts["number"]
    visit.go("/receipts/")
    page, hand = visit.page, visit.hand
    hand.write(page.locator("#find"), f"001-1 {number}")
    expect(page.locator("[data-row]")).to_have_count(1)
    hand.press(page.get_by_role("link", name=number, exact=True))
    expect(page.locator(".bon")).to_contain_text(f"Bon {number}")
    expect(page.locator("main")).to_contain_text("Prüfsumme")
    with page.expect_download() as coming:
        hand.press(page.get_by_role("link", name="XML wie gesendet"))
    assert b"<receipt" in Path(coming.value.path()).read_bytes()


def test_an_e_mail_that_was_refused_leads_to_its_receipt(visit: Visit) -> None:
    visit.go("/receipts/?period=days30")
    page, hand = visit.page, visit.hand
    hand.press(page.locator("main").get_by_role("link", name="E-Mails"))
    expect(page.locator("h1")).to_have_text("E-Mails")
    hand.press(page.get_by_role("link", name="Abgelehnt", exact=True))
    expect(page.locator("main h2")).to_have_text("Abgelehnt")
    row = page.locator("[data-row]")
    expect(row).to_contain_text("mailbox unavailable")
    hand.press(row.get_by_role("link"))
    expect(page.locator(".bon")).to_contain_text("Bon")


def test_a_closing_with_a_difference_is_found_and_opened(visit: Visit) -> None:
    visit.go("/cash/?period=days30")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Nur mit Differenz"))
    expect(page.get_by_role("link", name="Nur mit Differenz")).to_have_attribute(
        "aria-current", "true"
    )
    hand.press(page.locator("[data-row]", has_text="−10,00").get_by_role("link"))
    expect(page.locator(".bon")).to_contain_text("−10,00")
    hand.press(page.get_by_role("link", name="Kasse 001-1"))
    expect(page.locator("h1")).to_have_text("Kasse 001-1")


def test_what_went_into_and_out_of_the_drawer_is_seen(visit: Visit) -> None:
    visit.go("/cash/?period=days30")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Lade", exact=True))
    expect(page.locator("main")).to_contain_text("Blumen")
    hand.press(page.get_by_role("link", name="Tresor", exact=True))
    expect(page.locator("main")).to_contain_text("B-17")


@pytest.mark.parametrize("ending", ["CSV-Datei", "Excel-Datei (XLSX)"])
def test_a_list_that_was_searched_leaves_as_a_file(visit: Visit, ending: str) -> None:
    visit.go("/articles/")
    page, hand = visit.page, visit.hand
    hand.write(page.locator("#find"), "bergkäse")
    expect(page.locator("[data-row]").first).to_contain_text("Bergkäse")
    expect(page).to_have_url(re.compile("q="))
    hand.press(page.locator("[data-export] summary"))
    with page.expect_download() as coming:
        hand.press(page.get_by_role("link", name=ending))
    data = Path(coming.value.path()).read_bytes()
    assert "Bergkäse" in data.decode("utf-8-sig") if ending.startswith("CSV") else data[:2] == b"PK"
