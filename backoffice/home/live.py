"""What is live: one look at the database for everybody who watches, told by server-sent events."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import flask

from backoffice import database, frame
from backoffice.home.views import seen
from services.database.headoffice import HeadOffice
from services.database.sales import ReceiptRow
from services.evaluation import receipts
from services.evaluation.places import Place

log = logging.getLogger(__name__)
live = flask.Blueprint("live", __name__)

MOST: Final = 32
"""Lines that one process holds; each takes a thread, and pages and tills need some too."""
_LOOK_S: Final = 0.3
_BEAT_S: Final = 5.0
_LINE_S: Final = 300.0
"""After so long a line ends and the browser opens another: its session is looked at again."""
_LATE: Final = timedelta(seconds=15)
"""A receipt can become visible so long after the moment it bears: its upload's commit."""
Key = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class News:
    """Receipts that have arrived."""

    keys: frozenset[Key]
    branches: frozenset[str]


class Watch:
    """Looks for new receipts while anybody watches, and tells all who do."""

    def __init__(self, office: HeadOffice) -> None:
        self._office = office
        self._lines: list[queue.SimpleQueue[News]] = []
        self._lock = threading.Lock()
        self._known: dict[Key, datetime] = {}
        self._looking = False

    def open(self) -> queue.SimpleQueue[News] | None:
        """Begin to watch; None where too many do already, or where the database cannot be read."""
        line: queue.SimpleQueue[News] = queue.SimpleQueue()
        with self._lock:
            if len(self._lines) >= MOST:
                return None
            if not self._looking and not self._began():
                return None
            self._lines.append(line)
        return line

    def _began(self) -> bool:
        """Begin to look on. What fails here leaves nothing behind: whoever comes next tries again."""
        try:
            self._known = self._arrived(datetime.now(UTC))
            threading.Thread(target=self._look_on, daemon=True).start()
        except Exception:
            log.exception("live look failed at its beginning")
            return False
        self._looking = True
        return True

    def close(self, line: queue.SimpleQueue[News]) -> None:
        """Watch no longer."""
        with self._lock:
            if line in self._lines:
                self._lines.remove(line)

    def _look_on(self) -> None:
        while True:
            time.sleep(_LOOK_S)
            with self._lock:
                if not self._lines:
                    self._looking = False
                    return
            try:
                self._look()
            except Exception:
                log.exception("live look failed")

    def _look(self) -> None:
        arrived = self._arrived(datetime.now(UTC))
        fresh = frozenset(arrived.keys() - self._known.keys())
        self._known = arrived
        if fresh:
            news = News(fresh, frozenset(key[0] for key in fresh))
            with self._lock:
                for line in self._lines:
                    line.put(news)

    def _arrived(self, now: datetime) -> dict[Key, datetime]:
        with self._office.reading() as session:
            return {key_of(row): row.received_at for row in receipts.arrived(session, now - _LATE)}


def key_of(row: ReceiptRow) -> Key:
    """A receipt's key."""
    return (row.branch, row.till, row.series, row.number)


def watch() -> Watch:
    """This application's watch."""
    found: Watch = flask.current_app.extensions.setdefault("watch", Watch(database.office()))
    return found


@live.get("/live")
def stream() -> Any:
    """Takings and receipts of the page's scope, as they come."""
    place, watching = frame.place(), watch()
    line = watching.open()
    if line is None:
        return "", 503
    database.db.session.remove()  # a line lives long: it must hold no connection
    answer = flask.Response(
        flask.stream_with_context(_events(watching, line, place)), mimetype="text/event-stream"
    )
    answer.call_on_close(lambda: watching.close(line))
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _events(watching: Watch, line: queue.SimpleQueue[News], place: Place) -> Iterator[str]:
    end = time.monotonic() + _LINE_S
    try:
        yield f"retry: 2000\nevent: beat\ndata: {frame.shown().time(frame.now())}\n\n"
        while time.monotonic() < end:
            try:
                news = line.get(timeout=_BEAT_S)
            except queue.Empty:
                yield _event("beat", frame.shown().time(_anew()))
                continue
            if place.branch in {None, *news.branches}:
                yield from _told(place, news)
    finally:
        watching.close(line)


def _anew() -> datetime:
    """The present moment, for all that this line shows from here on."""
    frame.anew()
    return frame.now()


def _told(place: Place, news: News) -> Iterator[str]:
    _anew()
    with database.office().reading() as session:
        values = seen(session, place)
        parts = {
            name: flask.render_template(f"home/_{name}.html", fresh=news.keys, **values)
            for name in ("runs", "figures", "hours", "branches")
        }
    for name, text in parts.items():
        yield _event(name, text)
    yield _event("beat", frame.shown().time(frame.now()))


def _event(name: str, text: str) -> str:
    rows = "\n".join(f"data: {row}" for row in text.splitlines())
    return f"event: {name}\n{rows}\n\n"
