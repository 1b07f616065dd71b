"""Codes that no article bears: selling goes on, the till stands still, or it must be answered.

Which of them is the branch's setting `unknown`. Head office reads every such code from the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.shown import Action
from pos_qt.presenters.strips import unknown_code

ABOUT: Final = "unknown "


class HoldView(Protocol):
    """What covers the till while it stands still."""

    def show_hold(self, code: str) -> None:
        """The code that nobody knows, over everything."""

    def close_hold(self) -> None:
        """The screen below again."""


class UnknownPresenter:
    """What happens after an unknown code. Nothing of it sells anything."""

    def __init__(self, desk: Desk, sale: SalePresenter, view: HoldView) -> None:
        self._desk = desk
        self._sale = sale
        self._view = view
        self.is_held = False
        self.on_heard: Callable[[str], None] = lambda _: None
        """A tone is due."""
        sale.on_unknown = self.met

    @property
    def is_open(self) -> bool:
        """Must a code be answered for before money is taken?"""
        return bool(self._sale.strips.about(ABOUT))

    def met(self, code: str) -> None:
        """A code that no article bears was scanned or typed."""
        words, strips = self._desk.words, self._sale.strips
        policy = self._desk.till.catalogue.own.unknown
        if policy == "hold":
            self.is_held = True
            self._view.show_hold(code)
            self.on_heard("unknown")
        elif policy == "ask":
            search = Action("search", words("strip.search"), "magnifying-glass", "go")
            drop = Action("drop", words("unknown.drop"), "x")
            strip = ("barcode", words("strip.unknown", code=code), words("unknown.ask"))
            offers = ((search, lambda: self._sale.on_search(code)), (drop, lambda: None))
            strips.ask(f"{ABOUT}{code}", strip, None, offers, closes=False)
        else:
            unknown_code(strips, words, code, lambda: self._sale.on_search(code))

    def jump(self) -> None:
        """To the oldest code that must be answered for."""
        self._sale.strips.jump(ABOUT)
        self._sale.show_strips()

    def scanned(self) -> None:
        """A scan while the till stands still sells nothing, and says so aloud."""
        self.on_heard("unknown")

    def go_on(self) -> None:
        """Somebody has looked: selling goes on."""
        if self.is_held:
            self.is_held = False
            self._view.close_hold()
