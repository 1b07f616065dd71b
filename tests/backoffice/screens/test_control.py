"""Change sets, the log, interfaces, users, one's own account; each by mouse and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import expect

from services.database import people
from tests.backoffice.screens.conftest import Visit
from tests.pretend.officescene import PASSWORD

pytestmark = pytest.mark.slow
Visitor = Callable[[str], Visit]


def test_changes_are_collected_reviewed_by_a_second_person_released_and_undone(
    visitor: Visitor, way: str
) -> None:
    title, jana, tom = f"Herbst {way}", visitor("jana"), visitor("tom")
    jana.go("/changes/")
    page, hand = jana.page, jana.hand
    hand.write(page.get_by_label("Name des Änderungssatzes"), title)
    hand.press(page.get_by_role("button", name="Änderungssatz beginnen"))
    expect(page.locator(".collecting")).to_contain_text(title)
    jana.go("/articles/3002/price")
    hand.write(page.locator("[name=amount]"), "3,33")
    hand.press(page.get_by_role("button", name="Speichern"))
    hand.press(page.locator(".collecting").get_by_role("link", name=title))
    expect(page.locator(".diff ins")).to_contain_text("3,33")
    hand.press(page.get_by_role("button", name="Zur Prüfung geben"))
    expect(page.locator(".ttl .tag").first).to_contain_text("Prüfung")
    tom.go("/changes/")
    tom.hand.press(tom.page.get_by_role("link", name=title))
    expect(tom.page.locator(".diff ins")).to_contain_text("3,33")
    tom.hand.press(tom.page.get_by_role("button", name="Zustimmen"))
    expect(tom.page.get_by_role("button", name="Zustimmen")).to_have_count(0)
    tom.hand.press(tom.page.get_by_role("button", name="Freigeben"))
    expect(tom.page.locator(".ttl .tag").first).to_contain_text("Freigegeben")
    tom.hand.press(tom.page.get_by_role("button", name="Alles zurücknehmen"))
    expect(tom.page.locator(".ttl .tag").first).to_contain_text("Zurückgenommen")


def test_a_change_set_is_released_at_a_time_in_chosen_branches(visit: Visit) -> None:
    title = f"Später {visit.hand.name}"
    visit.go("/changes/")
    page, hand = visit.page, visit.hand
    hand.write(page.get_by_label("Name des Änderungssatzes"), title)
    hand.press(page.get_by_role("button", name="Änderungssatz beginnen"))
    expect(page.locator(".collecting")).to_contain_text(title)
    visit.go("/articles/3002/price")
    hand.write(page.locator("[name=amount]"), "3,44")
    hand.press(page.get_by_role("button", name="Speichern"))
    hand.press(page.locator(".collecting").get_by_role("link", name=title))
    hand.choose(page.locator("[name=when]"), "Zu einem Zeitpunkt")
    hand.date(
        page.locator("[name=at]"), visit.today().replace(year=visit.today().year + 1, minute=0)
    )
    hand.tick(page.locator("[name=reach][value=some]"))
    hand.tick(page.get_by_label("002 Leipzig Südvorstadt"))
    hand.press(page.get_by_role("button", name="Freigeben"))
    expect(page.locator(".facts")).to_contain_text("002")
    hand.press(page.get_by_role("button", name="Alles zurücknehmen"))
    expect(page.locator(".ttl .tag").first).to_contain_text("Zurückgenommen")


def test_the_log_is_filtered_an_entry_opened_and_the_whole_verified(visit: Visit) -> None:
    visit.go("/log/")
    page, hand = visit.page, visit.hand
    hand.choose(page.get_by_label("Wer"), "Tom Heller")
    expect(page).to_have_url(re.compile("by=tom"))
    hand.write(page.locator("#find"), "rustikal")
    expect(page.locator("[data-row]")).to_have_count(1)
    hand.press(page.locator("[data-row]").get_by_role("link").first)
    expect(page.locator(".diff")).to_contain_text("rustikal")
    hand.press(page.locator("main").get_by_role("link", name="Protokoll"))
    hand.press(page.get_by_role("link", name="Echtheit prüfen"))
    expect(page.get_by_role("status")).to_contain_text("sind, wie sie geschrieben wurden")


def test_a_token_is_made_for_a_program_and_revoked(visit: Visit) -> None:
    name = f"Waage {visit.hand.name}"
    visit.go("/interfaces/")
    page, hand = visit.page, visit.hand
    hand.write(page.get_by_label("Für welches Programm"), name)
    hand.tick(page.get_by_label("articles:read"))
    hand.choose(page.locator("[name=lasts]"), "30 Tage")
    hand.press(page.get_by_role("button", name="Zugang ausstellen"))
    token = page.locator("#secret").text_content()
    asked = {"Authorization": f"Bearer {token}"}
    address = f"{visit.house.address}/api/v1/articles?limit=1"
    assert page.request.get(address, headers=asked).status == 200
    hand.press(page.get_by_role("button", name=f"Sperren {name}"))
    expect(page.locator("[data-row]", has_text=name)).to_contain_text("gesperrt")
    assert page.request.get(address, headers=asked).status == 401


def test_a_program_is_told_of_changes_and_the_telling_is_paused(visit: Visit) -> None:
    url = f"https://{visit.hand.name}.example/tresen"
    visit.go("/interfaces/")
    page, hand = visit.page, visit.hand
    hand.write(page.get_by_label("Adresse"), url)
    hand.tick(page.get_by_label("price.changed"))
    hand.press(page.get_by_role("button", name="Empfänger"))
    expect(page.locator("#secret")).to_be_visible()
    hand.press(page.get_by_role("link", name=url))
    hand.press(page.get_by_role("button", name="Pausieren"))
    expect(page.get_by_role("button", name="Wieder senden")).to_be_visible()


def test_somebody_is_let_into_head_office_and_locked_out(visit: Visit) -> None:
    name = f"otto-{visit.hand.name}"
    visit.go("/users/")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Neuer Benutzer"))
    hand.write(page.get_by_label("Anmeldename"), name)
    hand.write(page.get_by_label("Name", exact=True), f"Otto {visit.hand.name}")
    hand.choose(page.locator("#role"), "Buchhaltung")
    hand.press(page.get_by_role("button", name="Benutzer anlegen"))
    expect(page.locator("#password")).to_be_visible()
    hand.press(page.get_by_role("button", name="Sperren, überall abmelden"))
    expect(page.locator(".ttl .tag.danger")).to_have_text("gesperrt")


def test_what_a_role_of_head_office_may_is_changed_in_the_matrix(visit: Visit) -> None:
    wanted = "sehen" if visit.hand.name == "mouse" else "–"
    visit.go("/users/")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Rollen der Zentrale"))
    cell = page.get_by_label("Buchhaltung: Gestaltung")
    hand.choose(cell, wanted)
    hand.press(page.get_by_role("button", name="Speichern"))
    expect(page.get_by_role("status")).to_be_visible()
    expect(cell.locator("option:checked")).to_have_text(wanted)


def test_somebody_signs_in_sets_up_a_second_factor_and_is_asked_for_it(
    visitor: Visitor, way: str
) -> None:
    name, visit = f"vera-{way}", visitor("")
    with visit.house.scene.chain.office.session() as session:
        people.make_user(session, name, PASSWORD, shown="Vera", language="de")
    visit.go("/")
    page, hand = visit.page, visit.hand

    def enter() -> None:
        hand.write(page.locator("[name=name]"), name)
        hand.write(page.locator("[name=password]"), PASSWORD)
        hand.press(page.get_by_role("button", name="Anmelden"))

    enter()
    hand.press(page.locator(".me summary"))
    hand.press(page.get_by_role("link", name="Mein Konto"))
    hand.press(page.get_by_role("link", name="Einrichten"))
    secret = page.locator("p .mono.strong").inner_text().replace(" ", "")
    hand.write(page.locator("#code"), pyotp.TOTP(secret).now())
    hand.press(page.get_by_role("button", name="einschalten"))
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()
    hand.press(page.locator(".me summary"))
    hand.press(page.get_by_role("button", name="Abmelden", exact=True))
    enter()
    hand.write(page.locator("#code"), recovery)
    hand.press(page.get_by_role("button", name="Anmelden"))
    expect(page.locator("h1")).to_have_text("Übersicht")


def test_a_password_is_changed(visitor: Visitor, way: str) -> None:
    name, visit = f"paul-{way}", visitor("")
    with visit.house.scene.chain.office.session() as session:
        people.make_user(session, name, PASSWORD, shown="Paul", language="de")
    visit.go("/me/password")
    page, hand = visit.page, visit.hand
    hand.write(page.locator("[name=name]"), name)
    hand.write(page.locator("[name=password]"), PASSWORD)
    hand.press(page.get_by_role("button", name="Anmelden"))
    hand.write(page.locator("[name=now]"), PASSWORD)
    hand.write(page.locator("[name=new]"), "blaue Tinte trocknet")
    hand.press(page.get_by_role("button", name="Passwort speichern"))
    expect(page.get_by_role("status")).to_have_text("Passwort geändert")


def test_language_and_colours_are_chosen_in_ones_own_menu(visitor: Visitor, way: str) -> None:
    name, visit = f"lena-{way}", visitor("")
    with visit.house.scene.chain.office.session() as session:
        people.make_user(session, name, PASSWORD, shown="Lena", language="de")
    visit.go("/")
    page, hand = visit.page, visit.hand
    hand.write(page.locator("[name=name]"), name)
    hand.write(page.locator("[name=password]"), PASSWORD)
    hand.press(page.get_by_role("button", name="Anmelden"))
    hand.press(page.locator(".me summary"))
    hand.press(page.get_by_role("button", name="English"))
    expect(page.locator("h1")).to_have_text("Overview")
    hand.press(page.locator(".me summary"))
    hand.press(page.get_by_role("button", name="Dark"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
