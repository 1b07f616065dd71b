"""Tries at passwords: guessing gets slow, on every worker, and nobody is locked out for good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from services.database import attempts, people
from services.database.attempts import FORGOTTEN, FREE, STRANGER, WAITS, AttemptRow
from services.database.headoffice import HeadOffice
from tests.pretend.branch import Chain

NOON = datetime(2026, 3, 11, 11, tzinfo=UTC)
NOW = timedelta(0)


def tried(office: HeadOffice, at: datetime, name: str = "jana", browser: str = STRANGER) -> bool:
    """Was a try allowed?"""
    with office.session() as session:
        return attempts.begin(session, name, browser, at) == NOW


def test_whoever_guesses_all_day_has_ten_tries_in_an_hour_and_one_an_hour_then(
    chain: Chain,
) -> None:
    with chain.office.session() as session:
        people.make_user(session, "jana", "richtig geheim")
    made = [n for n in range(6 * 60 * 2) if tried(chain.office, NOON + timedelta(seconds=30 * n))]
    hours = [sum(n // 120 == hour for n in made) for hour in range(6)]
    assert FREE < hours[0] <= 10
    assert max(hours[1:]) <= 2 and sum(hours[1:]) <= 6


def test_a_try_that_must_wait_makes_nothing_longer(chain: Chain) -> None:
    for _ in range(FREE):
        assert tried(chain.office, NOON)
    for _ in range(100):
        assert not tried(chain.office, NOON + timedelta(seconds=30))
    assert tried(chain.office, NOON + WAITS[0])


def test_nobody_waits_longer_than_the_longest(chain: Chain) -> None:
    at = NOON
    for _ in range(40):
        assert tried(chain.office, at)
        at += WAITS[-1]
    assert attempts.wait_after(10**6) == WAITS[-1]


def test_a_clock_that_went_back_locks_nobody_out(chain: Chain) -> None:
    for _ in range(FREE):
        tried(chain.office, NOON + timedelta(days=900))
    assert not tried(chain.office, NOON)
    assert tried(chain.office, NOON + WAITS[0])


def test_tries_at_the_same_moment_are_one_after_the_other(any_chain: Chain) -> None:
    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(lambda _: tried(any_chain.office, NOON), range(24)))
    assert sum(allowed) == FREE


def test_the_right_password_forgets_what_was_wrong_before(any_chain: Chain) -> None:
    for _ in range(FREE):
        tried(any_chain.office, NOON)
    assert tried(any_chain.office, NOON, browser="known")
    with any_chain.office.session() as session:
        attempts.succeeded(session, "jana", "known")
    assert not tried(any_chain.office, NOON)
    with any_chain.office.session() as session:
        attempts.succeeded(session, "jana", STRANGER)
    assert tried(any_chain.office, NOON)


def test_names_that_nobody_has_do_not_fill_the_table(chain: Chain) -> None:
    with chain.office.session() as session:
        for n in range(3000):
            attempts.begin(session, f"nobody {n}", STRANGER, NOON)
        rows = session.scalar(sa.select(sa.func.count()).select_from(AttemptRow))
        assert rows is not None and rows < 2500
    tried(chain.office, NOON + FORGOTTEN + timedelta(seconds=1))
    with chain.office.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AttemptRow)) == 1
