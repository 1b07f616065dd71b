"""An import of real articles, as the worker does it: tried, taken, undone; against writing a file.

python -m bench.import_articles FILE [--database postgresql://…] [--rows 50000]
FILE is a table of articles with a header, .csv or .csv.xz. Each row gets a price. Limit: 60 s of CPU from the
upload until all is taken, the dry run included. What another writer waits meanwhile is said too.
"""

from __future__ import annotations

import argparse
import csv
import io
import lzma
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from services.database.headoffice import HeadOffice
from services.database.imports import ImportBatch
from services.importing import batches, steps
from tests.pretend.branch import Chain

LIMIT_S = 60.0


def table(path: Path, most: int) -> bytes:
    """The file's rows, each with a price."""
    opened = lzma.open if path.suffix == ".xz" else open
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        for n, row in enumerate(csv.reader(file)):
            if n > most:
                break
            writer.writerow([*row, f"{1 + n % 900 / 100:.2f}" if n else "price"])
    return out.getvalue().encode()


def stepped(
    office: HeadOffice, key: str, ask: Callable[[sa.orm.Session, ImportBatch], None]
) -> float:
    """Do a step, while another writer counts how long it waits at most; prints both."""
    with office.session() as session:
        ask(session, session.get_one(ImportBatch, key))
    over, waited = threading.Event(), [0.0]

    def other() -> None:
        while not over.is_set():
            began = time.perf_counter()
            with office.session() as session:
                session.execute(sa.text("update office_user set theme = 'light' where name = 'x'"))
            waited[0] = max(waited[0], time.perf_counter() - began)
            time.sleep(0.2)

    watching = threading.Thread(target=other)
    watching.start()
    began, worked = time.perf_counter(), time.process_time()
    while steps.once(office):
        pass
    took, worked = time.perf_counter() - began, time.process_time() - worked
    over.set()
    watching.join()
    with office.reading() as session:
        state = session.get_one(ImportBatch, key).state
    print(
        f"{state:8} {took:6.1f} s, of CPU {worked:.1f} s   another writer waits at most {waited[0]:.1f} s"
    )
    return worked


def main() -> None:
    """Measure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("file", type=Path)
    asked.add_argument("--database")
    asked.add_argument("--rows", type=int, default=50_000)
    given = asked.parse_args()
    data = table(given.file, given.rows)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        (Path(folder) / "bare").write_bytes(data)
        bare = time.perf_counter() - began
        office = Chain(Path(folder), given.database).office
        key = batches.begin(office, io.BytesIO(data), "articles.csv", "bench")
        whole = stepped(
            office, key, lambda s, batch: batches.read_as(s, batch, dict(batch.reading), "bench")
        )
        whole += stepped(office, key, lambda _, batch: batches.to_do(batch, "applying"))
        stepped(office, key, lambda _, batch: batches.to_do(batch, "undoing"))
        office.close()
    print(f"{given.rows} rows taken in {whole:.1f} s of CPU, {whole / bare:.0f} × writing the file")
    assert whole <= LIMIT_S, f"more than {LIMIT_S:.0f} s"


if __name__ == "__main__":
    main()
