"""The till, unattended: carries sales up and master data down while the cashier goes on selling.

Permanent mode looks at once, at each ring from the till or from head office; timed mode looks every
so many seconds. Nothing is lost by a kill at any moment: all that counts is on disk before.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import metadata

from schemas import xml
from schemas.settings import Settings
from schemas.status import Checked, Checks, Mirrored, Status
from services.agent import holds
from services.authorising import carry
from services.disk import bell, durable
from services.disk.box import Box, Lock
from services.link import identity
from services.link.backoff import Backoff
from services.link.http_client import HURRIED, HttpOffice
from services.link.office import Office, OfficeRefused, OfficeUnreachable
from services.mirror.store import MirrorDamaged, Store
from services.neighbours import folders
from services.neighbours.rounds import Rounds
from services.replication.download import download
from services.spool import upload

log = logging.getLogger(__name__)

SOFTWARE = metadata.version("tresen")
_LOOK_S = 5.0
_REPORT_S = 20.0


class Agent:
    """Everything an agent does in one look, over any implementation of the calls."""

    def __init__(self, box: Box, office: Office) -> None:
        """Raises BoxRefused where the box is not enrolled."""
        self._who = identity.enrolment(box)
        box.make()
        self._box = box
        self._office = office
        self._store = Store(box.mirror, identity.trusted(self._who))
        self._contact = self._contact_before()
        self._faults: dict[str, str] = {}
        self.more: Callable[[], str | None] = lambda: None
        """A fault of what runs beside: said with the others."""
        self._restore()

    def _contact_before(self) -> datetime | None:
        """When head office answered last, before this agent was started."""
        with contextlib.suppress(OSError, xml.DocumentRefused):
            return xml.load(Status, (self._box.status / "agent.xml").read_bytes()).contact
        return None

    def close(self) -> None:
        """Close the mirror."""
        self._store.close()

    def _restore(self) -> None:
        try:
            self._store.restore()
        except MirrorDamaged as damage:
            log.error("mirror damaged why=%s", damage)
            said = f"Master data file damaged: {damage}. The last good state stays in force."
            self._faults["mirror"] = said
            for scope in self._who.scopes:
                if f"/{scope}/" in str(damage.path):
                    self._store.forget(scope)

    def settings(self) -> Settings | None:
        """The till's settings, once they are here."""
        row = self._store.index.execute(
            "select data from record where kind = 'settings' and key = ?", (self._who.name,)
        ).fetchone()
        return xml.load(Settings, row[0]) if row else None

    def look(self) -> Status:
        """Send what waits, fetch what is new, say how it went. Never raises for a bad line."""
        link, cause = "online", None
        for step in (self._send, self._fetch):  # one that fails does not keep the other
            try:
                step()
                self._contact = datetime.now(UTC)
            except OfficeUnreachable as error:
                link, cause = "offline", str(error)
                break
            except OfficeRefused as error:
                link, cause = "refused", str(error)
        status = self._status(link, cause)
        self._say(status)
        if link == "online":
            self._report(status)
        return status

    def _send(self) -> None:
        with self._watched("journal"):
            upload.upload(self._office, self._box)
            holds.let_go(self._box, self._office)

    def _fetch(self) -> None:
        with self._watched("mirror"):
            for scope in self._who.scopes:  # the till need not wait for what comes after
                if download(self._office, self._store, (scope,)):
                    bell.ring(self._box.path, "till")

    @contextlib.contextmanager
    def _watched(self, what: str) -> Iterator[None]:
        """Note a fault of the till's own under `what`, and forget it once all went well."""
        try:
            yield
        except MirrorDamaged as damage:
            log.error("mirror refused why=%s", damage)
            said = f"Master data refused: {damage}. The last good state stays in force."
            self._faults[what] = said
        except (upload.EntriesUnreadable, durable.DiskRefused) as damage:
            self._faults[what] = str(damage)
        except (OSError, sqlite3.Error) as error:
            log.exception("look failed at=%s", what)
            self._faults[what] = f"{error}. The till goes on selling. Call a technician."
        else:
            self._faults.pop(what, None)

    def _status(self, link: str, cause: str | None) -> Status:
        waiting, oldest = upload.waiting(self._box)
        mirrored = []
        published = None
        for scope in self._who.scopes:
            now = self._store.standing(scope)
            if now is not None:
                mirrored.append(Mirrored(scope, now.revision, now.digest))
                if scope == "chain":
                    published = now.published
        return Status(
            software=SOFTWARE,
            at=datetime.now(UTC),
            link=link,
            waiting=waiting,
            oldest=oldest,
            contact=self._contact,
            published=published,
            cause=cause,
            fault=self._fault(),
            disk_free=durable.free(self._box.path),
            mirrored=tuple(mirrored),
            tested=self._tested(),
        )

    def _tested(self) -> tuple[Checked, ...]:
        """What the till found of its devices; nothing where it says nothing sound."""
        with contextlib.suppress(OSError, xml.DocumentRefused):
            return xml.load(Checks, self._box.tests.read_bytes()).tested
        return ()

    def _fault(self) -> str | None:
        beside = self.more()
        said = [*self._faults.values(), *([beside] if beside else [])]
        return " ".join(said)[:2000] or None

    def _say(self, status: Status) -> None:
        path = self._box.status / "agent.xml"
        try:
            beside = path.with_suffix(".new")
            beside.write_bytes(xml.dump(status))
            beside.rename(path)
            bell.ring(self._box.path, "till")
        except OSError as error:
            log.warning("status not written why=%s", error)

    def _report(self, status: Status) -> None:
        """Tell head office, at each change that people would want to see, else now and then."""
        try:
            self._office.report(status)
        except (OfficeUnreachable, OfficeRefused) as error:
            log.info("status not reported why=%s", error)


def run(box: Box, stop: threading.Event) -> None:
    """The agent's process, until `stop`.

    Raises BoxRefused where the box is not enrolled, or another agent runs on it.
    """
    who = identity.enrolment(box)
    box.make()
    with Lock(box.spool / "lock", "Another agent works on this box already."):
        office = HttpOffice(who, identity.device_key(box))
        agent = Agent(box, office)
        listening = bell.Bell(box.path, "agent")
        threading.Thread(target=_listen, args=(office, box, stop), daemon=True).start()
        hurried = HttpOffice(who, identity.device_key(box), HURRIED)
        threading.Thread(target=carry.run, args=(box, hurried, stop), daemon=True).start()
        rounds = Rounds(box, who.name, identity.device_key(box))
        agent.more = lambda: rounds.fault
        beside = threading.Thread(target=rounds.run, args=(stop,), name="rounds", daemon=True)
        beside.start()
        try:
            _look_on(agent, listening, stop)
        finally:
            bell.ring(box.path, folders.BELL)
            beside.join(timeout=1)
            listening.close()
            agent.close()


def _look_on(agent: Agent, listening: bell.Bell, stop: threading.Event) -> None:
    backoff = Backoff(most_s=_LOOK_S)
    while not stop.is_set():
        status = agent.look()
        settings = agent.settings()
        every_s = settings.every_s if settings else 0
        if every_s:
            stop.wait(every_s)
            continue
        if status.link == "online":
            backoff.worked()
            listening.wait(_REPORT_S)
        else:
            listening.wait(backoff.failed())


def _listen(office: HttpOffice, box: Box, stop: threading.Event) -> None:
    """Wait at head office's doorbell; each ring there rings at the agent's own door."""
    backoff = Backoff(most_s=10)
    while not stop.is_set():
        try:
            for _ in office.listen():
                backoff.worked()
                bell.ring(box.path, "agent")
                if stop.is_set():
                    return
        except (OfficeUnreachable, OfficeRefused) as error:
            log.info("doorbell away why=%s", error)
        stop.wait(backoff.failed())
