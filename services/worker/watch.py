"""Processes that are watched: one that dies is started again, or ends them all."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

MOST: Final = 5
"""How often one process is started again within a minute; then something is wrong for good."""
_MINUTE_S: Final = 60.0
_PAUSE_S: Final = 0.5
_PATIENCE_S: Final = 8.0
"""Seconds that a process has to end after SIGTERM."""


@dataclass
class Child:
    """A process to be watched.

    name   what people call it; a sentence begins with it
    again  whether it is started again when it dies; else all end with it
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] | None = None
    again: bool = True
    _process: subprocess.Popen[bytes] | None = None
    _ended: deque[float] = field(default_factory=deque)
    _due: float | None = None


class Watched:
    """Several processes that live together.

    log        where they write; None: where we do
    own_group  each in a process group of its own, so that Ctrl-C reaches only us
    """

    def __init__(
        self,
        children: Sequence[Child],
        said: Callable[[str], None],
        log: BinaryIO | None = None,
        *,
        own_group: bool = False,
    ) -> None:
        self._children = children
        self._said = said
        self._log = log
        self._own_group = own_group

    def start(self) -> None:
        """Start them all."""
        for child in self._children:
            self._start(child)

    def _start(self, child: Child) -> None:
        child._due = None
        if child._process and self._own_group:
            self._signal(child._process, signal.SIGKILL)  # what it started may have outlived it
        child._process = subprocess.Popen(  # noqa: S603 (our own commands)
            child.command,
            stdout=self._log,
            stderr=self._log,
            env=child.environment,
            start_new_session=self._own_group,
        )

    def code(self, name: str) -> int | None:
        """How the process of this name has ended; None while it runs."""
        child = next(each for each in self._children if each.name == name)
        return child._process.poll() if child._process else None

    def look(self) -> str | None:
        """Start again what has died; a sentence where that is not to be, and all must end."""
        for child in self._children:
            if child._due is not None:
                if time.monotonic() >= child._due:
                    self._start(child)
                continue
            code = child._process.poll() if child._process else None
            if code is None:
                continue
            why = self._over(child, code)
            if why:
                return why
        return None

    def _over(self, child: Child, code: int) -> str | None:
        now = time.monotonic()
        how = f"was killed by signal {-code}" if code < 0 else f"has ended with {code}"
        if not child.again:
            return f"{child.name} {how}."
        child._ended.append(now)
        while child._ended[0] < now - _MINUTE_S:
            child._ended.popleft()
        if len(child._ended) > MOST:
            return f"{child.name} {how}, for the {len(child._ended)}th time within a minute."
        self._said(f"{child.name} {how}; it is started again.")
        child._due = now + _PAUSE_S * (len(child._ended) - 1)
        return None

    def stop(self) -> None:
        """End them all, gently at first."""
        running = [each._process for each in self._children if each._process]
        for process in running:
            self._signal(process, signal.SIGTERM)
        until = time.monotonic() + _PATIENCE_S
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, until - time.monotonic()))
            self._signal(process, signal.SIGKILL)
            process.wait()

    def _signal(self, process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self._own_group:
                os.killpg(process.pid, number)  # what it started must end too
            else:
                process.send_signal(number)
