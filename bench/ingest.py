"""Receipts a second that head office takes in over HTTP: by hundreds and one by one; and the growth.

python -m bench.ingest [--database postgresql://…] [--receipts 6000] [--grow 0]
Real gunicorn, real calls, signed. Four lines a receipt. The bare limit is one insert a receipt of
the same bytes into one table, by the same driver, with the same durability.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from schemas import xml
from schemas.journal import BEGINNING, Entry
from schemas.keys import Barcode
from services.disk.box import Box
from services.link import identity
from services.link.http_client import HttpOffice
from tests.pretend.branch import Chain
from tests.pretend.processes import processes

Upload = tuple[str, int, bytes]


def entries(chain: Chain, name: str, first: int, many: int) -> Iterator[Upload]:
    """Entries of a till as it would write them, four lines each; one real sale, renumbered."""
    with chain.till(name) as till:
        for _ in range(4):
            till.scan(Barcode("4012345678901"))
        receipt = till.pay()[0]
    for number in range(first, first + many):
        entry = Entry(
            receipt.branch, receipt.till, "9", number, BEGINNING, receipt.ends,
            replace(receipt, series="9", number=number, ref=f"r{number}"),
        )  # fmt: skip
        yield "9", number, xml.dump(entry)


def sent(box: Box, batches: list[list[Upload]]) -> list[float]:
    """Upload batch by batch; seconds of each call."""
    office = HttpOffice(identity.enrolment(box), identity.device_key(box))
    times = []
    for batch in batches:
        began = time.perf_counter()
        office.upload(batch)
        times.append(time.perf_counter() - began)
    return times


def rate(chain: Chain, boxes: list[Box], first: int, many: int, size: int) -> str:
    """How many receipts a second come in from several tills at once, `size` a call."""
    work = []
    for box in boxes:
        every = list(entries(chain, box.path.name, first, many // len(boxes)))
        work.append([every[n : n + size] for n in range(0, len(every), size)])
    times: list[list[float]] = [[] for _ in boxes]

    def one(n: int) -> None:
        times[n] = sent(boxes[n], work[n])

    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(boxes))]
    began = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    took = time.perf_counter() - began
    every = sorted(t for some in times for t in some)
    median = statistics.median(every) * 1e3
    return f"{many / took:.0f}/s, call {median:.1f} ms median, {every[int(len(every) * 0.99)] * 1e3:.1f} ms p99"


def bare(chain: Chain, many: int, size: int) -> float:
    """Receipts a second of plain inserts, one transaction a batch."""
    every = list(entries(chain, chain.tills[0], 1, min(many, 1000)))
    table = sa.Table(
        "bare", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("document", sa.LargeBinary),
    )  # fmt: skip
    with chain.office.engine.begin() as connection:
        table.drop(connection, checkfirst=True)
        table.create(connection)
    began = time.perf_counter()
    for n in range(0, len(every), size):
        rows = [{"id": number, "document": data} for _, number, data in every[n : n + size]]
        with chain.office.engine.begin() as connection:
            connection.execute(sa.insert(table), rows)
    return len(every) / (time.perf_counter() - began)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default=None)
    parser.add_argument("--receipts", type=int, default=6000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        chain = Chain(Path(folder), asked.database)
        with processes(chain) as run:
            run.start_office()
            boxes = [Box(run.enrol(name)) for name in chain.tills]
            for name in chain.tills:
                chain.look(name)
            kind = chain.office.engine.dialect.name
            rate(chain, boxes, 1, 400, 100)
            for size, many in ((100, asked.receipts), (1, 400)):
                first = 1_000 if size > 1 else 1_000_000
                print(f"{kind}, {size} a call: {rate(chain, boxes, first, many, size)};", end="")
                print(f" bare inserts {bare(chain, many, size):.0f}/s")
        chain.office.close()


if __name__ == "__main__":
    main()
