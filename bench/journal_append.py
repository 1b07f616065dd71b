"""How long until a finished sale is safe on disk, against the bare cost of one durable file.

python -m bench.journal_append [--dir DIR]     DIR must be on the real disk
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.rounds import in_turn
from schemas.keys import Barcode
from schemas.receipt import Receipt
from services.fiscal import plain
from services.journal import read
from services.journal.write import Journal
from tests.pretend.branch import Chain


def fresh(receipt: Receipt) -> Receipt:
    """The same sale with lines of its own: nothing of it has been written before."""
    return replace(receipt, lines=tuple(replace(line) for line in receipt.lines))


def cpu(work: Callable[[], float], sales: int) -> float:
    """Milliseconds of CPU a sale, the least of five rounds: it holds where the disk is shared."""
    found = []
    for _ in range(5):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found) * 1e3 / sales


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", default=None)
    parser.add_argument("--sales", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.dir) as folder:
        chain = Chain(Path(folder))
        with chain.till("014-1") as till:
            for _ in range(4):
                till.scan(Barcode("4012345678901"))
            receipt = replace(till.pay()[0], stamp=None)
        data = next(read.everything(chain.box("014-1").journal)).data()
        journal = Journal(Path(folder) / "j", receipt.branch, receipt.till, {})
        bare = Path(folder) / "bare"
        bare.mkdir()
        counter = 0

        def ours() -> float:
            times = []
            for _ in range(asked.sales):
                sold = fresh(receipt)
                began = time.perf_counter()
                journal.append_receipt(
                    lambda series, number, sold=sold: replace(sold, series=series, number=number),  # type: ignore[misc]
                    plain.MODULE.finish,
                )
                times.append(time.perf_counter() - began)
            return statistics.median(times)

        def file() -> float:
            nonlocal counter
            times = []
            for _ in range(asked.sales):
                counter += 1
                began = time.perf_counter()
                beside, path = bare / ".new", bare / f"{counter}.xml"
                handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                os.write(handle, data)
                os.fsync(handle)
                os.close(handle)
                os.link(beside, path)
                entry = os.open(bare, os.O_RDONLY)
                os.fsync(entry)
                os.close(entry)
                beside.unlink()
                times.append(time.perf_counter() - began)
            return statistics.median(times)

        print("journal append:", in_turn(ours, file))
        print(
            f"CPU a sale: ours {cpu(ours, asked.sales):.3f} ms, bare {cpu(file, asked.sales):.3f} ms"
        )


if __name__ == "__main__":
    main()
