"""A month without any network: sales, returns, voids, parking, counts and a Z each day; then the line is back.

Prices, taxes and promotions that begin in the month were known before it and switch by the clock.
The printer jams now and then, and the till dies in between. At the end head office has every
receipt once, every Z agrees with its receipts, and the cash in the drawer is what the model says.
"""

from __future__ import annotations

import errno
import os
import random
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from pos_qt.peripherals.printer import Pretend, PrintQueue
from schemas.keys import Barcode, PromotionKey, TaxClass, TaxZone, TenderKey
from schemas.money import Money, UnitPrice
from schemas.price import Price
from schemas.promotion import Goods, Promotion
from schemas.quantity import Quantity
from schemas.receipt import Discount
from schemas.tax import Rate, Tax
from services.database import beginning, changes, prices
from services.database.sales import QuarantineRow, ReceiptRow
from services.evaluation import cash
from services.fiscal import plain
from services.journal import verify
from services.register.returns import Given
from services.till.till import Till
from tests.pretend.branch import MILK, Chain, euros

MILK_CODE, BEER_CODE, CHEESE = Barcode("4012345678901"), Barcode("40123455"), Barcode("30871")
BERLIN = ZoneInfo("Europe/Berlin")
BEGAN = datetime(2026, 11, 1, 7, 30, tzinfo=BERLIN)
DAYS = 30
SALES = 40 if os.environ.get("TRESEN_THOROUGH") else 10


@pytest.fixture
def cable_out(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No socket leads anywhere."""

    def no_route(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            raise OSError(errno.ENETUNREACH, "pretended")

    with monkeypatch.context() as patched:
        patched.setattr(socket.socket, "connect", no_route)
        yield


class Now:
    """A printer's work, done at once."""

    def run(self, call: object, then: object, failed: object) -> None:
        try:
            answer = call()  # type: ignore[operator]
        except Exception as error:  # noqa: BLE001 (whatever it was is told)
            failed(error)  # type: ignore[operator]
        else:
            then(answer)  # type: ignore[operator]


def know_the_month(chain: Chain) -> None:
    """What begins in the month is published before it."""
    with chain.office.session() as session:
        dearer = Price(
            MILK.key, datetime(2026, 11, 10, 8, tzinfo=BERLIN), UnitPrice.parse("1.49", "EUR")
        )
        special = Price(
            MILK.key, datetime(2026, 11, 20, tzinfo=BERLIN), UnitPrice.parse("0.99", "EUR"),
            ends=datetime(2026, 11, 22, tzinfo=BERLIN),
        )  # fmt: skip
        for price in (dearer, special):
            prices.put_price(session, price, "test")
        rates = (
            Rate(beginning.EPOCH, Decimal(7)),
            Rate(datetime(2026, 11, 16, tzinfo=BERLIN), Decimal(5)),
        )
        changes.record(
            session, Tax(TaxClass("B"), TaxZone("de"), "B", rates), changes.CHAIN, "test"
        )
        evening = Promotion(
            PromotionKey("evening"), BEGAN, "Zwei Pils für 1,50", ends=BEGAN + timedelta(days=25),
            price=euros("1.50"), goods=(Goods((Barcode("40200"),), many=2),), days=("5", "6"),  # type: ignore[arg-type]
        )  # fmt: skip
        changes.record(session, evening, changes.CHAIN, "test")
    chain.publish()


class Month:
    """One till's month, with a model of its money in plain numbers."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.clock = BEGAN.astimezone(UTC)
        self.chance = random.Random(7)
        self.printer = Pretend()
        self.queue = PrintQueue(self.printer, Now(), lambda: None)
        self.till = self._open()
        self.names: list[str] = []
        self.cash = 0
        self.zs: list[tuple[int, int, int]] = []

    def _open(self) -> Till:
        return self.chain.till("014-1", lambda: self.clock)

    def die(self) -> None:
        self.till.close()
        self.till = self._open()

    def pass_by(self, **more: int) -> None:
        self.clock += timedelta(**more)

    def paid(self, tender: str = "cash", over: int = 0) -> None:
        till = self.till
        due = till.basket.total
        receipt, _ = till.pay([(TenderKey(tender), Money(due.minor + over, due.currency))])
        self.names.append(receipt.name)
        self.cash += due.minor if tender == "cash" else 0
        self.queue.put(till.prints.rows(receipt), kick=True)

    def sell(self) -> None:
        till, chance = self.till, self.chance
        for _ in range(chance.randint(1, 5)):
            code = chance.choice((MILK_CODE, BEER_CODE, BEER_CODE, CHEESE))
            weighed = Quantity(chance.randint(50, 900), "kg")
            till.scan(code, weighed if code == CHEESE else Quantity(1000 * chance.randint(1, 3)))
        if chance.random() < 0.1:
            till.void_line(1)
            if till.basket.is_empty:
                till.abort()
                return
        if chance.random() < 0.1:
            till.discounts.receipt(Discount(till.whoever.key, percent=Decimal(10), reason="Treue"))
        if chance.random() < 0.1:
            self.die()
            till = self.till
        if chance.random() < 0.1:
            ref = till.parking.park().ref
            till.parking.recall(ref)
        self.paid(chance.choice(("cash", "cash", "card")))

    def give_back(self) -> None:
        till = self.till
        if not self.names:
            return
        sold = till.returning.find(self.chance.choice(self.names))
        left = till.returning.left(sold)
        if left:
            line, quantity = left[0]
            till.returning.take_back(sold, line.number, quantity, Given("defect", "parked"))
            self.paid("cash")

    def void_last(self) -> None:
        self.sell()
        till = self.till
        if till.last is None or till.last.kind != "sale" or till.basket.lines:
            return
        before = till.drawer.x_report().cash.minor
        receipt, _ = till.returning.void(till.last.name)
        self.cash += till.drawer.x_report().cash.minor - before
        assert receipt.kind == "void"

    def day(self, number: int) -> None:
        till = self.till
        self.clock = (BEGAN + timedelta(days=number)).astimezone(UTC)
        till.drawer.float_in(Money(self.cash or 15_000, till.basket.currency))
        self.cash = self.cash or 15_000
        for n in range(SALES):
            self.pass_by(minutes=self.chance.randint(1, 40))
            self.printer.broken = self.chance.random() < 0.2
            self.sell()
            if n % 4 == 3:
                self.give_back()
        self.void_last()
        till = self.till
        if self.cash > 20_000:
            till.drawer.safe_drop(Money(self.cash - 15_000, till.basket.currency), f"B{number}")
            self.cash = 15_000
        self.pass_by(minutes=10)
        assert till.drawer.x_report().cash.minor == self.cash
        off = self.chance.choice((0, 0, 5, -10))
        till.drawer.count(Money(self.cash + off, till.basket.currency))
        z = till.drawer.z_report()
        assert (z.number, z.cash.minor) == (number + 1, self.cash)
        self.cash += off
        self.zs.append((z.number, z.receipts, z.total.minor))


def test_a_whole_month_with_the_cable_out(chain: Chain, cable_out: None) -> None:
    chain.till("014-1").close()
    know_the_month(chain)
    chain.look("014-1")
    month = Month(chain)
    for number in range(DAYS):
        month.day(number)
    till = month.till
    month.printer.broken = False
    month.queue.retry()
    assert month.printer.slips, "what waited for the printer is printed"
    box = till.box
    assert verify.verify(box.journal, {}, plain.MODULE.verify) == []
    with chain.office.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ReceiptRow)) == 0
    till.close()

    chain.look("014-1")  # the cable is back

    with chain.office.reading() as session:
        stored = session.scalars(sa.select(ReceiptRow.number).order_by(ReceiptRow.number)).all()
        assert list(stored) == list(range(1, len(stored) + 1)), "each once, without a gap"
        assert session.scalar(sa.select(sa.func.count()).select_from(QuarantineRow)) == 0
        closed = cash.closings(session, None, BEGAN.date(), (BEGAN + timedelta(days=DAYS)).date())
    assert [(c.number, c.receipts, c.total) for c in reversed(closed)] == month.zs
    assert all(c.agrees for c in closed)
    assert len({c.day for c in closed}) == DAYS
    prices, rates, promoted = seen(chain)
    assert prices == {"1.39", "1.49", "0.99"}, "each price held, switched by the clock"
    assert rates == {Decimal(7), Decimal(5)}
    assert promoted


def seen(chain: Chain) -> tuple[set[str], set[Decimal], int]:
    """The prices of milk, the tax rates of its class, and the promotions that the month saw."""
    from services.journal import read  # noqa: PLC0415

    prices: set[str] = set()
    rates: set[Decimal] = set()
    promoted = 0
    for stored in read.everything(chain.box("014-1").journal):
        receipt = stored.entry().receipt
        for line in receipt.lines if receipt and receipt.kind == "sale" else ():
            if line.article == MILK.key and line.kind == "sale":
                prices.add(line.price.number)
            promoted += sum(r.kind == "promotion" for r in line.reductions)
        rates |= {row.percent for row in receipt.taxes if row.class_ == "B"} if receipt else set()
    return prices, rates, promoted
