"""A series that ends without a Z: what it sold stands in an addendum, once, and no Z changes."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from schemas.keys import Barcode
from services.database.sales import ClosingRow, ReceiptRow
from services.evaluation import cash
from services.journal import read
from services.spool import addenda
from services.till.till import Till
from services.worker import jobs
from tests.pretend.branch import Chain, euros

MILK, BEER = Barcode("4012345678901"), Barcode("40123455")
ALL = (date(2020, 1, 1), date(2100, 1, 1))


def sell(till: Till, code: Barcode = MILK) -> None:
    till.scan(code)
    till.pay()


def later(minutes: int) -> datetime:
    return datetime.now(UTC) + timedelta(minutes=minutes)


def close_ended(chain: Chain, minutes: int = 61) -> int:
    return jobs.close_ended(chain.office, later(minutes))


def closings(chain: Chain) -> list[tuple[str, int, int, int, int]]:
    """Series, number, addendum, receipts and total of every closing that counts."""
    with chain.office.reading() as session:
        rows = session.scalars(
            sa.select(ClosingRow).order_by(
                ClosingRow.series, ClosingRow.number, ClosingRow.addendum
            )
        )
        return [(r.series, r.number, r.addendum, r.receipts, r.total) for r in rows]


def agrees(chain: Chain) -> None:
    """All closings together are all receipts that came."""
    with chain.office.reading() as session:
        sold = session.execute(
            sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(ReceiptRow.total), 0))
        ).one()
        (total,) = cash.sums(session, None, *ALL)
        assert (total.receipts, total.total) == tuple(sold)


@pytest.fixture
def damaged(any_chain: Chain) -> Chain:
    """One day is closed; of the next the box's newest entry is damaged, and it goes on."""
    with any_chain.till("014-1") as till:
        till.drawer.float_in(euros("100.00"))
        sell(till)
        till.drawer.z_report()
        sell(till)
        sell(till, BEER)
        till.drawer.pay_out(euros("5.00"), "Blumen")
    any_chain.look("014-1")
    newest = read.place(any_chain.box("014-1").journal, "1", 6)
    newest.write_bytes(newest.read_bytes()[:-9])
    with any_chain.till("014-1") as till:
        assert till.book.series == "1x1"
        sell(till)
        z = till.drawer.z_report()
        assert (z.number, z.receipts, z.total) == (1, 1, euros("1.39"))
    any_chain.look("014-1")
    return any_chain


def test_what_a_damaged_series_sold_since_its_last_z_is_closed(damaged: Chain) -> None:
    assert close_ended(damaged, 0) == 0, "an upload may still be under way"
    assert close_ended(damaged) == 1
    assert closings(damaged) == [
        ("1", 1, 0, 1, 139), ("1", 2, 1, 2, 242), ("1x1", 1, 0, 1, 139),
    ]  # fmt: skip
    with damaged.office.reading() as session:
        found = cash.show(session, "014", "1", "1", 2, 1)
        assert found is not None
        assert found.closing is not None
        assert (found.closing.kind, found.closing.first, found.closing.last) == ("addendum", 2, 3)
        assert (found.closing.cash, found.closing.grand_total) == (euros("98.81"), euros("3.81"))
        assert found.closed.agrees
        assert any("NACHTRAG STATT Z 2" in row.text for row in found.rows)
        assert cash.show(session, "014", "1", "1", 2) is None
    assert close_ended(damaged) == close_ended(damaged, 600) == 0
    agrees(damaged)


def test_what_a_replaced_box_never_closed_is_closed(any_chain: Chain) -> None:
    with any_chain.till("014-1") as till:
        sell(till)
    any_chain.look("014-1")
    assert close_ended(any_chain) == 0, "its series goes on"
    shutil.rmtree(any_chain.box("014-1").path)
    with any_chain.till("014-1") as till:
        sell(till, BEER)
    any_chain.look("014-1")
    assert close_ended(any_chain) == 1
    assert closings(any_chain) == [("1", 1, 1, 1, 139)], "what is open in the new series stays open"


def test_what_an_old_box_sends_late_is_an_addendum_of_its_own_and_counted_once(
    any_chain: Chain,
) -> None:
    """It had sold more, and made its Z, before anybody knew that it was replaced.

    No addendum changes by it; where the Z comes after all, it counts in their stead.
    """
    box = any_chain.box("014-1")
    with any_chain.till("014-1") as till:
        sell(till)
    any_chain.look("014-1")
    with any_chain.till("014-1") as till:
        sell(till, BEER)
        sell(till)
        old = sorted(read.everything(box.journal), key=lambda stored: stored.number)
        first = [(s.series, s.number, s.data()) for s in old]
        till.drawer.z_report()
        sell(till)
        rest = [(s.series, s.number, s.data()) for s in read.everything(box.journal)][3:]
    shutil.rmtree(box.path)
    with any_chain.till("014-1") as till:
        sell(till)
        till.drawer.z_report()
    any_chain.look("014-1")
    assert close_ended(any_chain) == 1
    assert closings(any_chain)[0] == ("1", 1, 1, 1, 139)
    desk = any_chain.desk("014-1")
    with any_chain.office.session() as session:
        session.execute(sa.update(ClosingRow).values(until=datetime.now(UTC)))
    desk.upload(first[1:])
    assert close_ended(any_chain, 130) == 1
    assert closings(any_chain)[:2] == [("1", 1, 1, 1, 139), ("1", 1, 2, 2, 242)]
    agrees(any_chain)
    desk.upload(rest)
    assert close_ended(any_chain, 200) == 1, "what came after that Z"
    assert closings(any_chain)[:4] == [
        ("1", 1, 0, 3, 381), ("1", 1, 1, 1, 139), ("1", 1, 2, 2, 242), ("1", 2, 1, 1, 139),
    ]  # fmt: skip
    with any_chain.office.reading() as session:
        shown = cash.closings(session, None, *ALL)
        replaced = [each.addendum for each in shown if each.replaced]
    assert sorted(replaced) == [1, 2]
    agrees(any_chain)


def test_only_an_hour_of_quiet_closes(damaged: Chain) -> None:
    assert timedelta(hours=1) == addenda.QUIET
    assert close_ended(damaged, 59) == 0
