"""What this till has printed, and prints again years later, byte for byte.

The layout and the settings that slips were made with are kept by the mirror's revision, once each.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from schemas import xml
from schemas.drawer import Closing, Drawer
from schemas.journal import Note
from schemas.layout import Layout
from schemas.receipt import Approval, Basket, Receipt
from schemas.settings import Settings
from services.disk import durable
from services.fiscal import seam
from services.mirror.catalogue import Catalogue
from services.register import report, slip, slipcode
from services.register.columns import Row
from services.register.slip import Print
from services.till.archive import Archive
from services.till.book import Book
from services.till.rights import Rights

D = TypeVar("D")


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

    def remember(self, revision: int) -> None:
        """Keep what slips of this revision of the mirror are made with; called before the sale."""
        for name, document in (
            (f"{revision:012d}-layout.xml", self._till.catalogue.layout),
            (f"{revision:012d}-settings.xml", lambda: self._till.catalogue.own),
        ):
            path = self._folder / name
            if not path.exists():
                durable.replace(path, xml.dump(document()))

    def rows(self, receipt: Receipt) -> tuple[Row, ...]:
        """The receipt's slip, as it was or is to be printed first."""
        return self._rows(receipt, Print(code=self._code(receipt)))

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

    def closing(self, closing: Closing) -> tuple[Row, ...]:
        """An X or Z report."""
        return report.closing_rows(closing, self._own, self._till.catalogue.layout().columns)

    def drawer(self, event: Drawer) -> tuple[Row, ...]:
        """What happened at the drawer."""
        return report.drawer_rows(event, self._own, self._till.catalogue.layout().columns)

    @property
    def _own(self) -> Settings:
        return self._till.catalogue.own

    def _rows(self, receipt: Receipt, this: Print) -> tuple[Row, ...]:
        layout = self._kept(receipt, "layout", Layout, self._till.catalogue.layout)
        own = self._kept(receipt, "settings", Settings, lambda: self._own)
        fiscal = receipt.stamp and seam.module(receipt.stamp.scheme).receipt_rows(receipt.stamp)
        return slip.render(receipt, layout, own, fiscal or (), this)

    def _kept(self, receipt: Receipt, name: str, cls: type[D], now: Callable[[], D]) -> D:
        path = self._folder / f"{receipt.revision:012d}-{name}.xml"
        with contextlib.suppress(OSError, xml.DocumentRefused):
            return xml.load(cls, path.read_bytes())
        return now()

    def _code(self, receipt: Receipt) -> str | None:
        key = self._own.slip_key
        return slipcode.code(receipt, key) if key and not receipt.training else None

    def _note(
        self, kind: str, receipt: Receipt, number: int | None, approval: Approval | None
    ) -> None:
        who = self._till.basket.cashier
        note = Note(kind, self._till.now(), who, receipt.number, number, approval=approval)
        self._till.book.record(note)
