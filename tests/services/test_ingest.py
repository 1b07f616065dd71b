"""Head office takes in what it can, puts the rest aside, and never lets one entry stop the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from schemas import xml
from schemas.journal import BEGINNING, Entry
from schemas.keys import Barcode, Digest
from schemas.money import Currency, Money
from schemas.receipt import Receipt
from services.database.sales import EntryRow, QuarantineRow, ReceiptRow
from services.fiscal import plain
from services.journal import read
from services.spool import rows
from tests.pretend.branch import Chain

MILK = Barcode("4012345678901")


def sold(chain: Chain, many: int) -> list[Entry]:
    with chain.till("014-1") as till:
        for _ in range(many):
            till.scan(MILK)
            till.pay()
        return [stored.entry() for stored in read.everything(till.box.journal)]


def restamped(receipt: Receipt) -> Receipt:
    bare = replace(receipt, stamp=None)
    assert receipt.stamp is not None
    return replace(bare, stamp=plain.MODULE.finish(bare, receipt.stamp.previous))


def chained(entries: list[Entry]) -> list[tuple[str, int, bytes]]:
    previous = BEGINNING
    sent = []
    for entry in entries:
        data = xml.dump(replace(entry, previous=previous))
        previous = xml.digest(data)
        sent.append((entry.series, entry.number, data))
    return sent


def count(chain: Chain, table: type) -> int:
    with chain.office.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def other(change: Callable[[Receipt], Receipt]) -> Callable[[Entry], Entry]:
    def changed(entry: Entry) -> Entry:
        assert entry.receipt is not None
        return replace(entry, receipt=restamped(change(entry.receipt)))

    return changed


USD = Currency("USD")
UNSOUND: dict[str, Callable[[Entry], Entry]] = {
    "a receipt number twice": other(lambda r: replace(r, number=1)),
    "a line number twice": other(lambda r: replace(r, lines=(r.lines[0], replace(
        r.lines[0], amount=Money(0, r.currency))))),
    "a tax class twice": other(lambda r: replace(r, taxes=(r.taxes[0], replace(
        r.taxes[0], gross=Money(0, r.currency))))),
    "another series inside": other(lambda r: replace(r, series="9")),
    "another currency": other(lambda r: replace(r, change=Money(0, USD))),
    "the year one": other(lambda r: replace(r, ends=r.ends.replace(year=1))),
    "no stamp": lambda e: replace(e, receipt=replace(e.receipt, stamp=None)),  # type: ignore[type-var]
    "a stamp of something else": lambda e: replace(
        e, receipt=replace(e.receipt, cashier_name="Else")),  # type: ignore[type-var]
}  # fmt: skip


@pytest.mark.parametrize("what", UNSOUND)
def test_what_is_unsound_is_put_aside_and_the_next_goes_on(any_chain: Chain, what: str) -> None:
    entries = sold(any_chain, 3)
    entries[1] = UNSOUND[what](entries[1])
    answer = any_chain.desk("014-1").upload(chained(entries))
    assert [(each.series, each.number) for each in answer.refused] == [("1", 2)]
    assert answer.numbers == {"1": 3}
    assert count(any_chain, EntryRow) == 3
    assert count(any_chain, ReceiptRow) == 2
    assert count(any_chain, QuarantineRow) == 1
    assert any_chain.desk("014-1").upload(chained(entries)).numbers == {"1": 3}
    assert count(any_chain, QuarantineRow) == 1


def test_an_entry_that_does_not_follow_the_one_before_is_put_aside(any_chain: Chain) -> None:
    entries = sold(any_chain, 3)
    sent = chained(entries)
    sent[2] = (*sent[2][:2], xml.dump(replace(entries[2], previous=Digest("f" * 64))))
    desk = any_chain.desk("014-1")
    desk.upload(sent[:2])
    answer = desk.upload(sent[2:])
    assert answer.refused[0].reason.startswith("the entry is not chained")
    assert count(any_chain, ReceiptRow) == 2


def test_what_the_tables_refuse_stops_no_other(
    any_chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = rows._receipt_row

    def spoilt(receipt: Receipt, entry: int, at: object) -> dict[str, object]:
        row = real(receipt, entry, at)  # type: ignore[arg-type]
        return {**row, "currency": None} if receipt.number == 2 else row

    monkeypatch.setattr(rows, "_receipt_row", spoilt)
    answer = any_chain.desk("014-1").upload(chained(sold(any_chain, 3)))
    assert [each.number for each in answer.refused] == [2]
    assert answer.numbers == {"1": 3}
    assert count(any_chain, ReceiptRow) == 2
    with any_chain.office.reading() as session:
        kinds = list(session.scalars(sa.select(EntryRow.kind).order_by(EntryRow.number)))
    assert kinds == ["receipt", "quarantine", "receipt"]
