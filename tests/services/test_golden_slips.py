"""Slips stay as they are: in three languages, on both papers, of each kind of receipt.

TRESEN_GOLDEN=write writes them anew; then look at what has changed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from services.register.columns import Row
from tests.pretend.slips import gallery, written

GOLDEN = Path(__file__).parents[1] / "data" / "slips"
WRITES = os.environ.get("TRESEN_GOLDEN") == "write"


@pytest.fixture(scope="module", params=["de", "en", "es"])
def slips(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Row, ...]]:
    """All sample slips of one language."""
    return gallery(tmp_path_factory.mktemp(request.param), request.param)


def test_slips_are_as_they_were(slips: dict[str, tuple[Row, ...]]) -> None:
    if WRITES:
        GOLDEN.mkdir(exist_ok=True)
        for name, rows in slips.items():
            (GOLDEN / f"{name}.txt").write_text(written(rows))
    before = {name: (GOLDEN / f"{name}.txt").read_text() for name in slips}
    assert {name: written(rows) for name, rows in slips.items()} == before


def test_nothing_is_wider_than_its_paper(slips: dict[str, tuple[Row, ...]]) -> None:
    for name, rows in slips.items():
        most = 32 if name.endswith("58") else 42
        for row in rows:
            assert len(row.text) * (2 if row.double else 1) <= most, (name, row.text)


def test_total_date_and_number_are_on_every_slip(slips: dict[str, tuple[Row, ...]]) -> None:
    for name, rows in slips.items():
        text = written(rows)
        assert "2026" in text, name
        assert "gift" in name or any(
            row.bold and ("Summe" in row.text or "Total" in row.text) for row in rows
        ), name
