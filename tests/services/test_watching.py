"""Processes that are watched, and ports that are asked for before anything is started."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from services.till import display
from services.worker import ports, watch
from services.worker.watch import Child, Watched
from tests.pretend.processes import free_ports
from tests.services.test_commands import run, said


def python(name: str, program: str, *, again: bool = True) -> Child:
    """A process that runs a program."""
    return Child(name, [sys.executable, "-c", program], again=again)


def looked(watched: Watched, seconds: float = 30) -> str | None:
    """Look until it says that all must end."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        why = watched.look()
        if why is not None:
            return why
        time.sleep(0.02)
    return None


def test_what_dies_again_and_again_ends_all_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "_PAUSE_S", 0.01)
    heard: list[str] = []
    watched = Watched([python("The clock", "raise SystemExit(3)")], heard.append)
    watched.start()
    assert looked(watched) == "The clock has ended with 3, for the 6th time within a minute."
    assert heard == ["The clock has ended with 3; it is started again."] * watch.MOST
    watched.stop()


def test_what_must_not_die_ends_all_at_once() -> None:
    other = python("The other", "import time; time.sleep(60)")
    one = python("The one", "import os; os.kill(os.getpid(), 9)", again=False)
    watched = Watched([other, one], pytest.fail)
    watched.start()
    assert looked(watched) == "The one was killed by signal 9."
    assert watched.code("The other") is None
    watched.stop()
    assert watched.code("The other") == -signal.SIGTERM


def test_what_is_started_again_leaves_nothing_of_its_first_run(tmp_path: Path) -> None:
    child = f"""
import os, pathlib, subprocess, sys, time
told = pathlib.Path({str(tmp_path / "pids")!r})
left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
with told.open("a") as file:
    file.write(str(left.pid) + "\\n")
if len(told.read_text().split()) == 1:
    os._exit(1)
time.sleep(60)
"""
    heard: list[str] = []
    watched = Watched([python("It", child)], heard.append, own_group=True)
    watched.start()
    end = time.monotonic() + 30
    pids: list[str] = []
    while len(pids) < 2 and time.monotonic() < end:
        assert watched.look() is None
        pids = (tmp_path / "pids").read_text().split() if (tmp_path / "pids").exists() else []
        time.sleep(0.02)
    assert len(heard) == 1
    assert gone(int(pids[0]))
    assert not gone(int(pids[1]))
    watched.stop()
    assert gone(int(pids[1]))


def gone(pid: int) -> bool:
    """Is the process no more, or only waits to be buried?"""
    end = time.monotonic() + 1
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_a_port_that_is_in_use_is_a_sentence() -> None:
    port = free_ports()
    ports.check("127.0.0.1", port)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        taken.listen(1)
        with pytest.raises(ports.PortRefused, match=rf"Port {port + 1} \(the doorbell's\) is in"):
            ports.check("127.0.0.1", port)
        with pytest.raises(ports.PortRefused, match=rf"Port {port + 1} is in use already. Stop"):
            ports.check("127.0.0.1", port + 1)
    with pytest.raises(ports.PortRefused, match="no address of this machine"):
        ports.check("192.0.2.1", port)


@pytest.mark.parametrize("room", [("office", "serve"), ("demo", "--headless")])
def test_a_port_that_cannot_be_is_refused_before_anything_is_made(
    tmp_path: Path, room: tuple[str, ...]
) -> None:
    where = tmp_path / "x"
    for port in ("0", "65535", "-1"):
        said(run(*room, "--directory", str(where), "--port", port), 2, "--port")
    assert not where.exists()


def test_the_demo_refuses_a_taken_port_and_makes_nothing(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_ports()))
        taken.listen(1)
        port = str(taken.getsockname()[1])
        where = tmp_path / "x"
        demo = ("demo", "--headless", "--directory", str(where), "--port", port)
        said(run(*demo), 1, f"Port {port} is in use already")
        assert not where.exists()


def test_the_demo_makes_nothing_in_a_folder_with_other_things(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    port = str(free_ports())
    demo = ("demo", "--headless", "--directory", str(tmp_path), "--port", port)
    said(run(*demo), 2, "holds other things")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_without_a_display_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(display.DisplayMissing):
        display.check("")
    display.check("", {"WAYLAND_DISPLAY": "wayland-0"})
    where = tmp_path / "x"
    said(run("till", "run", "--box", str(where)), 1, "There is no display here", "till sell")
    demo = ("demo", "--directory", str(where), "--port", str(free_ports()))
    said(run(*demo), 1, "There is no display here", "demo --headless")
    assert not where.exists()
    assert os.environ.get("DISPLAY") is None
