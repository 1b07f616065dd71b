"""From a saved price to a till that sells at it, and what it costs on the wire.

python -m bench.price_to_till [--times 20]
Real head office, worker, doorbell and agent; a till in this process hears its bell as the screen does.
The bare limit is one signed call over the same HTTP server.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from schemas.keys import ArticleKey, Barcode
from schemas.money import UnitPrice
from services.database import prices
from services.disk import bell
from services.disk.box import Box
from services.link import identity
from services.link.http_client import HttpOffice
from services.replication import publish
from services.till.till import Till
from tests.pretend.branch import Chain
from tests.pretend.processes import processes, until


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        chain = Chain(Path(folder))
        with processes(chain) as run:
            run.start_office()
            box = Box(run.enrol("014-1"))
            run.start_agent(box.path)
            until((box.mirror / "till-014-1" / "current").exists, "the mirror comes")
            time.sleep(2)
            till = Till(box, lambda: datetime.now(UTC))
            till.sign_in_unattended(till.catalogue.staff()[0])
            hears = bell.Bell(box.path, "till")
            took = [_changed(chain, till, hears, n) for n in range(times)]
            took.sort()
            print(
                f"price saved to sold at it: {statistics.median(took) * 1e3:.0f} ms median, "
                f"{took[0] * 1e3:.0f} to {took[-1] * 1e3:.0f} ms, {times} times"
            )
            office = HttpOffice(identity.enrolment(box), identity.device_key(box))
            calls = []
            for _ in range(50):
                began = time.perf_counter()
                office.acknowledged()
                calls.append(time.perf_counter() - began)
            office.close()
            bare = statistics.median(calls)
            print(
                f"bare signed call {bare * 1e3:.1f} ms, ratio {statistics.median(took) / bare:.1f}"
            )
            with chain.office.reading() as session:
                newest = till.catalogue.revision
                sent = publish.changes(session, "chain", newest - 1)
            assert sent is not None
            from services.link import frames  # noqa: PLC0415

            body = len(frames.compressed(frames.pack([("changes/0", sent[0])])))
            print(f"one changed price: {len(sent[0])} bytes, {body} on the wire, without headers")
            till.close()
            hears.close()
        chain.office.close()


def _changed(chain: Chain, till: Till, hears: bell.Bell, n: int) -> float:
    price = UnitPrice.parse(f"{2 + n}.49", "EUR")
    began = time.perf_counter()
    with chain.office.session() as session:
        prices.change_price(session, "40122", price, "bench")
    while till.catalogue.price(ArticleKey("40122"), till.now()) != price:
        hears.wait(1)
        till.renew()
    till.scan(Barcode("4012345678901"))
    took = time.perf_counter() - began
    till.forget()
    return took


if __name__ == "__main__":
    main()
