"""The calls a till can make to head office; nothing else of head office is in its reach.

Three implementations: over HTTP (`http_client`), direct (`gateway.desk`), and broken on purpose
(the tests' bad line).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from schemas.authorisation import Answer, Question
from schemas.enrolment import Enrolment
from schemas.journal import Acknowledgement
from schemas.status import Status


class OfficeUnreachable(Exception):
    """Head office did not answer, or not wholly. Try later; nothing is lost."""


class OfficeNotReached(OfficeUnreachable):
    """No call got through to a head office: nothing can have been done there."""


class OfficeRefused(Exception):
    """Head office does not let this till in, or not do this. The message is fit to show."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a box has been before it is enrolled; nothing of it where it is new.

    till     which till it was, by its identity or else by its journal
    entries  how many entries its journal has
    trusts   the head offices' public keys that it trusted
    newest   series, number and digest of the newest entry that a head office acknowledged
    """

    till: str = ""
    entries: int = 0
    trusts: tuple[str, ...] = ()
    newest: tuple[str, int, str] | None = None


class Enrolling(Protocol):
    """The one call that needs a code instead of a signature."""

    def enrol(self, code: str, public_key: str, past: Past) -> Enrolment:
        """Make this till's key known. The same code and key again get the same answer."""


class Office(Protocol):
    """What an enrolled till can ask. Every call may be repeated without harm."""

    def snapshot(self, scope: str) -> bytes:
        """A whole replica, signed; possibly some revisions old: ask for changes after it."""

    def changes(self, scope: str, after: int) -> Sequence[bytes] | None:
        """The signed changes after a revision, in order; None where a snapshot must come first."""

    def upload(self, entries: Sequence[tuple[str, int, bytes]]) -> Acknowledgement:
        """Hand over entries (series, number, bytes as written); answers what head office has."""

    def acknowledged(self) -> Acknowledgement:
        """What head office has of this till's journal."""

    def authorise(self, question: Question) -> Answer:
        """May a sale take so much of what is no money? What is granted is held for it."""

    def report(self, status: Status) -> None:
        """Say how this till is."""
