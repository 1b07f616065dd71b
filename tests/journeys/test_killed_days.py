"""A day at the till is killed at any point: basket, number and drawer are as before or after a step."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from services.fiscal import plain
from services.journal import verify
from tests.pretend.branch import Chain
from tests.pretend.day import DAY
from tests.pretend.processes import environment

POINTS = 200 if os.environ.get("TRESEN_THOROUGH") else 12


def day(box: Path, *begin: str) -> list[str]:
    return [sys.executable, "-m", "tests.pretend.day", str(box), *begin]


def said(lines: str) -> list[list[Any]]:
    """The whole lines of a process that was killed: the last one may be cut short."""
    whole = lines.rpartition("\n")[0]
    return [json.loads(line) for line in whole.splitlines()]


def test_a_day_killed_at_any_point_goes_on_as_if_nothing_had_been(
    chain: Chain, tmp_path: Path
) -> None:
    chain.till("014-1").close()
    fresh = chain.box("014-1").path
    whole = tmp_path / "whole"
    shutil.copytree(fresh, whole)
    began = time.monotonic()
    done = subprocess.run(
        day(whole, "0"), env=environment(), capture_output=True, text=True, check=True
    )
    took = time.monotonic() - began
    after = [row[1] for row in said(done.stdout)]
    assert len(after) == len(DAY)
    before = said(
        subprocess.run(
            day(fresh), env=environment(), capture_output=True, text=True, check=True
        ).stdout
    )[0][1]
    states = [before, *after]
    chance = random.Random(11)
    killed = 0
    box = tmp_path / "killed"
    at = 0
    while killed < POINTS:
        if at == 0:
            shutil.rmtree(box, ignore_errors=True)
            shutil.copytree(fresh, box)
        process = subprocess.Popen(
            day(box, str(at)), env=environment(), stdout=subprocess.PIPE, text=True
        )
        time.sleep(chance.uniform(0.2, 1.0) * took)
        process.kill()
        out, _ = process.communicate()
        killed += 1
        reached = max([row[0] + 1 for row in said(out)], default=at)
        stands = said(
            subprocess.run(
                day(box), env=environment(), capture_output=True, text=True, check=True
            ).stdout
        )[0][1]
        possible = [n for n in (reached, reached + 1) if n < len(states) and states[n] == stands]
        assert possible, (
            f"killed after step {reached}: {stands} is neither {states[reached : reached + 2]}"
        )
        assert verify.verify(box / "journal", {}, plain.MODULE.verify) == []
        at = possible[0] if possible[0] < len(DAY) else 0
