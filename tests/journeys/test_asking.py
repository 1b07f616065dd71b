"""What is no money is asked for over real processes and HTTP, and decided alone when they are gone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from schemas.customer import Customer
from schemas.keys import Barcode, CustomerKey, TenderKey
from schemas.quantity import Quantity
from schemas.tender import Tender
from services.database import changes, customers, organisation
from services.database.customers import AccountMove, HoldRow
from services.disk.box import Box
from services.register.refusal import StepRefused
from services.till.till import Till
from tests.pretend.branch import Chain, euros
from tests.pretend.processes import processes, until

pytestmark = pytest.mark.journey
MILK = Barcode("4012345678901")
ACCOUNT = TenderKey("account")


def prepared(chain: Chain) -> None:
    """Anna may owe fifty euros; a till alone may risk ten."""
    with chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.rules = {"account_budget": "10.00 EUR"}
        organisation.announce(session, "company", company.key, "test")
        changes.record(session, Tender(ACCOUNT, "account", "Kundenkonto"), changes.CHAIN, "test")
        customers.put(session, Customer(CustomerKey("1"), "Anna", limit=euros("50.00")), "test")


def test_an_account_is_authorised_over_http_and_by_allowance_when_all_are_killed(
    any_chain: Chain,
) -> None:
    chain = any_chain
    prepared(chain)
    with processes(chain) as run:
        run.start_office()
        path = run.enrol("014-1")
        run.start_agent(path)
        until((path / "mirror" / "till-014-1" / "current").exists, "the mirror comes")
        until((path / "mirror" / "customers" / "current").exists, "the customers come")
        with Till(Box(path), lambda: datetime.now(UTC)) as till:
            till.sign_in(till.catalogue.staff()[0], "1111")
            till.scan(MILK, Quantity(30_000))
            till.clientele.choose(till.clientele.shown("1"))
            answer = till.authority.ask("account", "1", euros("41.70"))
            assert answer is not None
            assert (answer.state, answer.left) == ("granted", euros("50.00"))
            receipt, _ = till.pay([(ACCOUNT, euros("41.70"))])
            assert not receipt.payments[0].offline
            until(lambda: owed(chain) == (4170, 0), "the receipt ends what was held")

            run.kill("office")
            till.scan(MILK, Quantity(5000))
            till.clientele.choose(till.clientele.shown("1"))
            gone = till.authority.ask("account", "1", euros("6.95"))
            assert gone is not None
            assert gone.state == "away"
            paid, _ = till.pay([(ACCOUNT, euros("6.95"))])
            assert paid.payments[0].offline
            till.scan(MILK, Quantity(5000))
            till.clientele.choose(till.clientele.shown("1"))
            run.kill("agent 014-1")
            assert till.authority.ask("account", "1", euros("6.95")) is None
            with pytest.raises(StepRefused):
                till.pay([(ACCOUNT, euros("6.95"))])
            till.abort()
        run.kill("worker")
        run.start_office()
        run.start_agent(path)
        until(lambda: owed(chain) == (4865, 0), "what was sold alone arrives once")


def owed(chain: Chain) -> tuple[int, int]:
    """What is owed, and how much is held."""
    with chain.office.reading() as session:
        owing = session.scalar(sa.select(sa.func.sum(AccountMove.amount))) or 0
        held = session.scalar(sa.select(sa.func.sum(HoldRow.amount))) or 0
        return int(owing), int(held)
