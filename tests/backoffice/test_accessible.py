"""WCAG 2.2 AA: axe-core finds nothing on any page, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from schemas.keyboard import Key, Keyboard, Tab
from schemas.keys import KeyboardKey, PromotionKey
from schemas.money import Money
from schemas.promotion import Goods, Promotion
from services.database import changes, changesets, people
from tests.backoffice.conftest import Served
from tests.backoffice.test_browser import sold
from tests.backoffice.test_browser_people import PATHS as PEOPLE
from tests.pretend.branch import BEGAN, MILK, Chain, renamed

pytestmark = pytest.mark.slow
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
PAGES = (
    "/", "/articles/", "/articles/?q=mil", f"/articles/{MILK.key}", f"/articles/{MILK.key}/price",
    f"/articles/{MILK.key}/edit", "/articles/new", "/groups/", "/prices/?with=014", "/prices/coming",
    f"/prices/{MILK.key}/branch/014", "/promotions/", "/promotions/two", "/promotions/new",
    "/changes/", "/changes/1", "/changes/2", "/log/", "/log/1", "/log/check",
    f"/log/of/article/{MILK.key}", "/receipts/", "/turnover/", "/tills/", "/tills/014-1",
    "/branches/", "/rules/", "/rules/tax/B|de", "/rules/tender/new", "/rules/code-rule/new", "/rules/programme/new",
    "/layouts/", "/layouts/standard?block=14", "/layouts/standard?block=-1",
    "/layouts/standard/versions?first=1&second=1", "/keyboards/", "/keyboards/main?row=0&column=0",
    "/keyboards/main?row=2&column=2", "/cash/", "/customers/", "/customers/new", "/customers/debits", "/quarantine",
    *PEOPLE,
)  # fmt: skip


def faults(page: Page) -> Iterator[str]:
    """What axe finds: the rule, and the first element that breaks it."""
    found: dict[str, Any] = Axe().run(page, options=RULES).response
    for each in found["violations"]:
        node = each["nodes"][0]
        yield f"{page.url}: {each['id']} ×{len(each['nodes'])}: {node['html'][:200]}"


def filled(chain: Chain) -> None:
    """Something on every page."""
    sold(chain, many=2)
    with chain.office.session() as session:
        people.make_user(session, "tom", "richtig geheim")
        two = Promotion(PromotionKey("two"), BEGAN, de="Zwei Milch", price=Money.parse("2.50", "EUR"),
                        goods=(Goods((MILK.key,), many=2),))  # fmt: skip
        changes.record(session, two, "chain", "test")
        board = Keyboard(KeyboardKey("main"), 1, tabs=(Tab("A", keys=(Key(0, 0, MILK.key),)),))
        changes.record(session, board, "chain", "test")
    for title in ("Winter", "Leer"):
        with chain.office.session() as session:
            number = changesets.make(session, title, "jana").id
            if title == "Winter":
                documents = [(renamed(MILK, "Wintermilch"), "chain")]
                changesets.collect(session, number, documents, "jana")
    chain.publish()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(chain: Chain, served: Served, width: int, theme: str) -> None:
    filled(chain)
    page = served.page
    found: list[str] = []
    page.goto(f"{served.address}/sign-in")
    found += faults(page)
    served.sign_in()
    page.set_viewport_size({"width": width, "height": 900})
    for path in PAGES:
        page.goto(f"{served.address}{path}")
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        found += faults(page)
    assert found == [], "\n".join(found)
