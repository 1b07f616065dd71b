"""What a till wants of its neighbours: on disk until the answer has been taken in."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from schemas import xml
from schemas.keys import StaffKey
from schemas.passing import Around, Beside, Passed, Waiting, Want
from services.disk import bell, durable
from services.disk.box import Box
from services.neighbours import folders


class Fetching:
    """The asking till's own side; the agent carries what is asked to the other tills."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._folder = durable.folder(folders.wanted(box))
        durable.sweep(self._folder)

    def look(self) -> None:
        """Have the agent look at the neighbours now; it rings when it has."""
        bell.ring(self._box.path, folders.BELL)

    def around(self) -> tuple[Beside, ...]:
        """The neighbours as the agent last saw them; none where there are none."""
        try:
            return xml.load(Around, folders.around(self._box).read_bytes()).neighbours
        except (OSError, xml.DocumentRefused):
            return ()

    def wants(self) -> list[Want]:
        """What has been asked for and is not settled yet, oldest first."""
        found = []
        for path in self._folder.glob("*.xml"):
            with contextlib.suppress(OSError, xml.DocumentRefused):
                found.append(xml.load(Want, path.read_bytes()))
        return sorted(found, key=lambda want: want.at)

    def want(self, owner: str, waiting: Waiting, by: StaffKey, at: datetime) -> Want:
        """Ask another till for a parked sale. One that is being asked for is not asked for twice."""
        for want in self.wants():
            if (want.owner, want.parking) == (owner, waiting.parking) and not want.withdrawn:
                return want
        want = Want(secrets.token_hex(16), owner, waiting.parking, by, at)
        durable.create(self._path(want.claim), xml.dump(want))
        bell.ring(self._box.path, folders.BELL)
        return want

    def withdraw(self, want: Want) -> None:
        """Nobody waits for it any more: it stays with its till, unless it has been given already."""
        if self._path(want.claim).exists():
            durable.replace(self._path(want.claim), xml.dump(replace(want, withdrawn=True)))
            bell.ring(self._box.path, folders.BELL)

    def answered(self) -> Iterator[tuple[Want, Passed]]:
        """What has been asked for and has an answer."""
        for want in self.wants():
            path = folders.brought(self._box) / f"{want.claim}.xml"
            with contextlib.suppress(OSError, xml.DocumentRefused):
                yield want, xml.load(Passed, path.read_bytes())

    def forget(self, want: Want) -> None:
        """The answer has been taken in. Raises DiskRefused: then it is taken in once more."""
        durable.remove(self._path(want.claim))

    def settle(self, parking: str) -> None:
        """What came for a want is about to be gone on with: it must never come once more.

        Raises DiskRefused.
        """
        for want in self.wants():
            if parking.endswith(f"-{want.claim[:16]}"):
                self.forget(want)

    def _path(self, claim: str) -> Path:
        return self._folder / f"{claim}.xml"
