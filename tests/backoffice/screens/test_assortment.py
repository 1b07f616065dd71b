"""Articles, groups, models, prices, promotions, labels, imports; each by mouse and by keyboard alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from services.database.headoffice import HeadOffice
from services.database.labels import ShelfLabel
from services.importing import steps
from tests.backoffice.screens.conftest import Visit
from tests.pretend import photograph

pytestmark = pytest.mark.slow


def test_an_article_is_made_and_its_price_changed_in_the_list_and_taken_back(visit: Visit) -> None:
    key = "7701" if visit.hand.name == "mouse" else "7702"
    visit.go("/articles/")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Neuer Artikel"))
    hand.write(page.locator("#key"), key)
    hand.write(page.locator("#de"), f"Holundersirup {key}")
    hand.choose(page.locator("#group"), "Getränke")
    hand.choose(page.locator("#tax"), "B")
    hand.write(page.locator("#tags"), "sommer")
    hand.press(page.get_by_role("button", name="Speichern").first)
    expect(page.locator("h1")).to_have_text(f"Holundersirup {key}")
    hand.press(page.locator("main").get_by_role("link", name="Artikel", exact=True).first)
    hand.write(page.locator("#find"), f"holundersirup {key}")
    row = page.locator("[data-row]")
    expect(row).to_have_count(1)
    for typed, shown in (("4,9x", None), ("4,99", "4,99"), ("5,49", "5,49")):
        field = page.locator("tr.edit [name=amount]")
        if not field.count():
            hand.press(row.locator(".priced"))
        hand.write(field, typed)
        hand.press(page.locator("tr.edit").get_by_role("button", name="Speichern"))
        if shown:
            expect(row.locator(".priced")).to_have_text(shown)
        else:
            expect(page.locator("tr.edit [role=alert]")).to_contain_text("kein Preis")
    hand.press(page.get_by_role("button", name="Rückgängig"))
    expect(row.locator(".priced")).to_have_text("4,99")


def test_many_articles_are_marked_and_their_change_is_looked_at(visit: Visit) -> None:
    visit.go("/articles/?q=joghurt&size=50")
    page, hand = visit.page, visit.hand
    marks = page.locator("[data-pick-row]")
    for n in range(2):
        hand.tick(marks.nth(n))
    bar = page.locator("#bulk")
    expect(bar).to_contain_text("2 markiert")
    hand.choose(bar.get_by_label("Was sich ändert"), "Preis um Betrag")
    hand.write(bar.locator("[name=value]"), "0,10")
    hand.press(bar.get_by_role("button", name="Vorschau"))
    expect(page.locator(".diff")).to_have_count(2)
    hand.press(page.get_by_role("button", name="Änderungssatz aufgeben"))
    expect(page.locator(".ttl .tag").first).to_have_text("Aufgegeben")


def test_a_photograph_is_put_on_an_article(visit: Visit, tmp_path: Path) -> None:
    key = "1003" if visit.hand.name == "mouse" else "1004"
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(photograph.striped())
    visit.go(f"/articles/{key}")
    page, hand = visit.page, visit.hand
    hand.bring(page.locator("input[type=file]"), photo)
    hand.press(page.get_by_role("button", name="Hochladen"))
    expect(page.locator("main img[src*='/pictures/']").first).to_be_visible()


def test_a_group_is_made_inside_another_and_taken_away(visit: Visit) -> None:
    key = "saft" if visit.hand.name == "mouse" else "tee"
    visit.go("/articles/")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Warengruppen"))
    hand.write(page.get_by_label("Kürzel"), key)
    hand.write(page.get_by_label("Deutsch"), f"Gruppe {key}")
    hand.choose(page.get_by_label("Liegt in"), "Getränke")
    hand.press(page.get_by_role("button", name="Speichern"))
    hand.press(page.get_by_role("link", name=f"Gruppe {key}"))
    expect(page.get_by_label("Liegt in").locator("option:checked")).to_have_text("Getränke")
    hand.press(page.get_by_role("button", name="Entfernen"))
    expect(page.get_by_role("link", name=f"Gruppe {key}")).to_have_count(0)


def test_a_model_is_made_and_two_of_its_variants(visit: Visit) -> None:
    key = "mug" if visit.hand.name == "mouse" else "cap"
    visit.go("/articles/")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Modelle"))
    hand.press(page.get_by_role("link", name="Neues Modell"))
    hand.write(page.locator("#key"), key)
    hand.write(page.locator("#de"), f"Modell {key}")
    hand.write(page.locator("#axis0"), "Farbe")
    hand.write(page.locator("#values0"), "rot, blau, grün")
    hand.press(page.get_by_role("button", name="Speichern"))
    expect(page.locator("h1")).to_have_text(f"Modell {key}")
    hand.tick(page.get_by_label(f"Modell {key} grün"))
    hand.write(page.get_by_label("Nummer von rot"), f"{key}1")
    hand.write(page.locator("[name=price]"), "7,90")
    hand.press(page.get_by_role("button", name="Markierte anlegen"))
    expect(page.locator(".variants")).to_contain_text("7,90")
    hand.press(page.get_by_role("link", name="2 Varianten als Liste"))
    expect(page.locator("[data-row]")).to_have_count(2)


def test_a_price_that_a_branch_inherits_becomes_its_own_and_goes_again(visit: Visit) -> None:
    visit.go("/prices/?with=002&q=elstar")
    page, hand = visit.page, visit.hand
    cell = page.get_by_role("link", name=re.compile("002 Leipzig Südvorstadt: .*geerbt"))
    hand.press(cell)
    tomorrow = visit.today().replace(hour=6, minute=30).replace(year=visit.today().year + 1)
    hand.write(page.locator("[name=amount]"), "1,11")
    hand.choose(page.locator("[name=when]"), "Datum und Zeit")
    hand.date(page.locator("[name=at]"), tomorrow)
    hand.press(page.get_by_role("button", name="Speichern"))
    expect(page.locator("main")).to_contain_text("1,11")
    hand.press(page.get_by_role("button", name="Zurücknehmen"))
    expect(page.locator("main")).not_to_contain_text("1,11")


def test_another_branch_is_put_beside_the_prices(visit: Visit) -> None:
    visit.go("/prices/")
    page, hand = visit.page, visit.hand
    hand.write(page.locator("#find"), "elstar")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    hand.press(page.locator("main summary", has_text="Filialen daneben"))
    hand.tick(page.get_by_label("003 Görlitz Altstadt"))
    expect(page.locator("#list thead")).to_contain_text("003")


def test_a_promotion_is_written_tried_kept_and_ended(visit: Visit) -> None:
    key = "milk1" if visit.hand.name == "mouse" else "milk2"
    visit.go("/promotions/")
    page, hand = visit.page, visit.hand
    hand.press(page.get_by_role("link", name="Neue Aktion"))
    hand.write(page.locator("#key"), key)
    hand.write(page.locator("#de"), f"Zwei Käse {key}")
    hand.choose(page.locator("[name=shape]"), "Prozent oder Betrag weniger")
    hand.write(page.locator("#many"), "1")
    hand.write(page.locator("#less"), "20 %")
    hand.write(page.locator("#articles"), "1001")
    hand.date(page.locator("#from"), visit.today().replace(day=1, hour=9, minute=0))
    hand.press(page.get_by_role("button", name="An echten Bons proben"))
    expect(page.locator("#outcome")).to_contain_text("−")
    hand.press(page.get_by_role("button", name="Speichern"))
    expect(page.locator(".sentence")).to_contain_text("20")
    hand.press(page.get_by_role("button", name="Jetzt beenden"))
    expect(page.get_by_role("button", name="Jetzt beenden")).to_have_count(0)


def test_labels_that_are_due_are_chosen_and_printed(visit: Visit) -> None:
    branch = {"mouse": "002", "keyboard": "003"}[visit.hand.name]
    visit.go("/labels/")
    page, hand = visit.page, visit.hand
    hand.press(page.locator("main").get_by_role("link", name=branch))
    boxes = page.locator("[name=pick]")
    expect(boxes.first).to_be_checked()
    hand.tick(page.get_by_label("Alle dieser Seite markieren"))
    expect(boxes.first).not_to_be_checked()
    for n in range(2):
        hand.tick(boxes.nth(n))
    wanted = {boxes.nth(n).get_attribute("value") for n in range(2)}
    printed = {}
    for paper in ("Bogen als PDF", "Für Etikettendrucker (ZPL)"):
        with page.expect_download() as coming:
            hand.press(page.get_by_role("button", name=paper))
        printed[paper] = Path(coming.value.path()).read_bytes()
    pdf, zpl = printed.values()
    assert pdf[:4] == b"%PDF" and zpl.count(b"^XA") == 2
    with visit.house.scene.chain.office.reading() as session:
        kept = {row.article for row in session.query(ShelfLabel).filter_by(branch=branch)}
    assert kept == wanted


def test_a_file_is_brought_tried_taken_and_undone(visit: Visit, tmp_path: Path) -> None:
    number = "8901" if visit.hand.name == "mouse" else "8902"
    path = tmp_path / "nordhandel.csv"
    path.write_text(
        f"Artikelnummer;Bezeichnung;VK;Steuer\n{number};Quittengelee;3,49;B\n2002;;9,99;\n"
    )
    office = visit.house.scene.chain.office
    visit.go("/imports/")
    page, hand = visit.page, visit.hand
    hand.bring(page.locator("[name=file]"), path)
    hand.press(page.get_by_role("button", name="Hochladen"))
    expect(page.locator("select[name=column-2]")).to_be_visible()
    hand.press(page.get_by_role("button", name="Probelauf"))
    worked(office, page.locator("tbody [type=checkbox]").first)
    hand.press(page.get_by_role("button", name="übernehmen").last)
    worked(office, page.locator(".flash", has_text="Übernommen"))
    hand.press(page.get_by_role("button", name="Import zurücknehmen"))
    worked(office, page.locator(".flash", has_text="Zurückgenommen"))


def worked(office: HeadOffice, said: Locator) -> None:
    """The worker looks again and again, as it does all the time, until the page says this."""
    for _ in range(60):
        while steps.once(office):
            pass
        if said.count():
            return
        said.page.wait_for_timeout(100)  # the worker's own beat
    expect(said).to_be_visible()


def test_a_supplier_is_made_mended_and_taken_away(visit: Visit) -> None:
    key = "obstm" if visit.hand.name == "mouse" else "obstk"
    visit.go("/articles/")
    page, hand = visit.page, visit.hand
    hand.press(page.locator("main").get_by_role("link", name="Lieferanten"))
    hand.press(page.get_by_role("link", name="Neuer Lieferant"))
    hand.write(page.locator("[name=key]"), key)
    hand.write(page.locator("[name=name]"), f"Obsthof {key}")
    hand.write(page.locator("[name=email]"), "hof@obst.example")
    hand.press(page.get_by_role("button", name="Speichern"))
    expect(page.locator("h1")).to_have_text(f"Obsthof {key}")
    hand.write(page.locator("[name=number]"), "K-4711")
    hand.press(page.get_by_role("button", name="Speichern"))
    expect(page.get_by_role("status")).to_be_visible()
    hand.press(page.locator("main").get_by_role("link", name="Lieferanten"))
    hand.write(page.locator("main [name=q]"), "K-4711")
    expect(page.locator("[data-row]")).to_have_count(1)
    hand.press(page.get_by_role("link", name=f"Obsthof {key}"))
    hand.press(page.get_by_role("button", name="Entfernen"))
    expect(page.get_by_role("link", name=f"Obsthof {key}")).to_have_count(0)
