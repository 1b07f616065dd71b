"""Money that a card terminal moves: asked before, in the basket durably, once, whatever is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schemas.keys import Barcode, TenderKey
from services.journal import hand
from services.register.refusal import StepRefused
from services.till.till import Till
from tests.pretend.branch import Chain, euros

CARD = TenderKey("card")
MILK = Barcode("4012345678901")


@pytest.fixture
def till(chain: Chain) -> Iterator[Till]:
    """A till with a milk on the slip."""
    with chain.till("014-2") as made:
        made.scan(MILK)
        yield made


def test_what_speaks_against_a_payment_is_said_before_a_terminal_is_asked(till: Till) -> None:
    with pytest.raises(StepRefused, match="gives no change"):
        till.paying.prepare(CARD, euros("2.00"))
    with pytest.raises(StepRefused, match="more than nothing"):
        till.paying.prepare(CARD, euros("-1.00"))
    assert till.basket.payments == ()


def test_the_basket_is_on_disk_by_name_before_a_terminal_is_asked(till: Till) -> None:
    hand.clear(till.box.hand)
    till.paying.prepare(CARD, euros("1.39"))
    kept = hand.load(till.box.hand)
    assert kept is not None
    assert kept.ref == till.basket.ref is not None


def test_money_that_moved_is_in_the_basket_once_though_it_covers_all(till: Till) -> None:
    for _ in range(2):
        till.paying.received(CARD, euros("1.39"), "7", "girocard 1234")
    assert hand.load(till.box.hand) == till.basket
    assert [p.amount for p in till.basket.payments] == [euros("1.39")]
    receipt, _ = till.pay()
    assert [(p.reference, p.card) for p in receipt.payments] == [("7", "girocard 1234")]


def test_money_that_went_back_is_out_of_the_basket(till: Till) -> None:
    till.paying.received(CARD, euros("1.00"), "7", "girocard 1234")
    till.paying.received(CARD, euros("0.20"), "8", "girocard 1234")
    till.paying.undone("7", "girocard 1234")
    kept = hand.load(till.box.hand)
    assert kept is not None
    assert [p.reference for p in kept.payments] == ["8"]


def test_while_a_terminal_is_asked_nothing_else_ends_the_sale(till: Till) -> None:
    till.asked = euros("1.39")
    ends = (
        till.abort,
        till.parking.park,
        till.pay,
        lambda: till.paying.tender(TenderKey("cash"), euros("1.00")),
        lambda: till.paying.prepare(CARD, euros("1.00")),
    )
    for end in ends:
        with pytest.raises(StepRefused) as refused:
            end()
        assert refused.value.fact == "payments-open"
    till.asked = None
    till.pay()


def test_a_void_is_checked_before_and_recorded_after(till: Till) -> None:
    till.paying.received(CARD, euros("1.39"), "7", "girocard 1234")
    receipt, _ = till.pay()
    till.scan(MILK)
    with pytest.raises(StepRefused) as refused:
        till.returning.prepare_void(receipt.name)
    assert refused.value.fact == "sale-open"
    till.abort()
    assert till.returning.prepare_void(receipt.name) == receipt
    void, _ = till.returning.void_undone(receipt.name)
    assert void.payments[0].amount == euros("-1.39")
    with pytest.raises(StepRefused):
        till.returning.prepare_void(receipt.name)
