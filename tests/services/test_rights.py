"""Rights: each is denied without it, limits hold, and a second person's approval serves once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from schemas.drawer import Denomination
from schemas.keys import (
    ArticleKey,
    Barcode,
    CustomerKey,
    RoleKey,
    StaffKey,
    TaxZone,
    TenderKey,
    VoucherNumber,
)
from schemas.money import Currency, Money, UnitPrice
from schemas.quantity import Quantity
from schemas.receipt import Discount, Payment, Receipt
from schemas.staff import Right, Role
from schemas.tender import Tender
from services.register import permission, returns, sale
from services.register.refusal import StepRefused
from services.till.enquiry import enquire
from services.till.signin import LOCKED, MOST_WRONG, SignInRefused
from services.till.till import Till
from services.till.vouchers import new_number
from tests.pretend.branch import Chain, euros

MILK, RIDDLE = Barcode("4012345678901"), Barcode("99")
CHEESE, GRAMS = ArticleKey("30871"), Quantity(342, "kg")
MIRA = StaffKey("mira")
GOODWILL = returns.Given("defect")


def without(till: Till, right: str) -> None:
    """Whoever is signed in may do everything but this."""
    role = Role(RoleKey("most"), "Most", tuple(Right(n) for n in permission.RIGHTS if n != right))
    till.catalogue.role = lambda key: role  # type: ignore[method-assign]


def price(text: str) -> UnitPrice:
    return UnitPrice.parse(text, "EUR")


def sold(till: Till) -> str:
    """A receipt of one milk, and another one open."""
    till.scan(MILK)
    name = till.pay()[0].name
    till.scan(MILK)
    return name


def given(**more: object) -> Discount:
    return Discount(MIRA, **more)  # type: ignore[arg-type]


def with_settings(till: Till, **more: object) -> None:
    till.catalogue.settings = replace(till.catalogue.own, **more)  # type: ignore[arg-type]


def other_branch(till: Till) -> returns.Sold:
    name = sold(till)
    return replace(till.returning.find(name), branch="999", name=f"x{name}")


def late(till: Till) -> returns.Sold:
    from datetime import timedelta  # noqa: PLC0415

    found = till.returning.find(sold(till))
    with_settings(till, return_days=14)
    return replace(found, day=found.day - timedelta(days=15))


def back(till: Till, found: returns.Sold) -> None:
    till.returning.take_back(found, 1, Quantity(1000), GOODWILL)


def recall(till: Till, by: str | None = None) -> None:
    till.scan(MILK)
    ref = till.parking.park().ref
    if by is not None:
        assert till.cashier is not None
        till.cashier = replace(till.cashier, key=StaffKey(by))
    till.parking.recall(ref)


def short(till: Till) -> None:
    with_settings(till, count_tolerance=euros("1.00"))
    till.drawer.pay_in(euros("50.00"), "r")
    till.drawer.count(euros("40.00"))


def blind(till: Till) -> None:
    with_settings(till, blind_count=True)
    till.drawer.expected()


def rebooked(till: Till) -> None:
    payment = Payment(TenderKey("card"), "card", "Karte", euros("1.39"))
    till.returning.change_tender(sold(till), (payment,), "wrong key")


def paid_with(till: Till, tender: Tender, amount: Money | None = None, *more: str) -> None:
    """A milk is paid in a tender that head office has just published."""
    till.catalogue.tender = lambda key: tender  # type: ignore[method-assign]
    till.scan(MILK)
    till.pay([(tender.key, amount or euros("1.39"), *more)])


def refunded(till: Till, key: str) -> None:
    back(till, till.returning.find(sold(till)))
    till.void_line(1)
    till.pay([(TenderKey(key), euros("-1.39"))])


def sold_a_voucher(till: Till) -> None:
    milk = till.catalogue.by_key(ArticleKey("40122"))
    assert milk is not None
    voucher = replace(milk, voucher="multi", fixed=True)
    till.sell_given(voucher, sale.Given(till.now(), voucher=VoucherNumber("4012345678901")))


def redeemed(till: Till) -> None:
    """Of a voucher that this till knows nothing of, within its budget."""
    with_settings(till, voucher_budget=euros("20.00"))
    tender = Tender(TenderKey("voucher"), "voucher")
    paid_with(till, tender, euros("1.39"), new_number())


def full(till: Till) -> None:
    till.drawer.pay_in(euros("300.00"), "r")
    with_settings(till, drawer_most=euros("100.00"))
    till.scan(MILK)
    till.pay([(TenderKey("cash"), euros("2.00"))])


def away(till: Till) -> None:
    with_settings(till, takeaway_zone=TaxZone("away"))
    till.circumstances.take_away(away=True)


def copied(till: Till) -> None:
    till.scan(MILK)
    till.circumstances.copy(till.pay()[0])


def printed(till: Till, again: Callable[[Till, Receipt], object]) -> None:
    till.scan(MILK)
    again(till, till.pay()[0])


FRANCS = Tender(TenderKey("chf"), "cash", "Franken", currency=Currency("CHF"), rate=Decimal(1))
CASHBACK = Tender(TenderKey("card"), "card", "Karte", cashback=euros("200.00"))
WITH_CUSTOMERS = {
    "customer-create",
    "refund-account",
    "tender-account",
    "tender-debit",
    "tender-points",
}
"""Denied in test_rights_customers.py."""
ACTS: dict[str, Callable[[Till], object]] = {
    "sell": lambda t: t.scan(MILK),
    "void-line": lambda t: (t.scan(MILK), t.void_line(1)),
    "abort": lambda t: t.scan(MILK) and t.abort(),  # type: ignore[func-returns-value]
    "override-price": lambda t: (t.scan(MILK), t.discounts.override_price(1, price("1.00"))),
    "override-beyond": lambda t: (t.scan(MILK), t.discounts.override_price(1, price("0.10"))),
    "sell-unpriced": lambda t: t.scan(RIDDLE, price=price("2.00")),
    "discount-line": lambda t: (t.scan(MILK), t.discounts.line(1, given(percent=Decimal(5)))),
    "discount-line-amount": lambda t: (t.scan(MILK), t.discounts.line(1, given(off=euros("0.20")))),
    "target-price": lambda t: (t.scan(MILK), t.discounts.line(1, given(target=euros("1.00")))),
    "discount-receipt": lambda t: (t.scan(MILK), t.discounts.receipt(given(percent=Decimal(5)))),
    "discount-receipt-amount": lambda t: (t.scan(MILK), t.discounts.receipt(given(off=euros("0.20")))),
    "target-receipt": lambda t: (t.scan(MILK), t.discounts.receipt(given(target=euros("1.00")))),
    "park": lambda t: (t.scan(MILK), t.parking.park()),
    "recall": recall,
    "recall-others": lambda t: recall(t, "jo"),
    "return": lambda t: back(t, t.returning.find(sold(t))),
    "return-without-receipt": lambda t: t.scan(MILK, back=True),
    "return-late": lambda t: back(t, late(t)),
    "return-other-branch": lambda t: back(t, other_branch(t)),
    "void-receipt": lambda t: (t.scan(MILK), t.returning.void(t.pay()[0].name)),
    "change-tender": rebooked,
    "open-drawer": lambda t: t.drawer.open("change"),
    "float": lambda t: t.drawer.float_in(euros("100.00")),
    "pay-in": lambda t: t.drawer.pay_in(euros("1.00"), "r"),
    "pay-out": lambda t: (t.drawer.pay_in(euros("1.00"), "r"), t.drawer.pay_out(euros("1.00"), "r")),
    "safe-drop": lambda t: (t.drawer.pay_in(euros("1.00"), "r"), t.drawer.safe_drop(euros("1.00"), "7")),
    "count": lambda t: t.drawer.count(euros("0.00"), [Denomination(euros("1.00"), 0)]),
    "count-difference": short,
    "hand-over": lambda t: t.drawer.count(euros("0.00"), hand_over_to=StaffKey("jo")),
    "see-expected": blind,
    "manual-weight": lambda t: t.sell(CHEESE, GRAMS),
    "coupon": lambda t: t.circumstances.coupon("981"),
    "empties": lambda t: t.circumstances.empties(Barcode("40123455")),
    "split": lambda t: (t.scan(MILK), t.scan(MILK), t.parking.split({1})),
    "salesperson": lambda t: t.circumstances.salesperson(MIRA),
    "take-away": away,
    "customer": lambda t: t.circumstances.customer(CustomerKey("7")),
    "price-enquiry": lambda t: enquire(t, MILK),
    "copy-receipt": copied,
    "reprint": lambda t: printed(t, lambda t, r: t.prints.copy(r)),
    "gift-slip": lambda t: printed(t, lambda t, r: t.prints.gift(r)),
    "voucher-sell": sold_a_voucher,
    "refund-cash": lambda t: refunded(t, "cash"),
    "refund-card": lambda t: refunded(t, "card"),
    "tender-card": lambda t: (t.scan(MILK), t.pay([(TenderKey("card"), euros("1.39"))])),
    "tender-voucher": redeemed,
    "tender-coupon": lambda t: paid_with(t, Tender(TenderKey("coupon"), "coupon")),
    "tender-foreign": lambda t: paid_with(t, FRANCS, Money(139, Currency("CHF"))),
    "cashback": lambda t: paid_with(t, CASHBACK, euros("11.39")),
    "drawer-full": full,
    "training": lambda t: t.train(training=True),
    "x-report": lambda t: t.drawer.x_report(),
    "z-report": lambda t: t.drawer.z_report(),
}  # fmt: skip


def test_every_right_is_denied_below() -> None:
    assert set(ACTS) == set(permission.RIGHTS) - WITH_CUSTOMERS


@pytest.mark.parametrize("right", ACTS)
def test_what_needs_a_right_is_denied_without_it(chain: Chain, right: str) -> None:
    with chain.till("014-1") as till:
        _limit_milk(till)
        ACTS[right](till)  # with every right it is done
    with chain.till("014-1") as till:
        _limit_milk(till)
        till.done()
        without(till, right)
        with pytest.raises(StepRefused) as refused:
            ACTS[right](till)
        assert (refused.value.fact, refused.value.values["right"]) == ("no-right", right)


BY_HAND: dict[str, Callable[[Till], object]] = {
    "by number": lambda t: t.sell(CHEESE, GRAMS),
    "by code": lambda t: t.scan(Barcode(CHEESE), GRAMS),
    "back": lambda t: t.scan(Barcode(CHEESE), GRAMS, back=True),
    "a kilogram nobody said": lambda t: t.scan(Barcode(CHEESE)),
    "more of it": lambda t: (t.sell(CHEESE, GRAMS, weighed=True), t.set_quantity(1, Quantity(400))),
    "less of it": lambda t: (t.sell(CHEESE, GRAMS, weighed=True), t.set_quantity(1, Quantity(200))),
    "once more": lambda t: (
        t.sell(CHEESE, GRAMS, weighed=True), t.circumstances.copy(t.pay()[0]),
    ),
    "with its answers": lambda t: t.sell_given(
        t.catalogue.by_key(CHEESE), sale.Given(t.now(), quantity=GRAMS)  # type: ignore[arg-type]
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", BY_HAND)
def test_a_weight_that_no_scale_said_needs_its_right(chain: Chain, how: str) -> None:
    with chain.till("014-1") as till:
        without(till, "manual-weight")
        with pytest.raises(StepRefused, match="manual-weight"):
            BY_HAND[how](till)


def test_what_a_scale_said_needs_no_right_for_weights(chain: Chain) -> None:
    with chain.till("014-1") as till:
        without(till, "manual-weight")
        till.sell(CHEESE, GRAMS, weighed=True)
        till.scan(Barcode(CHEESE), GRAMS, weighed=True)
        assert [line.quantity.thousandths for line in till.basket.lines] == [342, 342]


def _limit_milk(till: Till) -> None:
    milk = till.catalogue.by_key(ArticleKey("40122"))
    assert milk is not None
    known = till.catalogue.by_key
    limited = replace(milk, least=euros("0.90"))
    till.catalogue.by_key = lambda key: limited if key == "40122" else known(key)  # type: ignore[method-assign]


def test_a_limit_holds_and_says_itself(chain: Chain) -> None:
    role = Role(RoleKey("c"), "C", (Right("sell"), Right("discount-line", Decimal(10))))
    with chain.till("014-1") as till:
        till.catalogue.role = lambda key: role  # type: ignore[method-assign]
        till.scan(MILK)
        till.discounts.line(1, given(percent=Decimal(10)))
        with pytest.raises(StepRefused, match="up to 10 %"):
            till.discounts.line(1, given(percent=Decimal(11)))


def test_an_approval_on_the_spot_serves_once_and_is_on_record(chain: Chain) -> None:
    with chain.till("014-1") as till:
        boss = till.catalogue.staff()[0]
        manager = till.catalogue.role(RoleKey("manager"))
        seller = Role(RoleKey("s"), "S", (Right("sell"),))
        till.cashier = replace(boss, key=StaffKey("jo"), role=RoleKey("s"))
        till.catalogue.role = lambda key: manager if key == "manager" else seller  # type: ignore[method-assign]
        till.scan(MILK)
        eleven = given(percent=Decimal(11))
        with pytest.raises(SignInRefused):
            till.rights.approve(boss, "0000", "discount-line", Decimal(11))
        with pytest.raises(StepRefused):
            till.discounts.line(1, eleven)
        till.rights.approve(boss, "1111", "discount-line", Decimal(11))
        with pytest.raises(StepRefused):
            till.discounts.line(1, given(percent=Decimal(50)))
        till.discounts.line(1, eleven)
        with pytest.raises(StepRefused):
            till.discounts.line(1, eleven)
        receipt, _ = till.pay()
    approval = receipt.approvals[0]
    assert (approval.right, approval.by, approval.how, approval.value) == (
        "discount-line",
        "mira",
        "pin",
        "11",
    )
    assert receipt.cashier == "jo"


def test_an_approval_by_telephone_needs_no_line_and_holds_for_one_try(chain: Chain) -> None:
    key = "ab" * 32
    with chain.till("014-1") as till:
        with_settings(till, approval_key=key)
        without(till, "open-drawer")
        challenge = till.rights.challenge()
        wrong = f"{(int(permission.answer(key, challenge, 'open-drawer', None)) + 1) % 10**6:06d}"
        with pytest.raises(StepRefused, match="not approved"):
            till.rights.approve_by_code(wrong, "open-drawer")
        right = permission.answer(key, challenge, "open-drawer", None)
        with pytest.raises(StepRefused, match="not approved"):
            till.rights.approve_by_code(right, "open-drawer")
        challenge = till.rights.challenge()
        till.rights.approve_by_code(
            permission.answer(key, challenge, "open-drawer", None), "open-drawer"
        )
        event = till.drawer.open("change")
        assert event.approval is not None
        assert (event.approval.by, event.approval.how) == ("head-office", "code")
        with pytest.raises(StepRefused):
            till.drawer.open("change")


def test_a_telephone_code_cannot_be_guessed_for_long(chain: Chain) -> None:
    key, up = "ab" * 32, [1000.0]
    chain.till("014-1").close()
    box = chain.box("014-1")

    def now() -> datetime:
        return datetime.now(UTC)

    def say(till: Till, *, right: bool) -> None:
        challenge = till.rights.challenge()
        code = permission.answer(key, challenge, "open-drawer", None)
        said = code if right else f"{(int(code) + 1) % 10**6:06d}"
        till.rights.approve_by_code(said, "open-drawer")

    for opened in range(2):  # the lock outlives the till
        with Till(box, now, up=lambda: up[0]) as till:
            with_settings(till, approval_key=key)
            for _ in range(0 if opened else MOST_WRONG - 1):
                with pytest.raises(StepRefused, match="not approved"):
                    say(till, right=False)
            with pytest.raises(SignInRefused):
                say(till, right=bool(opened))
    up[0] += LOCKED.total_seconds()
    with Till(box, now, up=lambda: up[0]) as till:
        with_settings(till, approval_key=key)
        say(till, right=True)
