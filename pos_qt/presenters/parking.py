"""Parking a sale, and going on with one that was parked, here or at another till of the branch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.nextdoor import NextDoor
from pos_qt.presenters.page import Page
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.sheets import SheetPresenter
from pos_qt.presenters.shown import Sheet, Tile
from schemas.receipt import Basket, Parked

MOST: Final = 9
"""Tiles of parked sales. Source: DESIGN.md, 5.2."""
MOST_IN_ALL: Final = 12
"""Tiles with those of other tills."""
LATE: Final = timedelta(minutes=30)
"""From then on a parked sale is marked. Source: DESIGN.md, 5.2."""


class ParkingPresenter:
    """Up to nine sales that wait. What is parked is on disk, and survives the till's death."""

    def __init__(self, desk: Desk, sale: SalePresenter, sheets: SheetPresenter) -> None:
        self._desk = desk
        self._sale = sale
        self._sheets = sheets
        self._parked: list[Parked] = []
        self._page: Page | None = None
        self.others = NextDoor(desk, sale)
        self.others.on_brought = self._on_brought
        self.others.on_here = self.look
        self.on_count: Callable[[int, bool], None] = lambda *_: None
        """How many are parked, and whether one of them is late."""

    def toggle(self) -> None:
        """F8: park what is in hand; with nothing in hand, show what is parked."""
        self._desk.take(lambda: self.recall() if self._desk.till.is_idle() else self.park())

    def park(self) -> None:
        """Put the sale aside."""

        def done(_: Parked) -> None:
            self._sale.fresh()
            self.look()

        self._desk.go(self._desk.till.parking.park, done, self._sale.failed)

    def recall(self) -> None:
        """Show what is parked, here and at the other tills."""

        def show(found: list[Parked]) -> None:
            self._keep(found)
            self._page = Page(self._tiles, tap=self._tapped)
            self._sheets.start(self._page)
            self.others.look()

        self._desk.go(self._desk.till.parking.all, show, self._sale.failed)

    def look(self) -> None:
        """Count what is parked, behind the screen."""
        self._desk.behind.run(self._desk.till.parking.all, self._keep, lambda _: None)

    def look_around(self) -> None:
        """The agent rang: something may have come from another till, or gone there."""
        self.others.take_in(is_open=self._is_open)
        if self._is_open:
            self._sheets.show()

    def tick(self) -> None:
        """Time goes by: a parked sale grows old, and nobody waits for ever."""
        self.others.tick()
        if self._parked:
            self.on_count(len(self._parked), self._is_late(self._parked[0]))

    @property
    def _is_open(self) -> bool:
        return self._page is not None and self._sheets.page is self._page

    def _keep(self, found: list[Parked]) -> None:
        self._parked = found[:MOST]
        self.on_count(len(found), bool(found) and self._is_late(found[0]))
        if self._is_open:
            self._sheets.show()

    def _is_late(self, parked: Parked) -> bool:
        return self._desk.till.now() - parked.at > LATE

    def _tiles(self) -> Sheet:
        words = self._desk.words
        own = [self._tile(parked) for parked in self._parked]
        tiles = [*own, *self.others.tiles()]
        shown = tuple(tiles[:MOST_IN_ALL])
        lead = self.others.waiting_for() or (words("parked.lead") if tiles else "")
        if len(tiles) > len(shown):
            lead += " " + words("parked.more", many=len(tiles) - len(shown))
        return Sheet(
            words("parked.title"), lead, tiles=shown, nothing="" if tiles else words("parked.none")
        )

    def _tile(self, parked: Parked) -> Tile:
        words, basket = self._desk.words, parked.basket
        lines = [line for line in basket.lines if line.counts and line.kind != "deposit"]
        first = lines[0].name if lines else ""
        more = f" +{len(lines) - 1}" if len(lines) > 1 else ""
        minutes = int((self._desk.till.now() - parked.at).total_seconds() // 60)
        age = words("parked.age", minutes=minutes)
        return Tile(
            parked.ref,
            f"{first}{more}",
            f"{words.amount(basket.total)} · {age} · {parked.by_name}",
            "clock" if self._is_late(parked) else "pause",
            kind="warn" if self._is_late(parked) else "plain",
        )

    def _tapped(self, key: str) -> None:
        if not self.others.tapped(key):
            self._recall(next((each for each in self._parked if each.ref == key), None))

    def _on_brought(self, parked: Parked) -> None:
        """It is this till's now: go on with it, if it can be seen and nothing is in hand."""
        if self._is_open and self._desk.till.is_idle():
            self._recall(parked)
        else:
            self.others.say_here()
            self.look()

    def _recall(self, parked: Parked | None) -> None:
        if parked is None:
            return

        def done(basket: Basket) -> None:
            self._sheets.close()
            self._sale.recalled(basket)
            self._say(parked, basket)
            self.look()

        def failed(error: Exception) -> None:
            self.look()
            self._sale.failed(error)

        self._desk.go(lambda: self._desk.till.parking.recall(parked.ref), done, failed)

    def _say(self, parked: Parked, basket: Basket) -> None:
        """Who parked it and when, and which prices are others now."""
        words = self._desk.words
        before = {line.number: line.amount for line in parked.basket.lines if line.counts}
        changed = [
            words("parked.price", name=line.name, before=before[line.number], after=line.amount)
            for line in basket.lines
            if line.counts and line.number in before and before[line.number] != line.amount
        ]
        at = f"{parked.at.astimezone(self._desk.till.now().tzinfo):%H:%M}"
        title = words("parked.recalled", name=parked.by_name, time=at)
        self._sale.strips.warn(title, " · ".join(changed[:3]), kind="info", icon="tray")
        self._sale.show_strips()
