"""From the kill of a till with an open receipt to the same receipt on its screen again.

QT_QPA_PLATFORM=offscreen python -m bench.crash_to_receipt [--articles 20000] [--times 5]
Limit: 3 s, the PIN typed at once. Real processes: the first is killed with 20 lines in hand. The bare
script starts Python and shows an empty window.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.search import filled
from tests.pretend.processes import environment

_BARE = (
    "import sys, time\n"
    "from PySide6.QtWidgets import QApplication, QWidget\n"
    "a = QApplication(sys.argv[:1]); w = QWidget(); w.show(); a.processEvents()\n"
    "print(time.monotonic(), flush=True)\n"
)
LINES = 20


def till(box: Path, begin: bool) -> None:
    """A till's process: shows what it has in hand and when, sells some where it has to begin."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - only this process has a screen

    from bench.scan_to_paint import settle  # noqa: PLC0415
    from pos_qt.theme import fonts  # noqa: PLC0415
    from pos_qt.till import TillFace  # noqa: PLC0415
    from services.disk.box import Box  # noqa: PLC0415

    QApplication(sys.argv[:1])
    fonts.load()
    face = TillFace(Box(box), lambda: datetime.now(UTC))
    face.window.show()
    face.signin.choose("mira")
    face.signin.typed("1111")
    while face.desk.till.cashier is None or face.desk.is_busy:
        QApplication.processEvents()
    if begin:
        codes = [f"{4000000000000 + n * 7}" for n in range(LINES)]
        for code in codes:
            face.commands.scanned(code)
            settle(0.05)
        while face.desk.is_busy:
            QApplication.processEvents()
        settle(1)
    QApplication.processEvents()
    basket = face.desk.till.basket
    shown = face.window.sale.counter.amount.accessibleName()
    print(json.dumps([time.monotonic(), basket.ref, len(basket.lines), basket.total.minor, shown]))
    sys.stdout.flush()
    settle(600 if begin else 0)
    os._exit(0)


def started(*command: str) -> tuple[subprocess.Popen[str], float]:
    """A process, and when it was started."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *command], env=environment(), stdout=subprocess.PIPE, text=True
    )
    return process, began


def answer(process: subprocess.Popen[str]) -> list[object]:
    """Its one line."""
    assert process.stdout is not None
    found = json.loads(process.stdout.readline())
    return found if isinstance(found, list) else [found]


def main() -> None:
    """Measure in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--till", type=Path, help="be the till of this box")
    parser.add_argument("--begin", action="store_true")
    asked = parser.parse_args()
    if asked.till:
        till(asked.till, asked.begin)
    with tempfile.TemporaryDirectory() as made:
        filled(Path(made), asked.articles)
        box = str(Path(made) / "boxes" / "014-2")
        me = ("-m", "bench.crash_to_receipt", "--till", box)
        first, _ = started(*me, "--begin")
        before = answer(first)
        assert before[2] == LINES
        mine, plain = [], []
        for _ in range(asked.times):
            first.send_signal(signal.SIGKILL)
            first.wait()
            again, began = started(*me)
            after = answer(again)
            assert after[1:] == before[1:], "another receipt than before"
            mine.append(float(str(after[0])) - began)
            again.wait()
            empty, began = started("-c", _BARE)
            plain.append(float(str(answer(empty)[0])) - began)
            empty.wait()
        ratio = statistics.median(mine) / statistics.median(plain)
        print(
            f"killed with {LINES} lines, {asked.articles} articles: the same receipt after "
            f"{statistics.median(mine):.2f} s ({min(mine):.2f} to {max(mine):.2f}), an empty window "
            f"{statistics.median(plain):.2f} s, ratio {ratio:.1f}, {asked.times} times"
        )


if __name__ == "__main__":
    main()
