"""What customers have does not leak: parts, refunds, voids, returns, merges, undoing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from schemas import xml
from schemas.customer import Customer, Programme
from schemas.keys import CustomerKey, GroupKey, ProgrammeKey, TenderKey
from schemas.quantity import Quantity
from schemas.receipt import Payment
from services.database import articles, changes, customers
from services.database.customers import HoldRow
from services.journal import read
from services.register import returns
from services.register.refusal import StepRefused
from tests.pretend.branch import MILK as MILK_ARTICLE
from tests.pretend.branch import Chain, euros
from tests.services import test_clientele
from tests.services.test_clientele import ACCOUNT, IBAN, POINTS, anna, bought, milk, person, points

COW = ProgrammeKey("cow")
BONUS = ProgrammeKey("bonus")
club = test_clientele.shop


def test_what_is_given_in_two_parts_is_held_whole(club: Chain) -> None:
    with club.till("014-1") as till, club.line("014-1"):
        milk(till, 40)
        till.clientele.choose(anna(till))
        for amount in ("40.00", "5.00"):
            till.authority.ask("account", "20418", euros(amount))
            till.paying.tender(ACCOUNT, euros(amount))
        with club.till("014-2") as other, club.line("014-2"):
            milk(other, 10)
            other.clientele.choose(anna(other))
            answer = other.authority.ask("account", "20418", euros("13.90"))
            assert answer is not None
            assert (answer.state, answer.left) == ("refused", euros("5.00"))


def test_what_goes_back_on_an_account_lends_nothing_to_another_sale(club: Chain) -> None:
    with club.till("014-1") as till, club.line("014-1"):
        milk(till, 40)
        till.clientele.choose(anna(till))
        till.authority.ask("account", "20418", euros("-50.00"))
        with club.till("014-2") as other, club.line("014-2"):
            milk(other, 40)
            other.clientele.choose(anna(other))
            answer = other.authority.ask("account", "20418", euros("55.60"))
            assert answer is not None
            assert (answer.state, answer.left) == ("refused", euros("50.00"))


def test_what_is_not_wanted_any_more_frees_just_that(club: Chain) -> None:
    with club.till("014-1") as till, club.line("014-1"):
        milk(till, 30)
        other = "DE02120300000000202051"
        for account in (IBAN, other):
            till.authority.ask("debit", account, euros("10.00"))
        till.authority.ask("debit", other, euros("0.00"))
        with club.office.reading() as session:
            assert [row.key for row in session.scalars(sa.select(HoldRow))] == [IBAN]


def test_what_points_paid_brings_no_points_of_a_group_either(club: Chain) -> None:
    dairy = Programme(COW, euros("0.01"), "Kuh", group=GroupKey("dairy"), per=euros("1.00"))
    with club.office.session() as session:
        articles.put(session, replace(MILK_ARTICLE, group=GroupKey("dairy")), "test")
        changes.record(session, dairy, changes.CHAIN, "test")
    club.publish()
    with club.till("014-1") as till:
        bought(till, 100)
        milk(till)
        till.clientele.choose(anna(till))
        till.paying.tender(POINTS, euros("0.90"))
        receipt, _ = till.pay()
        brought = {e.programme: e.points for e in receipt.earned}
        assert (brought[COW], brought[BONUS]) == (Decimal("0.49"), Decimal("0.49"))
        sold = till.returning.find(receipt.name)
        till.returning.take_back(sold, 1, Quantity(1000), returns.Given("defect"))
        back, _ = till.pay()
        taken = {e.programme: -e.points for e in back.earned if not e.used}
        assert (taken[COW], taken[BONUS]) == (brought[COW], brought[BONUS])


def test_a_void_takes_what_the_receipt_brought_though_the_programme_changed(club: Chain) -> None:
    with club.till("014-1") as till:
        name = bought(till, 10)
    with club.office.session() as session:
        less = Programme(BONUS, euros("0.01"), "Bonus", per=euros("2.00"))
        changes.record(session, less, changes.CHAIN, "test")
    club.publish()
    club.look("014-1")
    with club.till("014-1") as till:
        till.returning.void(name)
    club.look("014-1")
    assert points(club) == 0


def test_what_was_put_on_an_account_is_not_booked_as_cash(club: Chain) -> None:
    cash, card = TenderKey("cash"), TenderKey("card")
    with club.till("014-1") as till:
        milk(till, 10)
        till.clientele.choose(anna(till))
        receipt, _ = till.pay([(ACCOUNT, euros("10.00")), (cash, euros("3.90"))])
        on_account = receipt.payments[0]
        money = Payment(cash, "cash", "Bar", euros("13.90"))
        with pytest.raises(StepRefused, match="stays"):
            till.returning.change_tender(receipt.name, (money,), "key")
        rest = Payment(card, "card", "Karte", euros("3.90"))
        note = till.returning.change_tender(receipt.name, (on_account, rest), "key")
        assert note.after == (on_account, rest)
        till.returning.void(receipt.name)
        assert till.clientele.wallet(anna(till)).owed == euros("0.00")


def test_undoing_makes_no_account_anothers(club: Chain) -> None:
    bert = Customer(CustomerKey("2"), "Bert", limit=euros("1.00"))
    with club.office.session() as session:
        customers.put(session, bert, "test")
    club.publish()
    with club.till("014-1") as till:
        milk(till, 10)
        before = till.clientele.choose(bert)
        till.clientele.choose(anna(till))
        till.paying.tender(ACCOUNT, euros("10.00"))
        with pytest.raises(StepRefused, match="given already"):
            till.take_back(before)
        receipt, _ = till.pay()
        assert receipt.customer == receipt.payments[0].reference == "20418"


def test_who_collected_for_goods_gives_it_back_whoever_brings_them(club: Chain) -> None:
    with club.till("014-1") as till:
        sold = till.returning.find(bought(till, 7))
        other = till.clientele.register(person())
        back = (sold, 1, Quantity(7000), returns.Given("defect"))
        till.returning.take_back(*back)
        for somebody in (None, other):
            with pytest.raises(StepRefused, match="bought by Anna"):
                till.clientele.choose(somebody)
        till.void_line(1)
        till.clientele.choose(other)
        with pytest.raises(StepRefused, match="bought by Anna"):
            till.returning.take_back(*back)
        till.clientele.choose(anna(till))
        till.returning.take_back(*back)
        till.pay()
        assert till.clientele.wallet(anna(till)).points == {"bonus": 0}


def test_what_came_before_its_customer_was_known_goes_to_whom_they_turn_out_to_be(
    club: Chain,
) -> None:
    with club.till("014-1") as till:
        first = till.clientele.register(person(phone="0351 123"))
    club.look("014-1")
    with club.till("014-2") as till:
        again = till.clientele.register(person(phone="0351 123"))
        till.clientele.choose(again)
        milk(till, 10)
        till.pay()
    assert again.key != first.key
    entries = [
        (e.series, e.number, e.path.read_bytes())
        for e in read.present(club.box("014-2").journal, "1", 0)
    ]
    for entry in reversed(entries):
        club.desk("014-2").upload([entry])
    assert points(club, first.key) == 13900


def test_two_who_are_one_have_one_sum_at_every_till(club: Chain) -> None:
    said = {"014-1": person(phone="0351 123"), "014-2": person(email="j@x.de")}
    for name, customer in said.items():
        with club.till(name) as till:
            till.clientele.choose(till.clientele.register(customer))
            milk(till, 10)
            till.pay()
        club.look(name)
    with club.till("014-1") as till:
        till.clientele.register(person(phone="0351 123", email="j@x.de"))
    for name in ("014-1", "014-2"):
        club.look(name)
        club.publish()
    for name, customer in said.items():
        club.look(name)
        with club.till(name) as till:
            found = till.clientele.shown(customer.key)
            assert found is not None
            assert till.clientele.wallet(found).points == {"bonus": Decimal("27.800")}


@pytest.mark.parametrize("worth", ["0.00", "-0.01"])
def test_points_that_are_worth_nothing_are_no_programme(worth: str) -> None:
    sound = Programme(BONUS, euros("0.01"), "Bonus", per=euros("100.00"))
    assert xml.load(Programme, xml.dump(sound)) == sound
    for wrong in (replace(sound, worth=euros(worth)), replace(sound, per=euros(worth))):
        with pytest.raises(xml.DocumentRefused):
            xml.load(Programme, xml.dump(wrong))


def test_a_customer_by_a_number_from_before_has_one_account(club: Chain) -> None:
    with club.till("014-1") as till:
        former = till.clientele.register(person(phone="0351 123"))
    with club.office.session() as session:
        limited = replace(person(phone="0351 123"), key=CustomerKey("1"), limit=euros("50.00"))
        customers.put(session, limited, "test")
    club.look("014-1")
    club.publish()
    club.look("014-1")
    with club.till("014-1") as till, club.line("014-1"):
        found = till.clientele.shown(former.key)
        assert found is not None
        milk(till, 40)
        till.basket = replace(
            till.basket, customer=next(iter({former.key, CustomerKey("1")} - {found.key}))
        )
        for amount in ("40.00", "5.00"):
            till.authority.ask("account", found.key, euros(amount))
            till.paying.tender(ACCOUNT, euros(amount))
        with club.office.reading() as session:
            assert [row.amount for row in session.scalars(sa.select(HoldRow))] == [4500]
