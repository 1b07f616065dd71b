"""Words are found however people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.spelling import contracted, findable, folded, plain


@pytest.mark.parametrize(
    ("written", "typed"),
    [("Crème", "creme"), ("Prüfsaft", "prufsaft"), ("Prüfsaft", "PRUEFSAFT"), ("Straße", "strasse"),
     ("Jalapeño", "jalapeno"), ("Smørrebrød", "smorrebrod"), ("Łódź", "lodz"), ("ﬁn", "fin"),
     ("Käse", "käse"), ("CAFÉ", "café"), ("Ærø", "aero")],
)  # fmt: skip
def test_what_is_written_is_found_by_what_is_typed(written: str, typed: str) -> None:
    assert folded(typed) in findable(f"Etwas {written} 7").split()


@given(st.text(max_size=60))
def test_whatever_is_written_is_found_by_itself(text: str) -> None:
    assert folded(text) in findable(text)
    assert folded(folded(text)) == folded(text)


def test_a_key_has_letters_that_any_keyboard_has() -> None:
    assert plain("Getränke Lácteos") == "Getraenke Lacteos"
    assert contracted(folded("Mueller")) == folded("Müller")
