"""People, roles and settings in a real browser: the main task of each screen, by keyboard where it is natural."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import expect

from schemas import xml
from schemas.staff import Role
from services.database import changes
from services.database.changes import CHAIN
from services.database.organisation import Unit
from services.database.people import StaffRow
from tests.backoffice.conftest import PASSWORD, Served
from tests.pretend.branch import Chain

pytestmark = pytest.mark.slow
PATHS = (
    "/branches/", "/units/branch/014", "/units/company/company", "/units/till/014-1?edit=printer",
    "/units/new?kind=branch", "/cashiers/", "/cashiers/new", "/cashiers/mira", "/cashiers/?state=left",
    "/roles/", "/users/", "/users/new", "/users/bea", "/office-roles/", "/me/", "/me/password",
    "/me/second-factor", "/vouchers/",
)  # fmt: skip


def row(chain: Chain, key: str) -> StaffRow | None:
    """Somebody at the tills of 014."""
    with chain.office.reading() as session:
        found = session.get(StaffRow, (key, "014"))
        if found is not None:
            session.expunge(found)
    return found


def test_a_cashier_is_made_by_keyboard_alone_with_a_scanned_badge(
    chain: Chain, served: Served
) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/cashiers/")
    page.keyboard.press("n")
    page.wait_for_url("**/cashiers/new")
    page.locator("#name").focus()
    page.keyboard.type("Luis Ortega")
    for text in ("luis", "2468", "T-99887766"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.locator("input[name=where]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Luis Ortega")
    assert "2468" not in page.content()
    found = row(chain, "luis")
    assert found and found.badge
    page.locator("button", has_text="Luis Ortega von allen Kassen nehmen").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_contain_text("Von allen Kassen genommen")
    assert row(chain, "luis") is None


def test_a_limit_is_changed_in_the_matrix_and_the_changed_cells_are_marked(
    chain: Chain, served: Served
) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/roles/")
    page.keyboard.press("/")
    page.keyboard.type("rabatt")
    page.keyboard.press("Enter")
    cell = page.locator("#cashier-discount-line")
    cell.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("12,5")
    page.get_by_label("Kassierer: Positionsrabatt in Betrag", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.locator("td.changed")).to_have_count(2)
    expect(page.locator("[data-changed]")).to_have_text("2 Zellen geändert")
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_contain_text("1 Rolle gespeichert")
    with chain.office.reading() as session:
        document = changes.current(session, CHAIN, "role", "cashier")
    assert document
    limits = {right.name: right.limit for right in xml.load(Role, document).rights}
    assert str(limits["discount-line"]) == "12.5" and "discount-line-amount" not in limits
    assert "return" in limits  # what the search hid is as it was


def test_a_setting_is_changed_by_keyboard_and_a_branch_is_dragged(
    chain: Chain, served: Served
) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/units/till/014-1")
    page.get_by_label("Drucker ändern").focus()
    page.keyboard.press("Enter")
    field = page.locator("#value")
    expect(field).to_be_focused()
    page.keyboard.type("drucker")
    page.keyboard.press("Enter")
    expect(page.locator("#wrong")).to_contain_text("Drucker geht so nicht")
    field.fill("tcp:10.0.0.20")
    page.keyboard.press("Enter")
    expect(page.locator("#printer b")).to_have_text("tcp:10.0.0.20")
    page.goto(f"{served.address}/units/new?kind=region")
    page.fill("[name=key]", "west")
    page.fill("[name=name]", "Region West")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Region West")
    page.goto(f"{served.address}/branches/")
    page.drag_and_drop('[data-drag="branch 014"]', '[data-drop="region west"]')
    expect(page.locator("[role=status]")).to_contain_text("Gespeichert")
    with chain.office.reading() as session:
        assert session.get_one(Unit, ("branch", "014")).parent_key == "west"


def test_a_second_factor_is_set_up_and_asked_for(served: Served) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/me/")
    page.get_by_role("link", name="Einrichten").click()
    expect(page.locator(".otp svg")).to_be_visible()
    secret = page.locator("p .mono.strong").inner_text().replace(" ", "")
    page.locator("#code").fill(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()
    page.locator(".me summary").click()
    page.get_by_role("button", name="Abmelden", exact=True).click()
    page.fill("[name=name]", "jana")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(recovery)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.address}/")


def test_a_bookkeeper_is_let_in_and_sees_forms_nowhere(served: Served) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/users/")
    page.keyboard.press("n")
    page.fill("[name=name]", "otto")
    page.fill("[name=shown]", "Otto Buch")
    page.locator("[name=role]").select_option("bookkeeper")
    page.get_by_role("button", name="Benutzer anlegen").click()
    password = page.locator("#password").inner_text()
    page.locator(".me summary").click()
    page.get_by_role("button", name="Abmelden", exact=True).click()
    page.fill("[name=name]", "otto")
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/me/password"))
    page.fill("[name=now]", password)
    page.fill("[name=new]", "blaue Tinte trocknet")
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_have_text("Passwort geändert")
    page.goto(f"{served.address}/customers/")
    expect(page.get_by_text("Nur lesen")).to_be_visible()
    expect(page.locator("main form[method=post]:visible")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440])
def test_no_page_of_people_and_settings_is_wider_than_its_window(
    served: Served, width: int
) -> None:
    served.sign_in()
    page = served.page
    page.set_viewport_size({"width": width, "height": 900})
    for path in PATHS:
        answer = page.goto(f"{served.address}{path}")
        assert answer and answer.status == 200, path
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (path, wide)
