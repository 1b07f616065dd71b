"""ZVT in bytes: application units, packed digits, fields, containers. No line, no clock.

Source: ECR-Interface ZVT-Protocol PA00P015, revision 13.09 (VdTH, terminalhersteller.de), chapters
1 (units), 2 (commands), 9 (TLV), 12 (fields); cross-read with Portalum.Zvt, Europa-Park/zvtlib and
Wireshark's packet-zvt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

TEXT: Final = "cp437"
"""The character set of texts where none was agreed on. Source: PA00P015, chapter 14."""

LONGEST: Final = 0xFFFF

Code = tuple[int, int]

ACK: Final[Code] = (0x80, 0x00)
STATUS: Final[Code] = (0x04, 0x0F)
STEP: Final[Code] = (0x04, 0xFF)
ENQUIRY: Final[Code] = (0x05, 0x01)
REGISTER: Final[Code] = (0x06, 0x00)
AUTHORISE: Final[Code] = (0x06, 0x01)
COMPLETION: Final[Code] = (0x06, 0x0F)
ABORT: Final[Code] = (0x06, 0x1E)
REPEAT: Final[Code] = (0x06, 0x20)
REVERSE: Final[Code] = (0x06, 0x30)
REFUND: Final[Code] = (0x06, 0x31)
END_OF_DAY: Final[Code] = (0x06, 0x50)
DIAGNOSIS: Final[Code] = (0x06, 0x70)
STOP: Final[Code] = (0x06, 0xB0)
PRINT_LINE: Final[Code] = (0x06, 0xD1)
PRINT_BLOCK: Final[Code] = (0x06, 0xD3)

AMOUNT: Final = 0x04
CONTAINER: Final = 0x06
TRACE: Final = 0x0B
TIME: Final = 0x0C
DATE: Final = 0x0D
SERVICE: Final = 0x03
PAN: Final = 0x22
RESULT: Final = 0x27
TERMINAL: Final = 0x29
ORIGINAL: Final = 0x37
AUTHORISATION: Final = 0x3B
REMARK: Final = 0x3C
CURRENCY: Final = 0x49
TOTALS: Final = 0x60
RECEIPT: Final = 0x87
CARD_TYPE: Final = 0x8A
CARD_NAME: Final = 0x8B

_LL: Final = -2
_LLL: Final = -3
_TLV: Final = -1
_LENGTHS: Final[Mapping[int, int]] = {
    0x01: 1, 0x02: 1, 0x03: 1, 0x04: 6, 0x05: 1, 0x06: _TLV, 0x0B: 3, 0x0C: 3, 0x0D: 2, 0x0E: 2,
    0x17: 2, 0x19: 1, 0x22: _LL, 0x23: _LL, 0x24: _LLL, 0x27: 1, 0x29: 4, 0x2A: 15, 0x2D: _LL,
    0x2E: _LLL, 0x37: 3, 0x3A: 2, 0x3B: 8, 0x3C: _LLL, 0x3D: 3, 0x49: 2, 0x60: _LLL, 0x87: 2,
    0x88: 3, 0x8A: 1, 0x8B: _LL, 0x8C: 1, 0x92: _LLL, 0x9A: _LLL, 0xA0: 1, 0xA7: _LL, 0xAA: 3,
    0xAF: _LLL, 0xBA: 5, 0xD0: 1, 0xD1: _LL, 0xD2: 1, 0xD3: 1, 0xE0: 1, 0xE1: _LL, 0xE2: _LL,
    0xE3: _LL, 0xE4: _LL, 0xE5: _LL, 0xE6: _LL, 0xE7: _LL, 0xE8: _LL, 0xE9: 1, 0xEA: 1, 0xEB: 8,
    0xF0: 1, 0xF1: _LL, 0xF2: _LL, 0xF3: _LL, 0xF4: _LL, 0xF5: _LL, 0xF6: _LL, 0xF7: _LL,
    0xF8: _LL, 0xF9: 1, 0xFA: 1, 0xFB: 1, 0xFC: 1, 0xFD: 1,
}  # fmt: skip
"""How many bytes each field has; source: PA00P015, chapter 12."""


class BytesRefused(Exception):
    """What came in is not ZVT."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One application unit: two code bytes, then data."""

    code: Code
    data: bytes = b""

    def pack(self) -> bytes:
        """The unit as bytes. A length of 255 and more is `FF`, low byte, high byte."""
        size = len(self.data)
        length = bytes([size]) if size < 0xFF else bytes([0xFF, size & 0xFF, size >> 8])
        return bytes(self.code) + length + self.data


def take(buffer: bytes | bytearray) -> tuple[Unit, int] | None:
    """The first whole unit in `buffer` and how many bytes it took; None until it is whole."""
    if len(buffer) < 3:
        return None
    start, size = 3, buffer[2]
    if size == 0xFF:
        if len(buffer) < 5:
            return None
        start, size = 5, buffer[3] | buffer[4] << 8
    if len(buffer) < start + size:
        return None
    return Unit((buffer[0], buffer[1]), bytes(buffer[start : start + size])), start + size


def digits(number: int, size: int) -> bytes:
    """`number` as packed decimal digits in `size` bytes. Raises BytesRefused where it is too long."""
    text = str(number).rjust(size * 2, "0")
    if number < 0 or len(text) > size * 2:
        raise BytesRefused(f"{number} does not fit into {size} bytes")
    return bytes.fromhex(text)


def number(packed: bytes) -> int:
    """What packed decimal digits say. Raises BytesRefused where one is no digit."""
    text = packed.hex()
    if not text.isdecimal():
        raise BytesRefused(f"{text} is not a packed number")
    return int(text)


def var(data: bytes, figures: int) -> bytes:
    """`data` behind its length in `figures` bytes F0…F9 (LLVAR, LLLVAR)."""
    text = str(len(data)).rjust(figures, "0")
    return bytes(0xF0 | int(figure) for figure in text) + data


def fields(data: bytes) -> dict[int, bytes]:
    """The fields one after another in `data`, by number.

    A field that revision 13.09 does not know ends the list: its length cannot be told.
    Raises BytesRefused where one is cut off.
    """
    found: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        key = data[at]
        size = _LENGTHS.get(key)
        if size is None:
            break
        at += 1
        if size == _TLV:
            size, at = _length(data, at)
        elif size < 0:
            size, at = _var_length(data, at, -size), at - size
        if at + size > len(data):
            raise BytesRefused(f"field {key:02x} is cut off")
        found.setdefault(key, data[at : at + size])
        at += size
    return found


def _var_length(data: bytes, at: int, figures: int) -> int:
    if at + figures > len(data):
        raise BytesRefused("a length is cut off")
    text = "".join(f"{byte & 0x0F:x}" for byte in data[at : at + figures])
    if not text.isdecimal():
        raise BytesRefused("a length is no number")
    return int(text)


def _length(data: bytes, at: int) -> tuple[int, int]:
    """A TLV length and where its value begins: up to 7F, `81 xx` or `82 xx xx`."""
    if at >= len(data):
        raise BytesRefused("a container's length is missing")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    more = first & 0x7F
    if more not in {1, 2} or at + 1 + more > len(data):
        raise BytesRefused("a container's length is wrong")
    return int.from_bytes(data[at + 1 : at + 1 + more], "big"), at + 1 + more


def tlv(data: bytes) -> list[tuple[int, bytes]]:
    """Tags and values in a container, in order. Raises BytesRefused where one is cut off."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data):
        tag = data[at]
        at += 1
        while tag & 0x1F == 0x1F or tag > 0xFF:
            if at >= len(data) or tag > 0xFFFF:
                raise BytesRefused("a tag is cut off")
            tag = tag << 8 | data[at]
            at += 1
            if not tag & 0x80:
                break
        size, at = _length(data, at)
        if at + size > len(data):
            raise BytesRefused(f"tag {tag:x} is cut off")
        found.append((tag, data[at : at + size]))
        at += size
    return found


def tagged(tag: int, value: bytes) -> bytes:
    """A tag, its length and its value."""
    size = len(value)
    length = bytes([size]) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big") + length + value


@dataclass(frozen=True, slots=True)
class Status:
    """A transaction's outcome as the terminal tells it (04 0F)."""

    result: int | None
    amount: int | None
    receipt_number: int
    trace: int
    terminal_id: str
    card: str
    masked_pan: str
    authorisation: str
    date: str
    time: str
    remark: str
    reverses: int | None
    """The trace number of the transaction that this one undid."""


def status(data: bytes) -> Status:
    """What a status information says. Raises BytesRefused."""
    found = fields(data)
    return Status(
        result=found[RESULT][0] if RESULT in found else None,
        amount=number(found[AMOUNT]) if AMOUNT in found else None,
        receipt_number=_number_or_0(found.get(RECEIPT)),
        trace=_number_or_0(found.get(TRACE)),
        terminal_id=found.get(TERMINAL, b"").hex(),
        card=text(found.get(CARD_NAME, b"")) or _card(found.get(CARD_TYPE)),
        masked_pan=masked(found.get(PAN, b"").hex()),
        authorisation=text(found.get(AUTHORISATION, b"")),
        date=found.get(DATE, b"").hex(),
        time=found.get(TIME, b"").hex(),
        remark=text(found.get(REMARK, b"")),
        reverses=number(found[ORIGINAL]) if ORIGINAL in found else None,
    )


def _number_or_0(packed: bytes | None) -> int:
    """Terminals fill a number that they do not have with F."""
    return int(packed.hex()) if packed and packed.hex().isdecimal() else 0


CARDS: Final[Mapping[int, str]] = {
    2: "ec", 5: "girocard", 6: "Mastercard", 8: "American Express", 9: "Lastschrift", 10: "Visa",
    11: "Visa Electron", 12: "Diners", 13: "V PAY", 14: "JCB", 46: "Maestro",
}  # fmt: skip
"""Names of the kinds of card a shop sees. Source: PA00P015, list of ZVT card-type ids."""


def _card(kind: bytes | None) -> str:
    return CARDS.get(kind[0], f"{kind[0]}") if kind else ""


def masked(pan: str) -> str:
    """A card's number with all but its last four figures as `*`, in groups of four.

    Terminals mask with `E` and fill with `F`; one that does not mask at all is masked here.
    """
    figures = "".join(c for c in pan.lower().rstrip("f"))
    hidden = "*" * max(0, len(figures) - 4) + "".join(
        c if c.isdecimal() else "*" for c in figures[-4:]
    )
    return " ".join(hidden[n : n + 4] for n in range(0, len(hidden), 4))


def text(raw: bytes) -> str:
    """A text without what pads it, and without anything that could command a printer."""
    return "".join(c if c.isprintable() else " " for c in raw.decode(TEXT)).strip()


@dataclass(frozen=True, slots=True)
class Printed:
    """Rows that the terminal wants printed; `kind` is merchant, customer or report."""

    rows: tuple[str, ...] = ()
    kind: str = "customer"


_KINDS: Final[Mapping[int, str]] = {1: "merchant", 2: "customer", 3: "report"}
_FEEDS: Final = 0x80


def printed(unit: Unit) -> Printed:
    """What a print line (06 D1) or a text block (06 D3) has to be printed. Raises BytesRefused."""
    if unit.code == PRINT_LINE:
        if not unit.data:
            raise BytesRefused("a print line without attribute")
        # An attribute from 81 on is a feed of so many rows. Source: PA00P015, 3.5.
        if unit.data[0] > _FEEDS:
            return Printed(("",) * min(unit.data[0] & 0x7F, 8))
        return Printed((_row(unit.data[1:]),))
    rows: list[str] = []
    kind = "customer"
    for tag, value in tlv(fields(unit.data).get(CONTAINER, b"")):
        if tag == 0x1F07 and value:
            kind = _KINDS.get(value[0], "customer")
        elif tag == 0x25:
            rows += [_row(line) for inner, line in tlv(value) if inner == 0x07]
    return Printed(tuple(rows), kind)


def _row(raw: bytes) -> str:
    return "".join(c if c.isprintable() else " " for c in raw.decode(TEXT)).rstrip()


def step(data: bytes) -> tuple[int, str]:
    """An intermediate status: its code, and the terminal's own text where it sends one."""
    if not data:
        raise BytesRefused("an intermediate status without code")
    rest = data[1:]
    if rest[:1] != bytes([CONTAINER]):
        rest = rest[1:]  # a time-out comes between
    words: list[str] = []
    for tag, value in tlv(fields(rest).get(CONTAINER, b"")):
        if tag == 0x24:
            words += [text(line) for inner, line in tlv(value) if inner == 0x07]
    return data[0], " ".join(word for word in words if word)


def state(data: bytes) -> int:
    """The terminal's state in the completion of a status enquiry; 0 where it says none.

    A software version may stand before it as LLLVAR. Source: PA00P015, 2.55.3.
    """
    if data[:1] and data[0] & 0xF0 == 0xF0 and len(data) >= 3:
        data = data[3 + _var_length(data, 0, 3) :]
    return data[0] if data else 0


@dataclass(frozen=True, slots=True)
class Totals:
    """What a day's end has in its field 60: how many, how much."""

    count: int = 0
    amount: int = 0


def totals(packed: bytes) -> Totals:
    """All card kinds together. Source: PA00P015, 2.16: receipt from, to, then 7 × (count, amount)."""
    groups: Sequence[bytes] = [packed[n : n + 7] for n in range(4, len(packed) - 6, 7)]
    return Totals(sum(g[0] for g in groups), sum(number(g[1:]) for g in groups))


@dataclass
class Reader:
    """Collects what comes over a line until units are whole."""

    _held: bytearray = field(default_factory=bytearray)

    def put(self, data: bytes) -> None:
        """More bytes came."""
        self._held += data

    def get(self) -> Unit | None:
        """The next whole unit, or None."""
        found = take(self._held)
        if found is None:
            return None
        del self._held[: found[1]]
        return found[0]
