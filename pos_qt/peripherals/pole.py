"""Pole displays of two rows by twenty on a serial line, in the ESC/POS customer display commands.

Source: Epson DM-D command set as in the POS-X XP8200 manual, 4.1.2 (`ESC @`, `CLR`, `US MD1`,
`ESC t n`, `US $ x y`, `US C n`); numbers of code tables as of the DM-D110/DM-D30.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from pos_qt.peripherals.display import DisplayRefused, Picture, ShownLine
from pos_qt.peripherals.serialline import SerialLine, SerialLost, SerialSetting

BAUD: Final = 9600
FRAME: Final = "8N1"
COLUMNS: Final = 20

TABLES: Final[Mapping[str, tuple[int, str]]] = {
    "437": (0, "cp437"), "850": (2, "cp850"), "858": (19, "cp858"), "1252": (16, "cp1252"),
}  # fmt: skip
"""Code tables by name: the number that `ESC t` wants, and Python's codec. Only 858 and 1252 have €."""

_BEGIN: Final = b"\x1b@" + b"\x1f\x01" + b"\x1fC\x00"
"""As after switching on; overwrite, do not scroll; no cursor."""
_CLEAR: Final = b"\x0c"
_SPELT: Final[Mapping[str, str]] = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "SS",
    "€": "EUR", "ø": "oe", "Ø": "Oe", "æ": "ae", "Æ": "Ae", "å": "a", "Å": "A", "ł": "l", "Ł": "L",
    "’": "'", "\u2018": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "−": "-", "…": "...",
    "\u00a0": " ", "\u202f": " ", "×": "x", "œ": "oe", "Œ": "Oe", "ð": "d", "þ": "th",
}  # fmt: skip


def spelt(text: str, codec: str) -> bytes:
    """`text` in a code table; what it lacks is spelt in other letters, or `?`."""
    out = bytearray()
    for char in text:
        if not char.isprintable() and char not in _SPELT:
            out += b" "
            continue
        for form in (char, _SPELT.get(char, ""), _bare(char), "?"):
            if form and form.isprintable():
                try:
                    out += form.encode(codec)
                except UnicodeEncodeError:
                    continue
                break
    return bytes(out)


def _bare(char: str) -> str:
    """A letter without its marks: é → e."""
    parts = unicodedata.normalize("NFKD", char)
    return "".join(c for c in parts if not unicodedata.combining(c) and c.isascii())


def row(left: str, right: str, codec: str) -> bytes:
    """One row of twenty: the amount on the right stays whole, the name on the left gives way."""
    last = spelt(right, codec)[-COLUMNS:]
    first = spelt(left, codec)[: max(0, COLUMNS - len(last) - 1) if last else COLUMNS]
    return first + b" " * (COLUMNS - len(first) - len(last)) + last


def rows(picture: Picture, codec: str) -> tuple[bytes, bytes]:
    """The two rows that show a picture."""
    if picture.moment == "change":
        return (
            row(picture.given_label, picture.given, codec),
            row(picture.change_label, picture.change, codec),
        )
    if picture.moment == "pay":
        return (
            row(picture.total_label, picture.total, codec),
            row(picture.given_label or picture.text, picture.given, codec),
        )
    if picture.moment == "sale" and picture.lines:
        newest = picture.lines[-1]
        return (
            row(_named(newest), newest.amount, codec),
            row(picture.total_label, picture.total, codec),
        )
    first, _, second = picture.text.partition("\n")
    return _centred(first, codec), _centred(second, codec)


def _named(line: ShownLine) -> str:
    return f"{line.quantity} {line.name}".strip() if line.quantity else line.name


def _centred(text: str, codec: str) -> bytes:
    return spelt(text, codec)[:COLUMNS].center(COLUMNS)


class PoleDisplay:
    """A pole on a serial line. What is shown already is not sent again."""

    def __init__(self, setting: SerialSetting, table: str = "858") -> None:
        """Raises DisplayRefused where the table is not one that poles have."""
        if table not in TABLES:
            raise DisplayRefused(f"“{table}” is no code table; known are {', '.join(TABLES)}")
        self._number, self._codec = TABLES[table]
        self._line = SerialLine(setting)
        self._shown: tuple[bytes, bytes] | None = None

    def show(self, picture: Picture) -> None:
        """Show it."""
        wanted = rows(picture, self._codec)
        if wanted == self._shown:
            return
        data = b""
        if self._shown is None:
            data = _BEGIN + b"\x1bt" + bytes([self._number]) + _CLEAR
        for number, text in enumerate(wanted, start=1):
            if self._shown is None or text != self._shown[number - 1]:
                data += b"\x1f$\x01" + bytes([number]) + text
        try:
            self._line.write(data)
        except SerialLost as lost:
            self._shown = None  # when it is back, it must be set up anew
            raise DisplayRefused(str(lost)) from lost
        self._shown = wanted

    def close(self) -> None:
        """Clear it."""
        try:
            if self._shown is not None:
                self._line.write(_CLEAR)
        except SerialLost:
            pass
        finally:
            self._line.close()


class PretendPole:
    """The far end of a pole's line: takes the commands, and has what stands in its two rows."""

    def __init__(self) -> None:
        self.rows = [bytearray(b" " * COLUMNS), bytearray(b" " * COLUMNS)]
        self.table = 0
        self.unknown = 0
        self._at = (0, 0)
        self._held = b""

    def text(self) -> list[str]:
        """What a customer reads."""
        codec = next(codec for number, codec in TABLES.values() if number == self.table)
        return [row.decode(codec) for row in self.rows]

    def hear(self, data: bytes) -> bytes:
        """Do what came; a pole never answers."""
        self._held += data
        while self._held:
            used = self._one(self._held)
            if not used:
                break
            self._held = self._held[used:]
        return b""

    def _one(self, data: bytes) -> int:
        """Do the first command; how many bytes it took, 0 where it is not whole yet."""
        lengths = {b"\x1b@": 2, b"\x1bt": 3, b"\x1f\x01": 2, b"\x1fC": 3, b"\x1f$": 4}
        if data[0] == _CLEAR[0]:
            self._clear()
            return 1
        if data[0] not in {0x1B, 0x1F}:
            line, column = self._at
            self.rows[line][column] = data[0]
            self._at = (line, column + 1) if column + 1 < COLUMNS else (1 - line, 0)
            return 1
        size = lengths.get(data[:2], 2)
        if len(data) < max(2, size):
            return 0
        if data[:2] == b"\x1b@":
            self._clear()
            self.table = 0
        elif data[:2] == b"\x1bt":
            self.table = data[2]
        elif data[:2] == b"\x1f$":
            self._at = (data[3] - 1, data[2] - 1)
        self.unknown += data[:2] not in lengths
        return size

    def _clear(self) -> None:
        self.rows = [bytearray(b" " * COLUMNS), bytearray(b" " * COLUMNS)]
        self._at = (0, 0)
