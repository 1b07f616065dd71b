"""The first mirror of 100,000 articles with a price each: seconds, bytes on the wire; and till start.

python -m bench.first_mirror [--articles 100000]
The bare limit is what the same bytes cost to unpack, stream through lxml, and insert as rows.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import sqlite3
import tempfile
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import sqlalchemy as sa
from lxml import etree

from bench.rounds import in_turn
from schemas import replica, signature, xml
from schemas.article import Article, Code
from schemas.keys import ArticleKey, Barcode, Digest, GroupKey, TaxClass
from schemas.money import UnitPrice
from schemas.price import Price
from services.database.changes import Published, revision
from services.demo import chain as demo
from services.link import identity
from services.mirror.store import Store
from services.till.till import Till
from tests.pretend.branch import BEGAN, Chain


def records(many: int) -> list[bytes]:
    """Articles named after the demo's real ones, each with one code and one price."""
    rows = list(demo._rows("articles.csv"))
    found = []
    for n in range(many):
        row = rows[n % len(rows)]
        name = f"{row['name_de'] or row['name_en'] or row['name_es']} {n // len(rows)}"
        key = ArticleKey(f"A{n:06d}")
        article = Article(
            key, de=name[:200], group=GroupKey(row["group"]), tax=TaxClass("A"),
            codes=(Code(Barcode(f"{4000000000000 + n * 7}")),),
        )  # fmt: skip
        price = Price(key, BEGAN, UnitPrice.parse(f"{n % 20}.{n % 90 + 10}", "EUR"))
        found += [xml.dump(article), xml.dump(price)]
    return found


def packed(chain: Chain, many: int) -> bytes:
    """The chain's snapshot with so many articles more, as it goes over the wire."""
    with chain.office.reading() as session:
        base = list(
            session.scalars(sa.select(Published.document).where(Published.scope == "chain"))
        )
        number = revision(session, "chain")
    assert number is not None
    every = base + records(many)
    state = replica.bump(replica.EMPTY, added=every)
    head = replica.Snapshot("chain", number.number + 1, Digest(state), datetime.now(UTC))
    data = b"".join(replica.collection(head, every))
    return gzip.compress(signature.sign(chain.office.replica_key(), signature.REPLICA, data), 6)


def bare(wire: bytes, path: Path) -> float:
    """Seconds to unpack, to stream through lxml, and to insert as rows."""
    began = time.perf_counter()
    raw = gzip.decompress(wire)
    rows = []
    for _, element in etree.iterparse(BytesIO(raw), tag="{*}article"):
        code = element[0].get("value") if len(element) else None
        rows.append((element.get("key"), element.get("de"), code))
        element.clear()
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as index:
        index.execute("create table a(key primary key, name, code)")
        index.executemany("insert into a values (?, ?, ?)", rows)
        index.execute("create index c on a(code)")
        index.execute("create virtual table s using fts5(name)")
        index.execute("insert into s select name from a")
    index.close()
    return time.perf_counter() - began


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    many = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as folder:
        chain = Chain(Path(folder))
        box = chain.box("014-1")
        wire = packed(chain, many)
        trusted = identity.trusted(identity.enrolment(box))
        chain.look("014-1")

        def ours() -> float:
            shutil.rmtree(box.mirror)
            box.make()
            began = time.perf_counter()
            store = Store(box.mirror, trusted)
            store.take_snapshot("chain", gzip.decompress(wire))
            store.close()
            return time.perf_counter() - began

        least = Path(folder) / "bare.sqlite"
        print(f"{many} articles, {len(wire) / 1e6:.2f} MB on the wire")
        print("first mirror:", in_turn(ours, lambda: bare(wire, least), 3))

        chain.look("014-1")

        def start() -> float:
            began = time.perf_counter()
            with Till(box, lambda: datetime.now(UTC)) as till:
                till.catalogue.keyboard()
            return time.perf_counter() - began

        print(f"till opens its box in {min(start() for _ in range(5)) * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
