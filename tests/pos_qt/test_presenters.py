"""Rules of what is shown, without Qt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_qt.presenters import change
from pos_qt.presenters.entry import Entry
from pos_qt.presenters.shown import CHECK, OK
from pos_qt.presenters.status import Facts, StatusPresenter
from pos_qt.presenters.strips import Strips
from pos_qt.translations.words import Words
from schemas.money import Currency, Money
from schemas.quantity import ONE, Quantity
from schemas.status import Status
from tests.pretend.branch import euros

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
GERMAN = Words("de")


def facts(link: str, seconds: int, *, waiting: int = 0) -> Facts:
    """What the agent says so many seconds after noon."""
    now = NOON + timedelta(seconds=seconds)
    status = Status("1", now, link, waiting, contact=NOON)
    return Facts(now, status, 0, NOON, "ready", 0)


def test_the_edge_speaks_only_after_five_seconds() -> None:
    presenter = StatusPresenter()
    kinds = []
    for second in (0, 4, 5, 6):
        presenter.pills(facts("offline", second, waiting=9), GERMAN)
        kinds.append(presenter.edge(facts("offline", second, waiting=9), GERMAN))
    assert [edge.kind for edge in kinds] == ["normal", "normal", "offline", "offline"]
    assert kinds[-1].sentence == "Offline seit 12:00 – Verkauf läuft weiter."
    assert kinds[-1].more.startswith("9 Bons sind auf dieser Kasse gesichert")


def test_link_and_backlog_are_told_apart() -> None:
    pills = StatusPresenter().pills(facts("online", 0, waiting=2), GERMAN)
    assert [(p.key, p.text, p.state) for p in pills[:2]] == [
        ("link", "Online", OK),
        ("backlog", "2 Bons warten", OK),
    ]


def test_a_dead_agent_is_not_called_online() -> None:
    stale = Facts(NOON + timedelta(minutes=5), Status("1", NOON, "online", 0), 0, NOON, "none", 0)
    presenter = StatusPresenter()
    presenter.pills(stale, GERMAN)
    later = Facts(NOON + timedelta(minutes=6), stale.status, 0, NOON, "none", 0)
    link, backlog = presenter.pills(later, GERMAN)[:2]
    assert (link.text, link.state) == ("Übertragung steht", CHECK)
    assert backlog.text == "Sendet später", "nobody has counted what was sold since"


def test_number_then_verb() -> None:
    entry = Entry()
    entry.typed("0,342")
    assert entry.quantity("kg") == Quantity(342, "kg")
    entry.clear()
    entry.typed("3")
    assert entry.multiply()
    assert entry.take_times() == Quantity(3000)
    assert entry.take_times() == ONE
    entry.typed("1.2.3a")
    assert entry.text == "1,23"
    assert entry.money("EUR") == euros("1.23")
    entry.typed("4")
    assert entry.money("EUR") is None


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("12.43", ["10", "2", "20 ct", "20 ct", "2 ct", "1 ct"]), ("0.00", []), ("5.00", ["5"])],
)
def test_change_in_the_fewest_pieces(amount: str, expected: list[str]) -> None:
    assert [piece.text for piece in change.pieces(euros(amount))] == expected


@given(st.integers(0, 20_000))
def test_the_pieces_make_the_change_or_are_left_out(minor: int) -> None:
    found = change.pieces(Money(minor, Currency("EUR")))
    assert sum(piece.minor for piece in found) in {0, minor}


def test_the_same_fault_twice_is_one_strip() -> None:
    strips = Strips()
    strips.warn("a")
    strips.warn("b")
    strips.warn("a")
    assert [strip.title for strip in strips.shown] == ["b", "a"]
    assert strips.close_newest()
    assert [strip.title for strip in strips.shown] == ["b"]
