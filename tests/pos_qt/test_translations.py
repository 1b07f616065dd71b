"""The till's words: every sentence in every language, with the same places to fill."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from pos_qt.peripherals import selftest
from pos_qt.presenters import system
from pos_qt.translations.words import LANGUAGES, Words, catalogue
from services.register.refusal import FACTS, StepRefused

ROOT = Path(__file__).parents[2] / "pos_qt"


def places(sentence: str) -> set[str]:
    """What a sentence wants filled."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing(language: str) -> None:
    german = catalogue("de")
    spoken = catalogue(language)
    assert spoken.keys() == german.keys()
    for key, sentence in spoken.items():
        assert sentence.strip(), key
        assert places(sentence) == places(german[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_can_be_said(language: str) -> None:
    words = Words(language)
    for fact, english in FACTS.items():
        values = dict.fromkeys(places(english), "7")
        assert words.refusal(StepRefused(fact, **values))


def test_every_key_that_the_code_asks_for_exists() -> None:
    known = catalogue("de").keys()
    asked: set[str] = set()
    for path in ROOT.rglob("*.py"):
        asked |= set(re.findall(r'words(?:\.many)?\(\s*"([a-z.-]+)"', path.read_text()))
    missing = {k for k in asked if k not in known and f"{k}.many" not in known}
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_of_a_self_test_can_be_said(language: str) -> None:
    words = Words(language)
    assert [fact for fact in selftest.FACTS if not words(fact, why="7")] == []
    assert [row for row in system.DEVICES if not words(f"system.{row}")] == []


def test_a_language_that_is_not_known_speaks_english() -> None:
    assert Words("fr")("counter.pay") == "Pay"
