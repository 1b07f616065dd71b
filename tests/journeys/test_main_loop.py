"""The main loop in one process: a price goes down, a sale comes up, once, whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from schemas import signature, xml
from schemas.keys import Barcode, TenderKey
from schemas.quantity import Quantity
from schemas.receipt import Receipt
from services.database.changes import revision
from services.database.sales import EntryRow, HourRow, LineRow, QuarantineRow, ReceiptRow
from services.fiscal import plain
from services.gateway import enrol
from services.journal import hand, read, verify
from services.link import identity
from services.link.office import OfficeRefused, OfficeUnreachable
from services.mirror import store
from services.register.refusal import StepRefused
from services.spool import gaps, upload
from services.till.till import Till
from tests.pretend.branch import MILK, Chain, euros

MILK_CODE = Barcode("4012345678901")
CASE_CODE = Barcode("4012345678918")


def sell_milk(till: Till) -> Receipt:
    """One carton of milk for cash."""
    till.scan(MILK_CODE)
    return till.pay()[0]


def receipts(chain: Chain) -> list[tuple[str, int, int]]:
    """What head office has: till, number, total."""
    with chain.office.reading() as session:
        rows = session.execute(
            sa.select(ReceiptRow.till, ReceiptRow.number, ReceiptRow.total).order_by(
                ReceiptRow.till, ReceiptRow.number
            )
        )
        return [(row.till, row.number, row.total) for row in rows]


def test_a_price_goes_down_and_a_sale_comes_up(any_chain: Chain) -> None:
    with any_chain.till("014-1") as till:
        assert sell_milk(till).total == euros("1.39")
        any_chain.price(MILK.key, "1.49")
        any_chain.look("014-1")
        assert sell_milk(till).total == euros("1.49")
        any_chain.look("014-1")
    assert receipts(any_chain) == [("1", 1, 139), ("1", 2, 149)]
    with any_chain.office.reading() as session:
        assert session.scalar(sa.select(sa.func.sum(HourRow.total))) == 288


def test_a_sale_in_hand_keeps_the_price_it_began_with(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK_CODE)
        chain.price(MILK.key, "9.99")
        chain.look("014-1")
        till.scan(MILK_CODE)
        assert till.pay()[0].total == euros("2.78")
        assert sell_milk(till).total == euros("9.99")


def test_a_price_for_later_begins_by_the_tills_clock_without_a_line(chain: Chain) -> None:
    now = [datetime.now(UTC)]
    chain.price(MILK.key, "2.00", begins=now[0] + timedelta(hours=1))
    with chain.till("014-1", lambda: now[0]) as till:
        assert sell_milk(till).total == euros("1.39")
        now[0] += timedelta(minutes=59, seconds=59)
        assert sell_milk(till).total == euros("1.39")
        now[0] += timedelta(seconds=2)
        assert sell_milk(till).total == euros("2.00")


def test_the_same_upload_twice_and_in_any_order_is_stored_once(any_chain: Chain) -> None:
    with any_chain.till("014-1") as till:
        for _ in range(5):
            sell_milk(till)
    box = any_chain.box("014-1")
    entries = [(s.series, s.number, s.data()) for s in read.everything(box.journal)]
    desk = any_chain.desk("014-1")
    desk.upload(entries[3:])
    with any_chain.office.reading() as session:
        assert [(g.first, g.last) for g in gaps.gaps(session)] == [(1, 3)]
    assert desk.upload(entries[1:2]).numbers == {"1": 0}
    for _ in range(2):
        assert desk.upload(list(reversed(entries))).numbers == {"1": 5}
    assert len(receipts(any_chain)) == 5
    with any_chain.office.reading() as session:
        assert gaps.gaps(session) == []
        assert session.scalar(sa.select(sa.func.sum(HourRow.total))) == 5 * 139
        assert session.scalar(sa.select(sa.func.count()).select_from(LineRow)) == 5


def test_two_tills_claiming_one_number_leave_evidence_and_the_first_stays(chain: Chain) -> None:
    with chain.till("014-1") as till:
        sell_milk(till)
    stored = next(read.everything(chain.box("014-1").journal))
    desk = chain.desk("014-1")
    desk.upload([("1", 1, stored.data())])
    other = replace(stored.entry(), at=datetime.now(UTC))
    answer = desk.upload([("1", 1, xml.dump(other))])
    assert [refused.number for refused in answer.refused] == [1]
    with chain.office.reading() as session:
        assert session.scalar(sa.select(EntryRow.document)) == stored.data()
        assert session.scalar(sa.select(QuarantineRow.document)) == xml.dump(other)


@pytest.mark.parametrize(
    "poison",
    [b"", b"<entry", b"<!DOCTYPE x><x/>", b"\xff\xfe"],
    ids=["nothing", "cut short", "doctype", "not UTF-8"],
)
def test_a_poisoned_entry_never_blocks_the_queue(chain: Chain, poison: bytes) -> None:
    with chain.till("014-1") as till:
        sell_milk(till)
        sell_milk(till)
    entries = [(s.series, s.number, s.data()) for s in read.everything(chain.box("014-1").journal)]
    answer = chain.desk("014-1").upload([entries[0], ("1", 2, poison), ("1", 3, b"<x/>")])
    assert answer.numbers == {"1": 3}
    assert len(answer.refused) == 2
    assert receipts(chain) == [("1", 1, 139)]


def test_a_receipt_that_does_not_add_up_is_put_aside(chain: Chain) -> None:
    with chain.till("014-1") as till:
        sell_milk(till)
    entry = next(read.everything(chain.box("014-1").journal)).entry()
    assert entry.receipt is not None
    wrong = replace(entry, receipt=replace(entry.receipt, total=euros("1.00")))
    answer = chain.desk("014-1").upload([("1", 1, xml.dump(wrong))])
    assert "does not add up" in answer.refused[0].reason
    assert receipts(chain) == []


def test_a_practice_receipt_is_never_turnover(chain: Chain) -> None:
    with chain.till("014-1") as till:
        sell_milk(till)
        till.train(training=True)
        sell_milk(till)
    chain.look("014-1")
    assert receipts(chain) == [("1", 1, 139)]
    (practised,) = read.everything(chain.box("014-1").path / "training")
    honest = replace(practised.entry(), number=2)
    answer = chain.desk("014-1").upload([("1", 2, xml.dump(honest))])
    assert "practice" in answer.refused[0].reason
    assert receipts(chain) == [("1", 1, 139)]


def test_a_till_may_write_only_its_own_entries(chain: Chain) -> None:
    with chain.till("014-1") as till:
        sell_milk(till)
    stored = next(read.everything(chain.box("014-1").journal))
    answer = chain.desk("014-2").upload([("1", 1, stored.data())])
    assert "of till 014-1" in answer.refused[0].reason
    assert receipts(chain) == []


def test_head_office_away_for_days_loses_nothing(chain: Chain) -> None:
    class Away:
        """Nobody there."""

        def __getattr__(self, name: str) -> object:
            raise OfficeUnreachable("no cable")

    with chain.till("014-1") as till:
        for _ in range(30):
            sell_milk(till)
        agent = chain.agent("014-1", Away())  # type: ignore[arg-type]
        status = agent.look()
        agent.close()
        assert (status.link, status.waiting, status.cause) == ("offline", 30, "no cable")
    chain.look("014-1")
    assert len(receipts(chain)) == 30
    assert upload.waiting(chain.box("014-1")) == (0, None)


class Flaky:
    """A line over which each call may fail before it arrives, or lose its answer after."""

    def __init__(self, desk: object, faults: Sequence[str]) -> None:
        self._desk = desk
        self._faults = list(faults)

    def __getattr__(self, name: str) -> object:
        def call(*arguments: object) -> object:
            fault = self._faults.pop(0) if self._faults else ""
            if fault == "before":
                raise OfficeUnreachable("cut before")
            answer = getattr(self._desk, name)(*arguments)
            if fault == "after":
                raise OfficeUnreachable("cut after")
            return answer

        return call


@pytest.mark.parametrize("seed", range(8))
def test_a_sale_reaches_head_office_once_though_the_line_broke(chain: Chain, seed: int) -> None:
    faults = [("before", "after", "")[(seed * 7 + n * 5) % 3] for n in range(12)]
    flaky = Flaky(chain.desk("014-1"), faults)
    with chain.till("014-1") as till:
        agent = chain.agent("014-1", flaky)  # type: ignore[arg-type]
        for _ in range(12):
            sell_milk(till)
            agent.look()
        agent.look()
        agent.close()
    assert receipts(chain) == [("1", n, 139) for n in range(1, 13)]


def test_a_basket_and_its_number_survive(chain: Chain) -> None:
    till = chain.till("014-1")
    sell_milk(till)
    till.scan(MILK_CODE, Quantity(3000))
    basket, number = till.basket, till.next_number
    till.close()  # the lock goes with the process; nothing else is saved here
    again = chain.till("014-1")
    assert (again.basket, again.next_number) == (basket, number)
    assert again.pay()[0].number == 2
    again.close()


def test_a_till_that_died_after_the_journal_does_not_sell_twice(chain: Chain) -> None:
    till = chain.till("014-1")
    till._later = lambda write: None
    till.scan(MILK_CODE)
    basket = till.basket
    till.pay()
    till.close()
    hand.save(chain.box("014-1").hand, basket)
    again = chain.till("014-1")
    assert again.basket.lines == ()
    assert again.next_number == 2
    again.close()


def test_a_mirror_file_that_was_damaged_is_named_and_comes_anew(chain: Chain) -> None:
    till = chain.till("014-1")
    till.close()
    box = chain.box("014-1")
    file = next((box.mirror / "chain").glob("snapshot-*.xml"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    trusted = identity.trusted(identity.enrolment(box))
    assert [damage.path for damage in store.verify(box.mirror, trusted)] == [file]
    (box.mirror / "index.sqlite").unlink()
    agent = chain.agent("014-1")
    status = agent.look()
    agent.close()
    assert status.fault is None
    assert store.verify(box.mirror, trusted) == []
    with chain.till("014-1") as till:
        assert sell_milk(till).total == euros("1.39")


def test_a_forged_replica_is_refused_and_the_last_good_stays(chain: Chain) -> None:
    class Forging:
        """Hands out changes with one digit changed."""

        def __init__(self, desk: object) -> None:
            self._desk = desk

        def __getattr__(self, name: str) -> object:
            return getattr(self._desk, name)

        def changes(self, scope: str, after: int) -> list[bytes] | None:
            """Forged."""
            found = chain.desk("014-1").changes(scope, after)
            return None if found is None else [d.replace(b"1.49", b"0.01") for d in found]

        def snapshot(self, scope: str) -> bytes:
            """Forged too."""
            return chain.desk("014-1").snapshot(scope).replace(b"1.39", b"0.01")

    with chain.till("014-1") as till:
        chain.price(MILK.key, "1.49")
        agent = chain.agent("014-1", Forging(chain.desk("014-1")))  # type: ignore[arg-type]
        status = agent.look()
        agent.close()
        assert status.fault is not None
        assert "refused" in status.fault
        assert sell_milk(till).total == euros("1.39")


def test_a_tombstone_takes_a_price_away(chain: Chain) -> None:
    with chain.till("014-1") as till:
        sell_milk(till)
        chain.remove_price(MILK.key)
        chain.look("014-1")
        till.renew()
        with pytest.raises(StepRefused, match="no price"):
            till.scan(MILK_CODE)


def test_a_till_that_was_shut_out_sells_on_and_is_let_in_again(chain: Chain) -> None:
    with chain.till("014-1") as till:
        with chain.office.session() as session:
            enrol.revoke(session, "014-1")
        with chain.office.reading() as session, pytest.raises(OfficeRefused, match="shut out"):
            enrol.device(session, "014-1")
        sell_milk(till)
    with chain.office.session() as session:
        enrol.restore(session, "014-1")
    chain.look("014-1")
    assert len(receipts(chain)) == 1


def test_an_enrolment_code_works_once_and_the_lost_reply_again(chain: Chain) -> None:
    mine, other = (signature.public_text(signature.new_key()) for _ in range(2))
    with chain.office.session() as session:
        code = enrol.make_code(session, "014-2", "test")
    for _ in range(2):
        with chain.office.session() as session:
            who = enrol.enrol(session, code.lower(), mine, "http://x", None, "k")
        assert who.name == "014-2"
    for wrong, key in ((code, other), ("AAAAA-AAAAA-AAAAA-AAAAA", mine)):
        with pytest.raises(OfficeRefused), chain.office.session() as session:
            enrol.enrol(session, wrong, key, "http://x", None, "k")


@pytest.mark.parametrize("what", ["change", "remove", "swap", "truncate"])
def test_a_journal_that_was_touched_is_found_and_the_file_named(chain: Chain, what: str) -> None:
    with chain.till("014-1") as till:
        for _ in range(4):
            sell_milk(till)
    chain.look("014-1")
    box = chain.box("014-1")
    paths = [stored.path for stored in read.everything(box.journal)]
    bad = paths[1]
    if what == "change":
        bad.write_bytes(bad.read_bytes().replace(b"1.39", b"1.38", 1))
        bad = paths[1]
    elif what == "remove":
        bad.unlink()
    elif what == "swap":
        one, two = paths[1].read_bytes(), paths[2].read_bytes()
        paths[1].write_bytes(two)
        paths[2].write_bytes(one)
    else:
        bad = paths[3]
        bad.unlink()
    found = verify.verify(box.journal, upload.cursor(box).anchors, plain.MODULE.verify)
    assert found[0].path in {bad, paths[2]}
    if what != "change":
        assert found[0].path == bad


def test_a_journal_from_an_old_copy_goes_on_in_a_new_series(chain: Chain) -> None:
    with chain.till("014-1") as till:
        for _ in range(3):
            sell_milk(till)
    chain.look("014-1")
    box = chain.box("014-1")
    list(read.everything(box.journal))[-1].path.unlink()
    with chain.till("014-1") as till:
        assert till.book.damage is not None
        receipt = sell_milk(till)
        assert (receipt.series, receipt.number) == ("1x1", 1)
    chain.look("014-1")
    assert len(receipts(chain)) == 4


def test_a_clock_set_back_changes_no_number(chain: Chain) -> None:
    now = [datetime.now(UTC)]
    with chain.till("014-1", lambda: now[0]) as till:
        sell_milk(till)
        now[0] -= timedelta(days=400)
        assert till.book.is_ahead_of(till.now())
        assert sell_milk(till).number == 2
    chain.look("014-1")
    assert len(receipts(chain)) == 2


def test_a_status_reaches_head_office(chain: Chain) -> None:
    chain.till("014-1").close()
    with chain.office.reading() as session:
        device = enrol.device(session, "014-1")
        assert device.contact_at is not None
        assert device.mirror_revision == 1
        assert device.waiting == 0


def test_the_case_code_sells_the_pack(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(CASE_CODE)
        assert till.pay([(TenderKey("cash"), euros("20.00"))])[0].change == euros("3.32")


def test_a_till_cannot_reach_another_tills_scope(chain: Chain) -> None:
    with pytest.raises(OfficeRefused):
        chain.desk("014-1").changes("till-014-2", 0)
    with pytest.raises(OfficeRefused):
        chain.desk("014-1").snapshot("branch-015")


def test_the_same_receipt_sent_twice_at_the_same_moment_is_stored_once(any_chain: Chain) -> None:
    with any_chain.till("014-1") as till:
        for _ in range(20):
            sell_milk(till)
    stored = list(read.everything(any_chain.box("014-1").journal))
    entries = [(s.series, s.number, s.data()) for s in stored]
    start = threading.Barrier(8)

    def send(_: int) -> list[dict[str, int]]:
        desk = any_chain.desk("014-1")
        start.wait()
        return [desk.upload(entries[n : n + 5]).numbers for n in range(0, 20, 5)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert all(each[-1] == {"1": 20} for each in answers)
    assert len(receipts(any_chain)) == 20
    with any_chain.office.reading() as session:
        assert session.scalar(sa.select(sa.func.sum(HourRow.total))) == 20 * 139
        assert session.scalar(sa.select(sa.func.count()).select_from(QuarantineRow)) == 0


def test_two_editors_at_once_miss_no_revision(any_chain: Chain) -> None:
    def edit(n: int) -> None:
        for k in range(5):
            any_chain.price(MILK.key, f"{n + 1}.{k}0")

    any_chain.till("014-1").close()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(edit, range(4)))
    any_chain.publish()
    any_chain.look("014-1")
    with any_chain.office.reading() as session:
        newest = revision(session, "chain")
    box = any_chain.box("014-1")
    with any_chain.till("014-1") as till:
        assert newest is not None
        assert (till.catalogue.revision, till.catalogue.digest) == (newest.number, newest.digest)
    trusted = identity.trusted(identity.enrolment(box))
    assert store.verify(box.mirror, trusted) == []


def test_head_office_dying_at_any_statement_leaves_nothing_half_applied(any_chain: Chain) -> None:
    with any_chain.till("014-1") as till:
        for _ in range(3):
            sell_milk(till)
    stored = list(read.everything(any_chain.box("014-1").journal))
    entries = [(s.series, s.number, s.data()) for s in stored]
    desk = any_chain.desk("014-1")
    done = 0

    class Died(Exception):
        """Here."""

    for at in range(1, 40):
        left = [at]

        def count(*_: object, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise Died

        sa.event.listen(any_chain.office.engine, "before_cursor_execute", count)
        try:
            desk.upload(entries)
            done = at
        except Died:
            assert receipts(any_chain) == []
        finally:
            sa.event.remove(any_chain.office.engine, "before_cursor_execute", count)
        with any_chain.office.reading() as session:
            entries_there = session.scalar(sa.select(sa.func.count()).select_from(EntryRow))
            lines = session.scalar(sa.select(sa.func.count()).select_from(LineRow))
        assert (entries_there, lines) in {(0, 0), (3, 3)}
        if done:
            break
    assert done > 5
    assert len(receipts(any_chain)) == 3
