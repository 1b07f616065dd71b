"""The asking side, in the agent: brings what this till wants, and looks what the others have.

A want lies on disk until the till has taken its answer in, so nothing hangs on this process: a
round that was killed is asked again, with the same claim.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas import binding, xml
from schemas.neighbour import Neighbour
from schemas.passing import Around, Beside, Given, Passed, Want
from services.disk import bell, durable
from services.disk.box import Box
from services.mirror import index
from services.neighbours import folders
from services.neighbours.calls import NeighbourAway, Neighbours
from services.neighbours.http_client import HttpNeighbour
from services.neighbours.owner import Owner
from services.neighbours.serve import Port

log = logging.getLogger(__name__)
D = TypeVar("D")

LOOK_S: Final = 30.0
"""Seconds after which the neighbours are looked at, though nobody asked."""
_AGAIN_S: Final = 1.0
_KEPT_DAYS: Final = 90
"""Days after which the record of a sale that passed is not needed any more."""


class Rounds:
    """Everything that one till does about its neighbours."""

    def __init__(
        self,
        box: Box,
        till: str,
        key: Ed25519PrivateKey,
        line: Callable[[Neighbour], Neighbours] | None = None,
    ) -> None:
        self.fault: str | None = None
        self._box = box
        self._till = till
        self._key = key
        self._line = line or (lambda there: HttpNeighbour(there, key))
        self._owner = Owner(box, till)
        self._port: Port | None = None
        self._known: dict[str, Neighbour] = {}
        self._seen: dict[str, Beside] = self._restored()

    def run(self, stop: threading.Event) -> None:
        """Look at each ring, while something is wanted every second, else every half minute."""
        listening = bell.Bell(self._box.path, folders.BELL)
        self._tidy()
        try:
            while not stop.is_set():
                try:
                    waits = self.once()
                except Exception:
                    log.exception("round failed")
                    waits = True
                listening.wait(_AGAIN_S if waits else LOOK_S)
        finally:
            listening.close()
            self.close()

    def once(self) -> bool:
        """One round; says whether something this till wants has no answer yet."""
        self._known = self._read_known()
        self._listen()
        waits = self._bring()
        others = [each for each in self._known.values() if each.key != self._till]
        if others:
            with ThreadPoolExecutor(max_workers=min(8, len(others))) as many:
                self._seen = {each.till: each for each in many.map(self._look, others)}
        else:
            self._seen = {}
        self._say()
        return waits

    def close(self) -> None:
        """Listen no longer."""
        if self._port is not None:
            self._port.close()
            self._port = None

    # The neighbours

    def _read_known(self) -> dict[str, Neighbour]:
        """Whom head office has introduced; as before where the mirror cannot be read just now."""
        path = self._box.mirror / index.FILE
        if not path.exists():
            return {}
        try:
            with contextlib.closing(index.read(path)) as mirror:
                rows = mirror.execute(
                    "select data from record where kind = ?", (binding.tag(Neighbour),)
                ).fetchall()
        except sqlite3.Error as error:
            log.warning("neighbours not read why=%s", error)
            return self._known
        found = [xml.load(Neighbour, row[0]) for row in rows]
        return {each.key: each for each in found}

    def _listen(self) -> None:
        """Open the port that head office says, or another where it says another now."""
        here = self._known.get(self._till)
        address = here.address if here else None
        if self._port is not None and self._port.address != address:
            self.close()
        if address is None:
            self.fault = None
        elif self._port is None:
            try:
                self._port = Port(address, self._till, self._key, self._owner, lambda: self._known)
            except (OSError, OverflowError) as error:
                log.warning("port for neighbours not opened at=%s why=%s", address, error)
                self.fault = (
                    f"The other tills cannot reach this one at {address}: {error}. Check the "
                    "rule neighbours of this till."
                )
            else:
                self.fault = None

    def _look(self, there: Neighbour) -> Beside:
        before = self._seen.get(there.key)
        try:
            shelf = self._line(there).shelf(self._till)
        except NeighbourAway as away:
            log.info("neighbour away till=%s why=%s", there.key, away)
            return Beside(
                there.key, there.name, reached=False, seen=before.seen if before else None,
                waiting=before.waiting if before else (),
            )  # fmt: skip
        return Beside(
            there.key, there.name, reached=True, seen=datetime.now(UTC), waiting=shelf.waiting
        )

    def _say(self) -> None:
        path = folders.around(self._box)
        try:
            beside = path.with_suffix(".new")
            seen = sorted(self._seen.values(), key=lambda each: each.till)
            beside.write_bytes(xml.dump(Around(datetime.now(UTC), tuple(seen))))
            beside.rename(path)
        except OSError as error:
            log.warning("neighbours not said why=%s", error)
        bell.ring(self._box.path, "till")

    def _restored(self) -> dict[str, Beside]:
        """What was seen before this process began: nothing is silently missing."""
        try:
            around = xml.load(Around, folders.around(self._box).read_bytes())
        except (OSError, xml.DocumentRefused):
            return {}
        return {each.till: each for each in around.neighbours}

    # What is wanted

    def _bring(self) -> bool:
        """Ask for what is wanted; keep each answer durably before anybody is told of it."""
        folder = folders.brought(self._box)
        wants = list(_read(Want, folders.wanted(self._box)))
        for path in folder.glob("*.xml"):
            if path.stem not in {want.claim for want in wants}:
                durable.remove(path)  # the till has taken it in: it took the want away
        waits = False
        for want in wants:
            if (folder / f"{want.claim}.xml").exists():
                continue
            there = self._known.get(want.owner)
            try:
                if there is None:
                    raise NeighbourAway(f"{want.owner} is not known here any more")
                passed = self._asked(self._line(there), want)
                with contextlib.suppress(FileExistsError):
                    durable.create(folder / f"{want.claim}.xml", xml.dump(passed))
            except (NeighbourAway, durable.DiskRefused) as error:
                log.info("not brought claim=%s why=%s", want.claim, error)
                waits = True
            else:
                log.info("brought claim=%s state=%s", want.claim, passed.state)
                bell.ring(self._box.path, "till")
        return waits

    def _asked(self, line: Neighbours, want: Want) -> Passed:
        ask = line.release if want.withdrawn else line.claim
        return ask(self._till, want.claim, want.parking)

    def _tidy(self) -> None:
        """Forget what passed long ago, once the parked sale itself has been taken away."""
        oldest = time.time() - _KEPT_DAYS * 86_400
        for record in list(_read(Given, folders.given(self._box))):
            still = folders.parked(self._box) / f"{record.parking}.xml"
            if record.at.timestamp() < oldest and not still.exists():
                durable.remove(folders.given(self._box) / f"{record.parking}.xml")


def _read(cls: type[D], folder: Path) -> Iterable[D]:
    """The sound documents in a folder; an unsound one stays where it is, as evidence."""
    for path in sorted(folder.glob("*.xml")):
        try:
            yield xml.load(cls, path.read_bytes())
        except (OSError, xml.DocumentRefused) as error:
            log.warning("not read path=%s why=%s", path, error)
