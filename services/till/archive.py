"""The till's archive: receipts by name and by ref, and what of them has come back.

Derived from the journal, and caught up with it by itself: losing the file costs time only.
"""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from schemas import xml
from schemas.customer import Customer
from schemas.journal import Acknowledgement, Entry, Note
from schemas.keys import Digest, VoucherNumber
from schemas.money import Currency, Money
from schemas.receipt import Receipt
from services.disk.durable import DiskRefused
from services.journal import read
from services.register import clientele, voucher

_VERSION: Final = 5
_TABLES: Final = f"""
create table if not exists ref(ref text primary key, series text, entry integer);
create table if not exists receipt(
    name text primary key, series text, entry integer, number integer, day text, total integer
);
create index if not exists receipt_number on receipt(number);
create index if not exists receipt_total on receipt(total, day);
create table if not exists back(
    origin text, line integer, thousandths integer not null, primary key(origin, line)
);
create table if not exists voucher(
    number text primary key, series text, entry integer, line integer,
    issued integer not null, redeemed integer not null
);
create table if not exists note(
    series text, receipt integer, kind text, entry integer, number integer
);
create index if not exists note_receipt on note(receipt, series, kind);
create table if not exists unchecked(
    series text, entry integer, kind text, key text, minor integer not null
);
create table if not exists owed(
    series text, entry integer, at real, customer text, minor integer not null
);
create table if not exists collected(
    series text, entry integer, at real, customer text, programme text,
    thousandths integer not null
);
create table if not exists customer(
    key text primary key, series text, entry integer, words text not null
);
create table if not exists card(code text primary key, customer text not null);
create table if not exists void(origin text primary key, name text);
create table if not exists seen(series text primary key, entry integer);
pragma user_version = {_VERSION};
"""


class Archive:
    """Looks receipts up. All methods raise DiskRefused where the disk refuses."""

    def __init__(self, hand: Path, journal: Path) -> None:
        self._journal = journal
        self._caught_up = False
        self._path = path = hand / "archive.sqlite"
        try:
            self._known = _opened(path)
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)  # derived: what the journal says is put in again
            with self._disk():
                self._known = _opened(path)

    def close(self) -> None:
        """Close the file."""
        self._known.close()

    def find(self, ref: str) -> tuple[Receipt, Digest] | None:
        """The receipt that was sold under `ref`, and its entry's digest."""
        row = self._one("select series, entry from ref where ref = ?", ref)
        if row is None:
            return None
        stored = self._stored(*row)
        receipt = stored.entry().receipt
        return (receipt, stored.digest()) if receipt and receipt.ref == ref else None

    def receipt(self, name: str) -> Receipt | None:
        """The receipt of this till with this name, or the newest with this number."""
        row = self._one("select series, entry from receipt where name = ?", name)
        if row is None and name.isascii() and name.isdigit() and len(name) < 16:
            row = self._one(
                "select series, entry from receipt where number = ? order by day desc, entry desc",
                int(name),
            )
        return self._stored(*row).entry().receipt if row else None

    def search(
        self, total: int | None = None, day: date | None = None, most: int = 50
    ) -> list[Receipt]:
        """Receipts of this till by what they came to and when, newest first."""
        with self._disk():
            self._catch_up()
            rows = self._known.execute(
                "select series, entry from receipt where (?1 is null or total = ?1)"
                " and (?2 is null or day = ?2) order by day desc, entry desc limit ?3",
                (total, day.isoformat() if day else None, most),
            ).fetchall()
        found = (self._stored(*row).entry().receipt for row in rows)
        return [receipt for receipt in found if receipt]

    def taken(self, origin: str) -> dict[int, int]:
        """Thousandths of each line of a receipt, of whatever till, that came back here."""
        with self._disk():
            self._catch_up()
            rows = self._known.execute(
                "select line, thousandths from back where origin = ?", (origin,)
            ).fetchall()
        return dict(rows)

    def voided(self, origin: str) -> str | None:
        """The counter-receipt that took a receipt back whole; None where there is none."""
        row = self._one("select name from void where origin = ?", origin)
        return str(row[0]) if row else None

    def voucher(self, number: VoucherNumber, currency: Currency) -> voucher.Known | None:
        """A voucher that was sold or redeemed at this till; None where it never was."""
        with self._disk():
            self._catch_up()
            row = self._known.execute(
                "select series, entry, line, issued, redeemed from voucher where number = ?",
                (number,),
            ).fetchone()
        if row is None:
            return None
        line = None
        if row[0] is not None:
            receipt = self._stored(row[0], row[1]).entry().receipt
            lines = receipt.lines if receipt else ()
            line = next((each for each in lines if each.number == row[2]), None)
        entry = None if line is None else (row[0], row[1])
        return voucher.Known(number, Money(row[3], currency), Money(row[4], currency), line, entry)

    def unchecked(self, kind: str, known: Acknowledgement) -> int:
        """Minor units taken unchecked in one kind of tender, in entries that head office does not have."""
        rows = self._all(
            "select series, entry, minor from unchecked where kind = ? and minor > 0", kind
        )
        return sum(minor for series, entry, minor in rows if not known.has(series, entry))

    def owed_since(self, customer: str, known: Acknowledgement, told: datetime | None) -> int:
        """Minor units that a customer owes more than head office told at an instant."""
        rows = self._all("select series, entry, at, minor from owed where customer = ?", customer)
        return sum(row[3] for row in rows if _is_news(row, known, told))

    def collected_since(
        self, customer: str, known: Acknowledgement, told: datetime | None
    ) -> dict[str, int]:
        """Thousandths of points of each programme, beyond what head office told at an instant."""
        rows = self._all(
            "select series, entry, at, programme, thousandths from collected where customer = ?",
            customer,
        )
        found: dict[str, int] = {}
        for row in rows:
            if _is_news(row, known, told):
                found[row[3]] = found.get(row[3], 0) + row[4]
        return found

    def customer(self, shown: str) -> tuple[Customer, tuple[str, int]] | None:
        """A customer that was registered here, by number or card, and the entry that says so last."""
        row = self._one("select customer, 0 from card where code = ?", shown)
        where = self._one(
            "select series, entry from customer where key = ?", row[0] if row else shown
        )
        said = self._stored(*where).entry().registration if where else None
        return (said.customer, where) if said and where else None

    def customers(self, words: Sequence[str], most: int = 40) -> list[str]:
        """Keys of customers that were registered here, whose words begin with all of these."""
        rows = self._all("select key, words from customer where ?1 = ?1 order by entry desc", "")
        found = [
            key
            for key, known in rows
            if all(any(w.startswith(word) for w in known.split()) for word in words)
        ]
        return found[:most]

    def copies(self, receipt: Receipt) -> int:
        """How often a receipt of this till was printed again."""
        with self._disk():
            self._catch_up()
            row = self._known.execute(
                "select max(number) from note where receipt = ? and series = ? and kind = 'copy'",
                (receipt.number, receipt.series),
            ).fetchone()
        return row[0] or 0

    def retendered(self, name: str) -> Note | None:
        """How a receipt's payments were put right last; None where they never were."""
        where = self.entry_of(name)
        if where is None:
            return None
        receipt = self._stored(*where).entry().receipt
        with self._disk():
            row = self._known.execute(
                "select entry from note where receipt = ? and series = ? and kind = 'tender'"
                " order by entry desc",
                (receipt.number if receipt else 0, where[0]),
            ).fetchone()
        return self._stored(where[0], row[0]).entry().note if row else None

    def entry_of(self, name: str) -> tuple[str, int] | None:
        """Series and number of the entry that holds a receipt of this till."""
        row = self._one("select series, entry from receipt where name = ?", name)
        return (row[0], row[1]) if row else None

    def _one(self, statement: str, value: str | int) -> tuple[str, int] | None:
        with self._disk():
            self._catch_up()
            row: tuple[str, int] | None = self._known.execute(statement, (value,)).fetchone()
        return row

    def _all(self, statement: str, value: str) -> list[tuple[Any, ...]]:
        with self._disk():
            self._catch_up()
            return self._known.execute(statement, (value,)).fetchall()

    def _stored(self, series: str, entry: int) -> read.Stored:
        return read.Stored(series, entry, read.place(self._journal, series, entry))

    @contextlib.contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, OSError) as error:
            with contextlib.suppress(sqlite3.DatabaseError):
                if self._known.in_transaction:
                    self._known.execute("rollback")
            if isinstance(error, sqlite3.DatabaseError):
                self._anew()
            raise DiskRefused(OSError(errno.EIO, str(error))) from error

    def _anew(self) -> None:
        """Derived: what the journal says is put in again at the next question, else the next start."""
        with contextlib.suppress(sqlite3.DatabaseError, OSError):
            self._known.close()
            self._path.unlink(missing_ok=True)
            self._caught_up = False
            self._known = _opened(self._path)

    def _catch_up(self) -> None:
        """Read what is new in the journal; the first time over holes too, then entry by entry."""
        seen = dict(self._known.execute("select series, entry from seen").fetchall())
        read_on = read.after if self._caught_up else read.present
        for series in read.series_names(self._journal):
            number = before = seen.get(series, 0)
            for stored in read_on(self._journal, series, number):
                if number == before:
                    self._known.execute("begin")
                number = stored.number
                with contextlib.suppress(xml.DocumentRefused):  # damaged: it answers nothing
                    self._take_in(stored.entry(), series, number)
            if number > before:
                self._known.execute("insert or replace into seen values (?, ?)", (series, number))
                self._known.execute("commit")
        self._caught_up = True

    def _take_in(self, entry: Entry, series: str, number: int) -> None:
        if entry.receipt is not None:
            self._put(entry.receipt, series, number)
        elif entry.note is not None and entry.note.receipt is not None:
            note = entry.note
            row = (series, note.receipt, note.kind, number, note.number)
            self._known.execute("insert into note values (?, ?, ?, ?, ?)", row)
        elif entry.registration is not None:
            self._put_customer(entry.registration.customer, series, number)
        elif entry.drawer is not None and entry.drawer.customer and entry.drawer.amount:
            paid = -entry.drawer.amount.minor
            self._put_owed(entry.drawer.customer, paid, entry.at, (series, number))

    def _put_customer(self, customer: Customer, series: str, entry: int) -> None:
        row = (customer.key, series, entry, clientele.words(customer))
        self._known.execute("insert or replace into customer values (?, ?, ?, ?)", row)
        for card in customer.cards:
            self._known.execute(
                "insert or replace into card values (?, ?)", (card.code, customer.key)
            )

    def _put_owed(self, customer: str, minor: int, at: datetime, where: tuple[str, int]) -> None:
        row = (*where, at.timestamp(), customer, minor)
        self._known.execute("insert into owed values (?, ?, ?, ?, ?)", row)

    def _put(self, receipt: Receipt, series: str, entry: int) -> None:
        put = self._known.execute
        if receipt.ref:
            put("insert or ignore into ref values (?, ?, ?)", (receipt.ref, series, entry))
        put(
            "insert or ignore into receipt values (?, ?, ?, ?, ?, ?)",
            (
                receipt.name,
                series,
                entry,
                receipt.number,
                receipt.ends.date().isoformat(),
                receipt.total.minor,
            ),
        )
        self._put_unchecked(receipt, series, entry)
        self._put_customers_part(receipt, series, entry)
        self._put_vouchers(receipt, series, entry)
        if receipt.kind == "void" and receipt.origin:
            put("insert or ignore into void values (?, ?)", (receipt.origin, receipt.name))
            self._put_forth(receipt.origin)
            return  # what its lines name as origin is the receipt that it took back
        for line in receipt.lines:
            if line.counts and line.origin and line.origin_line is not None:
                put(
                    "insert into back values (?, ?, ?) on conflict(origin, line)"
                    " do update set thousandths = thousandths + excluded.thousandths",
                    (line.origin, line.origin_line, line.quantity.thousandths),
                )

    def _put_forth(self, voided: str) -> None:
        """What a receipt took back, and that was voided, has not come back."""
        row = self._known.execute(
            "select series, entry from receipt where name = ?", (voided,)
        ).fetchone()
        receipt = self._stored(*row).entry().receipt if row else None
        for line in receipt.lines if receipt else ():
            if line.counts and line.origin and line.origin_line is not None:
                self._known.execute(
                    "update back set thousandths = thousandths - ? where origin = ? and line = ?",
                    (line.quantity.thousandths, line.origin, line.origin_line),
                )

    def _put_unchecked(self, receipt: Receipt, series: str, entry: int) -> None:
        if receipt.training:
            return
        taken = [(p.kind, p.reference, p.amount.minor) for p in receipt.payments if p.offline]
        taken += [("voucher", number, moved.minor) for number, moved in voucher.unasked(receipt)]
        for each in taken:
            row = (series, entry, *each)
            self._known.execute("insert into unchecked values (?, ?, ?, ?, ?)", row)

    def _put_customers_part(self, receipt: Receipt, series: str, entry: int) -> None:
        """What the receipt's customer owes more and has collected."""
        if receipt.customer is None or receipt.training:
            return
        account = sum(p.amount.minor for p in receipt.payments if p.kind == "account")
        if account:
            self._put_owed(receipt.customer, account, receipt.ends, (series, entry))
        at = receipt.ends.timestamp()
        for programme, thousandths in clientele.moved(receipt).items():
            self._known.execute(
                "insert into collected values (?, ?, ?, ?, ?, ?)",
                (series, entry, at, receipt.customer, programme, thousandths),
            )

    def _put_vouchers(self, receipt: Receipt, series: str, entry: int) -> None:
        if receipt.training:
            return
        for number, line in voucher.sold(receipt):
            self._known.execute(
                "insert into voucher values (?1, ?2, ?3, ?4, ?5, 0) on conflict(number) do update"
                " set series = ?2, entry = ?3, line = ?4, issued = issued + ?5",
                (number, series, entry, line.number, line.amount.minor),
            )
        for number, amount in voucher.redeemed(receipt):
            self._known.execute(
                "insert into voucher values (?1, null, null, null, 0, ?2) on conflict(number)"
                " do update set redeemed = redeemed + ?2",
                (number, amount.minor),
            )


def _is_news(row: tuple[Any, ...], known: Acknowledgement, told: datetime | None) -> bool:
    """Does head office's word not cover this yet? It had not the entry, or spoke before it."""
    return told is None or not known.has(row[0], row[1]) or row[2] > told.timestamp()


def _opened(path: Path) -> sqlite3.Connection:
    known = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        known.execute("pragma synchronous = off")
        version = known.execute("pragma user_version").fetchone()[0]
        if version not in {0, _VERSION}:
            raise sqlite3.DatabaseError("made by another version")
        known.executescript(_TABLES)
    except sqlite3.DatabaseError:
        known.close()
        raise
    return known
