"""Rights around customers: each is denied without it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from schemas.customer import Customer, Programme
from schemas.keys import Barcode, CustomerKey, ProgrammeKey, RoleKey, TenderKey
from schemas.quantity import Quantity
from schemas.staff import Right, Role
from schemas.tender import Tender
from services.database import changes, customers, organisation
from services.register import permission, returns
from services.register.refusal import StepRefused
from services.till.clientele import new_number
from services.till.till import Till
from tests.pretend.branch import Chain, euros
from tests.services.test_rights import WITH_CUSTOMERS

MILK = Barcode("4012345678901")
ACCOUNT, POINTS, DEBIT = TenderKey("account"), TenderKey("points"), TenderKey("debit")
IBAN = "DE89370400440532013000"


@pytest.fixture
def club(chain: Chain) -> Chain:
    """A chain with an account customer and points for money; its tills may risk some without a line."""
    with chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.rules = {
            "account_budget": "30.00 EUR", "points_budget": "5.00 EUR", "debit_budget": "40.00 EUR",
        }  # fmt: skip
        organisation.announce(session, "company", company.key, "test")
        for document in (
            Programme(ProgrammeKey("bonus"), euros("0.01"), "Bonus", per=euros("1.00")),
            Tender(ACCOUNT, "account", "Kundenkonto"),
            Tender(POINTS, "points", "Punkte", programme=ProgrammeKey("bonus")),
            Tender(DEBIT, "debit", "Lastschrift", offline_most=euros("25.00")),
        ):
            changes.record(session, document, changes.CHAIN, "test")
        customers.put(session, Customer(CustomerKey("1"), "Anna", limit=euros("50.00")), "test")
    chain.publish()
    return chain


def annas(till: Till, many: int = 1) -> None:
    """So much milk for Anna."""
    till.scan(MILK, Quantity(many * 1000))
    till.clientele.choose(till.clientele.shown("1"))


def on_account(till: Till) -> str:
    annas(till)
    return till.pay([(ACCOUNT, euros("1.39"))])[0].name


def back_on_account(till: Till) -> None:
    sold = till.returning.find(on_account(till))
    till.returning.take_back(sold, 1, Quantity(1000), returns.Given("defect"))
    till.clientele.choose(till.clientele.shown("1"))
    till.pay([(ACCOUNT, euros("-1.39"))])


def with_points(till: Till) -> None:
    annas(till, 300)
    till.pay()
    annas(till, 2)
    till.pay([(POINTS, euros("1.00")), (TenderKey("cash"), euros("1.78"))])


def debited(till: Till) -> None:
    till.scan(MILK)
    till.pay([(DEBIT, euros("1.39"), IBAN)])


ACTS: dict[str, Callable[[Till], object]] = {
    "customer-create": lambda t: t.clientele.register(Customer(new_number(), "Jo Kern")),
    "refund-account": back_on_account,
    "tender-account": on_account,
    "tender-debit": debited,
    "tender-points": with_points,
}


def test_all_of_them_are_denied_below() -> None:
    assert set(ACTS) == WITH_CUSTOMERS


@pytest.mark.parametrize("right", ACTS)
def test_what_needs_a_right_is_denied_without_it(club: Chain, right: str) -> None:
    with club.till("014-1") as till:
        ACTS[right](till)  # with every right it is done
    most = tuple(Right(n) for n in permission.RIGHTS if n != right)
    with club.till("014-1") as till:
        till.done()
        till.catalogue.role = lambda key: Role(RoleKey("most"), "Most", most)  # type: ignore[method-assign]
        with pytest.raises(StepRefused) as refused:
            ACTS[right](till)
        assert (refused.value.fact, refused.value.values["right"]) == ("no-right", right)
