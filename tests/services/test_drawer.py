"""The drawer: money is conserved, numbers have no gap, and the Z report says what happened."""

from __future__ import annotations

import errno
import re
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from schemas.drawer import Denomination, TaxSum
from schemas.keys import Barcode, StaffKey, TaxClass, TenderKey
from schemas.money import Money
from services.disk import durable
from services.journal import read
from services.register import movement
from services.register.refusal import StepRefused
from tests.pretend.branch import Chain, euros

MILK, BEER = Barcode("4012345678901"), Barcode("40123455")
CASH, CARD = TenderKey("cash"), TenderKey("card")


def test_a_day_from_float_to_z(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.drawer.float_in(euros("150.00"))
        for tender, given in ((CASH, "2.00"), (CARD, "1.39")):
            till.scan(MILK)
            till.pay([(tender, euros(given))])
        till.drawer.pay_in(euros("10.00"), "Wechselgeld")
        till.drawer.pay_out(euros("4.50"), "Blumen")
        till.drawer.safe_drop(euros("100.00"), "B-17")
        assert till.drawer.x_report().cash == euros("56.89")
        till.scan(BEER)
        with pytest.raises(StepRefused, match="open sale"):
            till.drawer.z_report()
        till.abort()
        counted = till.drawer.count(
            euros("0.00"), [Denomination(euros("50.00"), 1), Denomination(euros("2.00"), 3)]
        )
        assert (counted.amount, counted.difference) == (euros("56.00"), euros("-0.89"))
        z = till.drawer.z_report()
    assert (z.number, z.receipts, z.total, z.cash) == (1, 2, euros("2.78"), euros("56.89"))
    assert (z.difference, z.aborted) == (euros("-0.89"), 1)
    assert {sum_.tender: sum_.amount for sum_ in z.tenders} == {
        "cash": euros("1.39"), "card": euros("1.39"),
    }  # fmt: skip
    assert sum(tax.gross.minor for tax in z.taxes) == z.total.minor
    with chain.till("014-1") as till:
        assert till.book.period.number == 2
        assert till.drawer.x_report().float_ == euros("56.00"), "what was counted is carried on"
        assert till.drawer.x_report().receipts == 0


def test_slips_of_the_drawer_name_people_and_a_z_says_what_lowered_the_tax(chain: Chain) -> None:
    with chain.till("014-1") as till:
        counts = [Denomination(euros("50.00"), 2), Denomination(euros("1.00"), 7)]
        begun = till.drawer.float_in(euros("0.00"), counts)
        assert (begun.amount, begun.denominations) == (euros("107.00"), tuple(counts))
        over = till.drawer.count(euros("107.00"), hand_over_to=StaffKey("mira"))
        text = "\n".join(row.text for row in till.prints.drawer(over))
        assert re.search(r"Übernimmt +Mira Köhler", text)
        assert len(re.findall("Mira Köhler", text)) == 2
        x = till.drawer.x_report()
        plain = "\n".join(row.text for row in till.prints.closing(x))
        assert "Coupons" not in plain
        tax = TaxSum(TaxClass("A"), Decimal(19), euros("9.00"), euros("7.56"), euros("1.44"))
        paid = replace(x, total=euros("10.00"), taxes=(tax,))
        text = "\n".join(row.text for row in till.prints.closing(paid))
        assert re.search(r"Durch Coupons, Punkte +−1,00", text)


def test_a_float_that_differs_is_on_record_and_comes_once(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.drawer.float_in(euros("150.00"))
        till.drawer.z_report()
        event = till.drawer.float_in(euros("149.50"))
        assert event.difference == euros("-0.50")
        with pytest.raises(StepRefused, match="begun already"):
            till.drawer.float_in(euros("1.00"))
        with pytest.raises(StepRefused, match="not be so much"):
            till.drawer.pay_out(euros("149.51"), "x")
        with pytest.raises(StepRefused, match="reason"):
            till.drawer.pay_out(euros("1.00"), "  ")
        with pytest.raises(StepRefused, match="bag"):
            till.drawer.safe_drop(euros("1.00"), "")


def test_the_business_day_ends_with_its_z_and_not_at_midnight(chain: Chain) -> None:
    clock = [datetime(2026, 11, 25, 20, tzinfo=UTC)]
    with chain.till("014-1", lambda: clock[0]) as till:
        till.drawer.float_in(euros("100.00"))
        clock[0] += timedelta(hours=5)
        till.scan(MILK)
        late, _ = till.pay()
        assert (late.ends.date(), late.day) == (date(2026, 11, 26), date(2026, 11, 25))
        assert till.drawer.z_report().day == date(2026, 11, 25)
        till.drawer.float_in(euros("100.00"))
        till.scan(MILK)
        assert till.pay()[0].day == date(2026, 11, 26)


def test_a_z_is_had_without_its_cache_and_with_a_damaged_one(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.drawer.float_in(euros("100.00"))
        till.scan(MILK)
        till.pay()
        before = till.drawer.x_report()
        cache = till.box.hand / "period-1.xml"
    for spoilt in (None, b"<closing", cache.read_bytes().replace(b'through="2"', b'through="9"')):
        if spoilt is None:
            cache.unlink()
        else:
            cache.write_bytes(spoilt)
        with chain.till("014-1") as till:
            after = till.drawer.x_report()
            assert (after.cash, after.total, after.number) == (before.cash, before.total, 1)


def test_an_x_changes_no_figure_and_says_who_looked(chain: Chain) -> None:
    """Two tills do the same, but at one of them somebody looks after every step."""
    closings = {}
    for name, looks in (("014-1", True), ("014-2", False)):
        with chain.till(name, lambda: datetime(2026, 11, 25, 10, tzinfo=UTC)) as till:
            for step in (
                lambda: till.drawer.float_in(euros("100.00")),
                lambda: (till.scan(MILK), till.pay()),
                lambda: till.drawer.count(euros("101.00")),
            ):
                step()
                if looks:
                    first, again = till.drawer.x_report(), till.drawer.x_report()
                    assert replace(again, through=first.through) == first
            closings[name] = till.drawer.z_report()
    assert replace(closings["014-1"], through=3) == closings["014-2"]
    notes = [stored.entry().note for stored in read.everything(chain.box("014-1").journal)]
    looked = [(note.kind, note.cashier, note.number) for note in notes if note]
    assert looked == [("x-report", "mira", 1)] * 6


def test_what_cannot_be_noted_is_not_seen(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    with chain.till("014-1") as till:
        monkeypatch.setattr(durable, "create", _full)
        with pytest.raises(durable.DiskRefused):
            till.drawer.x_report()


def _full(path: Path, data: bytes) -> None:
    raise durable.DiskRefused(OSError(errno.ENOSPC, "full"))


def test_a_new_series_begins_with_the_money_of_the_old(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.drawer.float_in(euros("100.00"))
        till.scan(MILK)
        till.pay()
        till.scan(MILK)
        till.pay()
    newest = read.place(chain.box("014-1").journal, "1", 3)
    newest.write_bytes(newest.read_bytes()[:-9])
    with chain.till("014-1") as till:
        assert till.book.damage
        assert till.drawer.x_report().cash == euros("101.39"), "what can be read counts"


def test_two_cashiers_at_one_till_sum_to_it(chain: Chain) -> None:
    with chain.till("014-1") as till:
        mira = till.cashier
        assert mira is not None
        for person in (mira, replace(mira, key="jo", name="Jo Kern")):  # type: ignore[arg-type]
            till.sign_in_unattended(person)
            till.scan(MILK)
            till.pay([(CASH, euros("2.00"))])
        z = till.drawer.z_report()
    assert [(c.cashier, c.receipts, c.cash.minor) for c in z.cashiers] == [
        ("jo", 1, 139),
        ("mira", 1, 139),
    ]
    assert sum(c.cash.minor for c in z.cashiers) == z.cash.minor


class Day(RuleBasedStateMachine):
    """Sales, drawer events, closings and deaths in any order, beside a model in plain numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="tresen-day-"))
        self.chain = Chain(self.folder)
        self.till = self.chain.till("014-1")
        self.cash = self.total = self.grand = 0
        self.receipts = self.z = 0
        self.floated = self.begun = False

    def teardown(self) -> None:
        self.till.close()
        self.chain.office.close()
        shutil.rmtree(self.folder)

    @rule(beers=st.integers(1, 3), over=st.integers(0, 500), card=st.booleans())
    def sell(self, beers: int, over: int, *, card: bool) -> None:
        for _ in range(beers):
            self.till.scan(BEER)
        due = self.till.basket.total
        given = due if card else Money(due.minor + over, due.currency)
        receipt, _ = self.till.pay([(CARD if card else CASH, given)])
        self.receipts += 1
        self.begun = True
        assert receipt.number == self.receipts
        self.total += due.minor
        self.cash += 0 if card else due.minor

    @rule(back=st.integers(1, 2))
    def take_back(self, back: int) -> None:
        for _ in range(back):
            self.till.scan(BEER, back=True)
        due = self.till.basket.total
        self.till.pay([(CASH, due)])
        self.receipts += 1
        self.begun = True
        self.total += due.minor
        self.cash += due.minor

    @rule()
    def abort(self) -> None:
        self.till.scan(MILK)
        self.till.abort()

    @rule(amount=st.integers(0, 20_000))
    def float_in(self, amount: int) -> None:
        try:
            self.till.drawer.float_in(Money(amount, self.till.basket.currency))
        except StepRefused:
            assert self.floated or self.begun
            return
        self.cash, self.floated = amount, True

    @rule(amount=st.integers(1, 5000), kind=st.sampled_from(["in", "out", "drop"]))
    def move(self, amount: int, kind: str) -> None:
        money = Money(amount, self.till.basket.currency)
        try:
            if kind == "in":
                self.till.drawer.pay_in(money, "r")
            elif kind == "out":
                self.till.drawer.pay_out(money, "r")
            else:
                self.till.drawer.safe_drop(money, "b")
        except StepRefused:
            assert amount > self.cash
            return
        self.cash += amount if kind == "in" else -amount
        self.begun = True

    @rule(off=st.integers(-50, 50), counted=st.booleans())
    def close_day(self, off: int, *, counted: bool) -> None:
        if counted and self.cash + off >= 0:
            self.till.drawer.count(Money(self.cash + off, self.till.basket.currency))
        else:
            counted = False
        z = self.till.drawer.z_report()
        self.z += 1
        self.grand += self.total
        assert (z.number, z.total.minor, z.cash.minor) == (self.z, self.total, self.cash)
        assert z.grand_total.minor == self.grand
        assert sum(t.amount.minor for t in z.tenders) == self.total
        self.cash += off if counted else 0
        self.total, self.floated, self.begun = 0, False, False

    @rule()
    def die(self) -> None:
        self.till.close()
        self.till = self.chain.till("014-1")

    @invariant()
    def all_agrees(self) -> None:
        x = self.till.drawer.x_report()
        assert (x.cash.minor, x.total.minor, x.number) == (self.cash, self.total, self.z + 1)
        assert self.till.next_number == self.receipts + 1


TestDay = Day.TestCase
TestDay.settings = settings(
    max_examples=8, stateful_step_count=25, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def test_a_full_drawer_says_so(chain: Chain) -> None:
    from dataclasses import replace  # noqa: PLC0415

    with chain.till("014-1") as till:
        own = replace(till.catalogue.own, drawer_most=euros("100.00"), blind_count=True, count_attempts=2,
                      count_tolerance=euros("1.00"))  # fmt: skip
        assert movement.fullness(till.book.period, own) == "fine"
        till.drawer.pay_in(euros("100.00"), "r")
        assert movement.fullness(till.book.period, own) == "empty-soon"
        till.drawer.pay_in(euros("100.00"), "r")
        assert movement.fullness(till.book.period, own) == "full"
        assert not movement.shows_expected(till.book.period, own)
        far = till.drawer.count(euros("190.00"))
        assert movement.needs_approval(far, own)
        assert not movement.shows_expected(till.book.period, own)
        assert not movement.needs_approval(till.drawer.count(euros("199.50")), own)
        assert movement.shows_expected(till.book.period, own)


def test_head_office_has_every_z_and_says_whether_it_agrees(any_chain: Chain) -> None:
    from services.evaluation import cash  # noqa: PLC0415

    with any_chain.till("014-1") as till:
        till.drawer.float_in(euros("100.00"))
        for _ in range(3):
            till.scan(MILK)
            till.pay()
        till.drawer.safe_drop(euros("50.00"), "B-9")
        till.drawer.count(euros("54.00"))
        z = till.drawer.z_report()
        gone = read.place(till.box.journal, "1", 3)
        kept = gone.read_bytes()
        gone.unlink()
    for agrees in (False, True):
        if agrees:
            gone.write_bytes(kept)
        any_chain.look("014-1")
        with any_chain.office.reading() as session:
            found = cash.closings(session, None, z.day, z.day)
            assert [(c.number, c.total, c.difference) for c in found] == [(1, 417, -17)]
            assert (found[0].agrees, found[0].missing) == (agrees, 0 if agrees else 1)
            assert [(b.bag, b.amount) for b in cash.bags(session, "014")] == [("B-9", 5000)]
            assert cash.closings(session, "002", z.day, z.day) == []


def test_an_unknown_code_reaches_head_office_until_an_article_bears_it(any_chain: Chain) -> None:
    from schemas.article import Article, Code  # noqa: PLC0415
    from schemas.keys import ArticleKey  # noqa: PLC0415
    from services.database import articles  # noqa: PLC0415
    from services.evaluation import exceptions  # noqa: PLC0415

    with any_chain.till("014-1") as till:
        for _ in range(2):
            till.note_unknown(Barcode("7777"))
        till.note_unknown(Barcode("8888"))
        day = till.now().date()
    any_chain.look("014-1")
    with any_chain.office.reading() as session:
        found = exceptions.unknown_codes(session, None, day, day)
    assert [(u.code, u.many, u.branches) for u in found] == [("7777", 2, 1), ("8888", 1, 1)]
    with any_chain.office.session() as session:
        articles.put(
            session, Article(ArticleKey("1"), "Neu", codes=(Code(Barcode("7777")),)), "test"
        )
    with any_chain.office.reading() as session:
        found = exceptions.unknown_codes(session, "014", day, day)
    assert [u.code for u in found] == ["8888"]


def test_x_and_z_say_who_printed_them(chain: Chain) -> None:
    with chain.till("014-1") as till:
        for closing in (till.drawer.x_report(), till.drawer.z_report()):
            said = "\n".join(row.text for row in till.prints.closing(closing))
            assert "Gedruckt von" in said
            assert "Es bediente Sie" not in said
