"""Ways by which money could leak, each tried and shut: what a severe reader found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from schemas import xml
from schemas.keys import (
    ArticleKey,
    Barcode,
    PromotionKey,
    RoleKey,
    StaffKey,
    TaxClass,
    TaxZone,
    TenderKey,
)
from schemas.money import Currency, Money, UnitPrice
from schemas.promotion import Goods, Promotion
from schemas.quantity import Quantity
from schemas.receipt import Discount, Payment
from schemas.staff import Right, Role
from schemas.tax import Rate, Tax
from schemas.tender import Tender
from services.database import beginning, changes
from services.database.sales import LineRow, PaymentRow, QuarantineRow, ReceiptRow
from services.evaluation import cash
from services.journal import read
from services.register import permission
from services.register.refusal import StepRefused
from services.register.returns import Given
from services.till.till import Till
from tests.pretend.branch import BEGAN, Chain, euros

MILK, BEER, MULTI, SINGLE, TAXED = map(
    Barcode, ("4012345678901", "40123455", "9000", "9001", "9002")
)
CASH, CARD, VOUCHER, COUPON, CHF = map(TenderKey, ("cash", "card", "voucher", "coupon", "chf"))
DEFECT = Given("defect")


@pytest.fixture
def shop(chain: Chain) -> Chain:
    """A chain with every kind of tender, vouchers, and a tax that comes on top."""
    with chain.office.session() as session:

        def put(document: Any) -> None:
            changes.record(session, document, changes.CHAIN, "test")

        put(Tax(TaxClass("C"), TaxZone("de"), "0 %", (Rate(beginning.EPOCH, Decimal(0)),)))
        now = datetime.now(UTC)
        rates = (Rate(beginning.EPOCH, Decimal(10)), Rate(now + timedelta(hours=1), Decimal(20)))
        put(Tax(TaxClass("T"), TaxZone("de"), "top", rates, added=True))
        put(Tender(CASH, "cash", "Bar", change=True, drawer=True, rounding=5))
        put(Tender(CARD, "card", "Karte", cashback=euros("200.00")))
        put(Tender(COUPON, "coupon", "Coupon"))
        put(
            Tender(
                CHF, "cash", "Franken", change=True, currency=Currency("CHF"), rate=Decimal("0.9")
            )
        )
    chain.stock(MULTI, "Gutschein", voucher="multi", tax="C")
    chain.stock(SINGLE, "Waschen", voucher="single", tax="A")
    chain.stock(TAXED, "Buch", tax="T")
    chain.publish()
    return chain


def agrees(chain: Chain) -> None:
    """Nothing is in quarantine, and the newest Z is what head office has."""
    chain.look("014-1")
    with chain.office.reading() as session:
        assert list(session.scalars(sa.select(QuarantineRow.reason))) == []
        for closed in cash.closings(session, None, date(2020, 1, 1), date(2100, 1, 1)):
            assert closed.agrees


def role(till: Till, **limits: str | None) -> None:
    """Whoever is signed in may do this, up to these limits, and no more."""
    rights = tuple(
        Right(n.replace("_", "-"), None if most is None else Decimal(most))
        for n, most in limits.items()
    )
    made = Role(RoleKey("r"), "R", rights)
    till.catalogue.role = lambda key: made  # type: ignore[method-assign]


PAID: dict[str, list[tuple[Any, ...]]] = {
    "cash": [(CASH, euros("50.00"))],
    "rounded cash": [(CASH, euros("21.40"))],
    "card": [(CARD, euros("21.39"))],
    "cashback": [(CARD, euros("61.39"))],
    "both": [(CARD, euros("10.00")), (CASH, euros("20.00"))],
    "francs": [(CHF, Money(5000, Currency("CHF")))],
    "a coupon": [(COUPON, euros("5.00")), (CASH, euros("16.40"))],
}


@pytest.mark.parametrize("how", PAID)
def test_a_void_is_the_receipt_against_to_the_cent(shop: Chain, how: str) -> None:
    with shop.till("014-1") as till:
        till.drawer.float_in(euros("100.00"))
        till.scan(MILK)
        till.scan(MILK, price=UnitPrice.parse("20.00", "EUR"))
        receipt, _ = till.pay(PAID[how])
        void, _ = till.returning.void(receipt.name)
        assert void.total == -receipt.total
        assert void.change == -receipt.change
        z = till.drawer.z_report()
        assert (z.total.minor, z.rounding.minor, z.cash) == (0, 0, euros("100.00"))
        assert all(t.amount.minor == 0 for t in z.tenders)
        assert all(t.gross.minor == t.net.minor == t.tax.minor == 0 for t in z.taxes)
    agrees(shop)


def test_a_void_keeps_the_taxes_of_the_sale(shop: Chain) -> None:
    clock = [datetime.now(UTC)]
    with shop.till("014-1", lambda: clock[0]) as till:
        till.scan(TAXED)
        receipt, _ = till.pay()
        assert receipt.total == euros("22.00")
        clock[0] += timedelta(hours=2)
        void, _ = till.returning.void(receipt.name)
        assert void.total == euros("-22.00")
        assert till.drawer.z_report().total.minor == 0
    agrees(shop)


def test_a_voided_voucher_is_worth_nothing_and_a_spent_one_is_not_voided(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MULTI)
        sale, _ = till.pay()
        number = sale.lines[0].voucher
        assert number is not None
        with pytest.raises(StepRefused, match="not taken back as goods"):
            till.returning.take_back(till.returning.find(sale.name), 1, Quantity(1000), DEFECT)
        till.returning.void(sale.name)
        till.scan(MILK)
        with pytest.raises(StepRefused, match=r"worth 0\.00"):
            till.pay([(VOUCHER, euros("1.39"), number)])
        till.abort()
        till.scan(MULTI)
        other, _ = till.pay()
        till.scan(MILK)
        till.pay([(VOUCHER, euros("1.39"), other.lines[0].voucher)])
        with pytest.raises(StepRefused, match=r"worth 18\.61"):
            till.returning.void(other.name)


def test_a_void_gives_back_what_it_redeemed(shop: Chain) -> None:
    with shop.till("014-1") as till:
        numbers = []
        for code in (MULTI, SINGLE):
            till.scan(code)
            numbers.append(till.pay()[0].lines[0].voucher)
        multi, single = numbers
        assert multi is not None
        assert single is not None
        till.scan(MILK)
        till.returning.void(till.pay([(VOUCHER, euros("1.39"), multi)])[0].name)
        till.scan(BEER)
        till.vouchers.redeem_single(single, euros("0.95"))
        till.returning.void(till.pay()[0].name)
        assert (till.vouchers.worth(multi), till.vouchers.worth(single)) == (euros("20.00"),) * 2
        till.drawer.z_report()
    agrees(shop)


def test_one_payment_cannot_spend_a_voucher_twice(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MULTI)
        number = till.pay()[0].lines[0].voucher
        till.scan(MILK, Quantity(20_000))
        with pytest.raises(StepRefused, match="worth"):
            till.pay([(VOUCHER, euros("13.90"), number), (VOUCHER, euros("13.90"), number)])
        for odd in (f"{number} ", f"{number}\u200b"):
            with pytest.raises(StepRefused, match="number"):
                till.pay([(VOUCHER, euros("1.00"), odd)])


def test_tenders_put_right_twice_are_counted_once(shop: Chain) -> None:
    card = Payment(CARD, "card", "Karte", euros("1.39"))
    money = Payment(CASH, "cash", "Bar", euros("1.39"))
    with shop.till("014-1") as till:
        till.scan(MILK)
        receipt, _ = till.pay([(CARD, euros("1.39"))])
        for after in (money, card, money):
            till.returning.change_tender(receipt.name, (after,), "key")
        assert till.drawer.x_report().cash == euros("1.39")
        gold = Payment(TenderKey("gold"), "other", "Gold", euros("1.39"))
        with pytest.raises(StepRefused, match="same amount"):
            till.returning.change_tender(receipt.name, (gold,), "key")
        more = (replace(money, amount=euros("101.39")), replace(card, amount=euros("-100.00")))
        with pytest.raises(StepRefused, match="same amount"):
            till.returning.change_tender(receipt.name, more, "key")
        till.returning.void(receipt.name)
        x = till.drawer.x_report()
        assert (x.cash.minor, x.total.minor) == (0, 0)
        assert all(t.amount.minor == 0 for t in x.tenders)


def test_practice_touches_nothing_that_is_real(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MILK)
        receipt, _ = till.pay()
        till.scan(MILK)
        parked = till.parking.park()
        till.train(training=True)
        for act in (
            lambda: till.returning.void(receipt.name),
            lambda: till.drawer.pay_in(euros("1.00"), "r"),
            till.drawer.z_report,
            lambda: till.parking.recall(parked.ref),
        ):
            with pytest.raises(StepRefused, match="practice"):
                act()
        till.scan(MILK)
        with pytest.raises(StepRefused, match="practice"):
            till.parking.park()
    with shop.till("014-1") as till:
        assert till.basket.training, "a sale for practice stays one"
        till.pay()
        till.scan(MILK)
        till.abort()
        assert till.drawer.x_report().receipts == 1
    kinds = [stored.entry().kind for stored in read.everything(shop.box("014-1").journal)]
    assert kinds == ["receipt", "note"], (
        "a practice sale that is given up leaves nothing, a look does"
    )


def test_practice_is_counted_though_the_till_dies(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.train(training=True)
        till.scan(MILK)
        hand = till.basket
        till.pay()
        kept = shop.box("014-1").hand / "basket.xml"
        kept.write_bytes(xml.dump(hand))  # died after the entry, before the basket went
    with shop.till("014-1") as till:
        assert till.basket.is_empty, "what was practised is not there to be practised again"
        assert till.drawer.x_report().training == 1
        till.scan(MILK)
        till.pay()
    with shop.till("014-1") as till:
        z = till.drawer.z_report()
        assert (z.training, z.receipts, z.total.minor) == (1, 1, 139)
        assert till.drawer.x_report().training == 0


def test_what_a_second_person_allowed_is_on_record(shop: Chain) -> None:
    with shop.till("014-1") as till:
        boss = till.catalogue.staff()[0]
        manager = till.catalogue.role(RoleKey("manager"))
        seller = Role(RoleKey("s"), "S", (Right("sell"),))
        till.cashier = replace(boss, key=StaffKey("jo"), role=RoleKey("s"))
        till.catalogue.role = lambda key: manager if key == "manager" else seller  # type: ignore[method-assign]
        till.scan(MILK)
        till.rights.approve(boss, "1111", "abort")
        till.abort()
        till.rights.approve(boss, "1111", "x-report")
        till.drawer.x_report()
        till.rights.approve(boss, "1111", "z-report")
        till.drawer.z_report()
    aborted, looked, closed = (s.entry() for s in read.everything(shop.box("014-1").journal))
    assert aborted.aborted is not None
    assert closed.closing is not None
    assert [(a.right, a.by) for a in aborted.aborted.approvals] == [("abort", "mira")]
    assert looked.note is not None
    assert looked.note.approval is not None
    assert (looked.note.kind, looked.note.approval.by) == ("x-report", "mira")
    assert closed.closing.approval is not None
    assert (closed.closing.approval.right, closed.closing.approval.by) == ("z-report", "mira")


def test_what_comes_back_is_not_parked(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MILK)
        sold = till.returning.find(till.pay()[0].name)
        till.returning.take_back(sold, 1, Quantity(1000), DEFECT)
        with pytest.raises(StepRefused, match="not parked"):
            till.parking.park()


def test_limits_count_the_whole_sale(shop: Chain) -> None:
    with shop.till("014-1") as till:
        names = []
        for _ in range(3):
            till.scan(MILK)
            names.append(till.pay()[0].name)
        role(till, sell=None, **{"return": "2", "refund_cash": "2", "return_without_receipt": "2",
                                 "discount_receipt": "10", "override_price": None})  # fmt: skip
        first, second, _ = (till.returning.find(name) for name in names)
        till.returning.take_back(first, 1, Quantity(1000), DEFECT)
        with pytest.raises(StepRefused, match="up to 2"):
            till.returning.take_back(second, 1, Quantity(1000), DEFECT)
        till.done()
        till.scan(MILK, back=True)
        with pytest.raises(StepRefused, match="up to 2"):
            till.set_quantity(1, Quantity(100_000))
        with pytest.raises(StepRefused, match="worth what was paid"):
            till.discounts.override_price(1, UnitPrice.parse("500", "EUR"))
        till.done()
        till.scan(MILK)
        ten = Discount(StaffKey("mira"), percent=Decimal(10))
        till.discounts.receipt(ten)
        with pytest.raises(StepRefused, match="up to 10"):
            till.discounts.receipt(ten)


def test_money_goes_back_in_cash_or_to_a_card_alone(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MILK, back=True)
        for tender in (VOUCHER, COUPON):
            with pytest.raises(StepRefused, match="does not go back"):
                till.pay([(tender, euros("-1.39"), "2912345678901")])
        till.done()
        role(till, sell=None, tender_card=None)
        till.scan(MILK)
        with pytest.raises(StepRefused, match="cashback"):
            till.pay([(CARD, euros("151.38")), (CASH, euros("0.05"))])


def test_a_coupon_does_not_come_back_as_money(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MILK, Quantity(5000))
        receipt, _ = till.pay([(COUPON, euros("6.00")), (CASH, euros("0.95"))])
        till.returning.take_back(till.returning.find(receipt.name), 1, Quantity(5000), DEFECT)
        assert till.basket.total == euros("-0.95")


def test_a_blind_count_tells_nothing_and_counts_each_try(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.drawer.pay_in(euros("70.00"), "r")
        till.catalogue.settings = replace(
            till.catalogue.own, blind_count=True, count_attempts=2, count_tolerance=euros("1.00")
        )
        role(till, sell=None, count=None)
        till.drawer.count(euros("10.00"))
        with pytest.raises(StepRefused):
            till.drawer.count(euros("20.00"))
        assert till.book.period.attempts == 1
        with pytest.raises(StepRefused) as refused:
            till.drawer.pay_out(euros("99999.00"), "r")
        assert "70" not in str(refused.value)


def test_a_count_is_stale_after_a_sale(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.drawer.pay_in(euros("100.00"), "r")
        till.drawer.count(euros("100.00"))
        till.scan(MILK)
        till.pay([(CASH, euros("1.40"))])
        z = till.drawer.z_report()
        assert (z.counted, z.difference) == (None, None)
        assert till.drawer.x_report().float_ == euros("101.40")


def test_looking_into_the_drawer_at_night_begins_no_day(chain: Chain) -> None:
    clock = [datetime(2026, 11, 24, 20, tzinfo=UTC)]
    with chain.till("014-1", lambda: clock[0]) as till:
        till.drawer.float_in(euros("100.00"))
        till.drawer.z_report()
        till.drawer.open("forgot my keys")
        clock[0] += timedelta(hours=12)
        till.drawer.float_in(euros("100.00"))
        till.scan(MILK)
        assert till.pay()[0].day == date(2026, 11, 25)
        assert till.drawer.z_report().day == date(2026, 11, 25)


def test_cash_of_a_damaged_series_is_known_without_a_cache(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.drawer.float_in(euros("100.00"))
        till.scan(MILK)
        till.pay()
        till.drawer.open("x")
    last = read.place(chain.box("014-1").journal, "1", 3)
    last.write_bytes(last.read_bytes()[:-9])
    with chain.till("014-1") as till:
        till.scan(MILK)
        till.pay()
        for cache in till.box.hand.glob("period-*"):
            cache.unlink()
    with chain.till("014-1") as till:
        assert till.drawer.x_report().cash == euros("102.78")


def test_steps_keep_within_their_sale_and_above_nothing(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MILK)
        finished = till.basket
        till.pay()
        till.scan(BEER)
        with pytest.raises(StepRefused):
            till.take_back(finished)
        with pytest.raises(StepRefused):
            till.discounts.override_price(1, UnitPrice(-50_000, Currency("EUR")))
        with pytest.raises(StepRefused):
            till.scan(MILK, price=UnitPrice(-50_000, Currency("EUR")))


def test_two_cents_are_paid_with_no_coin(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MILK, price=UnitPrice.parse("0.02", "EUR"))
        receipt, _ = till.pay()
        assert (receipt.total, receipt.rounding) == (euros("0.02"), euros("-0.02"))
        till.scan(MILK, price=UnitPrice.parse("0.02", "EUR"), back=True)
        till.pay()
        till.drawer.z_report()
    agrees(shop)


def test_a_return_that_was_voided_has_not_come_back(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MILK)
        sold = till.returning.find(till.pay()[0].name)
        till.returning.take_back(sold, 1, Quantity(1000), DEFECT)
        back, _ = till.pay()
        assert till.returning.left(sold) == []
        till.returning.void(back.name)
        assert len(till.returning.left(sold)) == 1
        till.drawer.z_report()
    agrees(shop)
    with shop.office.reading() as session:
        pieces = session.scalar(sa.select(sa.func.sum(LineRow.quantity)))
    assert pieces == 1000, "sold, came back, went out again"


def test_a_hole_in_the_journal_hides_no_return(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MILK)
        name = till.pay()[0].name
        till.drawer.open("x")
        till.returning.take_back(till.returning.find(name), 1, Quantity(1000), DEFECT)
        till.pay()
        read.place(till.box.journal, "1", 2).unlink()
        (till.box.hand / "archive.sqlite").unlink()
    with shop.till("014-1") as till:
        assert till.returning.left(till.returning.find(name)) == []
        receipt = till.archive.receipt(name)
        assert receipt is not None
        till.prints.copy(receipt)
        assert till.archive.copies(receipt) == 1


def test_an_approval_that_was_not_used_ends_with_who_was_signed_in(shop: Chain) -> None:
    with shop.till("014-1") as till:
        boss = till.catalogue.staff()[0]
        manager = Role(RoleKey("manager"), "M", tuple(Right(n) for n in permission.RIGHTS))
        seller = Role(RoleKey("s"), "S", (Right("sell"),))
        till.catalogue.role = lambda key: manager if key == "manager" else seller  # type: ignore[method-assign]
        till.cashier = replace(boss, key=StaffKey("jo"), role=RoleKey("s"))
        till.rights.approve(boss, "1111", "open-drawer")
        till.sign_out()
        till.cashier = replace(boss, key=StaffKey("al"), role=RoleKey("s"))
        with pytest.raises(StepRefused):
            till.drawer.open("x")


def test_head_office_knows_of_a_tender_that_was_put_right(shop: Chain) -> None:
    card = Payment(CARD, "card", "Karte", euros("1.40"))
    with shop.till("014-1") as till:
        till.scan(MILK)
        receipt, _ = till.pay([(CASH, euros("2.00"))])
        assert receipt.rounding == euros("0.01")
        till.returning.change_tender(receipt.name, (card,), "key")
        till.drawer.z_report()
    agrees(shop)
    with shop.office.reading() as session:
        rows = [(p.tender, p.amount) for p in session.scalars(sa.select(PaymentRow))]
        change = session.scalar(sa.select(ReceiptRow.change))
    assert (rows, change) == ([("card", 140)], 0)


def test_a_drawer_that_is_too_full_takes_no_cash(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.drawer.pay_in(euros("300.00"), "r")
        role(till, sell=None, tender_card=None)
        till.scan(MILK)
        till.catalogue.settings = replace(till.catalogue.own, drawer_most=euros("100.00"))
        with pytest.raises(StepRefused, match="drawer-full"):
            till.pay([(CASH, euros("2.00"))])
        till.pay([(CARD, euros("1.39"))])


def test_of_three_for_two_the_paid_ones_come_back_for_two_thirds(chain: Chain) -> None:
    three = Promotion(
        PromotionKey("3for2"), BEGAN, percent=Decimal(100), cheapest=1,
        goods=(Goods((ArticleKey("40122"),), many=3),),
    )  # fmt: skip
    with chain.office.session() as session:
        changes.record(session, three, changes.CHAIN, "test")
    chain.publish()
    with chain.till("014-1") as till:
        for _ in range(3):
            till.scan(MILK)
        receipt, _ = till.pay()
        sold = till.returning.find(receipt.name)
        for line in (1, 2):
            till.returning.take_back(sold, line, Quantity(1000), DEFECT)
        assert till.basket.total.minor in {-185, -186}


def test_two_approvals_serve_one_step_that_needs_both(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MILK)
        sold = till.returning.find(till.pay()[0].name)
        boss = till.catalogue.staff()[0]
        manager = till.catalogue.role(RoleKey("manager"))
        seller = Role(RoleKey("s"), "S", (Right("sell"),))
        till.cashier = replace(boss, key=StaffKey("jo"), role=RoleKey("s"))
        till.catalogue.role = lambda key: manager if key == "manager" else seller  # type: ignore[method-assign]
        elsewhere = replace(sold, branch="999", name="999-1-1-1")
        till.rights.approve(boss, "1111", "return", Decimal("1.39"))
        with pytest.raises(StepRefused, match="return-other-branch"):
            till.returning.take_back(elsewhere, 1, Quantity(1000), DEFECT)
        till.rights.approve(boss, "1111", "return-other-branch")
        till.returning.take_back(elsewhere, 1, Quantity(1000), DEFECT)
        assert [a.right for a in till.basket.approvals] == ["return", "return-other-branch"]
