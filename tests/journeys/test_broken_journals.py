"""A journal whose disk fails, whose box is replaced, or whose files go: no sale is lost or doubled."""

from __future__ import annotations

import contextlib
import errno
import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.keys import Barcode
from services.database.sales import EntryRow, QuarantineRow, ReceiptRow
from services.disk import durable
from services.disk.durable import Unconfirmed
from services.journal import hand, read
from services.register.refusal import StepRefused
from services.spool import upload
from services.till import replay
from services.till.till import Till
from tests.pretend.branch import Chain

MILK = Barcode("4012345678901")
BEER = Barcode("40123455")


def rows(chain: Chain, table: type) -> int:
    with chain.office.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def totals(chain: Chain) -> list[int]:
    with chain.office.reading() as session:
        found = session.scalars(sa.select(ReceiptRow.total).order_by(ReceiptRow.entry))
        return list(found)


def failing(monkeypatch: pytest.MonkeyPatch, times: int, before: object = None) -> None:
    """The next flushes of a journal's folder fail."""
    real = durable.flush_folder
    left = [times]

    def flush(folder: Path) -> None:
        if "journal" in str(folder) and left[0]:
            left[0] -= 1
            if callable(before):
                before()
            raise OSError(errno.EIO, "pretended")
        real(folder)

    monkeypatch.setattr(durable, "flush_folder", flush)


def test_a_flush_that_fails_once_is_done_again(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        till.pay()
        failing(monkeypatch, 1)
        till.scan(MILK)
        assert till.pay()[0].number == 2


def test_an_entry_that_others_read_is_never_taken_back(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        till.pay()
        chain.look("014-1")
        till.scan(BEER)
        failing(monkeypatch, 2, before=lambda: chain.look("014-1"))
        with pytest.raises(Unconfirmed, match="recorded"):
            till.pay()
        assert till.basket.is_empty
        assert till.last is not None
        assert till.last.number == 2
        till.scan(MILK)
        assert till.pay()[0].number == 3
        chain.look("014-1")
    assert totals(chain) == [139, 103, 139]
    assert rows(chain, QuarantineRow) == 0


def test_a_replaced_box_writes_under_a_series_of_its_own(chain: Chain) -> None:
    with chain.till("014-1") as till:
        for _ in range(2):
            till.drawer.open("change")
            till.scan(MILK)
            till.pay()
    chain.look("014-1")
    shutil.rmtree(chain.box("014-1").path)
    with chain.till("014-1") as till:
        till.drawer.open("change")
        till.drawer.open("change")
        till.scan(BEER)
        receipt, _ = till.pay()
        assert (receipt.series, receipt.number) == ("2", 1)
    chain.look("014-1")
    assert rows(chain, QuarantineRow) == 0
    assert sorted(totals(chain)) == [103, 139, 139]


def test_a_file_that_is_gone_stops_no_other_and_is_named(chain: Chain) -> None:
    with chain.till("014-1") as till:
        for _ in range(4):
            till.scan(MILK)
            till.pay()
    box = chain.box("014-1")
    gone = read.place(box.journal, "1", 2)
    kept = gone.read_bytes()
    gone.unlink()
    chain.look("014-1")
    assert rows(chain, EntryRow) == 3
    known = chain.desk("014-1").acknowledged().through[0]
    assert (known.number, known.highest) == (1, 4)
    assert [(gap.first, gap.last) for gap in known.missing] == [(2, 2)]
    agent = chain.agent("014-1")
    status = agent.look()
    agent.close()
    assert status.fault is not None
    assert str(gone) in status.fault
    gone.write_bytes(kept)
    assert upload.waiting(box)[0] == 1
    chain.look("014-1")
    assert rows(chain, EntryRow) == 4
    assert upload.waiting(box) == (0, None)
    assert rows(chain, QuarantineRow) == 0


def test_a_file_that_cannot_be_read_stops_no_other(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    with chain.till("014-1") as till:
        for _ in range(3):
            till.scan(MILK)
            till.pay()
    real = read.Stored.data

    def data(stored: read.Stored) -> bytes:
        if stored.number == 2:
            raise OSError(errno.EIO, "pretended")
        return real(stored)

    monkeypatch.setattr(read.Stored, "data", data)
    agent = chain.agent("014-1")
    status = agent.look()
    agent.close()
    assert rows(chain, EntryRow) == 2
    assert status.fault is not None
    assert "0000000002.xml" in status.fault


def test_a_sale_that_is_done_is_not_open_again_though_its_series_is_damaged(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        basket = till.basket
        till.pay()
        hand.save(till.box.hand, basket)  # as if it was killed before it cleared the hand
        till.drawer.open("change")
    last = read.place(chain.box("014-1").journal, "1", 2)
    last.write_bytes(last.read_bytes()[:-20])
    with chain.till("014-1") as till:
        assert till.book.damage is not None
        assert till.basket.is_empty


def test_an_aborted_sale_stays_aborted(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        basket = till.basket
        till.abort()
        hand.save(till.box.hand, basket)
    with chain.till("014-1") as till:
        assert till.basket.is_empty


def test_an_undone_line_stays_undone_after_a_death(chain: Chain) -> None:
    with chain.till("014-1") as till:
        empty = till.basket
        till.scan(MILK)
        till.take_back(empty)
    with chain.till("014-1") as till:
        assert till.basket.is_empty


def test_a_sale_keeps_the_revision_that_its_prices_came_from(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        began = till.catalogue.revision
    chain.price("40122", "9.99")
    chain.look("014-1")
    with chain.till("014-1") as till:
        assert till.catalogue.revision > began
        assert till.pay()[0].revision == began


def test_people_are_looked_up_anew_when_they_sign_in(chain: Chain) -> None:
    from dataclasses import replace  # noqa: PLC0415

    from services.database import people  # noqa: PLC0415
    from services.till.signin import SignInRefused, pin_digest  # noqa: PLC0415

    with chain.till("014-1") as till:
        shown = till.catalogue.staff()[0]
        with chain.office.session() as session:
            people.put_staff(session, replace(shown, pin=pin_digest("2222")), "014", "test")
        chain.publish()
        chain.look("014-1")
        with pytest.raises(SignInRefused):
            till.sign_in(shown, "1111")
        till.sign_in(shown, "2222")
        assert till.renew()


UNFIT: list[tuple[str, dict[str, object]]] = [
    ("an empty ref", {"ref": ""}),
    ("a long ref", {"ref": "r" * 300}),
    ("a ref with a control sign", {"ref": "a\x01b"}),
    ("a lone surrogate", {"ref": "a\ud800b"}),
    ("no ref", {"ref": None}),
    ("too many tenders", {"tenders": [{"tender": "cash", "amount": "1.39"}] * 101}),
    ("a tender against the sale", {"tenders": [{"tender": "card", "amount": "21.39"},
                                               {"tender": "cash", "amount": "-20"}]}),
    ("a huge tender", {"tenders": [{"tender": "cash", "amount": "1000000000000000"}]}),
    ("an exponent", {"lines": [{"scan": MILK, "quantity": "1e3"}]}),
    ("other digits", {"lines": [{"scan": MILK, "quantity": "\u0661"}]}),
    ("a quantity times a pack", {"lines": [{"scan": "4012345678918", "quantity": "1000000"}]}),
    ("a name that a line has not", {"lines": [{"scan": MILK, "discount": "1"}]}),
    ("a number as code", {"lines": [{"scan": 4012345678901}]}),
    ("no code", {"lines": [{"scan": None}]}),
    ("ten thousand lines", {"lines": [{"scan": MILK}] * 10_001}),
    ("the year one", {"at": "0001-01-01T00:00:00+00:00"}),
    ("the year 9999", {"at": "9999-12-31T23:59:59+00:00"}),
]  # fmt: skip


def test_what_cannot_be_recorded_is_refused_and_the_next_sale_goes_on(chain: Chain) -> None:
    chain.till("014-1").close()
    box = chain.box("014-1")
    with Till(box, lambda: datetime.now(UTC), later=lambda _: None) as till:
        till.sign_in_unattended(replay.UNATTENDED)
        for what, unfit in UNFIT:
            line = json.dumps({"lines": [{"scan": MILK}], **unfit}).encode()
            assert "refused" in replay.sell(till, line), what
            assert till.basket.is_empty
        for raw in (
            b'{"ref": "a", "ref": "b", "lines": []}',
            b"\xff\xfe",
            b"[]",
            b'{"ref": "\x00"}',
        ):
            assert "refused" in replay.sell(till, raw)
        good = b'\xef\xbb\xbf{"ref": "good", "lines": [{"scan": "4012345678901"}]}'
        assert replay.sell(till, good)["number"] == 1
    with Till(box, lambda: datetime.now(UTC), later=lambda _: None) as till:
        assert till.book.damage is None


def test_a_lost_index_of_refs_is_made_anew(chain: Chain) -> None:
    chain.till("014-1").close()
    box = chain.box("014-1")
    line = b'{"ref": "one", "lines": [{"scan": "4012345678901"}]}'
    for spoilt in (None, b"no database at all" * 100):
        if spoilt:
            (box.hand / "archive.sqlite").write_bytes(spoilt)
        with Till(box, lambda: datetime.now(UTC), later=lambda _: None) as till:
            till.sign_in_unattended(replay.UNATTENDED)
            assert replay.sell(till, line)["number"] == 1


def test_an_index_that_spoils_while_selling_answers_again_without_a_restart(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        receipt, _ = till.pay()
        assert till.archive.receipt(receipt.name) == receipt
        with contextlib.closing(sqlite3.connect(till.box.hand / "archive.sqlite")) as other:
            other.execute("drop table receipt")
        with pytest.raises(durable.DiskRefused):
            till.archive.receipt(receipt.name)
        assert till.archive.receipt(receipt.name) == receipt
        till.scan(MILK)
        after, _ = till.pay()
        assert till.archive.receipt(after.name) == after


def test_many_writers_of_one_name_never_share_a_file(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    path = tmp_path / "one"
    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(durable.replace, path, bytes([n]) * 5000) for n in range(80)]
        assert [each.exception() for each in done] == [None] * 80
    data = path.read_bytes()
    assert data == data[:1] * 5000
    assert [p.name for p in tmp_path.iterdir()] == ["one"]


def test_a_line_that_no_document_can_carry_is_refused_in_time(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.name_sale("x" * 300)
        till.scan(MILK)
        with pytest.raises(StepRefused, match="cannot be recorded"):
            till.pay()
        assert not till.basket.is_empty
