"""The calls of one till to another of its branch; each may be repeated without harm.

Three implementations: over HTTP (`http_client`), direct (`owner`), and the tests' bad line.
"""

from __future__ import annotations

from typing import Protocol

from schemas.passing import Passed, Shelf


class NeighbourAway(Exception):
    """The other till did not answer, or not wholly. What was asked may have been done: ask again."""


class Neighbours(Protocol):
    """What a till can ask of another."""

    def shelf(self, asker: str) -> Shelf:
        """What is parked there."""

    def claim(self, asker: str, claim: str, parking: str) -> Passed:
        """Give me this parked sale. The same claim again gets the same answer."""

    def release(self, asker: str, claim: str, parking: str) -> Passed:
        """I want it no more; answers `given` where it had been given before, else `void` for good."""
