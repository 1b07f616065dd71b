"""A till that heard nothing for too long lets nobody in, and says why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.database import organisation
from services.database.organisation import Unit
from services.link.office import OfficeUnreachable
from services.register.refusal import StepRefused
from services.till import freshness
from services.till.till import Till
from tests.pretend.branch import Chain

NOW = datetime.now(UTC)


class NoLine:
    """Every call fails, as with the cable out."""

    def __getattr__(self, name: str) -> object:
        def call(*_: object, **__: object) -> object:
            raise OfficeUnreachable("the cable is out")

        return call


def ruled(chain: Chain, days: str | None) -> None:
    """The company trusts the list of people for so long."""
    with chain.office.session() as session:
        company = session.get_one(Unit, ("company", "company"))
        company.rules = {"staff_days": days} if days else None
        session.flush()
        organisation.announce(session, "company", "company", "test")
    chain.publish()


def signing_in(chain: Chain, later: timedelta) -> None:
    """Mira signs in so long from now."""
    with Till(chain.box("014-1"), lambda: NOW + later) as till:
        till.sign_in(till.catalogue.staff()[0], "1111")


def test_within_its_days_the_list_is_trusted_and_afterwards_not(chain: Chain) -> None:
    ruled(chain, "3")
    chain.look("014-1")
    signing_in(chain, timedelta(days=2))
    with pytest.raises(StepRefused) as refused:
        signing_in(chain, timedelta(days=3, hours=1))
    assert refused.value.fact == "staff-old" and "3 days" in str(refused.value)


def test_without_the_rule_a_till_sells_on(chain: Chain) -> None:
    chain.look("014-1")
    signing_in(chain, timedelta(days=4000))


def test_any_word_from_head_office_renews_it_though_nothing_changed(chain: Chain) -> None:
    ruled(chain, "3")
    chain.look("014-1")
    box = chain.box("014-1")
    with Till(box, lambda: NOW) as till:
        before = freshness.heard(box, till.catalogue)
        chain.look("014-1")
        assert freshness.heard(box, till.catalogue) > before


def test_an_agent_that_starts_without_a_line_knows_when_it_last_had_one(chain: Chain) -> None:
    ruled(chain, "3")
    chain.look("014-1")
    chain.look("014-1", NoLine())  # type: ignore[arg-type]
    chain.look("014-1", NoLine())  # type: ignore[arg-type]
    signing_in(chain, timedelta(days=2))
    with pytest.raises(StepRefused, match="3 days"):
        signing_in(chain, timedelta(days=4))


def test_badges_and_approvals_end_with_it_too(chain: Chain) -> None:
    ruled(chain, "3")
    chain.look("014-1")
    clock = [NOW]
    with Till(chain.box("014-1"), lambda: clock[0]) as till:
        mira = till.catalogue.staff()[0]
        till.sign_in(mira, "1111")
        clock[0] += timedelta(days=5)
        with pytest.raises(StepRefused, match="3 days"):
            till.sign_in_by_badge("T-0123456789")
        with pytest.raises(StepRefused, match="3 days"):
            till.rights.approve(mira, "1111", "open-drawer")
        with pytest.raises(StepRefused, match="3 days"):
            till.rights.approve_by_badge("T-0123456789", "open-drawer")


def test_the_clock_of_the_rule_is_bounded(chain: Chain) -> None:
    for text in ("0", "366", "-1", "drei", "1.5"):
        with pytest.raises(ValueError, match="whole number"):
            organisation.RULES["staff_days"](text)
