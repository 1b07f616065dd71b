"""Work behind the screen: one thread, in order; what came of it is said on the screen's thread."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

log = logging.getLogger(__name__)

R = TypeVar("R")


class Background(QObject):
    """One worker thread. `run` keeps order; `latest` lets a newer write replace one that waits."""

    _finished = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._latest: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self.on_fault: Callable[[Exception], None] = lambda _: None
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._on_soon)
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def run(
        self,
        call: Callable[[], R],
        then: Callable[[R], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do `call` on the worker; then `then` or `failed` on the screen's thread."""

        def work() -> None:
            try:
                answer = call()
            except Exception as error:  # noqa: BLE001 - a worker must tell of every fault
                fault = error
                self._say(lambda: failed(fault))
            else:
                self._say(lambda: then(answer))

        self._hurry()
        self._queue.put(work)

    def tell(self, what: Callable[[], None]) -> None:
        """Say something on the screen's thread; from any thread."""
        self._say(what)

    def latest(self, call: Callable[[], None]) -> None:
        """Do `call` on the worker; one that still waits is replaced: only the newest state counts.

        From the screen's thread it begins once what is painted is painted, a few milliseconds
        later: two threads of Python would only make each other wait.
        """
        with self._lock:
            self._latest = call
        if threading.current_thread() is threading.main_thread():
            self._soon.start(0)
        else:
            self._queue.put(self._newest)

    def close(self, wait_s: float = 10) -> None:
        """Finish what waits, then stop; what takes longer than `wait_s` ends with the process."""
        self._hurry()
        self._queue.put(None)
        self._thread.join(timeout=wait_s)

    def _hurry(self) -> None:
        """What waits for the painting waits no longer; it keeps its place before what follows."""
        if self._soon.isActive():
            self._soon.stop()
            self._queue.put(self._newest)

    def _on_soon(self) -> None:
        self._queue.put(self._newest)

    def _newest(self) -> None:
        with self._lock:
            call, self._latest = self._latest, None
        if call is not None:
            try:
                call()
            except Exception as error:  # noqa: BLE001 - a worker must tell of every fault
                fault = error
                self._say(lambda: self.on_fault(fault))

    def _say(self, what: Callable[[], None]) -> None:
        try:
            self._finished.emit(what)
        except RuntimeError:  # the window closed meanwhile: nobody is there to be told
            log.info("answer came after the screen closed")

    def _work(self) -> None:
        while (work := self._queue.get()) is not None:
            work()

    def _on_finished(self, what: Any) -> None:
        what()
