"""Customers, their accounts, vouchers and direct debits; each by mouse and by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from services.database.customers import CustomerRow
from tests.backoffice.screens.conftest import Visit

pytestmark = pytest.mark.slow


def test_a_customer_is_made_found_and_asked_for_consent(visit: Visit) -> None:
    name = f"Paula {visit.hand.name}"
    visit.go("/customers/")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Neuer Kunde"))
    hand.write(page.get_by_label("Name", exact=True), name)
    hand.write(page.get_by_label("Telefon"), "+49 351 77")
    hand.press(page.get_by_role("button", name="Speichern"))
    expect(page.locator("h1")).to_have_text(name)
    hand.press(page.locator("main").get_by_role("link", name="Kunden"))
    hand.write(page.locator("#find"), name.lower())
    expect(page.locator("[data-row]")).to_have_count(1)
    hand.press(page.get_by_role("link", name=name))
    expect(page.locator("h1")).to_have_text(name)
    hand.tick(page.get_by_label("Darf angeschrieben werden"))
    hand.press(page.get_by_role("button", name="Speichern"))
    expect(page.get_by_role("status")).to_contain_text("Gespeichert")
    assert customer(visit, name).consent is True


def test_a_customer_is_erased_and_the_page_says_what_goes_and_what_stays(visit: Visit) -> None:
    name = f"Emil {visit.hand.name}"
    visit.go("/customers/new")
    page, hand = visit.page, visit.hand
    hand.write(page.get_by_label("Name", exact=True), name)
    hand.press(page.get_by_role("button", name="Speichern"))
    expect(page.locator("h1")).to_have_text(name)
    visit.publish()
    with page.expect_download() as coming:
        hand.press(page.get_by_role("button", name="Auskunft"))
    assert coming.value.suggested_filename.endswith(".zip")
    hand.press(page.get_by_role("link", name="Löschen"))
    expect(page.locator("main")).to_contain_text("Es bleiben:")
    hand.press(page.get_by_role("button", name="Endgültig löschen"))
    expect(page.locator("h1")).to_have_text("–")
    hand.press(page.locator("main").get_by_role("link", name="Kunden"))
    hand.write(page.locator("#find"), name)
    expect(page.locator("[data-row]")).to_have_count(0)


def test_what_a_customer_owes_is_shown_as_a_statement_of_a_time(visit: Visit) -> None:
    visit.go("/customers/")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Anna Seidel"))
    hand.press(page.get_by_role("link", name="Kontoauszug"))
    expect(page.locator("h1")).to_have_text("Kontoauszug")
    hand.press(page.locator(".bar summary").last)
    hand.press(page.get_by_role("link", name="Letzte 30 Tage"))
    expect(page.locator("main")).to_contain_text("Offen am Ende")
    expect(page.locator("tfoot")).not_to_contain_text("0,00 €", use_inner_text=True)
    expect(page.get_by_role("button", name="Drucken")).to_be_visible()


def test_a_voucher_is_found_blocked_and_freed(visit: Visit) -> None:
    number = visit.house.scene.parts["voucher"]
    visit.go("/customers/")
    page, hand = visit.page, visit.hand
    hand.press(page.locator("main").get_by_role("link", name="Gutscheine"))
    hand.write(page.get_by_label("Nummer"), number[:7])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(number[:7]))
    hand.press(page.get_by_role("link", name=number))
    hand.press(page.get_by_role("button", name="Sperren"))
    expect(page.locator(".ttl .tag")).to_have_text("gesperrt")
    hand.press(page.get_by_role("button", name="Freigeben"))
    expect(page.get_by_role("button", name="Sperren")).to_be_visible()


def test_a_direct_debit_is_said_to_be_collected_and_to_have_come_back(visit: Visit) -> None:
    visit.go("/customers/")
    page, hand = visit.page, visit.hand
    hand.press(page.locator("main").get_by_role("link", name="Lastschriften"))
    expect(page.locator("h1")).to_have_text("Lastschriften")
    row = page.locator("[data-row]")
    for state, said in (
        ("Eingezogen", "eingezogen"),
        ("Kam zurück", "zurückgekommen"),
        ("Eingezogen", "eingezogen"),
    ):
        button = row.get_by_role("button", name=state)
        if button.count():  # the hand before left it collected
            hand.press(button)
        expect(row.locator(".tag").last).to_have_text(said)


def customer(visit: Visit, name: str) -> CustomerRow:
    """Who has this name."""
    with visit.house.scene.chain.office.reading() as session:
        found = session.query(CustomerRow).filter_by(name=name).one()
        session.expunge(found)
    return found
