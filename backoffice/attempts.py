"""How often somebody may try a password: by account and address, within a stretch of time."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

ALLOWED: Final = 5
"""Wrong passwords, after which the next try must wait."""
WITHIN_S: Final = 300
_MOST_KEPT: Final = 10_000


class Attempts:
    """Remembers failures in this process's memory only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[tuple[str, str], deque[float]] = {}
        self._lock = threading.Lock()

    def wait_s(self, account: str, address: str) -> int:
        """Seconds until another try is allowed; 0: now."""
        with self._lock:
            times = self._recent((account, address))
            if len(times) < ALLOWED:
                return 0
            return int(times[-ALLOWED] + WITHIN_S - self._clock()) + 1

    def failed(self, account: str, address: str) -> None:
        """A wrong password was given."""
        with self._lock:
            if len(self._failed) >= _MOST_KEPT:
                self._failed.pop(next(iter(self._failed)))
            self._recent((account, address)).append(self._clock())

    def succeeded(self, account: str, address: str) -> None:
        """The right one was given."""
        with self._lock:
            self._failed.pop((account, address), None)

    def _recent(self, key: tuple[str, str]) -> deque[float]:
        times = self._failed.setdefault(key, deque(maxlen=ALLOWED))
        while times and times[0] + WITHIN_S <= self._clock():
            times.popleft()
        return times
