"""Head office in a real browser: keys, parts that are swapped, and what comes in live."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from backoffice import frame
from schemas.keys import Barcode
from tests.backoffice.conftest import Served
from tests.backoffice.test_cash import closed
from tests.backoffice.test_pages import price
from tests.pretend.branch import Chain

pytestmark = pytest.mark.slow


def sold(chain: Chain, name: str = "014-1", many: int = 1) -> int:
    """Sell milk and send it up; answers the receipt's number."""
    with chain.till(name) as till:
        for _ in range(many):
            till.scan(Barcode("4012345678901"))
        receipt, *_ = till.pay()
    chain.look(name)
    return receipt.number


def test_a_price_is_changed_by_keyboard_alone(chain: Chain, served: Served) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/articles/")
    page.keyboard.press("/")
    page.keyboard.type("milch")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.locator("#find").blur()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    field = page.locator("tr.edit [name=amount]")
    expect(field).to_be_focused()
    page.keyboard.type("1,4x")
    page.keyboard.press("Enter")
    expect(page.locator("tr.edit [role=alert]")).to_contain_text("kein Preis")
    expect(field).to_have_value("1,4x")
    expect(field).to_be_focused()
    field.fill("1,49")
    expect(page.locator("tr.edit .float")).to_contain_text("1,49 statt 1,39")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Milch: 1,49")
    page.locator("[data-toast]").hover()  # it stays while somebody points at it
    link = page.locator("[data-row] .priced")
    expect(link).to_have_text("1,49")
    expect(link).to_be_focused()
    assert price(chain) == "1.49"
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    page.get_by_role("button", name="Rückgängig").click()
    expect(link).to_have_text("1,39")
    assert price(chain) == "1.39"


def test_a_receipt_is_found_and_its_slip_seen(chain: Chain, served: Served) -> None:
    number = sold(chain, many=2)
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/receipts/")
    page.locator("#find").fill(f"014-1 {number}")
    page.get_by_role("link", name=str(number), exact=True).click()
    slip = page.locator(".bon")
    expect(slip).to_contain_text(f"Bon {number}")
    expect(slip).to_contain_text("2,78")


def test_a_difference_is_found_and_its_z_opened_and_a_cashier_on_the_telephone_answered(
    chain: Chain, served: Served
) -> None:
    sold(chain)
    closed(chain)
    served.sign_in()
    page = served.page
    page.locator(".task", has_text="weicht ab").get_by_role("link").click()
    expect(page.locator("[data-row]")).to_contain_text("−10,00 zu wenig")
    expect(page.locator("[data-row]")).to_contain_text("stimmt überein")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".bon")).to_contain_text("−10,00")
    page.get_by_role("link", name="Kasse 014-1").click()
    page.locator("[name=right]").select_option("pay-out")
    page.locator("[name=value]").fill("20")
    page.locator("[name=challenge]").fill("12345")
    page.keyboard.press("Enter")
    expect(page.locator("#approve-wrong")).to_contain_text("alle sechs")
    page.locator("[name=challenge]").fill("123 456")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_have_text(re.compile(r"\d{6}"))
    expect(page.locator("#approvals tbody")).to_contain_text("Jana Brandt")


def test_takings_and_receipts_appear_by_themselves(chain: Chain, served: Served) -> None:
    sold(chain)
    served.sign_in()
    page = served.page
    expect(page.locator("#live")).to_have_text("Live")
    expect(page.locator("#takings")).to_contain_text("1,39")
    sold(chain, "014-2", many=3)
    expect(page.locator("#takings")).to_contain_text("5,56", timeout=3000)
    expect(page.locator("#runs li")).to_have_count(2)
    expect(page.locator("#runs li").first).to_contain_text("4,17")
    expect(page.locator("#branches")).to_contain_text("5,56")


def test_pausing_holds_the_slip_and_counts_what_comes(chain: Chain, served: Served) -> None:
    served.sign_in()
    page = served.page
    expect(page.locator("#live")).to_have_text("Live")
    page.locator("#pause").click()
    sold(chain)
    expect(page.locator("#held")).to_have_text("1 neue")
    expect(page.locator("#runs")).not_to_contain_text("1,39")


def test_a_lost_stream_says_as_of_when(served: Served) -> None:
    served.sign_in()
    page = served.page
    expect(page.locator("#live")).to_have_text("Live")
    page.evaluate("document.dispatchEvent(new CustomEvent('htmx:sseError'))")
    expect(page.locator("#live")).to_have_text(re.compile(r"Stand \d\d:\d\d"))


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 1920])
@pytest.mark.parametrize("language", ["de", "es"])
def test_no_page_is_wider_than_its_window(
    chain: Chain, served: Served, width: int, language: str
) -> None:
    number = sold(chain, many=2)
    closed(chain)
    served.sign_in()
    page = served.page
    page.evaluate("document.querySelector('.me').open = true")
    page.locator(f"button[value={language}]").click()
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/", "/articles/", "/articles/40122/price", "/articles/40122", "/receipts/",
                 f"/receipts/014-1/1/{number}", "/turnover/?by=article", "/turnover/?by=day",
                 "/tills/", "/tills/014-1", "/branches/", "/cash/", "/cash/?show=events",
                 "/cash/014-1/1/1"):  # fmt: skip
        answer = page.goto(f"{served.address}{path}")
        assert answer is not None and answer.status == 200, path
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, (path, over)


def telephone(served: Served) -> Page:
    """Jana with a telephone."""
    served.sign_in()
    served.page.set_viewport_size({"width": 390, "height": 844})
    return served.page


def test_on_a_telephone_the_running_hour_is_in_view(chain: Chain, served: Served) -> None:
    day = datetime.now(ZoneInfo("Europe/Berlin")).replace(minute=30) - timedelta(days=7)
    with chain.till("014-2") as till:
        for hour in (0, 23):  # so that the chart has a whole day to show
            till.scan(Barcode("4012345678901"), at=day.replace(hour=hour))
            till.pay(at=day.replace(hour=hour))
    chain.look("014-2")
    sold(chain, many=2)
    page = telephone(served)
    expect(page.locator("#hours .draw:visible text.now")).to_be_in_viewport(ratio=1)
    box = page.locator("#hours .draw:visible rect[fill]").bounding_box()
    assert box and box["x"] > 0 and box["x"] + box["width"] < 390


@pytest.mark.parametrize("by", ["branch", "day", "article"])
def test_on_a_telephone_all_bars_end_inside_their_card(
    chain: Chain, served: Served, by: str
) -> None:
    sold(chain, many=7)
    page = telephone(served)
    page.goto(f"{served.address}/turnover/?by={by}&period=days30")
    marks = page.locator(".draw:visible :is(rect, text)")
    boxes = [marks.nth(n).bounding_box() for n in range(marks.count())]
    card = page.locator(".card:has(.draw)").bounding_box()
    assert card and boxes
    for box in boxes:
        assert box and card["x"] <= box["x"]
        assert box["x"] + box["width"] <= card["x"] + card["width"]


def test_on_a_telephone_the_row_that_is_edited_is_marked_as_a_whole(served: Served) -> None:
    page = telephone(served)
    page.goto(f"{served.address}/articles/")
    page.locator(".priced").first.click()
    row = page.locator("tr.edit")
    ground = "getComputedStyle(each).backgroundColor"
    clear = "rgba(0, 0, 0, 0)"
    assert row.evaluate(f"each => {ground}") != clear
    cells = row.evaluate(f"row => [...row.children].map(each => {ground})")
    assert set(cells) == {clear}
    whole, card = row.bounding_box(), page.locator(".card:has(tr.edit)").bounding_box()
    assert whole and card and abs(whole["width"] - card["width"]) < 2


def test_one_toast_at_a_time(served: Served) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/articles/")
    for n, typed in enumerate(("1,11", "2,22", "3,33")):
        page.locator(".priced").nth(n).click()
        page.locator("tr.edit [name=amount]").fill(typed)
        page.keyboard.press("Enter")
        expect(page.locator("#toasts")).to_contain_text(typed)
    expect(page.locator("#toasts .toast")).to_have_count(1)
    expect(page.locator("#toasts")).not_to_contain_text("2,22")


def test_keys_lead_from_page_to_page_and_are_all_said(served: Served) -> None:
    served.sign_in()
    page = served.page
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url(f"{served.address}/articles/")
    page.keyboard.press("?")
    sheet = page.locator("#keys")
    expect(sheet).to_be_visible()
    expect(sheet.locator("#pages dd")).to_have_count(page.locator(".side .to").count())
    expect(sheet).to_contain_text("G A")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.locator("#find").focus()
    page.keyboard.type("g?t")
    expect(sheet).to_be_hidden()
    assert page.url.startswith(f"{served.address}/articles/")


def test_every_page_of_the_navigation_has_its_letter() -> None:
    pages = [page for _, pages in frame.NAVIGATION for page, _, _ in pages]
    assert sorted(frame.LETTERS) == sorted(pages)
    assert len(set(frame.LETTERS.values())) == len(pages)
