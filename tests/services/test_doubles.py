"""What two tills gave or took twice without a line is found when both have come up, and stops nothing."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.keys import Barcode, TenderKey
from schemas.quantity import Quantity
from schemas.receipt import Receipt
from services.database.sales import QuarantineRow, ReceiptRow, ReturnedRow
from services.demo.chain import Seat
from services.evaluation import attention
from services.journal import read
from services.register import returns, slipcode
from services.spool import ingest
from services.till.till import Till
from tests.pretend.branch import Chain
from tests.services import test_ingest, test_vouchers

MILK = Barcode("4012345678901")
DEFECT = returns.Given("defect")
selling = test_vouchers.selling


def sold(till: Till, pieces: int) -> tuple[Receipt, str]:
    till.scan(MILK, Quantity(pieces * 1000))
    receipt, _ = till.pay()
    text = slipcode.code(receipt, till.catalogue.own.slip_key or "")
    assert text
    return receipt, text


def back(chain: Chain, name: str, text: str, pieces: int) -> Receipt:
    with chain.till(name) as till:
        till.returning.take_back(till.returning.find(text), 1, Quantity(pieces * 1000), DEFECT)
        return till.pay()[0]


def found(chain: Chain) -> list[tuple[str, str]]:
    """Each finding: its kind, and what is said."""
    with chain.office.reading() as session:
        rows = attention.quarantine(session, None)
        return [(attention.kind_of(row.reason), row.reason) for row in rows]


@pytest.mark.parametrize("order", ["012", "201", "210", "120"])
def test_a_slip_that_was_refunded_at_two_tills_is_found_in_whatever_order_they_come(
    any_chain: Chain, order: str
) -> None:
    with any_chain.till("014-1") as till:
        receipt, text = sold(till, 2)
    if order[0] == "0":
        any_chain.look("014-1")
    first = back(any_chain, "014-1", text, 1)
    second = back(any_chain, "014-2", text, 2)
    for place in order:
        any_chain.look({"0": "014-1", "1": "014-1", "2": "014-2"}[place])
    ((kind, said),) = found(any_chain)
    assert kind == "returned"
    for name in (receipt.name, first.name, second.name, "Milch", "3 of 2"):
        assert name in said
    with any_chain.office.reading() as session:
        counted = session.scalar(sa.select(sa.func.count()).select_from(ReceiptRow))
        assert counted == 3, "all of it counts"
        (row,) = attention.quarantine(session, None)
        assert row.document
        assert attention.of_quarantine(session, None)[0].count == 1
    assert any_chain.desk("014-2").acknowledged().numbers["1"] == 1
    any_chain.look("014-2")
    assert len(found(any_chain)) == 1


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 2)), max_size=5), st.integers(1, 4))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_raised_exactly_when_more_came_back_than_was_sold(
    chain: Chain, parts: list[tuple[bool, int]], pieces: int
) -> None:
    before = len(found(chain))
    with chain.till("014-1") as till:
        receipt, text = sold(till, pieces)
    taken = {"014-1": 0, "014-2": 0}
    for here, many in parts:
        name = "014-1" if here else "014-2"
        if taken[name] + many <= pieces:  # a till never takes more than was sold
            back(chain, name, text, many)
            taken[name] += many
    chain.look("014-2")
    chain.look("014-1")
    raised = [said for _, said in found(chain)[: len(found(chain)) - before]]
    assert bool(raised) == (sum(taken.values()) > pieces)
    assert all(receipt.name in said for said in raised)


def test_what_was_voided_has_not_come_back(any_chain: Chain) -> None:
    with any_chain.till("014-1") as till:
        _, text = sold(till, 1)
        till.returning.take_back(till.returning.find(text), 1, Quantity(1000), DEFECT)
        wrong, _ = till.pay()
        till.returning.void(wrong.name)
        _, other = sold(till, 1)
        till.returning.void(str(till.last.number) if till.last else "")
    back(any_chain, "014-2", text, 1)
    any_chain.look("014-1")
    any_chain.look("014-2")
    assert found(any_chain) == []
    back(any_chain, "014-2", other, 1)  # its receipt was voided at the other till
    any_chain.look("014-2")
    assert [kind for kind, _ in found(any_chain)] == ["returned"]


def test_two_tills_that_come_up_in_the_same_moment_are_found(any_chain: Chain) -> None:
    with any_chain.till("014-1") as till:
        _, text = sold(till, 1)
    any_chain.look("014-1")
    for name in ("014-1", "014-2"):
        back(any_chain, name, text, 1)

    def come(till: str) -> None:
        with any_chain.office.writing() as connection:
            ingest.ingest(connection, "014", till, journal(any_chain, f"014-{till}"))

    with any_chain.office.writing() as connection:
        ingest.ingest(connection, "014", "1", journal(any_chain, "014-1"))
        second = threading.Thread(target=come, args=("2",))
        second.start()  # while the first is not confirmed yet
        second.join(timeout=0.5)
    second.join()
    assert [kind for kind, _ in found(any_chain)] == ["returned"]


def journal(chain: Chain, name: str) -> list[tuple[str, int, bytes]]:
    kept = read.everything(chain.box(name).journal)
    return [(each.series, each.number, each.data()) for each in kept]


def test_the_receipt_itself_may_come_last(tmp_path: Path) -> None:
    chain = Chain(tmp_path, seats=(Seat("014", "Neustadt", "Weg 1", 3),))
    with chain.till("014-1") as till:
        receipt, text = sold(till, 1)
    for name in ("014-2", "014-3"):
        back(chain, name, text, 1)
        chain.look(name)
    assert found(chain) == [], "nobody knows how much was sold"
    chain.look("014-1")
    ((kind, said),) = found(chain)
    assert kind == "returned"
    assert receipt.name in said
    chain.office.close()


def test_a_voucher_that_was_spent_twice_is_raised(selling: Chain) -> None:
    with selling.till("014-1") as till:
        number = test_vouchers.issued(till, test_vouchers.MULTI)
        till.scan(MILK, Quantity(14_000))
        till.pay([(TenderKey("voucher"), till.basket.total, number)])
    with selling.till("014-2") as till:
        till.scan(MILK, Quantity(14_000))
        till.pay([(TenderKey("voucher"), till.basket.total, number)])
    selling.look("014-2")
    assert found(selling) == [], "its sale is still on its way"
    selling.look("014-1")
    ((kind, said),) = found(selling)
    assert kind == "spent"
    assert number in said
    assert "38.92 EUR of 20.00 EUR" in said


@pytest.mark.parametrize(
    ("origin", "line"),
    [("what-ever", 1), ("014-1-1-99999999999", 1), ("014-1-1-1", 2**40), ("", 0), ("ä-ö-ü-1", 1)],
)
def test_an_origin_that_no_till_writes_stops_nothing(
    any_chain: Chain, origin: str, line: int
) -> None:
    entries = test_ingest.sold(any_chain, 2)
    changed = test_ingest.other(
        lambda receipt: replace(
            receipt,
            lines=tuple(
                replace(li, origin=origin or None, origin_line=line) for li in receipt.lines
            ),
        )
    )
    any_chain.desk("014-1").upload(test_ingest.chained([changed(entry) for entry in entries]))
    assert test_ingest.count(any_chain, ReceiptRow) == 2
    assert test_ingest.count(any_chain, ReturnedRow) == 0
    assert test_ingest.count(any_chain, QuarantineRow) == 0


def test_what_came_back_is_known_by_its_entry(any_chain: Chain) -> None:
    with any_chain.till("014-1") as till:
        receipt, text = sold(till, 3)
        till.returning.take_back(till.returning.find(text), 1, Quantity(2000), DEFECT)
        till.pay()
        last = read.last_number(till.box.journal, till.book.series)
    any_chain.look("014-1")
    with any_chain.office.reading() as session:
        row = session.scalars(sa.select(ReturnedRow)).one()
        assert (row.origin_receipt, row.origin_line, row.thousandths, row.entry) == (
            receipt.number, 1, 2000, last,
        )  # fmt: skip
