"""A box: the folder of one till. One writer a folder; names sort as numbers."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from services.disk import durable


class BoxRefused(Exception):
    """This folder cannot be used as a till's box; the message is fit to show."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a till's parts lie."""

    path: Path

    @property
    def journal(self) -> Path:
        """Written by the till."""
        return self.path / "journal"

    @property
    def hand(self) -> Path:
        """The basket in hand; written by the till."""
        return self.path / "hand"

    @property
    def spool(self) -> Path:
        """The upload's cursor; written by the agent."""
        return self.path / "spool"

    @property
    def mirror(self) -> Path:
        """Master data; written by the agent."""
        return self.path / "mirror"

    @property
    def passing(self) -> Path:
        """Parked sales on their way between tills; written by the agent."""
        return self.path / "passing"

    @property
    def status(self) -> Path:
        """What agent and till say of themselves, each in its own file."""
        return self.path / "status"

    @property
    def tests(self) -> Path:
        """How the till's devices were found when somebody tested them; written by the till."""
        return self.status / "tests.xml"

    @property
    def asks(self) -> Path:
        """What the till asks head office this minute; written by the till."""
        return self.path / "asks"

    @property
    def answers(self) -> Path:
        """What head office answered; written by the agent."""
        return self.path / "answers"

    @property
    def keys(self) -> Path:
        """The agent's device key and head office's public keys."""
        return self.path / "keys" / "agent"

    @property
    def identity(self) -> Path:
        """Who this till is and whom it trusts."""
        return self.keys / "identity.xml"

    def make(self) -> None:
        """Make all folders."""
        own = (self.journal, self.hand, self.spool, self.mirror, self.status, self.keys)
        for each in (*own, self.passing, self.asks, self.answers):
            durable.folder(each)


class Lock:
    """A lock that one process holds as long as it lives."""

    def __init__(self, path: Path, busy: str) -> None:
        self._path = path
        self._busy = busy
        self._handle = -1

    def __enter__(self) -> Self:
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._handle)
            raise BoxRefused(self._busy) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._handle)
