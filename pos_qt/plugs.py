"""The till's devices, as head office's settings name them; they change between two receipts.

A device that cannot be opened, or says nothing, is a fault that is shown: it never stops a sale.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from pos_qt.background import Background
from pos_qt.peripherals import devices, selftest
from pos_qt.peripherals.cardterminal import CardTerminal
from pos_qt.peripherals.devices import Plug
from pos_qt.peripherals.display import CustomerDisplay, Picture
from pos_qt.peripherals.escpos import EscposPrinter
from pos_qt.peripherals.printer import Pretend, Printer
from pos_qt.peripherals.scanner import PretendScanner, SerialScanner
from pos_qt.peripherals.selftest import Finding
from pos_qt.weighing import ScaleWatch
from schemas.settings import Settings

KINDS: Final = ("printer", "terminal", "scale", "scanner", "display")
"""The devices that a setting names."""
_PATIENCE: Final = 2
"""Looks at a scanner's line before its absence is said: it needs a moment to open."""


class Plugs(QObject):
    """Printer, terminal, scale, scanner and display."""

    scanned = Signal(str)

    def __init__(
        self,
        box: Path,
        theme: str,
        scale: ScaleWatch,
        printing: Background,
        parent: QObject,
        *,
        handed: Printer | None,
        on_printer: Callable[[EscposPrinter | Pretend | None], None],
        on_terminal: Callable[[CardTerminal | None], None],
    ) -> None:
        super().__init__(parent)
        self.scale = scale
        self._handed, self._printing = handed, printing
        self._own: Settings | None = None
        self._missed = 0
        self.cards = Background("till-card")
        self.showing = Showing()
        self.printer: Plug[EscposPrinter | Pretend] = Plug(
            lambda text: devices.printer_of(text, box), on_printer
        )
        self.terminal: Plug[CardTerminal] = Plug(self._terminal, on_terminal)
        self.scanner: Plug[SerialScanner | PretendScanner] = Plug(
            devices.scanner_of, self._on_scanner
        )
        self.display: Plug[CustomerDisplay] = Plug(
            lambda text: devices.display_of(text, theme), self.showing.use
        )

    def change(self, own: Settings) -> None:
        """Swap what has another setting than before. Only between two receipts."""
        self._own = own
        if self._handed is None:
            self.printer.change(own.printer)
        self.terminal.change(own.terminal)
        self.scale.use(own.scale, own.currency)
        self.scanner.change(own.scanner)
        self.display.change(own.display)

    def faults(self) -> dict[str, str]:
        """What does not work, and why; a device that no setting names is no fault."""
        said = {
            "printer": self.printer.fault,
            "terminal": self.terminal.fault,
            "scale": self.scale.fault,
            "scanner": self.scanner.fault,
            "display": self.display.fault,
        }
        found = {kind: why for kind, why in said.items() if why}
        if self.display.device is not None and self.showing.fault:
            found["display"] = self.showing.fault
        there = self.scanner.device is None or self.scanner.device.is_there
        self._missed = 0 if there else self._missed + 1
        if self._missed > _PATIENCE:
            found["scanner"] = self.scanner.setting
        return found

    def test(self, kind: str, told: Callable[[Finding], None]) -> None:
        """Look how terminal, scale, scanner or display is, each on its own thread."""
        terminal, scanner = self.terminal.device, self.scanner.device
        if kind in {"printer", "drawer"}:
            self._test_printer(kind, told)
        elif kind == "terminal" and terminal is not None:
            selftest.look([(kind, lambda: selftest.terminal(terminal))], self.cards, told)
        elif kind == "scale":
            self.scale.test(told)
        elif kind == "scanner" and scanner is not None:
            told(selftest.scanner(scanner))
        elif kind == "display":
            self.showing.test(told)

    def _test_printer(self, kind: str, told: Callable[[Finding], None]) -> None:
        printer = self._handed if self._handed is not None else self.printer.device
        if not isinstance(printer, EscposPrinter | Pretend):
            return

        def look() -> Finding:
            if kind == "printer":
                return selftest.printer(printer)
            return selftest.drawer(devices.drawer_of(self.printer.setting, printer))

        selftest.look([(kind, look)], self._printing, told)

    def settings(self) -> dict[str, str | None]:
        """Each device's setting, as head office has it; the drawer is on the printer's plug."""
        own = self._own
        if own is None:
            return {}
        printer = "handed" if self._handed is not None else own.printer
        return {
            "printer": printer, "drawer": printer, "terminal": own.terminal, "scale": own.scale,
            "scanner": own.scanner, "display": own.display,
        }  # fmt: skip

    def close(self) -> None:
        """Let all devices go; what the terminal is doing is found out by the next till."""
        self.scanner.unplug()
        self.showing.close()
        self.display.unplug()
        self.cards.close(wait_s=1)
        self.terminal.unplug()
        self.printer.unplug()

    def _terminal(self, text: str) -> CardTerminal:
        language, currency = ("de", "EUR")
        if self._own is not None:
            language, currency = self._own.language, self._own.currency
        return devices.terminal_of(text, language, currency)

    def _on_scanner(self, scanner: SerialScanner | PretendScanner | None) -> None:
        if scanner is not None:
            scanner.scanned.connect(self.scanned)


class Showing:
    """What the customer sees: the newest picture, on a thread of its own; a slow line skips some."""

    def __init__(self) -> None:
        self._behind = Background("till-display")
        self._display: CustomerDisplay | None = None
        self._newest = Picture()
        self._shown: Picture | None = None
        self._at_work = False
        self.fault = ""

    def use(self, display: CustomerDisplay | None) -> None:
        """Another display, or none."""
        self._display, self._shown, self.fault = display, None, ""
        self._next()

    def show(self, picture: Picture) -> None:
        """Show this from now on."""
        self._newest = picture
        self._next()

    def again(self) -> None:
        """A display that did not answer is tried once more; called now and then."""
        if self.fault:
            self._shown = None
            self._next()

    def test(self, told: Callable[[Finding], None]) -> None:
        """Show the newest picture once more, and say how that went."""
        display, picture = self._display, self._newest
        if display is not None:
            tests = [("display", lambda: selftest.display(display, picture))]
            selftest.look(tests, self._behind, told)

    def close(self) -> None:
        """Show nothing more."""
        self._display = None
        self._behind.close(wait_s=2)

    def _next(self) -> None:
        display, picture = self._display, self._newest
        if display is None or self._at_work or picture == self._shown:
            return
        self._at_work, self._shown = True, picture
        self._behind.run(lambda: display.show(picture), self._done, self._failed)

    def _done(self, _: object) -> None:
        self._at_work, self.fault = False, ""
        self._next()

    def _failed(self, error: Exception) -> None:
        self._at_work, self.fault = False, str(error)
        if self._newest != self._shown:
            self._next()
