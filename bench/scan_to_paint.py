"""From a scan to the painted line and total, against a bare script, in one run.

QT_QPA_PLATFORM=offscreen python -m bench.scan_to_paint [--articles 50000] [--lines 200]
The bare script looks the code up in a dict, puts a row into a table view and sets a label.
Both get the scanner's keys as events; the clock stops when the list's paint event has returned.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QTableView, QVBoxLayout, QWidget

from pos_qt.theme import fonts
from pos_qt.till import TillFace
from pos_qt.widgets.lineslist import LinesList
from schemas.article import Article, Code
from schemas.keys import ArticleKey, Barcode, TaxClass
from schemas.money import UnitPrice
from schemas.price import Price
from services.database import articles, prices
from services.disk.box import Box
from tests.pretend.branch import BEGAN, Chain

_NOWHERE = QModelIndex()


def codes(count: int) -> list[str]:
    """So many barcodes."""
    return [f"40{n:011d}" for n in range(count)]


def filled(folder: Path, count: int) -> Box:
    """A box whose mirror holds so many articles."""
    chain = Chain(folder)
    with chain.office.session() as session:
        for n, code in enumerate(codes(count)):
            key = ArticleKey(str(1_000_000 + n))
            made = Article(key, f"Artikel {n} mit Namen", tax=TaxClass("B"),
                           codes=(Code(Barcode(code)),))  # fmt: skip
            articles.put(session, made, "bench")
            price = UnitPrice.parse(f"{n % 90 + 1}.{n % 100:02d}", "EUR")
            prices.put_price(session, Price(key, BEGAN, price), "bench")
    chain.publish()
    chain.look("014-2")
    return chain.box("014-2")


class Rows(QAbstractTableModel):
    """The bare script's lines."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, ...]] = []

    def rowCount(self, parent: Any = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """How many."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Any = _NOWHERE) -> int:  # noqa: N802, ARG002 - Qt's name
        """Four."""
        return 4

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell."""
        return self.rows[index.row()][index.column()] if role == 0 else None

    def add(self, row: tuple[str, ...]) -> None:
        """One more line."""
        self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows))
        self.rows.append(row)
        self.endInsertRows()


class BareView(QTableView):
    """Tells when it was painted."""

    painted = 0.0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint, then look at the clock."""
        super().paintEvent(event)
        self.painted = time.perf_counter()


class Bare(QWidget):
    """The least that shows a scanned line and a total."""

    def __init__(self, known: dict[str, tuple[str, int]], lines: int) -> None:
        super().__init__()
        self.known, self.buffer, self.sum = known, "", 0
        self.rows, self.view, self.total = Rows(), BareView(), QLabel("0.00")
        self.total.setStyleSheet("font-size: 48px")
        self.rows.rows = [("1", name, "1.00", "1.00") for name, _ in list(known.values())[:lines]]
        self.view.setModel(self.rows)
        self.view.verticalHeader().hide()
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.addWidget(self.view)
        layout.addWidget(self.total)
        self.resize(1366, 768)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Collect a code; Enter sells it."""
        if event.key() != Qt.Key.Key_Return:
            self.buffer += event.text()
            return
        name, cents = self.known[self.buffer]
        self.buffer = ""
        self.sum += cents
        self.rows.add(("1", name, f"{cents / 100:.2f}", f"{cents / 100:.2f}"))
        self.total.setText(f"{self.sum / 100:.2f}")
        self.view.scrollToBottom()


@dataclass
class Painted:
    """When our list was painted last."""

    at: float = 0.0


def watched() -> Painted:
    """Our list tells when its paint event returned."""
    seen = Painted()
    plain = LinesList.paintEvent

    def paint(self: LinesList, event: QPaintEvent) -> None:
        plain(self, event)
        seen.at = time.perf_counter()

    LinesList.paintEvent = paint  # type: ignore[method-assign]
    return seen


def scan(target: QWidget, code: str, painted: Callable[[], float]) -> float:
    """Seconds from the first key of a scan to the painted line."""
    began = time.perf_counter()
    keys = [*((Qt.Key(ord(char)), char) for char in code), (Qt.Key.Key_Return, "\r")]
    for key, text in keys:
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            QApplication.sendEvent(target, event)
    sent = time.perf_counter()
    while painted() < sent:
        QApplication.processEvents()
    return painted() - began


def settle(seconds: float) -> None:
    """Let what was begun come to an end."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        QApplication.processEvents()
        time.sleep(0.001)


def said(name: str, times: Sequence[float]) -> str:
    """Median and 95th percentile."""
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"{name}: p50 {statistics.median(times) * 1e3:.2f} ms, p95 {p95 * 1e3:.2f} ms"


def memory_mb() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Measure in turn: ours, bare, ours, bare …"""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--scans", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--box", type=Path, help="a box that was filled by an earlier run")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        box = Path(folder) / "boxes" / "014-2"
        if asked.box is None:  # in a process of its own: head office's memory is not the till's
            child = os.fork()
            if child == 0:
                filled(Path(folder), asked.articles)
                os._exit(0)
            os.waitpid(child, 0)
        measure(Box(asked.box or box), asked)


def measure(box: Box, asked: argparse.Namespace) -> None:
    """The rounds."""
    seen = watched()
    QApplication(sys.argv[:1])
    began = time.perf_counter()
    fonts.load()
    face = TillFace(box, lambda: datetime.now(UTC))
    face.window.show()
    settle(0)
    ready = time.perf_counter() - began
    settle(0.2)
    till = face.desk.till
    till.sign_in(till.catalogue.staff()[0], "1111")
    face.signin.on_signed_in()
    known = codes(asked.articles)
    for code in known[: asked.lines]:
        till.scan(Barcode(code))
    basket = till.basket
    face.sale.show()
    settle(0.5)
    memory = memory_mb()
    bare = Bare({code: (f"Artikel {n}", n % 9000) for n, code in enumerate(known)}, asked.lines)
    bare.show()
    settle(0.3)
    ours_all: list[float] = []
    bare_all: list[float] = []
    ratios: list[float] = []
    step = max(1, (asked.articles - asked.lines) // (asked.rounds * asked.scans + 1))
    fresh = iter(known[asked.lines :: step])
    for _ in range(asked.rounds):
        ours: list[float] = []
        for _ in range(asked.scans):
            ours.append(scan(face.window, next(fresh), lambda: seen.at))
            settle(0.02)
        till.basket = basket
        face.sale.show()
        settle(0.3)
        plain: list[float] = []
        for _ in range(asked.scans):
            plain.append(scan(bare, known[len(plain)], lambda: bare.view.painted))
            settle(0.02)
        ours_all += ours
        bare_all += plain
        ratios.append(statistics.median(ours) / statistics.median(plain))
    print(f"{asked.articles} articles, {asked.lines} lines, {asked.rounds} rounds")
    print(said("ours", ours_all))
    print(said("bare", bare_all))
    ordered = sorted(ratios)
    print(f"ratio {statistics.median(ratios):.2f} ({ordered[0]:.2f} to {ordered[-1]:.2f})")
    print(f"window and sign-in after {ready * 1e3:.0f} ms; memory {memory:.0f} MB")
    sys.stdout.flush()
    face.close()
    os._exit(0)


if __name__ == "__main__":
    main()
