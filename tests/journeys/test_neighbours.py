"""Parked sales between real tills while head office is down: agents and tills are killed at random."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas import xml
from schemas.receipt import Parked
from services.disk.box import Box
from services.fiscal import plain
from services.journal import verify
from services.neighbours import folders
from tests.pretend.branch import Chain
from tests.pretend.neighbours import holders, meet, wants
from tests.pretend.processes import environment, processes, until

pytestmark = pytest.mark.journey


def act(box: Path, *what: str, die_after: float | None = None) -> list[str]:
    """A till process that does something and says the sales' names; killed where it takes longer."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.pretend.neighbours", str(box), *what],
        env=environment(), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        out, _ = process.communicate(timeout=die_after)
        assert process.returncode == 0
    except subprocess.TimeoutExpired:
        process.kill()
        out, _ = process.communicate()
    return out.splitlines()


def test_parked_at_one_till_and_sold_at_another_while_head_office_is_down(chain: Chain) -> None:
    one, two = meet(chain, "014-1", "014-2")
    with processes(chain) as run:
        for box in (one, two):
            run.start_agent(box.path)
        (ref,) = act(one.path, "park")
        seen = folders.around(two)
        until(lambda: seen.exists() and b"<waiting" in seen.read_bytes(), "it is seen next door")
        act(two.path, "want")
        until(lambda: list(folders.brought(two).glob("*.xml")), "it has come")
        assert act(two.path, "sell") == [ref]
        assert act(one.path, "sell") == []
        assert holders([one, two], ref) == ["014-2 sold"]


def test_everybody_is_killed_at_random_and_each_sale_is_sold_once(
    chain: Chain, many: Callable[[int, int], int]
) -> None:
    chance = random.Random(7)
    boxes = meet(chain, "014-1", "014-2")
    refs: set[str] = set()

    def soon(turn: int) -> float | None:
        return chance.choice([None, chance.uniform(0.5, 4)]) if turn else None

    with processes(chain) as run:
        for box in boxes:
            run.start_agent(box.path)
        for turn in range(many(5, 150)):
            box, other = chance.sample(boxes, 2)
            refs |= set(act(box.path, "park", "3", die_after=soon(turn)))
            act(other.path, "want", die_after=soon(turn))
            if chance.random() < 0.5:
                act(chance.choice(boxes).path, "sell", die_after=soon(turn))
            victim = chance.choice(boxes)
            time.sleep(chance.uniform(0, 0.3))
            run.kill(f"agent {victim.path.name}")
            refs |= _parked(boxes[0]) | _parked(boxes[1])
            run.start_agent(victim.path)

        def settled() -> bool:
            for box in boxes:
                act(box.path, "sell")
            return not any(wants(box) for box in boxes) and not (
                _parked(boxes[0]) | _parked(boxes[1])
            )

        until(settled, "all is settled and sold")
    moved = sum(1 for box in boxes for _ in folders.given(box).glob("*.xml"))
    assert moved > 0, "some went from till to till"
    assert refs and all(len(holders(boxes, ref)) == 1 for ref in refs)
    assert all("sold" in holders(boxes, ref)[0] for ref in refs)
    for box in boxes:
        assert verify.verify(box.journal, {}, plain.MODULE.verify) == []


def _parked(box: Box) -> set[str]:
    return {xml.load(Parked, path.read_bytes()).ref for path in folders.parked(box).glob("*.xml")}
