"""The desk: head office's own side of the calls that a till can make, without any line between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from schemas import xml
from schemas.authorisation import Answer, Question
from schemas.journal import Acknowledgement
from schemas.keys import till_name
from schemas.status import Checks, Status
from services.authorising import grant
from services.database.changes import CHAIN, CUSTOMERS, PICTURES
from services.database.headoffice import HeadOffice
from services.gateway import enrol
from services.link import frames
from services.link.office import OfficeRefused
from services.replication import publish
from services.spool import ingest


class Desk:
    """Answers one till that has proven who it is. A till reaches its own scopes and journal only."""

    def __init__(self, office: HeadOffice, branch: str, till: str) -> None:
        self._office = office
        self._branch = branch
        self._till = till

    def snapshot_file(self, scope: str) -> Path:
        """The file with a signed snapshot, gzipped; raises OfficeRefused where none may be had."""
        self._check(scope)
        path = publish.snapshot(self._office, scope)
        if path is None:
            raise OfficeRefused(f"Head office has not published {scope} yet.")
        return path

    def snapshot(self, scope: str) -> bytes:
        """A whole replica, signed."""
        return frames.decompressed(self.snapshot_file(scope).read_bytes(), 1 << 30)

    def changes(self, scope: str, after: int) -> Sequence[bytes] | None:
        """The signed changes after a revision; None where a snapshot must come first."""
        self._check(scope)
        with self._office.reading() as session:
            return publish.changes(session, scope, after)

    def upload(self, entries: Sequence[tuple[str, int, bytes]]) -> Acknowledgement:
        """Take entries in: at once, and where the tables refuse something, one by one."""
        try:
            with self._office.writing() as connection:
                return ingest.ingest(connection, self._branch, self._till, entries)
        except ingest.REFUSALS:
            with self._office.writing() as connection:
                return ingest.ingest(connection, self._branch, self._till, entries, carefully=True)

    def acknowledged(self) -> Acknowledgement:
        """What head office has of this till's journal."""
        with self._office.looking() as connection:
            return ingest.acknowledged(connection, self._branch, self._till)

    def authorise(self, question: Question) -> Answer:
        """May this till's sale take so much of what is no money?"""
        with self._office.session() as session:
            return grant.grant(session, self._branch, self._till, question)

    def report(self, status: Status) -> None:
        """Note how the till is."""
        with self._office.session() as session:
            device = enrol.device(session, till_name(self._branch, self._till))
            if device.said_at is not None and status.at <= device.said_at:
                return  # late, or sent once more by somebody who listened
            device.said_at = status.at
            device.contact_at = datetime.now(UTC)
            device.software, device.waiting = status.software, status.waiting
            device.oldest_at, device.fault = status.oldest, status.fault
            device.disk_free = status.disk_free
            device.tests = xml.dump(Checks(status.tested)) if status.tested else None
            device.mirrored = {each.scope: each.revision for each in status.mirrored}
            for mirrored in status.mirrored:
                if mirrored.scope == "chain":
                    device.mirror_revision = mirrored.revision
                    device.mirror_digest = mirrored.digest
                    device.mirror_published = status.published

    def _check(self, scope: str) -> None:
        name = till_name(self._branch, self._till)
        own = {f"branch-{self._branch}", f"till-{name}"}
        if scope not in {CHAIN, CUSTOMERS, PICTURES, *own}:
            raise OfficeRefused("This is not for this till.")
