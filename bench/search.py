"""From a letter in the search field to the painted results, against one bare look into the same index.

QT_QPA_PLATFORM=offscreen python -m bench.search [--articles 50000]
Limits: 20 ms at 50,000 articles, 30 ms at 500,000, of 95 in 100 letters. Before that the scan router
holds a key for 35 ms, to tell a person from a scanner. The bare script asks SQLite's text search for
the same words and puts the rows into a list widget.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QListWidget

from bench.first_mirror import packed
from bench.scan_to_paint import Painted, said, settle
from pos_qt.theme import fonts
from pos_qt.till import TillFace
from pos_qt.widgets.foundlist import FoundList
from services.disk.box import Box
from services.link import identity
from services.mirror import index
from services.mirror.store import Store
from tests.pretend.branch import Chain

WORDS = ("schokolade", "milch frisch", "käse", "brot 12", "a0012", "bio joghurt", "s", "wasser")
"""What people type: names, beginnings, two words, numbers, and one letter."""


def filled(folder: Path, articles: int) -> None:
    """A till's box whose mirror holds so many articles of real names."""
    chain = Chain(folder)
    box = chain.box("014-2")
    chain.look("014-2")
    store = Store(box.mirror, identity.trusted(identity.enrolment(box)))
    store.take_snapshot("chain", gzip.decompress(packed(chain, articles)))
    store.close()


def watched() -> Painted:
    """Our list tells when its paint event returned."""
    seen = Painted()
    plain = FoundList.paintEvent

    def paint(self: FoundList, event: QPaintEvent) -> None:
        plain(self, event)
        seen.at = time.perf_counter()

    FoundList.paintEvent = paint  # type: ignore[method-assign]
    return seen


class Bare(QListWidget):
    """The least that shows what was found."""

    painted = 0.0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint, then look at the clock."""
        super().paintEvent(event)
        self.painted = time.perf_counter()


def until(done: Callable[[], bool]) -> None:
    """Let Qt work until it is so; raises TimeoutError after ten seconds."""
    end = time.perf_counter() + 10
    while not done():
        QApplication.processEvents()
        time.sleep(0.0002)  # what waits is not work
        if time.perf_counter() > end:
            raise TimeoutError("nothing was painted")


def ours(face: TillFace, seen: Painted, word: str, cpu: list[float]) -> list[float]:
    """Seconds from each letter of a word to its painted results; its CPU seconds go into `cpu`."""
    times = []
    face.search.open()
    settle(0.1)
    field = face.window.sale.selling.search.field
    for char in word:
        began, busy = time.perf_counter(), time.process_time()
        shown: list[float] = []
        plain = face.search._view.show_found

        def told(*given: object, plain: object = plain, shown: list[float] = shown) -> None:
            plain(*given)  # type: ignore[operator]
            shown.append(time.perf_counter())

        face.search._view.show_found = told  # type: ignore[method-assign]
        field.insert(char)  # as the scan router does, once it knows that a person typed it
        until(lambda shown=shown: bool(shown) and seen.at > shown[0])  # type: ignore[misc]
        times.append(seen.at - began)
        cpu.append(time.process_time() - busy)
        del face.search._view.show_found  # type: ignore[misc]
        settle(0.05)
    face.search.close()
    settle(0.05)
    return times


def bare(known: sqlite3.Connection, view: Bare, word: str) -> list[float]:
    """The same, by the bare script."""
    times = []
    for end in range(1, len(word) + 1):
        began = time.perf_counter()
        query = " ".join(f'"{part}"*' for part in word[:end].split())
        rows = known.execute(
            "select article from search join word on word.id = search.rowid"
            " where search match ? limit 40", (query,),
        ).fetchall()  # fmt: skip
        view.clear()
        view.addItems([row[0] for row in rows])
        sent = time.perf_counter()
        view.viewport().update()
        until(lambda sent=sent: view.painted > sent)  # type: ignore[misc]
        times.append(view.painted - began)
    return times


def main() -> None:
    """Measure in turn: ours, bare, ours, bare …"""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--box", type=Path, help="a folder that an earlier run filled")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.box or Path(made)
        if not (folder / "boxes").exists():  # in a process of its own: its memory is not the till's
            child = os.fork()
            if child == 0:
                filled(folder, asked.articles)
                os._exit(0)
            os.waitpid(child, 0)
        measure(Box(folder / "boxes" / "014-2"), asked)


def measure(box: Box, asked: argparse.Namespace) -> None:
    """The rounds."""
    seen = watched()
    QApplication(sys.argv[:1])
    fonts.load()
    face = TillFace(box, lambda: datetime.now(UTC))
    face.window.show()
    till = face.desk.till
    till.sign_in(till.catalogue.staff()[0], "1111")
    face.signin.on_signed_in()
    settle(0.5)
    known, view = index.read(box.mirror / index.FILE), Bare()
    view.resize(600, 600)
    view.show()
    settle(0.2)
    rounds: list[tuple[list[float], list[float]]] = []
    cpu: list[float] = []
    for _ in range(asked.rounds):
        mine = [t for word in WORDS for t in ours(face, seen, word, cpu)]
        plain = [t for word in WORDS for t in bare(known, view, word)]
        rounds.append((mine, plain))
    quiet = min(rounds, key=lambda pair: statistics.median(pair[0]))
    ratios = sorted(statistics.median(a) / statistics.median(b) for a, b in rounds)
    print(f"{asked.articles} articles, {asked.rounds} rounds; the quietest:")
    print(said("ours", quiet[0]))
    print(said("of it CPU, which holds where others work too", cpu))
    print(said("bare", quiet[1]))
    print(f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
    sys.stdout.flush()
    face.close()
    os._exit(0)


if __name__ == "__main__":
    main()
