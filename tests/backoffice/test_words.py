"""Sentences that say how many, and days with their year, as readers of each language write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from backoffice.shown import Shown
from backoffice.words import word


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "1.826 Etiketten"), ("en", "1,826 labels"), ("es", "12.345 etiquetas")],
)
def test_how_many_has_its_thousands_marked(language: str, said: str) -> None:
    many = 12_345 if language == "es" else 1_826
    assert word(language, "labels.count", count=many).startswith(said)


def test_a_number_that_is_a_name_has_none() -> None:
    assert "1826" in word("de", "log.entry", number=1826)


def test_one_is_said_in_the_singular() -> None:
    assert word("en", "total.of", count="1") == "Total of 1 receipt"


def test_an_english_day_begins_with_the_day() -> None:
    shown = Shown("en", ZoneInfo("Europe/Berlin"), datetime(2026, 11, 28, tzinfo=UTC))
    assert shown.date(date(2031, 11, 9)) == "9 Nov 2031"
    assert shown.day(date(2031, 11, 9)) == "9 Nov 2031"
