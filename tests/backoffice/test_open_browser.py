"""An import in a real browser, with a real worker: by keyboard alone, from the file to its undoing."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from services.database.articles import ArticleRow
from tests.backoffice.conftest import Served
from tests.backoffice.test_pages import price
from tests.importing.test_pages import TABLE
from tests.pretend.branch import Chain
from tests.pretend.processes import command, environment

pytestmark = pytest.mark.slow


@pytest.fixture
def worker(chain: Chain, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`tresen office worker`, as a process of its own."""
    run = command("office", "worker", "--directory", str(chain.office.directory))
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(run, env=environment(), stdout=log, stderr=log)
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert b"Traceback" not in (tmp_path / "worker.log").read_bytes()


def test_a_file_is_brought_tried_taken_and_undone_by_keyboard(
    chain: Chain, served: Served, worker: object, tmp_path: Path
) -> None:
    path = tmp_path / "nordhandel_kw48.csv"
    path.write_text(TABLE)
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/imports/")
    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="Hochladen").press("Enter")
    expect(page.locator("select[name=column-3]")).to_have_value("price")
    page.get_by_role("button", name="Probelauf").press("Enter")
    expect(page.locator("tr.out")).to_have_count(3)  # the page comes by itself
    beer = page.get_by_label("Pils übernehmen").last
    expect(beer).not_to_be_checked()
    beer.press("Space")
    page.get_by_role("button", name="übernehmen").last.press("Enter")
    expect(page.locator(".flash")).to_contain_text("Übernommen")
    assert price(chain) == "1.45" and price(chain, "40200") == "9.50"
    page.get_by_role("button", name="Import zurücknehmen").press("Enter")
    expect(page.locator(".flash")).to_contain_text("Zurückgenommen")
    assert price(chain) == "1.39" and price(chain, "40200") == "0.95"
    with chain.office.reading() as session:
        assert session.get(ArticleRow, "7001") is None
    assert list((chain.office.directory / "uploads").iterdir())


def test_a_list_is_taken_out_by_its_key(served: Served) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/articles/")
    page.locator("#find").fill("milch")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.locator("#find").blur()
    page.keyboard.press("e")
    with page.expect_download() as coming:
        page.keyboard.press("Enter")
    text = Path(coming.value.path()).read_text("utf-8-sig")
    assert "q: milch" in text and len(text.splitlines()) == 3


def test_a_token_is_made_shown_once_and_revoked(served: Served) -> None:
    served.sign_in()
    page = served.page
    page.goto(f"{served.address}/interfaces/")
    page.locator("[name=name]").fill("Nordhandel")
    page.get_by_label("articles:read").check()
    page.get_by_role("button", name="Zugang ausstellen").press("Enter")
    token = page.locator("#secret").text_content()
    assert token is not None
    asked = {"Authorization": f"Bearer {token}"}
    address = f"{served.address}/api/v1/articles"
    assert page.request.get(address, headers=asked).status == 200
    page.goto(f"{served.address}/interfaces/")
    assert token not in page.content()
    page.get_by_role("button", name="Sperren Nordhandel").press("Enter")
    expect(page.locator("[data-row]")).to_contain_text("gesperrt")
    assert page.request.get(address, headers=asked).status == 401


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1920])
def test_none_of_these_pages_is_wider_than_its_window(
    chain: Chain, served: Served, width: int, tmp_path: Path
) -> None:
    served.sign_in()
    page = served.page
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/imports/", "/interfaces/", "/interfaces/reference"):
        page.goto(f"{served.address}{path}")
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, (path, over)
