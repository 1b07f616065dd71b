"""The commands for customers: what they make is at the tills, and what cannot be is a sentence."""

from __future__ import annotations

import pytest

from schemas.keys import Barcode, TenderKey
from services.till.signin import SignInRefused
from tests.pretend.branch import Chain, euros
from tests.services.test_commands import run, said


@pytest.fixture
def at(chain: Chain) -> tuple[str, str]:
    """The option that names the chain's head office."""
    return ("--directory", str(chain.office.directory))


def test_customers_programmes_and_tenders_are_made_by_commands(
    chain: Chain, at: tuple[str, str]
) -> None:
    office = ("office",)
    said(run(*office, "add-customer", "20418", "Anna Seidel", "--card", "777", "--limit", "50.00 EUR",
             *at), 0, "Anna Seidel is customer 20418")  # fmt: skip
    said(run(*office, "add-programme", "bonus", "Bonus", "0.01 EUR", "--per", "1.00 EUR", *at), 0,
         "Bonus is collected")  # fmt: skip
    said(run(*office, "add-tender", "debit", "debit", "Lastschrift", "--floor", "30.00 EUR", *at), 0,
         "is taken")  # fmt: skip
    said(run(*office, "rule", "company", "debit_budget", "30.00 EUR", *at), 0)
    said(
        run(*office, "add-cashier", "014", "zoe", "Zoe", "--badge", "B-1", *at, "--pin", "2222"), 0
    )
    chain.publish()
    with chain.till("014-1") as till:
        till.sign_out()
        with pytest.raises(SignInRefused):
            till.sign_in_by_badge("B-2")
        till.sign_in_by_badge("B-1")
        assert [who.key for who in (till.cashier,) if who] == ["zoe"]
        for _ in range(2):
            till.scan(Barcode("4012345678901"))
        till.clientele.choose(till.clientele.shown("777"))
        receipt, _ = till.pay([(TenderKey("debit"), euros("2.78"), "DE89370400440532013000")])
        assert [str(each.points) for each in receipt.earned] == ["2.780"]
    chain.look("014-1")
    name = receipt.name
    said(run(*office, "debits", "--risk", *at), 0, name, "DE89 … 3000", "not asked", "open")
    said(run(*office, "debits", "--returned", name, *at), 0, "returned")
    said(run(*office, "debits", "--returned", "014-9-1-1", *at), 1, "debited no account")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("add-customer", "a b", "Anna"), "has a space"),
        (("add-customer", "1", "Anna", "--limit", "50"), "is no amount"),
        (("add-customer", "1", "Anna", "--phone", "call me"), "is no telephone number"),
        (("add-programme", "b", "Bonus", "0.00 EUR"), "more than nothing"),
        (("add-tender", "chf", "cash", "Franken", "--foreign", "CHF=0"), "currency and its rate"),
        (("add-tender", "chf", "cash", "Franken", "--foreign", "CHF=NaN"), "currency and its rate"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(
    chain: Chain, at: tuple[str, str], arguments: tuple[str, ...], reason: str
) -> None:
    chain.publish()
    result = run("office", *arguments, *at)
    assert result.exit_code in {1, 2}
    assert reason in result.output
    assert chain.publish() == 0
