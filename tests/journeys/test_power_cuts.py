"""Power cuts: what was said to be sold is on the disk, and the chain has no hole."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from services.disk.box import Box
from services.fiscal import plain
from services.journal import read, verify
from services.till.till import Till
from tests.journeys.test_faults import moved
from tests.pretend.branch import Chain
from tests.pretend.power_cut import disk
from tests.pretend.processes import command, environment

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a disk of its own"),
]


def sold_until_cut(box: Box, first: int, cut: Callable[[], None], after_s: float) -> list[str]:
    """Sell until the power goes; answers the refs that were said to be sold."""
    till = subprocess.Popen(
        command("till", "sell", "--box", str(box.path), "-"),
        env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True,
    )  # fmt: skip
    said: list[str] = []

    def listen() -> None:
        assert till.stdout is not None
        for line in till.stdout:
            answer = json.loads(line)
            if "digest" in answer:
                said.append(answer["ref"])

    listener = threading.Thread(target=listen)
    listener.start()
    assert till.stdin is not None
    sales = "".join(
        json.dumps({"ref": f"r{first + n}", "lines": [{"scan": "40122"}]}) + "\n"
        for n in range(400)
    )
    writer = threading.Thread(target=_write, args=(till, sales))
    writer.start()
    while not said and till.poll() is None:
        time.sleep(0.005)
    time.sleep(after_s)
    cut()
    till.send_signal(signal.SIGKILL)
    till.wait()
    listener.join()
    writer.join()
    for pipe in (till.stdin, till.stdout):
        if pipe is not None and not pipe.closed:
            pipe.close()
    return said


def _write(till: subprocess.Popen[str], sales: str) -> None:
    try:
        assert till.stdin is not None
        till.stdin.write(sales)
        till.stdin.close()
    except (BrokenPipeError, ValueError):
        pass


def test_what_was_said_to_be_sold_survives_power_cuts(
    chain: Chain, tmp_path: Path, many: Callable[[int, int], int]
) -> None:
    chance = random.Random(3)
    said: list[str] = []
    with disk(tmp_path) as power:
        box = moved(chain, power.path)
        subprocess.run(["sync"], check=True)
        rounds = many(5, 300)
        for n in range(rounds):
            said += sold_until_cut(box, n * 1000, power.cut, chance.uniform(0, 0.08))
            power.restore()
            receipts = [stored.entry().receipt for stored in read.everything(box.journal)]
            there = [receipt.ref for receipt in receipts if receipt]
            assert [ref for ref in said if ref not in there] == []
            assert [receipt.number for receipt in receipts if receipt] == list(
                range(1, len(there) + 1)
            )
            assert verify.verify(box.journal, {}, plain.MODULE.verify) == []
        assert len(said) > rounds, "more than the first sale of each round"
        with _opened(box) as till:
            assert till.book.damage is None


def _opened(box: Box) -> Till:
    from datetime import UTC, datetime  # noqa: PLC0415

    return Till(box, lambda: datetime.now(UTC))
