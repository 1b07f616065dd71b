"""Drafts on both engines: saved at each touch, never over somebody else's, taken back to nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.keyboard import Keyboard, Tab
from schemas.keys import KeyboardKey
from services.database import changesets, drafts
from services.database.drafts import Draft, Overtaken
from services.database.headoffice import HeadOffice
from tests.pretend.branch import Chain

BOARD = Keyboard(KeyboardKey("main"), 0, 4, 4, (Tab("A"),))


@pytest.fixture
def office(any_chain: Chain) -> HeadOffice:
    """A head office on each engine."""
    return any_chain.office


def saved(office: HeadOffice, tab: str, by: str, seen: str) -> Draft:
    """Save the board with a tab of this name."""
    with office.session() as session:
        board = replace(BOARD, tabs=(Tab(tab),))
        drafts.keep(session, board, by, seen=seen, title="Keys")
    found = looked(office)
    assert found is not None
    return found


def looked(office: HeadOffice) -> Draft | None:
    """The draft."""
    with office.reading() as session:
        return drafts.find(session, "keyboard", "main")


def test_a_draft_is_saved_and_taken_back_to_nothing(office: HeadOffice) -> None:
    first = saved(office, "one", "jana", "")
    second = saved(office, "two", "jana", first.seen)
    assert second.change_set == first.change_set
    assert (first.steps, second.steps) == (1, 2)
    with office.session() as session:
        drafts.undo(session, "keyboard", "main", "jana", seen=second.seen, within=None)
    back = looked(office)
    assert back is not None and back.document == first.document and back.steps == 1
    with office.session() as session:
        drafts.undo(session, "keyboard", "main", "jana", seen=back.seen, within=None)
    assert looked(office) is None
    with office.reading() as session:
        assert changesets.counts(session) == {"dropped": 1}


def test_ones_own_saves_may_follow_fast_and_anothers_never_go_over_them(
    office: HeadOffice,
) -> None:
    first = saved(office, "one", "jana", "")
    saved(office, "two", "jana", first.seen)
    third = saved(office, "three", "jana", first.seen)  # the browser had not heard of the second
    with pytest.raises(Overtaken) as late:
        saved(office, "mine", "tom", first.seen)
    assert late.value.by == "jana"
    saved(office, "mine", "tom", third.seen)
    with pytest.raises(Overtaken):
        saved(office, "four", "jana", third.seen)


def test_a_hundred_steps_are_kept(office: HeadOffice) -> None:
    seen = ""
    for n in range(103):
        seen = saved(office, f"tab {n}", "jana", seen).seen
    found = looked(office)
    assert found is not None and found.steps == 100
