"""docs/proof.md: every test that it names is there, every journey is named, no screen is without one."""

import re

import pytest

from backoffice import areas
from tests.house.test_journeys_doc import HOUSE, defined

TEXT = (HOUSE / "docs" / "proof.md").read_text()
SCREENS = HOUSE / "tests" / "backoffice" / "screens"
ROWS = re.findall(r"^\| (.+?) \| .+? \| `(\w+\.py): (\w+)` \|$", TEXT, re.MULTILINE)
SHOWN = {
    "home": "Overview", "live": "Overview, running receipts", "receipts": "Receipts", "turnover": "Evaluation",
    "cash": "Cash, closings", "exports": "Export", "clients": "Customers", "privacy": "Customers, erasure",
    "vouchers": "Vouchers", "articles": "Articles", "editing": "Articles, many", "grouping": "Groups",
    "models": "Models", "labels": "Labels due", "pictures": "Pictures", "prices": "Prices", "suppliers": "Suppliers",
    "imports": "Import", "promotions": "Promotions", "branches": "Branch tree", "units": "Settings",
    "rules": "Rules, taxes", "tills": "Tills", "cashiers": "Cashiers", "roles": "Roles at the till", "layouts": "Receipt layouts",
    "keyboards": "Till keys", "changes": "Changes", "log": "Audit log", "interfaces": "Interfaces, tokens",
    "users": "Users", "duties": "Roles of head office", "me": "One's own account", "door": "Sign-in",
}  # fmt: skip
"""The row of each group of pages."""
ELSEWHERE = {"saved", "slips"}
"""A part of other screens' lists, and what customers see: a slip in the net, which has no controls."""


@pytest.mark.parametrize(("screen", "file", "test"), ROWS)
def test_a_named_test_exists(screen: str, file: str, test: str) -> None:
    assert test in defined(SCREENS / file), screen


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[^`:]+)`", TEXT))))
def test_a_named_place_exists(path: str) -> None:
    assert (HOUSE / path).exists()


def test_every_journey_is_named() -> None:
    there = {
        (path.name, name)
        for path in SCREENS.glob("test_*.py")
        for name in defined(path)
        if name.startswith("test_")
    }
    assert there == {(file, test) for _, file, test in ROWS}


def test_every_group_of_pages_has_a_row() -> None:
    assert set(areas.OF) - ELSEWHERE == set(SHOWN)
    assert set(SHOWN.values()) <= {screen for screen, _, _ in ROWS}
