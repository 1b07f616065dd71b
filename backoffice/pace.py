"""How often one person may ask for a page that takes much reckoning: one process counts for itself.

It keeps one person's impatience, or a script with somebody's session, from taking all workers. Sign-in
has a count of its own in the database (see attempts), where all workers must agree. Flask-Limiter would
need Redis or Memcached to count over workers; here each worker's own count is enough, and bounds the whole
by their number.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Final

import flask

COSTLY: Final = frozenset({
    "turnover.report", "promotions.one", "promotions.replay", "editing.bulk", "log.check", "changes.release",
    "changes.undo", "log.undo", "imports.bring", "imports.apply", "exports.export", "privacy.data",
    "users.reset", "cashiers.pin", "cashiers.badge",
})  # fmt: skip
"""Endpoints that are counted, each for itself."""
MOST: Final = 30
"""Requests of one person for one of them within the time below."""
WITHIN_S: Final = 60.0
_lock = threading.Lock()
_asked: dict[tuple[str, str], deque[float]] = {}


def check(person: str, endpoint: str) -> None:
    """Abort with 429 where this person asked for this too often just now."""
    if endpoint not in COSTLY or not flask.current_app.config["PACED"]:
        return
    now = time.monotonic()
    with _lock:
        asked = _asked.setdefault((person, endpoint), deque(maxlen=MOST))
        if len(asked) == MOST and now - asked[0] < WITHIN_S:
            flask.abort(429)
        asked.append(now)


def forget() -> None:
    """Begin counting anew, as at a start."""
    with _lock:
        _asked.clear()
