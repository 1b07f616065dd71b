"""Faults of line and disk: each ends in a clear sentence, and nothing is lost, doubled or invented."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.keys import Barcode
from services.agent.loop import Agent
from services.disk.box import Box
from services.disk.durable import DiskRefused
from services.link import identity
from services.link.http_client import HttpOffice
from services.till.till import Till
from tests.pretend.bad_line import bad_line
from tests.pretend.branch import Chain
from tests.pretend.processes import command, environment, processes, same

pytestmark = pytest.mark.journey
MILK_CODE = Barcode("4012345678901")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a small disk")


def test_a_line_cut_after_any_byte_loses_and_doubles_nothing(
    chain: Chain, many: Callable[[int, int], int]
) -> None:
    chance = random.Random(5)
    with processes(chain) as run:
        run.start_office()
        box = Box(run.enrol("014-1"))
        who = identity.enrolment(box)
        with bad_line(run.port) as line:
            who = replace(who, office=f"http://127.0.0.1:{line.port}")
            key = identity.device_key(box)
            for n in range(many(60, 3000)):
                line.up = chance.choice([None, chance.randrange(900)])
                line.down = chance.choice([None, chance.randrange(900)])
                office = HttpOffice(who, key)
                agent = Agent(box, office)
                agent.look()
                agent.close()
                office.close()
                if n == 5:
                    chain.look("014-1")  # from here on there is something to sell from
                if n > 5:
                    with chain.till("014-1") as till:
                        till.scan(MILK_CODE)
                        till.pay()
                if n % 7 == 0:
                    chain.price("40122", f"1.{10 + n % 80}")
            line.up = line.down = None
            office = HttpOffice(who, key)
            agent = Agent(box, office)
            assert agent.look().link == "online"
            agent.close()
            office.close()
        assert same(run.office_receipts(), run.box_receipts(box.path))
        assert run.run("box", "verify", str(box.path)).returncode == 0


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own that is soon full."""
    folder.mkdir()
    size = f"size={megabytes}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def moved(chain: Chain, disk: Path) -> Box:
    """The first till's box, on another disk."""
    chain.till("014-1").close()
    box = Box(disk / "box")
    shutil.copytree(chain.box("014-1").path, box.path)
    return box


def opened(chain: Chain, box: Box) -> Till:
    """A till on that box, with Mira signed in."""
    from datetime import UTC, datetime  # noqa: PLC0415

    till = Till(box, lambda: datetime.now(UTC))
    till.sign_in(till.catalogue.staff()[0], "1111")
    return till


@as_root
def test_a_full_disk_stops_selling_before_a_receipt_could_be_lost(
    chain: Chain, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", 8) as disk:
        box = moved(chain, disk)
        with opened(chain, box) as till:
            till.scan(MILK_CODE)
            till.pay()
            till.scan(MILK_CODE)
            basket = till.basket
            with pytest.raises(OSError, match="No space"):
                (disk / "ballast").write_bytes(b"x" * 16_000_000)
            with pytest.raises(DiskRefused, match="The disk is full"):
                till.pay()
            assert till.basket == basket
            (disk / "ballast").unlink()
            assert till.pay()[0].number == 2


@as_root
def test_a_read_only_disk_stops_selling_with_a_sentence(chain: Chain, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 16) as disk:
        box = moved(chain, disk)
        with opened(chain, box) as till:
            till.scan(MILK_CODE)
            # MS_REMOUNT is refused while a file is open for writing, as the index is: bind it so.
            subprocess.run(["mount", "--bind", box.journal, box.journal], check=True)
            subprocess.run(["mount", "-o", "remount,ro,bind", box.journal], check=True)
            try:
                with pytest.raises(DiskRefused, match="read-only"):
                    till.pay()
            finally:
                subprocess.run(["umount", "-l", box.journal], check=True)
            assert till.pay()[0].number == 1


@pytest.mark.parametrize("call", ["fsync", "link,linkat", "unlink,unlinkat"])
@pytest.mark.parametrize("when", [1, 2, 3, 5])
def test_a_disk_call_that_fails_once_promises_nothing_false(
    chain: Chain, call: str, when: int
) -> None:
    chain.till("014-1").close()
    box = chain.box("014-1")
    sales = "".join(
        json.dumps({"ref": f"s{n}", "lines": [{"scan": MILK_CODE}]}) + "\n" for n in range(6)
    )
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
         "-e", f"inject={call}:error=EIO:when={when}",
         *command("till", "sell", "--box", str(box.path), "-")],
        env=environment(), input=sales, capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = [json.loads(line) for line in done.stdout.splitlines()]
    sold = [answer["ref"] for answer in said if "digest" in answer]
    listed = _listed(box)
    assert sold == listed, done.stderr
    assert (done.returncode == 2) == (len(sold) < 6), done.stderr
    assert ("Nothing was sold" in done.stderr) == (len(sold) < 6)
    if call != "unlink,unlinkat":
        assert len(sold) < 6, "the fault was met"
    again = subprocess.run(
        command("till", "sell", "--box", str(box.path), "-"),
        env=environment(), input=sales, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert _listed(box) == [f"s{n}" for n in range(6)]


def _listed(box: Box) -> list[str]:
    from services.journal import read  # noqa: PLC0415

    receipts = [stored.entry().receipt for stored in read.everything(box.journal)]
    return [str(receipt.ref) for receipt in receipts if receipt]
