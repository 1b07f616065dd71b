"""The till's doorbell: the agent rings when master data or status are new; a timer looks anyway."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier, QTimer

from services.disk.bell import Bell

LOOK_MS: Final = 2000


class Doorbell(QObject):
    """Calls `look` at each ring, and every two seconds: a lost ring costs no more than that."""

    def __init__(self, box: Path, look: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bell = Bell(box, "till")
        self._look = look
        self._notifier = QSocketNotifier(
            self._bell.socket.fileno(), QSocketNotifier.Type.Read, self
        )
        self._notifier.activated.connect(self._on_ring)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timer)
        self._timer.start(LOOK_MS)

    def close(self) -> None:
        """Listen no longer."""
        self._notifier.setEnabled(False)
        self._timer.stop()
        self._bell.close()

    def _on_ring(self) -> None:
        self._bell.drain()
        self._look()

    def _on_timer(self) -> None:
        self._look()
