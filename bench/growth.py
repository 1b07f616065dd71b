"""What one more receipt costs head office when it has 10,000, and when it has a million.

python -m bench.growth [--database postgresql://…] [--million 1000000]
In one process, by hundreds, through the same ingest as over HTTP; the ratio is the answer.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from schemas import xml
from schemas.journal import BEGINNING, Entry
from schemas.keys import Barcode
from schemas.receipt import Receipt
from tests.pretend.branch import Chain

BATCH = 100


def batches(receipt: Receipt, first: int) -> Iterator[list[tuple[str, int, bytes]]]:
    """Endless batches of entries, four lines each, over the hours and days of years."""
    number = first
    while True:
        batch = []
        for _ in range(BATCH):
            ends = receipt.ends + timedelta(minutes=2 * number)
            sold = replace(
                receipt, series="9", number=number, ref=f"r{number}", ends=ends, day=ends.date()
            )
            entry = Entry(receipt.branch, receipt.till, "9", number, BEGINNING, ends, sold)
            batch.append(("9", number, xml.dump(entry)))
            number += 1
        yield batch


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default=None)
    parser.add_argument("--million", type=int, default=1_000_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        chain = Chain(Path(folder), asked.database)
        with chain.till("014-1") as till:
            for _ in range(4):
                till.scan(Barcode("4012345678901"))
            receipt = till.pay()[0]
        desk = chain.desk("014-1")
        source = batches(receipt, 1)
        stored, costs = 0, {}
        for mark in (10_000, asked.million):
            while stored < mark:
                desk.upload(next(source))
                stored += BATCH
            some = [next(source) for _ in range(100)]
            times = []
            for batch in some:
                began = time.perf_counter()
                desk.upload(batch)
                times.append((time.perf_counter() - began) / BATCH)
                stored += BATCH
            costs[mark] = statistics.median(times)
            print(f"{mark} stored: {costs[mark] * 1e6:.0f} µs a receipt", flush=True)
        few, many = costs.values()
        print(f"{chain.office.engine.dialect.name}: ratio {many / few:.2f}")
        chain.office.close()


if __name__ == "__main__":
    main()
