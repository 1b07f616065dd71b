"""Tills of one branch that know each other; and what became of a parked sale, box by box."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from schemas import xml
from schemas.keys import Barcode
from schemas.passing import Want
from schemas.receipt import Parked
from services.database import organisation
from services.disk.box import Box
from services.journal import read
from services.neighbours import folders
from services.till import replay
from services.till.till import Till
from tests.pretend.branch import Chain
from tests.pretend.processes import free_ports

MILK_CODE = Barcode("4012345678901")


def address(chain: Chain, name: str, port: int | None = None) -> int:
    """Give a till an address on this machine; answers its port."""
    port = port or free_ports()
    with chain.office.session() as session:
        unit = session.get_one(organisation.Unit, ("till", name))
        unit.rules = {**(unit.rules or {}), "neighbours": f"127.0.0.1:{port}"}
        session.flush()
        organisation.announce(session, "till", name, "test")
    return port


def meet(chain: Chain, *names: str) -> list[Box]:
    """Let the tills know each other."""
    boxes = [chain.box(name) for name in names]
    for name in names:
        address(chain, name)
    chain.publish()
    for name in names:
        chain.look(name)
    return boxes


def park(till: Till, times: int = 1) -> Parked:
    """Park a sale of so many bottles of milk."""
    for _ in range(times):
        till.scan(MILK_CODE)
    return till.parking.park()


def want(till: Till, owner: str) -> Want:
    """Ask for the first sale that another till is seen to have."""
    beside = next(each for each in till.parking.fetching.around() if each.till == owner)
    return till.parking.ask(owner, beside.waiting[0])


def holders(boxes: list[Box], ref: str) -> list[str]:
    """Where a sale is: parked, recalled, in hand (each once a box) or sold; the box's name with it."""
    found = []
    for box in boxes:
        for path in folders.parked(box).glob(f"{folders.stem(ref)}*"):
            if path.suffix == ".xml" and folders.gift(box, path.stem) is None:
                found.append(f"{box.path.name} parked")
            elif path.suffix == folders.RECALLED:
                found.append(f"{box.path.name} in hand")
        for stored in read.everything(box.journal):
            receipt = stored.entry().receipt
            if receipt is not None and receipt.ref == ref:
                found.append(f"{box.path.name} sold")
    return found


def _opened(box: Path) -> Till:
    till = Till(Box(box), lambda: datetime.now(UTC))
    till.sign_in_unattended(replay.UNATTENDED)
    return till


def _looked(till: Till, box: Box) -> None:
    """Have the agent look now; it may be dead just then."""
    seen = folders.around(box)
    before, end = seen.stat().st_mtime_ns if seen.exists() else 0, time.monotonic() + 8
    till.parking.fetching.look()
    while time.monotonic() < end and (not seen.exists() or seen.stat().st_mtime_ns == before):
        time.sleep(0.01)


def main(box: Path, act: str, many: int = 1) -> None:
    """A till process: park so many sales; or want all that is seen; or sell all that is parked."""
    till = _opened(box)
    if act == "park":
        for _ in range(many):
            print(park(till).ref, flush=True)
    elif act == "want":
        _looked(till, Box(box))
        for beside in till.parking.fetching.around():
            for waiting in beside.waiting if beside.reached else ():
                till.parking.ask(beside.till, waiting)
    elif act == "sell":
        if till.basket.lines:
            till.pay()
        for parked in till.parking.all():
            till.parking.recall(parked.ref)
            till.pay()
            print(parked.ref, flush=True)
    till.close()


def wants(box: Box) -> list[Want]:
    """What a till wants and has not taken in."""
    return [xml.load(Want, path.read_bytes()) for path in folders.wanted(box).glob("*.xml")]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1)
