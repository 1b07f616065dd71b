"""Vouchers: taxed at the right moment, never worth less than nothing here, bounded without a line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from schemas.keys import Barcode, TaxClass, TaxZone, TenderKey, VoucherNumber
from schemas.money import Money
from schemas.quantity import Quantity
from schemas.tax import Rate, Tax
from services.database import beginning, changes, organisation
from services.database.customers import HoldRow
from services.database.sales import VoucherRow
from services.register.label import gs1_digit
from services.register.refusal import StepRefused
from services.till.till import Till
from services.till.vouchers import new_number
from tests.pretend.branch import Chain, euros

MILK, MULTI, SINGLE = Barcode("4012345678901"), Barcode("9000"), Barcode("9001")
VOUCHER = TenderKey("voucher")


@pytest.fixture
def selling(any_chain: Chain) -> Chain:
    """A chain that sells vouchers of both kinds."""
    with any_chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.rules = {"voucher_budget": "20.00 EUR"}
        organisation.announce(session, "company", company.key, "test")
        zero = Tax(TaxClass("C"), TaxZone("de"), "0 %", (Rate(beginning.EPOCH, Decimal(0)),))
        changes.record(session, zero, changes.CHAIN, "test")
    any_chain.stock(MULTI, "Gutschein", voucher="multi", tax="C")
    any_chain.stock(SINGLE, "Waschgutschein", voucher="single", tax="A")
    any_chain.publish()
    return any_chain


def issued(till: Till, code: Barcode) -> VoucherNumber:
    till.scan(code)
    receipt, _ = till.pay()
    number = receipt.lines[0].voucher
    assert number is not None
    return number


def test_a_number_is_an_ean_and_cannot_be_guessed() -> None:
    numbers = {new_number() for _ in range(1000)}
    assert len(numbers) == 1000
    assert all(gs1_digit(n[:-1]) == int(n[-1]) and len(n) == 13 for n in numbers)


def test_the_slip_bears_the_number_of_a_voucher_for_people_and_scanners(selling: Chain) -> None:
    with selling.till("014-1") as till:
        till.scan(MULTI)
        till.scan(MILK)
        sale, _ = till.pay()
        number = sale.lines[0].voucher
        bearing = [row for row in till.prints.rows(sale) if row.text == f"  Nummer {number}"]
        assert [row.code for row in bearing] == [number]
        assert [row for row in till.prints.gift(sale) if row.code == number]


def test_a_multi_purpose_voucher_is_taxed_when_it_is_redeemed(selling: Chain) -> None:
    with selling.till("014-1") as till:
        till.scan(MULTI)
        sale, _ = till.pay()
        assert [row.tax.minor for row in sale.taxes] == [0]
        number = sale.lines[0].voucher
        assert number is not None
        assert till.vouchers.worth(number) == euros("20.00")
        till.scan(MILK)
        redeemed, _ = till.pay([(VOUCHER, euros("1.39"), number)])
        assert redeemed.taxes[0].tax.minor == 9
        assert redeemed.payments[0].reference == number
        assert not redeemed.payments[0].offline
        assert till.vouchers.worth(number) == euros("18.61")


def test_a_voucher_sold_here_is_never_worth_less_than_nothing(selling: Chain) -> None:
    with selling.till("014-1") as till:
        number = issued(till, MULTI)
        for _ in range(20):
            till.scan(MILK)
        till.paying.tender(VOUCHER, euros("15.00"), reference=number)
        with pytest.raises(StepRefused, match=r"worth 5\.00"):
            till.pay([(VOUCHER, euros("12.80"), number)])
        till.paying.tender(VOUCHER, euros("5.00"), reference=number)
        till.pay()
        till.scan(MILK)
        with pytest.raises(StepRefused, match=r"worth 0\.00"):
            till.pay([(VOUCHER, euros("1.39"), number)])
        with pytest.raises(StepRefused, match="number"):
            till.pay([(VOUCHER, euros("1.39"))])


def test_a_single_purpose_voucher_was_taxed_when_it_was_sold(selling: Chain) -> None:
    with selling.till("014-1") as till:
        till.scan(SINGLE)
        sale, _ = till.pay()
        number = sale.lines[0].voucher
        assert number is not None
        assert [(row.class_, row.tax.minor) for row in sale.taxes] == [("A", 319)]
        till.scan(Barcode("40123455"), at=None)
        till.vouchers.redeem_single(number, euros("0.95"))
        receipt, _ = till.pay()
        assert receipt.total == euros("0.08"), "the deposit alone is paid"
        assert sum(row.gross.minor for row in receipt.taxes) == 8
        till.scan(MILK, Quantity(20_000))
        with pytest.raises(StepRefused, match="more than"):
            till.vouchers.redeem_single(number, -euros("5.00"))
        with pytest.raises(StepRefused, match=r"worth 19\.05"):
            till.vouchers.redeem_single(number, euros("19.06"))
    selling.look("014-1")
    with selling.office.reading() as session:
        row = session.scalars(sa.select(VoucherRow)).one()
        assert (row.number, row.kind, row.issued, row.redeemed) == (number, "single", 2000, 95)


def test_without_a_line_vouchers_are_taken_within_a_budget_and_spent_twice_is_found(
    selling: Chain,
) -> None:
    with selling.till("014-1") as till:
        number = issued(till, MULTI)
        selling.look("014-1")
        for _ in range(14):
            till.scan(MILK)
        till.pay([(VOUCHER, euros("19.46"), number)])
    with selling.till("014-2") as till:
        for _ in range(14):
            till.scan(MILK)
        receipt, _ = till.pay([(VOUCHER, euros("19.46"), number)])
        assert receipt.payments[0].offline, "the other till's voucher: only head office could tell"
        till.scan(MILK)
        with pytest.raises(StepRefused, match="may not risk"):
            till.pay([(VOUCHER, euros("1.39"), "2912345678901")])
        selling.look("014-2")
        till.pay([(VOUCHER, euros("1.39"), "2912345678901")])  # the budget is free again
    selling.look("014-1")
    selling.look("014-2")
    with selling.office.reading() as session:
        row = session.get_one(VoucherRow, (number, "EUR"))
        assert row.issued - row.redeemed == 2000 - 2 * 1946, "bounded by the budget, and found"


def test_a_till_without_a_budget_takes_no_voucher_it_does_not_know(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        with pytest.raises(StepRefused, match="may not risk"):
            till.pay([(VOUCHER, Money(139, till.basket.currency), "2912345678901")])


def test_a_voucher_that_is_sold_once_more_is_another_one(selling: Chain) -> None:
    with selling.till("014-1") as till:
        till.scan(MULTI)
        till.circumstances.repeat(1)
        first, _ = till.pay()
        till.circumstances.copy(first)
        second, _ = till.pay()
        numbers = {line.voucher for line in (*first.lines, *second.lines)}
        assert len(numbers - {None}) == 4
        role = till.catalogue.role(till.whoever.role)
        assert role is not None
        less = replace(role, rights=tuple(r for r in role.rights if r.name != "voucher-sell"))
        till.rights._role = lambda: less  # type: ignore[method-assign]
        with pytest.raises(StepRefused, match="voucher-sell"):
            till.circumstances.copy(first)


def test_what_was_taken_here_counts_though_head_office_has_it_not_yet(selling: Chain) -> None:
    with selling.till("014-1") as till:
        number = issued(till, MULTI)
        till.scan(MILK)
        with selling.line("014-1"):  # it is not known there yet, but here
            till.authority.ask("voucher", number, euros("1.39"))
        till.pay([(VOUCHER, euros("1.39"), number)])
    selling.look("014-1")
    with selling.till("014-1") as till:
        till.scan(MILK, Quantity(20000))
        till.paying.tender(VOUCHER, euros("18.61"), reference=number)
        till.pay()  # while the line is away
        with selling.line("014-1"):
            till.scan(MILK, Quantity(20000))
            answer = till.authority.ask("voucher", number, euros("18.61"))
            assert answer is not None
            assert answer.state == "granted"
            with pytest.raises(StepRefused, match=r"worth 0\.00"):
                till.paying.tender(VOUCHER, euros("18.61"), reference=number)


def test_head_office_says_what_a_voucher_of_elsewhere_is_worth(selling: Chain) -> None:
    with selling.till("014-1") as till:
        number = issued(till, MULTI)
    selling.look("014-1")
    with selling.till("014-2") as till, selling.line("014-2"):
        for _ in range(20):
            till.scan(MILK)
        answer = till.authority.ask("voucher", number, euros("27.80"))
        assert answer is not None
        assert (answer.state, answer.left, answer.voucher_kind) == (
            "refused", euros("20.00"), "multi",
        )  # fmt: skip
        with pytest.raises(StepRefused, match=r"worth 20\.00"):
            till.paying.tender(VOUCHER, euros("20.01"), reference=number)
        assert till.authority.ask("voucher", number, euros("20.00")) is not None
        till.paying.tender(VOUCHER, euros("20.00"), reference=number)
        receipt, _ = till.pay()
        assert not receipt.payments[0].offline
        till.scan(MILK)
        nowhere = VoucherNumber("2900000000001")
        till.authority.ask("voucher", nowhere, euros("1.39"))
        with pytest.raises(StepRefused, match="has been sold"):
            till.paying.tender(VOUCHER, euros("1.00"), reference=nowhere)
        till.abort()
    with selling.till("014-1") as till, selling.line("014-1"):  # its end has not come yet
        till.scan(MILK)
        answer = till.authority.ask("voucher", number, euros("1.39"))
        assert answer is not None
        assert answer.state == "refused"


def test_a_voucher_that_was_spent_elsewhere_is_not_voided_here(selling: Chain) -> None:
    with selling.till("014-1") as till:
        number = issued(till, MULTI)
        sale = till.last
        assert sale is not None
        selling.look("014-1")
        with selling.till("014-2") as other:
            other.scan(MILK)
            other.pay([(VOUCHER, euros("1.39"), number)])
        selling.look("014-2")
        with selling.line("014-1"):
            with pytest.raises(StepRefused, match=r"worth 18\.61"):
                till.returning.void(sale.name)
            with pytest.raises(StepRefused, match=r"worth 18\.61"):
                till.returning.prepare_void(sale.name)
        till.returning.void(sale.name)  # without a line: within the allowance
    selling.look("014-1")
    assert worth(selling, number) == -139, "bounded, and found"


def test_a_void_without_a_line_is_within_the_allowance_or_refused(selling: Chain) -> None:
    with selling.till("014-1") as till:
        issued(till, MULTI)
        first = till.last
        issued(till, SINGLE)
        second = till.last
        assert first is not None
        assert second is not None
        selling.look("014-1")
        void, _ = till.returning.void(first.name)
        assert [line.offline for line in void.lines] == [True]
        with pytest.raises(StepRefused, match=r"up to 0\.00"):
            till.returning.void(second.name)
        issued(till, MULTI)
        young = till.last
        assert young is not None
        void, _ = till.returning.void(young.name)  # head office has not heard of it: nobody has
        assert [line.offline for line in void.lines] == [None]
        selling.look("014-1")
        till.returning.void(second.name)  # the budget is free again


def test_while_a_voucher_is_voided_nobody_else_is_granted_it(selling: Chain) -> None:
    with selling.till("014-1") as till:
        number = issued(till, MULTI)
        sale = till.last
        assert sale is not None
        selling.look("014-1")
        with selling.line("014-1"):
            till.returning.prepare_void(sale.name)
        with selling.till("014-2") as other, selling.line("014-2"):
            other.scan(MILK)
            answer = other.authority.ask("voucher", number, euros("1.39"))
            assert answer is not None
            assert answer.state == "refused"
            void, _ = till.returning.void_undone(sale.name)
            assert [line.offline for line in void.lines] == [None]
            selling.look("014-1")
            with selling.office.reading() as session:
                assert session.scalar(sa.select(sa.func.count()).select_from(HoldRow)) == 0
    assert worth(selling, number) == 0


@pytest.mark.parametrize("code", [MULTI, SINGLE])
def test_without_a_line_its_own_voucher_is_a_risk_once_head_office_knows_it(
    selling: Chain, code: Barcode
) -> None:
    def take(till: Till, number: VoucherNumber, amount: str) -> None:
        till.scan(MILK, Quantity(20_000))
        if code == MULTI:
            till.paying.tender(VOUCHER, euros(amount), reference=number)
        else:
            till.vouchers.redeem_single(number, euros(amount))

    with selling.till("014-1") as till:
        number, other = issued(till, code), issued(till, code)
        take(till, number, "5.00")
        till.pay()
        selling.look("014-1")
        take(till, number, "12.00")
        with pytest.raises(StepRefused, match=r"up to 8\.00"):
            take(till, other, "8.01")
        till.pay()
        with pytest.raises(StepRefused, match=r"up to 8\.00"):
            take(till, other, "8.01")
        till.abort()
        with selling.line("014-1"):
            till.scan(MILK, Quantity(20_000))
            till.authority.ask("voucher", other, euros("20.00"))
            take(till, other, "20.00")
            receipt, _ = till.pay()
    assert not any(p.offline for p in receipt.payments)
    assert not any(line.offline for line in receipt.lines)


def worth(chain: Chain, number: VoucherNumber) -> int:
    with chain.office.reading() as session:
        row = session.get_one(VoucherRow, (number, "EUR"))
        return row.issued - row.redeemed
