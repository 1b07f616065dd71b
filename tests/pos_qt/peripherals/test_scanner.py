"""Serial scanners on a pseudo-terminal, and any bytes at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from pos_qt.peripherals.scale_pretend import PretendLine
from pos_qt.peripherals.scanner import Codes, PretendScanner, Scan, SerialScanner
from pos_qt.peripherals.serialline import SerialSetting

MILK = "4012345678901"


class Mute:
    """A scanner is told nothing."""

    def hear(self, data: bytes) -> bytes:
        """It does not answer."""
        return b""


@pytest.fixture
def line() -> Iterator[PretendLine]:
    """The far end of the scanner's line."""
    with PretendLine(Mute()) as made:
        yield made


@pytest.fixture
def scanner(qtbot: QtBot, line: PretendLine) -> Iterator[SerialScanner]:
    """A scanner that is open."""
    made = SerialScanner(SerialSetting.parse(line.path, 9600, "8N1"))
    qtbot.waitUntil(lambda: made.is_there)
    yield made
    made.close()


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\t", b""])
def test_a_scan_reaches_the_screen(
    qtbot: QtBot, line: PretendLine, scanner: SerialScanner, end: bytes
) -> None:
    with qtbot.waitSignal(scanner.scanned, timeout=2000) as heard:
        line.say(b"]E0" + MILK.encode() + end)
    assert heard.args == [MILK]


def test_two_scans_in_one_burst_are_two(
    qtbot: QtBot, line: PretendLine, scanner: SerialScanner
) -> None:
    codes: list[str] = []
    scanner.scanned.connect(codes.append)
    line.piece = 3
    line.say(f"{MILK}\r\n40123455\r\n".encode())
    qtbot.waitUntil(lambda: codes == [MILK, "40123455"])


def test_a_scanner_that_is_pulled_out_is_missed_and_crashes_nothing(
    qtbot: QtBot, line: PretendLine, scanner: SerialScanner
) -> None:
    line.unplug()
    qtbot.waitUntil(lambda: not scanner.is_there)


def test_a_scanner_that_is_not_there_can_be_closed(qtbot: QtBot) -> None:
    made = SerialScanner(SerialSetting.parse("/dev/nowhere", 9600, "8N1"))
    assert not made.is_there
    made.close()


def test_a_pretend_scanner_reads_what_it_is_shown(qtbot: QtBot) -> None:
    made = PretendScanner()
    with qtbot.waitSignal(made.scanned) as heard:
        made.scan(MILK)
    assert heard.args == [MILK]
    made.close()


@pytest.mark.parametrize(
    ("sent", "scan"),
    [
        (b"\x02]E04012345678901\x03", Scan(MILK, "E0")),
        (b"4012345678901\r", Scan(MILK)),
        (b"]C1\x1d0104012345678901310300034210AB\x1d21X\r",
         Scan("0104012345678901310300034210AB\x1d21X", "C1")),
        (b"]Q1Gr\xc3\xbc\xc3\x9fe\n", Scan("Grüße", "Q1")),
        (b"]A0Gr\xfc\xdfe\n", Scan("Grüße", "A0")),
        (b"]A0A\x1bB\x07\r", Scan("AB", "A0")),
    ],
)  # fmt: skip
def test_what_scanners_put_around_a_code_goes(sent: bytes, scan: Scan) -> None:
    assert list(Codes().put(sent)) == [scan]


def test_own_prefix_and_suffix_go_too() -> None:
    assert list(Codes("~S", "#").put(b"~S]E04012345678901#\r")) == [Scan(MILK, "E0")]


def test_noise_ends_in_nothing() -> None:
    codes = Codes()
    assert list(codes.put(b"\xff")) == []
    assert list(codes.silence()) == []
    assert list(codes.put(b"x" * 5000)) == []
    assert list(codes.put(b"4012345678901\r")) == [Scan(MILK)]


@given(st.lists(st.binary(max_size=30), max_size=8))
def test_any_bytes_make_printable_codes_or_none(pieces: list[bytes]) -> None:
    codes = Codes()
    found = [scan for piece in pieces for scan in codes.put(piece)] + list(codes.silence())
    assert all(scan.code and scan.code.replace("\x1d", "").isprintable() for scan in found)


@given(
    st.text(st.characters(codec="ascii", categories=["N", "L"]), min_size=1, max_size=40),
    st.integers(1, 9),
)
def test_a_code_survives_any_pieces(code: str, size: int) -> None:
    sent, codes = f"{code}\r\n".encode(), Codes()
    found = [s.code for at in range(0, len(sent), size) for s in codes.put(sent[at : at + size])]
    assert found == [code]
