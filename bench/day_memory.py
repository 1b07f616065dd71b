"""A day of 3,000 receipts at one till's face: what it holds in memory, and whether that grows.

QT_QPA_PLATFORM=offscreen python -m bench.day_memory [--receipts 3000]
Limit: 250 MB, and no growth after the first 500 receipts. The bare figure is an empty window's.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from bench.scan_to_paint import codes, filled, memory_mb
from pos_qt.peripherals.printer import Pretend
from pos_qt.theme import fonts
from pos_qt.till import TillFace
from services.disk.box import Box
from tests.pretend.processes import environment

_BARE = (
    "import os, sys\n"
    "from PySide6.QtWidgets import QApplication, QWidget\n"
    "a = QApplication(sys.argv[:1]); w = QWidget(); w.show(); a.processEvents()\n"
    "print(int(open('/proc/self/statm').read().split()[1]) * os.sysconf('SC_PAGE_SIZE') / 2**20)\n"
)
EVERY = 100
WARM = 500
ARTICLES = 2000


def idle(face: TillFace) -> None:
    """Until what was begun is done."""
    QApplication.processEvents()
    while face.desk.is_busy:
        QApplication.processEvents()
        time.sleep(0.0005)


def sold(face: TillFace, number: int, printer: Pretend) -> None:
    """A receipt of one to seven lines, paid in cash; now and then something is searched for."""
    known = codes(ARTICLES)
    for n in range(1 + number % 7):
        face.commands.scanned(known[(number * 7 + n) % ARTICLES])
        idle(face)
    if number % 25 == 0:
        face.search.open(f"artikel {number % 100}")
        idle(face)
        face.search.close()
    face.payment.quick("cash")
    idle(face)
    printer.slips.clear()  # a real one keeps no paper


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--receipts", type=int, default=3000)
    parser.add_argument("--dir", default=None)
    asked = parser.parse_args()
    if asked.receipts < WARM + 2 * EVERY:
        parser.error(f"--receipts must be {WARM + 2 * EVERY} at least: growth is told after {WARM}")
    said = subprocess.run(
        [sys.executable, "-c", _BARE], env=environment(), capture_output=True, text=True, check=True
    )
    bare = float(said.stdout)
    with tempfile.TemporaryDirectory(dir=asked.dir) as folder:
        child = os.fork()
        if child == 0:
            filled(Path(folder), ARTICLES)
            os._exit(0)
        os.waitpid(child, 0)
        QApplication(sys.argv[:1])
        fonts.load()
        printer = Pretend()
        box = Box(Path(folder) / "boxes" / "014-2")
        face = TillFace(box, lambda: datetime.now(UTC), printer=printer)
        face.window.show()
        till = face.desk.till
        till.sign_in(till.catalogue.staff()[0], "1111")
        face.signin.on_signed_in()
        held: list[tuple[int, float]] = []
        for number in range(1, asked.receipts + 1):
            sold(face, number, printer)
            if number % EVERY == 0:
                held.append((number, memory_mb()))
        assert till.book.next_number == asked.receipts + 1
        late = [(n, mb) for n, mb in held if n > WARM]
        slope = statistics.linear_regression(*zip(*late, strict=True)).slope * 1000
        most = max(mb for _, mb in held)
        print(
            f"{asked.receipts} receipts: at most {most:.0f} MB, an empty window {bare:.0f} MB, ratio "
            f"{most / bare:.2f}; {slope:+.2f} MB a thousand receipts after the first {WARM}"
        )
        print(
            "MB:", " ".join(f"{n}:{mb:.0f}" for n, mb in held), f"objects {len(gc.get_objects())}"
        )
        sys.stdout.flush()
        face.close()
        os._exit(0)


if __name__ == "__main__":
    main()
