"""Branches, tills, devices, cashiers and what they may; each by mouse and by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from schemas import xml
from schemas.staff import Role
from services.database import changes
from services.database.changes import CHAIN
from tests.backoffice.screens.conftest import Visit

pytestmark = pytest.mark.slow


def test_a_region_is_made_and_a_branch_with_its_tills_put_below_it(visit: Visit) -> None:
    key, number = ("nord", "101") if visit.hand.name == "mouse" else ("west", "102")
    visit.go("/branches/")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Neue Region"))
    hand.write(page.get_by_label("Nummer"), key)
    hand.write(page.get_by_label("Name", exact=True), f"Region {key}")
    hand.press(page.get_by_role("button", name="Anlegen"))
    expect(page.locator("h1")).to_have_text(f"Region {key}")
    hand.press(page.get_by_role("link", name="Neue Filiale"))
    hand.write(page.get_by_label("Nummer"), number)
    hand.write(page.get_by_label("Name", exact=True), f"Am Hafen {number}")
    expect(page.get_by_label("Liegt unter").locator("option:checked")).to_have_text(f"Region {key}")
    hand.write(page.get_by_label("Kassen"), "2")
    hand.press(page.get_by_role("button", name="Anlegen"))
    expect(page.locator("h1")).to_have_text(f"Am Hafen {number}")
    expect(page.locator(".ttl")).to_contain_text("2 Kassen")


def test_a_branch_is_moved_below_another_region(visit: Visit) -> None:
    there, back = ("Elbmarkt", "Region Ost")
    visit.go("/branches/")
    page, hand = visit.page, visit.hand
    for parent in (there, back):
        hand.press(page.get_by_role("link", name="Einstellungen von Görlitz Altstadt"))
        hand.choose(page.get_by_label("Liegt unter"), parent)
        hand.press(page.get_by_role("button", name="Speichern"))
        expect(page.get_by_role("status")).to_be_visible()
        expect(page.locator("aside .list2")).to_contain_text(parent)
        hand.press(page.locator("main").get_by_role("link", name="Filialen"))
        expect(page.locator("h1")).to_have_text("Filialen")


def test_a_setting_is_inherited_becomes_a_branchs_own_and_is_inherited_again(visit: Visit) -> None:
    visit.go("/branches/")
    page, hand = visit.page, visit.hand
    row = page.locator("#receipt_link")
    hand.press(page.get_by_role("link", name="Einstellungen von Elbmarkt"))
    hand.press(row.get_by_role("link", name="ändern"))
    hand.write(page.locator("#value"), "https://bon.example")
    hand.press(row.get_by_role("button", name="setzen"))
    expect(row).to_contain_text("https://bon.example")
    visit.go("/units/branch/002")
    expect(row).to_contain_text("von Elbmarkt")
    hand.press(row.get_by_role("link", name="ändern"))
    hand.write(page.locator("#value"), "https://leipzig.example")
    hand.press(row.get_by_role("button", name="setzen"))
    expect(row.locator("b")).to_have_text("https://leipzig.example")
    hand.press(row.get_by_role("button", name="wieder erben"))
    expect(row).to_contain_text("von Elbmarkt")
    expect(row).not_to_contain_text("leipzig")


def test_a_device_of_a_till_is_changed_and_what_cannot_be_is_refused(visit: Visit) -> None:
    visit.go("/branches/")
    page, hand = visit.page, visit.hand
    hand.press(page.locator("a[href$='/units/till/002-1']"))
    row = page.locator("#printer")
    hand.press(row.get_by_role("link", name="Drucker ändern"))
    hand.write(page.locator("#value"), "drucker")
    hand.press(row.get_by_role("button", name="setzen"))
    expect(page.locator("#wrong")).to_contain_text("Drucker geht so nicht")
    hand.write(page.locator("#value"), "tcp:10.0.0.20")
    hand.press(row.get_by_role("button", name="setzen"))
    expect(row.locator("b")).to_have_text("tcp:10.0.0.20")
    hand.press(row.get_by_role("button", name="wieder erben"))
    expect(row.locator("b")).to_have_count(0)


def test_a_till_is_given_a_code_to_enrol_with(visit: Visit) -> None:
    visit.go("/tills/")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="nicht in Betrieb"))
    expect(page).to_have_url(re.compile("state=off"))
    hand.press(page.get_by_role("link", name="003-1"))
    hand.press(page.get_by_role("button", name="Anmeldecode erzeugen"))
    expect(page.locator("#code")).to_have_text(re.compile(r"\S{8,}"))
    expect(page.locator(".cmd")).to_contain_text("enrol")


def test_a_till_is_blocked_and_let_in_again(visit: Visit) -> None:
    visit.go("/tills/")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="001-2"))
    hand.press(page.get_by_role("button", name="Kasse 001-2 sperren"))
    expect(page.locator(".ttl")).to_contain_text("Gesperrt")
    hand.press(page.get_by_role("button", name="Wieder zulassen"))
    expect(page.get_by_role("button", name="Kasse 001-2 sperren")).to_be_visible()


def test_somebody_at_a_till_is_answered_on_the_telephone(visit: Visit) -> None:
    visit.go("/tills/001-1")
    page, hand = visit.page, visit.hand
    hand.choose(page.get_by_label("Recht"), "Auszahlung")
    hand.write(page.get_by_label("Höhe"), "20")
    hand.write(page.get_by_label("Sechs Ziffern"), "123 456")
    hand.press(page.get_by_role("button", name="Antwort zeigen"))
    expect(page.locator("#answer")).to_have_text(re.compile(r"\d{6}"))


def test_a_cashier_is_made_given_a_badge_and_a_pin_and_leaves(visit: Visit) -> None:
    name, key = f"Ola {visit.hand.name}", f"ola{visit.hand.name[0]}"
    visit.go("/cashiers/")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Neuer Kassierer"))
    hand.write(page.locator("#name"), name)
    hand.write(page.locator("#key"), key)
    hand.write(page.locator("#pin"), "2468")
    hand.choose(page.locator("#role"), "Leitung")
    hand.tick(page.get_by_label("001 Dresden-Neustadt"))
    hand.press(page.get_by_role("button", name="Anlegen"))
    expect(page.locator("h1")).to_have_text(name)
    hand.write(page.get_by_label("Code des Ausweises"), f"T-55{key}")
    hand.press(page.get_by_role("button", name="Ausgeben"))
    expect(page.get_by_role("status")).to_be_visible()
    hand.write(page.get_by_label("Neue PIN"), "1357")
    hand.press(page.get_by_role("button", name="PIN setzen"))
    expect(page.get_by_role("status")).to_contain_text("PIN")
    hand.press(page.get_by_role("button", name="von allen Kassen nehmen"))
    expect(page.get_by_role("status")).to_contain_text("Von allen Kassen genommen")


def test_what_somebody_may_in_a_branch_is_looked_up(visit: Visit) -> None:
    visit.go("/cashiers/")
    page, hand = visit.page, visit.hand
    hand.write(page.get_by_label("Name oder Kennung"), "mira")
    hand.press(page.get_by_role("button", name="Zeigen"))
    expect(page.locator("[data-row]")).to_have_count(1)
    hand.press(page.get_by_role("link", name="Mira Köhler"))
    hand.press(page.locator("a[href*='in=002']"))
    expect(page.locator("main")).to_contain_text("Darf in 002")


def test_a_limit_is_changed_in_the_matrix_of_rights(visit: Visit) -> None:
    limit = "12" if visit.hand.name == "mouse" else "13"
    visit.go("/cashiers/")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Rollen und Rechte"))
    hand.write(page.get_by_label("Recht suchen"), "rabatt")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=rabatt"))
    hand.write(page.locator("#cashier-discount-line"), limit)
    hand.tick(page.get_by_label("Kassierer: Positionsrabatt in Betrag", exact=True))
    expect(page.locator("[data-changed]")).to_have_text("2 Zellen geändert")
    hand.press(page.get_by_role("button", name="Speichern"))
    expect(page.get_by_role("status")).to_contain_text("1 Rolle gespeichert")
    with visit.house.scene.chain.office.reading() as session:
        document = changes.current(session, CHAIN, "role", "cashier")
    assert document
    limits = {right.name: str(right.limit) for right in xml.load(Role, document).rights}
    assert limits["discount-line"] == limit


def test_a_tax_rate_that_comes_is_entered_and_dropped(visit: Visit) -> None:
    visit.go("/rules/")
    page, hand = visit.page, visit.hand
    at = (
        visit.today().replace(month=1, day=1, hour=0, minute=0).replace(year=visit.today().year + 2)
    )
    hand.press(page.locator("a[href='/rules/tax/C-de'], a[href*='/rules/tax/C']").first)
    hand.write(page.locator("#percent"), "3")
    hand.date(page.locator("#from"), at)
    hand.press(page.get_by_role("button", name="Speichern"))
    expect(page.get_by_role("status")).to_be_visible()
    drop = page.locator("[name=drop]")
    expect(drop).to_have_count(1)
    hand.tick(drop)
    hand.press(page.get_by_role("button", name="Speichern"))
    expect(drop).to_have_count(0)


def test_a_range_of_codes_is_tried_kept_and_taken_away(visit: Visit) -> None:
    key, first = ("waagem", "28") if visit.hand.name == "mouse" else ("waagek", "29")
    visit.go("/rules/")
    page, hand = visit.page, visit.hand
    hand.press(page.locator("a[href='/rules/code-rule/new']"))
    hand.write(page.locator("#key"), key)
    hand.write(page.locator("#digits"), f"{first}aaaaapvvvvc")
    hand.write(page.locator("#probe"), f"{first}12345000000")
    hand.press(page.get_by_role("button", name="Probieren"))
    expect(page.locator("output")).not_to_have_text("–")
    hand.press(page.get_by_role("button", name="Speichern"))
    expect(page.locator("h1")).to_have_text(key)
    hand.press(page.locator("main .btn.danger"))
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_role("link", name=key)).to_have_count(0)
