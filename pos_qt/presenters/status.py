"""The status bar: link, backlog, mirror and printer, each with icon and word; and the edge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pos_qt.presenters.shown import ACT, CHECK, OK, Edge, Pill
from pos_qt.translations.words import Words
from schemas.status import Status

_DEVICES: Final = {
    "terminal": "contactless-payment", "scale": "scales", "scanner": "barcode",
    "display": "user",
}  # fmt: skip
PATIENCE: Final = timedelta(seconds=5)
"""How long a line may be gone before the edge says so. Source: DESIGN.md, 4.2."""
_SILENT: Final = timedelta(seconds=60)
_LATE: Final = timedelta(minutes=2)
_OLD: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the status bar is made of at one moment.

    every_s    how often the agent looks; 0 is always
    published  the mirror's age as the till sees it
    printer    none, ready, or fault; `queued` slips wait for it
    returning  goods come back: `asking` for them, `lines` once they stand in the receipt
    training   whether it is practice
    locked     the open receipt's number, where nobody is signed in; empty else
    closing    the shift is being closed
    fullness   of the drawer: fine, empty-soon or full
    parked_late  a sale is parked for longer than it should be
    faults     devices that the settings name and that do not work
    """

    now: datetime
    status: Status | None
    every_s: int
    published: datetime
    printer: str
    queued: int
    damage: str | None = None
    clock_back: bool = False
    returning: str = ""
    training: bool = False
    locked: str = ""
    closing: bool = False
    fullness: str = "fine"
    parked_late: bool = False
    faults: tuple[str, ...] = ()


class StatusPresenter:
    """Remembers since when the line is gone; all else is worked out from the facts."""

    def __init__(self) -> None:
        self._gone: datetime | None = None

    def pills(self, facts: Facts, words: Words) -> tuple[Pill, ...]:
        """The pills, from left to right."""
        self._gone = None if self._link(facts) == "online" else (self._gone or facts.now)
        faults = (self._fault(kind, words) for kind in facts.faults if kind in _DEVICES)
        return tuple(
            pill
            for pill in (
                self._parked(facts, words),
                self._drawer(facts, words),
                self._link_pill(facts, words),
                self._backlog(facts, words),
                self._mirror(facts, words),
                *faults,
                self._printer(facts, words),
            )
            if pill is not None
        )

    def edge(self, facts: Facts, words: Words) -> Edge:
        """The band along the top; call `pills` before.

        Practice goes before all: whoever sells must never take it for earnest.
        """
        if facts.training:
            return Edge("training", "graduation-cap", words("edge.training"),
                        act=words("edge.training.end"))  # fmt: skip
        if facts.damage:
            return Edge("act", "warning-octagon", words("edge.damage"))
        if self._link(facts) == "refused":
            return Edge("act", "warning-octagon", words("edge.refused"))
        if facts.clock_back:
            return Edge("act", "clock", words("edge.clock"))
        if facts.status and facts.status.fault and "Master data" in facts.status.fault:
            return Edge("act", "database", words("edge.fault"))
        if facts.locked:
            return Edge("locked", "lock-simple", words("edge.locked", number=facts.locked),
                        words("edge.locked.text"))  # fmt: skip
        if facts.returning:
            how = words(f"edge.return.{facts.returning}")
            return Edge("return", "arrow-u-up-left", words("edge.return"), how)
        if facts.closing:
            return Edge("locked", "moon", words("edge.closing"), words("edge.closing.text"))
        if self._gone is None or facts.now - self._gone < PATIENCE:
            return Edge("normal")
        waiting = facts.status.waiting if facts.status else 0
        kept = words.many("edge.offline.kept", waiting) if waiting else words("edge.offline.none")
        since = (facts.status and facts.status.contact) or self._gone
        time = f"{since.astimezone(facts.now.tzinfo):%H:%M}"
        sentence = words("edge.offline", time=time)
        return Edge("offline", "wifi-slash", sentence, kept, words("edge.details"))

    def link(self, facts: Facts) -> str:
        """online, offline, refused, or quiet where the agent says nothing."""
        return self._link(facts)

    def _link(self, facts: Facts) -> str:
        status = facts.status
        if status is None or self._is_silent(status, facts):
            return "quiet"
        return status.link

    def _is_silent(self, status: Status, facts: Facts) -> bool:
        return facts.now - status.at > max(_SILENT, timedelta(seconds=3 * facts.every_s))

    def _link_pill(self, facts: Facts, words: Words) -> Pill:
        link = self._link(facts)
        if link == "online":
            return Pill("link", "wifi-high", words("status.online"))
        if link == "refused":
            return Pill("link", "wifi-x", words("status.refused"), ACT)
        late = self._gone is not None and facts.now - self._gone >= PATIENCE
        key = "status.offline" if link == "offline" else "status.quiet"
        return Pill("link", "wifi-slash", words(key), CHECK if late else OK)

    def _backlog(self, facts: Facts, words: Words) -> Pill:
        status = facts.status
        if status is None or not status.waiting:
            if self._link(facts) == "quiet":  # what was sold since, nobody has counted
                return Pill("backlog", "tray-arrow-up", words("status.later"))
            return Pill("backlog", "cloud-check", words("status.sent"))
        late = status.oldest is not None and facts.now - status.oldest > _LATE
        offline = self._link(facts) != "online"
        text = words.many("status.waiting", status.waiting)
        return Pill("backlog", "tray-arrow-up", text, CHECK if late or offline else OK)

    def _mirror(self, facts: Facts, words: Words) -> Pill:
        contact = facts.status.contact if facts.status else None
        stand = max(contact, facts.published) if contact else facts.published
        local = stand.astimezone(facts.now.tzinfo)
        today = local.date() == facts.now.date()
        text = f"{local:%H:%M}" if today else f"{local:%d.%m. %H:%M}"
        old = facts.now - stand > _OLD
        return Pill("mirror", "database", words("status.mirror", time=text), CHECK if old else OK)

    def _drawer(self, facts: Facts, words: Words) -> Pill | None:
        if facts.fullness == "fine":
            return None
        state = ACT if facts.fullness == "full" else CHECK
        return Pill("drawer", "vault", words(f"status.drawer.{facts.fullness}"), state)

    def _parked(self, facts: Facts, words: Words) -> Pill | None:
        return Pill("parked", "pause", words("status.parked"), CHECK) if facts.parked_late else None

    def _fault(self, kind: str, words: Words) -> Pill:
        """A device that the settings name and that does not work: selling goes on without it."""
        return Pill(kind, _DEVICES[kind], words(f"status.device.{kind}"), CHECK)

    def _printer(self, facts: Facts, words: Words) -> Pill | None:
        if facts.printer == "none" and "printer" not in facts.faults:
            return None
        if facts.printer == "fault" or "printer" in facts.faults:
            return Pill("printer", "printer", words("status.printer.fault"), ACT)
        if facts.queued > 1:
            text = words("status.printer.queue", count=facts.queued)
            return Pill("printer", "printer", text, CHECK)
        return Pill("printer", "printer", words("status.printer"))
