"""The mirror's files: for each scope one signed snapshot, signed changes after it, and `current`.

Nothing is written over but `current`, which names the revision in force. Each file is checked
before it is kept: signature over the raw bytes, then the XSD, then the digest over the whole state.
The last good state stays in force whatever comes.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from lxml import etree

from schemas import replica, signature, xml
from schemas.keys import Digest
from services.disk import durable
from services.mirror import index

Trusted = Mapping[str, Ed25519PublicKey]


class MirrorDamaged(Exception):
    """A file of the mirror is not what head office signed; the last good one stays in force."""

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        super().__init__(f"{path}: {what}")


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one scope that are in force."""

    snapshot: Path
    changes: tuple[Path, ...]
    revision: int


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def scopes(mirror: Path) -> list[str]:
    """The scopes that are mirrored."""
    return sorted(p.parent.name for p in mirror.glob("*/current"))


def files(mirror: Path, scope: str) -> Files | None:
    """The files in force, as `current` names them; None where the scope is not here yet."""
    folder = mirror / scope
    try:
        snapshot, revision = (int(part) for part in (folder / "current").read_text().split())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise MirrorDamaged(folder / "current", "cannot be read") from error
    changes = sorted(
        (p for p in folder.glob("changes-*.xml") if snapshot < _number(p) <= revision),
        key=_number,
    )
    return Files(folder / f"snapshot-{snapshot:012d}.xml", tuple(changes), revision)


def opened_file(path: Path, trusted: Trusted) -> bytes:
    """The bytes that head office signed; raises MirrorDamaged."""
    try:
        return signature.opened(path.read_bytes(), signature.REPLICA, trusted)
    except (OSError, signature.SignatureDamaged) as error:
        raise MirrorDamaged(path, str(error)) from error


def _head(path: Path, data: bytes, scope: str, cls: type) -> replica.Snapshot | replica.Changes:
    try:
        head = replica.head_of(cls, data)
    except xml.DocumentRefused as error:
        raise MirrorDamaged(path, str(error)) from error
    if head.scope != scope:
        raise MirrorDamaged(path, f"belongs to {head.scope}")
    return head


class Store:
    """The mirror, open for its one writer."""

    def __init__(self, mirror: Path, trusted: Trusted) -> None:
        self._mirror = mirror
        self._trusted = trusted
        self.index = index.write(mirror / index.FILE)

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    def standing(self, scope: str) -> index.Standing | None:
        """How far a scope is in force."""
        return index.standing(self.index, scope)

    def take_snapshot(self, scope: str, signed: bytes) -> None:
        """Keep a snapshot that came from head office and put it in force. Raises MirrorDamaged."""
        path, head, data = self._checked(scope, signed, replica.Snapshot)
        assert isinstance(head, replica.Snapshot)
        self._keep(path, signed)
        try:
            index.put_snapshot(self.index, head, data)
        except (xml.DocumentRefused, sqlite3.DatabaseError) as error:
            path.unlink(missing_ok=True)
            raise MirrorDamaged(path, str(error)) from error
        self._flip(scope, head.revision, head.revision)
        for old in (self._mirror / scope).glob("*-*.xml"):
            if _number(old) < head.revision or (old != path and _number(old) == head.revision):
                old.unlink()

    def take_changes(self, scope: str, signed: bytes) -> None:
        """Keep one revision's changes and put them in force. Raises MirrorDamaged."""
        path, head, data = self._checked(scope, signed, replica.Changes)
        assert isinstance(head, replica.Changes)
        in_force = files(self._mirror, scope)
        if in_force is None:
            raise MirrorDamaged(path, "there is no snapshot to build upon")
        self._keep(path, signed)
        try:
            index.put_changes(self.index, head, data)
        except (xml.DocumentRefused, sqlite3.DatabaseError) as error:
            path.unlink(missing_ok=True)
            raise MirrorDamaged(path, str(error)) from error
        self._flip(scope, _number(in_force.snapshot), head.revision)

    def restore(self) -> None:
        """Bring the index to what the files say is in force; raises MirrorDamaged naming the file.

        After a kill the index may be one revision behind or ahead of `current`; after a loss it
        is empty. Both end here.
        """
        for scope in scopes(self._mirror):
            in_force = files(self._mirror, scope)
            now = self.standing(scope)
            if in_force is None or (now and now.revision == in_force.revision):
                continue
            if now and now.revision > in_force.revision:
                # Killed between the index and the flip, after a snapshot or after changes.
                came = self._mirror / scope / f"snapshot-{now.revision:012d}.xml"
                snapshot = came if came.exists() else in_force.snapshot
                self._flip(scope, _number(snapshot), now.revision)
                continue
            if now is None or now.revision < _number(in_force.snapshot):
                data = opened_file(in_force.snapshot, self._trusted)
                head = _head(in_force.snapshot, data, scope, replica.Snapshot)
                assert isinstance(head, replica.Snapshot)
                self._put(in_force.snapshot, head, data)
            self._restore_changes(scope, in_force)

    def _restore_changes(self, scope: str, in_force: Files) -> None:
        for path in in_force.changes:
            now = self.standing(scope)
            if now and now.revision >= _number(path):
                continue
            data = opened_file(path, self._trusted)
            self._put(path, _head(path, data, scope, replica.Changes), data)

    def _put(self, path: Path, head: replica.Snapshot | replica.Changes, data: bytes) -> None:
        try:
            if isinstance(head, replica.Snapshot):
                index.put_snapshot(self.index, head, data)
            else:
                index.put_changes(self.index, head, data)
        except xml.DocumentRefused as error:
            raise MirrorDamaged(path, str(error)) from error

    def forget(self, scope: str) -> None:
        """Let a scope go, so that it comes anew."""
        shutil.rmtree(self._mirror / scope, ignore_errors=True)

    def _checked(
        self, scope: str, signed: bytes, cls: type
    ) -> tuple[Path, replica.Snapshot | replica.Changes, bytes]:
        coming = self._mirror / scope / "coming.xml"
        try:
            data = signature.opened(signed, signature.REPLICA, self._trusted)
        except signature.SignatureDamaged as error:
            raise MirrorDamaged(coming, str(error)) from error
        head = _head(coming, data, scope, cls)
        name = "snapshot" if cls is replica.Snapshot else "changes"
        return self._mirror / scope / f"{name}-{head.revision:012d}.xml", head, data

    def _keep(self, path: Path, signed: bytes) -> None:
        durable.folder(path.parent)
        # as much again for the index over it
        durable.check_room(path.parent, durable.RESERVE + 2 * len(signed))
        durable.replace(path, signed)

    def _flip(self, scope: str, snapshot: int, revision: int) -> None:
        durable.replace(self._mirror / scope / "current", f"{snapshot} {revision}\n".encode())


def verify(mirror: Path, trusted: Trusted) -> list[MirrorDamaged]:
    """Everything in force that is not what head office signed; nothing where all is well."""
    findings: list[MirrorDamaged] = []
    for scope in scopes(mirror):
        try:
            _verify_scope(mirror, scope, trusted)
        except MirrorDamaged as damage:
            findings.append(damage)
    return findings


def _verify_scope(mirror: Path, scope: str, trusted: Trusted) -> None:
    in_force = files(mirror, scope)
    if in_force is None:
        return
    records: dict[tuple[str, str], bytes] = {}
    revision, state, path = 0, replica.EMPTY, in_force.snapshot
    for path in (in_force.snapshot, *in_force.changes):
        data = opened_file(path, trusted)
        cls = replica.Snapshot if path == in_force.snapshot else replica.Changes
        head = _head(path, data, scope, cls)
        if isinstance(head, replica.Changes) and head.after != revision:
            raise MirrorDamaged(path, f"revision {revision + 1} is missing before it")
        try:
            state = _played(records, data, state)
        except xml.DocumentRefused as error:
            raise MirrorDamaged(path, str(error)) from error
        if state != head.digest:
            raise MirrorDamaged(path, "the records do not add up to its digest")
        revision = head.revision
    if revision != in_force.revision:
        raise MirrorDamaged(path, f"ends at revision {revision}, not {in_force.revision}")


def _played(records: dict[tuple[str, str], bytes], data: bytes, state: Digest) -> Digest:
    for line, element in replica.elements(data):
        kind = etree.QName(element).localname
        gone = kind == "gone"
        where = (
            (element.get("kind", ""), element.get("key", ""))
            if gone
            else (kind, index.key_of(element))
        )
        old = records.pop(where, None)
        state = replica.bump(state, removed=[old] if old else [], added=[] if gone else [line])
        if not gone:
            records[where] = line
    return state
