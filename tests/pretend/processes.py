"""Head office, worker and agents as real processes, over HTTP on this machine."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.pretend.branch import Chain

HERE = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0


def free_ports() -> int:
    """A port that is free, and the one above it too.

    Below the ports that the system gives to outgoing connections: those take a free one at any time.
    """
    while True:
        port = secrets.choice(range(20000, 32000))
        with socket.socket() as one, socket.socket() as two, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            two.bind(("127.0.0.1", port + 1))
            return port


def command(*arguments: str) -> list[str]:
    """The command line of `tresen …`."""
    return [sys.executable, "-m", "services.cli", *arguments]


def environment() -> dict[str, str]:
    """What the processes need."""
    return {**os.environ, "PYTHONPATH": str(HERE), "PYTHONUNBUFFERED": "1"}


def until(done: Callable[[], object], what: str) -> None:
    """Wait until `done`; fails after a minute, saying what did not happen."""
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < end, f"did not happen within {PATIENCE_S:.0f} s: {what}"
        time.sleep(0.02)


class Processes:
    """The processes of one chain."""

    def __init__(self, chain: Chain, log: Path) -> None:
        self.chain = chain
        self.port = free_ports()
        self._log = log.open("ab")
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        office = ["--directory", str(chain.office.directory)]
        if not chain.office.url.startswith("sqlite"):
            office += ["--database", chain.office.url]
        self.office = office

    @property
    def address(self) -> str:
        """Head office's address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, name: str, *arguments: str) -> None:
        """Start `tresen …` under a name."""
        self._running[name] = subprocess.Popen(
            command(*arguments), env=environment(), stdout=self._log, stderr=self._log,
            start_new_session=True,
        )  # fmt: skip

    def start_office(self) -> None:
        """Head office's pages and gateway, its doorbell, its worker."""
        self.start("office", "office", "serve", "--port", str(self.port), *self.office)
        self.start("worker", "office", "worker", *self.office)
        until(self._answers, "head office answers")

    def _answers(self) -> bool:
        def opens(port: int) -> bool:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return True
            return False

        return opens(self.port) and opens(self.port + 1)

    def enrol(self, name: str) -> Path:
        """A box, enrolled by the command over HTTP."""
        box = self.chain.directory / "boxes" / name
        code = self.run("office", "enrolment-code", name, *self.office).stdout.strip()
        self.run("box", "enrol", "--office", self.address, "--code", code, str(box))
        return box

    def start_agent(self, box: Path) -> None:
        """A box's agent."""
        self.start(f"agent {box.name}", "agent", "run", "--box", str(box))

    def kill(self, name: str) -> None:
        """Kill -9, with all its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._running[name].pid, signal.SIGKILL)
        self._running.pop(name).wait()

    def stop(self) -> None:
        """Stop all."""
        for each in self._running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(each.pid, signal.SIGKILL)
            each.wait()
        self._log.close()

    def run(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run `tresen …` to its end."""
        return subprocess.run(
            command(*arguments), env=environment(), input=text, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    def sell(self, box: Path, sales: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """`tresen till sell`; answers its answers."""
        done = self.run(
            "till", "sell", "--box", str(box), "-", text="\n".join(map(json.dumps, sales))
        )
        assert done.returncode in {0, 1}, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def office_receipts(self) -> list[dict[str, Any]]:
        """`tresen office receipts`."""
        done = self.run("office", "receipts", *self.office)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def box_receipts(self, box: Path) -> list[dict[str, Any]]:
        """`tresen box list`."""
        return [json.loads(x) for x in self.run("box", "list", str(box)).stdout.splitlines()]


@contextlib.contextmanager
def processes(chain: Chain) -> Iterator[Processes]:
    """The processes of a chain, stopped at the end; their log is shown where a test fails."""
    log = chain.directory / "processes.log"
    running = Processes(chain, log)
    try:
        yield running
    except BaseException:
        print(log.read_text(errors="replace")[-6000:])
        raise
    finally:
        running.stop()


def same(office: list[dict[str, Any]], boxes: list[dict[str, Any]]) -> bool:
    """Do both ends have the same receipts, each once, to the byte?"""
    keys = ("till", "series", "number", "total", "digest")
    left = sorted(tuple(row[key] for key in keys) for row in office)
    right = sorted(tuple(row[key] for key in keys) for row in boxes)
    return left == right and len(set(left)) == len(left)
