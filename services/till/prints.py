"""What this till has printed, and prints again years later, byte for byte.

The layouts and the settings that slips were made with are kept, once each; a receipt names its own.
"""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol, TypeVar

from schemas import xml
from schemas.drawer import Closing, Drawer
from schemas.journal import Note
from schemas.keys import Digest
from schemas.layout import Layout
from schemas.receipt import Approval, Basket, Receipt
from schemas.settings import Settings
from services.disk import durable
from services.fiscal import seam
from services.mirror.catalogue import Catalogue
from services.register import report, slip, slipcode
from services.register.columns import Row, printable
from services.register.slip import Print
from services.till.archive import Archive
from services.till.book import Book
from services.till.rights import Rights

D = TypeVar("D")
_LATE: Final = timedelta(minutes=15)
"""A test print that comes later is wanted by nobody any more."""


class Counter(Protocol):
    """What printing asks of its till."""

    basket: Basket
    catalogue: Catalogue
    rights: Rights
    book: Book
    archive: Archive

    def now(self) -> datetime:
        """The branch's local time."""


class Prints:
    """Receipts and reports as rows, for whatever printer there is."""

    def __init__(self, till: Counter, hand: Path) -> None:
        self._till = till
        self._folder = durable.folder(hand / "printed")
        self._own_kept: tuple[Settings | None, Digest] = (None, Digest(""))
        self._layout_kept: Path | None = None

    def remember(self, layout: Layout, own: Settings) -> Digest:
        """Keep what a slip is made with, before the sale; answers the settings' digest.

        One version of a layout is kept once, and never changed: what was printed with it is printed
        so again.
        """
        if own is not self._own_kept[0]:
            data = xml.dump(own)
            digest = xml.digest(data)
            self._keep(self._settings_file(digest), data)
            self._own_kept = own, digest
        path = self._layout_file(layout.layout, layout.version)
        if path != self._layout_kept:
            self._keep(path, xml.dump(layout))
            self._layout_kept = path
        return self._own_kept[1]

    def _keep(self, path: Path, data: bytes) -> None:
        if not path.exists():
            durable.replace(path, data)

    def rows(self, receipt: Receipt) -> tuple[Row, ...]:
        """The receipt's slip, as it was or is to be printed first."""
        return self._rows(receipt, Print(code=self._code(receipt)))

    def shop(self, receipt: Receipt) -> list[tuple[Row, ...]]:
        """The slips that stay in the shop, as many as the tenders want; of a signed debit one at least."""
        found = ((p, self._till.catalogue.tender(p.tender)) for p in receipt.payments)
        wanted = [
            tender.copies if tender and tender.copies is not None else int(payment.kind == "debit")
            for payment, tender in found
        ]
        many = 0 if receipt.kind == "void" else max(wanted, default=0)
        return [self._rows(receipt, Print(shop=True))] * many

    def copy(self, receipt: Receipt) -> tuple[Row, ...]:
        """The slip once more, marked as a copy with its number; that it was made is on record."""
        approval = self._till.rights.need("reprint")
        number = self._till.archive.copies(receipt) + 1
        self._note("copy", receipt, number, approval)
        return self._rows(receipt, Print(copy=number, code=self._code(receipt)))

    def gift(self, receipt: Receipt) -> tuple[Row, ...]:
        """A slip without prices, with which the goods can come back; on record."""
        approval = self._till.rights.need("gift-slip")
        self._note("gift", receipt, None, approval)
        return self._rows(receipt, Print(gift=True, code=self._code(receipt)))

    def proofs(self) -> list[tuple[Row, ...]]:
        """A test print that head office asked for: once, between two sales, and not when it is late."""
        wanted = self._till.catalogue.proof()
        if wanted is None or self._till.basket.lines:
            return []
        seen, name = self._folder / "proof.txt", wanted.at.isoformat().encode()
        if abs(self._till.now() - wanted.at) > _LATE or (
            seen.exists() and seen.read_bytes() == name
        ):
            return []
        try:
            durable.replace(seen, name)
        except durable.DiskRefused:
            return []  # better none than one at each look
        return [
            tuple(
                Row(printable(row.text), bool(row.bold), bool(row.double), row.code)
                for row in wanted.rows
            )
        ]

    def closing(self, closing: Closing) -> tuple[Row, ...]:
        """An X or Z report."""
        return report.closing_rows(closing, self._own, self.columns)

    def drawer(self, event: Drawer) -> tuple[Row, ...]:
        """What happened at the drawer."""
        names = {person.key: person.name for person in self._till.catalogue.staff()}
        return report.drawer_rows(event, self._own, self.columns, names)

    @property
    def columns(self) -> int:
        """How many columns slips have here and now."""
        layout = self._till.catalogue.layout(self._till.now())
        return slip.columns_of(layout, self._own)

    @property
    def _own(self) -> Settings:
        return self._till.catalogue.own

    def _rows(self, receipt: Receipt, this: Print) -> tuple[Row, ...]:
        layout, own = self.made_with(receipt)
        fiscal = receipt.stamp and seam.module(receipt.stamp.scheme).receipt_rows(receipt.stamp)
        return slip.render(receipt, layout, own, fiscal or (), this)

    def made_with(self, receipt: Receipt) -> tuple[Layout, Settings]:
        """The layout and the settings that a receipt was made with, or what holds now."""
        file = self._layout_file(receipt.layout, receipt.layout_version)
        layout = self._load(Layout, file) or self._till.catalogue.layout(self._till.now())
        kept = receipt.settings and self._load(Settings, self._settings_file(receipt.settings))
        return layout, kept or self._own

    def _load(self, cls: type[D], path: Path) -> D | None:
        with contextlib.suppress(OSError, xml.DocumentRefused):
            return xml.load(cls, path.read_bytes())
        return None

    def _layout_file(self, key: str, version: int) -> Path:
        return self._folder / f"layout-{xml.digest(key.encode())[:16]}-{version:09d}.xml"

    def _settings_file(self, digest: Digest) -> Path:
        return self._folder / f"settings-{digest[:32]}.xml"

    def _code(self, receipt: Receipt) -> str | None:
        key = self._own.slip_key
        return slipcode.code(receipt, key) if key and not receipt.training else None

    def _note(
        self, kind: str, receipt: Receipt, number: int | None, approval: Approval | None
    ) -> None:
        who = self._till.basket.cashier
        note = Note(kind, self._till.now(), who, receipt.number, number, approval=approval)
        self._till.book.record(note)
