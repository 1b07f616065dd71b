"""Questions, serial numbers, empties, repeating, and splitting a sale: exactly once, through deaths too."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from schemas.article import Article, Code
from schemas.keys import ArticleKey, Barcode, TaxClass, TenderKey
from schemas.money import Currency, Money, UnitPrice
from schemas.price import Price
from schemas.quantity import Quantity
from schemas.tender import Tender
from services.database import articles, prices
from services.disk import durable
from services.journal import hand, read
from services.neighbours import folders
from services.register import tendering
from services.register.refusal import StepRefused
from services.till.parking import Parking
from services.till.till import Till
from tests.pretend.branch import BEGAN, CHEESE, Chain, euros

MILK, BEER = Barcode("4012345678901"), Barcode("40123455")
DRILL = Article(
    ArticleKey("700"), "Bohrmaschine", tax=TaxClass("A"), asks=("serial", "answer"),
    question="Über 18 und eingewiesen?", codes=(Code(Barcode("700001")),),
)  # fmt: skip
OPEN = Article(ArticleKey("701"), "Diverses", tax=TaxClass("A"), asks=("price",))


@pytest.fixture
def shop(chain: Chain) -> Chain:
    """A chain that sells what asks."""
    with chain.office.session() as session:
        for article in (DRILL, OPEN):
            articles.put(session, article, "test")
            price = Price(article.key, BEGAN, UnitPrice.parse("99.00", "EUR"))
            prices.put_price(session, price, "test")
    chain.publish()
    return chain


def test_nothing_is_paid_before_what_an_article_asks_is_answered(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.asks_age = True
        till.scan(Barcode("700001"))
        with pytest.raises(StepRefused, match="answer its question"):
            till.pay()
        till.circumstances.reply(1, "Ja")
        with pytest.raises(StepRefused, match="serial number"):
            till.pay()
        with pytest.raises(StepRefused):
            till.circumstances.serial(1, " ")
        till.circumstances.serial(1, "SN-1")
        with pytest.raises(StepRefused):
            till.set_quantity(1, Quantity(2000))
        receipt, _ = till.pay()
        line = receipt.lines[0]
        assert (line.question, line.reply, line.serial) == (DRILL.question, "Ja", "SN-1")
        with pytest.raises(StepRefused, match="one piece"):
            till.scan(Barcode("700001"), Quantity(2000))


def test_an_article_that_asks_its_price_is_not_sold_at_another(shop: Chain) -> None:
    with shop.till("014-1") as till:
        with pytest.raises(StepRefused, match="Enter a price"):
            till.sell(OPEN.key)
        till.sell(OPEN.key, price=UnitPrice.parse("98.00", "EUR"))
        assert till.basket.total == euros("98.00")


def test_empties_bring_their_deposit_back_at_their_own_tax(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.circumstances.empties(BEER, Quantity(20_000))
        assert till.basket.total == euros("-1.60")
        with pytest.raises(StepRefused, match="no deposit"):
            till.circumstances.empties(MILK)
        till.set_quantity(1, Quantity(10_000))
        assert till.basket.total == euros("-0.80")
        till.scan(MILK)
        receipt, _ = till.pay()
        assert (receipt.kind, receipt.total) == ("sale", euros("0.59"))
        assert {row.class_: row.gross.minor for row in receipt.taxes} == {"A": -80, "B": 139}
        till.circumstances.empties(BEER)
        till.void_line(1)
        till.abort()
        till.circumstances.empties(BEER)
        paid, _ = till.pay()
        assert (paid.kind, paid.total) == ("return", euros("-0.08"))
        void, _ = till.returning.void(paid.name)
        assert void.total == euros("0.08")


def test_a_line_is_repeated_at_the_price_of_now(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MILK, Quantity(3000))
        till.circumstances.repeat(1)
        assert [line.quantity.thousandths for line in till.basket.lines] == [3000, 1000]


def test_a_foreign_amount_covers_what_is_due() -> None:
    franc = Tender("chf", "cash", currency=Currency("CHF"), rate=Decimal("0.95"))  # type: ignore[arg-type]
    for minor in range(1, 3000, 7):
        due = Money(minor, Currency("EUR"))
        given = tendering.foreign(due, franc)
        worth = tendering.payment(tendering.Handed(franc, given), Currency("EUR"), "en").amount
        assert 0 <= worth.minor - due.minor <= 1


# Leaving a sale of which nothing counts any more


def given_up(chain: Chain) -> list[int]:
    """How many lines each sale had that was given up."""
    entries = (each.entry() for each in read.present(chain.box("014-1").journal, "1", 0))
    return [len(entry.aborted.lines) for entry in entries if entry.aborted]


def test_what_was_voided_stays_on_record_whatever_comes_next(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MILK)
        first = till.parking.park()
        till.scan(MILK)
        second = till.parking.park()
        till.scan(BEER)
        till.void_line(1)
        till.parking.recall(first.ref)
        assert given_up(shop) == [2]
        till.void_line(1)
        till.parking.recall(second.ref)
        assert given_up(shop) == [2, 1]
        till.void_line(1)
        till.train(training=True)
        assert given_up(shop) == [2, 1, 1]
        assert till.parking.all() == []
    with shop.till("014-1") as till:
        assert till.parking.all() == [], "what was recalled and voided does not come again"


def test_a_sale_with_money_in_it_is_not_left(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.scan(MILK)
        ref = till.parking.park().ref
        till.scan(MILK)
        till.paying.tender(TenderKey("cash"), euros("1.00"))
        till.void_line(1)
        with pytest.raises(StepRefused, match="given already"):
            till.parking.recall(ref)
        with pytest.raises(StepRefused, match="given already"):
            till.train(training=True)
        assert till.basket.payments


# Splitting


def filled(till: Till) -> None:
    till.scan(MILK)
    till.scan(BEER, Quantity(2000))  # with its deposit
    till.scan(MILK, Quantity(2000))


def test_a_split_sale_is_paid_in_two_halves(shop: Chain) -> None:
    with shop.till("014-1") as till:
        filled(till)
        whole = till.basket.total
        till.parking.split({2})
        assert [(li.kind, li.number) for li in till.basket.lines] == [("sale", 2), ("deposit", 3)]
        first, _ = till.pay()
        (parked,) = till.parking.all()
        till.parking.recall(parked.ref)
        second, _ = till.pay()
        assert first.total + second.total == whole
        assert till.parking.all() == []


def test_a_coupon_counts_in_one_half_only(shop: Chain) -> None:
    with shop.till("014-1") as till:
        filled(till)
        till.circumstances.coupon("98112345")
        till.mailing.during("a@x.de")
        till.parking.split({2})
        (parked,) = till.parking.all()
        assert (till.basket.coupons, parked.basket.coupons) == (("98112345",), ())
        assert (till.basket.mail, parked.basket.mail) == ("a@x.de", None)


def test_a_split_that_cannot_be_kept_leaves_the_sale_whole(
    shop: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "_PATIENCE_S", 0.05)
    with shop.till("014-1") as till:
        filled(till)
        before = till.basket
        with folders.deciding(shop.box("014-1")), pytest.raises(StepRefused):
            till.parking.split({2})
        assert replace(till.basket, approvals=()) == before
        assert till.parking.all() == []
        assert till.pay()[0].total == before.total


@pytest.mark.parametrize("numbers", [set(), {99}, {1, 2, 4}])
def test_no_half_is_empty(shop: Chain, numbers: set[int]) -> None:
    with shop.till("014-1") as till:
        filled(till)
        before = till.basket
        with pytest.raises(StepRefused):
            till.parking.split(numbers)
        assert till.basket == before
        assert till.parking.all() == []


class Died(BaseException):
    """The till is gone."""


@pytest.mark.parametrize("at", range(1, 12))
def test_a_death_in_the_middle_of_a_split_loses_and_doubles_nothing(
    shop: Chain, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = shop.box("014-1")
    with shop.till("014-1") as till:
        filled(till)
        total = till.basket.total
        steps = 0

        def dying(call: Callable[..., Any]) -> Callable[..., Any]:
            def instead(*given: Any, **more: Any) -> Any:
                nonlocal steps
                steps += 1
                if steps == at:
                    raise Died
                return call(*given, **more)

            return instead

        with monkeypatch.context() as patch:
            for name in ("replace", "flush_folder"):
                patch.setattr(durable, name, dying(getattr(durable, name)))
            patch.setattr(hand, "save", dying(hand.save))
            with contextlib.suppress(Died):
                till.parking.split({2})
    with Till(box, lambda: datetime.now(UTC)) as again:
        parked = again.parking.all()
        sums = [each.basket.total.minor for each in parked] + [again.basket.total.minor]
        assert sum(sums) == total.minor
        numbers = sorted(
            line.number
            for basket in (again.basket, *(each.basket for each in parked))
            for line in basket.lines
            if line.counts
        )
        assert numbers == [1, 2, 3, 4]
        assert hand.load(box.hand) == replace(again.basket, aside=None)


def test_a_till_that_died_in_a_split_begins_though_the_agent_holds_the_lock(
    shop: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "_PATIENCE_S", 0.05)
    box = shop.box("014-1")
    with shop.till("014-1") as till:
        filled(till)
        total = till.basket.total

        def died(*_: object) -> None:
            raise Died

        with monkeypatch.context() as patch:
            patch.setattr(Parking, "_put_aside", died)
            with pytest.raises(Died):
                till.parking.split({2})
    ends: tuple[Callable[[Till], object], ...] = (
        lambda till: till.pay(),
        lambda till: till.abort(),
        lambda till: till.parking.park(),
        lambda till: till.paying.prepare(TenderKey("card"), till.basket.open),
    )
    for _ in range(2):  # it may die once more meanwhile
        with folders.deciding(box), shop.till("014-1") as again:
            assert again.basket.aside is not None
            assert again.parking.all() == []
            again.scan(MILK)
            again.void_line(again.basket.lines[-1].number)
            for end in ends:
                with pytest.raises(StepRefused, match="busy"):
                    end(again)
    with folders.deciding(box):
        again = shop.till("014-1")
    with again:
        first, _ = again.pay()
        (parked,) = again.parking.all()
        assert first.total + parked.basket.total == total
        again.parking.recall(parked.ref)
        again.pay()
    with shop.till("014-1") as again:
        assert again.basket.is_empty
        assert again.parking.all() == []


def test_a_slip_says_which_weight_a_person_typed_and_what_empties_came_back(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.sell(CHEESE.key, Quantity(342, "kg"), weighed=True)
        till.sell(CHEESE.key, Quantity(100, "kg"))
        till.scan(BEER)
        till.circumstances.empties(BEER, Quantity(2000))
        receipt, _ = till.pay()
        rows = [row.text.rstrip() for row in till.prints.rows(receipt)]
    assert [line.by_hand for line in receipt.lines[:2]] == [None, True]
    assert "  0,342 kg × 22,90" in rows
    assert "  0,1 kg Hand × 22,90" in rows
    at = next(n for n, row in enumerate(rows) if row.startswith("Leergut Pils"))
    assert rows[at].endswith("−0,16 A") and rows[at + 1].strip() == "2 × 0,08"


def test_a_weight_that_is_made_another_afterwards_is_by_hand_too(shop: Chain) -> None:
    with shop.till("014-1") as till:
        till.sell(CHEESE.key, Quantity(342, "kg"), weighed=True)
        till.set_quantity(1, Quantity(400, "kg"))
        assert till.basket.lines[0].by_hand
