"""Customers: made without a line and merged by rule; points that never double; accounts within limits."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from schemas.customer import Card, Customer, Programme
from schemas.keys import Barcode, CustomerKey, GroupKey, ProgrammeKey, TenderKey
from schemas.quantity import Quantity
from schemas.tender import Tender
from services.database import articles, changes, customers, organisation
from services.database.customers import AccountMove, CustomerRow, HoldRow, PointsMove
from services.journal import read
from services.register import clientele, returns
from services.register.refusal import StepRefused
from services.till import authority
from services.till.clientele import new_number
from services.till.till import Till
from tests.pretend.branch import MILK as MILK_ARTICLE
from tests.pretend.branch import Chain, euros

MILK = Barcode("4012345678901")
ACCOUNT, POINTS, DEBIT = TenderKey("account"), TenderKey("points"), TenderKey("debit")
IBAN = "DE89370400440532013000"
ANNA = Customer(CustomerKey("20418"), "Anna Seidel", limit=euros("50.00"))


@pytest.fixture
def shop(any_chain: Chain) -> Chain:
    """A chain with an account customer, points for money, and stamps for milk."""
    with any_chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.rules = {
            "account_budget": "30.00 EUR",
            "points_budget": "1.00 EUR",
            "debit_budget": "40.00 EUR",
        }
        organisation.announce(session, "company", company.key, "test")
        for document in (
            Programme(ProgrammeKey("bonus"), euros("0.01"), "Bonus", per=euros("1.00")),
            Programme(
                ProgrammeKey("milk"), euros("0.10"), "Milch", group=GroupKey("dairy"), least=10
            ),
            Tender(ACCOUNT, "account", "Kundenkonto"),
            Tender(POINTS, "points", "Punkte", programme=ProgrammeKey("bonus")),
            Tender(DEBIT, "debit", "Lastschrift", offline_most=euros("25.00")),
        ):
            changes.record(session, document, changes.CHAIN, "test")
        customers.put(session, ANNA, "test")
    any_chain.publish()
    return any_chain


def milk(till: Till, many: int = 1) -> None:
    till.scan(MILK, Quantity(many * 1000))


def anna(till: Till) -> Customer:
    found = till.clientele.shown("20418")
    assert found is not None
    return found


def bought(till: Till, many: int) -> str:
    """So much milk, paid in cash by Anna."""
    milk(till, many)
    till.clientele.choose(anna(till))
    return till.pay()[0].name


def points(chain: Chain, key: str = "20418") -> int:
    with chain.office.reading() as session:
        return customers.collected(session, key, "bonus").get("bonus", 0)


def debt(chain: Chain) -> int:
    with chain.office.reading() as session:
        return customers.owed(session, "20418", "EUR")


def holds(chain: Chain) -> int:
    with chain.office.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(HoldRow)) or 0


def person(**more: object) -> Customer:
    return Customer(new_number(), **{"name": "Jürgen Groß", **more})  # type: ignore[arg-type]


# Who


def test_who_is_the_same_person() -> None:
    one = person(phone="+49 351 123", email="j@x.de", cards=(Card(Barcode("C1")),))
    assert clientele.same(one, person(phone="0351/123"))
    assert clientele.same(one, person(name="GROSS, Jurgen", email="J@X.de"))
    assert clientele.same(one, person(name="Somebody", cards=(Card(Barcode("C1")),)))
    assert not clientele.same(one, person())
    assert not clientele.same(one, person(name="Jürgen Klein", phone="0351 123"))
    assert not clientele.same(person(), person())


def test_made_on_two_tills_without_a_line_it_is_one_customer_and_nothing_is_lost(
    shop: Chain,
) -> None:
    with shop.till("014-1") as one, shop.till("014-2") as two:
        first = one.clientele.register(person(phone="0351 123", email="j@x.de"))
        second = two.clientele.register(person(phone="+49351123", address="Weg 1"))
        assert first.key != second.key
        for till, customer, many in ((one, first, 2), (two, second, 3)):
            milk(till, many)
            till.clientele.choose(customer)
            till.pay()
    for name in ("014-2", "014-1"):  # whoever comes first
        shop.look(name)
    shop.publish()
    with shop.office.reading() as session:
        kept = [row for row in session.scalars(sa.select(CustomerRow)) if not row.into]
        kept = [row for row in kept if row.name == "Jürgen Groß"]
        assert len(kept) == 1
        assert (kept[0].email, kept[0].address) == ("j@x.de", "Weg 1")
        assert customers.collected(session, kept[0].key, "bonus") == {"bonus": 2780 + 4170}
        key = kept[0].key
    for name in ("014-1", "014-2"):
        shop.look(name)
        with shop.till(name) as till:
            for number in (first.key, second.key):
                found = till.clientele.shown(number)
                assert found is not None
                assert found.key == key
            assert [c.key for c in till.clientele.find("jurg")] == [key]


def test_a_customer_is_found_by_the_beginning_of_what_is_known(shop: Chain) -> None:
    with shop.till("014-1") as till:
        said = till.clientele.register(
            person(phone="0351 / 4455", email="jg@firma.de", cards=(Card(Barcode("777001")),))
        )
        for text in ("jurg gro", "GROSS", "0351 44", "jg", "777001", said.key):
            assert [c.key for c in till.clientele.find(text)] == [said.key], text
        assert till.clientele.find("nobody") == []
        assert till.clientele.shown("777001") == said
    shop.look("014-1")
    shop.publish()
    shop.look("014-2")
    with shop.till("014-2") as other:
        for text in ("jurg gro", "gross", "0351 44", "jg", "777001"):
            assert [c.key for c in other.clientele.find(text)] == [said.key], text


def test_the_same_customer_is_not_made_twice_at_one_till(shop: Chain) -> None:
    with shop.till("014-1") as till:
        first = till.clientele.register(person(phone="0351 123"))
        again = till.clientele.register(person(phone="0351 123", email="new@x.de"))
        assert again.key == first.key
        assert again.email == "new@x.de"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "  "), ("phone", "call me"), ("email", "a@b@c"), ("email", "x\ny@z.de")],
)
def test_what_cannot_be_so_is_refused_and_nothing_is_kept(
    shop: Chain, field: str, value: str
) -> None:
    with shop.till("014-1") as till:
        with pytest.raises(StepRefused):
            till.clientele.register(person(**{field: value}))
        assert read.last_number(shop.box("014-1").journal, till.book.series) == 0


def test_a_till_decides_neither_limit_nor_group(shop: Chain) -> None:
    with shop.till("014-1") as till:
        said = Customer(ANNA.key, "Anna Seidel-Kurz", limit=euros("9999.00"), customers="staff")
        kept = till.clientele.register(said)
        assert kept.limit == euros("50.00")
    shop.look("014-1")
    shop.publish()
    with shop.office.reading() as session:
        row = customers.find(session, "20418")
        assert row is not None
        assert (row.name, row.most, row.customers) == ("Anna Seidel-Kurz", 5000, None)


# What they collect


def test_points_come_once_however_often_they_are_sent(shop: Chain) -> None:
    with shop.till("014-1") as till:
        bought(till, 10)
        assert till.clientele.wallet(anna(till)).points == {"bonus": Decimal("13.9")}
    entries = [
        (e.series, e.number, e.path.read_bytes())
        for e in read.present(shop.box("014-1").journal, "1", 0)
    ]
    for _ in range(3):
        shop.desk("014-1").upload(entries)
    assert points(shop) == 13900
    shop.look("014-1")
    shop.publish()
    shop.look("014-1")
    with shop.till("014-1") as till:  # told back, and not counted twice
        assert till.clientele.wallet(anna(till)).points == {"bonus": Decimal("13.900")}


def test_what_comes_back_takes_exactly_what_it_brought(shop: Chain) -> None:
    with shop.till("014-1") as till:
        name = bought(till, 7)
        for many in (1, 4, 2):
            sold = till.returning.find(name)
            till.returning.take_back(sold, 1, Quantity(many * 1000), returns.Given("defect"))
            till.pay()
        assert till.clientele.wallet(anna(till)).points == {"bonus": 0}
        till.returning.void(bought(till, 3))
        assert till.clientele.wallet(anna(till)).points == {"bonus": 0}
    shop.look("014-1")
    assert points(shop) == 0


def test_stamps_count_pieces_of_their_group_alone(shop: Chain) -> None:
    with shop.office.session() as session:
        articles.put(session, replace(MILK_ARTICLE, group=GroupKey("dairy")), "test")
    shop.publish()
    with shop.till("014-1") as till:
        milk(till, 3)
        till.scan(Barcode("40123455"))
        till.clientele.choose(anna(till))
        receipt, _ = till.pay()
        assert [e.points for e in receipt.earned if e.programme == "milk"] == [3]


def test_practice_brings_nothing(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.train(training=True)
        milk(till, 10)
        till.clientele.choose(anna(till))
        receipt, _ = till.pay()
        assert receipt.earned == ()
        with pytest.raises(StepRefused):
            till.clientele.register(person())


def test_points_pay_what_head_office_says_they_are_worth(shop: Chain) -> None:
    with shop.till("014-1") as till:
        bought(till, 100)  # 139 points
    shop.look("014-1")
    with shop.till("014-2") as till, shop.line("014-2"):
        milk(till, 2)
        till.clientele.choose(anna(till))
        answer = till.authority.ask("points", "20418", euros("1.39"), ProgrammeKey("bonus"))
        assert answer is not None
        assert (answer.state, answer.left) == ("granted", euros("1.39"))
        with pytest.raises(StepRefused, match="139"):
            till.pay([(POINTS, euros("1.40")), (TenderKey("cash"), euros("1.38"))])
        receipt, _ = till.pay([(POINTS, euros("1.39")), (TenderKey("cash"), euros("1.39"))])
        used = receipt.payments[0]
        assert (used.points, used.reference, used.offline) == (139, "bonus", None)
        assert receipt.earned[0].points == Decimal("1.39"), "only what was paid otherwise counts"
        assert sum(row.gross.minor for row in receipt.taxes) == 139, "less is taxed"
    assert holds(shop) == 1
    shop.look("014-2")
    assert holds(shop) == 0
    assert points(shop) == 1390


def test_a_void_gives_points_back_and_takes_them_away(shop: Chain) -> None:
    with shop.till("014-1") as till:
        bought(till, 100)
        milk(till)
        till.clientele.choose(anna(till))
        till.paying.tender(POINTS, euros("0.90"))
        receipt, _ = till.pay()
        void, _ = till.returning.void(receipt.name)
        assert [p.points for p in void.payments] == [-90, None]
        assert till.clientele.wallet(anna(till)).points == {"bonus": Decimal(139)}
    shop.look("014-1")
    assert points(shop) == 139000


def test_without_a_line_points_are_taken_within_a_budget(shop: Chain) -> None:
    with shop.till("014-1") as till:
        bought(till, 100)
        milk(till)
        till.clientele.choose(anna(till))
        with pytest.raises(StepRefused, match=r"up to 1\.00"):
            till.paying.tender(POINTS, euros("1.20"))
        till.paying.tender(POINTS, euros("0.90"))
        receipt, _ = till.pay()
        assert receipt.payments[0].offline
        milk(till)
        till.clientele.choose(anna(till))
        with pytest.raises(StepRefused, match=r"up to 0\.10"):
            till.paying.tender(POINTS, euros("0.20"))
    shop.look("014-1")
    with shop.till("014-1") as till:  # head office has it: the budget is whole again
        milk(till)
        till.clientele.choose(anna(till))
        till.paying.tender(POINTS, euros("0.40"))


def test_the_last_points_are_granted_to_one_till_only(shop: Chain) -> None:
    with shop.till("014-1") as till:
        bought(till, 100)
    shop.look("014-1")
    said: dict[str, str] = {}

    def ask(name: str) -> None:
        with shop.till(name) as till, shop.line(name):
            milk(till, 2)
            till.clientele.choose(anna(till))
            answer = till.authority.ask("points", "20418", euros("1.39"), ProgrammeKey("bonus"))
            assert answer is not None
            said[name] = answer.state

    asking = [threading.Thread(target=ask, args=(name,)) for name in ("014-1", "014-2")]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert sorted(said.values()) == ["granted", "refused"]


# What they owe


def test_head_office_authorises_what_goes_on_account(shop: Chain) -> None:
    with shop.till("014-1") as till, shop.line("014-1"):
        milk(till, 30)  # 41.70: more than the till may risk by itself
        till.clientele.choose(anna(till))
        till.authority.ask("account", "20418", euros("41.70"))
        receipt, _ = till.pay([(ACCOUNT, euros("41.70"))])
        assert (receipt.payments[0].reference, receipt.payments[0].offline) == ("20418", None)
    with shop.till("014-2") as other, shop.line("014-2"):
        milk(other, 10)
        other.clientele.choose(anna(other))
        answer = other.authority.ask("account", "20418", euros("13.90"))
        assert answer is not None, "what is held for the first sale is spent already"
        assert (answer.state, answer.left) == ("refused", euros("8.30"))
        with pytest.raises(StepRefused, match=r"8\.30 EUR more"):
            other.pay([(ACCOUNT, euros("13.90"))])
        other.abort()
    shop.look("014-1")
    shop.look("014-2")
    assert (debt(shop), holds(shop)) == (4170, 0)


def test_what_is_paid_in_is_owed_no_more(shop: Chain) -> None:
    with shop.till("014-1") as till:
        milk(till, 10)
        till.clientele.choose(anna(till))
        till.pay([(ACCOUNT, euros("13.90"))])
        assert till.clientele.wallet(anna(till)).owed == euros("13.90")
        till.drawer.pay_in(euros("10.00"), "account", customer=ANNA.key)
        assert till.clientele.wallet(anna(till)).owed == euros("3.90")
    shop.look("014-1")
    assert debt(shop) == 390


def test_goods_that_were_bought_on_account_go_back_on_it(shop: Chain) -> None:
    with shop.till("014-1") as till:
        milk(till, 2)
        till.clientele.choose(anna(till))
        receipt, _ = till.pay([(ACCOUNT, euros("2.78"))])
        sold = till.returning.find(receipt.name)
        till.returning.take_back(sold, 1, Quantity(1000), returns.Given("defect"))
        till.pay([(ACCOUNT, euros("-1.39"))])
        till.returning.take_back(sold, 1, Quantity(1000), returns.Given("defect"))
        with pytest.raises(StepRefused, match="must be theirs"):
            till.clientele.choose(None)  # who bought it has it taken off their account
    shop.look("014-1")
    assert debt(shop) == 139


def test_without_a_line_an_account_holds_within_limit_and_allowance(shop: Chain) -> None:
    with shop.till("014-1") as till:
        milk(till, 30)
        till.clientele.choose(anna(till))
        with pytest.raises(StepRefused, match=r"up to 30\.00"):
            till.pay([(ACCOUNT, euros("41.70"))])
        till.abort()
        milk(till, 20)
        till.clientele.choose(anna(till))
        receipt, _ = till.pay([(ACCOUNT, euros("27.80"))])
        assert receipt.payments[0].offline
        milk(till, 2)
        till.clientele.choose(anna(till))
        with pytest.raises(StepRefused, match=r"up to 2\.20"):
            till.pay([(ACCOUNT, euros("2.78"))])
    shop.look("014-1")
    with shop.office.reading() as session:
        (move,) = session.scalars(sa.select(AccountMove)).all()
        assert (move.amount, move.offline) == (2780, True)


def test_who_has_no_limit_or_is_blocked_buys_nothing_on_account(shop: Chain) -> None:
    with shop.till("014-1") as till:
        other = till.clientele.register(person(phone="0351 9"))
        milk(till)
        till.clientele.choose(other)
        with pytest.raises(StepRefused, match="not buy on account"):
            till.pay([(ACCOUNT, euros("1.39"))])
        till.clientele.choose(None)
        with pytest.raises(StepRefused, match="customer"):
            till.pay([(ACCOUNT, euros("1.39"))])


def test_an_answer_holds_for_its_sale_only(shop: Chain) -> None:
    with shop.till("014-1") as till, shop.line("014-1"):
        milk(till, 30)
        till.clientele.choose(anna(till))
        assert till.authority.ask("account", "20418", euros("41.70")) is not None
        till.abort()
        milk(till, 30)
        till.clientele.choose(anna(till))
        with pytest.raises(StepRefused, match=r"up to 30\.00"):
            till.pay([(ACCOUNT, euros("41.70"))])


def test_no_answer_in_time_is_no_answer(shop: Chain) -> None:
    with shop.till("014-1") as till:
        milk(till)
        question = till.authority.question("account", "20418", euros("1.39"))
        assert question is not None
        assert till.authority.put(question, 0.1) is None
        assert not list(shop.box("014-1").asks.glob("*.xml")), "nobody answers it an hour later"


def test_who_is_blocked_at_head_office_buys_nothing_though_the_till_knows_better(
    shop: Chain,
) -> None:
    with shop.till("014-1") as till, shop.line("014-1"):
        with shop.office.session() as session:
            customers.put(session, replace(ANNA, limit=None), "test")
        milk(till)
        till.clientele.choose(anna(till))
        till.authority.ask("account", "20418", euros("1.39"))
        with pytest.raises(StepRefused, match="not buy on account"):
            till.pay([(ACCOUNT, euros("1.39"))])


def test_what_a_lost_till_holds_is_free_after_a_month(shop: Chain) -> None:
    with shop.office.session() as session:
        session.add(HoldRow(sale="lost", kind="account", key="20418", programme="", branch="014",
                            till="9", currency="EUR", amount=5000,
                            at=datetime.now(UTC) - customers.HELD_AT_MOST))  # fmt: skip
        assert customers.held(session, "account", "20418", "", "other") == 0


def test_asked_twice_it_is_held_once(shop: Chain) -> None:
    with shop.till("014-1") as till, shop.line("014-1"):
        milk(till, 30)
        till.clientele.choose(anna(till))
        for amount in ("41.70", "41.70", "20.00"):
            till.authority.ask("account", "20418", euros(amount))
        with shop.office.reading() as session:
            (hold,) = session.scalars(sa.select(HoldRow)).all()
            assert hold.amount == 2000
        till.authority.ask("account", "20418", euros("0.00"))
        assert holds(shop) == 0


# Vouchers and debits


def test_a_debit_is_asked_for_or_stays_below_its_floor(shop: Chain) -> None:
    with shop.till("014-1") as till:
        milk(till, 20)
        with pytest.raises(StepRefused, match="IBAN"):
            till.pay([(DEBIT, euros("27.80"), "DE89370400440532013001")])
        with pytest.raises(StepRefused, match=r"up to 25\.00"):
            till.pay([(DEBIT, euros("27.80"), IBAN)])
        with shop.line("014-1"):
            till.authority.ask("debit", IBAN, euros("27.80"))
        receipt, _ = till.pay([(DEBIT, euros("27.80"), IBAN)])
        assert not receipt.payments[0].offline
        for total in ("22.24", "16.68"):
            milk(till, 16 if total == "22.24" else 12)
            receipt, _ = till.pay([(DEBIT, euros(total), IBAN)])
            assert receipt.payments[0].offline
        milk(till)
        with pytest.raises(StepRefused, match=r"up to 1\.08"):
            till.pay([(DEBIT, euros("1.39"), IBAN)])
    shop.look("014-1")
    with shop.office.session() as session:
        rows = session.scalars(sa.select(customers.DebitRow)).all()
        assert [row.offline for row in rows] == [False, True, True]
        rows[0].state = "returned"
    with shop.till("014-2") as till, shop.line("014-2"):
        milk(till)
        till.authority.ask("debit", IBAN, euros("1.39"))
        with pytest.raises(StepRefused, match="debited"):
            till.pay([(DEBIT, euros("1.39"), IBAN)])


def test_moves_are_the_balance(shop: Chain) -> None:
    with shop.till("014-1") as till:
        for many in (1, 2, 3):
            bought(till, many)
    shop.look("014-1")
    with shop.office.reading() as session:
        rows = session.scalars(sa.select(PointsMove.thousandths)).all()
        assert sum(rows) == points(shop) == 6 * 1390
    assert authority.PATIENCE_S < 10


@pytest.mark.parametrize(("copies", "expected"), [(None, 1), (0, 0), (2, 2)])
def test_what_is_signed_stays_in_the_shop(shop: Chain, copies: int | None, expected: int) -> None:
    with shop.office.session() as session:
        debit = Tender(DEBIT, "debit", "Lastschrift", offline_most=euros("25.00"), copies=copies)
        changes.record(session, debit, changes.CHAIN, "test")
    shop.publish()
    with shop.till("014-1") as till:
        milk(till)
        receipt, _ = till.pay([(DEBIT, euros("1.39"), IBAN)])
        slips = till.prints.shop(receipt)
        assert len(slips) == expected
        assert all(any("LADEN" in row.text for row in slip[:3]) for slip in slips)
        milk(till)
        assert till.prints.shop(till.pay()[0]) == []
