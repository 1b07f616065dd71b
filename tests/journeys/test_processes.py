"""The two walks through real processes: office over HTTP, agent, headless till, killed at any moment."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from schemas.money import UnitPrice
from services.database import organisation, prices
from tests.pretend.branch import MILK, Chain
from tests.pretend.processes import Processes, command, environment, processes, same, until

pytestmark = pytest.mark.journey
MILK_SALE = {"lines": [{"scan": "4012345678901", "quantity": "1"}]}


def test_a_price_goes_down_and_a_sale_comes_up_over_http(
    any_chain: Chain,
) -> None:
    chain = any_chain
    with processes(chain) as run:
        run.start_office()
        box = run.enrol("014-1")
        run.start_agent(box)
        until((box / "mirror" / "till-014-1" / "current").exists, "the mirror comes")
        assert run.sell(box, [{"ref": "a", **MILK_SALE}])[0]["total"] == "1.39"
        until(run.office_receipts, "the receipt arrives")
        began = (box / "mirror" / "chain" / "current").read_text()

        with chain.office.session() as session:
            prices.change_price(session, MILK.key, UnitPrice.parse("1.49", "EUR"), "test")
        current = box / "mirror" / "chain" / "current"
        until(lambda: current.read_text() != began, "the price comes down")
        answers = run.sell(box, [{"ref": "b", **MILK_SALE}, {"ref": "a", **MILK_SALE}])
        assert [answer["total"] for answer in answers] == ["1.49", "1.39"]
        until(lambda: same(run.office_receipts(), run.box_receipts(box)), "both ends agree")
        assert run.run("box", "verify", str(box)).returncode == 0


def test_everybody_is_killed_at_random_and_nothing_is_lost_or_doubled(
    chain: Chain, many: Callable[[int, int], int]
) -> None:
    chance = random.Random(1)
    with processes(chain) as run:
        run.start_office()
        boxes = [run.enrol(name) for name in ("014-1", "014-2")]
        for box in boxes:
            run.start_agent(box)
        for box in boxes:
            mirrored = box / "mirror" / f"till-{box.name}" / "current"
            until(mirrored.exists, "the mirror comes")
        refs = 0
        for _ in range(many(6, 60)):
            box = chance.choice(boxes)
            sales = "\n".join(
                f'{{"ref": "r{refs + n}", "lines": [{{"scan": "40122"}}]}}' for n in range(60)
            )
            refs += 60
            till = subprocess.Popen(
                command("till", "sell", "--box", str(box), "-"),
                env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert till.stdin is not None
            till.stdin.write(sales)
            till.stdin.close()
            time.sleep(chance.uniform(0.3, 1.0))
            till.send_signal(signal.SIGKILL)
            till.wait()
            assert till.stdout is not None
            said = till.stdout.read().count('"digest"')
            till.stdout.close()
            listed = [r for r in run.box_receipts(box) if int(r["ref"][1:]) >= refs - 60]
            assert said <= len(listed) <= said + 1, "what was said to be sold is in the journal"
            victim = chance.choice(["office", "worker", f"agent {box.name}", ""])
            if victim:
                run.kill(victim)
            if victim in {"office", "worker"}:
                if victim == "office":
                    run.kill("worker")
                run_again(run, victim)
            elif victim:
                run.start_agent(box)
        there = [row for box in boxes for row in run.box_receipts(box)]
        until(lambda: same(run.office_receipts(), there), "both ends agree")
        for box in boxes:
            numbers = [row["number"] for row in there if row["till"] == box.name]
            assert numbers == list(range(1, len(numbers) + 1))
            assert run.run("box", "verify", str(box)).returncode == 0


def run_again(run: Processes, victim: str) -> None:
    """Start what was killed."""
    if victim == "office":
        run.start_office()
    else:
        run.start("worker", "office", "worker", *run.office)


def test_a_timed_agent_carries_everything_at_its_next_look(chain: Chain) -> None:
    with chain.office.session() as session:
        unit = session.get_one(organisation.Unit, ("till", "014-1"))
        unit.every_s = 1
        organisation.announce(session, "till", "014-1", "test")
    chain.publish()
    with processes(chain) as run:
        run.start_office()
        box = run.enrol("014-1")
        assert run.run("agent", "run", "--once", "--box", str(box)).returncode == 0
        run.start_agent(box)
        run.sell(box, [{"ref": "a", **MILK_SALE}])
        until(run.office_receipts, "the receipt arrives at the timed look")
        chain.price(MILK.key, "1.59")
        revision = (box / "mirror" / "chain" / "current").read_text
        before = revision()
        until(lambda: revision() != before, "the price comes at the timed look")
        assert run.sell(box, [{"ref": "b", **MILK_SALE}])[0]["total"] == "1.59"


def test_a_box_that_is_another_till_is_refused_over_http(chain: Chain) -> None:
    with processes(chain) as run:
        run.start_office()
        box = run.enrol("014-1")
        code = run.run("office", "enrolment-code", "014-2", *run.office).stdout.strip()
        enrol = ("box", "enrol", "--office", run.address, "--code", code)
        wrong = run.run(*enrol, str(box))
        assert wrong.returncode == 1
        assert wrong.stderr.startswith("This box is till 014-1, and the code is for 014-2. Enrol")
        right = run.run(*enrol, str(box.with_name("014-2")))
        assert right.stdout.startswith("This box is till 014-2 now.")
        again = run.run("office", "enrolment-code", "014-1", *run.office)
        assert "that box is shut out" in again.stderr
        same_box = run.run(*enrol[:-1], again.stdout.strip(), str(box))
        assert same_box.stdout.startswith("This box is till 014-1 now.")
