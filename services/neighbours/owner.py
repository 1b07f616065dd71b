"""The owner's side: what is parked here, and giving it away, to one till and never to two."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from schemas import xml
from schemas.passing import Given, Passed, Shelf, Waiting
from schemas.receipt import Basket, Parked
from services.disk import bell, durable
from services.disk.box import Box
from services.neighbours import folders
from services.neighbours.calls import NeighbourAway

_MOST: Final = 1000


class Owner:
    """Answers the neighbours for one box, whether or not its till process runs."""

    def __init__(self, box: Box, till: str) -> None:
        self._box = box
        self._till = till
        self._one = threading.Lock()
        for folder in (folders.given(box), folders.void(box), folders.brought(box)):
            durable.folder(folder)
            durable.sweep(folder)

    def shelf(self, asker: str) -> Shelf:  # noqa: ARG002 (every till of the branch may see it)
        """What can be had here, oldest first."""
        found = []
        for path in folders.parked(self._box).glob("*.xml"):
            with contextlib.suppress(OSError, xml.DocumentRefused):
                if folders.gift(self._box, path.stem) is None:
                    found.append(_waiting(path.stem, xml.load(Parked, path.read_bytes())))
        return Shelf(self._till, tuple(sorted(found, key=lambda each: each.at)[:_MOST]))

    def claim(self, asker: str, claim: str, parking: str) -> Passed:
        """Give a parked sale to `asker`: on record here first, then answered.

        Raises NeighbourAway while the sale is not wholly out of this till's hand, or the disk does
        not keep the record: then nothing has been given.
        """
        with self._deciding():
            if self._is_void(claim):
                return Passed(claim, "void")
            before = folders.gift(self._box, parking)
            if before is not None:
                return self._again(before, asker, claim, parking)
            path = folders.parked(self._box) / f"{parking}.xml"
            try:
                parked = xml.load(Parked, path.read_bytes())
            except FileNotFoundError:
                return Passed(claim, "gone", holder=self._till if _recalled(path) else None)
            except (OSError, xml.DocumentRefused) as error:
                raise NeighbourAway("what is parked there cannot be read") from error
            if self._in_hand(parked):
                raise NeighbourAway("it is being parked just now")
            self._keep(Given(claim, parking, asker, datetime.now(UTC), parked))
        bell.ring(self._box.path, "till")
        return Passed(claim, "given", asker, parked)

    def release(self, asker: str, claim: str, parking: str) -> Passed:
        """Promise never to give anything for this claim, unless it has been given already."""
        with self._deciding():
            before = folders.gift(self._box, parking)
            if before is not None and (before.claim, before.to) == (claim, asker):
                return self._again(before, asker, claim, parking)
            with contextlib.suppress(FileExistsError):
                durable.create(self._void(claim), xml.dump(Passed(claim, "void")))
            durable.flush_folder(folders.void(self._box))
        return Passed(claim, "void")

    # Inside

    @contextlib.contextmanager
    def _deciding(self) -> Iterator[None]:
        try:
            with self._one, folders.deciding(self._box):
                yield
        except (folders.Undecided, durable.DiskRefused, OSError, xml.DocumentRefused) as error:
            raise NeighbourAway(str(error)) from error

    def _keep(self, record: Given) -> None:
        path = folders.given(self._box) / f"{record.parking}.xml"
        durable.create(path, xml.dump(record))

    def _again(self, before: Given, asker: str, claim: str, parking: str) -> Passed:
        """The answer that was given before. The record may be there and not yet be durable."""
        if (before.claim, before.to) != (claim, asker):
            return Passed(claim, "taken", holder=before.to)
        durable.flush_folder(folders.given(self._box))
        assert before.parking == parking
        return Passed(claim, "given", asker, before.parked)

    def _in_hand(self, parked: Parked) -> bool:
        """Does this till still have the sale in hand too? It is put aside a moment before that ends."""
        try:
            hand = xml.load(Basket, (self._box.hand / "basket.xml").read_bytes())
        except FileNotFoundError:
            return False
        return hand.ref == parked.ref

    def _is_void(self, claim: str) -> bool:
        return self._void(claim).exists()

    def _void(self, claim: str) -> Path:
        return folders.void(self._box) / f"{claim}.xml"


def _recalled(path: Path) -> bool:
    return path.with_suffix(folders.RECALLED).exists()


def _waiting(parking: str, parked: Parked) -> Waiting:
    lines = [li for li in parked.basket.lines if li.counts and li.kind != "deposit"]
    return Waiting(
        parking, parked.at, parked.by, parked.by_name, parked.basket.total, len(lines),
        lines[0].name if lines else "",
    )  # fmt: skip
