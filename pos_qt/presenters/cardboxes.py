"""What the payment shows of a card: the amount sent, the terminal's words, and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from pos_qt.peripherals.cardnote import CardNote
from pos_qt.presenters.cardfacts import plain
from pos_qt.presenters.desk import Desk
from pos_qt.presenters.shown import Action, CardBox

Act = Callable[[], None]


class CardView(Protocol):
    """What shows how a card payment goes."""

    def show_card(self, box: CardBox | None) -> None:
        """The box in the payment, or none."""


class CardBoxes:
    """The box as it is, and what its buttons do."""

    def __init__(self, desk: Desk, view: CardView) -> None:
        self._desk = desk
        self._view = view
        self._does: dict[str, Act] = {}
        self.on_show: Callable[[], None] = lambda: None

    def act(self, key: str) -> None:
        """A step that the box offers."""
        self._does.get(key, lambda: None)()

    def close(self) -> None:
        """No box any more."""
        self._does = {}
        self._view.show_card(None)

    def work(self, note: CardNote, text: str, stop: Act | None = None) -> None:
        """The terminal is at work, or the disk."""
        words = self._desk.words
        key = "card.refunding" if note.amount.minor < 0 else "card.paying"
        if note.what != "pay":
            key = "card.undoing"
        offers = [(Action("cancel", words("card.cancel"), "x"), stop)] if stop else []
        self._show(words(key, amount=plain(note.amount)), text, offers, at_work=True)

    def unclear(self, note: CardNote, ask: Act, paid: Act, unpaid: Act) -> None:
        """Nobody knows: a person looks at the terminal, and says what became of it."""
        words, pays = self._desk.words, note.what == "pay"
        yes, no = ("card.paid", "card.unpaid") if pays else ("card.undone", "card.not-undone")
        offers = [
            (Action("ask", words("card.ask"), "arrow-counter-clockwise"), ask),
            (Action("paid", words(yes), "check", "go"), paid),
            (Action("unpaid", words(no), "x", "danger"), unpaid),
        ]
        text = words("card.unclear.text", amount=plain(note.amount))
        self._show(words("card.unclear"), text, offers)

    def not_kept(self, note: CardNote, again: Act, known: Act | None) -> None:
        """Money moved, and the disk or the register does not take it yet."""
        words = self._desk.words
        offers = [self._again(again)]
        if known is not None:
            offers.append(self._known(known))
        key = "card.paid-not-kept" if note.what == "pay" else "card.undone-not-kept"
        self._show(words(key), words("card.not-kept.text"), offers)

    def stuck(self, note: CardNote, why: str, again: Act, anyway: Act) -> None:
        """Some cards of a receipt are undone, this one not: again, or the void without it."""
        words = self._desk.words
        go_on = Action("book", words("card.void-anyway"), "prohibit", "danger")
        offers = [self._again(again), (go_on, anyway)]
        self._show(words("card.stuck", amount=plain(note.amount)), why, offers)

    def lost(self, note: CardNote, known: Act) -> None:
        """Money moved for a sale that is not in hand any more."""
        words = self._desk.words
        title = words("card.lost", amount=plain(note.amount))
        self._show(title, words("card.lost.text"), [self._known(known)])

    def _again(self, act: Act) -> tuple[Action, Act]:
        words = self._desk.words
        return Action("again", words("card.again"), "arrow-counter-clockwise", "go"), act

    def _known(self, act: Act) -> tuple[Action, Act]:
        return Action("known", self._desk.words("card.known"), "check", "danger"), act

    def _show(
        self, title: str, text: str, offers: Sequence[tuple[Action, Act]], *, at_work: bool = False
    ) -> None:
        self._does = {action.key: does for action, does in offers}
        self.on_show()
        self._view.show_card(CardBox(title, text, tuple(a for a, _ in offers), at_work))
