"""How long to wait before the next try: doubling, with a little chance, up to a bound."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass
class Backoff:
    """Waits that grow while it goes wrong. `chance` spreads many tills after one outage."""

    least_s: float = 1
    most_s: float = 30
    _next_s: float = 0

    def failed(self) -> float:
        """Seconds to wait after one more failure."""
        self._next_s = min(self.most_s, max(self.least_s, self._next_s * 2))
        return self._next_s * random.uniform(0.75, 1.25)  # noqa: S311 (no secret depends on it)

    def worked(self) -> None:
        """It works again."""
        self._next_s = 0
