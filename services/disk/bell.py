"""Doorbells between processes on one machine: they only hurry things; lose a ring and nothing is lost.

A bell is a datagram socket in Linux's abstract namespace, named by the folder and who listens.
"""

from __future__ import annotations

import contextlib
import hashlib
import select
import socket
from pathlib import Path


def _name(folder: Path, listener: str) -> str:
    where = hashlib.sha256(f"{folder.resolve()}\0{listener}".encode()).hexdigest()[:24]
    return f"\0tresen-{where}"


def ring(folder: Path, listener: str) -> None:
    """Ring at `listener`'s door; nobody there is no fault."""
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as bell,
    ):
        bell.sendto(b"!", _name(folder, listener))


class Bell:
    """The listener's side."""

    def __init__(self, folder: Path, listener: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        with contextlib.suppress(OSError):  # a second listener simply waits for its timed look
            self.socket.bind(_name(folder, listener))

    def fileno(self) -> int:
        """What an event loop watches."""
        return self.socket.fileno()

    def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most so long; all rings so far count as one."""
        ready, _, _ = select.select([self.socket], [], [], seconds)
        self.drain()
        return bool(ready)

    def drain(self) -> None:
        """Forget all rings so far."""
        with contextlib.suppress(BlockingIOError):
            while self.socket.recv(16):
                pass

    def close(self) -> None:
        """Listen no longer."""
        self.socket.close()
