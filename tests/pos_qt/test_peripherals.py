"""Printers over python-escpos: a file, a network printer, and one that is not there."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from pos_qt.peripherals.escpos import EscposPrinter, printer_of
from pos_qt.peripherals.printer import PrinterRefused
from services.register.columns import Row

ROWS = (Row("Milch                1,39 B"), Row("Summe 1,39 €", bold=True, double=True))


def test_slips_are_appended_to_a_file_in_the_box(tmp_path: Path) -> None:
    printer = EscposPrinter("file:slips.bin", tmp_path)
    printer.print_rows(ROWS)
    once = (tmp_path / "slips.bin").read_bytes()
    assert b"Milch                1,39 B" in once
    printer.print_rows(ROWS)
    assert len((tmp_path / "slips.bin").read_bytes()) == 2 * len(once)


def test_a_file_never_lies_outside_the_box(tmp_path: Path) -> None:
    EscposPrinter("file:../../slips.bin", tmp_path).print_rows(ROWS)
    assert (tmp_path / "slips.bin").exists()


def test_a_network_printer_gets_the_slip_and_the_drawer_kick() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        got = bytearray()

        def take() -> None:
            for _ in range(2):
                line, _ = server.accept()
                with line:
                    while data := line.recv(4096):
                        got.extend(data)

        reader = threading.Thread(target=take)
        reader.start()
        printer = EscposPrinter(f"tcp:127.0.0.1:{server.getsockname()[1]}", Path())
        printer.kick()
        printer.print_rows(ROWS)
        reader.join(timeout=5)
    assert got.startswith(b"\x1bp")
    assert b"1,39 B" in got


def test_a_printer_that_is_not_there_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(PrinterRefused):
        EscposPrinter(f"tcp:127.0.0.1:{port}", Path()).print_rows(ROWS)


def test_a_till_without_a_printer_has_none(tmp_path: Path) -> None:
    assert printer_of(None, tmp_path) is None
    with pytest.raises(PrinterRefused):
        printer_of("usb:1", tmp_path)
