"""The system sheet: how line, backlog, mirror, software, devices, disk and clock are; each can be tested."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from pos_qt.peripherals.selftest import Finding
from pos_qt.presenters.desk import Desk
from pos_qt.presenters.page import ACT, Page
from pos_qt.presenters.sheets import SheetPresenter
from pos_qt.presenters.shown import Item, Sheet
from schemas.status import Status
from services.disk import durable
from services.till.paying import SOFTWARE

log = logging.getLogger(__name__)

DEVICES: Final = ("printer", "drawer", "terminal", "scale", "scanner", "display")
CAUSES: Final = {
    "no Internet: head office's name cannot be found": "cause.name",
    "head office is not answering": "cause.answer",
    "head office's certificate is not trusted here, or it does not speak https": "cause.trust",
    "head office takes too long": "cause.slow",
    "head office's address cannot be used": "cause.address",
    "the line broke during a call": "cause.broke",
}
"""What the agent says of the line, for whom it is said in the cashier's language."""
_RINGS: Final = {"link": "system.test", "backlog": "system.send", "mirror": "system.fetch"}
_GIGA: Final = 1_000_000_000


class Ports(Protocol):
    """What the sheet asks of the devices and of the agent."""

    def status(self) -> Status | None:
        """What the agent said last."""

    def link(self) -> str:
        """online, offline, refused or quiet."""

    def settings(self) -> Mapping[str, str | None]:
        """Each device's setting; None where there is none."""

    def faults(self) -> Mapping[str, str]:
        """Devices that do not work, and why."""

    def queued(self) -> int:
        """Slips that wait for the printer."""

    def test(self, device: str, told: Callable[[Finding], None]) -> None:
        """Look how a device is, behind the screen."""

    def ring(self) -> None:
        """The agent looks at once."""

    def keep(self, finding: Finding, at: datetime) -> None:
        """Head office is told of a finding. Raises OSError."""


@dataclass(frozen=True, slots=True)
class _Test:
    """When a row was tested last, and what was found; none while it is looked at."""

    at: datetime
    finding: Finding | None


class SystemPresenter:
    """One row for each part; tapping it tests it, sends or fetches."""

    def __init__(self, desk: Desk, sheets: SheetPresenter, ports: Ports) -> None:
        self._desk = desk
        self._sheets = sheets
        self._ports = ports
        self._tests: dict[str, _Test] = {}

    def open(self, row: str = "") -> None:
        """The sheet, with the keyboard at a row."""
        page = Page(self._sheet, {ACT: self._all}, tap=self.test)
        page.at(row)
        self._sheets.start(page)

    def test(self, row: str) -> None:
        """What a row can do: test, send, or fetch."""
        now = self._desk.till.now()
        if row in _RINGS:
            self._tests[row] = _Test(now, None)
            self._ports.ring()
        elif row in DEVICES and self._ports.settings().get(row):
            self._tests[row] = _Test(now, None)
            self._ports.test(row, self._told)
        elif row == "disk":
            self._tests[row] = _Test(now, None)
            self._test_disk()
        self._show()

    def _all(self) -> None:
        for row in (*_RINGS, *DEVICES, "disk"):
            self.test(row)

    def _test_disk(self) -> None:
        journal = self._desk.till.box.journal

        def look() -> Finding:
            durable.check_room(journal, durable.RESERVE)
            free = f"{durable.free(journal) / _GIGA:.1f}"
            return Finding("disk", "green", "system.disk.free", {"free": free})

        def full(error: Exception) -> None:
            self._told(Finding("disk", "red", "selftest.broken", {"why": str(error)}))

        self._desk.behind.run(look, self._told, full)

    def _told(self, finding: Finding) -> None:
        test = self._tests[finding.device] = _Test(self._desk.till.now(), finding)
        if finding.device in DEVICES:
            self._desk.behind.run(
                lambda: self._ports.keep(finding, test.at), lambda _: None, _not_kept
            )
        self._show()

    def _show(self) -> None:
        if self._sheets.is_open:
            self._sheets.show()

    # What is seen

    def _sheet(self) -> Sheet:
        words = self._desk.words
        rows = (
            self._link(),
            self._backlog(),
            self._mirror(),
            self._software(),
            *(self._device(device) for device in DEVICES),
            self._fiscal(),
            self._disk(),
            self._clock(),
        )
        return Sheet(words("system.title"), self._lead(), items=rows, act=words("system.all"))

    def _lead(self) -> str:
        own = self._desk.till.catalogue.own
        return self._desk.words("system.lead", till=own.key, version=SOFTWARE)

    def _row(self, key: str, light: str, said: str, act: str = "") -> Item:
        words, test = self._desk.words, self._tests.get(key)
        if test is not None:
            time = f"{test.at.astimezone(self._desk.till.now().tzinfo):%H:%M:%S}"
            said = f"{said} · {words('system.tested', time=time)}"
        name = words(f"system.{key}")
        amount = words(act) if act else ""
        return Item(key, name, said, amount, enabled=bool(act), light=light)

    def _link(self) -> Item:
        words, status, link = self._desk.words, self._ports.status(), self._ports.link()
        said = words("status.quiet" if link == "quiet" else f"status.{link}")
        if status is not None and link != "quiet" and status.cause:
            known = CAUSES.get(status.cause)
            said = f"{said}: {words(known) if known else status.cause}"
        light = {"online": "green", "refused": "red"}.get(link, "yellow")
        return self._row("link", light, said, _RINGS["link"])

    def _backlog(self) -> Item:
        words, status = self._desk.words, self._ports.status()
        if status is None or not status.waiting:
            told = status is not None and self._ports.link() != "quiet"
            light = "green" if told else "yellow"
            said = words("status.sent") if told else words("status.later")
            return self._row("backlog", light, said, _RINGS["backlog"])
        said = words.many("status.waiting", status.waiting)
        if status.oldest is not None:
            said = f"{said} · {words('system.oldest', time=self._time(status.oldest))}"
        light = "green" if self._ports.link() == "online" else "yellow"
        return self._row("backlog", light, said, _RINGS["backlog"])

    def _mirror(self) -> Item:
        words, catalogue = self._desk.words, self._desk.till.catalogue
        status = self._ports.status()
        said = words(
            "system.mirror.is",
            revision=catalogue.revision,
            time=self._time(catalogue.published),
        )
        bad = status is not None and bool(status.fault) and "Master data" in (status.fault or "")
        return self._row("mirror", "red" if bad else "green", said, _RINGS["mirror"])

    def _software(self) -> Item:
        words, status = self._desk.words, self._ports.status()
        if status is not None and status.software != SOFTWARE:
            said = words("system.software.two", till=SOFTWARE, agent=status.software)
            return self._row("software", "yellow", said)
        return self._row("software", "green", words("system.software.is", version=SOFTWARE))

    def _device(self, device: str) -> Item:
        words, test = self._desk.words, self._tests.get(device)
        setting = self._ports.settings().get(device)
        if not setting:
            return self._row(device, "", words("system.not-set-up"))
        fault = self._ports.faults().get(device)
        if test is not None and test.finding is None:
            light, said = "", words("system.testing")
        elif test is not None and test.finding is not None:
            finding = test.finding
            light = finding.light
            said = words(finding.fact, **{"why": "", **finding.values}).rstrip(" :")
        elif fault:
            light, said = "red", fault
        else:
            light, said = "", words("system.untested")
        queued = self._ports.queued() if device == "printer" else 0
        if queued:
            said = f"{said} · {words('system.queued', count=queued)}"
            light = light if light == "red" else "yellow"
        return self._row(device, light, said, "system.test")

    def _fiscal(self) -> Item:
        return self._row("fiscal", "green", self._desk.till.catalogue.own.fiscal)

    def _disk(self) -> Item:
        words, status, test = self._desk.words, self._ports.status(), self._tests.get("disk")
        if self._desk.till.book.damage:
            return self._row("disk", "red", words("edge.damage"), "system.test")
        if test is not None and test.finding is not None:
            said = words(test.finding.fact, **test.finding.values)
            return self._row("disk", test.finding.light, said, "system.test")
        if status is not None and status.disk_free is not None:
            light = "green" if status.disk_free > durable.RESERVE else "red"
            free = f"{status.disk_free / _GIGA:.1f}"
            return self._row("disk", light, words("system.disk.free", free=free), "system.test")
        return self._row("disk", "", words("system.untested"), "system.test")

    def _clock(self) -> Item:
        till = self._desk.till
        if till.book.is_ahead_of(till.now()):
            return self._row("clock", "red", self._desk.words("edge.clock"))
        zone = till.catalogue.own.time_zone
        return self._row("clock", "green", f"{till.now():%d.%m.%Y %H:%M:%S} · {zone}")

    def _time(self, moment: datetime) -> str:
        now = self._desk.till.now()
        local = moment.astimezone(now.tzinfo)
        today = local.date() == now.date()
        return f"{local:%H:%M}" if today else f"{local:%d.%m. %H:%M}"


def _not_kept(error: Exception) -> None:
    """It is seen here all the same; the next test is told again."""
    log.info("self-test not kept why=%s", error)
