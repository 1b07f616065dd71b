"""The till's outlook: clock, pills and edge, from the agent's status file and the till itself."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from pos_qt.peripherals.printer import PrintQueue
from pos_qt.presenters.desk import Desk
from pos_qt.presenters.status import Facts, StatusPresenter
from pos_qt.screens.window import TillWindow
from schemas import xml
from schemas.status import Status
from services.register import movement

_TICK_MS: Final = 1000


class Outlook(QObject):
    """Reads the status behind the screen, and shows it; once a second it looks at the clock."""

    def __init__(
        self, desk: Desk, window: TillWindow, printing: PrintQueue, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._window = window
        self._printing = printing
        self._status: Status | None = None
        self._presenter = StatusPresenter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start(_TICK_MS)
        self._is_known = False
        self._was: tuple[object, ...] = ()
        self._link = "quiet"
        self.on_tick: Callable[[], None] = lambda: None
        self.returning: Callable[[], str] = lambda: ""
        self.closing: Callable[[], bool] = lambda: False
        self.parked_late = False
        self.faults: Callable[[], Iterable[str]] = lambda: ()
        self.look()

    @property
    def waiting(self) -> int | None:
        """Entries that head office does not have yet; None where the agent has not said."""
        if self._status is None or (self._link == "quiet" and not self._status.waiting):
            return None
        return self._status.waiting

    @property
    def link(self) -> str:
        """online, offline, refused or quiet."""
        return self._link

    @property
    def status(self) -> Status | None:
        """What the agent said last."""
        return self._status

    def close(self) -> None:
        """Look no longer."""
        self._timer.stop()

    def look(self) -> None:
        """Read the agent's status, then show it."""
        path = self._desk.till.box.status / "agent.xml"

        def read() -> Status | None:
            with contextlib.suppress(OSError, xml.DocumentRefused):
                return xml.load(Status, path.read_bytes())
            return None

        self._desk.behind.run(read, self._read, lambda _: None)

    def changed(self) -> None:
        """The sale, or the sheet beside it, is another: where the edge is another too, show it."""
        if self._now != self._was:
            self.show()

    @property
    def _now(self) -> tuple[object, ...]:
        """What the edge is made of, as far as the cashier makes it."""
        return self.returning(), self.closing(), self._desk.till.training

    def show(self) -> None:
        """Pills, edge and clock as they are now."""
        if (self._desk.is_busy and not self._desk.is_elsewhere) or not self._is_known:
            return
        till, words, self._was = self._desk.till, self._desk.words, self._now
        own, now = till.catalogue.own, till.now()
        back = till.book.is_ahead_of(till.now())
        facts = Facts(
            now=now,
            status=self._status,
            every_s=own.every_s,
            published=till.catalogue.published,
            printer=self._printing.state,
            queued=self._printing.queued,
            damage=till.book.damage,
            clock_back=back,
            returning=self.returning(),
            training=till.training,
            locked=self._desk.next_name if till.cashier is None and not till.is_idle() else "",
            closing=self.closing(),
            fullness=movement.fullness(till.book.period, own),
            parked_late=self.parked_late,
            faults=tuple(self.faults()),
        )
        self._link = self._presenter.link(facts)
        bar = self._window.status
        bar.show_place(f"{own.branch_name} · {words('status.till', till=own.till)}")
        bar.show_pills(self._presenter.pills(facts, words))
        bar.show_clock(f"{now:%H:%M}", off=back)
        self._window.sale.slip.show_mark(words("training.mark") if till.training else "")
        self._window.edge.show_edge(self._presenter.edge(facts, words))

    def _read(self, status: Status | None) -> None:
        self._status, self._is_known = status, True
        self.show()

    def _on_tick(self) -> None:
        self.show()
        self.on_tick()
