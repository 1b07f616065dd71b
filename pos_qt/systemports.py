"""What the system sheet asks: of the agent by its status and its bell, of the devices by their plugs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from pos_qt.outlook import Outlook
from pos_qt.peripherals.printer import PrintQueue
from pos_qt.peripherals.selftest import Finding
from pos_qt.plugs import Plugs
from schemas.status import Checked, Status
from services.disk import bell
from services.disk.box import Box
from services.till import tested


class SystemPorts:
    """See `presenters.system.Ports`."""

    def __init__(self, box: Box, plugs: Plugs, outlook: Outlook, queue: PrintQueue) -> None:
        self._box = box
        self._plugs = plugs
        self._outlook = outlook
        self._queue = queue

    def status(self) -> Status | None:
        """What the agent said last."""
        return self._outlook.status

    def link(self) -> str:
        """online, offline, refused or quiet."""
        return self._outlook.link

    def settings(self) -> Mapping[str, str | None]:
        """Each device's setting."""
        return self._plugs.settings()

    def faults(self) -> Mapping[str, str]:
        """Devices that do not work, and why."""
        return self._plugs.faults()

    def queued(self) -> int:
        """Slips that wait for the printer."""
        return self._queue.queued

    def test(self, device: str, told: Callable[[Finding], None]) -> None:
        """Look how a device is; one that could not be opened says why."""
        fault = self._plugs.faults().get(device)
        if fault and device != "display":
            told(Finding(device, "red", "selftest.broken", {"why": fault}))
        else:
            self._plugs.test(device, told)

    def ring(self) -> None:
        """The agent looks at once."""
        bell.ring(self._box.path, "agent")

    def keep(self, finding: Finding, at: datetime) -> None:
        """Head office is told of a finding, of the devices that are set up. Raises OSError."""
        there = [device for device, setting in self.settings().items() if setting]
        why = finding.values.get("why")
        tested.keep(self._box, Checked(finding.device, at, finding.light, finding.fact, why), there)
