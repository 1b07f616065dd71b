"""Head office and the demo while parts of them die."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.journeys.test_demo import started, stopped
from tests.pretend.branch import Chain
from tests.pretend.processes import command, environment, free_ports, until

pytestmark = pytest.mark.journey


def children(pid: int) -> dict[int, str]:
    """The processes that `pid` has started, with their command lines."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                found[int(path.name)] = (path / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def child(pid: int, part: str) -> int:
    """The child whose command line holds `part`; 0 where there is none."""
    return next((each for each, line in children(pid).items() if part in line), 0)


def opens(port: int) -> bool:
    """Does somebody listen there?"""
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def test_serve_starts_its_doorbell_again_and_ends_with_its_pages(chain: Chain) -> None:
    port = free_ports()
    serve = ("office", "serve", "--port", str(port), "--directory", str(chain.office.directory))
    serving = subprocess.Popen(
        command(*serve), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    try:
        until(lambda: opens(port) and opens(port + 1), "head office answers")
        taken = subprocess.run(
            command(*serve), env=environment(), capture_output=True, text=True, check=False
        )
        assert taken.returncode == 1
        assert taken.stderr.strip() == (
            f"Port {port} is in use already. Stop what listens there, or name another with --port."
        )
        first = child(serving.pid, "serve_doorbell")
        os.kill(first, signal.SIGKILL)
        until(lambda: child(serving.pid, "serve_doorbell") not in {0, first}, "a new doorbell")
        until(lambda: opens(port + 1), "the doorbell answers")
        os.kill(child(serving.pid, "gunicorn"), signal.SIGKILL)
        _, text = serving.communicate(timeout=30)
    finally:
        os.killpg(serving.pid, signal.SIGKILL)
    assert serving.returncode == 1
    assert "The doorbell was killed by signal 9; it is started again." in text
    assert "The pages' process was killed by signal 9. Head office is not served any more" in text
    assert not (opens(port) or opens(port + 1))


def test_serve_ends_well_on_a_signal(chain: Chain) -> None:
    port = free_ports()
    serving = subprocess.Popen(
        command("office", "serve", "--port", str(port),
                "--directory", str(chain.office.directory)),
        env=environment(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    until(lambda: opens(port) and opens(port + 1), "head office answers")
    serving.send_signal(signal.SIGTERM)
    _, text = serving.communicate(timeout=30)
    assert (serving.returncode, text) == (0, "")
    assert not (opens(port) or opens(port + 1))


def test_the_demo_starts_again_what_dies_and_runs_once(tmp_path: Path) -> None:
    directory, port = tmp_path / "demo", free_ports()
    demo = started(directory, port)
    try:
        for part in ("agent run", "office worker", "office serve"):
            first = child(demo.pid, part)
            os.kill(first, signal.SIGKILL)
            until(lambda p=part, f=first: child(demo.pid, p) not in {0, f}, f"{part} again")  # type: ignore[misc]
        until(lambda: opens(port) and opens(port + 1), "head office answers again")
        again = ("demo", "--headless", "--directory", str(directory), "--port", str(free_ports()))
        second = subprocess.run(
            command(*again), env=environment(), capture_output=True, text=True, check=False,
            timeout=60,
        )  # fmt: skip
        assert second.returncode == 1
        assert f"A demo runs in {directory} already" in second.stderr
    finally:
        stopped(demo)
    assert not (opens(port) or opens(port + 1))
