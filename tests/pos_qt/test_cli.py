"""The command `tresen till run`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from click.testing import CliRunner

from services.cli import main
from tests.pretend.branch import Chain


def test_the_root_command_knows_it() -> None:
    shown = CliRunner().invoke(main, ["till", "run", "--help"])
    assert shown.exit_code == 0
    assert "--fullscreen" in shown.output


def test_a_folder_that_is_no_box_is_refused_in_words(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", "till", "run", "--box", str(tmp_path / "x")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "is not enrolled" in done.stderr


def test_it_opens_and_ends_cleanly_on_a_signal(shop: Chain) -> None:
    box = shop.box("014-2").path
    running = subprocess.Popen(
        [sys.executable, "-m", "services.cli", "till", "run", "--box", str(box)],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 20
    while not (box / "hand" / "lock").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.5)
    os.kill(running.pid, signal.SIGTERM)
    _, said = running.communicate(timeout=20)
    assert running.returncode == 0, said
