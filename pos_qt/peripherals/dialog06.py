"""Scales that speak Dialog 06 (Mettler Toledo, Ohaus, Bizerba, Dibal …), with price and tare.

The till sends price, tare and name; the scale weighs, reckons and answers with what is to be paid.
Now and then it asks the till for checksums that only a till with its maker's polynomial can give.
Source: OHAUS Aviator 7000/5000 service manual V13, 6.1.3; Mettler Toledo DIVA service manual,
pp. 53–56; Cely PI100, 7.5. The polynomial is not published: the maker gives it with a contract.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pos_qt.peripherals.scale import NotThere, NoWeight, ScaleRefused, Stable, Weight, grams
from pos_qt.peripherals.serialline import SerialLine, SerialLost, SerialSetting
from schemas.money import FINENESS, Currency, Money, UnitPrice, exponent
from schemas.quantity import Quantity

BAUD: Final = 9600
FRAME: Final = "7O1"

STX, ETX, EOT, ENQ, ACK, NAK, ESC = b"\x02", b"\x03", b"\x04", b"\x05", b"\x06", b"\x15", b"\x1b"

_WAIT_S: Final = 0.5
_STANDSTILL_S: Final = 1.0
_TRIES: Final = 3
_PRICE: Final = 6
_NAME: Final = 13
_KILOGRAMS: Final = b"3"
_RECORD: Final = re.compile(rb"\x02([0-9]{2})((?:\x1b[0-9A-Fa-f]*)*)\x03")


class AnswerRefused(Exception):
    """What came in is not Dialog 06."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record by its number, with its fields."""

    number: str
    fields: tuple[str, ...] = ()

    def pack(self) -> bytes:
        """The record as the till sends it: every one of its own begins with EOT."""
        body = b"".join(ESC + field.encode("ascii") for field in self.fields)
        return EOT + STX + self.number.encode("ascii") + body + ETX


def read(answer: bytes) -> Record:
    """The record in what a scale said. Raises AnswerRefused."""
    found = _RECORD.fullmatch(answer)
    if found is None:
        raise AnswerRefused("no answer in Dialog 06" if answer else "no answer")
    return Record(found[1].decode(), tuple(f.decode() for f in found[2].split(ESC)[1:]))


def weighed(record: Record, currency: Currency) -> Stable:
    """What record 02 says: kind of scale, weight, price, what is to be paid. Raises AnswerRefused."""
    kind, weight, *_, to_pay = record.fields if len(record.fields) == 4 else ("", "", "")
    if kind.encode() != _KILOGRAMS or len(weight) != 5 or not (weight + to_pay).isdecimal():
        raise AnswerRefused("no weight in kilograms")
    return Stable(Quantity(int(weight), "kg"), Money(int(to_pay or 0), currency))


_WHY: Final[Mapping[str, Weight]] = {
    "20": NoWeight("moving"), "21": NoWeight("unmoved"), "22": NoWeight("moving"),
    "30": NoWeight("empty"), "31": NoWeight("negative"), "32": NoWeight("overload"),
}  # fmt: skip
"""Source: record 09, status 00 to 32."""
_ASKED_WRONGLY: Final[Mapping[str, str]] = {
    "11": "the scale needs a price, and one that it can show",
    "12": "the scale does not take this tare",
    "13": "the scale cannot show this name",
}


def correction(checksum: int, polynomial: int) -> int:
    """The correction value of a checksum: the rest of its division by the maker's polynomial."""
    rest = checksum << 16
    polynomial <<= 17 - polynomial.bit_length()
    for bit in range(31, 15, -1):
        if rest >> bit & 1:
            rest ^= polynomial << bit - 16
    return rest


def turned(value: int, left: int) -> int:
    """Sixteen bits turned to the left."""
    left %= 16
    return (value << left | value >> 16 - left) & 0xFFFF


def checksums(checksum: int, polynomial: int, number: str) -> str:
    """What record 10 answers to the random `number` of record 11: checksum and correction.

    The number's first figure turns the checksum left, its second the correction right.
    """
    first, second = int(number[0], 16), int(number[1], 16)
    hidden = turned(correction(checksum, polynomial), 16 - second)
    return f"{turned(checksum, first):04X}{hidden:04X}"


class Dialog06Scale:
    """A scale on a serial line."""

    def __init__(
        self, setting: SerialSetting, *, polynomial: int | None = None, currency: str = "EUR"
    ) -> None:
        """Raises ScaleRefused where the polynomial has not 17 bits or fewer.

        polynomial  the maker's, where the scale asks for checksums
        """
        if polynomial is not None and not 1 < polynomial < 1 << 17:
            raise ScaleRefused("a Dialog 06 polynomial has up to 17 bits")
        self._line = SerialLine(setting)
        self._polynomial = polynomial
        self._currency = Currency(currency)
        self._tare = 0
        self._one = threading.Lock()

    def weight(self, price: UnitPrice | None = None, name: str = "") -> Weight:
        """What lies on it and what it costs."""
        question = self._question(price, name)
        with self._one:
            try:
                for _ in range(_TRIES):
                    found = self._weigh(question, reckoned=price is not None)
                    if found is not None:
                        return found
            except (SerialLost, AnswerRefused) as lost:
                return NotThere(str(lost))
        return NotThere("the scale asks for checksums again and again")

    def tare(self, tare: Quantity | None = None) -> None:
        """Have a known tare counted off from now on; what lies on it is tared by its own key."""
        if tare is None:
            raise ScaleRefused("this scale tares what lies on it by its own key only")
        self._tare = grams(tare)

    def close(self) -> None:
        """Let the line go."""
        self._line.close()

    def _question(self, price: UnitPrice | None, name: str) -> Record:
        minor, rest = 0, 0
        if price is not None:
            if price.currency != self._currency:
                raise ScaleRefused(f"this scale reckons in {self._currency}")
            minor, rest = divmod(price.fine * 10 ** exponent(price.currency), FINENESS)
        if rest or not 0 <= minor < 10**_PRICE:
            raise ScaleRefused("the scale cannot show this price")
        shown = "".join(c if " " <= c <= "~" else "?" for c in name)[:_NAME].ljust(_NAME)
        figures = f"{minor:0{_PRICE}d}"
        tare = (f"{self._tare:04d}",) if self._tare else ()
        if name:
            return Record("05" if tare else "04", (figures, *tare, shown))
        return Record("03", (figures, *tare)) if tare else Record("01", (figures, ""))

    def _weigh(self, question: Record, *, reckoned: bool) -> Weight | None:
        """One weighing; None where the scale wanted checksums first and it must be asked again."""
        self._line.forget()
        self._line.write(question.pack())
        answer = self._hear()
        if answer == NAK:
            return self._why()
        if answer != ACK:
            return self._vouch(read(answer))
        until = time.monotonic() + _STANDSTILL_S
        while True:
            self._line.write(EOT + ENQ)
            answer = self._hear()
            if answer != NAK:
                break
            why = self._why()
            if why != NoWeight("moving") or time.monotonic() > until:
                return why
            time.sleep(0.05)
        record = read(answer)
        if record.number == "11":
            return self._vouch(record)
        if record.number != "02":
            raise AnswerRefused("the scale answers out of turn")
        found = weighed(record, self._currency)
        return found if reckoned else Stable(found.quantity)

    def _why(self) -> Weight:
        self._line.write(Record("08").pack())
        record = read(self._hear())
        status = record.fields[0] if record.number == "09" and record.fields else ""
        if status in _ASKED_WRONGLY:
            raise ScaleRefused(_ASKED_WRONGLY[status])
        return _WHY.get(status, NotThere(f"the scale reports fault {status}"))

    def _vouch(self, record: Record) -> Weight | None:
        """Give the checksums that record 11 asks for."""
        wanted = record.fields[0] if record.number == "11" and record.fields else ""
        if len(wanted) != 3 or wanted[0] != "2":
            raise AnswerRefused("the scale answers out of turn")
        if self._polynomial is None:
            return NotThere("the scale asks for checksums; its maker's polynomial is not set")
        given = checksums(secrets.randbelow(1 << 16), self._polynomial, wanted[1:])
        self._line.write(Record("10", (given,)).pack())
        if self._hear() != ACK:
            raise AnswerRefused("the scale does not take the checksums")
        self._line.write(EOT + ENQ)
        if read(self._hear()) != Record("11", ("1",)):
            return NotThere("the scale finds the checksums wrong: is it the right polynomial?")
        return None

    def _hear(self) -> bytes:
        """The scale's answer. Each must be answered with EOT, before anything else."""
        answer = self._line.read_to((ETX, ACK, NAK), _WAIT_S)
        if answer:
            self._line.write(EOT)
        return answer
