"""What tills sent: every entry's bytes as received, and the rows that evaluation reads.

Each table carries its branch in its key, so that it can be distributed by branch.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.database.tables import Instant, Number, Table

Place = sa.String(12)


class EntryRow(Table):
    """One journal entry as received. Its key is the database's own guard against doubles."""

    __tablename__ = "entry"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    digest: Mapped[str] = mapped_column(sa.String(64))
    received_at: Mapped[datetime] = mapped_column(Instant)
    document: Mapped[bytes]


class ReceiptRow(Table):
    """A receipt. `day` is the local date of its end, `hour` the local hour; money in minor units."""

    __tablename__ = "receipt"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    entry: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(10))
    day: Mapped[date]
    business_day: Mapped[date]
    hour: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    cashier: Mapped[str] = mapped_column(sa.String(40))
    cashier_name: Mapped[str] = mapped_column(sa.String(200))
    currency: Mapped[str] = mapped_column(sa.String(3))
    total: Mapped[int] = mapped_column(sa.BigInteger)
    change: Mapped[int] = mapped_column(sa.BigInteger)
    items: Mapped[int]
    ref: Mapped[str | None] = mapped_column(sa.String(200))
    customer: Mapped[str | None] = mapped_column(sa.String(40))

    __table_args__ = (
        sa.Index("ix_receipt_day", "day", "branch"),
        sa.Index("ix_receipt_received", "received_at"),
        sa.Index("ix_receipt_customer", "customer", "ends_at"),
        sa.Index("ix_receipt_ref", "ref"),
    )


class LineRow(Table):
    """A line that counts. Quantity in thousandths, price in 100,000ths, amount in minor units."""

    __tablename__ = "receipt_line"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    receipt: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(sa.String(10))
    article: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(200))
    article_group: Mapped[str | None] = mapped_column(sa.String(40))
    quantity: Mapped[int] = mapped_column(sa.BigInteger)
    price: Mapped[int] = mapped_column(sa.BigInteger)
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    tax: Mapped[str] = mapped_column(sa.String(40))

    __table_args__ = (sa.Index("ix_receipt_line_day", "day", "article"),)


class ReturnedRow(Table):
    """So much of a line came back with a line of another receipt; below zero where that was voided.

    entry    the journal's entry that says so
    origin_  the line that it was bought with, of whatever branch and till
    """

    __tablename__ = "returned_line"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    receipt: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    entry: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    origin_branch: Mapped[str] = mapped_column(Place)
    origin_till: Mapped[str] = mapped_column(Place)
    origin_series: Mapped[str] = mapped_column(Place)
    origin_receipt: Mapped[int]
    origin_line: Mapped[int]
    thousandths: Mapped[int] = mapped_column(sa.BigInteger)

    __table_args__ = (
        sa.Index(
            "ix_returned_line_origin",
            "origin_branch", "origin_till", "origin_series", "origin_receipt", "origin_line",
        ),
    )  # fmt: skip


class PaymentRow(Table):
    """What was given in one tender."""

    __tablename__ = "receipt_payment"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    receipt: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    tender: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(40))
    amount: Mapped[int] = mapped_column(sa.BigInteger)


class TaxRow(Table):
    """What a receipt holds of one tax class and rate: what came back has the rate it was sold at."""

    __tablename__ = "receipt_tax"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    receipt: Mapped[int] = mapped_column(primary_key=True)
    tax: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    percent: Mapped[int] = mapped_column(primary_key=True)
    """In thousandths of a percent."""
    gross: Mapped[int] = mapped_column(sa.BigInteger)
    net: Mapped[int] = mapped_column(sa.BigInteger)
    amount: Mapped[int] = mapped_column(sa.BigInteger)


class HourRow(Table):
    """Turnover of a till in one local hour: kept with each receipt, so that questions are cheap."""

    __tablename__ = "turnover_hour"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    receipts: Mapped[int]
    items: Mapped[int]
    total: Mapped[int] = mapped_column(sa.BigInteger)

    __table_args__ = (sa.Index("ix_turnover_hour_day", "day"),)


class SeriesRow(Table):
    """How far a till's series has come in. There is a gap where `received` is less than `highest`."""

    __tablename__ = "series"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    through: Mapped[int] = mapped_column(default=0)
    highest: Mapped[int] = mapped_column(default=0)
    received: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(sa.String(64))


class QuarantineRow(Table):
    """What could not be digested, kept whole with the reason. It never blocks what comes after it.

    Evidence too: another content under a key that is taken.
    """

    __tablename__ = "quarantine"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    branch: Mapped[str] = mapped_column(Place)
    till: Mapped[str] = mapped_column(Place)
    series: Mapped[str] = mapped_column(Place)
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.String(2000))
    received_at: Mapped[datetime] = mapped_column(Instant)
    document: Mapped[bytes]

    __table_args__ = (sa.UniqueConstraint("branch", "till", "series", "number", "digest"),)


class ClosingRow(Table):
    """A Z report, as the till reckoned it. Amounts are minor units; it covers entries after to through.

    addendum  0 for the till's own; else made at head office for what no Z covers (services/spool/
              addenda.py), in place of the Z of this number
    until     an addendum covers what had come by then
    document  an addendum; the till's own is in its entry
    """

    __tablename__ = "closing"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    addendum: Mapped[int] = mapped_column(primary_key=True, default=0, autoincrement=False)
    entry: Mapped[int]
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    cashier: Mapped[str] = mapped_column(sa.String(40))
    cashier_name: Mapped[str] = mapped_column(sa.String(200))
    currency: Mapped[str] = mapped_column(sa.String(3))
    after: Mapped[int]
    through: Mapped[int]
    receipts: Mapped[int]
    total: Mapped[int] = mapped_column(sa.BigInteger)
    cash: Mapped[int] = mapped_column(sa.BigInteger)
    counted: Mapped[int | None] = mapped_column(sa.BigInteger)
    grand_total: Mapped[int] = mapped_column(sa.BigInteger)
    until: Mapped[datetime | None] = mapped_column(Instant)
    document: Mapped[bytes | None]

    __table_args__ = (sa.Index("ix_closing_day", "day", "branch"),)


class DrawerRow(Table):
    """What happened at a drawer beside sales. `difference` is over, or below zero short."""

    __tablename__ = "drawer_event"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    at: Mapped[datetime] = mapped_column(Instant)
    day: Mapped[date]
    cashier: Mapped[str] = mapped_column(sa.String(40))
    currency: Mapped[str | None] = mapped_column(sa.String(3))
    amount: Mapped[int | None] = mapped_column(sa.BigInteger)
    difference: Mapped[int | None] = mapped_column(sa.BigInteger)
    reason: Mapped[str | None] = mapped_column(sa.String(2000))
    bag: Mapped[str | None] = mapped_column(sa.String(40))

    __table_args__ = (sa.Index("ix_drawer_event_day", "day", "branch"),)


class VoucherRow(Table):
    """A voucher's ledger over all tills, in minor units. Spent twice, it is worth less than nothing."""

    __tablename__ = "voucher"

    number: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    kind: Mapped[str | None] = mapped_column(sa.String(10))
    article: Mapped[str | None] = mapped_column(sa.String(40))
    issued: Mapped[int] = mapped_column(sa.BigInteger)
    redeemed: Mapped[int] = mapped_column(sa.BigInteger)
    branch: Mapped[str] = mapped_column(Place)
    moved_at: Mapped[datetime] = mapped_column(Instant)
    blocked: Mapped[bool] = mapped_column(default=False)
    """Somebody at head office shut it: nothing is granted of it."""


class VoucherMove(Table):
    """What a receipt sold or took of a voucher, in minor units."""

    __tablename__ = "voucher_move"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    receipt: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    issued: Mapped[int] = mapped_column(sa.BigInteger)
    redeemed: Mapped[int] = mapped_column(sa.BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (sa.Index("ix_voucher_move_number", "number", "currency"),)


class NoteRow(Table):
    """What was done at a till and moved no money: reprints, tenders put right, unknown codes."""

    __tablename__ = "note"

    branch: Mapped[str] = mapped_column(Place, primary_key=True)
    till: Mapped[str] = mapped_column(Place, primary_key=True)
    series: Mapped[str] = mapped_column(Place, primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    at: Mapped[datetime] = mapped_column(Instant)
    day: Mapped[date]
    cashier: Mapped[str] = mapped_column(sa.String(40))
    receipt: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(sa.String(2000))

    __table_args__ = (sa.Index("ix_note_day", "day", "kind", "branch"),)
