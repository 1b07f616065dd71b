"""Pictures in a real browser: brought by mouse and by drop, seen in lists and on keys, put back by a press."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from schemas.picture import digest
from tests.backoffice.conftest import Served
from tests.backoffice.test_pictures import now
from tests.pretend.branch import MILK, Chain
from tests.pretend.photograph import BLUE, RED, plain, webp

pytestmark = pytest.mark.slow


def is_drawn(image: Locator) -> None:
    """The picture has come, and is one."""
    expect(image).to_be_visible()
    expect(image).to_have_js_property("complete", value=True)
    expect(image).to_have_js_property("naturalWidth", 256)


def test_a_picture_is_brought_seen_everywhere_and_put_back_by_mouse(
    chain: Chain, served: Served, tmp_path: Path
) -> None:
    file = tmp_path / "milch.png"
    file.write_bytes(plain(RED))
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/articles/{MILK.key}")
    card = page.locator("#picture")
    with page.expect_file_chooser() as chosen:
        card.locator("input[type=file]").click()
    chosen.value.set_files(file)
    card.get_by_role("button", name="Hochladen").click()
    expect(page.locator(".flash")).to_contain_text("gespeichert")
    is_drawn(card.get_by_role("img", name="Bild von Milch"))
    is_drawn(page.locator(".ttl .gic img"))
    assert now(chain) == digest(webp(RED))
    page.get_by_role("navigation", name="Zurück").get_by_role("link").click()
    is_drawn(page.locator("[data-row]", has_text="Milch").locator("img"))
    page.go_back()
    page.locator(".flash").get_by_role("button", name="Rückgängig").click()
    expect(page.locator(".flash")).to_contain_text("wie vorher")
    expect(card).to_contain_text("Noch kein eigenes Bild")
    assert now(chain) is None


def test_a_file_that_is_dropped_onto_the_field_is_taken(
    chain: Chain, served: Served, tmp_path: Path
) -> None:
    file = tmp_path / "milch.png"
    file.write_bytes(plain(BLUE))
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/articles/{MILK.key}")
    field = page.locator("#picture input[type=file]")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    line = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        line.send("Input.dispatchDragEvent", {"type": step, **at, "data": data})
    page.locator("#picture").get_by_role("button", name="Hochladen").click()
    expect(page.locator(".flash")).to_contain_text("gespeichert")
    assert now(chain) == digest(webp(BLUE))


def test_a_refused_file_is_told_beside_the_field_and_the_picture_stays(
    chain: Chain, served: Served, tmp_path: Path
) -> None:
    good, bad = tmp_path / "milch.png", tmp_path / "brief.jpg"
    good.write_bytes(plain(RED))
    bad.write_bytes(b"Sehr geehrte Damen und Herren")
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/articles/{MILK.key}")
    for file in (good, bad):
        page.locator("#picture input[type=file]").set_input_files(file)
        page.locator("#picture button").first.click()
    alert = page.get_by_role("alert").filter(has_text="brief.jpg")
    expect(alert).to_contain_text("kein Bild")
    expect(alert).to_be_focused()
    is_drawn(page.get_by_role("img", name="Bild von Milch"))
    assert now(chain) == digest(webp(RED))


def test_a_set_is_reviewed_by_eye_and_the_keyboard_shows_the_photograph(
    chain: Chain, served: Served, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.png", tmp_path / "b.png"
    first.write_bytes(plain(RED))
    second.write_bytes(plain(BLUE))
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/articles/{MILK.key}")
    page.locator("#picture input[type=file]").set_input_files(first)
    page.get_by_role("button", name="Hochladen").click()
    page.goto(f"{served.address}/changes/")
    page.get_by_label("Name des Änderungssatzes").fill("Fotos")
    page.get_by_role("button", name="Änderungssatz beginnen").click()
    page.goto(f"{served.address}/articles/{MILK.key}")
    page.locator("#picture input[type=file]").set_input_files(second)
    page.get_by_role("button", name="Ersetzen").click()
    expect(page.locator("#picture")).to_contain_text("im Änderungssatz")
    page.goto(f"{served.address}/changes/1")
    is_drawn(page.get_by_role("img", name="Bild bisher"))
    is_drawn(page.get_by_role("img", name="Bild neu"))
    page.get_by_role("button", name="Freigeben").click()
    expect(page.locator(".ttl .tag").first).to_contain_text("Freigegeben")
    page.goto(f"{served.address}/keyboards/")
    page.locator("[name=key]").fill("side")
    page.locator("[name=key]").press("Enter")
    page.locator("#fresh").fill(MILK.key)
    page.get_by_role("button", name="Hierher legen").click()
    expect(page.locator("#board image")).to_have_attribute(
        "href", f"/pictures/{digest(webp(BLUE))}.webp"
    )
