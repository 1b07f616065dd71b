"""From the key that finishes a sale to the first byte of its slip at the printer, over TCP.

QT_QPA_PLATFORM=offscreen python -m bench.slip_begins [--sales 40]
Limit: 300 ms. The receipt is durable before. The bare script makes one durable file of the same size,
then sends the slip's bytes over a line that is open.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from bench.scan_to_paint import said, settle
from pos_qt.theme import fonts
from pos_qt.till import TillFace
from schemas.keys import Barcode
from services.database import organisation
from services.disk import durable
from tests.pretend.branch import Chain


class FarEnd:
    """A printer's end of the line: it knows when the first byte of a slip came, and answers nothing."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.first = 0.0
        self.bytes = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            line, _ = self._server.accept()
            threading.Thread(target=self._hear, args=(line,), daemon=True).start()

    def _hear(self, line: socket.socket) -> None:
        with line:
            while data := line.recv(65536):
                if data[:1] != b"\x10" and not self.first:  # what asks how it is, is no slip
                    self.first = time.perf_counter()
                self.bytes += len(data)


def opened(folder: Path, port: int) -> TillFace:
    """A till that prints there, with Mira signed in."""
    chain = Chain(folder)
    with chain.office.session() as session:
        unit = session.get(organisation.Unit, ("till", "014-2"))
        assert unit is not None
        unit.printer = f"tcp:127.0.0.1:{port}"
        session.flush()
        organisation.announce(session, "till", "014-2", "bench")
    chain.publish()
    chain.look("014-2")
    face = TillFace(chain.box("014-2"), lambda: datetime.now(UTC))
    face.window.show()
    till = face.desk.till
    till.sign_in(till.catalogue.staff()[0], "1111")
    face.signin.on_signed_in()
    settle(1)
    return face


def ours(face: TillFace, far: FarEnd) -> float:
    """Seconds from paying four articles in cash to the first byte."""
    for _ in range(4):
        face.commands.scanned("4012345678901")
        settle(0.05)
    while face.desk.is_busy or len(face.desk.till.basket.lines) < 4:
        QApplication.processEvents()
    far.first = 0.0
    began = time.perf_counter()
    face.payment.quick("cash")
    while not far.first:
        QApplication.processEvents()
        if time.perf_counter() - began > 10:
            raise TimeoutError("no slip came")
    took = far.first - began
    settle(0.4)
    return took


def bare(folder: Path, far: FarEnd, data: bytes, number: int) -> float:
    """Seconds of one durable file and one line."""
    with socket.create_connection(("127.0.0.1", far.port)) as line:
        far.first = 0.0
        began = time.perf_counter()
        durable.create(folder / f"{number}.xml", data)
        line.sendall(data)
        while not far.first:
            time.sleep(0)
        return far.first - began


def main() -> None:
    """Measure in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", type=int, default=40)
    parser.add_argument("--dir", default=None, help="on the real disk")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.dir) as made:
        QApplication(sys.argv[:1])
        fonts.load()
        far = FarEnd()
        face = opened(Path(made), far.port)
        ours(face, far)
        mine, plain = [], []
        for number in range(asked.sales):
            mine.append(ours(face, far))
            plain.append(bare(Path(made), far, b"x" * 1600, number))
        print(said("ours", mine))
        print(said("bare", plain))
        ratio = statistics.median(mine) / statistics.median(plain)
        print(f"ratio {ratio:.1f}; the slowest {max(mine) * 1e3:.0f} ms of {asked.sales}")
        assert face.desk.till.catalogue.by_code(Barcode("4012345678901"))
        sys.stdout.flush()
        face.close()
        os._exit(0)


if __name__ == "__main__":
    main()
