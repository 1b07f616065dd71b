"""A till with presenters and a card terminal, without a screen; it can be killed at any step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from pos_qt.peripherals.cardnote import CardNotes
from pos_qt.peripherals.cardterminal import CardTerminal, PretendTerminal
from pos_qt.peripherals.zvt import Zvt
from pos_qt.peripherals.zvt_line import Patience
from pos_qt.peripherals.zvt_pretend import PretendZvt
from pos_qt.presenters.card import CardPresenter
from pos_qt.presenters.desk import Desk
from pos_qt.presenters.payment import PaymentPresenter
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.shown import CardBox
from pos_qt.translations.words import Words
from schemas.receipt import Receipt
from services.disk import durable
from services.disk.box import Box
from services.journal import read
from services.till.till import Till
from tests.pretend.branch import Chain

R = TypeVar("R")
HASTE = Patience(connect_s=5, acknowledge_s=0.5, step_s=1, settle_s=3, pause_s=0.002)


class Killed(BaseException):
    """The process is gone: nothing catches this."""


class AtOnce:
    """Work that is done on the spot."""

    def run(
        self,
        call: Callable[[], R],
        then: Callable[[R], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do it."""
        try:
            answer = call()
        except Exception as error:  # noqa: BLE001 - as the background does
            failed(error)
        else:
            then(answer)


@dataclass
class Views:
    """Everything that presenters show; `boxes` are those of the card, as they came."""

    boxes: list[CardBox | None] = field(default_factory=list)

    def show_card(self, box: CardBox | None) -> None:
        """Keep it."""
        self.boxes.append(box)

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Nobody looks at the rest."""
        return lambda *_, **__: None


class Rig:
    """One life of a till's process."""

    def __init__(self, box: Box, terminal: CardTerminal | None) -> None:
        self.till = Till(box, lambda: datetime.now(UTC))
        self.view: Any = Views()
        self.desk = Desk(self.till, Words("de"), AtOnce())
        self.sale = SalePresenter(self.desk, self.view)
        self.payment = PaymentPresenter(self.desk, self.sale, self.view)
        self.notes = CardNotes(box.hand)
        self.cards = CardPresenter(self.desk, self.sale, self.view, self.notes, AtOnce())
        self.cards.terminal = terminal
        self.payment.tie(self.cards)
        self.printed: list[str] = []
        self.cards.on_lines = self._lines

    def _lines(self, lines: Sequence[str], _: bool) -> None:
        self.printed += lines

    def begin(self) -> Rig:
        """Mira signs in."""
        self.till.sign_in(self.till.catalogue.staff()[0], "1111")
        self.cards.begin()
        return self

    @property
    def box(self) -> CardBox | None:
        """What the payment says of the card."""
        boxes: list[CardBox | None] = self.view.boxes
        return boxes[-1] if boxes else None

    @property
    def titles(self) -> list[str]:
        """What the strips say."""
        return [strip.title for strip in self.sale.strips.shown]

    def receipts(self) -> list[Receipt]:
        """What the journal sold."""
        return sold(self.till.box)


def sold(box: Box) -> list[Receipt]:
    """The receipts in a box's journal."""
    entries = (stored.entry() for stored in read.after(box.journal, "1", 0))
    return [entry.receipt for entry in entries if entry.receipt is not None]


def zvt(terminal: PretendZvt) -> Zvt:
    """The till's end of a line to a pretended terminal."""
    return Zvt("127.0.0.1", terminal.port, patience=HASTE)


class Disk:
    """Counts what is done durably, and kills at one of it: just before, or just after."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.kill_at: float | None = None
        for name in ("replace", "remove", "create"):
            self._watch(monkeypatch, name)

    def _watch(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        real = getattr(durable, name)

        def watched(*args: Any) -> None:
            self._step()
            real(*args)
            self._step()

        monkeypatch.setattr(durable, name, watched)

    def _step(self) -> None:
        self.count += 1
        if self.kill_at == self.count:
            raise Killed

    def arm(self, at: int | None) -> None:
        """Kill at this step from now, or never."""
        self.count, self.kill_at = 0, at


S = TypeVar("S")


def killed_at_each_step(
    disk: Disk,
    begin: Callable[[], Rig],
    before: Callable[[Rig], S],
    act: Callable[[Rig, S], None],
    after: Callable[[S, int], None],
) -> int:
    """Kill an act at each of its steps on the disk, a life of the till for each; answers how many.

    before  what is done unharmed; what it says is told to the others
    act     what is killed; the round in which it comes to its end is the last
    after   what must be so after each death, and at last without one; told the round from 1
    """
    for number in range(1, 60):
        rig = begin()
        said = before(rig)
        disk.arm(number)
        killed = False
        try:
            act(rig, said)
        except Killed:
            killed = True
        finally:
            disk.arm(None)
            rig.till.close()
        after(said, number)
        if not killed:
            return number - 1
    raise AssertionError("it never comes to its end")


__all__ = [
    "Chain",
    "Disk",
    "Killed",
    "PretendTerminal",
    "Rig",
    "killed_at_each_step",
    "sold",
    "zvt",
]
